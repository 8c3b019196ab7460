"""The files of a project, and one of them opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from identity.commands import authorise, authorise_each
from identity.queries import Principal
from identity.vault import unseal_file, vault
from subsidy.errors import PaperForgotten, PaperUnknown, PartNotInvited
from subsidy.models import Paper, PaperCheck, PaperKey
from subsidy.queries.seats import Seated, seat_of
from subsidy.rules.files import SUFFIX
from subsidy.rules.invoice_text import Read, read_as_stored


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A file without its content. `line`: of a cost line's evidence. `is_good`: None while the lead has not looked; `words`: why.

    `proposed`: what its own text says; None where it is no invoice, or none that can be read.
    """

    id: int
    party_id: int
    kind: str
    file_name: str
    media: str
    size_bytes: int
    sha256: bytes
    issued_on: date | None
    line: int | None
    day: date | None
    amount: int | None
    number: str
    issuer: str
    proposed: Read | None
    via: str
    handed_by: int | None
    handed_at: datetime
    is_good: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """`name`: what it is saved as: its kind and number, never what the sender called it."""

    name: str
    media: str
    content: bytes


def key_name(sha256: bytes) -> str:
    """Whose key it is, in the vault's words."""
    return f"subsidy paper {sha256.hex()}"


def part_of(line: int | None) -> str:
    """To which part of a project a file belongs: evidence of a cost line, or a party's own paper."""
    return "papers" if line is None else "evidence"


def open_paper(session: Session, who: Principal, project_id: int, paper_id: int, *, today: date) -> OpenedPaper:
    """The file itself: on record each time. A member opens its own, an outside expert those that it is invited to.

    Raises ProjectUnknown, PaperUnknown, PaperForgotten, PartNotInvited.
    """
    authorise(session, who, "subsidy.open_paper", subject=f"subsidy_paper:{paper_id}")
    return opened_paper(session, who, project_id, paper_id, seat_of(session, who, project_id), today)


def open_papers(session: Session, who: Principal, project_id: int, paper_ids: Sequence[int], *, today: date) -> list[OpenedPaper]:
    """As `open_paper`, each on record."""
    authorise_each(session, who, "subsidy.open_paper", [f"subsidy_paper:{paper_id}" for paper_id in paper_ids])
    seat = seat_of(session, who, project_id)
    return [opened_paper(session, who, project_id, paper_id, seat, today) for paper_id in paper_ids]


def opened_paper(session: Session, who: Principal, project_id: int, paper_id: int, seat: Seated, today: date) -> OpenedPaper:
    """As `open_paper`, for doors that have asked already."""
    mine = (Paper.district_id == who.district_id, Paper.project_id == project_id, Paper.id == paper_id)
    row = session.scalar(select(Paper).where(*mine).options(undefer(Paper.sealed)))
    if row is None or (seat.role in ("participant", "provider") and row.party_id != seat.party_id):
        raise PaperUnknown
    if not seat.may_see({part_of(row.line)}, today):
        raise PartNotInvited
    kept = session.get(PaperKey, (who.district_id, paper_id))
    if kept is None:
        raise PaperForgotten
    key = vault(session).open_key(kept.wrapped_key, who.district_id, key_name(row.sha256))
    content = unseal_file(key, row.sealed, who.district_id, row.sha256.hex())
    return OpenedPaper(f"{row.kind.lower()}-{row.id}.{SUFFIX[row.media]}", row.media, content)


def papers_of(session: Session, district_id: int, project_id: int) -> tuple[PaperRow, ...]:
    """Every file of a project, the oldest first. For doors that have asked already."""
    rows = session.scalars(select(Paper).filter_by(district_id=district_id, project_id=project_id).order_by(Paper.id)).all()
    said: dict[int, PaperCheck] = {}
    if rows:
        mine = (PaperCheck.district_id == district_id, PaperCheck.paper_id.in_([row.id for row in rows]))
        said = {check.paper_id: check for check in session.scalars(select(PaperCheck).where(*mine).order_by(PaperCheck.id))}
    return tuple(_paper(row, said.get(row.id)) for row in rows)


def _paper(row: Paper, check: PaperCheck | None) -> PaperRow:
    return PaperRow(
        row.id,
        row.party_id,
        row.kind,
        row.file_name,
        row.media,
        row.size_bytes,
        row.sha256,
        row.issued_on,
        row.line,
        row.day,
        row.amount,
        row.number,
        row.issuer,
        None if row.proposed is None else read_as_stored(row.proposed),
        row.via,
        row.handed_by,
        row.handed_at,
        None if check is None else check.is_good,
        "" if check is None else check.words,
    )
