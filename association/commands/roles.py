"""役割を付ける申請: a role that proposes or decides about value is given by two people, neither of whom receives it.

One administrator who could give the approver's role to a second address of their own would be both people of every proposal.
The first two people of a district come from the operator's terminal (`meguri identity appoint`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.commands
import ledger.commands as book
import ledger.queries as read
from association.errors import NobodyDecidesRole, OwnAppointment, RoleHeld
from association.queries.roles import PURPOSE, deciders
from base.db import atomic
from identity.commands import authorise
from identity.errors import OwnRole, RoleUnknown
from identity.permissions import TWO_PEOPLE_ROLES
from identity.queries import Principal, grants, profile
from ledger.queries import Proposal

ROLE_LOCK = 8_150
"""First key of the advisory lock under which a district's roles are proposed."""


@dataclass(frozen=True, slots=True)
class NewRole:
    """Whom to give what. `last_day`: a deputy's, in Tokyo; None: until it is taken away."""

    person_id: int
    role: str
    last_day: date | None = None


def propose_role(session: Session, who: Principal, new: NewRole, *, now: datetime) -> int:
    """Lay it before a second person. Gives the proposal's number; the same once more, while it waits, is the same proposal.

    Raises OwnRole, RoleUnknown, PersonUnknown, DeputyOver, RoleHeld, and NobodyDecidesRole where nobody could decide it: an approver
    or administrator who neither asked for it nor receives it.
    """
    assert who.person_id is not None, who
    until = "" if new.last_day is None else new.last_day.isoformat()
    with atomic(session):
        said = f"person:{new.person_id} role:{new.role}{f' until:{until}' if until else ''}"
        authorise(session, who, "association.propose_role", subject=said)
        if new.person_id == who.person_id:
            raise OwnRole
        if new.role not in TWO_PEOPLE_ROLES:
            raise RoleUnknown
        ends = identity.commands.deputy_until(new.last_day, now=now)
        profile(session, who.district_id, new.person_id)
        session.execute(select(func.pg_advisory_xact_lock(ROLE_LOCK, who.district_id)))
        held = grants(session, who.district_id, person_id=new.person_id)
        if any((each.role, each.until) == (new.role, ends) for each in held):
            raise RoleHeld
        if not deciders(session, who.district_id, now=now) - {who.person_id, new.person_id}:
            raise NobodyDecidesRole
        facts: dict[str, book.Fact] = {"appointee": new.person_id, "role": new.role, "last_day": until or None}
        waiting = read.proposals(session, who.district_id, waiting=True, purpose=PURPOSE, limit=100)
        known = next((each.id for each in waiting if all(each.facts.get(name) == value for name, value in facts.items())), None)
        return known or book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts)


def refuse_own_appointment(who: Principal, proposal: Proposal) -> None:
    """Whoever would receive a role does not decide about it. Raises OwnAppointment."""
    if proposal.facts["appointee"] == who.person_id:
        raise OwnAppointment


def carry_out_role(session: Session, who: Principal, proposal: Proposal, *, now: datetime) -> None:
    """For whoever approves, with the decision: the role holds, and its holder signs in anew. Raises PersonUnknown, DeputyOver."""
    person_id, last_day = proposal.facts["appointee"], proposal.facts.get("last_day")
    assert isinstance(person_id, int), proposal
    until = identity.commands.deputy_until(date.fromisoformat(str(last_day)) if last_day else None, now=now)
    profile(session, who.district_id, person_id)
    role = str(proposal.facts["role"])
    identity.commands.appoint(session, who.district_id, person_id, role, now=now, by=proposal.maker, until=until, proposal_id=proposal.id)
    identity.commands.end_sessions(session, who.district_id, person_id, now=now)
