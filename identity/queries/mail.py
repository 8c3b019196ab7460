"""Mail that waits, opened again for whoever delivers it or shows it in demo mode."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from identity.models import Mail
from identity.vault import vault


@dataclass(frozen=True, slots=True)
class Letter:
    """A kind of mail: subject and text as marked for translation, with named gaps. Nobody's text goes into it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """One mail in one language, not yet translated. `queued_at`: when what it tells happened."""

    to: str
    letter: Letter
    facts: dict[str, str | int]
    language: str
    queued_at: datetime


def open_post(session: Session, row: Mail) -> Post:
    """A waiting mail, unsealed. For identity's own rooms."""
    assert row.sealed is not None
    content = json.loads(vault(session).unseal(row.sealed, "mail", row.district_id))
    return Post(content["to"], Letter(content["subject"], content["text"]), content["facts"], content["language"], row.queued_at)


def mailbox(session: Session, district_id: int, *, limit: int = 30) -> list[Post]:
    """The newest mails that still wait, for the demo's page. Never shown outside demo mode."""
    waiting = select(Mail).where(Mail.district_id == district_id, Mail.sealed.is_not(None)).order_by(Mail.id.desc())
    return [open_post(session, row) for row in session.scalars(waiting.limit(limit))]


def undelivered_since(session: Session, district_id: int) -> datetime | None:
    """Since when mail is tried in vain: the oldest that was queued after the last one that went through; None: it goes through."""
    of_district = Mail.district_id == district_id
    last = select(func.max(Mail.sent_at)).where(of_district).scalar_subquery()
    vain = select(func.min(Mail.queued_at)).where(of_district, Mail.sent_at.is_(None), Mail.tries > 0)
    return session.scalar(vain.where(or_(last.is_(None), Mail.queued_at > last)))
