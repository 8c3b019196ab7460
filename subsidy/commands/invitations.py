"""招待: the lead chooses what an outside expert sees, and ends it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from subsidy.commands.parties import held_party
from subsidy.errors import InvitationOver, PartyUnknown
from subsidy.models import Invitation
from subsidy.queries import lead_of
from subsidy.rules.invitations import PARTS, with_their_pages


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """`parts` of PARTS, and the last day on which they are open."""

    parts: Collection[str]
    until: date


def invite(session: Session, who: Principal, project_id: int, party_id: int, new: NewInvitation, *, now: datetime) -> None:
    """In place of the expert's last invitation; evidence brings the costs.

    Raises ProjectUnknown, PartyUnknown, InvitationOver, Forbidden.
    """
    if new.until < tokyo_day(now):
        raise InvitationOver
    _store(session, who, project_id, party_id, new, now)


def end_invitation(session: Session, who: Principal, project_id: int, party_id: int, *, now: datetime) -> None:
    """The expert sees nothing any more, from this moment. Again is harmless. Raises as `invite`."""
    _store(session, who, project_id, party_id, NewInvitation((), tokyo_day(now)), now)


def _store(session: Session, who: Principal, project_id: int, party_id: int, new: NewInvitation, now: datetime) -> None:
    if who.person_id is None or not set(new.parts) <= set(PARTS):
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.invite", subject=f"subsidy_party:{party_id} {' '.join(sorted(new.parts)) or 'ends'}")
        lead_of(session, who, project_id)
        party = held_party(session, who, project_id, party_id)
        if party.role != "expert" or party.left_on is not None:
            raise PartyUnknown
        mine = (Invitation.district_id == who.district_id, Invitation.party_id == party_id)
        last = session.scalar(select(func.max(Invitation.number)).where(*mine)) or 0
        place = {"district_id": who.district_id, "project_id": project_id, "party_id": party_id, "number": last + 1}
        session.add(Invitation(**place, parts=sorted(with_their_pages(new.parts)), until=new.until, made_by=who.person_id, made_at=now))
