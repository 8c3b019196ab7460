"""A code above the consumer's limit: the shop asks, the amount is held, the consumer answers within a minute."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

import association.queries
import identity.commands
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
from association.queries import CouponTerms
from base.db import atomic, wake
from identity.queries import Principal, person_topic
from ledger.commands import Fact, Posted, hash_command
from ledger.errors import HoldEnded
from merchant.commands import Payers
from merchant.errors import ShopSuspended
from merchant.queries import Shop
from wallet.commands.confirm import prove
from wallet.commands.lock import lock_wallet
from wallet.commands.pay import Planned, cash_facts, landing, post
from wallet.errors import (
    ConfirmationNeeded,
    ConsentDeclined,
    ConsentOver,
    ConsentUnknown,
    ConsentWithdrawn,
    NewDeviceLimit,
)
from wallet.models import Consent, ConsentLine, ConsentState
from wallet.queries.consents import EXPIRED, ConsentView, as_view, consent_lines
from wallet.queries.coupons import as_received
from wallet.queries.purses import Limits, limits, must_not_be_stopped, yen_balances
from wallet.rules import CONSENT_LIFE, Offer, Part, Tender

GRACE = timedelta(seconds=5)
"""The hold outlives the question by this much, so that an answer in its last moment still pays."""

REFUSALS = {EXPIRED: ConsentOver, ConsentState.declined: ConsentDeclined, ConsentState.withdrawn: ConsentWithdrawn}


def ask_consent(
    session: Session,
    who: Principal,
    payer: Principal,
    shop: Shop,
    tender: Tender,
    key: UUID,
    content: bytes,
    *,
    cash: int = 0,
    request_id: UUID | None = None,
    now: datetime,
) -> ConsentView:
    """Hold the amount and ask the consumer; their phone is told after the commit. Inside the caller's transaction."""
    assert payer.person_id is not None
    held_until = min([now + CONSENT_LIFE + GRACE, *_ends(session, who.district_id, tender)])  # no hold outlives its series
    consent_id = uuid.uuid4()
    session.execute(
        insert(Consent).values(
            district_id=who.district_id,
            id=consent_id,
            person_id=payer.person_id,
            merchant_id=shop.id,
            till_id=who.till_id,
            staff_id=who.staff_id,
            amount=tender.amount + tender.discount,
            coupon_id=tender.offers[0].coupon_id if tender.offers else None,
            discount=tender.discount,
            cash=cash,
            request_id=request_id,
            key=key,
            command_hash=content,
            state=ConsentState.waiting,
            asked_at=now,
            expires_at=min(now + CONSENT_LIFE, held_until),
        )
    )
    pieces = [Part(offer.account_id, offer.coupon_id, 1) for offer in tender.offers]
    planned = enumerate([*tender.parts, *pieces])
    for place, part in sorted(planned, key=lambda each: each[1].account_id):  # held in the order in which accounts are locked
        hold_id = ledger.commands.place_hold(
            session,
            who.district_id,
            part.account_id,
            part.amount,
            key=uuid.uuid5(consent_id, str(part.account_id)),
            command_hash=hash_command("wallet.hold", consent_id, part.account_id, part.amount),
            expires_at=held_until,
        )
        session.execute(
            insert(ConsentLine).values(
                district_id=who.district_id,
                consent_id=consent_id,
                account_id=part.account_id,
                series_id=part.series_id,
                amount=part.amount,
                hold_id=hold_id,
                place=place,
            )
        )
    wake(session, person_topic(who.district_id, payer.person_id))
    return as_view(session, session.get_one(Consent, (who.district_id, consent_id)), now)


def consent_to(session: Session, who: Principal, consent_id: UUID, *, pin: str | None = None, now: datetime) -> Posted:
    """Agree: what was held is paid. Agreeing again gives the same answer again.

    Raises ConsentUnknown, ConsentOver, ConsentDeclined, ConsentWithdrawn, AccountFrozen, ShopSuspended, NewDeviceLimit,
    ConfirmationNeeded and what the PIN's door says.
    """
    identity.commands.authorise(session, who, "wallet.consent", subject=f"consent:{consent_id}")
    assert who.person_id is not None
    with atomic(session):
        chosen = lock_wallet(session, who.district_id, who.person_id)
        asked = _own(session, who, consent_id)
        before = ledger.queries.find_key(session, who.district_id, asked.key, asked.command_hash)
        if before is not None:
            return before
        must_not_be_refused(as_view(session, asked, now))
        must_not_be_stopped(yen_balances(session, who.district_id, who.person_id))
        own = limits(chosen, who, ledger.queries.running_series(session, who.district_id, now=now), now=now)
        pays = asked.amount - asked.discount
        if pays > own.pin_above:
            prove(session, who, pin, ConfirmationNeeded(limit=own.pin_above), now=now)
        if own.new_device_max is not None and pays > own.new_device_max:
            raise NewDeviceLimit(limit=own.new_device_max, until=who.limited_until)
        posted, payers = _pay_held(session, who, asked, now)
        if asked.request_id is not None:
            paid = (asked.request_id, posted.transaction_id, asked.cash)
            merchant.commands.paid_by_code(session, who.district_id, *paid, payers, now=now)
        _close(session, asked, ConsentState.paid, now, transaction_id=posted.transaction_id)
        return posted


def decline(session: Session, who: Principal, consent_id: UUID, *, now: datetime) -> ConsentView:
    """Say no: nothing is paid and what was held is free again. One that is over stays as it is; the answer says which."""
    identity.commands.authorise(session, who, "wallet.consent", subject=f"decline:{consent_id}")
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        return _end(session, _own(session, who, consent_id), ConsentState.declined, now)


def withdraw_consent(session: Session, who: Principal, consent_id: UUID, *, now: datetime) -> ConsentView:
    """The shop takes its question back. One that was paid stays paid; the answer says which. Raises ConsentUnknown."""
    identity.commands.authorise(session, who, "wallet.pay_by_code")
    asked = session.get(Consent, (who.district_id, consent_id))
    if asked is None or asked.merchant_id != who.merchant_id:
        raise ConsentUnknown
    with atomic(session):
        lock_wallet(session, who.district_id, asked.person_id)
        return _end(session, session.get_one(Consent, (who.district_id, consent_id), populate_existing=True), ConsentState.withdrawn, now)


def must_not_be_refused(asked: ConsentView) -> None:
    """Raises ConsentOver, ConsentDeclined or ConsentWithdrawn for a question that came to nothing."""
    if asked.state in REFUSALS:
        raise REFUSALS[asked.state]


def _own(session: Session, who: Principal, consent_id: UUID) -> Consent:
    asked = session.get(Consent, (who.district_id, consent_id), populate_existing=True)
    if asked is None or asked.person_id != who.person_id:
        raise ConsentUnknown
    return asked


def _pay_held(session: Session, who: Principal, asked: Consent, now: datetime) -> tuple[Posted, Payers]:
    """Post what is held, and say who pays for its coupons. The book takes one hold itself, and by its own clock refuses one that is over:
    all of a question end at the same moment. With several balances the others are given back first, under the locks, which are taken in
    the order of the accounts as everywhere."""
    shop = merchant.queries.merchant(session, asked.district_id, asked.merchant_id)
    if not shop.is_open:
        raise ShopSuspended
    lines = consent_lines(session, asked)
    planned = _as_planned(session, asked, lines, now)
    *others, taken = sorted(lines, key=lambda line: line.account_id)
    if not all(ledger.commands.release_hold(session, asked.district_id, line.hold_id) for line in others):
        raise ConsentOver  # somebody has given back what was held
    request = None if asked.request_id is None else str(asked.request_id)
    facts: dict[str, Fact] = {"way": "cpm", "merchant": shop.id, "till": asked.till_id, "request": request, "staff": asked.staff_id}
    facts |= cash_facts(asked.amount, asked.cash)
    try:
        posted = post(session, who, shop, planned, asked.key, asked.command_hash, facts=facts, hold_id=taken.hold_id)
        return posted, planned.payers
    except HoldEnded as error:
        raise ConsentOver from error


def _as_planned(session: Session, asked: Consent, lines: list[ConsentLine], now: datetime) -> Planned:
    """The payment as it was planned when the shop asked, coupon and all. What was ended meanwhile the book refuses."""
    none = Limits(0, 0, 0, 0, 0, None)  # they were looked at above
    used: list[CouponTerms] = []
    if asked.coupon_id is not None:
        named = association.queries.coupon_terms(session, asked.district_id, [line.series_id for line in lines])
        used = as_received(session, asked.district_id, asked.person_id, named)
        used.sort(key=lambda terms: terms.id != asked.coupon_id)
    pieces = {terms.id: terms for terms in used}
    parts = tuple(Part(line.account_id, line.series_id, line.amount) for line in lines if line.series_id not in pieces)
    accounts = {line.series_id: line.account_id for line in lines}
    offers = tuple(
        Offer(each.id, accounts[each.id], each.conditions.discount(asked.amount), each.min_spend, each.begins, each.ends, 1)
        for each in used
    )
    has_voucher = any(ledger.queries.one_series(session, asked.district_id, part.series_id).is_voucher for part in parts)
    tender = Tender(parts, 0, offers)
    assert tender.discount == asked.discount, (tender, asked.id)  # a coupon's terms are never edited
    lands = tuple(landing(session, asked.district_id, each, tender, now=now) for each in used)
    return Planned(tender, none, lands, has_voucher)


def _end(session: Session, asked: Consent, state: ConsentState, now: datetime) -> ConsentView:
    if asked.state is ConsentState.waiting:
        for line in sorted(consent_lines(session, asked), key=lambda line: line.account_id):
            ledger.commands.release_hold(session, asked.district_id, line.hold_id)
        _close(session, asked, state, now)
    return as_view(session, asked, now)


def _close(session: Session, asked: Consent, state: ConsentState, now: datetime, *, transaction_id: int | None = None) -> None:
    session.execute(
        update(Consent)
        .where(Consent.district_id == asked.district_id, Consent.id == asked.id, Consent.state == ConsentState.waiting)
        .values(state=state, closed_at=now, transaction_id=transaction_id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(asked)
    wake(session, merchant.queries.merchant(session, asked.district_id, asked.merchant_id).topic)
    wake(session, person_topic(asked.district_id, asked.person_id))


def _ends(session: Session, district_id: int, tender: Tender) -> list[datetime]:
    taken = {part.series_id for part in tender.parts}
    taken |= {offer.coupon_id for offer in tender.offers}
    ends = [one.valid_until for one in ledger.queries.series(session, district_id) if one.id in taken]
    return [end for end in ends if end is not None]
