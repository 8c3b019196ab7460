"""試しに当てはめる: what a coupon would have done to the payments that were made, before anything of it is live."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.queries.coupons import with_trade
from association.queries.listed_coupons import listed_coupon
from association.queries.segments import people_in
from association.rules import Conditions, Group, Past, Use, burn, hidden, in_tens, rehearse
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import CouponMove

YEAR = timedelta(days=365)
WEEK = timedelta(days=7)
SIZES = ("small", "large")


@dataclass(frozen=True, slots=True)
class RehearsedRow:
    """One week, shop or trade. `pieces`, `cost` (yen) and `sales` (yen, the bills): None where fewer than ten people stand behind them."""

    name: str
    day: date | None
    pieces: int | None
    cost: int | None
    sales: int | None


@dataclass(frozen=True, slots=True)
class RehearsedSize:
    """大型店 or 中小店: of every yen that was paid in these days, and of every yen of discount, how many per cent were theirs.
    `shops`: how many of this size were paid at. Figures are None where fewer than ten people stand behind them."""

    size: str
    shops: int
    usual_percent: int | None
    gain_percent: int | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`first` to `last`: the past days that stand for the coupon's own, on the same weekdays. `people`, in full tens: who would have
    used one; None for fewer than ten, and then nothing else is told. `sold_out`: the day on which the last piece went."""

    first: date
    last: date
    payments: int
    people: int | None
    pieces: int
    cost: int
    sales: int
    sold_out: date | None
    weeks: tuple[RehearsedRow, ...]
    shops: tuple[RehearsedRow, ...]
    trades: tuple[RehearsedRow, ...]
    sizes: tuple[RehearsedSize, ...] = ()
    burn: tuple[tuple[date, int], ...] = ()


def people_for(session: Session, district_id: int, conditions: Conditions, *, now: datetime) -> int:
    """How many people could claim such a coupon now, going by what they have paid in the year that ends today. For doors that have
    asked already: nothing about fewer than ten leaves them."""
    conditions = with_trade(session, district_id, conditions)
    today = tokyo_day(now)
    visits: dict[int, dict[int, date]] = {}
    for person, shop, day in book.all_visits(session, district_id, since=now - YEAR, until=day_bounds(today)[1]):
        visits.setdefault(person, {})[shop] = day
    if conditions.segment is not None and conditions.segment.is_kept:
        members = people_in(session, district_id, conditions.segment.kind)
        return sum(1 for person in members if conditions.has_come(visits.get(person, {}), today))
    return sum(1 for mine in visits.values() if conditions.belongs(mine, today) and conditions.has_come(mine, today))


def likely_people(session: Session, who: Principal, conditions: Conditions, *, now: datetime) -> int | None:
    """`people_for` in full tens; None: fewer than ten."""
    authorise(session, who, "association.read")
    return in_tens(people_for(session, who.district_id, conditions, now=now))


def rehearsal(
    session: Session, who: Principal, conditions: Conditions, *, pieces: int, per_person: int, first: date, last: date, now: datetime
) -> Rehearsal:
    """The coupon that is to run from `first` to `last`, tried on the same number of past days. The book is read once."""
    authorise(session, who, "association.read")
    since, until = _same_weekdays(first, last, tokyo_day(now))
    conditions = with_trade(session, who.district_id, conditions)
    asks = conditions.asks_the_book or conditions.visit is not None
    start = day_bounds(since - YEAR if asks else since)[0]
    read = book.payments_made(session, who.district_id, since=start, until=day_bounds(until)[1])
    past = list(map(Past._make, read))
    members = people_in(session, who.district_id, conditions.segment.kind) if conditions.segment and conditions.segment.is_kept else []
    uses = rehearse(conditions, pieces, per_person, past, since, until, frozenset(members))
    people = in_tens(len({one.past.person for one in uses}))
    payments = sum(1 for one in past if since <= one.day)
    if people is None:
        return Rehearsal(since, until, payments, None, 0, 0, 0, None, (), (), ())
    shops = {shop.id: shop for shop in merchant.queries.shops(session, who.district_id)}
    weeks = _rows(uses, lambda one: since + (one.past.day - since) // WEEK * WEEK, sort=lambda row: row.day or since)
    by_shop = _rows(uses, lambda one: shops[one.past.shop].name, sort=lambda row: -(row.cost or 0))
    by_trade = _rows(uses, lambda one: shops[one.past.shop].trade, sort=lambda row: -(row.cost or 0))
    return Rehearsal(
        first=since,
        last=until,
        payments=payments,
        people=people,
        pieces=len(uses),
        cost=sum(one.discount for one in uses),
        sales=sum(one.past.bill for one in uses),
        sold_out=uses[-1].past.day if len(uses) == pieces else None,
        weeks=weeks,
        shops=by_shop,
        trades=by_trade,
        sizes=_sizes([one for one in past if since <= one.day], uses, {shop.id: shop.size for shop in shops.values()}),
        burn=tuple(burn(uses, since, until)),
    )


def _sizes(past: list[Past], uses: list[Use], size_of: dict[int, str]) -> tuple[RehearsedSize, ...]:
    """Small shops first. With two rows each follows from the other, so both are told or neither."""
    paid = {size: [one for one in past if size_of[one.shop] == size] for size in SIZES}
    gained = {size: [one for one in uses if size_of[one.past.shop] == size] for size in SIZES}
    groups = [Group(size, len({one.past.person for one in gained[size]})) for size in SIZES]
    groups += [Group(size, len({one.person for one in paid[size]})) for size in SIZES]
    is_told = not hidden(groups[:2]) and not hidden(groups[2:])
    sums = {size: (sum(one.bill for one in paid[size]), sum(one.discount for one in gained[size])) for size in SIZES}
    usual, gain = (_percents([sums[size][place] for size in SIZES]) for place in (0, 1))
    return tuple(
        RehearsedSize(
            size,
            len({one.shop for one in paid[size]}),
            usual[at] if is_told else None,
            gain[at] if is_told else None,
            sums[size][1] if is_told else None,
        )
        for at, size in enumerate(SIZES)
    )


def _percents(sums: list[int]) -> list[int | None]:
    """What small and large shops have of the whole, in per cent that make 100; None where there is no whole."""
    small, large = sums
    if not small + large:
        return [None, None]
    percent = (small * 200 + small + large) // (2 * (small + large))  # half a per cent goes up
    return [percent, 100 - percent]


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A day or a shop of a coupon. `claimed`: None for a shop. Figures are None where fewer than ten people stand behind them."""

    name: str
    day: date | None
    claimed: int | None
    pieces: int | None
    cost: int | None
    sales: int | None

    @property
    def is_hidden(self) -> bool:
        return self.pieces is None


@dataclass(frozen=True, slots=True)
class Live:
    """What became of a coupon, day by day from its first on, and shop by shop, the most costly first."""

    days: tuple[LiveRow, ...]
    shops: tuple[LiveRow, ...]


def coupon_live(session: Session, who: Principal, coupon_id: int, *, now: datetime) -> Live:
    """Days and shops of one coupon, from the book. Raises CouponUnknown."""
    terms = listed_coupon(session, who, coupon_id, now=now).terms
    moves = book.coupon_moves(session, who.district_id, coupon_id)
    uses = [one for one in moves if one.is_use]
    first = min([terms.first_day, *(one.day for one in moves)])
    last = max([min(terms.last_day, tokyo_day(now)), *(one.day for one in moves)], default=first)
    days = [first + timedelta(days=number) for number in range(max((last - first).days + 1, 0))]
    by_day = [Group(day, *_of([one for one in moves if one.day == day])) for day in days] if moves else []
    names = {shop.id: shop.name for shop in merchant.queries.shops(session, who.district_id)}
    by_shop = [
        Group(names[shop], *_of([one for one in uses if one.shop == shop])) for shop in {one.shop for one in uses} if shop is not None
    ]
    by_shop.sort(key=lambda group: -group.figures[2])
    return Live(_live(by_day), _live(by_shop))


def _of(moves: list[CouponMove]) -> tuple[int, tuple[int, ...]]:
    """People, and claimed, used, cost and sales of these."""
    uses = [one for one in moves if one.is_use]
    figures = (len(moves) - len(uses), len(uses), sum(one.discount for one in uses), sum(one.bill for one in uses))
    claimers = {one.person for one in moves if not one.is_use}
    users = {one.person for one in uses}
    groups = [len(some) for some in (claimers, users) if some]
    return min(groups, default=0), figures  # the smaller of both is what must not be told


def _live(groups: list[Group]) -> tuple[LiveRow, ...]:
    veiled = hidden(groups)
    rows = []
    for place, group in enumerate(groups):
        day = group.name if isinstance(group.name, date) else None
        figures: tuple[int | None, ...] = (None,) * 4 if place in veiled else group.figures
        rows.append(LiveRow("" if day else str(group.name), day, *figures))
    return tuple(rows)


def _same_weekdays(first: date, last: date, today: date) -> tuple[date, date]:
    """The latest days before today that are as many and begin on the same weekday."""
    weeks = max(0, -(-((last - today).days + 1) // 7))
    return first - weeks * WEEK, last - weeks * WEEK


def _rows(uses: Iterable[Use], name: Callable[[Use], str | date], *, sort: Callable[[RehearsedRow], object]) -> tuple[RehearsedRow, ...]:
    by: dict[str | date, list[Use]] = {}
    for one in uses:
        by.setdefault(name(one), []).append(one)
    groups = [
        Group(
            which,
            len({one.past.person for one in mine}),
            (len(mine), sum(one.discount for one in mine), sum(one.past.bill for one in mine)),
        )
        for which, mine in by.items()
    ]
    veiled = hidden(groups)
    rows = []
    for place, group in enumerate(groups):
        day = group.name if isinstance(group.name, date) else None
        row = RehearsedRow("" if day else str(group.name), day, *group.figures)
        rows.append(replace(row, pieces=None, cost=None, sales=None) if place in veiled else row)
    return tuple(sorted(rows, key=sort))  # type: ignore[arg-type]
