"""A file, opened."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import unseal_file, vault
from subsidy.errors import PaperUnknown
from subsidy.models import Paper
from subsidy.queries.seats import seat_of
from subsidy.rules.files import SUFFIX


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """`name`: what it is saved as: its kind and number, never what the sender called it."""

    name: str
    media: str
    content: bytes


def key_name(sha256: bytes) -> str:
    """Whose key it is, in the vault's words."""
    return f"subsidy paper {sha256.hex()}"


def open_paper(session: Session, who: Principal, project_id: int, paper_id: int) -> OpenedPaper:
    """The file itself: on record each time. A member opens its own, an outside expert none.

    Raises ProjectUnknown, PaperUnknown, Forbidden.
    """
    authorise(session, who, "subsidy.open_paper", subject=f"subsidy_paper:{paper_id}")
    seat = seat_of(session, who, project_id)
    if seat.role == "expert":
        raise Forbidden
    mine = (Paper.district_id == who.district_id, Paper.project_id == project_id, Paper.id == paper_id)
    row = session.scalar(select(Paper).where(*mine).options(undefer(Paper.sealed), undefer(Paper.wrapped_key)))
    if row is None or (seat.role in ("participant", "provider") and row.party_id != seat.party_id):
        raise PaperUnknown
    key = vault(session).open_key(row.wrapped_key, who.district_id, key_name(row.sha256))
    content = unseal_file(key, row.sealed, who.district_id, row.sha256.hex())
    return OpenedPaper(f"{row.kind.lower()}-{row.id}.{SUFFIX[row.media]}", row.media, content)
