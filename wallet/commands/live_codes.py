"""A consumer's code in the hand of a terminal: whose it is, whether it lives, and that it is used once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from wallet.commands.card_reading import card_that_was_read, must_pay
from wallet.commands.entries import count_wrong, lock_entry
from wallet.commands.lock import lock_wallet
from wallet.errors import (
    CardUnknown,
    CodeOfConsumerExpired,
    CodeOfConsumerUnknown,
    CodeOfConsumerUnreadable,
    CodeOfConsumerUsed,
)
from wallet.models import OneTimeCode
from wallet.rules import ReadCard, ReadCode, read_code

T = TypeVar("T")


def take_code(
    session: Session, who: Principal, text: str, then: Callable[[int], T], *, now: datetime, command: str = "association.top_up"
) -> T:
    """Use up the code that a person shows where coin is sold, and do `then(person_id)`: both or neither.

    `command`: what the seller must be allowed to do: the counter tops up, an agent's tablet reads its buyer.

    A card is read as well, and stays what it is. Raises what `then` raises; CodeOfConsumerUnreadable, NumberEntryLocked,
    CodeOfConsumerUnknown, CodeOfConsumerUsed, CodeOfConsumerExpired; for a card CardUnknown, CardOfAnotherDistrict,
    CardBlank, CardBlocked, CardReplaced.
    """
    identity.commands.authorise(session, who, command, subject="code")
    read = readable(text)
    if isinstance(read, ReadCard):
        return _take_card(session, who, read, then, now=now)
    with atomic(session):
        person_id = owner_of(session, who, read, now=now)
        if person_id is not None:
            lock_wallet(session, who.district_id, person_id)
            use_code(session, who.district_id, read, now=now)
            return then(person_id)
    raise CodeOfConsumerUnknown


def _take_card(session: Session, who: Principal, read: ReadCard, then: Callable[[int], T], *, now: datetime) -> T:
    with atomic(session):
        card = card_that_was_read(session, who, read, now=now)
        if card is not None:
            lock_wallet(session, who.district_id, card.person_id if card.person_id is not None else must_pay(card))
            session.refresh(card)
            return then(must_pay(card))
    raise CardUnknown


def readable(text: str) -> ReadCode | ReadCard:
    """Raises CodeOfConsumerUnreadable."""
    read = read_code(text)
    if read is None:
        raise CodeOfConsumerUnreadable
    return read


def owner_of(session: Session, who: Principal, read: ReadCode, *, now: datetime) -> int | None:
    """Whose code this is or was, by the newest that reads so; None if nobody's.

    Typed digits that are nobody's are counted against the terminal: the caller must let that be committed and
    refuse outside. Raises NumberEntryLocked.
    """
    entry = lock_entry(session, who, now=now) if read.digits is not None else None
    person_id = session.scalar(select(OneTimeCode.person_id).where(*_matching(who.district_id, read)).order_by(*_NEWEST).limit(1))
    if person_id is None and entry is not None:
        count_wrong(session, entry, now=now)
    return person_id


def use_code(session: Session, district_id: int, read: ReadCode, *, now: datetime) -> None:
    """Use the code up, under its wallet's lock. Raises CodeOfConsumerUsed, CodeOfConsumerExpired."""
    query = select(OneTimeCode).where(*_matching(district_id, read)).order_by(*_NEWEST).limit(1)
    code = session.scalars(query.execution_options(populate_existing=True)).one()
    if code.used_at is not None:
        raise CodeOfConsumerUsed
    if code.ended_at is not None or now >= code.expires_at:
        raise CodeOfConsumerExpired
    code.ended_at = code.used_at = now
    session.flush()


_NEWEST = (OneTimeCode.issued_at.desc(),)


def _matching(district_id: int, read: ReadCode) -> tuple[ColumnElement[bool], ...]:
    by = OneTimeCode.fingerprint == read.fingerprint if read.fingerprint is not None else OneTimeCode.digits == read.digits
    return (OneTimeCode.district_id == district_id, by)
