"""The month's papers that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics import models
from analytics.errors import PaperUnknown
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """今月の報告書 of a month that is kept. `digest`: SHA-256 of the file, in hex."""

    month: date
    made_at: datetime
    digest: str


def kept_papers(session: Session, who: Principal) -> list[KeptPaper]:
    """Those of the district, newest first, without their files. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    paper = models.InsightPaper
    found = select(paper.month, paper.made_at, paper.digest).where(paper.district_id == who.district_id).order_by(paper.month.desc())
    return [KeptPaper(month, made_at, digest.hex()) for month, made_at, digest in session.execute(found)]


def kept_paper(session: Session, who: Principal, month: date) -> bytes:
    """The file. Raises NotSignedIn, Forbidden, PaperUnknown."""
    authorise(session, who, "analytics.district_reports")
    paper = models.InsightPaper
    found = session.scalar(select(paper.pdf).where(paper.district_id == who.district_id, paper.month == month))
    if found is None:
        raise PaperUnknown
    return found


def has_paper(session: Session, district_id: int, month: date) -> bool:
    """Whether the month's paper is kept. No role check: for the worker."""
    paper = models.InsightPaper
    return session.scalar(select(paper.month).where(paper.district_id == district_id, paper.month == month)) is not None
