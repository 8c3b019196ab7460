"""Who sits where: what somebody sees of a project follows from the party that they sit for. An auditor reads every project."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.queries import Principal
from subsidy.errors import ProjectUnknown
from subsidy.models import Party, Project, Seat


@dataclass(frozen=True, slots=True)
class Seated:
    """`party_id`: None for an auditor, who sits for nobody. `role`: representative, participant, provider, expert or auditor."""

    project_id: int
    party_id: int | None
    role: str

    @property
    def is_lead(self) -> bool:
        """Whether they run the project."""
        return self.role == "representative"


def seat_of(session: Session, who: Principal, project_id: int) -> Seated:
    """How this person sits in the project; as its lead where they have several seats. For doors that have asked already.

    Raises ProjectUnknown where they have none: nothing says whether there is such a project.
    """
    mine = (
        select(Party.id, Party.role)
        .join(Seat, (Seat.district_id == Party.district_id) & (Seat.party_id == Party.id))
        .where(Party.district_id == who.district_id, Party.project_id == project_id, Seat.person_id == who.person_id)
        .where(Seat.ended_at.is_(None), Party.left_on.is_(None))
        .order_by(Party.role != "representative", Party.id)
    )
    found = session.execute(mine).first()
    if found is not None:
        return Seated(project_id, found.id, found.role)
    if who.has("auditor") and session.get(Project, (who.district_id, project_id)) is not None:
        return Seated(project_id, None, "auditor")
    raise ProjectUnknown


def lead_of(session: Session, who: Principal, project_id: int) -> Seated:
    """As `seat_of`, for whoever writes: only the representative's own people. Raises ProjectUnknown."""
    seat = seat_of(session, who, project_id)
    if not seat.is_lead:
        raise ProjectUnknown
    return seat
