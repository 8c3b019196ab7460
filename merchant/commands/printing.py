"""Printing: a till's printer, the queue of its papers, and what came of each. A paper is sent once; again only when a person says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import and_, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.commands import NewToken
from identity.queries import Principal
from identity.retention import PRINTS
from ledger.errors import KeyReused
from merchant.commands.owner import authorise_owner
from merchant.errors import NoTill, PrinterMissing, PrinterNotAllowed, PrinterTaken, PrintJobUnknown, TillUnknown
from merchant.models import PrintJob, TillPrinter, TillReceiptCopy
from merchant.queries.printing import LEASE, STALE, PrinterChoice, PrintRow, as_print_row, printer_chosen, printer_of
from merchant.queries.receipts import ReceiptRow
from merchant.queries.tills import till

BY_PRINTER = UUID("0b0d1f0e-77a5-4b0b-8f52-0d4ea0f8c651")
"""Names the key of a job that nobody asked for by a key of its own: that of a receipt which is printed as it is made."""
ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('merchant.till_printer', 0))")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:till, 0))")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper to be printed. `number`: serial of a receipt or number of a report, of `of_till`."""

    what: str
    key: UUID
    of_till: int | None = None
    number: int | None = None
    copy_kind: str | None = None
    copy_place: int | None = None
    kick: bool = False


def set_printer(
    session: Session, who: Principal, merchant_id: int, till_id: int, printer: PrinterChoice, *, allowed: Collection[str], now: datetime
) -> None:
    """How a till prints, from now on. `allowed`: addresses to which the operator lets the server send.

    Raises TillUnknown, PrinterNotAllowed, PrinterTaken.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.set_printer", merchant_id, subject=f"till:{till_id}")
        _own_till(session, who, merchant_id, till_id)
        if printer.way == "server":
            if printer.address not in allowed:
                raise PrinterNotAllowed
            session.execute(ALONE)
            other = or_(TillPrinter.merchant_id != merchant_id, TillPrinter.district_id != who.district_id)
            if session.scalar(select(TillPrinter.till_id).where(TillPrinter.address == printer.address, other).limit(1)) is not None:
                raise PrinterTaken
        values = asdict(printer) | {"merchant_id": merchant_id, "changed_at": now}
        statement = insert(TillPrinter).values(district_id=who.district_id, till_id=till_id, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["district_id", "till_id"], set_=values))


def make_print_token(session: Session, who: Principal, merchant_id: int, till_id: int, *, now: datetime) -> str:
    """What the print agent of a till shows to be let in; shown this once. Raises TillUnknown."""
    with atomic(session):
        authorise_owner(session, who, "merchant.set_printer", merchant_id, subject=f"token of till:{till_id}")
        _own_till(session, who, merchant_id, till_id)
        new = NewToken("print-agent", ("print:jobs",), merchant_id=merchant_id, till_id=till_id)
        return identity.commands.issue_token(session, who, new, now=now)


def end_print_token(session: Session, who: Principal, merchant_id: int, till_id: int, api_token_id: int, *, now: datetime) -> None:
    """A token of this till's agent is known to somebody: it opens nothing any more. Twice is once. Raises NotFound."""
    with atomic(session):
        authorise_owner(session, who, "merchant.set_printer", merchant_id, subject=f"end token:{api_token_id} of till:{till_id}")
        identity.commands.end_token_of_till(session, who.district_id, api_token_id, merchant_id, till_id, now=now)


def test_printer(session: Session, who: Principal, merchant_id: int, till_id: int, *, key: UUID, now: datetime) -> PrintRow:
    """Queue a short paper, and open the drawer if the till's may. Twice is once. Raises TillUnknown, PrinterMissing, KeyReused."""
    with atomic(session):
        authorise_owner(session, who, "merchant.set_printer", merchant_id, subject=f"test of till:{till_id}")
        _own_till(session, who, merchant_id, till_id)
        choice = printer_of(session, who.district_id, till_id)
        if not choice.has_printer:
            raise PrinterMissing
        return _queue(session, who.district_id, merchant_id, till_id, Wanted("test", key, kick=choice.drawer), now)


def _own_till(session: Session, who: Principal, merchant_id: int, till_id: int) -> None:
    row = till(session, who.district_id, till_id)
    if row.merchant_id != merchant_id or row.revoked_at is not None:
        raise TillUnknown


def print_paper(session: Session, who: Principal, wanted: Wanted, *, now: datetime) -> PrintRow:
    """Queue a paper for this till's printer. The same key queues it once. Raises NoTill, PrinterMissing, KeyReused."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.print")
        merchant_id, till_id = _place(session, who)
        if not printer_of(session, who.district_id, till_id).has_printer:
            raise PrinterMissing
        return _queue(session, who.district_id, merchant_id, till_id, wanted, now)


def print_as_it_is_made(session: Session, district_id: int, row: ReceiptRow, *, now: datetime) -> None:
    """What a receipt sets off by itself where its till has a printer: its paper, and the drawer where cash goes in or out.

    Inside the database transaction that makes the receipt, so that there is neither a paper without a sale nor, silently, the other way.
    """
    choice = printer_chosen(session, district_id, row.till_id)
    if choice is None:
        return
    kick = choice.drawer and row.cash > 0
    key = uuid5(BY_PRINTER, f"{district_id} {row.till_id} {row.serial}")
    if choice.auto:
        session.add(
            TillReceiptCopy(
                district_id=district_id,
                till_id=row.till_id,
                serial=row.serial,
                kind="paper",
                place=1,
                key=key,
                addressee="",
                purpose="",
                staff_id=row.staff_id,
                made_at=now,
            )
        )
        session.flush()
        wanted = Wanted("receipt", key, row.till_id, row.serial, "paper", 1, kick)
        _queue(session, district_id, row.merchant_id, row.till_id, wanted, now)
    elif kick:
        _queue(session, district_id, row.merchant_id, row.till_id, Wanted("drawer", key, kick=True), now)


def _queue(session: Session, district_id: int, merchant_id: int, till_id: int, wanted: Wanted, now: datetime) -> PrintRow:
    facts = asdict(wanted)
    key = facts.pop("key")
    moments = {"made_at": now, "asked_at": now, "changed_at": now}
    values = {"merchant_id": merchant_id, "till_id": till_id, "state": "queued", "why": "", "tries": 0, **facts, **moments}
    statement = insert(PrintJob).values(district_id=district_id, id=key, **values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["district_id", "id"]))
    kept = session.get_one(PrintJob, (district_id, key), populate_existing=True)
    if kept.till_id != till_id or any(getattr(kept, name) != value for name, value in facts.items()):
        raise KeyReused
    return as_print_row(kept, now=now)


def _place(session: Session, who: Principal) -> tuple[int, int]:
    if who.merchant_id is None or who.till_id is None or till(session, who.district_id, who.till_id).revoked_at is not None:
        raise NoTill
    return who.merchant_id, who.till_id


# what a person says


def answer_print(session: Session, who: Principal, job_id: UUID, answer: str, *, tries: int, now: datetime) -> PrintRow:
    """A person has looked: `came` (the paper is there), `again` (print it once more), `drop` (leave it).

    `tries`: what the page showed; where the job has gone on since, nothing changes, so a second press prints no second paper.
    `came` and `again` of a paper that is still on its way are not believed. Raises NoTill, PrintJobUnknown.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.print")
        _merchant_id, till_id = _place(session, who)
        row = session.get(PrintJob, (who.district_id, job_id), with_for_update=True, populate_existing=True)
        if row is None or row.till_id != till_id:
            raise PrintJobUnknown
        seen = as_print_row(row, now=now)
        if seen.asks and row.tries == tries:
            row.state = {"came": "sent", "again": "queued", "drop": "dropped"}[answer]
            row.why, row.changed_at = "", now
            if answer == "again":
                row.asked_at = now
            session.flush()
        return as_print_row(row, now=now)


# whoever prints


def take_for_agent(session: Session, who: Principal, *, now: datetime) -> PrintRow | None:
    """The oldest paper that waits for the agent of this till; it is on its way from now on. None where nothing waits. Raises NoTill."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.print")
        _merchant_id, till_id = _place(session, who)
        if printer_of(session, who.district_id, till_id).way != "agent":
            return None
        return _take(session, who.district_id, till_id, now)


def told_by_agent(session: Session, who: Principal, job_id: UUID, state: str, why: str, *, tries: int, now: datetime) -> None:
    """What came of a try. Told twice is told once. Raises NoTill, PrintJobUnknown."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.print")
        _merchant_id, till_id = _place(session, who)
        row = session.get(PrintJob, (who.district_id, job_id), populate_existing=True)
        if row is None or row.till_id != till_id:
            raise PrintJobUnknown
        close_print(session, as_print_row(row, now=now), state, why, tries=tries, now=now)


def waiting_printers(session: Session, *, now: datetime) -> Sequence[tuple[str, int, int]]:
    """Where the server itself has something to print: address, district, till."""
    here = and_(TillPrinter.district_id == PrintJob.district_id, TillPrinter.till_id == PrintJob.till_id)
    query = select(TillPrinter.address, TillPrinter.district_id, TillPrinter.till_id).join(PrintJob, here)
    query = query.where(TillPrinter.way == "server", PrintJob.state == "queued", PrintJob.asked_at > now - STALE).distinct()
    return [(address, district_id, till_id) for address, district_id, till_id in session.execute(query)]


def take_print(session: Session, district_id: int, till_id: int, *, now: datetime) -> PrintRow | None:
    """The oldest paper that waits for the server at this till; it is on its way from now on."""
    with atomic(session):
        return _take(session, district_id, till_id, now)


def close_print(session: Session, job: PrintRow, state: str, why: str, *, tries: int, now: datetime) -> None:
    """`state`: sent, failed or unknown. Nothing changes where a person has answered meanwhile, or another try is on its way."""
    with atomic(session):
        mine = (PrintJob.district_id == job.district_id, PrintJob.id == job.id, PrintJob.tries == tries, PrintJob.state == "sending")
        session.execute(
            update(PrintJob).where(*mine).values(state=state, why=why, changed_at=now).execution_options(synchronize_session=False)
        )


def sweep_prints(session: Session, *, now: datetime) -> None:
    """Clear away what was printed, or not, a month ago; the receipts and their papers are kept elsewhere."""
    with atomic(session):
        session.execute(delete(PrintJob).where(PrintJob.changed_at < now - PRINTS))


def _take(session: Session, district_id: int, till_id: int, now: datetime) -> PrintRow | None:
    """One after the other: while a paper of this till is on its way, no other one is taken."""
    session.execute(ONE_AT_A_TIME, {"till": f"print_job {district_id} {till_id}"})
    here = (PrintJob.district_id == district_id, PrintJob.till_id == till_id)
    busy = select(PrintJob.id).where(*here, PrintJob.state == "sending", PrintJob.changed_at > now - LEASE)
    if session.scalar(busy.limit(1)) is not None:
        return None
    due = select(PrintJob).where(*here, PrintJob.state == "queued", PrintJob.asked_at > now - STALE).order_by(PrintJob.asked_at)
    row = session.scalars(due.limit(1).with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        return None
    row.state, row.tries, row.changed_at = "sending", row.tries + 1, now
    session.flush()
    return as_print_row(row, now=now)
