"""補助金を渡した: the transfer to a member with its day, its amount and its proof (S-41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from subsidy.commands.papers import From, NewPaper, examined, store_paper
from subsidy.commands.parties import held_party
from subsidy.errors import FactDayWrong, ShareTooSoon
from subsidy.queries import lead_of
from subsidy.queries.passing import SHARE
from subsidy.queries.whole import read_standing


@dataclass(frozen=True, slots=True)
class Passed:
    """A transfer to a member: its `day`, its `amount` in yen, and the file that shows it."""

    day: date
    amount: int
    file_name: str
    content: bytes


def pass_on(session: Session, who: Principal, project_id: int, party_id: int, new: Passed, *, now: datetime) -> int:
    """Noted by the lead; said again, the newest counts. Gives the number of the file.

    Raises ProjectUnknown, PartyUnknown, ShareTooSoon, FactDayWrong, and as `hand_in` of the file.
    """
    if who.person_id is None:
        raise Forbidden
    found = examined(session, new.content)
    with atomic(session):
        authorise(session, who, "subsidy.note_fact", subject=f"subsidy_party:{party_id} share")
        seat = lead_of(session, who, project_id)
        held_party(session, who, project_id, party_id)
        project = read_standing(session, who.district_id, project_id, seat, now=now, today=tokyo_day(now))
        if party_id not in {each.party_id for each in project.passing}:
            raise ShareTooSoon
        received, today = project.facts["paid"].day, tokyo_day(now)
        if not received <= new.day <= today:
            raise FactDayWrong(earliest=received, latest=today)
        paper = NewPaper(SHARE, new.file_name, new.content, day=new.day, amount=new.amount)
        return store_paper(session, who.district_id, project_id, party_id, paper, found, From("desk", who.person_id), now=now)
