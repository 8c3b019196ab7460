"""登録が消える人への手紙: whom neither mail nor a browser tells that they will be forgotten, and which letters wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
from association.models import Announcement, AnnouncementRecipient
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, beyond_reach
from identity.retention import UNUSED, WARNED


@dataclass(frozen=True, slots=True)
class Farewell:
    """One letter. `ends`: the day from which on this person is forgotten; `sent_at`: None while it waits."""

    person_id: int
    ends: date
    sent_at: datetime | None


def farewells(session: Session, who: Principal, *, now: datetime) -> list[Farewell]:
    """Those of the last 30 days who have not come back, in the order in which they were told."""
    authorise(session, who, "association.read")
    found: list[Farewell] = []
    rounds = select(Announcement.id, Announcement.made_at).where(warnings_of(who.district_id, now)).order_by(Announcement.id)
    for row in session.execute(rounds):
        theirs = (AnnouncementRecipient.district_id == who.district_id, AnnouncementRecipient.announcement_id == row.id)
        written = select(AnnouncementRecipient).where(*theirs, AnnouncementRecipient.by_letter)
        sent = {each.person_id: each.letter_sent_at for each in session.scalars(written)}
        if not sent:
            continue
        since = row.made_at + WARNED - UNUSED
        quiet = set(identity.queries.unused_since(session, who.district_id, since))
        idle = ledger.queries.idle_since(session, who.district_id, [each for each in sent if each in quiet], since)
        ends = tokyo_day(row.made_at + WARNED)
        found += [Farewell(each, ends, sent[each]) for each in beyond_reach(session, who.district_id, idle, now=now)]
    return found


def farewells_due(session: Session, who: Principal, *, now: datetime) -> list[Farewell]:
    """Those that wait to be sent. Costs next to nothing while none does: every page of the desk asks."""
    waiting = (
        select(AnnouncementRecipient.person_id)
        .join(Announcement, _of_its_announcement())
        .where(warnings_of(who.district_id, now), AnnouncementRecipient.by_letter, AnnouncementRecipient.letter_sent_at.is_(None))
    )
    if session.scalar(waiting.limit(1)) is None:
        return []
    return [each for each in farewells(session, who, now=now) if each.sent_at is None]


def warnings_of(district_id: int, now: datetime) -> ColumnElement[bool]:
    """The rounds of the worker whose people are still here."""
    valid = (Announcement.district_id == district_id, Announcement.audience == "unused", Announcement.withdrawn_at.is_(None))
    return and_(*valid, Announcement.made_at.between(now - WARNED, now))


def _of_its_announcement() -> ColumnElement[bool]:
    return and_(Announcement.district_id == AnnouncementRecipient.district_id, Announcement.id == AnnouncementRecipient.announcement_id)
