"""Who sits where: what somebody sees of a project follows from the party that they sit for. An auditor reads every project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from identity.queries import Principal
from subsidy.errors import ProjectUnknown
from subsidy.models import PARTY_ROLES, Party, Project, Seat
from subsidy.models import Invitation as InvitationModel
from subsidy.rules.invitations import Invitation


@dataclass(frozen=True, slots=True)
class Seated:
    """`party_id`: None for an auditor, who sits for nobody. `role`: representative, participant, provider, expert or auditor.

    `invitation`: of an expert, the newest one that the lead gave it.
    """

    project_id: int
    party_id: int | None
    role: str
    invitation: Invitation | None = None

    @property
    def is_lead(self) -> bool:
        """Whether they run the project."""
        return self.role == "representative"

    def may_see(self, parts: Iterable[str], day: date) -> bool:
        """Whether these parts of the project are open to them: an expert is invited part by part, everybody else sits by role."""
        return self.role != "expert" or (self.invitation is not None and self.invitation.shows(parts, day))


SEAT_ORDER = case({role: place for place, role in enumerate(PARTY_ROLES)}, value=Party.role)
"""Whoever has several seats in a project sits in the one that sees most: as lead, then as member, as an expert last."""


def seat_of(session: Session, who: Principal, project_id: int) -> Seated:
    """How this person sits in the project; by SEAT_ORDER where they have several seats. For doors that have asked already.

    Raises ProjectUnknown where they have none: nothing says whether there is such a project.
    """
    mine = (
        select(Party.id, Party.role)
        .join(Seat, (Seat.district_id == Party.district_id) & (Seat.party_id == Party.id))
        .where(Party.district_id == who.district_id, Party.project_id == project_id, Seat.person_id == who.person_id)
        .where(Seat.ended_at.is_(None), Party.left_on.is_(None))
        .order_by(SEAT_ORDER, Party.id)
    )
    found = session.execute(mine).first()
    if found is not None:
        invited = invitation_of(session, who.district_id, found.id) if found.role == "expert" else None
        return Seated(project_id, found.id, found.role, invited)
    if who.has("auditor") and session.get(Project, (who.district_id, project_id)) is not None:
        return Seated(project_id, None, "auditor")
    raise ProjectUnknown


def invitation_of(session: Session, district_id: int, party_id: int) -> Invitation | None:
    """The newest of an expert. For doors that have asked already."""
    mine = select(InvitationModel).filter_by(district_id=district_id, party_id=party_id)
    row = session.scalar(mine.order_by(InvitationModel.number.desc()).limit(1))
    return None if row is None else Invitation(frozenset(row.parts), row.until)


def lead_of(session: Session, who: Principal, project_id: int) -> Seated:
    """As `seat_of`, for whoever writes: only the representative's own people. Raises ProjectUnknown."""
    seat = seat_of(session, who, project_id)
    if not seat.is_lead:
        raise ProjectUnknown
    return seat
