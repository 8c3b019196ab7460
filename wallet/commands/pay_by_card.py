"""A payment by card: small ones at once, others with the PIN that the holder types on the shop's tablet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
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

    `cash`: what the shop takes in cash beside it, as in `PayByCode`.
    """

    read: ReadCard
    amount: int
    key: UUID
    pin: str | None
    cash: int = 0


def take_by_card(session: Session, who: Principal, merchant_id: int, card: Card, order: CardOrder, *, now: datetime) -> Posted:
    """Take the money, or give back what this key took. Inside the caller's transaction; all of it under the wallet's lock.

    Two tablets that read the same card at once are two payments: each counts towards the day, and the floor holds.
    Raises KeyReused, KeyClosed; CardBlank, CardBlocked, CardReplaced; ShopSuspended; PaymentTooLarge, AccountFrozen,
    FloorPassed; CardPinNeeded; PinWrong, CardPinLocked, CardPinMissing: the last three count whatever becomes of the payment.
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
    payer = Principal(who.district_id, person_id, None, frozenset({"consumer"}), address=who.address)
    planned = plan(session, payer, chosen, order.amount, shop, coupon=None if order.cash else "best", now=now)
    _prove_or_count(session, payer, chosen, card, order, planned, now)
    facts: dict[str, Fact] = {
        "way": "card",
        "merchant": shop.id,
        "till": who.till_id,
        "request": None,
        "staff": who.staff_id,
        "card": card.id,
        "pin": order.pin is not None,
        **cash_facts(order.amount, order.cash),
    }
    return post(session, payer, shop, planned, order.key, content, facts=facts)


def spent_today(chosen: ConsumerSettings, today: date) -> int:
    """Yen that this wallet's card has paid today without its PIN."""
    return chosen.card_spent if chosen.card_day == today else 0


def _prove_or_count(
    session: Session, payer: Principal, chosen: ConsumerSettings, card: Card, order: CardOrder, planned: Planned, now: datetime
) -> None:
    """With the PIN, whatever the amount; else what the holder pays counts towards the day. A typed number does not prove the card,
    nor does a card that was moved at the counter and has not paid with the PIN since."""
    if order.pin is not None:
        assert payer.person_id is not None
        try:
            identity.commands.check_card_pin(session, payer.district_id, payer.person_id, order.pin, now=now)
            card.pin_first = False
            return
        except PinLocked as error:
            raise CardPinLocked(**error.facts) from error
        except PinMissing as error:
            raise CardPinMissing from error
    allowed, today = no_pin_limits(session, payer.district_id), tokyo_day(now)
    spent, pays = spent_today(chosen, today), planned.tender.amount
    if (
        card.pin_first
        or order.read.number is not None
        or pays > min(allowed.payment, planned.limits.pin_above)
        or spent + pays > allowed.day
    ):
        raise CardPinNeeded(limit=allowed.payment, left=max(allowed.day - spent, 0))
    chosen.card_day, chosen.card_spent = today, spent + pays
    session.flush()
