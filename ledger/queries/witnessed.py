"""What a checkpoint that somebody brings is worth: whose word it is, and whether this book ever said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.errors import CheckpointUnknown
from ledger.queries.epochs import LogEpoch, log_epochs
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


SHOWN = text("SELECT size, epoch, root FROM ledger.checkpoint WHERE district_id = :district_id AND size = ANY (CAST(:sizes AS bigint[]))")


def explained(session: Session, district_id: int, pairs: Sequence[tuple[str, str]]) -> list[datetime | None]:
    """Of each (before, shown), two notes as a witness tells them: since when an epoch of this log explains that they do not fit together.

    It does where what it was shown is this book's own, of a later epoch; or of whatever epoch, where the leaves behind `before` were given
    up. None: nothing that two people stand for explains it. Two statements.
    """
    epochs = log_epochs(session, district_id)
    read = [(_read(before), _read(shown)) for before, shown in pairs] if epochs else []
    sizes = sorted({shown.size for _, shown in read if shown})
    ours = (
        {(row.size, row.epoch, bytes(row.root)) for row in session.execute(SHOWN, {"district_id": district_id, "sizes": sizes})}
        if sizes
        else set()
    )
    return [_explained(before, shown, epochs, ours) for before, shown in read] if epochs else [None] * len(pairs)


def _read(note: str) -> Checkpoint | None:
    try:
        return Checkpoint.read(note)
    except NoteWrong:
        return None


def _explained(
    before: Checkpoint | None, shown: Checkpoint | None, epochs: list[LogEpoch], ours: set[tuple[int, int, bytes]]
) -> datetime | None:
    if before is None or shown is None:
        return None
    later = [each for each in epochs if each.epoch.number > before.epoch]
    if shown.epoch <= before.epoch:
        later = [each for each in later if each.epoch.size < before.size]
    elif (shown.size, shown.epoch, shown.root) not in ours:
        return None
    return later[0].signed_at if later else None
