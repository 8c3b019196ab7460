"""The tables of a month that everybody may have: few, fixed, and of whole months, so that no two of them can be set off against each other.

Yen stand in one table only, the one that the shops' own views are cut from as well; all others count people, in full tens, each
person once. What shops of fewer than three owners did is withheld everywhere, and yen of which an owner could take the own sales off
and have what few people paid.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from analytics import guard
from analytics.guard import Figure
from analytics.reports.source import BANDS, DAY_S, NOTHING, SLOTS, TOKYO_S, WEEKDAYS, Asked, Rows, Source, following, visits
from base.errors import N_

FEW_PEOPLE = N_("10人未満などのため非公表")
FEW_SHOPS = N_("お店が3軒未満などのため非公表")

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
    few = source.is_of_few_owners(asked)
    return (
        replace(MONTH, rows=((f"{asked.since:%Y-%m}", *((None, None, FEW_SHOPS) if few else _told(master.total))),)),
        replace(DAY, rows=_by_day(asked, rows)),
        replace(WEEKDAY, rows=_by_weekday(master.by_col, source.by_slot(asked.since, replace(asked, is_outside=True)))),
        replace(TRADE, rows=_by_trade(asked, rows)),
    )


def _by_day(asked: Asked, rows: Rows) -> tuple[Row, ...]:
    month = asked.since
    days = [month + timedelta(days=place) for place in range((following(month) - month).days)]
    place = (rows.at + TOKYO_S) // DAY_S - (month - date(1970, 1, 1)).days
    found = guard.publish(guard.Raw(days, place, rows.consumer))
    owners = guard.shops_behind(place, asked.owner(rows.shop), len(days))
    return tuple((day, WEEKDAYS[day.weekday()], *_of_owners(len(here), found[day])) for day, here in zip(days, owners, strict=True))


def _by_weekday(found: guard.Published, shown: guard.Published) -> tuple[Row, ...]:
    """`found`: as the association has it, `shown`: as everybody may."""
    return tuple(
        (WEEKDAYS[day], BANDS[band], *((None, None, FEW_SHOPS) if found[day, band] and not shown[day, band] else _told(shown[day, band])))
        for day, band in SLOTS
    )


def _by_trade(asked: Asked, rows: Rows) -> tuple[Row, ...]:
    """A trade that nobody went to is left out, like a shop that is closed."""
    codes = np.unique(rows.shop).tolist()
    shops = Counter(asked.trades[code] for code in codes)
    names = sorted(shops)
    place = np.zeros(max(codes, default=-1) + 1, np.int64)
    for code in codes:
        place[code] = names.index(asked.trades[code])
    found = guard.publish(guard.Raw(names, place[rows.shop], rows.consumer))
    owners = guard.shops_behind(place[rows.shop], asked.owner(rows.shop), len(names))
    return tuple((name, shops[name], *_of_owners(len(here), found[name])) for name, here in zip(names, owners, strict=True))


def _of_owners(owners: int, figure: Figure | None) -> tuple[Cell, Cell]:
    return (None, FEW_SHOPS) if 0 < owners < guard.LEAST_OTHERS else _people(figure)


def _people(figure: Figure | None) -> tuple[Cell, Cell]:
    return (None, FEW_PEOPLE) if figure is None else (figure.persons, "")


def _told(figure: Figure | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, FEW_PEOPLE) if figure is None else (figure.persons, figure.yen, "")
