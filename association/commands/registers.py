"""記録簿: a line is written once, and what was done about it is added until it is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from association.errors import EntryClosed, EntryUnknown
from association.models import RegisterEntry, RegisterNote
from association.queries.registers import register_named
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import KeyReused

NOTE_LOCK = 6_720
"""First key of the advisory lock under which notes of a district's registers are added."""


def open_entry(
    session: Session,
    who: Principal,
    name: str,
    opened_on: date,
    facts: Mapping[str, str | int | bool | None],
    *,
    key: UUID,
    now: datetime,
) -> int:
    """Write a line and give its number; the same key gives the same. Raises EntryUnknown where there is no such register, KeyReused."""
    assert who.person_id is not None, who
    register_named(name)
    with atomic(session):
        authorise(session, who, "association.keep_registers", subject=f"register:{name}")
        row = {"district_id": who.district_id, "key": key, "register": name, "opened_on": opened_on, "facts": dict(facts)}
        session.execute(insert(RegisterEntry).values(**row, made_by=who.person_id, made_at=now).on_conflict_do_nothing())
        kept = session.scalars(select(RegisterEntry).where(RegisterEntry.district_id == who.district_id, RegisterEntry.key == key)).one()
        if (kept.register, kept.opened_on, kept.facts) != (name, opened_on, row["facts"]):
            raise KeyReused  # somebody went back and wrote something else: it must not be lost in silence
        return kept.id


def open_entries(
    session: Session,
    who: Principal,
    name: str,
    lines: Sequence[tuple[date, Mapping[str, str | int | bool | None]]],
    *,
    key: UUID,
    now: datetime,
) -> None:
    """Write several lines, each its day and facts, all or none; the same key writes them once. Raises EntryUnknown."""
    with atomic(session):
        for place, (opened_on, facts) in enumerate(lines):
            open_entry(session, who, name, opened_on, facts, key=uuid5(key, str(place)), now=now)


def add_note(session: Session, who: Principal, name: str, entry_id: int, words: str, *, closes: bool, now: datetime) -> None:
    """Add what was done; `closes`: it is settled, and nothing more can be added. Raises EntryUnknown, EntryClosed."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.keep_registers", subject=f"register:{name}:{entry_id}")
        session.execute(select(func.pg_advisory_xact_lock(NOTE_LOCK, who.district_id)))
        entry = session.get(RegisterEntry, (who.district_id, entry_id))
        if entry is None or entry.register != name:
            raise EntryUnknown
        of_entry = (RegisterNote.district_id == who.district_id, RegisterNote.entry_id == entry_id)
        if session.scalars(select(RegisterNote.id).where(*of_entry, RegisterNote.closes)).first() is not None:
            raise EntryClosed
        session.add(
            RegisterNote(district_id=who.district_id, entry_id=entry_id, words=words, closes=closes, made_by=who.person_id, made_at=now)
        )
