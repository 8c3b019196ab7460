"""承認: a second person decides what another proposed, and what is approved is posted at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic
from ledger.commands import Posted


def approve(session: Session, who: Principal, proposal_id: int, *, now: datetime) -> list[Posted]:
    """Approve a proposal and post its transactions, all of them or none; consumers whose balance moves are woken.

    A proposal has one decision; approving again what the same person has approved gives the same answer.
    Raises ProposalUnknown, SameHands, AlreadyDecided, and what the book says to one of the transactions: the proposal
    is then still undecided, and nothing is written.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.decide", subject=f"proposal:{proposal_id}")
        proposal = read.one_proposal(session, who.district_id, proposal_id)
        if not (proposal.approved and proposal.checker == who.person_id):
            book.decide(session, who.district_id, proposal_id, who.person_id, approved=True)
        posted: list[Posted] = []
        while len(posted) < len(proposal.items):
            posted += book.post_approved(session, who.district_id, proposal_id, first=len(posted) + 1)
        for owner_id in {line.owner_id for item in proposal.items for line in item.lines if line.role == "consumer"}:
            wake(session, person_topic(who.district_id, owner_id))
        return posted


def decline(session: Session, who: Principal, proposal_id: int, *, reason: str, now: datetime) -> None:
    """差し戻す: nothing is booked, and the reason stays with it. Raises ProposalUnknown, SameHands, AlreadyDecided."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.decide", subject=f"proposal:{proposal_id}")
        book.decide(session, who.district_id, proposal_id, who.person_id, approved=False, note=reason)
