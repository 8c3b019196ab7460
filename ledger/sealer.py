"""The sealer: gives what is committed its place in the sealed log, and signs. It is never on the paying path.

The database chooses, numbers and hashes (`ledger.seal`); here is only the key. Several sealers at once are harmless: one
works, the others find nothing to do. docs/reference/sealed-log.md tells what is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.sealed import log_keys
from ledger.rules.notes import Checkpoint, Signer, endorse, sign

ROUND_MAX = 5_000
"""Transactions a round: few enough that folding, which waits behind it, hardly notices."""


@dataclass(frozen=True, slots=True)
class SealKeys:
    """What the sealer signs with, 32 bytes each, and the host that names a log when it begins. `previous`: during a change of key."""

    host: str
    current: bytes
    previous: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a round did for one district. `note`: the checkpoint; None where the log's key is another, and none could be signed."""

    district_id: int
    added: int
    size: int
    note: str | None


def seal(session: Session, keys: SealKeys, *, limit: int = ROUND_MAX) -> list[Sealed]:
    """Seal up to `limit` transactions of all districts and sign a checkpoint for each that grew; empty when there is no news."""
    rows = session.execute(text("SELECT district, added, size, root FROM ledger.seal(:limit)"), {"limit": limit}).all()
    return [Sealed(row.district, row.added, row.size, _sign(session, keys, row.district, row.size, bytes(row.root))) for row in rows]


def _sign(session: Session, keys: SealKeys, district_id: int, size: int, root: bytes) -> str | None:
    signers = _signers(session, keys, district_id)
    if not signers:
        return None
    note = sign(Checkpoint(signers[0].name, size, root).text, signers)
    values = {"district_id": district_id, "size": size, "note": note}
    session.execute(text("SELECT ledger.add_checkpoint(:district_id, :size, :note)"), values)
    return note


def _signers(session: Session, keys: SealKeys, district_id: int) -> Sequence[Signer]:
    """The present key, put down as this log's if it is new, and the one before it while that is still configured.

    None, where the log has another key and we do not have it: whoever pinned that one would not believe ours.
    """
    known = [key.public_key for key in log_keys(session, district_id)]
    origin = known[0].name if known else f"{keys.host}/ledger/{district_id}"
    current = Signer(origin, keys.current)
    before = [signer for signer in (Signer(origin, keys.previous),) if signer.public in known] if keys.previous else []
    if current.public not in known:
        if known and not before:
            return []
        endorsement = endorse(before[0], current.public) if before else None
        values = {"district_id": district_id, "public_key": str(current.public), "endorsement": endorsement}
        session.execute(text("SELECT ledger.add_log_key(:district_id, :public_key, :endorsement)"), values)
    return [current, *before]
