"""The epochs of a sealed log: those that began, those that an operator has prepared, and whether a log is held until one does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.rules.notes import Epoch, PublicKey


@dataclass(frozen=True, slots=True)
class LogEpoch:
    """An epoch of a log that two people confirmed and the log's key signed."""

    epoch: Epoch
    note: str
    signed_at: datetime


EPOCHS = text("SELECT note, signed_at FROM ledger.epoch_note WHERE district_id = :district_id ORDER BY number")


def log_epochs(session: Session, district_id: int) -> list[LogEpoch]:
    """The epochs after the first, in order; none as long as the book was never returned."""
    rows = session.execute(EPOCHS, {"district_id": district_id})
    return [LogEpoch(Epoch.read(row.note), row.note, row.signed_at) for row in rows]


@dataclass(frozen=True, slots=True)
class LogState:
    """How far a log is: leaves, what was signed last (0: nothing), its epoch.

    `is_held`: nothing is signed until somebody says how it goes on.
    """

    district_id: int
    size: int
    signed_size: int
    epoch: int
    is_held: bool


STATES = text("SELECT district_id, size, COALESCE(signed_size, 0), epoch, is_held FROM ledger.log_state ORDER BY district_id")


def log_states(session: Session) -> list[LogState]:
    """Of all districts whose log has begun."""
    return [LogState(*row) for row in session.execute(STATES)]


@dataclass(frozen=True, slots=True)
class PreparedEpoch:
    """What an operator laid ready. `number`: the epoch that it became, None as long as two people have not confirmed it."""

    id: int
    size: int
    root: bytes
    largest: int
    returned_to: datetime
    key: PublicKey
    prepared_at: datetime
    number: int | None

    @property
    def missing(self) -> int:
        """How many transactions can be missing at most."""
        return self.largest - self.size


PREPARED = text("""
    SELECT p.id, p.size, p.root, p.largest, p.returned_to, p.public_key, p.prepared_at, e.number FROM ledger.prepared_epoch p
    LEFT JOIN ledger.log_epoch e ON e.district_id = p.district_id AND e.prepared_id = p.id
    WHERE p.district_id = :district_id ORDER BY p.id DESC LIMIT 20
""")


def prepared_epochs(session: Session, district_id: int) -> list[PreparedEpoch]:
    """The newest first."""
    rows = session.execute(PREPARED, {"district_id": district_id})
    return [
        PreparedEpoch(
            row.id, row.size, bytes(row.root), row.largest, row.returned_to, PublicKey.read(row.public_key), row.prepared_at, row.number
        )
        for row in rows
    ]
