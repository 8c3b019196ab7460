"""An attacker who keeps every report of the district and of every shop, month after month, and sets all of it off against each other.

Each report of `EVERY` is here by name: its yen go into one linear program (`EXACT`), or it counts people alone in full tens (`PEOPLE`), or
it tells two digits of what is nobody's sum (`COARSE`). Open data are the month's table again. Forecasts are two digits of a model, what
coupons brought is attacked in tests/analytics/test_uplift.py, and where customers come from, which is counted once, in test_catchment.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analytics.guard import Figure, Published
from analytics.open_data.tables import tables
from analytics.reports import EVERY, JOINED, REPORTS, Period, path
from analytics.reports.answers import Told
from analytics.reports.source import BEGINNING, DAY_S, SLOTS, TOKYO_S, Asked, Source, before, following
from tests.analytics.test_guard import is_small
from tests.analytics.test_reports import NAMES, NOW, Diary, year
from tests.analytics.test_reports import TRADES as SIX

__all__ = ["year"]

MONTHS = tuple(date(2026, month, 1) for month in (1, 2, 3))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
SHOPS, DAYS, HOURS = 3, 2, 2
TRADES = {0: "飲食", 1: "飲食", 2: "花"}
KINDS, SEGMENTS = 4, 6
"""New or not, to the district and to the shop; segments of a quarter."""
PATTERNS = 2**SHOPS
SHAPE = (len(MONTHS), SHOPS, DAYS, HOURS, KINDS, SEGMENTS, PATTERNS)
"""The finest cells: what the people of one segment who go to the same shops paid in a month, at a shop, on a day, at an hour."""
EXACT = {
    "profile",
    "season",
    "customers",
    "catchment",
    "movers",
    "rfm",
    "wallet",
    "path",
    "trade",
    "footfall",
    "weather",
    "festival",
    "web",
    "survey",
    "door",
}
PEOPLE = {"pulse", "circulation", "routes", "covisits", "cohorts", "staying", "baskets"}
COARSE = {"expected"}


def town(seed: int) -> Diary:
    """Three shops on two days of each month, at noon and at one: at each a crowd of regulars, a handful, or nobody; some come once, some
    pay nearly all, some have it given back. In every third town one month is of few people who buy dear things."""
    random = np.random.default_rng(seed)
    diary = Diary()
    for month, shop, day, hour in product(MONTHS, range(SHOPS), range(DAYS), range(HOURS)):
        crowd = int(random.choice([0, 3, 8, 14, 40], p=[0.1, 0.2, 0.2, 0.2, 0.3])) // (1 if hour == 0 else 2)
        is_quiet = seed % 3 == 0 and month == MONTHS[1]
        crowd = min(crowd, int(hour == 0)) if is_quiet else crowd
        people = np.where(random.random(crowd) < 0.7, random.integers(0, 60, crowd), random.integers(60, 400, crowd))
        for person in people.tolist():
            yen = int(random.integers(2, 40)) * 100 * (40 if is_quiet or random.random() < 0.04 else 1)
            paid = diary.pays(f"{month.replace(day=5 + day)} {12 + hour}:00", person, shop, yen)
            if random.random() < 0.06:
                back = month.replace(day=9) if random.random() < 0.7 else following(month).replace(day=3)
                diary.gives_back(f"{back} 10:00", paid, yen if random.random() < 0.5 else yen // 2)
    for person in range(400):
        diary.moves("2025-12-31 10:00", ("drawer", 0), ("consumer", person), 20_000)
    return diary


class Seen:
    """All that was told, as equations and bounds over the finest cells; and what each of these really holds."""

    def __init__(self, diary: Diary) -> None:
        self.diary, self.source = diary, Source(diary, 1)  # type: ignore[arg-type]
        self.equal: list[tuple[np.ndarray, float]] = []
        self.below: list[tuple[np.ndarray, float]] = []
        self.cell = np.arange(int(np.prod(SHAPE))).reshape(SHAPE)
        self.rows = self.source.rows(QUARTER.since, QUARTER.until)
        self.person, self.yen = self.rows.consumer, self.rows.yen
        self.of_payment = self._cells()
        self.months()
        self.quarter()

    def _cells(self) -> np.ndarray:
        """The finest cell of each payment; segments are read from the guard's own side of the report."""
        segment = self.segments()
        rows = list(zip(*(column.tolist() for column in self.rows), strict=True))
        of_month = [int((np.datetime64(at, "s") + np.timedelta64(9, "h")).astype("datetime64[M]").astype(int) % 12) for at, *_ in rows]
        first: dict[tuple[int, int | None], int] = {}
        visited: dict[int, int] = {}
        for month, (_, person, shop, _) in zip(of_month, rows, strict=True):
            for key in ((person, None), (person, shop)):
                first[key] = min(first.get(key, 99), month)
            visited[person] = visited.get(person, 0) | 1 << shop
        found = []
        for month, (at, person, shop, _) in zip(of_month, rows, strict=True):
            day, hour = self.slots(month).index((at + TOKYO_S) // DAY_S % 7), (at + TOKYO_S) // 3600 % 24 - 12
            kind = 2 * (first[person, None] == month) + (first[person, shop] == month)
            found.append(self.cell[month, shop, day, hour, kind, segment[person], visited[person]])
        return np.array(found)

    def slots(self, month: int) -> list[int]:
        """The days of the week on which the two parts of a month fall, as `at` counts them."""
        return [int(np.datetime64(MONTHS[month].replace(day=5 + slot), "D").astype(int) % 7) for slot in range(DAYS)]

    def segments(self) -> dict[int, int]:
        """Of each person in the quarter, as the report makes them, of the months that are told."""
        from analytics.kernels import rfm as kernel
        from analytics.reports import rfm

        rows = self.source.rows(QUARTER.since, QUARTER.until)
        told = [month for month in MONTHS if self.source.master(month).total is not None]
        keep = np.isin((rows.at + TOKYO_S).astype("datetime64[s]").astype("datetime64[M]"), np.array(told, "datetime64[M]"))
        some = rows.where(keep)
        people = int(rows.consumer.max()) + 1
        scored = kernel.scored(kernel.rfm_part(some.at, some.consumer, some.yen, consumers=people))
        return dict(enumerate(rfm.segments(scored.recency, scored.frequency).tolist()))

    def learns(self, figure: Figure | None, cells: np.ndarray) -> None:
        if figure is not None and figure.yen is not None:
            self.equal.append((cells.ravel(), figure.yen))

    def months(self) -> None:
        """The month's table with its rows, totals, days and hours; new and returning customers of the district and of each shop."""
        for place, month in enumerate(MONTHS):
            grid = self.source.master(month)
            year = self.told("season", None, month, months=12).line(f"{month:%Y%m}")
            assert dict(year) == dict(grid.by_col) and year.total == grid.total, "a year is its months"
            shown = [((day + 3) % 7, 1) for day in self.slots(place)]
            for shop in grid.by_row.labels:
                assert isinstance(shop, int)
                own = self.told("profile", shop, month).line("slots")
                for day, label in enumerate(shown):
                    self.learns(own[label], self.cell[place, shop, day])
                self.learns(own.total, self.cell[place, shop])
                self.learns(self.told("trade", shop, month).line("own")["own"], self.cell[place, shop])
                kinds = self.told("customers", shop, month).line("kinds")
                for which, kind in ((0, [1, 3]), (1, [0, 2])):
                    self.learns(kinds[which], self.cell[place, shop][:, :, kind])
            district = self.told("profile", None, month)
            by_day = self.told("footfall", None, month).line(f"{month:%Y%m}")
            for day, (weekday, band) in enumerate(shown):
                self.learns(district.line("slots")[weekday, band], self.cell[place, :, day])
                self.learns(by_day[month.replace(day=5 + day), band], self.cell[place, :, day])
                for hour in range(HOURS):
                    self.learns(district.line("hours")[weekday, 12 + hour], self.cell[place, :, day, hour])
            self.learns(grid.total, self.cell[place])
            kinds = self.told("customers", None, month).line("kinds")
            for which, kind in ((0, [2, 3]), (1, [0, 1])):
                self.learns(kinds[which], self.cell[place][:, :, :, kind])

        for place in (1, 2):
            changed = self.told("movers", None, MONTHS[place], months=2)
            for shop, figure in changed.line("shops"):
                self.learns(figure, self.cell[place, int(str(shop))])
            self.learns(changed.line("slots_before").total, self.cell[place - 1])

    def quarter(self) -> None:
        """Segments of the months that are told, shares of wallets in steps of 5%, and how often money was spent, to two digits."""
        told = [place for place, month in enumerate(MONTHS) if self.source.master(month).total is not None]
        for segment, figure in self.told("rfm", None).line("segments"):
            self.learns(figure, self.cell[told][:, :, :, :, :, int(str(segment))])
        for trade, figure in self.told("wallet", None).line("shares"):
            if figure is None or figure.percent is None:
                continue
            shops = [shop for shop in range(SHOPS) if TRADES[shop] == trade]
            others = [shop for shop in range(SHOPS) if TRADES[shop] != trade]
            patterns = [pattern for pattern in range(PATTERNS) if any(pattern >> shop & 1 for shop in shops)]
            here, elsewhere = np.zeros(self.cell.size), np.zeros(self.cell.size)
            here[self.cell[:, shops].ravel()] = 1
            elsewhere[self.cell[:, others][..., patterns].ravel()] = 1
            self.below.append((figure.percent * (here + elsewhere) - 100 * here, 0.0))
            self.below.append((100 * here - (figure.percent + 5) * (here + elsewhere), 0.0))
        turns = self.told("path", None).line("turns")["turns"]
        if turns is not None and turns.percent is not None:  # the association's books tell what was in circulation
            asked = Asked(QUARTER.since, QUARTER.until, NOW, None, NAMES, TRADES)
            mean = path._course(self.source.columns(BEGINNING, QUARTER.until), asked).mean
            half = 10 ** max(len(str(turns.percent)) - 2, 0) // 2
            self.below.append((np.ones(self.cell.size), mean * (turns.percent + half + 1) / 100))
            self.below.append((-np.ones(self.cell.size), -mean * (turns.percent - half) / 100))

    def told(self, name: str, shop: int | None, month: date | None = None, *, months: int = 1) -> Told:
        """Of the quarter, or of the months that end with this one."""
        since, until = (QUARTER.since, QUARTER.until) if month is None else (before(month, months - 1), following(month))
        return EVERY[name].gather(self.source, Asked(since, until, NOW, shop, NAMES, TRADES))

    def bounds(self, cells: np.ndarray) -> tuple[float, float]:
        """The least and the most that these cells can hold together, for all that was told."""
        wanted = np.zeros(self.cell.size)
        wanted[cells.ravel()] = 1
        rows = np.repeat(np.arange(len(self.equal)), [len(some) for some, _ in self.equal])
        columns = np.concatenate([some for some, _ in self.equal]) if self.equal else np.zeros(0, int)
        left = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(self.equal), self.cell.size))
        right = [yen for _, yen in self.equal]
        bounded = csr_array(np.array([some for some, _ in self.below])) if self.below else None
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * wanted,
                A_eq=left if self.equal else None,
                b_eq=right or None,
                A_ub=bounded,
                b_ub=[end for _, end in self.below] or None,
                bounds=(0, None),
                method="highs",
            )
            assert found.status in (0, 3), found.message
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return ends[0], ends[1]

    def secrets(self) -> Iterator[tuple[str, np.ndarray]]:
        """What nobody may learn, where few people or one of them stand behind it: any cut of a month or of the quarter."""
        for place in range(len(MONTHS)):
            for shop in range(SHOPS):
                yield f"{place} shop {shop}", self.cell[place, shop]
                yield from ((f"{place} shop {shop} slot {slot}", self.cell[place, shop, slot]) for slot in range(DAYS))
                yield f"{place} new of {shop}", self.cell[place, shop][:, :, [1, 3]]
            yield f"{place}", self.cell[place]
            yield f"{place} new", self.cell[place][:, :, :, [2, 3]]
            yield from (
                (f"{place} hour {hour} of {day}", self.cell[place, :, day, hour]) for day, hour in product(range(DAYS), range(HOURS))
            )
            yield from ((f"{place} segment {segment}", self.cell[place][:, :, :, :, segment]) for segment in range(SEGMENTS))
        yield from ((f"segment {segment}", self.cell[:, :, :, :, :, segment]) for segment in range(SEGMENTS))
        for shops in ([0, 1], [2]):
            patterns = [pattern for pattern in range(PATTERNS) if any(pattern >> shop & 1 for shop in shops)]
            others = [shop for shop in range(SHOPS) if shop not in shops]
            yield f"elsewhere than {shops}", self.cell[:, others][..., patterns]


@pytest.mark.parametrize("seed", range(5))
def test_all_reports_of_three_months_together_bound_nobody_closely(seed: int) -> None:
    """Two filters (district and shop), months, days and hours of them, the quarter and its shares, with what was given back, in one linear
    program: a sum of few stays open by two fifths."""
    seen = Seen(town(seed))
    asked = 0
    for name, cells in seen.secrets():
        here = np.isin(seen.of_payment, cells)
        if is_small(here, seen.person, seen.yen):
            truth = int(seen.yen[here].sum())
            least, most = seen.bounds(cells)
            assert least - 1 <= truth <= most + 1, f"{name}: the equations are wrong"
            assert most - least >= 0.4 * truth - 2, (name, truth, least, most)
            asked += 1
    assert asked, "a town without secrets proves nothing"


def parts(told: Told) -> Iterator[tuple[str, Published]]:
    """Each table that a report was given back, both sides and all cells of a grid among them."""
    for name, part in told._parts.items():
        if isinstance(part, Published):
            yield name, part
        else:
            yield from ((name, part.row(label)) for label in part.by_row.labels)
            yield from ((name, side) for side in (part.by_row, part.by_col))


def test_no_report_is_left_out_of_the_attack_and_those_beside_it_tell_no_sum(year: Diary) -> None:
    """Of people alone there are full tens and no yen, also of the running day; a model's expectation has two digits."""
    assert set(EVERY) == EXACT | PEOPLE | COARSE and set(JOINED) <= EXACT
    for name in PEOPLE | COARSE:
        for shop in [code for code, scope in ((None, "district"), (0, "shop")) if scope in REPORTS[name].scopes]:
            months = REPORTS[name].months
            now = NOW if months else datetime(2026, 4, 10, 11, 10, tzinfo=NOW.tzinfo)
            asked = Asked(before(QUARTER.until, months), QUARTER.until, now, shop, NAMES, SIX)
            for part, line in parts(REPORTS[name].gather(Source(year, 1, sold=year.sold), asked)):  # type: ignore[arg-type]
                for figure in (line.total, *(figure for _, figure in line)):
                    if figure is not None:
                        assert figure.persons % 10 == 0 and figure.persons >= 10, (name, part)
                        digits = str(figure.yen).rstrip("0") if figure.yen is not None else ""
                        assert len(digits) <= (2 if name in COARSE else 0), (name, part, figure)


def test_open_data_are_the_months_own_table(year: Diary) -> None:
    """No second table of yen exists that could be set off against it."""
    source = Source(year, 1)  # type: ignore[arg-type]
    for month in MONTHS:
        grid = source.master(month)
        found = {each.name: each for each in tables(source, Asked(month, following(month), NOW, None, NAMES, SIX))}
        assert found["month"].rows[0][2] in (None, grid.total and grid.total.yen)
        for label, row in zip(SLOTS, found["weekday"].rows, strict=True):
            figure = grid.by_col[label]
            assert row[3] is None or (figure is not None and row[3] == figure.yen)
        assert not any(column.unit == "円" for name in ("day", "trade") for column in found[name].columns)


def test_whoever_asks_again_later_is_told_the_same(year: Diary) -> None:
    """Yesterday's answer and today's, last month's and this month's: people who came since, and what was given back since, change no
    answer about a period that was over, of district or shop. So there is no difference of two answers to work with."""
    later = Diary()
    later.paid, later.bought = list(year.paid), list(year.bought)
    earlier = [place for place, row in enumerate(year.paid) if row[2] == 0][:400:7]
    for place in earlier:
        later.gives_back("2026-04-20 10:00", place, 100)
    for person in [*range(40), *range(3_000, 3_050)]:
        later.pays(f"2026-04-{11 + person % 15} 12:{person % 60:02}", person, person % 6, 900)
    for name, report in EVERY.items():
        if not report.months:
            continue
        asked = Period(before(QUARTER.until, report.months), QUARTER.until)
        for shop in [code for code, scope in ((None, "district"), (0, "shop")) if scope in report.scopes]:
            first, second = (
                report.tell(question, report.gather(Source(diary, 1, sold=diary.sold), question))  # type: ignore[arg-type]
                for diary, now in ((year, NOW), (later, NOW + timedelta(days=40)))
                for question in [Asked(asked.since, asked.until, now, shop, NAMES, SIX)]
            )
            assert first == second, (name, shop)
