"""The tables of a month that everybody may have: few, fixed, and of whole months, so that no two of them can be set off against each other.

Yen stand in one table only, the one that the shops' own views are cut from as well; all others count people, in full tens, each
person once. What fewer than three shops did is withheld everywhere: with one it is that shop's own, and with two each would know the
other's by taking its own off.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from analytics import guard
from analytics.guard import Figure
from analytics.reports.source import BAND_OF_HOUR, BANDS, DAY_S, NOTHING, SLOTS, TOKYO_S, WEEKDAYS, Asked, Rows, Source, following, visits
from base.errors import N_

LEAST_SHOPS = 3
"""Of whatever is told to everybody."""
FEW_PEOPLE = N_("10人未満などのため非公表")
FEW_SHOPS = N_("お店が3軒未満のため非公表")

Cell = str | int | date | None
"""None: withheld; the last column says why."""
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`title` stands in the head of the file, `meaning` and `unit` in the catalogue. `kind`: text, day or count."""

    title: str
    meaning: str
    kind: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`name`: in addresses. `rows`: a cell a column, the last one the reason where something is withheld, else empty."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()

    @property
    def withheld(self) -> int:
        """Rows of which something is not told."""
        return sum(row[-1] != "" for row in self.rows)


PEOPLE = Column("人数（10人単位の切り下げ）", N_("その間に払った人。1人を1回だけ数え、10人単位で切り下げる"), "count", N_("人"))
YEN = Column("支払額（円）", N_("お支払いの合計から、同じ月に返金された分を引いた額"), "count", N_("円"))
SHOPS = Column("店舗数（軒）", N_("その月に支払いのあった店"), "count", N_("軒"))
REASON = Column("非公表の理由", N_("空でなければ、その行の数字は公表していない"), "text")


MONTH = Table(
    "month",
    N_("月の合計"),
    N_("地域のコインなどで払った人と額の、月の合計"),
    (Column("年月", N_("支払いのあった月（日本時間）"), "text"), PEOPLE, YEN, REASON),
)
DAY = Table(
    "day",
    N_("日ごとの人数"),
    N_("地域のコインなどで払った人の、日ごとの数"),
    (Column("年月日", N_("支払いのあった日（日本時間）"), "day"), Column("曜日", N_("曜日"), "text"), PEOPLE, REASON),
)
WEEKDAY = Table(
    "weekday",
    N_("曜日と時間帯ごとの人数と額"),
    N_("地域のコインなどで払った人と額を、曜日と時間帯で分けたもの"),
    (Column("曜日", N_("曜日"), "text"), Column("時間帯", N_("支払いのあった時刻（日本時間）"), "text"), PEOPLE, YEN, REASON),
)
TRADE = Table(
    "trade",
    N_("業種ごとの人数"),
    N_("地域のコインなどで払った人の、お店の業種ごとの数"),
    (
        Column("業種", N_("組合が登録した業種"), "text"),
        Column("店舗数（軒）", N_("その月に支払いのあった店"), "count", N_("軒")),
        PEOPLE,
        REASON,
    ),
)
KINDS = (MONTH, DAY, WEEKDAY, TRADE)


def tables(source: Source, asked: Asked) -> tuple[Table, ...]:
    """Those of the one month that `asked` names, in the order of `KINDS`. Raises ColumnsMissing, ColumnsBroken."""
    months = source.columns(asked.since, asked.until).months
    rows = visits(months[0]) if months else NOTHING
    master = source.master(asked.since)
    few = 0 < len(np.unique(rows.shop)) < LEAST_SHOPS
    return (
        replace(MONTH, rows=((f"{asked.since:%Y-%m}", *((None, None, FEW_SHOPS) if few else _told(master.total))),)),
        replace(DAY, rows=_by_day(asked.since, rows)),
        replace(WEEKDAY, rows=_by_weekday(rows, master.by_col)),
        replace(TRADE, rows=_by_trade(asked, rows)),
    )


def _by_day(month: date, rows: Rows) -> tuple[Row, ...]:
    days = [month + timedelta(days=place) for place in range((following(month) - month).days)]
    place = (rows.at + TOKYO_S) // DAY_S - (month - date(1970, 1, 1)).days
    found = guard.publish(guard.Raw(days, place, rows.consumer))
    shops = _shops_of(rows, place, len(days))
    return tuple((day, WEEKDAYS[day.weekday()], *_of_shops(len(here), found[day])) for day, here in zip(days, shops, strict=True))


def _by_weekday(rows: Rows, found: guard.Published) -> tuple[Row, ...]:
    """Where what is withheld is of fewer than three shops together, the month less the told parts would tell it: more is withheld then,
    the smallest first, by how often somebody paid."""
    slot = rows.weekday * 4 + BAND_OF_HOUR[rows.hour]
    shops, often = _shops_of(rows, slot, len(SLOTS)), np.bincount(slot, minlength=len(SLOTS))
    told = [place for place in np.argsort(often, kind="stable").tolist() if found[SLOTS[place]] and len(shops[place]) >= LEAST_SHOPS]
    rest: set[int] = set().union(*(shops[place] for place in range(len(SLOTS)) if place not in told))
    while told and 0 < len(rest) < LEAST_SHOPS:
        rest |= shops[told.pop(0)]
    by_shops = {place for place in range(len(SLOTS)) if found[SLOTS[place]] and place not in told}
    return tuple(
        (WEEKDAYS[day], BANDS[band], *((None, None, FEW_SHOPS) if place in by_shops else _told(found[day, band])))
        for place, (day, band) in enumerate(SLOTS)
    )


def _shops_of(rows: Rows, place: np.ndarray[Any, Any], places: int) -> list[set[int]]:
    """Of each place the shops where somebody paid."""
    found: list[set[int]] = [set() for _ in range(places)]
    for at, shop in np.unique(np.stack([place, rows.shop.astype(np.int64)]), axis=1).T.tolist():
        found[at].add(shop)
    return found


def _by_trade(asked: Asked, rows: Rows) -> tuple[Row, ...]:
    """A trade that nobody went to is left out, like a shop that is closed."""
    codes = np.unique(rows.shop).tolist()
    shops = Counter(asked.trades[code] for code in codes)
    names = sorted(shops)
    place = np.zeros(max(codes, default=-1) + 1, np.int64)
    for code in codes:
        place[code] = names.index(asked.trades[code])
    found = guard.publish(guard.Raw(names, place[rows.shop], rows.consumer))
    return tuple((name, shops[name], *_of_shops(shops[name], found[name])) for name in names)


def _of_shops(shops: int, figure: Figure | None) -> tuple[Cell, Cell]:
    return (None, FEW_SHOPS) if 0 < shops < LEAST_SHOPS else _people(figure)


def _people(figure: Figure | None) -> tuple[Cell, Cell]:
    return (None, FEW_PEOPLE) if figure is None else (figure.persons, "")


def _told(figure: Figure | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, FEW_PEOPLE) if figure is None else (figure.persons, figure.yen, "")
