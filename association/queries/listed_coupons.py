"""Coupons as the desk lists them: how each stands, what it cost whom, and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CouponDraftUnknown, CouponUnknown
from association.models import CouponDraft, Funder
from association.queries.coupons import TERMS_ALL, CouponPart, CouponTerms, coupon_terms, terms_of_rows
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import NO_PIECES, Pieces


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
    return _listed(session, who, terms_of_rows(session, who.district_id, rows), now)


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
