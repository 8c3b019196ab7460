"""What of points begins with an approval: by the purpose of its proposal."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from association.commands.points.campaigns import PURPOSE as CAMPAIGN
from association.commands.points.campaigns import begin_campaign
from association.commands.points.events import PURPOSE as EVENT
from association.commands.points.events import begin_event
from association.commands.points.programme import PURPOSE as PROGRAMME
from association.commands.points.programme import begin_points
from identity.queries import Principal
from ledger.queries import Proposal


class Begin(Protocol):
    """For whoever approves, after the decision; again is harmless."""

    def __call__(self, session: Session, proposal: Proposal, who: Principal, *, now: datetime) -> None: ...


BEGINNINGS: dict[str, Begin] = {PROGRAMME: begin_points, CAMPAIGN: begin_campaign, EVENT: begin_event}
