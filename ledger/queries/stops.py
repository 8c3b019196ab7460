"""非常停止: what is stopped now, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.series import series

SWITCHES = ("paying", "issuing", "transfers")
STOPS = text("""
    SELECT s.id, s.what, s.series_id, s.reason, s.stopped_by, s.stopped_at, e.ended_at, e.proposal_id
    FROM ledger.stop s LEFT JOIN ledger.stop_end e ON e.district_id = s.district_id AND e.stop_id = s.id
    WHERE s.district_id = :district_id ORDER BY s.id DESC LIMIT 100
""")


@dataclass(frozen=True, slots=True)
class Stop:
    """One press of a stop switch. `series_id`: 0 for the whole district. `proposal_id`: by which two people started it again."""

    id: int
    what: str
    series_id: int
    reason: str
    stopped_by: int
    stopped_at: datetime
    ended_at: datetime | None
    proposal_id: int | None


def stops(session: Session, district_id: int) -> list[Stop]:
    """Every stop of the district, the newest first; those that hold have no end."""
    return [Stop(*row) for row in session.execute(STOPS, {"district_id": district_id})]


def is_stopped(session: Session, district_id: int, what: str) -> bool:
    """Whether `what` is stopped in every series that counts yen and has not ended: for pages, which say so before anybody tries."""
    meant = [one for one in series(session, district_id) if one.unit == "yen"]
    return bool(meant) and all(one.is_stopped(what) for one in meant)
