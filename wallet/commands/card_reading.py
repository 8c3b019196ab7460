"""A card in the hand of a terminal: which it is, and whether it pays. Unlike a phone's code it is not used up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
from base.db import atomic
from identity.queries import Principal
from wallet.commands.entries import count_wrong, lock_entry
from wallet.errors import CardBlank, CardBlocked, CardOfAnotherDistrict, CardReplaced, CardUnknown, NotACard
from wallet.models import Card, CardState
from wallet.queries.cards import CardView, as_card, read_card
from wallet.rules import ReadCard, card_marks, read_code

ENDED = {CardState.blocked: CardBlocked, CardState.replaced: CardReplaced}


def card_that_was_read(session: Session, who: Principal, read: ReadCard, *, now: datetime) -> Card | None:
    """The card, in whatever state; None if there is none.

    A typed number that is no card's is counted against the terminal: the caller must let that be committed and
    refuse outside. Raises CardOfAnotherDistrict, NumberEntryLocked.
    """
    if read.mark not in card_marks(identity.queries.district(session, who.district_id).slug):
        raise CardOfAnotherDistrict
    entry = lock_entry(session, who, now=now) if read.number is not None else None
    card = read_card(session, who.district_id, read)
    if card is None and entry is not None:
        count_wrong(session, entry, now=now)
    return card


def must_pay(card: Card) -> int:
    """Whose card it is, while it can pay. Raises CardBlank, CardBlocked, CardReplaced."""
    if card.person_id is None:
        raise CardBlank
    if card.state in ENDED:
        raise ENDED[card.state]
    return card.person_id


def card_at_counter(session: Session, who: Principal, text: str, *, now: datetime) -> CardView:
    """The card that a clerk has read, in whatever state. Raises NotACard, CardUnknown, CardOfAnotherDistrict, NumberEntryLocked."""
    read = read_code(text)
    if not isinstance(read, ReadCard):
        raise NotACard
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.look_at_card", subject="read")
        card = card_that_was_read(session, who, read, now=now)
        if card is not None:
            return as_card(card)
    raise CardUnknown


def blank_at_counter(session: Session, who: Principal, text: str, *, now: datetime) -> CardView | None:
    """The card that a clerk has read, if it is still nobody's; None for every other card and code.

    Raises CardUnknown, CardOfAnotherDistrict, NumberEntryLocked.
    """
    if not isinstance(read_code(text), ReadCard):
        return None
    card = card_at_counter(session, who, text, now=now)
    return card if card.person_id is None else None
