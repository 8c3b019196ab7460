"""The columns as kernels get them: arrays that lie in the files, month by month, without a copy and without the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from analytics.errors import ColumnsBroken, ColumnsMissing
from analytics.snapshot import files, partials
from analytics.snapshot.blocks import in_order
from analytics.snapshot.moving import Movements, movements
from analytics.snapshot.schema import CLASSES, PEOPLE, TOKYO_S, Accounts, Flows, Int64, Payments, Refunds, SeriesTable, empty
from base.clock import day_bounds

TRIES = 5
T = TypeVar("T", Payments, Refunds, Flows)


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """A month in Tokyo, or the part of it that was asked for. It can be without payments, never without anything.

    `first`: its first day. `consumers`, `shops`: one more than the largest code in the whole month's payments and refunds: what a
    partial is as long as, so that it is the same whoever came later. `is_closed`: nothing is added any more; `is_whole`: all of it
    was asked for.
    """

    first: date
    payments: Payments
    refunds: Refunds
    flows: Flows
    consumers: int
    shops: int
    is_closed: bool
    is_whole: bool
    digest: str
    folder: Path

    def partial(self, report: str, version: int | str, make: Callable[[Month], Mapping[str, np.ndarray[Any, Any]]]) -> dict[str, Any]:
        """What `make` gives for this month: arrays by name. Of a closed month, asked for whole, it is made once and kept.

        `version`: of the kernel; count it up when the kernel would give something else.
        """
        if not (self.is_closed and self.is_whole):
            return dict(make(self))
        return partials.kept(self.folder, self._name(report, version), partial(make, self))

    def has_partial(self, report: str, version: int | str) -> bool:
        """Whether it was made and kept."""
        return partials.is_kept(self.folder, self._name(report, version))

    def _name(self, report: str, version: int | str) -> str:
        return f"{report}-{version}-{self.first:%Y-%m}-{self.digest}"


@dataclass(frozen=True, slots=True)
class State:
    """Of all months before a day. `digest`: another one as soon as anything in them changes. `is_closed`: nothing is added any more."""

    digest: str
    is_closed: bool
    folder: Path

    def kept(self, name: str) -> bytes | None:
        """What was kept under this name while the months were as they are. Of months that still run: nothing."""
        return partials.kept_bytes(self.folder, f"{name}-{self.digest}") if self.is_closed else None

    def keep(self, name: str, content: bytes) -> None:
        """For as long as they are as they are."""
        if self.is_closed:
            partials.keep_bytes(self.folder, f"{name}-{self.digest}", content)


@dataclass(frozen=True, slots=True)
class ShopRow:
    """What the register says of a shop now. `shop`: its number in the book; `number`: what people type; `opened`: None: it is not in it.
    `trades`: since when it has had which trade, oldest first."""

    code: int
    shop: int
    number: str
    trade: str
    size: str
    opened: datetime | None
    trades: tuple[tuple[datetime, str], ...] = ()

    def trade_before(self, day: date) -> str:
        """Its trade when that day began, whatever it changed to since: so what was told of earlier days stays as it was."""
        start = day_bounds(day)[0]
        held = [trade for since, trade in self.trades if since < start]
        return held[-1] if held else self.trades[0][1] if self.trades else self.trade


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What happened in a district from the day `since` to before the day `until`, in Tokyo. Months in which nothing happened are left out.

    `consumers`, `shops`: how many codes there are, over all time. `size`: transactions of the sealed log that are in it; `latest`: the
    moment of the newest, None in an empty district: figures are true as of then.
    """

    district_id: int
    since: date
    until: date
    months: tuple[Month, ...]
    consumers: int
    shops: int
    size: int
    latest: datetime | None
    accounts: Accounts
    series: SeriesTable
    shop_rows: tuple[ShopRow, ...]

    def shop_code(self, merchant_id: int) -> int | None:
        """The code of a shop; None: nothing was ever paid there."""
        return next((row.code for row in self.shop_rows if row.shop == merchant_id), None)

    def movements(self, month: Month) -> Movements:
        """Every movement of the money of people and shops in a month: what kernels of money take."""
        return movements(month.payments, month.refunds, month.flows, self.consumers)

    def accounts_of_consumers(self, codes: Int64) -> dict[int, int]:
        """Consumer code → the first account that the log names of them."""
        mine = np.isin(self.accounts.owner_class, [CLASSES.index(name) for name in PEOPLE]) & np.isin(self.accounts.owner, codes)
        found, first = np.unique(self.accounts.owner[mine], return_index=True)
        return dict(zip(found.tolist(), self.accounts.account[mine][first].tolist(), strict=True))


def read(folder: Path, district_id: int, since: date, until: date) -> Columns:
    """Raises ColumnsMissing, ColumnsBroken."""
    for _ in range(TRIES):
        page = files.read_page(folder)
        if page is None:
            raise ColumnsMissing
        try:
            return _read(folder, page, district_id, since, until)
        except FileNotFoundError:
            continue  # it was written again between the page and its files
    raise ColumnsBroken


def state(folder: Path, until: date) -> State:
    """Of all months before the one that begins on the day `until`, from the page alone. Raises ColumnsMissing, ColumnsBroken."""
    page = files.read_page(folder)
    if page is None:
        raise ColumnsMissing
    months = [month for name, month in sorted(page["months"].items()) if name < f"{until:%Y-%m}"]
    digests = partials.states(partials.digest_of(month["tables"]) for month in months)
    return State(digests[-1] if digests else "", all(month["is_closed"] for month in months), folder)


def _read(folder: Path, page: dict[str, Any], district_id: int, since: date, until: date) -> Columns:
    start, end = (int(day_bounds(day)[0].timestamp()) for day in (since, until))
    months = []
    for name, entry in page["months"].items():
        month = _month(folder, name, entry, start, end)
        if month is not None:
            months.append(month)
    tables = {name: _whole(folder, entry["file"], entry["rows"]) for name, entry in page["tables"].items()}
    return Columns(
        district_id=district_id,
        since=since,
        until=until,
        months=tuple(sorted(months, key=lambda month: month.first)),
        consumers=page["consumers"],
        shops=page["shops"],
        size=page["size"],
        latest=_moment(page["latest"]),
        accounts=Accounts(**tables["accounts"]),
        series=SeriesTable(**tables["series"]),
        shop_rows=_shop_rows(folder, *((page["tables"][name]["file"], page["tables"][name]["rows"]) for name in ("shops", "trades"))),
    )


@lru_cache(maxsize=24)
def _whole(folder: Path, file: str, rows: int) -> dict[str, Any]:
    """A table that is not cut into months: looked at once, since a file's name says what is in it."""
    return files.read_table(folder, {"file": file, "rows": rows})


@lru_cache(maxsize=8)
def _shop_rows(folder: Path, shops: tuple[str, int], held: tuple[str, int]) -> tuple[ShopRow, ...]:
    """By code. `shops`, `held`: file and rows of the tables of shops and of their trades."""
    trades: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for code, began, trade in zip(*_whole(folder, *held).values(), strict=True):
        trades[int(code)].append((datetime.fromtimestamp(began, UTC), trade))
    columns = map(list, _whole(folder, *shops).values())
    return tuple(
        ShopRow(code, shop, number, trade, size, _moment(opened if opened >= 0 else None), tuple(trades[code]))
        for code, (shop, number, trade, size, opened) in enumerate(zip(*columns, strict=True))
    )


def _month(folder: Path, name: str, entry: dict[str, Any], start: int, end: int) -> Month | None:
    """None: nothing of it was asked for."""
    low, high = _bounds(name)
    if high <= start or low >= end:
        return None
    tables = entry["tables"]

    def part(table: str, kind: type[T]) -> T:
        if table not in tables:
            return empty(kind)
        blocks = []
        for each in tables[table]:
            rows = files.read_table(folder, each)
            at = slice(*np.searchsorted(rows["at"], (start, end)))
            blocks.append([rows[column][at] for column in kind._fields])
        return kind._make(in_order(blocks))

    return Month(
        first=date.fromisoformat(f"{name}-01"),
        payments=part("payments", Payments),
        refunds=part("refunds", Refunds),
        flows=part("flows", Flows),
        consumers=entry["consumers"],
        shops=entry["shops"],
        is_closed=entry["is_closed"],
        is_whole=start <= low and high <= end,
        digest=partials.digest_of(tables),
        folder=folder,
    )


@lru_cache(maxsize=1200)
def _bounds(month: str) -> tuple[int, int]:
    first = np.datetime64(month, "M")
    low, high = (int(each.astype("datetime64[s]").astype(np.int64)) - TOKYO_S for each in (first, first + 1))
    return low, high


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
