"""催促: what was said to whom, and which letters nobody has printed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from subsidy.models import Reminder
from subsidy.queries.standing import Standing
from subsidy.rules.reminding import Occasion, OpenLink, occasions


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """`way`: mail, letter or printed. `link_id`: the page behind it. `is_by_itself`: nobody pressed a button."""

    party_id: int
    code: str
    occasion: str
    way: str
    due: date | None
    link_id: int | None
    is_by_itself: bool
    made_at: datetime


def reminders_of(session: Session, district_id: int, project_id: int) -> list[ReminderRow]:
    """All of a project, the newest first. For doors that have read the project already."""
    here = select(Reminder).filter_by(district_id=district_id, project_id=project_id)
    rows = session.scalars(here.order_by(Reminder.made_at.desc(), Reminder.party_id, Reminder.way))
    return [
        ReminderRow(row.party_id, row.code, row.occasion, row.way, row.due, row.link_id, row.made_by is None, row.made_at) for row in rows
    ]


def letters(rows: Sequence[ReminderRow]) -> list[ReminderRow]:
    """Those that are still to be printed, the oldest first."""
    printed = {(row.party_id, row.occasion) for row in rows if row.way == "printed"}
    waiting = [row for row in rows if row.way == "letter" and (row.party_id, row.occasion) not in printed]
    return sorted(waiting, key=lambda row: (row.made_at, row.party_id))


def still_asked(project: Standing, party_id: int) -> tuple[str, ...]:
    """What the party's living links ask for and has not come, or came back."""
    codes = [code for link in project.links if link.party_id == party_id and link.lives(project.now) for code in link.asked]
    return tuple(dict.fromkeys(code for code in codes if not _came(project, party_id, code)))


def due_now(project: Standing, rows: Sequence[ReminderRow]) -> list[Occasion]:
    """Of whom something is to be said today that was never said."""
    told = {(row.party_id, row.occasion) for row in rows}
    ours = {row.link_id for row in rows}
    there = {row.id for row in project.parties if row.known.left_on is None}
    links = [
        OpenLink(link.id, link.party_id, tokyo_day(link.made_at))
        for link in project.links
        if link.lives(project.now) and link.id not in ours and link.party_id in there
        if (still_asked(project, link.party_id) if link.asked else link.seen_at is None)
    ]
    missing = {year: [row.id for row in project.reporting if not project.figure(row.id, year)] for year in project.years_asked}
    lead = next(row.id for row in project.parties if row.role == "representative")
    found = occasions(project.facts, missing, links, lead, project.today, project.call)
    return [each for each in found if (each.party, each.key) not in told]


def _came(project: Standing, party_id: int, code: str) -> bool:
    kind, _colon, line = code.partition(":")
    mine = [row for row in project.papers_of(party_id) if row.kind == kind and str(row.line or "") == line]
    return bool(mine) and mine[0].is_good is not False
