"""A payment by card: small ones at once, others with the PIN that the holder types on the shop's tablet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
from base.clock import tokyo_day
from identity.errors import PinLocked, PinMissing
from identity.queries import Principal
from ledger.commands import Fact, Posted
from merchant.errors import ShopSuspended
from wallet.commands.card_reading import must_pay
from wallet.commands.lock import lock_wallet
from wallet.commands.pay import Planned, cash_facts, plan, post
from wallet.errors import CardPinLocked, CardPinMissing, CardPinNeeded
from wallet.models import Card, ConsumerSettings
from wallet.queries.cards import no_pin_limits
from wallet.rules import ReadCard


@dataclass(frozen=True, slots=True)
class CardOrder:
    """What the till asks of a card that was read. `amount` in yen; `pin`: as the holder typed it, None before.

    `cash`: what the shop takes in cash beside it; `request_id`: the request that this pays; both as in `PayByCode`.
    """

    read: ReadCard
    amount: int
    key: UUID
    pin: str | None
    cash: int = 0
    request_id: UUID | None = None


def take_by_card(session: Session, who: Principal, merchant_id: int, card: Card, order: CardOrder, *, now: datetime) -> Posted:
    """Take the money, or give back what this key took. Inside the caller's transaction; all of it under the wallet's lock.

    Two tablets that read the same card at once are two payments: each counts towards the day, and the floor holds.
    Raises KeyReused, KeyClosed; CardBlank, CardBlocked, CardReplaced; ShopSuspended; PaymentTooLarge, AccountFrozen,
    FloorPassed; CardPinNeeded; PinWrong, CardPinLocked, CardPinMissing: the last three count whatever becomes of the payment.
    Of a typed number, all about its PIN is told before PaymentTooLarge.
    """
    person_id = card.person_id if card.person_id is not None else must_pay(card)
    chosen = lock_wallet(session, who.district_id, person_id)
    content = ledger.commands.hash_command(
        "wallet.pay_by_code", merchant_id, who.till_id, order.read.name, order.amount, *([order.cash] if order.cash else [])
    )
    before = ledger.queries.find_key(session, who.district_id, order.key, content)
    if before is not None:
        return before
    session.refresh(card)
    must_pay(card)
    shop = merchant.queries.merchant(session, who.district_id, merchant_id)
    if not shop.is_open:
        raise ShopSuspended
    if order.request_id is not None:
        merchant.commands.request_for_code(session, who, order.request_id, order.amount + order.cash, now=now)
    payer = Principal(who.district_id, person_id, None, frozenset({"consumer"}), address=who.address)
    typed = order.read.number is not None
    if typed:  # before the plan, whose refusals say what the holder has
        _prove(session, payer, chosen, card, order, now)
    planned = plan(session, payer, chosen, order.amount, shop, coupon=None if order.cash else "best", now=now)
    if order.pin is None:
        _count(session, payer, chosen, card, planned, now)
    elif not typed:
        _prove(session, payer, chosen, card, order, now)
    facts: dict[str, Fact] = {
        "way": "card",
        "merchant": shop.id,
        "till": who.till_id,
        "request": None if order.request_id is None else str(order.request_id),
        "staff": who.staff_id,
        "card": card.id,
        "pin": order.pin is not None,
        **cash_facts(order.amount, order.cash),
    }
    posted = post(session, payer, shop, planned, order.key, content, facts=facts)
    if order.request_id is not None:
        paid = (order.request_id, posted.transaction_id, order.cash)
        merchant.commands.paid_by_code(session, who.district_id, *paid, planned.payers, now=now)
    return posted


def spent_today(chosen: ConsumerSettings, today: date) -> int:
    """Yen that this wallet's card has paid today without its PIN."""
    return chosen.card_spent if chosen.card_day == today else 0


def _prove(session: Session, payer: Principal, chosen: ConsumerSettings, card: Card, order: CardOrder, now: datetime) -> None:
    """The PIN, whatever the amount. A typed number is no secret and proves nothing: it pays, and tells, nothing without."""
    assert payer.person_id is not None
    if order.pin is None:
        raise _pin_needed(session, payer, chosen, now)
    try:
        identity.commands.check_card_pin(session, payer.district_id, payer.person_id, order.pin, now=now)
    except PinLocked as error:
        raise CardPinLocked(**error.facts) from error
    except PinMissing as error:
        raise CardPinMissing from error
    card.pin_first = False


def _count(session: Session, payer: Principal, chosen: ConsumerSettings, card: Card, planned: Planned, now: datetime) -> None:
    """Without the PIN what the holder pays counts towards the day. A card that was moved at the counter and has not paid with the
    PIN since proves nothing."""
    allowed, today = no_pin_limits(session, payer.district_id), tokyo_day(now)
    spent, pays = spent_today(chosen, today), planned.tender.amount
    if card.pin_first or pays > min(allowed.payment, planned.limits.pin_above) or spent + pays > allowed.day:
        raise _pin_needed(session, payer, chosen, now)
    chosen.card_day, chosen.card_spent = today, spent + pays
    session.flush()


def _pin_needed(session: Session, payer: Principal, chosen: ConsumerSettings, now: datetime) -> CardPinNeeded:
    allowed = no_pin_limits(session, payer.district_id)
    return CardPinNeeded(limit=allowed.payment, left=max(allowed.day - spent_today(chosen, tokyo_day(now)), 0))
