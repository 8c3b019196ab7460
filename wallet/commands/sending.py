"""送る: coin goes to another consumer, whose QR the sender has read. What may be passed on is counted by the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
from base.db import atomic, wake
from identity.queries import Principal, person_topic
from ledger.commands import Draft, Posted
from ledger.errors import CeilingPassed, FloorPassed, TransfersOff
from ledger.queries import Balance
from wallet.commands.confirm import prove
from wallet.commands.lock import lock_wallet
from wallet.errors import ConfirmationNeeded, NewDeviceLimit, ReceiverCannot, ReceiverFull, ReceiverUnknown
from wallet.models import ConsumerSettings
from wallet.queries.purses import limits, must_move, yen_balances
from wallet.queries.sending import addressed


@dataclass(frozen=True, slots=True)
class Send:
    """Send `amount` yen of a coin to whom `address` names, as their QR says. `pin`: above one's own limit; no part of what it is."""

    address: str
    series_id: int
    amount: int
    key: UUID
    pin: str | None = None


def send(session: Session, who: Principal, order: Send, *, now: datetime) -> Posted:
    """Move it at once, or give back what this key moved before.

    Raises ReceiverUnknown, ReceiverIsYou, KeyReused, ReceiverCannot; AccountFrozen, TransfersOff, NewDeviceLimit, FloorPassed,
    ConfirmationNeeded and what the PIN's door says; the book's TransferTooLarge, TransferMonthFull; ReceiverFull. Nothing moved then.
    """
    identity.commands.authorise(session, who, "wallet.send")
    assert who.person_id is not None
    receiver_id, until = addressed(session, who, order.address)
    content = ledger.commands.hash_command("wallet.send", who.person_id, receiver_id, order.series_id, order.amount)
    with atomic(session):
        chosen = lock_wallet(session, who.district_id, who.person_id)
        before = ledger.queries.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        if now >= until:
            raise ReceiverUnknown
        if identity.queries.standings(session, who.district_id, [receiver_id]).get(receiver_id) != "open":
            raise ReceiverCannot
        purse = purse_for(session, who, chosen, order.series_id, order.amount, order.pin, now=now)
        theirs = ledger.commands.open_account(session, who.district_id, "consumer", receiver_id, order.series_id)
        draft = Draft(
            kind="transfer",
            key=order.key,
            command_hash=content,
            lines=ledger.commands.transfer(purse.account_id, theirs, order.amount),
            facts={"way": "send", "sender": who.person_id, "receiver": receiver_id},
        )
        try:
            posted = ledger.commands.post(session, who.district_id, draft)
        except CeilingPassed:
            raise ReceiverFull from None  # its room would tell what the receiver holds
        for person_id in (who.person_id, receiver_id):
            wake(session, person_topic(who.district_id, person_id))
        return posted


def purse_for(
    session: Session, who: Principal, chosen: ConsumerSettings, series_id: int, amount: int, pin: str | None, *, now: datetime
) -> Balance:
    """The balance out of which this person passes so much on, once they may and have confirmed it.

    Raises AccountFrozen, TransfersOff, NewDeviceLimit, FloorPassed, ConfirmationNeeded and what the PIN's door says.
    """
    assert who.person_id is not None
    held = yen_balances(session, who.district_id, who.person_id)
    must_move(held)
    series = ledger.queries.one_series(session, who.district_id, series_id)
    if not series.passes_on:
        raise TransfersOff
    purse = next((one for one in held if one.series.id == series_id), None)
    available = 0 if purse is None else purse.available
    if purse is None or amount > available:
        raise FloorPassed(shortage=amount - available, available=available)
    allowed = limits(chosen, who, [series], now=now)
    if allowed.new_device_max is not None and amount > allowed.new_device_max:
        raise NewDeviceLimit(limit=allowed.new_device_max, until=who.limited_until)
    if amount > allowed.pin_above:
        prove(session, who, pin, ConfirmationNeeded(limit=allowed.pin_above), now=now)
    return purse
