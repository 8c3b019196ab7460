"""The door that writes: the month's paper is kept once, for good."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from analytics import models
from analytics.errors import PaperDiffers
from analytics.queries import KeptPaper
from base.db import atomic


def keep_paper(session: Session, district_id: int, month: date, pdf: bytes, *, now: datetime) -> KeptPaper:
    """Keep the paper of the month that begins on `month`. The same bytes again are the paper that is kept; others are refused.

    For the worker and the terminal: nobody asks for it on a page. Raises PaperDiffers.
    """
    digest = hashlib.sha256(pdf).digest()
    with atomic(session):
        row = {"district_id": district_id, "month": month, "made_at": now, "digest": digest, "pdf": pdf}
        session.execute(insert(models.InsightPaper).values(row).on_conflict_do_nothing())
        paper = models.InsightPaper
        kept = session.execute(
            select(paper.month, paper.made_at, paper.digest).where(paper.district_id == district_id, paper.month == month)
        ).one()
        if kept.digest != digest:
            raise PaperDiffers(month=f"{month:%Y-%m}")
    return KeptPaper(kept.month, kept.made_at, kept.digest.hex())
