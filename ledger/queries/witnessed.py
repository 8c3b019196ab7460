"""What a checkpoint that somebody brings is worth: whose word it is, and whether this book ever said so."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ledger.errors import CheckpointUnknown
from ledger.queries.sealed import SignedCheckpoint, checkpoint, log_signers
from ledger.rules.notes import Checkpoint, NoteWrong


@dataclass(frozen=True, slots=True)
class Appraised:
    """A signed note that came from outside. `origin`, `size`, `root`: what it says, empty, 0 and empty where it is no checkpoint.

    `is_signed`: by a key of this log, so that the log's own sealer said so once; `is_in_book`: the book still says so.
    """

    origin: str
    size: int
    root: bytes
    is_signed: bool
    is_in_book: bool


def newest_checkpoint(session: Session, district_id: int) -> SignedCheckpoint | None:
    """The newest checkpoint; None while nothing was ever signed."""
    try:
        return checkpoint(session, district_id)
    except CheckpointUnknown:
        return None


def appraise(session: Session, district_id: int, note: str) -> Appraised:
    """Look at a note without believing it."""
    try:
        says = Checkpoint.read(note)
        is_signed = any(key.name == says.origin and key.has_signed(note) for key in log_signers(session, district_id))
    except NoteWrong:
        return Appraised("", 0, b"", False, False)
    return Appraised(says.origin, says.size, says.root, is_signed, is_signed and _is_in_book(session, district_id, says))


def _is_in_book(session: Session, district_id: int, says: Checkpoint) -> bool:
    try:
        return checkpoint(session, district_id, size=says.size).root == says.root
    except CheckpointUnknown:
        return False
