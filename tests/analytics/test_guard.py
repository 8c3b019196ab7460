"""The gate through which figures about customers leave, and an attacker who sets off all that came through it."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analytics import guard
from analytics.guard import Figure, Published, Raw, network, rule

ROOT = Path(__file__).parent.parent.parent


def raw_line(*rows: list[int]) -> Raw:
    """Each row: what each of its people paid in yen. Nobody is in two rows."""
    row = [at for at, paid in enumerate(rows) for _ in paid]
    return Raw(
        [str(at) for at in range(len(rows))], np.array(row, int), np.arange(len(row)), np.array([yen for paid in rows for yen in paid], int)
    )


def test_ten_people_are_told_and_nine_are_not():
    published = guard.publish(raw_line([100] * 25, [100] * 14, [100] * 9, [100] * 9))
    assert dict(published) == {"0": Figure(20, 2_500), "1": Figure(10, 1_400), "2": None, "3": None}
    assert published.total == Figure(50, 5_700)


def test_a_person_who_comes_ten_times_is_one_person():
    published = guard.publish(Raw(["a"], np.zeros(40, int), np.arange(40) % 4, np.full(40, 500)))
    assert published["a"] is None and published.total is None


def test_twelve_people_of_whom_one_pays_nine_tenths_are_not_told():
    published = guard.publish(raw_line([100_000] + [500] * 11))
    assert published["0"] is None


def test_the_second_largest_cannot_take_off_what_they_paid_themselves():
    """One pays 80%, the next one nearly all the rest: that one would know the first one's sum within a few per cent."""
    published = guard.publish(raw_line([80_000, 19_000] + [100] * 10))
    assert published["0"] is None


def test_what_was_given_back_whole_was_no_visit():
    published = guard.publish(Raw(["a"], np.zeros(11, int), np.arange(11), np.array([0, 0] + [500] * 9)))
    assert published["a"] is None


def test_one_withheld_row_takes_another_with_it():
    """Else the total less all the others would be what is withheld; the smallest that leaves enough room goes."""
    published = guard.publish(raw_line([300] * 40, [200] * 30, [100] * 12, [100] * 5))
    assert [label for label, _ in published.told()] == ["0", "1"]


def test_two_withheld_rows_cover_each_other_and_where_there_is_nothing_else_the_total_is_withheld():
    published = guard.publish(raw_line([300] * 5, [200] * 8))
    assert not published.told() and published.total == Figure(10, 3_100)
    published = guard.publish(raw_line([300] * 5, [20] * 12))
    assert published["0"] is None and published.total is None, "240 yen do not cover 1,500"


def test_nobody_looks_like_nine_people():
    """A row of nobody is withheld with the same mark, and costs no other row its figure: there is nobody in it."""
    published = guard.publish(raw_line([300] * 40, []))
    assert dict(published) == {"0": Figure(40, 12_000), "1": None} and published.total == Figure(40, 12_000)


def test_an_empty_district_answers_like_one_of_nine_people():
    empty, nine = guard.publish(raw_line([])), guard.publish(raw_line([100] * 9))
    assert dict(empty) == dict(nine) == {"0": None} and empty.total is None and nine.total is None
    assert guard.publish(Raw([], np.zeros(0, int), np.zeros(0, int), np.zeros(0, int))).total is None


def test_a_table_of_people_alone_knows_no_yen_and_nobody_who_dominates():
    published = guard.publish(Raw(["a", "b"], np.array([0] * 19 + [1] * 3), np.arange(22)))
    assert dict(published) == {"a": Figure(10, None), "b": None} and published.total == Figure(20, None)


@st.composite
def towns(draw) -> tuple[Raw, np.ndarray, np.ndarray]:
    """A table of shops × hours with people who come to one or several cells, some of whom pay nearly all of theirs; and its cells."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 10**9)))
    often = st.sampled_from([(0.1, 0.2, 0.1, 0.2, 0.2, 0.2), (0, 0, 0.1, 0.2, 0.2, 0.5), (0.4, 0.2, 0.2, 0.1, 0.05, 0.05)])
    crowd = random.choice([0, 2, 6, 11, 14, 30], (height, width), p=draw(often))
    cell = np.repeat(np.arange(height * width), crowd.ravel())
    person = np.where(
        random.random(len(cell)) < draw(st.sampled_from([0, 0.5])), random.integers(0, 12, len(cell)), np.arange(len(cell)) + 12
    )
    yen = np.where(random.random(len(cell)) < 0.03, 50_000, 1) * random.integers(1, 40, len(cell)) * 50
    raw = Raw(range(height), cell // width, person, yen, cols=range(width), col=cell % width)
    sums = np.zeros(height * width, int)
    np.add.at(sums, cell, yen)
    small = np.array([is_small(cell == at, person, yen) for at in range(height * width)])
    return raw, sums.reshape(height, width), small.reshape(height, width)


def is_small(here: np.ndarray, person: np.ndarray, yen: np.ndarray) -> bool:
    """The rule, said once more and slowly: some people are here, but fewer than ten, or one of them makes it."""
    spent: dict[int, int] = {}
    for who, paid in zip(person[here], yen[here], strict=True):
        spent[who] = spent.get(who, 0) + int(paid)
    ranked = sorted(spent.values(), reverse=True)
    if not ranked:
        return False
    return len(ranked) < 10 or ranked[0] >= 0.9 * sum(ranked) or sum(ranked[2:]) < 0.1 * ranked[0]


class Attacker:
    """Knows every figure that was told, that no sum is negative, and linear programming."""

    def __init__(self, grid: guard.Grid, height: int, width: int, columns: np.ndarray | None = None) -> None:
        """`columns`: which of the `width` finest cells of a row each column of the grid holds; its own one if not said."""
        columns = np.eye(width, dtype=int) if columns is None else columns
        shops, everywhere = np.eye(height, dtype=int)[:, :, None], np.ones((height, 1), int)
        self.known: list[tuple[np.ndarray, int]] = []
        for row, (col, cells) in itertools.product(range(height), enumerate(columns)):
            self.learns(grid.row(row)[col], shops[row] * cells)
        for row in range(height):
            self.learns(grid.by_row[row], shops[row] * np.ones(width, int))
        for col, cells in enumerate(columns):
            self.learns(grid.by_col[col], everywhere * cells)
        self.learns(grid.total, np.ones((height, width), int))

    def learns(self, figure: Figure | None, cells: np.ndarray) -> None:
        if figure is not None:
            self.known.append((cells.ravel(), figure.yen))

    def bounds(self, wanted: np.ndarray) -> tuple[float, float]:
        """The least and the most that the cells `wanted` can hold together."""
        if not self.known:
            return 0.0, np.inf
        left, right = np.array([cells for cells, _ in self.known]), np.array([yen for _, yen in self.known])
        ends = []
        for sign in (1, -1):
            found = linprog(sign * wanted.ravel().astype(float), A_eq=left, b_eq=right, bounds=(0, None), method="highs")
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return ends[0], ends[1]


@settings(max_examples=40, deadline=None)
@given(towns())
def test_an_attacker_with_all_tables_bounds_no_withheld_cell_closely(town):
    """District, every shop, every hour, all totals, set off against each other: what nine people or one of them paid stays open."""
    raw, yen, small = town
    height, width = yen.shape
    attacker = Attacker(guard.publish_grid(raw), height, width)
    asked = [cell for cell in np.eye(height * width, dtype=int).reshape(-1, height, width) if small[cell > 0].any()]
    for cell in asked:
        truth = int(yen[cell > 0].sum())
        least, most = attacker.bounds(cell)
        assert least <= 0.8 * truth + 1 and most >= 1.2 * truth - 1, (truth, least, most)


@settings(max_examples=25, deadline=None)
@given(towns())
def test_nor_what_the_withheld_cells_of_a_line_hold_together_if_they_are_few_people(town):
    """An empty cell among them counts with them: it has the same mark, so nobody knows that it is empty."""
    raw, yen, small = town
    height, width = yen.shape
    read = guard.tables.open_raw(raw)
    attacker = Attacker(guard.publish_grid(raw), height, width)
    lines = [np.arange(height)[:, None] == at for at in range(height)] + [np.arange(width)[None, :] == at for at in range(width)]
    for line in lines:
        cells = (small | (yen == 0)) & line
        if is_small(cells[read.row, read.col], read.person, read.yen):
            truth = int(yen[cells].sum())
            least, most = attacker.bounds(cells.astype(int))
            assert least <= 0.8 * truth + 1 and most >= 1.2 * truth - 1, (truth, least, most)


@settings(max_examples=30, deadline=None)
@given(towns())
def test_finer_hours_of_the_district_give_away_neither_themselves_nor_a_shop(town):
    """Shops × halves of the day guarded whole, then the district's hours within these halves, all of it set off against each other."""
    raw, yen, _ = town
    height, width = yen.shape
    read = guard.tables.open_raw(raw)
    halves = np.arange(width) * 2 // width
    half_of = np.eye(2, dtype=int)[halves].T
    grid = guard.publish_grid(Raw(range(height), read.row, read.person, read.yen, cols=range(2), col=halves[read.col]))
    hours = guard.publish_within(Raw(range(width), read.col, read.person, read.yen), halves.tolist(), grid.by_col)
    assert all(grid.by_col[halves[at]] is not None for at, _ in hours.told()), "the parts of what is withheld are withheld"
    attacker = Attacker(grid, height, width, half_of)
    for at in range(width):
        attacker.learns(hours[at], np.ones((height, 1)) * np.eye(width)[at])
    asked = [np.ones((height, 1), int) * np.eye(width, dtype=int)[at] for at in range(width)]
    asked += [np.eye(height, dtype=int)[shop][:, None] * half for shop in range(height) for half in half_of]
    for cells in asked:
        if is_small(cells[read.row, read.col] > 0, read.person, read.yen):
            truth = int(yen[cells > 0].sum())
            least, most = attacker.bounds(cells)
            assert most - least >= 0.4 * truth - 2, (truth, least, most)  # a part is at most the whole, whatever is withheld


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_full_tens_leave_each_withheld_number_of_people_open(crowds):
    """Classes of people that add up: total less the others leaves a withheld one at least nine wide."""
    row = np.repeat(np.arange(len(crowds)), crowds)
    published = guard.publish(Raw(range(len(crowds)), row, np.arange(len(row))))
    if published.total is None:
        return
    told = [figure.persons for _, figure in published.told()]
    most = published.total.persons + 9 - sum(told)
    least = max(0, published.total.persons - sum(persons + 9 for persons in told))
    assert most - least >= 9 or len(told) == len(crowds)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 12))
def test_a_running_day_moves_only_by_what_may_be_told(seed, hours):
    """Who reloads the page each hour and takes off what stood there before learns nothing about fewer than ten people."""
    random = np.random.default_rng(seed)
    step = np.sort(random.integers(0, hours, random.integers(0, 90)))
    person, yen = random.integers(0, 60, len(step)), np.ones(len(step), int)
    shown = [guard.publish_steps(Raw(range(now), step[step < now], person[step < now])) for now in range(1, hours + 1)]
    for earlier, later in itertools.pairwise(shown):
        assert [later[label] for label in earlier.labels] == [figure for _, figure in earlier]
    moved = [-1] + [now for now in range(hours) if shown[-1][now] != (shown[-1][now - 1] if now else None)]
    for since, until in itertools.pairwise(moved):
        between = (step > since) & (step <= until)
        assert not is_small(between, person, yen) and between.any()


def test_what_is_usual_needs_five_shops_of_which_none_makes_half():
    five = [[100 * at] * 10 for at in range(1, 6)]
    assert guard.publish_median(raw_line(*five))["median"] == Figure(10, 3_000)
    assert guard.publish_median(raw_line(*five[:4]))["median"] is None
    assert guard.publish_median(raw_line(*five, [100_000] * 9))["median"] == Figure(10, 3_000)
    assert guard.publish_median(raw_line(*five, [2_000] * 10))["median"] is None


def told_of(raw: Raw, many: int) -> dict[str, np.ndarray]:
    """The table as it is told where kernels are asked from so many contributions and arcs on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule, "MANY", many)
        patch.setattr(network, "MANY", many)
        return guard.packed(guard.publish_grid(raw))


@settings(max_examples=60, deadline=None)
@given(towns())
def test_large_tables_are_told_by_kernels_as_small_ones_are_without(town):
    one, other = told_of(town[0], 0), told_of(town[0], 10**9)
    assert all(np.array_equal(one[part], other[part]) for part in one)


def test_kernels_weigh_people_as_sorting_does():
    random = np.random.default_rng(3)
    figure, person, yen = random.integers(0, 1_300, 9_000), random.integers(0, 50, 9_000), random.integers(1, 10**6, 9_000)
    figure, person = np.where(figure > 1_200, 7, figure), np.where(figure > 1_250, 49, person)
    for one, other in zip(rule._by_kernel(figure, person, yen, 1_400), rule._by_sorting(figure, person, yen, 1_400), strict=True):
        assert np.array_equal(one, other) and one.dtype == other.dtype


@pytest.mark.parametrize(("people", "visits"), [(60, 900), (9, 50), (1, 1), (0, 0)])
def test_who_goes_to_both_is_told_as_a_table_of_each_ones_pairs(people, visits):
    random = np.random.default_rng(visits)
    person, shop = random.integers(0, max(people, 1), visits), random.integers(0, 6, visits)
    pairs = [(a, b, who) for who in range(people) for a, b in itertools.product(set(shop[person == who].tolist()), repeat=2) if a <= b]
    row, col, who = np.array(pairs, int).reshape(-1, 3).T
    listed = guard.packed(guard.publish_grid(Raw(range(6), row, who, cols=range(6), col=col)))
    counted = guard.packed(guard.publish_shared(Raw(range(6), shop, person)))
    assert all(np.array_equal(listed[part], counted[part]) for part in listed)


def test_only_the_guard_publishes_and_nothing_published_changes():
    published = guard.publish(raw_line([100] * 10))
    with pytest.raises(TypeError):
        Published(object(), ["a"], [Figure(3, 100)], None)
    with pytest.raises(TypeError):
        published.total = Figure(3, 100)
    assert "100" not in repr(raw_line([100] * 10))


NEAR_PEOPLE = (
    "analytics.snapshot",
    "analytics.kernels",
    *(f"analytics.reports.source.{name}" for name in ("Source", "visits", "Rows")),
    "analytics.reports.daily.days_of_shops",
    "analytics.rules.uplift.uplift",
)
"""Modules and names by which single people's payments are read."""
NEAR_BY_TRADE = {
    "analytics/commands/catchment.py": "hands who told what to reports.catchment, and keeps what the guard gives back",
    "analytics/commands/effects.py": "hands persons to guard.publish_effect and keeps what comes back",
    "analytics/commands/forecasts.py": "a shop's own days, for its owner; of the district what guard.publish_days tells",
    "analytics/commands/open_data.py": "hands columns to open_data.tables",
    "analytics/commands/segments.py": "sorts customers for coupons and announcements, which refuse fewer than ten and list nobody",
    "analytics/commands/watching.py": "findings for those who look after fraud, who see bookings",
    "analytics/open_data/tables.py": "gives everything to the guard, as a report does",
    "analytics/cli.py": "the operator's columns, partials and compiler",
    "analytics/scheduler.py": "how many threads a kernel takes",
    "analytics/summaries.py": "models of rows that somebody hands in, none of the district's",
    "worker/columns.py": "has the columns follow the book, and reads none",
}
"""Files outside `kernels`, `snapshot`, `guard` and `reports` that may, and why."""


def test_nothing_outside_the_guard_reaches_around_it():
    """The seal, a raw table's inside and its opener are named in the guard alone; columns, kernels and rows of people only by reports and
    a few files with a reason: whatever the way in which they are imported."""
    inside, near = {"SEAL", "open_raw", "_Read", "_keep"}, set()
    packages = ("base", "identity", "merchant", "association", "wallet", "analytics", "subsidy", "demo", "web", "worker")
    for path in [ROOT / "wsgi.py", *(path for package in packages for path in sorted((ROOT / package).rglob("*.py")))]:
        place = path.relative_to(ROOT).as_posix()
        if place.startswith("analytics/guard/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if place.startswith("analytics/"):
                named = getattr(node, "attr", "") or getattr(node, "name", "") or getattr(node, "id", "")
                assert named not in inside and not str(named).startswith("_Raw__"), f"{place}: {named}"
            for found in imported(node):
                if found.startswith("analytics.guard."):
                    assert found.removeprefix("analytics.guard.") in guard.__all__, f"{place}: {found}"
                if found.startswith(NEAR_PEOPLE) and place.split("/")[:2][-1] not in ("kernels", "snapshot", "reports"):
                    assert place in NEAR_BY_TRADE, f"{place}: {found}"
                    near.add(place)
    assert near == set(NEAR_BY_TRADE), "a reason without a file"


def imported(node: ast.AST) -> list[str]:
    """The full names that a line brings in: `from analytics import snapshot`, `import analytics.snapshot as s`, `from … import of`."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [f"{node.module}.{each.name}" for each in node.names] if isinstance(node, ast.ImportFrom) else []
