"""プレミアムの記帳: what of the premium was used becomes what its payers owe, what never was used goes back, once a campaign.

While people pay, nothing of this is touched. The worker comes by each night, books the difference between what the book should say
and what it says, and after the end shares what expired. A refund that comes later is only another difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.funders import one_arrival_at_a_time
from association.commands.keys import own_key
from association.commands.proposals import earlier_proposal, propose
from association.errors import FunderOverpaid, VoucherNothingToReturn, VoucherUnknown
from association.models import Voucher
from association.queries.voucher_accounts import VoucherAccount, account_of
from association.queries.vouchers import VoucherTerms, approved_vouchers, one_voucher
from association.rules import unspent
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Line, Posted

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class VoucherFunderPays:
    """A funder's money has arrived. `place`: which share of the premium; `into`: safe or bank; `amount` in yen."""

    voucher_id: int
    place: int
    amount: int
    into: str
    key: UUID


@dataclass(frozen=True, slots=True)
class VoucherReturn:
    """What a funder has in credit goes back to it: the price that was never used was more than its share of the premium."""

    voucher_id: int
    place: int
    out_of: str
    note: str
    key: UUID


def book_premiums(session: Session, *, now: datetime) -> int:
    """Book, for every campaign of every district, what was used since the last time; gives how many were moved.

    For the worker: once a day and campaign, since it looks at every entry of it; after the end as often as it comes by, until all is
    shared. Again is harmless. A campaign a database transaction, so that one does not hold another up.
    """
    moved = 0
    for district in identity.queries.districts(session):
        district_id = district.id
        for terms in approved_vouchers(session, district_id):
            with atomic(session):
                _alone(session, district_id, terms)
                if _is_due(session, district_id, terms, now):
                    moved += _book(session, district_id, terms, now)
    return moved


def voucher_funder_pays(session: Session, who: Principal, order: VoucherFunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against its share of the premium that was used up to now. Raises VoucherUnknown, FunderOverpaid, KeyReused."""
    assert order.into in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"voucher:{order.voucher_id}.{order.place} {order.amount}")
        content = book.hash_command("association.voucher_funder_pays", order.voucher_id, order.place, order.amount, order.into)
        terms = one_voucher(session, who.district_id, order.voucher_id)
        _alone(session, who.district_id, terms)
        before = read.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        part = next((each for each in terms.parts if each.place == order.place and each.payer == "funder"), None)
        if part is None:
            raise VoucherUnknown
        _book(session, who.district_id, terms, now)
        one_arrival_at_a_time(session, who.district_id)
        owed = read.balance(session, who.district_id, part.account_id)
        if not 1 <= order.amount <= owed:
            raise FunderOverpaid(owed=max(owed, 0))
        into = book.open_account(session, who.district_id, order.into, 0, 0)
        facts = {"voucher": terms.id, "staff": who.person_id}
        lines = book.transfer(into, part.account_id, order.amount)
        return book.post(session, who.district_id, Draft("funder_pays", order.key, content, lines, facts))


def propose_voucher_return(session: Session, who: Principal, order: VoucherReturn, *, now: datetime) -> int:
    """Lay before a second person that a funder gets back what it has in credit, all of it, and give the proposal's number.

    Raises VoucherUnknown, VoucherNothingToReturn, KeyReused.
    """
    assert order.out_of in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"voucher:{order.voucher_id}.{order.place} return")
        content = book.hash_command("association.voucher_return", order.voucher_id, order.place, order.out_of)
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        terms = one_voucher(session, who.district_id, order.voucher_id)
        _alone(session, who.district_id, terms)
        part = next((each for each in terms.parts if each.place == order.place and each.payer == "funder"), None)
        if part is None:
            raise VoucherUnknown
        _book(session, who.district_id, terms, now)
        credit = -read.balance(session, who.district_id, part.account_id)
        waiting = read.proposals(session, who.district_id, waiting=True, purpose="voucher_return", limit=1_000)
        if credit < 1 or any(line.account_id == part.account_id for each in waiting for item in each.items for line in item.lines):
            raise VoucherNothingToReturn
        lines = book.transfer(part.account_id, book.open_account(session, who.district_id, order.out_of, 0, 0), credit)
        draft = Draft("funder_returned", order.key, content, lines, {"voucher": terms.id, "staff": who.person_id})
        return propose(session, who, "voucher_return", [draft], {"voucher": terms.id, "note": order.note or None})


def _is_due(session: Session, district_id: int, terms: VoucherTerms, now: datetime) -> bool:
    """Whether to look at a campaign now; it is noted, under its lock."""
    row = session.get_one(Voucher, (district_id, terms.id), populate_existing=True)
    waiting = (terms.premium_account_id, terms.expired_account_id) if now >= terms.ends else ()
    if (
        row.looked_at is not None
        and tokyo_day(row.looked_at) >= tokyo_day(now)
        and not any(read.balance(session, district_id, account_id) for account_id in waiting)
    ):
        return False
    row.looked_at = now
    return True


def _alone(session: Session, district_id: int, terms: VoucherTerms) -> None:
    session.execute(ONE_AT_A_TIME, {"what": f"association.voucher_premium {district_id} {terms.id}"})


def _book(session: Session, district_id: int, terms: VoucherTerms, now: datetime) -> int:
    """Post what is missing, under the campaign's lock; 1 where anything was. A book that does not add up is left alone."""
    seen = account_of(session, district_id, terms, now=now)
    if seen.figures.difference:
        return 0
    posted = _post(session, district_id, terms, "voucher_premium", _used(session, district_id, seen))
    if seen.is_over:
        posted |= _post(session, district_id, terms, "voucher_close", _never_used(session, district_id, seen))
    return int(posted)


def _used(session: Session, district_id: int, seen: VoucherAccount) -> dict[int, int]:
    """account → yen that its debit should have in all: the payers' shares, and as much off the premium that was granted."""
    shares = {claim.part.account_id: claim.cost for claim in seen.claims}
    return _missing(session, district_id, "voucher_premium", {**shares, seen.terms.premium_account_id: -seen.claimed})


def _never_used(session: Session, district_id: int, seen: VoucherAccount) -> dict[int, int]:
    """The same for what expired: premium that nobody used falls away, and what had been paid for goes where the campaign says."""
    terms = seen.terms
    rest = unspent(seen.figures.sold, seen.figures.used, terms.premium, terms.face)
    backs = {claim.part.account_id: -claim.returned for claim in seen.claims if claim.returned}
    target = {terms.premium_account_id: -rest.premium, terms.expired_account_id: rest.premium + rest.paid, **backs}
    kept = rest.paid + sum(backs.values())
    if terms.unspent_to == "association":
        target[book.open_account(session, district_id, "breakage", terms.id, 0)] = -kept
    return _missing(session, district_id, "voucher_close", target)


def _missing(session: Session, district_id: int, kind: str, target: dict[int, int]) -> dict[int, int]:
    """What this kind still has to move on each account, debit positive."""
    debits = read.debits_of_kind(session, district_id, list(target), kind)
    return {account_id: amount - debits.get(account_id, 0) for account_id, amount in target.items()}


def _post(session: Session, district_id: int, terms: VoucherTerms, kind: str, missing: dict[int, int]) -> bool:
    lines = tuple(Line(account_id, amount) for account_id, amount in missing.items() if amount)
    if not lines:
        return False
    nth = read.postings(session, district_id, terms.premium_account_id, kind).times
    if kind == "voucher_close":  # a refund that came late may leave the premium as it was
        nth = read.postings(session, district_id, terms.expired_account_id, kind).times
    key = own_key(session, kind, district_id, terms.id, nth)
    content = book.hash_command(f"association.{kind}", terms.id, nth)
    book.post(session, district_id, Draft(kind, key, content, lines, {"voucher": terms.id}))
    return True
