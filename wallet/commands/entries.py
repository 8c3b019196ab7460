"""Typed digits are guesses until they match: five wrong ones a minute lock a terminal's number entry (qr.md 25)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from identity.queries import Principal
from wallet.errors import NumberEntryLocked
from wallet.models import NumberEntry

WINDOW = timedelta(seconds=60)
WRONG_MAX = 5
LOCKED = timedelta(seconds=60)


def lock_entry(session: Session, who: Principal, *, now: datetime) -> NumberEntry:
    """This terminal's count, locked: its guesses come one after the other. Raises NumberEntryLocked."""
    terminal = _terminal(who)
    session.execute(insert(NumberEntry).values(district_id=who.district_id, terminal=terminal, wrong=0, since=now).on_conflict_do_nothing())
    entry = session.scalars(
        select(NumberEntry)
        .where(NumberEntry.district_id == who.district_id, NumberEntry.terminal == terminal)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if entry.locked_until is not None and now < entry.locked_until:
        raise NumberEntryLocked(seconds=int((entry.locked_until - now).total_seconds()) + 1)
    return entry


def count_wrong(session: Session, entry: NumberEntry, *, now: datetime) -> None:
    """One more wrong number; the fifth within a minute locks the entry for a minute."""
    if now - entry.since >= WINDOW:
        entry.wrong, entry.since = 0, now
    entry.wrong += 1
    if entry.wrong >= WRONG_MAX:
        entry.wrong, entry.since, entry.locked_until = 0, now, now + LOCKED
    identity.commands.note_wrong(session, entry.district_id, "number", entry.terminal, now=now)


def _terminal(who: Principal) -> str:
    if who.till_id is not None:
        return f"till:{who.till_id}"
    return f"program:{who.api_token_id}" if who.api_token_id is not None else f"person:{who.person_id}"
