"""A month's payments as the reports count them, and the one table of each month that many of them are cut from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.guard import Grid, Published
from analytics.reports.edition import edition
from analytics.reports.measured import NOTHING_MEASURED, Measured
from analytics.snapshot import Columns, Int32, Int64, Month, Snapshot, State
from base.errors import N_

TOKYO_S, HOUR_S, DAY_S = 32_400, 3_600, 86_400
BANDS = (N_("朝（11時まで）"), N_("昼（11〜14時）"), N_("午後（14〜17時）"), N_("夜（17時から）"))
"""Parts of a day, by the hour in which something was paid."""
BAND_OF_HOUR = np.array([0] * 11 + [1] * 3 + [2] * 3 + [3] * 7)
WEEKDAYS = (N_("月曜"), N_("火曜"), N_("水曜"), N_("木曜"), N_("金曜"), N_("土曜"), N_("日曜"))
SLOTS = tuple((weekday, band) for weekday in range(7) for band in range(4))
BEGINNING = date(2000, 1, 1)
T = TypeVar("T")
Arrays = Mapping[str, NDArray[Any]]


class Rows(NamedTuple):
    """Visits in the order of time, int64[n] or int32[n]. `yen` > 0: the price less what came back of it in the same month."""

    at: Int64
    consumer: Int32
    shop: Int32
    yen: Int64

    @property
    def weekday(self) -> Int64:
        """0 Monday to 6 Sunday, in Tokyo."""
        return ((self.at + TOKYO_S) // DAY_S + 3) % 7

    @property
    def hour(self) -> Int64:
        """0 to 23, in Tokyo."""
        return (self.at + TOKYO_S) // HOUR_S % 24

    def where(self, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Rows:
        """Some of them."""
        return Rows(self.at[chosen], self.consumer[chosen], self.shop[chosen], self.yen[chosen])


NOTHING = Rows(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


def visits(month: Month, shop: int | None = None) -> Rows:
    """Of all shops or of one, whose rows are picked before anything else is done. What was given back whole in the same month was no
    visit. A later refund changes nothing here: what was published stays."""
    paid, back = month.payments, month.refunds
    mine = slice(None) if shop is None else np.flatnonzero(paid.shop == shop)
    seq, yen = paid.seq[mine], np.array(paid.yen[mine])
    if len(back.of) and len(seq):
        order = np.argsort(seq)
        place = np.minimum(np.searchsorted(seq[order], back.of), len(order) - 1)
        known = seq[order[place]] == back.of
        np.subtract.at(yen, order[place[known]], back.yen[known])
    return Rows(paid.at[mine], paid.consumer[mine], paid.shop[mine], yen).where(yen > 0)


def distinct(keys: Int64) -> Int64:
    """Each of these numbers ≥ 0 once, ascending. By sorting: where most differ, the table of `np.unique` takes ten times as long."""
    ordered = np.sort(keys)
    found: Int64 = ordered[np.diff(ordered, prepend=-1) > 0]
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """`since`, `until`: first day of the first month, and of the one after the last. `shop`: code, None for the district or a shop where
    nobody ever paid. `names`, `trades`: of shops, by code. `measured`: what sensors and files say of these months, for the reports that
    join it. `homes`: what was kept of the month of where people live. `is_outside`: who reads is not of the association, and may own a
    shop: then nothing is told from which an owner could take the own sales off and have what others' few customers paid. `held_with`: by
    code of a shop the one that stands for all of its owner's. Nothing here is about a customer.
    """

    since: date
    until: date
    now: datetime
    shop: int | None
    names: Mapping[int, str]
    trades: Mapping[int, str]
    measured: Measured = NOTHING_MEASURED
    homes: Published | None = None
    is_outside: bool = False
    held_with: Mapping[int, int] = field(default_factory=dict)

    def owner(self, shop: Int32) -> Int32:
        """Of each visit a code for whose shop it was at."""
        return owner_of(shop, self.held_with)

    @property
    def months(self) -> list[date]:
        """The first day of each."""
        found, month = [], self.since
        while month < self.until:
            found.append(month)
            month = following(month)
        return found


def owner_of(shop: Int32, held_with: Mapping[int, int]) -> Int32:
    """Of each visit a code for whose shop it was at. `held_with`: as in `Asked`."""
    of_code = np.arange(max([int(shop.max(initial=-1)), *held_with]) + 1, dtype=np.int32)
    for code, first in held_with.items():
        of_code[code] = first
    return of_code[shop]


def following(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def before(month: date, many: int = 1) -> date:
    """The first day of the month that many months earlier."""
    count = month.year * 12 + month.month - 1 - many
    return date(count // 12, count % 12 + 1, 1)


class Kept(Generic[T]):
    """The newest answers of this process, by what they depend on; several threads may ask."""

    def __init__(self, size: int) -> None:
        self._size, self._found, self._lock = size, OrderedDict[Hashable, T](), Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for this key. Two threads that ask at once may both make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._size:
                self._found.popitem(last=False)
        return made


class Part(NamedTuple):
    """What a report keeps of each month with visits: arrays by name. `version`: counted up with `make`, or the program's edition."""

    name: str
    version: int | str
    make: Callable[[Rows, Month], Arrays]

    @property
    def place(self) -> tuple[str, int | str]:
        """Under what name it is kept, and of which version."""
        return f"report-{self.name}", self.version

    def of(self, month: Month) -> dict[str, Any]:
        """That of a month; nothing for one without visits."""

        def of_visits(month: Month) -> Arrays:
            rows = visits(month)
            return self.make(rows, month) if len(rows.at) else {}

        return month.partial(*self.place, of_visits)


_MASTERS: Kept[Grid] = Kept(48)
Sold = Callable[[date, date], Sequence[tuple[str, Sequence[str]]]]


class Source:
    """The columns of one district as a report reads them. `heard`: told how many months are read, of how many.

    `sold`: of the shop that asks, what stood together on receipts between two days, both included; receipts are no columns.
    """

    def __init__(
        self, snapshot: Snapshot, district_id: int, heard: Callable[[int, int], None] | None = None, sold: Sold | None = None
    ) -> None:
        self._snapshot, self._district_id, self._heard, self._sold = snapshot, district_id, heard, sold

    def columns(self, since: date, until: date) -> Columns:
        """From the day `since` to before the day `until`. Raises ColumnsMissing, ColumnsBroken."""
        return self._snapshot.read(self._district_id, since, until)

    def state(self, until: date) -> State:
        """Of all months before the one that begins on the day `until`."""
        return self._snapshot.state(self._district_id, until)

    def rows(self, since: date, until: date, shop: int | None = None) -> Rows:
        """All visits of whole months, or those to one shop, in the order of time."""
        months = self.columns(since, until).months
        parts = []
        for place, month in enumerate(months, start=1):
            parts.append(visits(month, shop))
            if self._heard is not None:
                self._heard(place, len(months))
        return Rows(*(np.concatenate(column) for column in zip(NOTHING, *parts, strict=True)))

    def baskets(self, since: date, until: date) -> Sequence[tuple[str, Sequence[str]]]:
        """Of each receipt that a known customer paid, from the day `since` to before the day `until`: the customer and the articles."""
        return [] if self._sold is None else self._sold(since, until - timedelta(days=1))

    def parts(self, part: Part, until: date, since: date = BEGINNING) -> Iterator[tuple[date, dict[str, Any]]]:
        """That part of each month with visits, in order; of a closed one it was made once."""

        months = self.columns(since, until).months
        for place, month in enumerate(months, start=1):
            arrays = part.of(month)
            if arrays:
                yield month.first, {key: np.asarray(values) for key, values in arrays.items()}
            if self._heard is not None:
                self._heard(place, len(months))

    def master(self, month: date) -> Grid:
        """Shops × parts of the week of one closed month, guarded whole: each shop's view is its row, the district's the totals."""
        found = self.columns(month, following(month)).months
        if not found:
            return guard.publish_grid(_raw(NOTHING, 0))
        (only,) = found
        return _MASTERS.get((only.folder, only.first, only.digest), lambda: _master_of(only))

    def by_slot(self, month: date, asked: Asked) -> Published:
        """The district's parts of the week in one closed month, as this reader is told them."""
        found = self.master(month).by_col
        if not asked.is_outside:
            return found
        rows = self.rows(month, following(month))
        raw = guard.Raw(SLOTS, rows.weekday * 4 + BAND_OF_HOUR[rows.hour], rows.consumer, rows.yen)
        return guard.among_shops(found, raw, asked.owner(rows.shop))

    def emptied(self) -> Source:
        """The same district as if nobody had ever paid."""
        return Nobody(self._snapshot, self._district_id)

    def is_of_few_owners(self, asked: Asked) -> bool:
        """Whether somebody paid in one of the months, and an owner could take the own sales off its sum and have what few people paid."""
        held = tuple(asked.held_with.items())
        months = self.columns(asked.since, asked.until).months
        return any(_FEW_OWNERS.get((each.folder, each.first, each.digest, held), partial(_of_few, each, asked)) for each in months)


_FEW_OWNERS: Kept[bool] = Kept(256)


def _of_few(month: Month, asked: Asked) -> bool:
    rows = visits(month)
    raw = guard.Raw([month.first], 0 * rows.consumer, rows.consumer, rows.yen)
    return len(rows.at) > 0 and not guard.is_told_to_owners(raw, asked.owner(rows.shop))


class Nobody(Source):
    """What is withheld whole looks like that."""

    def columns(self, since: date, until: date) -> Columns:
        return replace(super().columns(since, until), months=())


def shop_row(grid: Grid, shop: int) -> Published:
    """A shop's view of the month. One where nobody paid looks like any other of which nothing may be told."""
    if shop in grid.by_row.labels:
        return grid.row(shop)
    return guard.publish(guard.Raw(SLOTS, *(np.zeros(0, np.int64) for _ in range(3))))


def _guarded(rows: Rows, month: Month) -> Arrays:
    return guard.packed(guard.publish_grid(_raw(rows, month.shops)))


MASTER = Part("master", edition(), _guarded)
"""Shops × parts of the week as the guard tells them: what many reports are cut from."""


def _master_of(month: Month) -> Grid:
    arrays = MASTER.of(month)
    return guard.unpacked(range(month.shops), SLOTS, arrays) if arrays else guard.publish_grid(_raw(NOTHING, month.shops))


def _raw(rows: Rows, shops: int) -> guard.Raw:
    return guard.Raw(range(shops), rows.shop, rows.consumer, rows.yen, cols=SLOTS, col=rows.weekday * 4 + BAND_OF_HOUR[rows.hour])
