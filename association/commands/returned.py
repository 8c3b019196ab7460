"""台帳の再開: a new epoch is laid before a second person; slips of what the book no longer has are taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import (
    LostByHand,
    LostInBook,
    PreparedEpochUnknown,
    PresentedUnknown,
    ReceiptNotProved,
    ReceiptOfThisEpoch,
    ReceiptPresented,
)
from association.models import PresentedReceipt
from association.queries.returned import kind_again, prepared_epoch
from base.clock import TOKYO
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Proposal

EPOCH_LOCK = 6_450
"""First key of the advisory lock under which an epoch is proposed."""


def propose_epoch(session: Session, who: Principal, prepared_id: int, *, reason: str) -> int:
    """Put the prepared epoch before a second person. Gives the proposal's number; while one waits, that. Raises PreparedEpochUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_epoch", subject=f"epoch:{prepared_id}")
        session.execute(select(func.pg_advisory_xact_lock(EPOCH_LOCK, who.district_id)))
        prepared = prepared_epoch(session, who.district_id)
        if prepared is None or prepared.id != prepared_id:
            raise PreparedEpochUnknown
        for each in read.proposals(session, who.district_id, waiting=True, purpose="new_epoch", limit=100):
            if each.facts.get("epoch") == prepared_id:
                return each.id
        facts: dict[str, book.Fact] = {
            "epoch": prepared_id,
            "size": prepared.size,
            "missing": prepared.missing,
            "returned_to": f"{prepared.returned_to.astimezone(TOKYO):%Y-%m-%d %H:%M}",
            "key": prepared.key.id.hex(),
            "note": reason,
        }
        return book.propose(session, who.district_id, who.person_id, "new_epoch", [], facts=facts)


@dataclass(frozen=True, slots=True)
class PresentReceipt:
    """A slip as PDF, or the proof alone. `presenter`: "consumer", "shop" or "other"."""

    file: bytes
    presenter: str


def present_receipt(session: Session, who: Principal, presented: PresentReceipt, *, now: datetime) -> int:
    """Check the slip against the log's keys and the checkpoint that it carries, and put it on the list, once. Gives its number there.

    Books nothing. Raises ReceiptNotProved, ReceiptOfThisEpoch, ReceiptPresented.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.present_receipt")
        try:
            proof = read.proof_in_file(presented.file)
            proved = read.check_file(session, who.district_id, presented.file)
            encoded = read.read_receipt(proof).encoded
        except read.ReceiptWrong as wrong:
            raise ReceiptNotProved(reason=wrong.reason) from wrong
        if not _is_of_before(session, who.district_id, proved):
            raise ReceiptOfThisEpoch
        row = PresentedReceipt(
            district_id=who.district_id,
            transaction_id=proved.transaction.transaction_id,
            leaf_hash=read.leaf_hash(encoded),
            epoch=proved.checkpoint.epoch,
            encoded=encoded,
            proof=proof,
            presenter=presented.presenter,
            taken_by=who.person_id,
            taken_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise ReceiptPresented from error
        return row.id


AGAIN = UUID("6d656775-7269-5b61-9761-696e00000001")
"""Names the keys under which slips are booked again: each slip has one, and a new one only after somebody declined the last."""


def propose_again(session: Session, who: Principal, presented_id: int, *, reason: str) -> int:
    """Put the payment or top-up of a presented slip before a second person: its very lines, between the same accounts. Gives the
    proposal's number; while one waits or was approved, that.

    Raises PresentedUnknown, LostInBook, LostByHand.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_again", subject=f"slip:{presented_id}")
        session.execute(select(func.pg_advisory_xact_lock(EPOCH_LOCK, who.district_id)))
        slip = session.get(PresentedReceipt, (who.district_id, presented_id))
        if slip is None:
            raise PresentedUnknown
        content = book.hash_command("association.propose_again", presented_id)
        attempt = 1
        while (proposal_id := read.find_proposal(session, who.district_id, _key(slip, attempt), content)) is not None:
            if read.one_proposal(session, who.district_id, proposal_id).approved is not False:
                return proposal_id
            attempt += 1
        lost = read.decode_transaction(slip.encoded)
        _refuse_if_booked(session, slip)
        kind = kind_again(lost)
        if kind is None or not read.has_accounts(session, who.district_id, lost):
            raise LostByHand
        lines = tuple(book.Line(leg.account_id, leg.amount) for leg in lost.legs)
        facts: dict[str, book.Fact] = {"way": "again", "lost": lost.transaction_id, "lost_at": lost.posted_at.isoformat()}
        facts |= {
            "key_hash": lost.key_hash.hex(),
            "command_hash": lost.command_hash.hex(),
        }  # whoever sends the lost one again gets this one
        draft = book.Draft(kind, _key(slip, attempt), content, lines, facts)
        return book.propose(session, who.district_id, who.person_id, kind, [draft], facts={"slip": slip.id, "note": reason, **facts})


def refuse_if_found(session: Session, district_id: int, proposal: Proposal) -> None:
    """For whoever approves: the payment may have come into the book since it was proposed to book it again. Raises LostInBook."""
    slip = session.get(PresentedReceipt, (district_id, proposal.facts["slip"]))
    assert slip is not None, proposal.id
    _refuse_if_booked(session, slip)


def _refuse_if_booked(session: Session, slip: PresentedReceipt) -> None:
    if read.standings_in_book(session, slip.district_id, [slip.encoded]) not in (["missing"], ["other"]):
        raise LostInBook


def _key(slip: PresentedReceipt, attempt: int) -> UUID:
    return uuid5(AGAIN, f"{slip.district_id} {slip.leaf_hash.hex()} {attempt}")


def _is_of_before(session: Session, district_id: int, proved: read.Proved) -> bool:
    """Whether the slip is of an earlier epoch; while nobody has said how a returned log goes on, of what lies beyond its end."""
    if proved.checkpoint.epoch <= len(read.log_epochs(session, district_id)):
        return True
    state = next((each for each in read.log_states(session) if each.district_id == district_id), None)
    return state is not None and state.is_held and proved.checkpoint.size > state.signed_size
