"""Who can decide about a role, and which roles wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from association.queries.approvals import ListedProposal, listed_proposals
from identity.permissions import PERMISSIONS
from identity.queries import Principal, grants, profile

PURPOSE = "role"


def deciders(session: Session, district_id: int, *, now: datetime) -> set[int]:
    """Everybody who may decide proposals now. For doors that have asked already."""
    deciding = PERMISSIONS["association.decide"].roles
    return {each.person_id for each in grants(session, district_id) if each.role in deciding and (each.until is None or each.until > now)}


@dataclass(frozen=True, slots=True)
class RolesAsked:
    """`waiting`: proposals to give a role. `is_alone`: nobody but the asker could decide one."""

    waiting: list[ListedProposal]
    is_alone: bool


def appointee_email(session: Session, who: Principal, listed: ListedProposal) -> str | None:
    """Of whoever would receive a role: so much of the address that the second person knows it again. None for any other proposal.

    For pages that have asked already.
    """
    person = listed.proposal.facts.get("appointee")
    return profile(session, who.district_id, person).hidden_email if isinstance(person, int) and listed.about else None


def roles_asked(session: Session, who: Principal, *, now: datetime) -> RolesAsked:
    """What stands beside the form that asks for a role."""
    waiting = listed_proposals(session, who, waiting=True, purpose=PURPOSE)
    return RolesAsked(waiting, not deciders(session, who.district_id, now=now) - {who.person_id})
