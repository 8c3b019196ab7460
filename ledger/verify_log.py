"""The proof of the sealed log: every leaf made anew from the journal, every node and root from the leaves, every signature checked.

Reads each district's log once, in pieces, with only the right edge of the tree in memory. Of each kind of difference the
first in a district is named: those behind it may be its consequences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from struct import error as StructError
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from ledger.queries.epochs import LogEpoch
from ledger.queries.sealed import STORED_EVERY, first_keys, log_keys, sealables
from ledger.rules.encoding import Sealable, encode
from ledger.rules.notes import Checkpoint, Epoch, NoteWrong, PublicKey, trusted_keys
from ledger.rules.tree import Edge, Node, leaf_hash

LEAVES_A_PIECE = 5_000

LOG_CHECKS = {
    "leaf_missing": "a place of the log is empty; subject: the place",
    "sealed_transaction_missing": "what was sealed is no longer in the journal; subject: the transaction",
    "sealed_transaction_changed": "the journal does not say what was sealed; subject: the transaction",
    "node_differs": "a stored node is not the hash of its leaves; subject: the first leaf below it",
    "checkpoint_differs": "the tree is not the one that was signed; subject: the size",
    "signature_wrong": "a checkpoint is not signed by a key of this log; subject: the size",
    "epoch_differs": "an epoch does not go on from this tree, or no key of this log signed it; subject: its number",
    "transaction_not_sealed": "a transaction that others were sealed behind is in no leaf; subject: the transaction",
}

Difference = tuple[str, int, int]
"""The name in LOG_CHECKS, the district, the subject."""


def leaves_to_check(session: Session, district_id: int | None = None) -> int:
    """How many leaves there are in this district, or in all."""
    return int(session.execute(COUNT if district_id is None else COUNT_HERE, {"district_id": district_id}).scalar_one())


COUNT = text("SELECT count(*) FROM ledger.leaf")
COUNT_HERE = text("SELECT count(*) FROM ledger.leaf WHERE district_id = :district_id")


def verify_log(
    session: Session, report: Callable[[int], None], pins: Sequence[PublicKey], *, district_id: int | None = None
) -> Iterator[Difference]:
    """Check the logs of all districts, or of one; yields what is wrong. `report` hears how many leaves more are done.

    A key counts if it is pinned or leads back to a pinned one by endorsements. `pins` are keys that are known from
    elsewhere; without one the first key that the database names is believed, and each that an epoch names.
    """
    for each in _logs(session) if district_id is None else [district_id]:
        told = set()
        for what, subject in _differences(session, each, report, _keys(session, each, pins)):
            if what not in told:
                told.add(what)
                yield what, each, subject
    for row in session.execute(NOT_SEALED if district_id is None else NOT_SEALED_HERE, {"district_id": district_id}):
        yield "transaction_not_sealed", row.district_id, row.id
    session.rollback()


def _logs(session: Session) -> Sequence[int]:
    """The districts in which anything was ever sealed."""
    return session.execute(text("SELECT DISTINCT district_id FROM ledger.leaf ORDER BY 1")).scalars().all()


_NOT_SEALED = """
    SELECT t.district_id, min(t.id) AS id FROM ledger.transaction t CROSS JOIN ledger.sealer s
    LEFT JOIN ledger.leaf l ON l.district_id = t.district_id AND l.transaction_id = t.id
    WHERE t.id <= s.final_id AND l.place IS NULL AND {t} GROUP BY 1 ORDER BY 1
"""
NOT_SEALED = text(_NOT_SEALED.format(t="true"))
NOT_SEALED_HERE = text(_NOT_SEALED.format(t="t.district_id = :district_id"))


def _keys(session: Session, district_id: int, pins: Sequence[PublicKey]) -> list[PublicKey]:
    """The keys whose signatures count; none where the database's own list is unreadable or does not begin with the pinned key."""
    try:
        known = log_keys(session, district_id)
    except NoteWrong:
        return []
    pinned = [pin for pin in pins if pin.name.endswith(f"/ledger/{district_id}")]
    named = {each.epoch.key for each in _epochs(session, district_id).values() if each is not None}
    believed = [key for place, key in enumerate(first_keys(known)) if place == 0 or key in named]
    endorsements = [key.endorsement for key in known if key.endorsement]
    return [key for first in pinned or believed for key in trusted_keys(first, endorsements)]


def _differences(session: Session, district_id: int, report: Callable[[int], None], keys: Sequence[PublicKey]) -> Iterator[tuple[str, int]]:
    """Everything that is wrong in one district's log, from its first leaf on. Ends at a place that is empty."""
    edge = Edge()
    epochs = _epochs(session, district_id)
    while True:
        values = {"district_id": district_id, "low": edge.size, "high": edge.size + LEAVES_A_PIECE}
        leaves = session.execute(LEAVES, values).all()
        checkpoints: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in session.execute(CHECKPOINTS if leaves else CHECKPOINTS_BEYOND, values):
            checkpoints[row.size].append(row)
        if not leaves:
            yield from (("checkpoint_differs", size) for size in checkpoints)
            yield from (("epoch_differs", number) for number, each in epochs.items() if each is None or each.epoch.size > edge.size)
            session.rollback()
            return
        journal = sealables(session, district_id, [row.transaction_id for row in leaves])
        full: dict[Node, bytes] = {}
        for row in leaves:
            if row.place != edge.size:
                yield "leaf_missing", edge.size
                return
            if row.transaction_id not in journal:
                yield "sealed_transaction_missing", row.transaction_id
            elif not _is_as_sealed(journal[row.transaction_id], bytes(row.hash)):
                yield "sealed_transaction_changed", row.transaction_id
            full.update((node, digest) for node, digest in edge.append(bytes(row.hash)) if node[0] % STORED_EVERY == 0)
            yield from _wrong_at(edge, checkpoints.get(edge.size, ()), epochs, keys)
        yield from (("node_differs", place << level) for level, place in _differing(session, district_id, full))
        session.rollback()  # each piece has its own snapshot: what was read here never changes
        report(len(leaves))


LEAVES = text("""
    SELECT place, transaction_id, hash FROM ledger.leaf
    WHERE district_id = :district_id AND place >= :low AND place < :high ORDER BY place
""")
CHECKPOINTS = text(
    "SELECT size, root, note, epoch FROM ledger.checkpoint WHERE district_id = :district_id AND size > :low AND size <= :high ORDER BY size"
)
CHECKPOINTS_BEYOND = text("""
    SELECT c.size, c.root, c.note, c.epoch FROM ledger.checkpoint c WHERE c.district_id = :district_id AND c.size > :low
      AND NOT EXISTS (SELECT FROM ledger.leaf l WHERE l.district_id = c.district_id AND l.place = c.size - 1) ORDER BY c.size
""")


def _is_as_sealed(transaction: Sealable, sealed: bytes) -> bool:
    try:
        return leaf_hash(encode(transaction)) == sealed
    except (ValueError, StructError):
        return False  # so changed that it cannot even be encoded


EPOCHS = text("""
    SELECT e.number, n.note, n.signed_at FROM ledger.log_epoch e
    LEFT JOIN ledger.epoch_note n ON n.district_id = e.district_id AND n.number = e.number WHERE e.district_id = :district_id ORDER BY 1
""")


def _epochs(session: Session, district_id: int) -> dict[int, LogEpoch | None]:
    """By number; None for a note that cannot be read. One that is still to be signed is no difference."""
    found: dict[int, LogEpoch | None] = {}
    for row in session.execute(EPOCHS, {"district_id": district_id}):
        if row.note is not None:
            try:
                found[row.number] = LogEpoch(Epoch.read(row.note), row.note, row.signed_at)
            except NoteWrong:
                found[row.number] = None
    return found


def _wrong_at(
    edge: Edge, checkpoints: Sequence[Row[Any]], epochs: Mapping[int, LogEpoch | None], keys: Sequence[PublicKey]
) -> Iterator[tuple[str, int]]:
    """What was signed at this size."""
    for row in checkpoints:
        yield from _wrong_with(row, edge, epochs, keys)
    for number, found in epochs.items():
        if found is not None and found.epoch.size == edge.size:
            said = found.epoch
            if (said.number, said.root) != (number, edge.root()) or not _is_signed(said.origin, found.note, keys):
                yield "epoch_differs", number


def _is_signed(origin: str, note: str, keys: Sequence[PublicKey]) -> bool:
    return any(origin == key.name and key.has_signed(note) for key in keys)


def _wrong_with(row: Row[Any], edge: Edge, epochs: Mapping[int, LogEpoch | None], keys: Sequence[PublicKey]) -> Iterator[tuple[str, int]]:
    if bytes(row.root) != edge.root():
        yield "checkpoint_differs", row.size
    try:
        said = Checkpoint.read(row.note)
        is_good = _is_signed(said.origin, row.note, keys) and (said.size, said.root, said.epoch) == (row.size, bytes(row.root), row.epoch)
    except NoteWrong:
        is_good = False
    if not is_good:
        yield "signature_wrong", row.size
    begun = epochs.get(row.epoch)
    if row.epoch > 1 and (begun is None or row.size < begun.epoch.size):
        yield "epoch_differs", row.epoch


NODES = text("""
    SELECT n.hash FROM unnest(CAST(:levels AS int[]), CAST(:places AS bigint[])) WITH ORDINALITY AS w (level, place, number)
    LEFT JOIN ledger.node n ON n.district_id = :district_id AND n.level = w.level AND n.place = w.place ORDER BY w.number
""")


def _differing(session: Session, district_id: int, full: dict[Node, bytes]) -> Iterator[Node]:
    """Which of these nodes are stored otherwise, or not at all."""
    values = {"district_id": district_id, "levels": [level for level, _ in full], "places": [place for _, place in full]}
    for (node, digest), stored in zip(full.items(), session.execute(NODES, values).scalars(), strict=True):
        if stored is None or bytes(stored) != digest:
            yield node
