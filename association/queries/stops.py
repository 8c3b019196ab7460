"""非常停止 as it is read: what is stopped, by whom and why, and what waits to start it again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

import ledger.queries as book
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Series, Stop


@dataclass(frozen=True, slots=True)
class ListedStop:
    """A stop with names. `series`: None for the whole district. `proposal_id`: what waits to end it, or what ended it."""

    stop: Stop
    series: Series | None
    by_name: str | None
    proposal_id: int | None

    @property
    def holds(self) -> bool:
        return self.stop.ended_at is None


def listed_stops(session: Session, who: Principal) -> list[ListedStop]:
    """Every stop, the newest first."""
    authorise(session, who, "association.read")
    found = book.stops(session, who.district_id)
    names = nicknames(session, who.district_id, {each.stopped_by for each in found}) if found else {}
    series = {one.id: one for one in book.series(session, who.district_id)} if found else {}
    waiting = {}
    if any(each.ended_at is None for each in found):
        proposals = book.proposals(session, who.district_id, waiting=True, purpose="start_again", limit=100)
        waiting = {each.facts.get("stop"): each.id for each in proposals}
    return [
        ListedStop(each, series.get(each.series_id), names.get(each.stopped_by), each.proposal_id or waiting.get(each.id)) for each in found
    ]


def living_stops(session: Session, who: Principal) -> list[ListedStop]:
    """Those that hold now."""
    return [each for each in listed_stops(session, who) if each.holds]
