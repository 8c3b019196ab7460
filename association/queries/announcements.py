"""お知らせ: what was told to whom, for the desk; and what one person was told, for the wallet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from association.errors import AnnouncementUnknown
from association.models import Announcement, AnnouncementRecipient
from association.rules import in_tens
from identity.commands import authorise
from identity.queries import Principal, nicknames

KEPT = 50
"""Announcements in an inbox."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told. `kind`: all; holders of `series_id`; still, whose money has not moved for `days`; `segment`, as the
    night sorted it; one person; a list of `people`; or, by the worker alone, unused: those who will be forgotten."""

    kind: str
    series_id: int | None = None
    days: int | None = None
    person_id: int | None = None
    people: tuple[int, ...] = ()
    segment: str = ""

    def told(self, people: int) -> int:
        """How many of so many people may be told, at least ten: of a kind of customers full tens, of everybody else each one."""
        return (in_tens(people) or 0) if self.segment else people


@dataclass(frozen=True, slots=True)
class Words:
    """What is told, as plain text. English may be left out."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""

    def title_in(self, language: str) -> str:
        """In the reader's language, where it was written so."""
        return self.title if language == "ja" else self.title_en or self.title

    def body_in(self, language: str) -> str:
        return self.body if language == "ja" else self.body_en or self.body


@dataclass(frozen=True, slots=True)
class Told:
    """One announcement. `recipients`: as `Audience.told` says; None where it is for everybody."""

    id: int
    audience: Audience
    recipients: int | None
    words: Words
    made_by: int | None
    made_by_name: str | None
    made_at: datetime
    withdrawn_at: datetime | None


def announcements(session: Session, who: Principal, *, limit: int = 50) -> list[Told]:
    """All of the district, the newest first."""
    authorise(session, who, "association.read")
    rows = session.scalars(
        select(Announcement).where(Announcement.district_id == who.district_id).order_by(Announcement.id.desc()).limit(limit)
    ).all()
    return _told(session, who.district_id, rows)


def announcement(session: Session, who: Principal, announcement_id: int) -> Told:
    """Raises AnnouncementUnknown."""
    authorise(session, who, "association.read")
    found = session.get(Announcement, (who.district_id, announcement_id), populate_existing=True)
    if found is None:
        raise AnnouncementUnknown
    return _told(session, who.district_id, [found])[0]


def inbox(session: Session, district_id: int, person_id: int) -> list[Told]:
    """What this person was told, the newest first; what was withdrawn is not there. Role checks are the wallet's."""
    rows = session.scalars(select(Announcement).where(_is_for(district_id, person_id)).order_by(Announcement.id.desc()).limit(KEPT)).all()
    return [_one(row, None) for row in rows]


def told_since(session: Session, district_id: int, person_id: int, seen_id: int) -> int:
    """How many of them came after announcement `seen_id`."""
    newer = select(func.count()).select_from(Announcement).where(_is_for(district_id, person_id), Announcement.id > seen_id)
    return int(session.scalar(newer) or 0)


def newest_announcement(session: Session, district_id: int) -> int:
    """The number of the district's last announcement, 0 before the first."""
    return int(session.scalar(select(func.max(Announcement.id)).where(Announcement.district_id == district_id)) or 0)


def warned(session: Session, district_id: int, since: datetime, until: datetime) -> set[int]:
    """Whom the worker told within this time that they will be forgotten. For doors that have asked already."""
    told = select(AnnouncementRecipient.person_id).join(
        Announcement,
        and_(Announcement.district_id == AnnouncementRecipient.district_id, Announcement.id == AnnouncementRecipient.announcement_id),
    )
    valid = (Announcement.district_id == district_id, Announcement.audience == "unused", Announcement.withdrawn_at.is_(None))
    return set(session.scalars(told.where(*valid, Announcement.made_at.between(since, until))))


def _is_for(district_id: int, person_id: int) -> ColumnElement[bool]:
    mine = exists().where(
        AnnouncementRecipient.district_id == district_id,
        AnnouncementRecipient.person_id == person_id,
        AnnouncementRecipient.announcement_id == Announcement.id,
    )
    return and_(Announcement.district_id == district_id, Announcement.withdrawn_at.is_(None), or_(Announcement.audience == "all", mine))


def _told(session: Session, district_id: int, rows: Sequence[Announcement]) -> list[Told]:
    names = nicknames(session, district_id, {row.made_by for row in rows if row.made_by is not None}) if rows else {}
    return [_one(row, None if row.made_by is None else names.get(row.made_by)) for row in rows]


def _one(row: Announcement, made_by_name: str | None) -> Told:
    words = Words(row.title, row.body, row.title_en, row.body_en)
    audience = Audience(row.audience, row.series_id, row.days, segment=row.segment or "")
    recipients = None if row.recipients is None else audience.told(row.recipients)
    return Told(row.id, audience, recipients, words, row.made_by, made_by_name, row.made_at, row.withdrawn_at)
