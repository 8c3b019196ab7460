"""The sealer: gives what is committed its place in the sealed log, and signs. It is never on the paying path.

The database chooses, numbers and hashes (`ledger.seal`); here is only the key. Several sealers at once are harmless: one
works, the others find nothing to do. docs/reference/sealed-log.md tells what is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.sealed import log_keys, log_root
from ledger.rules.notes import Checkpoint, Epoch, PublicKey, Signer, endorse, sign

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
    """What a round did for one district. `note`: the checkpoint; None where none could be signed: the log's key is another, or
    the log `is_held` (the database was returned, moved or failed over, and nobody has said yet how its log goes on)."""

    district_id: int
    added: int
    size: int
    note: str | None
    is_held: bool = False


def seal(session: Session, keys: SealKeys, *, limit: int = ROUND_MAX) -> list[Sealed]:
    """Seal up to `limit` transactions of all districts and sign a checkpoint for each that grew; empty when there is no news.

    A log that goes on after it was held gets its checkpoint without waiting for news.
    """
    rows = session.execute(text("SELECT district, added, size, root FROM ledger.seal(:limit)"), {"limit": limit}).all()
    done = [_sign(session, keys, row.district, row.added, row.size, bytes(row.root)) for row in rows]
    for district_id in session.execute(GOING_ON).scalars().all():
        state = session.execute(STATE, {"district_id": district_id}).one()
        if state.size and (state.size, state.epoch) != (state.signed_size, state.signed_epoch):
            late = _sign(session, keys, district_id, 0, state.size, log_root(session, district_id, state.size))
            if late.note is not None:
                done.append(late)
    return done


def log_signer(session: Session, keys: SealKeys, district_id: int) -> PublicKey:
    """The configured key, as this log names it."""
    known = log_keys(session, district_id)
    return Signer(known[0].public_key.name if known else f"{keys.host}/ledger/{district_id}", keys.current).public


# Logs that somebody vouched for, or that began an epoch, since their last checkpoint: hardly ever one, so no leaf is looked at.
GOING_ON = text("""
    SELECT k.district_id FROM ledger.log_key k WHERE k.number = 1 AND (
        (SELECT max(p.since) FROM ledger.log_place p WHERE p.district_id = k.district_id)
            > (SELECT c.signed_at FROM ledger.checkpoint c WHERE c.district_id = k.district_id ORDER BY c.size DESC, c.epoch DESC LIMIT 1)
        OR EXISTS (SELECT FROM ledger.log_epoch e WHERE e.district_id = k.district_id AND NOT EXISTS (
            SELECT FROM ledger.epoch_note n WHERE n.district_id = e.district_id AND n.number = e.number)))
""")
STATE = text("SELECT size, signed_size, signed_epoch, epoch, is_held FROM ledger.log_state WHERE district_id = :district_id")


def _sign(session: Session, keys: SealKeys, district_id: int, added: int, size: int, root: bytes) -> Sealed:
    state = session.execute(STATE, {"district_id": district_id}).one_or_none()
    if state is not None and state.is_held:
        return Sealed(district_id, added, size, None, is_held=True)
    epoch = 1 if state is None else state.epoch
    begun = _unsigned_epoch(session, district_id)
    signers = _signers(session, keys, district_id, begun)
    if not signers or (begun is not None and begun.key != signers[0].public):
        return Sealed(district_id, added, size, None)
    if begun is not None:
        values = {"district_id": district_id, "number": begun.number, "note": sign(begun.text, signers)}
        session.execute(text("SELECT ledger.add_epoch_note(:district_id, :number, :note)"), values)
    note = sign(Checkpoint(signers[0].name, size, root, epoch).text, signers)
    values = {"district_id": district_id, "size": size, "note": note}
    session.execute(text("SELECT ledger.add_checkpoint(:district_id, :size, :note)"), values)
    return Sealed(district_id, added, size, note)


def _signers(session: Session, keys: SealKeys, district_id: int, begun: Epoch | None) -> Sequence[Signer]:
    """The present key, put down as this log's if it is new, and the one before it while that is still configured.

    None, where the log has another key and we do not have it: whoever pinned that one would not believe ours. The one way on
    without it is an epoch that names our key, which two people confirmed.
    """
    known = [key.public_key for key in log_keys(session, district_id)]
    origin = known[0].name if known else f"{keys.host}/ledger/{district_id}"
    current = Signer(origin, keys.current)
    before = [signer for signer in (Signer(origin, keys.previous),) if signer.public in known] if keys.previous else []
    if current.public not in known:
        if known and not before and (begun is None or begun.key != current.public):
            return []
        endorsement = endorse(before[0], current.public) if before else None
        values = {"district_id": district_id, "public_key": str(current.public), "endorsement": endorsement}
        session.execute(text("SELECT ledger.add_log_key(:district_id, :public_key, :endorsement)"), values)
    return [current, *before]


UNSIGNED_EPOCH = text("""
    SELECT e.number, p.size, p.root, p.largest, p.returned_to, p.public_key
    FROM ledger.log_epoch e JOIN ledger.prepared_epoch p ON p.district_id = e.district_id AND p.id = e.prepared_id
    WHERE e.district_id = :district_id AND NOT EXISTS (
        SELECT FROM ledger.epoch_note n WHERE n.district_id = e.district_id AND n.number = e.number)
    ORDER BY e.number LIMIT 1
""")


def _unsigned_epoch(session: Session, district_id: int) -> Epoch | None:
    """What two people confirmed and nobody has signed yet."""
    row = session.execute(UNSIGNED_EPOCH, {"district_id": district_id}).one_or_none()
    if row is None:
        return None
    key = PublicKey.read(row.public_key)
    return Epoch(key.name, row.number, row.size, bytes(row.root), row.largest, row.returned_to, key)
