"""The sealed log as others read it: checkpoints, keys and proofs. A proof reads O(log n) rows, in one statement."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.errors import CheckpointUnknown, TransactionUnknown
from ledger.queries.epochs import log_epochs
from ledger.rules import tree
from ledger.rules.encoding import Leg, Sealable, decode, encode, hash_facts, hash_key
from ledger.rules.notes import NoteWrong, PublicKey, trusted_keys
from ledger.rules.receipt import Proved, Receipt, check, from_file, read

STORED_EVERY = 4
"""Levels of the tree of which one is stored: 0 (the leaves), 4, 8, …"""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """What the sealer said of a log: so many leaves, this root. `note`: the signed text, as it is handed out."""

    size: int
    root: bytes
    note: str
    signed_at: datetime
    epoch: int = 1


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log. `endorsement`: an earlier key's word for it, None for the first, and for one that follows a lost key."""

    public_key: PublicKey
    endorsement: str | None
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a transaction stands in the log: leaf `place`, its hash, and the way up to the root of `checkpoint`.

    `encoded`: the bytes of the leaf, so that whoever gets this can make the hash anew.
    """

    transaction_id: int
    place: int
    leaf_hash: bytes
    encoded: bytes
    proof: tuple[bytes, ...]
    checkpoint: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Sight:
    """The log as a witness is shown it. `key`: its first, which a newcomer pins; `endorsements`: how it leads to the present one.

    `consistency`: that `checkpoint` only adds to what the witness saw; None if it saw nothing, or a size that was never signed here.
    `epochs`: the note of each epoch after the first, with the proof that `checkpoint` only adds to where it goes on.
    """

    key: PublicKey
    endorsements: tuple[str, ...]
    checkpoint: SignedCheckpoint
    consistency: tuple[bytes, ...] | None
    epochs: tuple[tuple[str, tuple[bytes, ...]], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As scripts and programs get it; hashes in base64."""
        return {
            "key": str(self.key),
            "endorsements": list(self.endorsements),
            "checkpoint": self.checkpoint.note,
            "consistency": None if self.consistency is None else _base64(self.consistency),
            "epochs": [{"note": note, "consistency": _base64(way)} for note, way in self.epochs],
        }


def _base64(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]


KEYS = text("SELECT public_key, endorsement, began_at FROM ledger.log_key WHERE district_id = :district_id ORDER BY number")


def log_keys(session: Session, district_id: int) -> list[LogKey]:
    """The keys of a district's log, oldest first; none before the first round. What is no key is nobody's, and stops nobody."""
    keys = []
    for row in session.execute(KEYS, {"district_id": district_id}):
        with suppress(NoteWrong):
            keys.append(LogKey(PublicKey.read(row.public_key), row.endorsement, row.began_at))
    return keys


CHECKPOINT = "SELECT size, root, note, signed_at, epoch FROM ledger.checkpoint WHERE district_id = :district_id"
NEWEST = text(f"{CHECKPOINT} ORDER BY size DESC, epoch DESC LIMIT 1")
OF_SIZE = text(f"{CHECKPOINT} AND size = :size ORDER BY epoch DESC LIMIT 1")


FIRST_AFTER = text(f"{CHECKPOINT} AND size > :size AND signed_at >= :moment ORDER BY size, epoch DESC LIMIT 1")


def checkpoint_after(session: Session, district_id: int, *, size: int, moment: datetime) -> SignedCheckpoint | None:
    """The first checkpoint that is larger than `size` and signed at `moment` or later; None while there is none."""
    row = session.execute(FIRST_AFTER, {"district_id": district_id, "size": size, "moment": moment}).one_or_none()
    return None if row is None else SignedCheckpoint(row.size, bytes(row.root), row.note, row.signed_at, row.epoch)


def checkpoint(session: Session, district_id: int, *, size: int | None = None) -> SignedCheckpoint:
    """The newest checkpoint, or that of exactly this size. Raises CheckpointUnknown."""
    row = session.execute(NEWEST if size is None else OF_SIZE, {"district_id": district_id, "size": size}).one_or_none()
    if row is None:
        raise CheckpointUnknown(size=size)
    return SignedCheckpoint(row.size, bytes(row.root), row.note, row.signed_at, row.epoch)


SEALABLES = text("""
    SELECT t.id, t.key, t.posted_at, t.kind, t.command_hash, t.refers_to, t.hold_id, t.facts,
        (SELECT jsonb_agg(jsonb_build_array(l.account_id, a.role, a.owner_id, a.series_id, a.unit, l.amount) ORDER BY l.line)
         FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS l (account_id, amount, line)
         CROSS JOIN LATERAL (SELECT * FROM ledger.account x WHERE x.district_id = t.district_id AND x.id = l.account_id OFFSET 0) a) AS legs
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id = ANY (CAST(:ids AS bigint[]))
""")  # OFFSET 0: each account by its key, not by a join with all of the district


def sealables(session: Session, district_id: int, transaction_ids: Sequence[int]) -> dict[int, Sealable]:
    """Transactions as they are sealed, by number; those that are not in the journal are left out."""
    rows = session.execute(SEALABLES, {"district_id": district_id, "ids": list(transaction_ids)})
    return {
        row.id: Sealable(
            district_id,
            row.id,
            row.posted_at,
            row.kind,
            hash_key(row.key),
            bytes(row.command_hash),
            row.refers_to,
            row.hold_id,
            hash_facts(row.key, row.facts),
            tuple(Leg(*leg) for leg in row.legs or ()),
        )
        for row in rows
    }


# `+ 0`: by the index of transactions, never by that of places (10_sealed_log.sql says why).
LEAF = text("SELECT place, hash FROM ledger.leaf WHERE transaction_id = :transaction_id AND district_id + 0 = :district_id")


def inclusion(session: Session, district_id: int, transaction_id: int, *, size: int | None = None) -> Inclusion | None:
    """The proof that a transaction is in the log, against the newest checkpoint or that of `size`. None: not sealed by then.

    Raises TransactionUnknown, CheckpointUnknown. The caller must check that the asker may see the transaction.
    """
    found = sealables(session, district_id, [transaction_id]).get(transaction_id)
    if found is None:
        raise TransactionUnknown(transaction=transaction_id)
    leaf = session.execute(LEAF, {"district_id": district_id, "transaction_id": transaction_id}).one_or_none()
    if leaf is None:
        return None
    signed = checkpoint(session, district_id, size=size)
    if leaf.place >= signed.size:
        return None
    proof = tree.inclusion_proof(leaf.place, signed.size, _reader(session, district_id))
    return Inclusion(transaction_id, leaf.place, bytes(leaf.hash), encode(found), tuple(proof), signed)


def receipt(session: Session, district_id: int, transaction_id: int, *, size: int | None = None) -> Receipt | None:
    """The proof that goes with a receipt, against the newest checkpoint or that of `size`; None: not sealed by then.

    Raises TransactionUnknown, CheckpointUnknown. The caller must check that the asker may see the transaction.
    """
    found = inclusion(session, district_id, transaction_id, size=size)
    if found is None:
        return None
    endorsements = tuple(key.endorsement for key in log_keys(session, district_id) if key.endorsement)
    return Receipt(found.encoded, found.place, found.proof, found.checkpoint.note, endorsements)


def consistency(session: Session, district_id: int, old: int, size: int) -> list[bytes]:
    """The proof that the log of `size` leaves begins with the log of `old` leaves. Raises CheckpointUnknown for sizes never signed."""
    if old > size:
        raise CheckpointUnknown(size=old)
    for each in {old, size} - {0}:
        checkpoint(session, district_id, size=each)
    return tree.consistency_proof(old, size, _reader(session, district_id))


def sight(session: Session, district_id: int, *, seen: int | None = None) -> Sight | None:
    """What a witness is shown who saw the log of `seen` leaves before. None: nothing was ever signed.

    A witness that was shown a size which is not in this book must learn of it, so that is no refusal.
    """
    keys = log_keys(session, district_id)
    try:
        newest = checkpoint(session, district_id)
    except CheckpointUnknown:
        return None
    try:
        way = None if seen is None else tuple(consistency(session, district_id, seen, newest.size))
    except CheckpointUnknown:
        way = None
    reader = _reader(session, district_id)
    epochs = tuple(
        (each.note, tuple(tree.consistency_proof(each.epoch.size, newest.size, reader))) for each in log_epochs(session, district_id)
    )
    return Sight(first_keys(keys)[-1], tuple(key.endorsement for key in keys if key.endorsement), newest, way, epochs)


def first_keys(keys: Sequence[LogKey]) -> list[PublicKey]:
    """Those that no earlier key endorsed: the log's first, and one for each time that its key was lost."""
    return [key.public_key for key in keys if key.endorsement is None]


def log_signers(session: Session, district_id: int) -> list[PublicKey]:
    """Whose signature under a checkpoint counts: the first keys, and what they endorsed. A key that is only written down does not."""
    keys = log_keys(session, district_id)
    endorsements = [key.endorsement for key in keys if key.endorsement]
    return [key for first in first_keys(keys) for key in trusted_keys(first, endorsements)]


def log_root(session: Session, district_id: int, size: int) -> bytes:
    """The root over the first `size` leaves, which must be there."""
    return tree.root(size, _reader(session, district_id))


def check_file(session: Session, district_id: int, file: bytes) -> Proved:
    """What a slip or a proof proves by this district's own keys; nothing is kept of it. Raises ReceiptWrong."""
    return check(read(from_file(file)), first_keys(log_keys(session, district_id)))


# Each key was made for one intention: whoever lost the answer asked again with it. By the index of moments.
AGAIN = text("""
    SELECT sha256(uuid_send(key)) AS key_hash FROM ledger.transaction
    WHERE district_id = :district_id AND posted_at >= :since AND posted_at < :until AND kind <> 'key_closed'
      AND sha256(uuid_send(key)) = ANY (CAST(:hashes AS bytea[]))
""")
ASKED_AGAIN_WITHIN = timedelta(days=7)


def standings_in_book(session: Session, district_id: int, encoded: Sequence[bytes]) -> list[str]:
    """What the book says to transactions as they were once sealed: "same"; "again" (what was asked for was done anew, under another
    number); "other" (the number is of another one now) or "missing"."""
    wanted = [decode(each) for each in encoded]
    found = sealables(session, district_id, [each.transaction_id for each in wanted])
    lost = [each for each in wanted if found.get(each.transaction_id) != each]
    again: set[bytes] = set()
    if lost:
        moments = [each.posted_at for each in lost]
        values = {"since": min(moments), "until": max(moments) + ASKED_AGAIN_WITHIN, "hashes": [each.key_hash for each in lost]}
        again = {bytes(row.key_hash) for row in session.execute(AGAIN, {"district_id": district_id, **values})}
    return [_standing(each, found.get(each.transaction_id), again) for each in wanted]


def _standing(wanted: Sealable, found: Sealable | None, again: set[bytes]) -> str:
    if found == wanted:
        return "same"
    if wanted.key_hash in again:
        return "again"
    return "missing" if found is None else "other"


ACCOUNTS = text("""
    SELECT id, role, owner_id, series_id, unit FROM ledger.account WHERE district_id = :district_id AND id = ANY (CAST(:ids AS bigint[]))
""")


def has_accounts(session: Session, district_id: int, sealed: Sealable) -> bool:
    """Whether each account of a transaction as it was once sealed is in the book now, and the same one's."""
    rows = session.execute(ACCOUNTS, {"district_id": district_id, "ids": [leg.account_id for leg in sealed.legs]})
    ours = {tuple(row) for row in rows}
    return all((leg.account_id, leg.role, leg.owner_id, leg.series_id, leg.unit) in ours for leg in sealed.legs)


NODES = text(
    "SELECT number, hash FROM ledger.tree_nodes(:district_id, CAST(:levels AS int[]), CAST(:firsts AS bigint[]), CAST(:ends AS bigint[]))"
)


def _reader(session: Session, district_id: int) -> tree.Reader:
    """Gives nodes of any level, each made from at most eight stored hashes, all read at once."""

    def read(nodes: Sequence[tree.Node]) -> list[bytes]:
        if not nodes:
            return []
        widths = [1 << level % STORED_EVERY for level, _ in nodes]
        values = {
            "district_id": district_id,
            "levels": [level - level % STORED_EVERY for level, _ in nodes],
            "firsts": [place * width for (_, place), width in zip(nodes, widths, strict=True)],
            "ends": [(place + 1) * width for (_, place), width in zip(nodes, widths, strict=True)],
        }
        rows = session.execute(NODES, values).all()
        return [tree.subtree_hash([bytes(row.hash) for row in group]) for _, group in groupby(rows, key=lambda row: row.number)]

    return read
