"""The shop reads the consumer's one-time code or card: paid at once up to a limit; above it the phone asks, a card's PIN does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
from base.db import atomic
from identity.queries import Principal
from ledger.commands import Fact, Posted
from merchant.errors import AmountTooSmall, NoTill, ShopSuspended
from merchant.queries import Shop
from wallet.commands.card_reading import card_that_was_read
from wallet.commands.consents import ask_consent, must_not_be_refused
from wallet.commands.live_codes import owner_of, readable, use_code
from wallet.commands.lock import lock_wallet
from wallet.commands.pay import cash_facts, plan, post
from wallet.commands.pay_by_card import CardOrder, take_by_card
from wallet.errors import CardUnknown, CodeOfConsumerUnknown
from wallet.queries.consents import ConsentView, consent_by_key
from wallet.rules import ReadCard, ReadCode


@dataclass(frozen=True, slots=True)
class PayByCode:
    """Take `amount` yen from whoever shows `code`: the text or the digits of a phone's code or of a card.

    `key`: one for each intention. `pin`: what the card's holder typed, once it was asked for; a phone has its own ways.
    `cash`: what the shop takes in cash beside it because the balance is short; a fact of the payment, no part of it. Then
    no coupon is used: it is for a bill that coin pays whole. `request_id`: a request of the shop's till that this pays, with its bill.
    """

    code: str
    amount: int
    key: UUID
    pin: str | None = None
    cash: int = 0
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Paid. What the till shows; `amount`: the bill, `discount`: what a coupon took off it. Yen."""

    transaction_id: int
    person_id: int
    amount: int
    discount: int
    posted_at: datetime
    word: str
    number: str
    replayed: bool


def pay_by_code(session: Session, who: Principal, order: PayByCode, *, now: datetime) -> Taken | ConsentView:
    """Take the money, or ask the consumer first: a ConsentView then, waiting for a minute while the amount is held.

    A coupon that applies is used, the best one: the phone lies in the shop's hand when the amount is known, and a coupon
    that was forgotten is what people regret; the code's page says so, and above one's limit the question shows it.
    The same key gives the same answer, by now perhaps Taken. Raises NoTill, AmountTooSmall, CodeOfConsumerUnreadable,
    NumberEntryLocked, CodeOfConsumerUnknown; the book's KeyReused and KeyClosed; for a key that asked before
    ConsentDeclined, ConsentWithdrawn, ConsentOver; ShopSuspended; PaymentTooLarge, AccountFrozen, FloorPassed;
    CodeOfConsumerUsed, CodeOfConsumerExpired. For a card CardUnknown, CardOfAnotherDistrict and what take_by_card says.
    """
    identity.commands.authorise(session, who, "wallet.pay_by_code")
    if who.merchant_id is None:
        raise NoTill
    if order.amount < 1:
        raise AmountTooSmall
    read = readable(order.code)
    if isinstance(read, ReadCard):
        return _by_card(session, who, who.merchant_id, order, read, now=now)
    with atomic(session):
        person_id = owner_of(session, who, read, now=now)
        if person_id is not None:
            return _take(session, who, who.merchant_id, order, read, person_id, now=now)
    raise CodeOfConsumerUnknown


def _by_card(session: Session, who: Principal, merchant_id: int, order: PayByCode, read: ReadCard, *, now: datetime) -> Taken:
    with atomic(session):
        card = card_that_was_read(session, who, read, now=now)
        if card is not None:
            asked = CardOrder(read, order.amount, order.key, order.pin, order.cash, order.request_id)
            posted = take_by_card(session, who, merchant_id, card, asked, now=now)
            assert card.person_id is not None
            return _taken(card.person_id, order.amount, _discount(session, posted, who), posted)
    raise CardUnknown


def _take(
    session: Session, who: Principal, merchant_id: int, order: PayByCode, read: ReadCode, person_id: int, *, now: datetime
) -> Taken | ConsentView:
    """The payment itself, inside the database transaction and under the consumer's lock."""
    chosen = lock_wallet(session, who.district_id, person_id)
    content = ledger.commands.hash_command(
        "wallet.pay_by_code", merchant_id, who.till_id, read.name, order.amount, *([order.cash] if order.cash else [])
    )
    before = _answered(session, who, order, content, person_id, now)
    if before is not None:
        return before
    shop = merchant.queries.merchant(session, who.district_id, merchant_id)
    if not shop.is_open:
        raise ShopSuspended
    if order.request_id is not None:
        merchant.commands.request_for_code(session, who, order.request_id, order.amount + order.cash, now=now)
    use_code(session, who.district_id, read, now=now)
    payer = _payer(who, person_id)
    planned = plan(session, payer, chosen, order.amount, shop, coupon=None if order.cash else "best", now=now)
    if planned.tender.amount > min(planned.limits.ask_above, planned.limits.pin_above):
        return ask_consent(
            session, who, payer, shop, planned.tender, order.key, content, cash=order.cash, request_id=order.request_id, now=now
        )
    facts = facts_of(who, shop, order.request_id) | cash_facts(order.amount, order.cash)
    posted = post(session, payer, shop, planned, order.key, content, facts=facts)
    if order.request_id is not None:
        paid = (order.request_id, posted.transaction_id, order.cash)
        merchant.commands.paid_by_code(session, who.district_id, *paid, planned.payers, now=now)
    return _taken(person_id, order.amount, planned.tender.discount, posted)


def facts_of(who: Principal, shop: Shop, request_id: UUID | None = None) -> dict[str, Fact]:
    """What the book keeps about a payment by the consumer's code."""
    return {"way": "cpm", "merchant": shop.id, "till": who.till_id, "request": _text(request_id), "staff": who.staff_id}


def _text(request_id: UUID | None) -> str | None:
    return None if request_id is None else str(request_id)


def _answered(
    session: Session, who: Principal, order: PayByCode, content: bytes, person_id: int, now: datetime
) -> Taken | ConsentView | None:
    """What this key was answered before. Raises KeyReused, KeyClosed and the reasons why a question came to nothing."""
    posted = ledger.queries.find_key(session, who.district_id, order.key, content)
    if posted is not None:
        return _taken(person_id, order.amount, _discount(session, posted, who), posted)
    asked = consent_by_key(session, who.district_id, order.key, content, now=now)
    if asked is not None:
        must_not_be_refused(asked)
    return asked


def _payer(who: Principal, person_id: int) -> Principal:
    """The consumer behind the code. A new device's limit is asked where they consent; no series lets a shop take
    more than that unasked (asks_below_new_device)."""
    return Principal(who.district_id, person_id, None, frozenset({"consumer"}), address=who.address)


def _discount(session: Session, posted: Posted, who: Principal) -> int:
    """Yen that a coupon took off, as the book has it."""
    return int(ledger.queries.transaction(session, who.district_id, posted.transaction_id).facts.get("discount") or 0)


def _taken(person_id: int, amount: int, discount: int, posted: Posted) -> Taken:
    number = ledger.queries.payment_number(posted.transaction_id)
    return Taken(posted.transaction_id, person_id, amount, discount, posted.posted_at, posted.matching_word, number, posted.replayed)
