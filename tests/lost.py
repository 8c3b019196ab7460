"""What people hold of a log whose end was lost: a slip and a checkpoint that its own key signed, of leaves that no book has now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import text

import association.commands
import ledger.commands
import ledger.queries
from base.db import atomic
from ledger.rules.encoding import Leg, Sealable, encode, hash_key
from ledger.rules.notes import Checkpoint, Signer, sign
from ledger.rules.receipt import Receipt, write
from ledger.rules.tree import Node, inclusion_proof, leaf_hash, root, subtree_hash
from tests.town import SEAL_SEED, Clerk, Consumer, Shop, Town

LEAVES = text("SELECT hash FROM ledger.leaf WHERE district_id = :d ORDER BY place")


@dataclass(frozen=True, slots=True)
class Lost:
    """`slip`: the proof of a payment that is gone; `old_slip`: of an earlier one, which is not; `note`: what phones saw last."""

    slip: bytes
    old_slip: bytes
    note: str
    key: str
    size: int


def lose(
    town: Town,
    hanako: Consumer,
    bakery: Shop,
    amount: int,
    *,
    key: UUID | None = None,
    content: bytes | None = None,
    clerk: Clerk | None = None,
) -> Lost:
    """Three payments more were sealed before the database was returned to where it is now; the last of `amount`, under `key`.

    `clerk`: it was a top-up at their counter."""
    town.seals()
    leaves = [bytes(each) for each in town.session.execute(LEAVES, {"d": town.district_id}).scalars()]
    kind = "payment" if clerk is None else "top_up"
    if clerk is None:
        sides = [("consumer", hanako.person_id, amount, town.series_id), ("payable", bakery.id, -amount, town.series_id)]
    else:
        sides = [("drawer", clerk.person_id, amount, 0), ("consumer", hanako.person_id, -amount, town.series_id)]
    with atomic(town.session):
        legs = tuple(
            sorted(
                (
                    Leg(
                        ledger.commands.open_account(town.session, town.district_id, role, owner, series),
                        role,
                        owner,
                        series,
                        0,
                        part,
                    )
                    for role, owner, part, series in sides
                ),
                key=lambda leg: leg.account_id,
            )
        )
    blank = hashlib.sha256(b"").digest()
    moment = town.now.replace(microsecond=0)
    gone = encode(
        Sealable(
            town.district_id,
            99_000_001,
            moment,
            kind,
            hash_key(key or uuid4()),
            content or blank,
            None,
            None,
            blank,
            legs,
        )
    )
    before = [*leaves, leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(gone)]

    def reads(nodes: list[Node]) -> list[bytes]:
        return [subtree_hash(before[place << level : (place + 1) << level]) for level, place in nodes]

    name = ledger.queries.log_keys(town.session, town.district_id)[0].public_key.name
    signer = Signer(name, SEAL_SEED)
    note = sign(Checkpoint(name, len(before), root(len(before), reads)).text, [signer])
    first = ledger.queries.journal(town.session, town.district_id, limit=1)[0]
    old = ledger.queries.receipt(town.session, town.district_id, first.id)
    assert old is not None
    slip = Receipt(gone, len(before) - 1, tuple(inclusion_proof(len(before) - 1, len(before), reads)), note, ())
    return Lost(write(slip).encode(), write(old).encode(), note, str(signer.public), len(before))


def prepare(town: Town, lost: Lost, *, size: int | None = None) -> int:
    """What `meguri ledger epoch` does: the log goes on from where the book is, or with `--from` from `size` leaves."""
    size = size or ledger.queries.checkpoint(town.session, town.district_id).size
    moment = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    with atomic(town.session):
        return ledger.commands.prepare_epoch(
            town.session, town.district_id, size=size, largest=lost.size, returned_to=moment, public_key=lost.key
        )


def goes_on(town: Town, lost: Lost, *, size: int | None = None) -> None:
    """Two people at the desk confirmed it, and the worker has signed."""
    prepared = prepare(town, lost, size=size)
    first, second = town.another_clerk("approver"), town.another_clerk("administrator")
    second.approves(association.commands.propose_epoch(town.session, first.who, prepared, reason="ディスクの故障"))
    town.seals()
