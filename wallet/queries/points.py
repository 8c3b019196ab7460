"""ポイント of one consumer: what can be spent and until when, what waits and from when, and what a payment earns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import association.queries
import ledger.queries
import merchant.queries
from association.queries import CampaignTerms, PointTerms
from base.clock import tokyo_day
from identity.queries import Principal
from ledger.queries import Balance, Entry
from merchant.queries import Shop
from wallet.queries.purses import reader
from wallet.queries.receipts import Receipt, receipt_of

LONGEST = timedelta(days=28)
"""No points wait longer than this."""
MOVES = 40


@dataclass(frozen=True, slots=True)
class Ending:
    """Points that can be spent up to and with a day."""

    points: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """Points that can be spent from a day on."""

    points: int
    day: date


@dataclass(frozen=True, slots=True)
class MyPoints:
    """What the card shows. `endings`: what can be spent, the one that ends first in front. `waiting`: what cannot yet, by day.

    `terms`: by what a payment earns now, None where nothing does.
    """

    name: str
    name_en: str
    usable: int
    pending: int
    endings: tuple[Ending, ...]
    waiting: tuple[Waiting, ...]
    terms: PointTerms | None
    campaigns: tuple[CampaignTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class PointMove:
    """One line of the page: `points` + came, − went. `shop`: where it was earned or spent."""

    transaction_id: int
    kind: str
    posted_at: datetime
    points: int
    shop: Shop | None
    is_own: bool  # it stands in the history as well


@dataclass(frozen=True, slots=True)
class PointsPage:
    mine: MyPoints
    moves: tuple[PointMove, ...]


def points_of(session: Session, district_id: int, person_id: int, held: Sequence[Balance], *, now: datetime) -> MyPoints | None:
    """The card of whoever holds `held`; None where this district gives no points and they have none."""
    programmes = association.queries.begun_programmes(session, district_id)
    if not programmes:
        return None
    usable = [one for one in held if one.series.is_points and one.series.is_valid(now) and one.available > 0]
    usable.sort(key=lambda one: one.series.valid_until or now)
    waits = _waiting(session, district_id, person_id, programmes, now)
    terms = association.queries.programme_at(programmes, now)
    called = terms or programmes[0]
    return MyPoints(
        name=called.name,
        name_en=called.name_en,
        usable=sum(one.available for one in usable if one.state == "open"),
        pending=sum(each.points for each in waits),
        endings=tuple(Ending(one.available, tokyo_day((one.series.valid_until or now) - timedelta(seconds=1))) for one in usable),
        waiting=waits,
        terms=terms,
    )


def points_page(session: Session, who: Principal, *, now: datetime) -> PointsPage | None:
    """The same with what moved lately; None where there is nothing to show."""
    person_id = reader(session, who)
    held = ledger.queries.balances(session, who.district_id, "consumer", person_id)
    mine = points_of(session, who.district_id, person_id, held, now=now)
    if mine is None:
        return None
    mine = replace(mine, campaigns=_campaigns(session, who.district_id, now) if mine.terms else ())
    own = [one.account_id for one in held if one.series.is_points]
    pending = ledger.queries.account_ids(session, who.district_id, "point_pending", person_id)
    entries = ledger.queries.entries(session, who.district_id, [*own, *pending], limit=MOVES) if own or pending else []
    return PointsPage(mine, tuple(_moves(session, who.district_id, entries, set(own))))


def earned_by(session: Session, who: Principal, receipt: Receipt) -> Waiting | None:
    """What a payment earns on the part that was not paid in points, and from when it can be spent; None for nothing."""
    return _earned(session, who.district_id, reader(session, who), receipt)


def earned_of(session: Session, district_id: int, person_id: int, transaction_id: int, *, now: datetime) -> Waiting | None:
    """The same for whoever has shown the card of this person. Raises TransactionUnknown, also for somebody else's."""
    return _earned(session, district_id, person_id, receipt_of(session, district_id, person_id, transaction_id, now=now))


def _earned(session: Session, district_id: int, person_id: int, receipt: Receipt) -> Waiting | None:
    if receipt.kind != "payment" or receipt.refunded:
        return None
    terms = association.queries.programme_at(association.queries.begun_programmes(session, district_id), receipt.posted_at)
    base = sum(line.amount for line in receipt.lines if not line.series.is_points)
    points = 0 if terms is None else terms.rate.earned(base)
    if terms is None or points < 1:
        return None
    booked = _booked(session, district_id, person_id, receipt)
    if booked is None:
        day = tokyo_day(receipt.posted_at)
        campaigns = association.queries.begun_campaigns(session, district_id, since=day)
        given = association.queries.given_of(session, district_id, campaigns)
        best = association.queries.best_bonus(campaigns, given, receipt.posted_at, receipt.shop.id if receipt.shop else None, points)
        booked = points + (best[1] if best else 0)
    return Waiting(booked, terms.spendable_from(receipt.posted_at))


def _booked(session: Session, district_id: int, person_id: int, receipt: Receipt) -> int | None:
    """What the book says that a payment has earned; None as long as it was not looked at."""
    pending = ledger.queries.account_ids(session, district_id, "point_pending", person_id)
    if not pending:
        return None
    entries = ledger.queries.entries(session, district_id, pending, since=receipt.posted_at, kinds=("point_earn",), limit=None)
    return next((entry.amount for entry in entries if entry.facts.get("payment") == receipt.transaction_id), None)


def _campaigns(session: Session, district_id: int, now: datetime) -> tuple[CampaignTerms, ...]:
    """Those that run now, or soon will, and have budget."""
    found = association.queries.begun_campaigns(session, district_id, since=tokyo_day(now))
    given = association.queries.given_of(session, district_id, found)
    return tuple(each for each in found if each.ended_at is None and given.get(each.id, 0) < each.budget)


def _waiting(session: Session, district_id: int, person_id: int, programmes: Sequence[PointTerms], now: datetime) -> tuple[Waiting, ...]:
    by_lot = {each.series_id: each.programme_id for each in association.queries.lots(session, district_id)}
    days = {each.id: each.pending_days for each in programmes}
    found: dict[date, int] = {}
    for series_id, paid_on, points in ledger.queries.pending_by_day(session, district_id, person_id, since=tokyo_day(now - LONGEST)):
        day = max(paid_on + timedelta(days=days[by_lot[series_id]]), tokyo_day(now))
        found[day] = found.get(day, 0) + points
    pending = sum(one.balance for one in ledger.queries.balances(session, district_id, "point_pending", person_id))
    rest = pending - sum(found.values())  # of a wallet that was stopped when its day came
    if rest > 0:
        found[tokyo_day(now)] = found.get(tokyo_day(now), 0) + rest
    return tuple(Waiting(points, day) for day, points in sorted(found.items()))


def _moves(session: Session, district_id: int, entries: Sequence[Entry], own: set[int]) -> list[PointMove]:
    """What came and what went, several lots of one payment as one; what only became spendable are the same points, and stand here once."""
    shop_ids = {_shop_id(entry) for entry in entries} - {None}
    shops = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=sorted(filter(None, shop_ids)))} if shop_ids else {}
    found: dict[int, PointMove] = {}
    for entry in entries:
        if entry.kind == "point_release":
            continue
        before = found.get(entry.transaction_id)
        found[entry.transaction_id] = PointMove(
            entry.transaction_id,
            entry.kind,
            entry.posted_at,
            entry.amount + (before.points if before else 0),
            shops.get(_shop_id(entry) or 0),
            entry.account_id in own,
        )
    return list(found.values())


def _shop_id(entry: Entry) -> int | None:
    if entry.counter_role == "payable" and entry.kind not in ("point_earn", "point_back"):
        return entry.counter_owner_id
    return int(entry.facts.get("shop") or 0) or None if entry.kind in ("point_earn", "point_back") else None
