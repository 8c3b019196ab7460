"""メモ: a day in a few words, by an owner of the own shop or by the desk of the whole district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from analytics.errors import NoteDaysWrong, NoteUnknown
from analytics.models import InsightNote
from analytics.queries.notes import NOTED_BACK
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import hash_command
from ledger.errors import KeyReused

LONGEST = timedelta(days=61)
AHEAD = timedelta(days=366)
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class NewNote:
    """`kind`: event, closed, rain, snow, heat, storm or other. `first`, `last`: included. `words`: at most 40 characters, of no person."""

    kind: str
    first: date
    last: date
    words: str


def days_are_right(note: NewNote, today: date) -> bool:
    """Whether a note ends after it begins, within two months, and is near enough to be of use."""
    return today - NOTED_BACK <= note.first <= note.last <= today + AHEAD and note.last - note.first <= LONGEST


def note_days(session: Session, who: Principal, new: Sequence[tuple[int, NewNote]], *, key: UUID, now: datetime) -> None:
    """Keep all of a list, or none; the same key again keeps nothing twice. Each with its line, from which its own key follows.

    Raises as `note_day`.
    """
    with atomic(session):
        for line, note in new:
            note_day(session, who, note, key=uuid5(key, str(line)), now=now)


def note_day(session: Session, who: Principal, note: NewNote, *, key: UUID, now: datetime) -> int:
    """Keep it; the same key again is the same note. Whoever owns a shop writes of that shop. Raises NoteDaysWrong, KeyReused."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "analytics.note_day", subject=f"{note.kind} {note.first}")
        if not days_are_right(note, tokyo_day(now)):
            raise NoteDaysWrong
        content = hash_command("analytics.note_day", who.merchant_id or 0, note.kind, str(note.first), str(note.last), note.words)
        session.execute(ONE_AT_A_TIME, {"key": f"analytics.note_day {key}"})
        before = session.scalar(select(InsightNote).where(InsightNote.district_id == who.district_id, InsightNote.key == key))
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        row = InsightNote(
            district_id=who.district_id,
            merchant_id=who.merchant_id,
            kind=note.kind,
            first_day=note.first,
            last_day=note.last,
            words=note.words,
            key=key,
            command_hash=content,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


def drop_note(session: Session, who: Principal, note_id: int, *, now: datetime) -> None:
    """Take it out of all forecasts from the next night on; again is harmless. An owner drops those of the own shop. Raises NoteUnknown."""
    with atomic(session):
        authorise(session, who, "analytics.note_day", subject=f"drop:{note_id}")
        row = session.get(InsightNote, (who.district_id, note_id), populate_existing=True, with_for_update={"key_share": True})
        if row is None or row.merchant_id != who.merchant_id:
            raise NoteUnknown
        if row.dropped_at is None:
            row.dropped_by, row.dropped_at = who.person_id, now
