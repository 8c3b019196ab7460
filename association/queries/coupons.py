"""クーポン: their terms, where their pieces are, and what they have cost whom. Figures come from the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CouponUnknown
from association.queries.shop_classes import ALL, TRADES, Members, members
from association.rules import Conditions, Segment, Split, Visit, split_discount
from base.clock import day_bounds, tokyo_day
from ledger.errors import TransactionUnknown
from ledger.queries import NO_PIECES


@dataclass(frozen=True, slots=True)
class CouponPart:
    """Who pays `amount` yen of one piece. `payer`: shop, association or funder. `account_id`: None for the shop."""

    place: int
    payer: str
    funder: str | None
    percent: int
    amount: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon is. Amounts in yen; `amount_off`: the most that a piece takes off; `shop_ids`: None for all shops, or all of
    `shop_class` (small, or trades: those of `trades`); `lands_in`: the coin in which shops get the discount. `way`: open, poster or
    receipt; `together`: goes with others that say so on one bill. `valid_days`: how long a piece can be used from the day of its receipt
    on, that day included; None: to `last_day`.
    """

    id: int
    name: str
    name_en: str
    amount_off: int
    min_spend: int
    first_day: date
    last_day: date
    valid_days: int | None
    pieces: int
    per_person: int
    shop_ids: frozenset[int] | None
    shop_class: str
    trades: tuple[str, ...]
    lands_in: int
    used_account_id: int
    proposal_id: int
    made_by: int
    made_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    parts: tuple[CouponPart, ...]
    conditions: Conditions
    way: str
    together: bool
    link_code: str

    @property
    def percent(self) -> int | None:
        """None: it takes off just its amount."""
        return self.conditions.percent

    def follows(self, merchant_id: int) -> bool:
        """Whether it is given with a payment at this shop."""
        sources = self.conditions.sources
        return self.way == "receipt" and (merchant_id in sources if sources else self.conditions.is_for(merchant_id))

    @property
    def begins(self) -> datetime:
        return day_bounds(self.first_day)[0]

    @property
    def ends(self) -> datetime:
        """The first moment at which it has ended."""
        return day_bounds(self.last_day)[1]

    def received(self, day: date) -> CouponTerms:
        """The same as it stands for whoever received it on this day: with their own last day."""
        if self.valid_days is None:
            return self
        return replace(self, last_day=min(self.last_day, day + timedelta(days=self.valid_days - 1)))

    def shop_part(self, discount: int) -> int:
        """What of a discount of so many yen the shop itself bears."""
        return self._split(discount).shop

    def funded(self, discount: int) -> tuple[tuple[int, int], ...]:
        """What the shop is paid for of such a discount: account and yen of each payer but the shop itself."""
        accounts = [part.account_id for part in self.parts if part.account_id is not None]
        return tuple((account, part) for account, part in zip(accounts, self._split(discount).others, strict=True) if part)

    def _split(self, discount: int) -> Split:
        own = sum(part.percent for part in self.parts if part.account_id is None)
        return split_discount(discount, own, [part.percent for part in self.parts if part.account_id is not None])


TERMS = """
    SELECT c.id, c.name, c.name_en, c.amount_off, c.min_spend, c.first_day, c.last_day, c.valid_days, c.pieces, c.per_person,
        c.all_shops, c.shop_class, c.trades, c.lands_in,
        c.used_account_id, c.proposal_id, c.made_by, c.made_at, c.ended_at, c.end_reason, c.percent,
        c.weekdays, c.from_minute, c.until_minute, c.visit, c.within_days, c.segment, c.segment_days, c.segment_trade, c.segment_without,
        c.way, c.together, c.link_code,
        ARRAY(SELECT s.merchant_id FROM coupon_source s WHERE s.district_id = c.district_id AND s.coupon_id = c.id) AS sources,
        ARRAY(SELECT s.merchant_id FROM coupon_shop s WHERE s.district_id = c.district_id AND s.coupon_id = c.id) AS shops,
        (SELECT jsonb_agg(jsonb_build_array(p.place, p.payer, f.name, p.percent, p.amount, p.account_id) ORDER BY p.place)
         FROM coupon_share p LEFT JOIN funder f ON f.district_id = p.district_id AND f.id = p.funder_id
         WHERE p.district_id = c.district_id AND p.coupon_id = c.id) AS parts
    FROM coupon c WHERE c.district_id = :district_id
"""


TERMS_OF = text(TERMS + " AND c.id = ANY (CAST(:ids AS bigint[])) ORDER BY c.id")


TERMS_SINCE = text(TERMS + " AND c.last_day >= :since AND (CAST(:way AS text) IS NULL OR c.way = :way) ORDER BY c.last_day, c.id")


TERMS_ALL = text(TERMS + " ORDER BY c.id DESC")


TERMS_BY_CODE = text(TERMS + " AND c.link_code = :code")


def coupon_by_code(session: Session, district_id: int, code: str) -> CouponTerms:
    """The coupon that a poster's link leads to. Raises CouponUnknown. For doors that have asked already."""
    row = session.execute(TERMS_BY_CODE, {"district_id": district_id, "code": code}).one_or_none()
    if row is None:
        raise CouponUnknown
    return terms_of_rows(session, district_id, [row])[0]


GIVEN_FOR = timedelta(days=1)
"""How long after a payment its extra can be taken."""


def own_payment(session: Session, district_id: int, person_id: int, transaction_id: int, *, now: datetime) -> int | None:
    """The shop of a payment that this person has just made and did not get back whole; None for anything else."""
    try:
        paid = book.transaction(session, district_id, transaction_id)
    except TransactionUnknown:
        return None
    is_mine = any(line.role == "consumer" and line.owner_id == person_id for line in paid.lines)
    reached = -sum(line.amount for line in paid.lines if line.role == "payable")
    if paid.kind not in ("payment", "coupon_payment") or not is_mine or paid.refunded >= reached or now - paid.posted_at > GIVEN_FOR:
        return None
    return next(line.owner_id for line in paid.lines if line.role == "payable")


def extras(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> list[OfferedCoupon]:
    """What is given now with a payment at this shop, while something is left. For doors that have asked already."""
    offered = offered_coupons(session, district_id, since=tokyo_day(now), way="receipt")
    return [
        one for one in offered if one.left and one.terms.ended_at is None and one.terms.begins <= now and one.terms.follows(merchant_id)
    ]


def with_trade(session: Session, district_id: int, conditions: Conditions) -> Conditions:
    """The same, with the shops of its class and of its segment's trades looked up."""
    of = members(session, district_id)
    if conditions.shops is None and conditions.shop_class != ALL:
        conditions = replace(conditions, shops=of(conditions.shop_class, conditions.trades))
    segment = conditions.segment
    if segment is not None and segment.trade:
        conditions = replace(conditions, segment_shops=of(TRADES, (segment.trade,)))
    if segment is not None and segment.without:
        conditions = replace(conditions, segment_not_at=of(TRADES, (segment.without,)))
    return conditions


def coupon_terms(session: Session, district_id: int, coupon_ids: Sequence[int]) -> list[CouponTerms]:
    """The terms of these coupons, in one statement. For doors that have asked already."""
    return terms_of_rows(session, district_id, session.execute(TERMS_OF, {"district_id": district_id, "ids": list(coupon_ids)}).all())


def terms_since(session: Session, district_id: int, day: date) -> list[CouponTerms]:
    """The terms of every coupon whose last day is `day` or later, approved or not. For doors that have asked already."""
    return terms_of_rows(session, district_id, session.execute(TERMS_SINCE, {"district_id": district_id, "since": day, "way": None}).all())


@dataclass(frozen=True, slots=True)
class OfferedCoupon:
    """An approved coupon. `left`: pieces that can still be claimed."""

    terms: CouponTerms
    left: int


def offered_coupons(session: Session, district_id: int, *, since: date, way: str | None = None) -> list[OfferedCoupon]:
    """Approved coupons whose last day is `since` or later, the one that ends first in front. For doors that have asked already."""
    rows = session.execute(TERMS_SINCE, {"district_id": district_id, "since": since, "way": way}).all()
    where = book.pieces(session, district_id, held=False) if rows else {}
    found = terms_of_rows(session, district_id, rows)
    return [OfferedCoupon(terms, where[terms.id].stock) for terms in found if where.get(terms.id, NO_PIECES).issued]


def terms_of_rows(session: Session, district_id: int, rows: Sequence[Row[Any]]) -> list[CouponTerms]:
    of = members(session, district_id)
    return [_terms(row, of) for row in rows]


def _terms(row: Row[Any], of: Members) -> CouponTerms:
    return CouponTerms(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        amount_off=row.amount_off,
        min_spend=row.min_spend,
        first_day=row.first_day,
        last_day=row.last_day,
        valid_days=row.valid_days,
        pieces=row.pieces,
        per_person=row.per_person,
        shop_ids=None if row.all_shops else frozenset(row.shops),
        shop_class=row.shop_class,
        trades=tuple(row.trades),
        lands_in=row.lands_in,
        used_account_id=row.used_account_id,
        proposal_id=row.proposal_id,
        made_by=row.made_by,
        made_at=row.made_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        parts=tuple(CouponPart(*part) for part in row.parts),
        conditions=_conditions(row, of),
        way=row.way,
        together=row.together,
        link_code=row.link_code,
    )


def _conditions(row: Row[Any], of: Members) -> Conditions:
    every = None if row.shop_class == ALL else of(row.shop_class, row.trades)
    return Conditions(
        amount_off=row.amount_off,
        min_spend=row.min_spend,
        percent=row.percent,
        weekdays=row.weekdays,
        from_minute=row.from_minute,
        until_minute=row.until_minute,
        visit=None if row.visit is None else Visit(row.visit),
        within_days=row.within_days,
        shops=every if row.all_shops else frozenset(row.shops),
        shop_class=row.shop_class,
        trades=frozenset(row.trades),
        sources=frozenset(row.sources),
        segment=None if row.segment is None else Segment(row.segment, row.segment_days, row.segment_trade or "", row.segment_without or ""),
    )
