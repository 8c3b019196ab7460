"""How tills print, and what became of their papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.models import PrintJob, TillPrinter
from merchant.queries.tills import till

STALE = timedelta(minutes=2)
"""What nobody has fetched by then is not printed later, when no customer waits for it any more."""

LEASE = timedelta(seconds=60)
"""Whoever fetched a paper has told by then what came of it; else nobody knows."""

SHOWN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class PrinterChoice:
    """How a till prints (models/printing.py)."""

    way: str = "browser"
    address: str = ""
    roll: int = 80
    letters: str = "picture"
    drawer: bool = False
    auto: bool = False

    @property
    def has_printer(self) -> bool:
        """Whether papers go through the queue."""
        return self.way != "browser"


@dataclass(frozen=True, slots=True)
class PrintRow:
    """One paper on its way. `state`, `why` as of now: what nobody fetched has failed, what nobody told of is unknown."""

    district_id: int
    id: UUID
    merchant_id: int
    till_id: int
    what: str
    of_till: int | None
    number: int | None
    copy_kind: str | None
    copy_place: int | None
    kick: bool
    state: str
    why: str
    tries: int
    made_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return self.state in ("queued", "sending")

    @property
    def asks(self) -> bool:
        """Whether a person must say what happened, or press again."""
        return self.state in ("failed", "unknown")


def printer_of(session: Session, district_id: int, till_id: int) -> PrinterChoice:
    """How this till prints; the tablet's browser does where nobody has chosen. Raises TillUnknown."""
    choice = printer_chosen(session, district_id, till_id)
    if choice is None:
        till(session, district_id, till_id)
    return choice or PrinterChoice()


def printer_chosen(session: Session, district_id: int, till_id: int) -> PrinterChoice | None:
    """What somebody has chosen for this till; None: nobody has, or there is no such till."""
    row = session.get(TillPrinter, (district_id, till_id), populate_existing=True)
    return None if row is None else PrinterChoice(row.way, row.address, row.roll, row.letters, row.drawer, row.auto)


def print_jobs(session: Session, district_id: int, till_id: int, *, now: datetime, limit: int = 5) -> list[PrintRow]:
    """What is under way at this till or wants an answer, the newest first; of the last hours."""
    mine = (PrintJob.district_id == district_id, PrintJob.till_id == till_id, PrintJob.made_at > now - SHOWN)
    living = PrintJob.state.in_(("queued", "sending", "failed", "unknown"))
    query = select(PrintJob).where(*mine, living).order_by(PrintJob.made_at.desc()).limit(limit)
    return [as_print_row(row, now=now) for row in session.scalars(query.execution_options(populate_existing=True))]


def as_print_row(row: PrintJob, *, now: datetime) -> PrintRow:
    values = {name: getattr(row, name) for name in PrintRow.__slots__}
    if row.state == "queued" and row.asked_at <= now - STALE:
        values |= {"state": "failed", "why": "away"}
    elif row.state == "sending" and row.changed_at <= now - LEASE:
        values |= {"state": "unknown", "why": "broken"}
    return PrintRow(**values)


def last_print(session: Session, district_id: int, till_id: int, *, now: datetime) -> PrintRow | None:
    """The newest paper of a till, whatever became of it."""
    mine = (PrintJob.district_id == district_id, PrintJob.till_id == till_id)
    row = session.scalars(select(PrintJob).where(*mine).order_by(PrintJob.made_at.desc()).limit(1)).first()
    return None if row is None else as_print_row(row, now=now)
