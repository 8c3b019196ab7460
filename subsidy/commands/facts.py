"""What happened, noted with its day. The project's state and its deadlines follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from subsidy import titles
from subsidy.commands.filings import frozen_plan, frozen_result
from subsidy.commands.kept import Printed, keep_printed
from subsidy.commands.parties import facts_of
from subsidy.commands.projects import held_project
from subsidy.errors import FactDayWrong, FactNeeded, FactTooSoon, FactWordless, FilingMoved
from subsidy.models import Fact, Filing
from subsidy.queries import lead_of
from subsidy.queries.kept import digest_printed
from subsidy.queries.whole import read_standing
from subsidy.rules.calls import call_of
from subsidy.rules.progress import DEADLINES, DUTIES, FOLLOWS, WITH_AMOUNTS, Facts, files_anew, missing_before, resting_on

FARTHEST = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class NewFact:
    """`day`: None takes back what was noted. `amounts`: yen of A, B and C, of a decision. `words`: a number, a remark."""

    kind: str
    day: date | None
    amounts: tuple[int, int, int] | None = None
    words: str = ""


def note_fact(session: Session, who: Principal, project_id: int, new: NewFact, printed: Printed | None = None, *, now: datetime) -> None:
    """Nothing is edited: a correction is noted on top. `printed`: the papers of what is filed by it, which are kept with it.

    Raises ProjectUnknown, FactTooSoon, FactNeeded, FactDayWrong, FactWordless, PlanUnready, FilingMoved.
    """
    if who.person_id is None or new.kind not in FOLLOWS:
        raise Forbidden
    if new.kind in DUTIES and new.day and not new.words.strip():
        raise FactWordless
    with atomic(session):
        authorise(session, who, "subsidy.note_fact", subject=f"subsidy_project:{project_id} {new.kind}")
        lead_of(session, who, project_id)
        project = held_project(session, who, project_id)
        facts = facts_of(session, who, project_id)
        if new.day is None:
            if resting := resting_on(new.kind, facts):
                raise FactNeeded(resting=tuple(titles.FACTS[kind] for kind in resting))
        elif missing := missing_before(new.kind, facts):
            raise FactTooSoon(needs=tuple(titles.FACTS[kind] for kind in missing))
        else:
            after = [facts[each].day for each in FOLLOWS[new.kind] if each not in DEADLINES]
            earliest = max(after, default=call_of(project.scheme, project.rules_version).values.call_opens)
            latest = FARTHEST if new.kind in DEADLINES else tokyo_day(now)
            if not earliest <= new.day <= latest:
                raise FactDayWrong(earliest=earliest, latest=latest)
        filing = _frozen(session, who, project_id, new, facts, now)
        if printed is not None:
            _check_printed(session, who, project_id, printed, now)
        a, b, c = new.amounts if new.amounts and new.day and new.kind in WITH_AMOUNTS else (None, None, None)
        fact = Fact(
            district_id=who.district_id,
            project_id=project_id,
            kind=new.kind,
            day=new.day,
            a=a,
            b=b,
            c=c,
            words=new.words,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(fact)
        if filing is not None:
            session.flush()
            filing.fact_id = fact.id
            session.add(filing)
        if printed is not None:
            session.flush()
            keep_printed(session, fact, printed, now=now)


def _frozen(session: Session, who: Principal, project_id: int, new: NewFact, facts: Facts, now: datetime) -> Filing | None:
    """What was filed just now; None where nothing was, or where only the day of an earlier filing is put right. Raises PlanUnready."""
    if new.day is None or not files_anew(new.kind, facts):
        return None
    if new.kind == "submitted":
        return frozen_plan(session, who, project_id, now)
    return frozen_result(session, who, project_id, now) if new.kind == "result_filed" else None


def _check_printed(session: Session, who: Principal, project_id: int, printed: Printed, now: datetime) -> None:
    """Papers that speak of something else than what is frozen are not kept. Raises FilingMoved."""
    stands = read_standing(session, who.district_id, project_id, lead_of(session, who, project_id), now=now, today=tokyo_day(now))
    if digest_printed(stands) != printed.digest:
        raise FilingMoved
