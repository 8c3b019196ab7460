"""クーポン: their terms, where their pieces are, and what they have cost whom. Figures come from the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CouponDraftUnknown, CouponUnknown
from association.models import CouponDraft, Funder
from association.queries.shop_classes import ALL, TRADES, Members, members
from association.rules import Conditions, Segment, Split, Visit, split_discount
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.errors import TransactionUnknown
from ledger.queries import NO_PIECES, Pieces


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
    return _read(session, district_id, [row])[0]


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
    return _read(session, district_id, session.execute(TERMS_OF, {"district_id": district_id, "ids": list(coupon_ids)}).all())


def terms_since(session: Session, district_id: int, day: date) -> list[CouponTerms]:
    """The terms of every coupon whose last day is `day` or later, approved or not. For doors that have asked already."""
    return _read(session, district_id, session.execute(TERMS_SINCE, {"district_id": district_id, "since": day, "way": None}).all())


@dataclass(frozen=True, slots=True)
class OfferedCoupon:
    """An approved coupon. `left`: pieces that can still be claimed."""

    terms: CouponTerms
    left: int


def offered_coupons(session: Session, district_id: int, *, since: date, way: str | None = None) -> list[OfferedCoupon]:
    """Approved coupons whose last day is `since` or later, the one that ends first in front. For doors that have asked already."""
    rows = session.execute(TERMS_SINCE, {"district_id": district_id, "since": since, "way": way}).all()
    where = book.pieces(session, district_id, held=False) if rows else {}
    found = _read(session, district_id, rows)
    return [OfferedCoupon(terms, where[terms.id].stock) for terms in found if where.get(terms.id, NO_PIECES).issued]


@dataclass(frozen=True, slots=True)
class PartCost:
    """What one payer has borne of a coupon so far, in yen. `paid`: what of it has arrived; `owed`: what is outstanding."""

    part: CouponPart
    cost: int
    paid: int

    @property
    def owed(self) -> int:
        return self.cost - self.paid if self.part.payer == "funder" else 0


@dataclass(frozen=True, slots=True)
class ListedCoupon:
    """A coupon as the desk sees it. `state`: waiting, one of book.FALLEN, upcoming, running, over or ended."""

    terms: CouponTerms
    state: str
    pieces: Pieces
    costs: tuple[PartCost, ...]
    maker_name: str | None

    @property
    def cost(self) -> int:
        """What the discounts have cost everybody together, in yen."""
        return sum(each.cost for each in self.costs)


def listed_coupons(session: Session, who: Principal, *, now: datetime) -> list[ListedCoupon]:
    """All coupons, the newest first."""
    authorise(session, who, "association.read")
    rows = session.execute(TERMS_ALL, {"district_id": who.district_id}).all()
    return _listed(session, who, _read(session, who.district_id, rows), now)


def listed_coupon(session: Session, who: Principal, coupon_id: int, *, now: datetime) -> ListedCoupon:
    """Raises CouponUnknown."""
    authorise(session, who, "association.read")
    found = _listed(session, who, coupon_terms(session, who.district_id, [coupon_id]), now)
    if not found:
        raise CouponUnknown
    return found[0]


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What was typed so far; `maker_name`: None once they left. `became`: the number of what was proposed from it."""

    id: int
    fields: dict[str, Any]
    saved_at: datetime
    maker_name: str | None
    became: int | None = None


def coupon_drafts(session: Session, who: Principal) -> list[KeptDraft]:
    """Drafts that were not proposed yet, the newest first."""
    authorise(session, who, "association.read")
    mine = (CouponDraft.district_id == who.district_id, CouponDraft.coupon_id.is_(None))
    rows = session.scalars(select(CouponDraft).where(*mine).order_by(CouponDraft.saved_at.desc())).all()
    names = nicknames(session, who.district_id, {row.made_by for row in rows}) if rows else {}
    return [KeptDraft(row.id, row.fields, row.saved_at, names.get(row.made_by)) for row in rows]


def coupon_draft(session: Session, who: Principal, draft_id: int) -> KeptDraft:
    """One draft, also once it was proposed. Raises CouponDraftUnknown."""
    authorise(session, who, "association.read")
    row = session.get(CouponDraft, (who.district_id, draft_id), populate_existing=True)
    if row is None:
        raise CouponDraftUnknown
    return KeptDraft(row.id, row.fields, row.saved_at, None, row.coupon_id)


def funders(session: Session, who: Principal) -> list[str]:
    """The names of everybody who has been named as a funder."""
    authorise(session, who, "association.read")
    return list(session.scalars(select(Funder.name).where(Funder.district_id == who.district_id).order_by(Funder.name)))


def payers_by_account(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, tuple[str | None, str, str]]:
    """Of accounts of promotion and funder: the funder's name (None: the association) and the two of the coupon or benefit."""
    sql = text(
        "SELECT p.account_id, f.name AS funder, c.name, c.name_en FROM coupon_share p"
        " JOIN coupon c ON c.district_id = p.district_id AND c.id = p.coupon_id"
        " LEFT JOIN funder f ON f.district_id = p.district_id AND f.id = p.funder_id"
        " WHERE p.district_id = :district_id AND p.account_id = ANY (:ids)"
        " UNION ALL SELECT b.account_id, f.name, b.name, b.name_en FROM benefit b"
        " JOIN funder f ON f.district_id = b.district_id AND f.id = b.funder_id"
        " WHERE b.district_id = :district_id AND b.account_id = ANY (:ids)"
    )
    rows = session.execute(sql, {"district_id": district_id, "ids": list(account_ids)})
    return {row.account_id: (row.funder, row.name, row.name_en) for row in rows}


def _listed(session: Session, who: Principal, found: list[CouponTerms], now: datetime) -> list[ListedCoupon]:
    where = {  # what is held is what was issued and is neither in stock nor used: no holder's account is read for a list
        series_id: replace(each, held=each.issued - each.stock - each.used)
        for series_id, each in (book.pieces(session, who.district_id, held=False) if found else {}).items()
    }
    accounts = [part.account_id for terms in found for part in terms.parts if part.account_id is not None]
    borne = book.natural_balances(session, who.district_id, accounts) if accounts else {}
    since = min((terms.made_at for terms in found), default=now) - timedelta(days=1)  # the book's clock is another machine's
    paid = book.sums_of_rare_kind(session, who.district_id, accounts, "funder_pays", since=since) if accounts else {}
    names = nicknames(session, who.district_id, {terms.made_by for terms in found}) if found else {}
    with_own = [terms.id for terms in found if any(part.account_id is None for part in terms.parts)]
    own = book.shops_own_parts(session, who.district_id, with_own) if with_own else {}
    fallen = book.fallen(session, who.district_id, [terms.proposal_id for terms in found])
    return [
        ListedCoupon(
            terms=terms,
            state=_state(terms, where.get(terms.id, NO_PIECES), fallen, now),
            pieces=where.get(terms.id, NO_PIECES),
            costs=tuple(_cost(part, own.get(terms.id, 0), borne, paid) for part in terms.parts),
            maker_name=names.get(terms.made_by),
        )
        for terms in found
    ]


def _cost(part: CouponPart, own: int, borne: dict[int, int], paid: dict[int, int]) -> PartCost:
    """The shops' own part stands on no account, for nobody is paid for it: it is what payments say of it, less what was refunded."""
    if part.account_id is None:
        return PartCost(part, own, 0)
    arrived = -paid.get(part.account_id, 0)
    return PartCost(part, borne.get(part.account_id, 0) + arrived, arrived)


def _state(terms: CouponTerms, where: Pieces, fallen: dict[int, str], now: datetime) -> str:
    if terms.ended_at is not None:
        return "ended"
    if not where.issued:
        return fallen.get(terms.proposal_id, "waiting")
    if now >= terms.ends:
        return "over"
    return "upcoming" if now < terms.begins else "running"


def _read(session: Session, district_id: int, rows: Sequence[Row[Any]]) -> list[CouponTerms]:
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
