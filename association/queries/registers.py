"""記録簿 as it is read: lines with what was done, how many a month, and what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.errors import EntryUnknown
from association.models import RegisterEntry, RegisterNote
from association.rules.registers import REGISTERS, Register, must_be_reported, next_check, report_days
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class LineNote:
    """What somebody did about a line."""

    words: str
    closes: bool
    made_by_name: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line. `due`: (what, by when) that follow from it, as long as it is open."""

    id: int
    register: Register
    opened_on: date
    facts: dict[str, Any]
    made_by_name: str | None
    made_at: datetime
    notes: tuple[LineNote, ...]

    @property
    def closed_at(self) -> datetime | None:
        return next((note.made_at for note in self.notes if note.closes), None)

    @property
    def due(self) -> tuple[tuple[str, date], ...]:
        if self.closed_at is not None:
            return ()
        if self.register.name == "contractor":
            return (("check", next_check(tokyo_day(self.notes[-1].made_at) if self.notes else self.opened_on)),)
        if self.register.name == "incident" and self.is_reportable:
            preliminary, final = report_days(self.opened_on, wrongful=bool(self.facts.get("wrongful")))
            return (("preliminary", preliminary), ("final", final))
        return ()

    @property
    def is_reportable(self) -> bool:
        """Of an incident: whether it must be reported."""
        flags = {name: bool(self.facts.get(name)) for name in ("sensitive", "money", "wrongful")}
        return must_be_reported(people=int(self.facts.get("people") or 0), **flags)


def register_named(name: str) -> Register:
    """Raises EntryUnknown."""
    if name not in REGISTERS:
        raise EntryUnknown
    return REGISTERS[name]


def entries_of(session: Session, who: Principal, name: str) -> list[RegisterLine]:
    """Every line of a register, those that are open first, the newest of each first. Raises EntryUnknown."""
    register = register_named(name)
    authorise(session, who, "association.read_books", subject=f"register:{name}")
    query = select(RegisterEntry).where(RegisterEntry.district_id == who.district_id, RegisterEntry.register == name)
    rows = session.scalars(query.order_by(RegisterEntry.opened_on.desc(), RegisterEntry.id.desc())).all()
    found = _entries(session, who.district_id, register, list(rows))
    return sorted(found, key=lambda each: each.closed_at is not None)


def entry_of(session: Session, who: Principal, name: str, entry_id: int) -> RegisterLine:
    """One line. Raises EntryUnknown."""
    register = register_named(name)
    authorise(session, who, "association.read_books", subject=f"register:{name}:{entry_id}")
    row = session.get(RegisterEntry, (who.district_id, entry_id))
    if row is None or row.register != name:
        raise EntryUnknown
    return _entries(session, who.district_id, register, [row])[0]


def per_month(entries: list[RegisterLine]) -> list[tuple[date, int]]:
    """How many lines were opened in each month, the newest first; months without any are left out."""
    return sorted(Counter(each.opened_on.replace(day=1) for each in entries).items(), reverse=True)


def counted_between(session: Session, district_id: int, name: str, first: date, last: date) -> int:
    """How many lines of a register were opened on these days, both included."""
    query = select(func.count()).where(
        RegisterEntry.district_id == district_id, RegisterEntry.register == name, RegisterEntry.opened_on.between(first, last)
    )
    return int(session.execute(query).scalar_one())


def contractors(session: Session, district_id: int) -> list[str]:
    """Names and tasks of those whose contract has not ended."""
    ended = select(RegisterNote.entry_id).where(RegisterNote.district_id == district_id, RegisterNote.closes)
    query = select(RegisterEntry.facts).where(
        RegisterEntry.district_id == district_id, RegisterEntry.register == "contractor", RegisterEntry.id.not_in(ended)
    )
    return [f"{facts['name']} {facts['task']}" for facts in session.scalars(query.order_by(RegisterEntry.id))]


def _entries(session: Session, district_id: int, register: Register, rows: list[RegisterEntry]) -> list[RegisterLine]:
    query = select(RegisterNote).where(RegisterNote.district_id == district_id, RegisterNote.entry_id.in_([row.id for row in rows]))
    notes = session.scalars(query.order_by(RegisterNote.id)).all() if rows else []
    people = {row.made_by for row in rows} | {note.made_by for note in notes}
    names = nicknames(session, district_id, people) if people else {}
    return [
        RegisterLine(
            id=row.id,
            register=register,
            opened_on=row.opened_on,
            facts=row.facts,
            made_by_name=names.get(row.made_by),
            made_at=row.made_at,
            notes=tuple(
                LineNote(note.words, note.closes, names.get(note.made_by), note.made_at) for note in notes if note.entry_id == row.id
            ),
        )
        for row in rows
    ]
