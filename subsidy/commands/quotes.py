"""見積りを書く, 確かめを保存する: quotes are added and stay; a check is said anew on top of the one that was seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.errors import KeyReused
from subsidy.commands.lines import newest_line
from subsidy.commands.projects import held_project
from subsidy.errors import LineChanged, LineDayWrong, QuoteUnknown, RegistrationUnasked
from subsidy.models import LineCheck, Quote
from subsidy.queries import lead_of
from subsidy.queries.lines import typed_line
from subsidy.queries.quotes import checked_of
from subsidy.rules.calls import call_of
from subsidy.rules.quotes import Checked, waits_for_registration


@dataclass(frozen=True, slots=True)
class NewQuote:
    """What a seller asks. `amount`: yen without tax."""

    seller: str
    amount: int
    day: date
    key: UUID


def add_quote(session: Session, who: Principal, project_id: int, line: int, new: NewQuote, *, now: datetime) -> int:
    """Gives its number within the line; the same key gives the same one. Raises ProjectUnknown, LineUnknown, KeyReused,
    RegistrationUnasked, LineDayWrong.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_costs", subject=f"subsidy_line:{project_id}-{line} quote")
        lead_of(session, who, project_id)
        project = held_project(session, who, project_id)
        about = newest_line(session, who, project_id, line)
        mine = (Quote.district_id == who.district_id, Quote.project_id == project_id, Quote.line == line)
        again = session.scalar(select(Quote).where(Quote.district_id == who.district_id, Quote.key == new.key))
        if again is not None:
            if (again.project_id, again.line, again.seller, again.amount, again.day) != (project_id, line, new.seller, new.amount, new.day):
                raise KeyReused
            return again.number
        if waits_for_registration(typed_line(about), about.is_registered, call_of(project.scheme, project.rules_version)):
            raise RegistrationUnasked
        if new.day > tokyo_day(now):
            raise LineDayWrong(latest=tokyo_day(now))
        number = (session.scalar(select(func.max(Quote.number)).where(*mine)) or 0) + 1
        place = {"district_id": who.district_id, "project_id": project_id, "line": line, "number": number}
        session.add(Quote(**place, **asdict(new), made_by=who.person_id, made_at=now))
        return number


def check_line(session: Session, who: Principal, project_id: int, line: int, new: Checked, revision: int, *, now: datetime) -> None:
    """On top of `revision`, 0 for the first. Raises ProjectUnknown, LineUnknown, LineChanged, QuoteUnknown."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_costs", subject=f"subsidy_line:{project_id}-{line} check")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        newest_line(session, who, project_id, line)
        here = {"district_id": who.district_id, "project_id": project_id, "line": line}
        last = session.scalar(select(LineCheck).filter_by(**here).order_by(LineCheck.revision.desc()).limit(1))
        if last is not None and checked_of(last) == new and last.made_by == who.person_id:
            return
        if last is not None and last.revision != revision:
            raise LineChanged(name=nicknames(session, who.district_id, {last.made_by}).get(last.made_by, ""), when=last.made_at)
        if new.quote is not None and session.get(Quote, (who.district_id, project_id, line, new.quote)) is None:
            raise QuoteUnknown
        values = {**asdict(new), "clear": list(new.clear)}
        session.add(LineCheck(**here, revision=(last.revision if last else 0) + 1, **values, made_by=who.person_id, made_at=now))
