"""承認: a second person decides what another proposed, and what is approved is posted at once.

Most proposals are one thing and are posted whole or not at all. A settlement is as many things as it has shops: it is posted in
pieces, and a shop that the book refuses (suspended meanwhile, refunds beyond its limit) leaves the others alone. Its key is then
closed for good, so that its money stays with the shop's payable and is in the next run, never in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
import ledger.commands as book
import ledger.queries as read
import merchant.commands
from association.commands import bank_booking, passing_on
from association.commands.bank_details import refuse_if_stopped, tell_approved
from association.commands.cash_refunds import refuse_over_caps
from association.commands.discontinuance import ANNOUNCE, CLOSE, carry_out
from association.commands.disputes import HOLD, OUTCOME, carry_out_outcome, past_suspension, refuse_if_moved, slip_of_outcome
from association.commands.points.beginning import BEGINNINGS
from association.commands.returned import refuse_if_found
from association.commands.roles import carry_out_role, refuse_own_appointment
from association.commands.settlement import alone
from association.commands.stops import START, carry_out_start
from association.commands.tickets import REPLACE, refuse_if_let_go
from association.commands.tickets.release import PURPOSE as TICKET_RELEASE
from association.commands.vouchers import must_be_sellable
from association.errors import ApprovalTooLarge, BoundlessPasskeyNeeded, PasskeyNeeded
from association.models import ApprovalLimits
from association.queries import Limits, approval_limits
from association.queries.disputes import held_since
from association.queries.returned import AGAIN
from association.queries.roles import PURPOSE as ROLE
from base.db import atomic, wake
from identity.commands import Site, authorise
from identity.queries import Principal, person_topic
from ledger.commands import Posted
from ledger.errors import AccountFrozen, FloorPassed, PayableFloorPassed, PayableFrozen
from ledger.queries import Proposal

IN_PIECES = frozenset({"settlement", "payout"})
"""Purposes whose transactions stand each for itself."""
BY_THE_WORKER = frozenset({"benefit"})
"""Purposes that are only decided here: the worker posts them, piece by piece (benefits.py)."""
PIECE_MAX = 200
"""Transactions of a piece: a shop that is waiting for its own lock waits for no more than these."""
STANDS_BACK = (AccountFrozen, FloorPassed, PayableFloorPassed, PayableFrozen)
"""Why one transaction of many is left out: something about its own accounts. Anything else stops the piece, and can be tried again."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the approver's device answered, as JSON, and the site that asked it."""

    site: Site
    credential: str


def approve(
    session: Session, who: Principal, proposal_id: int, *, now: datetime, proof: Proof | None = None, posted_at: datetime | None = None
) -> list[Posted]:
    """Approve a proposal and post its transactions; consumers whose balance moves are woken.

    A proposal has one decision; approving again what the same person has approved gives the same answer, and finishes what was
    cut off half-way; that anybody may do who may decide. `proof`: the passkey's, where the district asks for it above some amount.
    `posted_at` is for the demo only.
    Raises ProposalUnknown, SameHands, AlreadyDecided, ProposalExpired, ApprovalTooLarge, PasskeyNeeded, PasskeyRefused,
    LostInBook, MatchTaken, RefundOverCaps, SafeTooLow, and, for what is posted whole, what the book says to one of the
    transactions: the proposal is then still undecided, and nothing is written.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.decide", subject=f"proposal:{proposal_id}")
        proposal = read.one_proposal(session, who.district_id, proposal_id)
        in_pieces = proposal.purpose in IN_PIECES
        if proposal.is_waiting:
            _refuse_stale(session, who, proposal, now)
        if not (proposal.approved and (in_pieces or proposal.checker == who.person_id)):
            _must_be_theirs(session, who, proposal, proof, now)
            book.decide(session, who.district_id, proposal_id, who.person_id, approved=True, at=posted_at)
        _follow(session, who, proposal, now)
        if proposal.purpose in BY_THE_WORKER:
            return []
        if not in_pieces:
            with past_suspension(session, who.district_id, proposal) if proposal.purpose == OUTCOME else nullcontext():
                posted = _post_whole(session, who.district_id, proposal, posted_at)
            if proposal.purpose == OUTCOME:
                slip_of_outcome(session, who, proposal, now=now)
            if proposal.purpose == bank_booking.PURPOSE:
                bank_booking.match_booked(session, who, proposal, posted, now)
            if proposal.purpose == TICKET_RELEASE:
                for one in posted:
                    back = read.transaction(session, who.district_id, one.transaction_id)
                    merchant.commands.slip_of_refund(session, who.district_id, None, None, back, 0, now=now)
            return posted
    return _post_in_pieces(session, who.district_id, proposal, posted_at)


def _refuse_stale(session: Session, who: Principal, proposal: Proposal, now: datetime) -> None:
    """What may have become wrong since it was proposed.

    Raises LostInBook, MatchTaken, VoucherSaleTooLate, AccountStopped, RefundOverCaps, SafeTooLow, OwnAppointment.
    """
    if proposal.purpose in AGAIN.values():
        refuse_if_found(session, who.district_id, proposal)
    elif proposal.purpose == bank_booking.PURPOSE:
        bank_booking.refuse_if_matched(session, who.district_id, proposal)
    elif proposal.purpose == "voucher":
        must_be_sellable(session, who.district_id, proposal, now=now)
    elif proposal.purpose == "shop_account":
        refuse_if_stopped(session, proposal, who.district_id)
    elif proposal.purpose in (HOLD, OUTCOME):
        refuse_if_moved(session, who, proposal)
    elif proposal.purpose == REPLACE:
        refuse_if_let_go(session, who.district_id, proposal)
    elif proposal.purpose == "cash_refund":
        refuse_over_caps(session, who.district_id, proposal, now=now)
    elif proposal.purpose == ROLE:
        refuse_own_appointment(who, proposal)


def _follow(session: Session, who: Principal, proposal: Proposal, now: datetime) -> None:
    """What a decision does besides what it posts; `proposal` is as it was before it."""
    if proposal.purpose == "reopen_month":
        book.reopen_month(session, who.district_id, proposal.id)
    elif proposal.purpose == "new_epoch":
        book.begin_epoch(session, who.district_id, proposal.id)
    elif proposal.purpose == "shop_account" and proposal.is_waiting:
        tell_approved(session, who.district_id, proposal, now=now)
    elif proposal.purpose == passing_on.PURPOSE and proposal.is_waiting:
        book.allow_transfers(session, who.district_id, proposal.id)
    elif proposal.purpose in BEGINNINGS:
        BEGINNINGS[proposal.purpose](session, proposal, who, now=now)
    elif proposal.purpose == OUTCOME and proposal.is_waiting:
        carry_out_outcome(session, who, proposal, now=now)
    elif proposal.purpose in (ANNOUNCE, CLOSE):
        carry_out(session, who, proposal, now=now)
    elif proposal.purpose == START:
        carry_out_start(session, who, proposal)
    elif proposal.purpose == ROLE and proposal.is_waiting:
        carry_out_role(session, who, proposal, now=now)


def passkey_options(session: Session, who: Principal, proposal_id: int, site: Site, *, now: datetime) -> dict[str, object]:
    """What the approver's browser needs to ask for the passkey, for this proposal alone. Raises ProposalUnknown, NoPasskey."""
    authorise(session, who, "association.decide", subject=f"passkey:{proposal_id}")
    read.one_proposal(session, who.district_id, proposal_id)
    return identity.commands.approve_options(session, who, site, _subject(proposal_id), now=now)


def set_approval_limits(session: Session, who: Principal, limits: Limits, *, now: datetime) -> None:
    """From the next approval on; what was approved before stays."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_approval_limits", subject=f"{limits.approver_max} {limits.passkey_above}")
        values = {"approver_max": limits.approver_max, "passkey_above": limits.passkey_above, "set_by": who.person_id, "set_at": now}
        row = insert(ApprovalLimits).values(district_id=who.district_id, **values)
        session.execute(row.on_conflict_do_update(index_elements=[ApprovalLimits.district_id], set_=values))


def _subject(proposal_id: int) -> str:
    return f"proposal:{proposal_id}"


def _must_be_theirs(session: Session, who: Principal, proposal: Proposal, proof: Proof | None, now: datetime) -> None:
    """Raises ApprovalTooLarge, PasskeyNeeded, BoundlessPasskeyNeeded, PasskeyRefused."""
    limits = approval_limits(session, who.district_id)
    if limits.are_passed_by(who, proposal.at_stake):
        raise ApprovalTooLarge(limit=limits.approver_max)
    if limits.want_passkey(proposal):
        if proof is None or not proof.credential:
            raise PasskeyNeeded(limit=limits.passkey_above) if proposal.at_stake else BoundlessPasskeyNeeded
        identity.commands.confirm_by_passkey(session, who, proof.site, _subject(proposal.id), proof.credential, now=now)


def decline(session: Session, who: Principal, proposal_id: int, *, reason: str, now: datetime) -> None:
    """差し戻す: nothing is booked, and the reason stays with it. Raises ProposalUnknown, SameHands, AlreadyDecided."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.decide", subject=f"proposal:{proposal_id}")
        book.decide(session, who.district_id, proposal_id, who.person_id, approved=False, note=reason)


def withdraw(session: Session, who: Principal, proposal_id: int) -> None:
    """取り下げる: its maker takes it back while it waits. Nothing is booked, and what it held is free again.

    Raises ProposalUnknown (of somebody else's as well), AlreadyDecided.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.withdraw", subject=f"proposal:{proposal_id}")
        book.withdraw(session, who.district_id, proposal_id, who.person_id)


def _post_whole(session: Session, district_id: int, proposal: Proposal, posted_at: datetime | None) -> list[Posted]:
    posted: list[Posted] = []
    while len(posted) < len(proposal.items):
        posted += book.post_approved(session, district_id, proposal.id, first=len(posted) + 1, posted_at=posted_at)
    for owner_id in {line.owner_id for item in proposal.items for line in item.lines if line.role == "consumer"}:
        wake(session, person_topic(district_id, owner_id))
    return posted


def _post_in_pieces(session: Session, district_id: int, proposal: Proposal, posted_at: datetime | None) -> list[Posted]:
    """Every transaction that is neither posted nor void, a database transaction for each piece: cut off, it goes on the next time."""
    posted: list[Posted] = []
    for first, count in _open_pieces(proposal):
        posted += _post_piece(session, district_id, proposal, first, count, posted_at)
    return posted


def _open_pieces(proposal: Proposal) -> Iterator[tuple[int, int]]:
    """(first place, how many) of runs of open transactions, none longer than a piece."""
    first = count = 0
    for place, item in enumerate(proposal.items, 1):
        if count and (not item.is_open or count == PIECE_MAX):
            yield first, count
            count = 0
        if item.is_open:
            first, count = (first, count + 1) if count else (place, 1)
    if count:
        yield first, count


def _post_piece(session: Session, district_id: int, proposal: Proposal, first: int, count: int, posted_at: datetime | None) -> list[Posted]:
    """A piece whole; where the book refuses one of it, each half by itself, down to the one that stands back."""
    try:
        with atomic(session):
            if proposal.purpose == "settlement":
                _refuse_held(session, district_id, proposal, first, count)
            return book.post_approved(session, district_id, proposal.id, first=first, limit=count, posted_at=posted_at)
    except STANDS_BACK:
        if count == 1:
            with atomic(session):
                late = book.close_key(session, district_id, proposal.items[first - 1].key)
            return [] if late is None else [late]
    half = count // 2
    return [
        *_post_piece(session, district_id, proposal, first, half, posted_at),
        *_post_piece(session, district_id, proposal, first + half, count - half, posted_at),
    ]


def _refuse_held(session: Session, district_id: int, proposal: Proposal, first: int, count: int) -> None:
    """A share that two people have held since the run was put forward is not paid out: its shop is left out, and the rest is in the next
    run. Raises PayableFrozen."""
    alone(session, district_id)
    held = held_since(session, district_id, proposal.proposed_at)
    items = proposal.items[first - 1 : first - 1 + count] if held else ()
    if any(line.role == "payable" and line.owner_id in held for item in items for line in item.lines):
        raise PayableFrozen
