"""贈る: coin waits on a hold for whoever has the link, and goes back by itself when nobody takes it in time.

It counts as passed on when it is made, not when it is taken. A link is spelled from a keyed hash and never stored. Only a press takes a
gift: whatever opens the link alone, a messenger's preview or a camera, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
from base.db import atomic, wake
from base.ids import fingerprint
from identity.queries import Principal, person_topic
from ledger.commands import Draft, Posted
from ledger.errors import AccountFrozen, HoldEnded, KeyReused, TransfersOff, TransfersStopped
from wallet.commands.lock import lock_wallet
from wallet.commands.sending import purse_for
from wallet.errors import GiftHeld, GiftIsYours, GiftOver, GiftTaken, GiftUnknown, TooManyGifts
from wallet.models import Gift
from wallet.queries.purses import must_move, yen_balances
from wallet.queries.sending import WORDS, code_of, state_of
from wallet.rules import GIFT_LIFE, GIFTS_MOST, is_gift_code

TRIES_A_MINUTE = 20
NEXT_GIFT = text("SELECT nextval(pg_get_serial_sequence('gift', 'id'))")


@dataclass(frozen=True, slots=True)
class Give:
    """Give `amount` yen of a coin, with a few words or none. `key`: one for each intention, so that a second tap gives once."""

    series_id: int
    amount: int
    words: str
    key: UUID
    pin: str | None = None


def give(session: Session, who: Principal, order: Give, *, now: datetime) -> int:
    """Set it aside and give the gift's number; its page has the link.

    Raises KeyReused, TooManyGifts; AccountFrozen, TransfersOff, NewDeviceLimit, FloorPassed, ConfirmationNeeded and what the PIN's
    door says; the book's TransferTooLarge, TransferMonthFull, SeriesEnded. Nothing is set aside then.
    """
    identity.commands.authorise(session, who, "wallet.give")
    assert who.person_id is not None
    with atomic(session):
        chosen = lock_wallet(session, who.district_id, who.person_id)
        known = session.scalars(select(Gift).where(Gift.district_id == who.district_id, Gift.key == order.key)).one_or_none()
        if known is not None:
            if (known.giver_id, known.series_id, known.amount) != (who.person_id, order.series_id, order.amount):
                raise KeyReused
            return known.id
        waiting = select(func.count()).where(
            Gift.district_id == who.district_id,
            Gift.giver_id == who.person_id,
            Gift.transaction_id.is_(None),
            Gift.taken_back_at.is_(None),
            Gift.expires_at > now,
        )
        if session.execute(waiting).scalar_one() >= GIFTS_MOST:
            raise TooManyGifts(most=GIFTS_MOST)
        purse = purse_for(session, who, chosen, order.series_id, order.amount, order.pin, now=now)
        expires_at = now + GIFT_LIFE
        if purse.series.valid_until is not None:
            expires_at = min(expires_at, purse.series.valid_until)
        hold_id = ledger.commands.place_hold(
            session,
            who.district_id,
            purse.account_id,
            order.amount,
            key=order.key,
            command_hash=ledger.commands.hash_command("wallet.give", who.person_id, order.series_id, order.amount),
            expires_at=expires_at,
            gift=True,
        )
        gift_id = int(session.execute(NEXT_GIFT).scalar_one())
        words = order.words.strip()
        session.add(
            Gift(
                district_id=who.district_id,
                id=gift_id,
                giver_id=who.person_id,
                series_id=order.series_id,
                amount=order.amount,
                words=identity.commands.seal_words(session, who.district_id, who.person_id, words, WORDS) if words else None,
                fingerprint=fingerprint(code_of(session, who.district_id, gift_id)),
                hold_id=hold_id,
                key=order.key,
                made_at=now,
                expires_at=expires_at,
            )
        )
        return gift_id


def take_back(session: Session, who: Principal, gift_id: int, *, now: datetime) -> None:
    """The giver takes back what nobody has taken; again is harmless. Raises GiftUnknown, GiftTaken."""
    identity.commands.authorise(session, who, "wallet.give")
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        row = session.get(Gift, (who.district_id, gift_id), with_for_update=True, populate_existing=True)
        if row is None or row.giver_id != who.person_id:
            raise GiftUnknown
        if row.transaction_id is not None:
            raise GiftTaken
        if state_of(row, now) == "waiting":
            ledger.commands.release_hold(session, who.district_id, row.hold_id)
            row.taken_back_at = now


def take_gift(session: Session, who: Principal, code: str, key: UUID, *, now: datetime) -> Posted:
    """受け取る: whoever has the link gets it, once. The same key gives the same answer; so does the link to whoever took it.

    Raises TooMany, GiftUnknown, GiftIsYours, GiftTaken, GiftOver, GiftHeld; AccountFrozen and the book's CeilingPassed: the gift then
    waits as before.
    """
    identity.commands.authorise(session, who, "wallet.take_gift")
    assert who.person_id is not None
    per = timedelta(minutes=1)
    identity.commands.limit_tries(session, "wallet.gift", str(who.person_id), per=per, count=TRIES_A_MINUTE, district_id=who.district_id)
    if not is_gift_code(code):
        raise GiftUnknown
    with atomic(session):
        wanted = select(Gift).where(Gift.district_id == who.district_id, Gift.fingerprint == fingerprint(code))
        row = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
        if row is None:
            raise GiftUnknown
        if row.giver_id == who.person_id:
            raise GiftIsYours
        if row.transaction_id is not None and row.receiver_id == who.person_id:
            found = ledger.queries.transaction(session, who.district_id, row.transaction_id)
            return Posted(found.id, found.posted_at, True, found.key)
        state = state_of(row, now)
        if state != "waiting":
            raise GiftTaken if state == "taken" else GiftOver
        must_move(yen_balances(session, who.district_id, who.person_id))
        if identity.queries.standings(session, who.district_id, [row.giver_id]).get(row.giver_id) != "open":
            raise GiftHeld
        draft = Draft(
            kind="transfer",
            key=key,
            command_hash=ledger.commands.hash_command("wallet.take_gift", who.person_id, row.id),
            lines=ledger.commands.transfer(
                ledger.commands.open_account(session, who.district_id, "consumer", row.giver_id, row.series_id),
                ledger.commands.open_account(session, who.district_id, "consumer", who.person_id, row.series_id),
                row.amount,
            ),
            facts={"way": "gift", "gift": row.id, "sender": row.giver_id, "receiver": who.person_id},
            hold_id=row.hold_id,
        )
        try:
            posted = ledger.commands.post(session, who.district_id, draft)
        except HoldEnded:
            raise GiftOver from None  # by the book's clock
        except (AccountFrozen, TransfersOff, TransfersStopped):
            raise GiftHeld from None
        row.receiver_id, row.transaction_id = who.person_id, posted.transaction_id
        for person_id in (row.giver_id, who.person_id):
            wake(session, person_topic(who.district_id, person_id))
        return posted
