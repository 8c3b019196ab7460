"""An attacker who keeps every report of the district and of every shop, month after month, and sets all of it off against each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analytics.guard import Figure
from analytics.reports import REPORTS, Period
from analytics.reports.source import DAY_S, TOKYO_S, Asked, Source
from tests.analytics.test_guard import is_small
from tests.analytics.test_reports import NAMES, NOW, Diary

MONTHS = tuple(date(2026, month, 1) for month in (1, 2, 3))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
SHOPS, SLOTS = 3, 2
TRADES = {0: "飲食", 1: "飲食", 2: "花"}
KINDS, SEGMENTS = 4, 6
"""New or not, to the district and to the shop; segments of a quarter."""
PATTERNS = 2**SHOPS
SHAPE = (len(MONTHS), SHOPS, SLOTS, KINDS, SEGMENTS, PATTERNS)
"""The finest cells: what the people of one segment who go to the same shops paid in a month, at a shop, in a part of the week."""


def town(seed: int) -> Diary:
    """Three shops at two parts of the week: at each a crowd of regulars, a handful, or nobody; some come once, some pay nearly all."""
    random = np.random.default_rng(seed)
    diary = Diary()
    for month, shop, slot in product(MONTHS, range(SHOPS), range(SLOTS)):
        crowd = int(random.choice([0, 3, 8, 14, 40], p=[0.1, 0.2, 0.2, 0.2, 0.3]))
        people = np.where(random.random(crowd) < 0.7, random.integers(0, 60, crowd), random.integers(60, 400, crowd))
        for person in people.tolist():
            yen = int(random.integers(2, 40)) * 100 * (40 if random.random() < 0.04 else 1)
            diary.pays(f"{month.replace(day=5 + slot)} 12:00", person, shop, yen)
    return diary


class Seen:
    """All that was told, as equations and bounds over the finest cells; and what each of these really holds."""

    def __init__(self, diary: Diary) -> None:
        self.diary, self.source = diary, Source(diary, 1)  # type: ignore[arg-type]
        self.equal: list[tuple[np.ndarray, float]] = []
        self.below: list[tuple[np.ndarray, float]] = []
        self.cell = np.arange(int(np.prod(SHAPE))).reshape(SHAPE)
        self.person = np.array([row[1] for row in diary.paid])
        self.yen = np.array([row[3] for row in diary.paid])
        self.of_payment = self._cells()
        self.months()
        self.quarter()

    def _cells(self) -> np.ndarray:
        """The finest cell of each payment; segments are read from the guard's own side of the report."""
        segment = self.segments()
        first: dict[tuple[int, int | None], int] = {}
        where = [((np.datetime64(at, "s") + np.timedelta64(9, "h")).astype("datetime64[M]").astype(int) % 12) for at, *_ in self.diary.paid]
        for month, (_, person, shop, _) in zip(where, self.diary.paid, strict=True):
            for key in ((person, None), (person, shop)):
                first[key] = min(first.get(key, 99), int(month))
        visited: dict[int, int] = {}
        for _, person, shop, _ in self.diary.paid:
            visited[person] = visited.get(person, 0) | 1 << shop
        found = []
        for month, (at, person, shop, _) in zip(where, self.diary.paid, strict=True):
            slot = (at + TOKYO_S) // DAY_S % 7
            kind = 2 * (first[person, None] == month) + (first[person, shop] == month)
            found.append(self.cell[month, shop, self.slots(int(month)).index(slot), kind, segment[person], visited[person]])
        return np.array(found)

    def slots(self, month: int) -> list[int]:
        """The days of the week on which the two parts of a month fall, as `at` counts them."""
        return [int(np.datetime64(MONTHS[month].replace(day=5 + slot), "D").astype(int) % 7) for slot in range(SLOTS)]

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
        """The month's table, its rows and totals; new and returning customers of the district and of each shop."""
        for place, month in enumerate(MONTHS):
            grid = self.source.master(month)
            shown = [((day + 3) % 7, 1) for day in self.slots(place)]
            for shop in range(SHOPS):
                if shop not in grid.by_row.labels:
                    continue
                for slot, label in enumerate(shown):
                    self.learns(grid.row(shop)[label], self.cell[place, shop, slot])
                self.learns(grid.by_row[shop], self.cell[place, shop])
                kinds = self.told("customers", shop, month).line("kinds")
                for which, kind in ((0, (1, 3)), (1, (0, 2))):
                    self.learns(kinds[which], self.cell[place, shop][:, list(kind)])
            for slot, label in enumerate(shown):
                self.learns(grid.by_col[label], self.cell[place, :, slot])
            self.learns(grid.total, self.cell[place])
            kinds = self.told("customers", None, month).line("kinds")
            for which, kind in ((0, (2, 3)), (1, (0, 1))):
                self.learns(kinds[which], self.cell[place][:, :, list(kind)])

    def quarter(self) -> None:
        """Segments of the months that are told, and shares of wallets in steps of 5%."""
        told = [place for place, month in enumerate(MONTHS) if self.source.master(month).total is not None]
        for segment, figure in self.told("rfm", None).line("segments"):
            self.learns(figure, self.cell[told][:, :, :, :, int(str(segment))])
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

    def told(self, name: str, shop: int | None, month: date | None = None):  # type: ignore[no-untyped-def]
        since, until = (QUARTER.since, QUARTER.until) if month is None else (month, date(2026, month.month + 1, 1))
        return REPORTS[name].gather(self.source, Asked(since, until, NOW, shop, NAMES, TRADES))

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
                b_ub=[0.0] * len(self.below) or None,
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
                yield from ((f"{place} shop {shop} slot {slot}", self.cell[place, shop, slot]) for slot in range(SLOTS))
                yield f"{place} new of {shop}", self.cell[place, shop][:, [1, 3]]
            yield f"{place} new", self.cell[place][:, :, [2, 3]]
            yield from ((f"{place} segment {segment}", self.cell[place][:, :, :, segment]) for segment in range(SEGMENTS))
        yield from ((f"segment {segment}", self.cell[:, :, :, :, segment]) for segment in range(SEGMENTS))
        for shops in ([0, 1], [2]):
            patterns = [pattern for pattern in range(PATTERNS) if any(pattern >> shop & 1 for shop in shops)]
            others = [shop for shop in range(SHOPS) if shop not in shops]
            yield f"elsewhere than {shops}", self.cell[:, others][..., patterns]


@pytest.mark.parametrize("seed", range(5))
def test_all_reports_of_three_months_together_bound_nobody_closely(seed: int) -> None:
    """Two filters (district and shop), months, the quarter and its shares, in one linear program: a sum of few stays open by two fifths.

    Figures of people alone are full tens over disjoint periods and say nothing of yen; no report shares a month with another quarter's.
    """
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
