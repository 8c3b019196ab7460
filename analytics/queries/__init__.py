"""The door that reads insight: who may ask which report, and its guarded answer.

What pages get: `Listed` for the list of reports, `Asked` for one of them; whoever asks several of one moment reads the registers once.
All that an `Answer` holds has passed the guard and may be shown, sent and printed; its words are `Words`, said by `words.said(gettext)`;
a cell that is None is withheld (`WITHHELD` says why).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from analytics import reports
from analytics.queries.actions import for_reader
from analytics.queries.catchment import homes
from analytics.queries.measured import beside, has_door, joined_reports, measured, weather_extras, weather_of_days
from analytics.queries.measurements import SourceRow, deliveries, series_of, source, source_row, sources
from analytics.queries.papers import KeptPaper, has_paper, kept_paper, kept_papers
from analytics.reports import Period, Registers, Report, read_registers
from analytics.reports.answers import THIN, WITHHELD, Answer, Cell, Chart, Series, Words, said
from analytics.reports.measured import Sky
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Listed:
    """One report: its name in addresses, title and question (both marked for translation), and how many months it is about; 0 is today."""

    name: str
    title: str
    question: str
    months: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A report with its answer. `first`, `last`: the days of its period, both included. `made_at`: of what a night made and kept."""

    report: Listed
    first: date
    last: date
    answer: Answer
    made_at: datetime | None = None


def district_reports(session: Session, who: Principal) -> list[Listed]:
    """Those of the whole district, in the order of their page. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    there = joined_reports(session, who.district_id)
    found = [each for each in _of("district") if each.name in reports.REPORTS or each.name in there]
    return [each for each in found if who.roles & STAFF or not reports.EVERY[each.name].pairs_shops]


def shop_reports(session: Session, who: Principal) -> list[Listed]:
    """Those of one shop. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.shop_reports")
    has = who.merchant_id is not None and has_door(session, who.district_id, who.merchant_id)
    return [each for each in _of("shop") if has or each.name not in reports.JOINED]


STAFF = frozenset({"issuer", "approver", "auditor", "administrator"})
"""Of the association, which sees each shop's settlement anyway. Whoever else asks for the district may own a shop."""


def district_report(
    session: Session,
    who: Principal,
    name: str,
    *,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    for_outsiders: bool = False,
    registers: Registers | None = None,
) -> Asked:
    """Of the whole district, over whole months or the running day; without `last` over the newest months that are over.

    For readers who are not of the association, and with `for_outsiders` for what goes on to such (papers, answers to reviewers),
    nothing is in it from which an owner could have others' few customers, nor which shops share people.

    Raises NotSignedIn, Forbidden, ReportUnknown, ReportWrongScope, PeriodNotWhole, PeriodNotOver, PeriodWrong, ColumnsOff, ColumnsMissing,
    ColumnsBroken.
    """
    authorise(session, who, "analytics.district_reports")
    is_outside = for_outsiders or not who.roles & STAFF
    if is_outside and reports.report(name).pairs_shops:
        raise Forbidden
    found = _answered(session, who.district_id, name, (first, last), now, None, is_outside=is_outside, registers=registers)
    return found if for_outsiders else replace(found, answer=for_reader(found.answer, who))


def shop_report(
    session: Session,
    who: Principal,
    name: str,
    *,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    registers: Registers | None = None,
) -> Asked:
    """Of the shop that the one who asks owns, likewise: nobody names another one."""
    authorise(session, who, "analytics.shop_reports")
    if who.merchant_id is None:
        raise Forbidden
    return _answered(session, who.district_id, name, (first, last), now, who.merchant_id, registers=registers)


def _of(scope: str) -> list[Listed]:
    return [_listed(each) for each in reports.EVERY.values() if scope in each.scopes]


def _listed(report: Report) -> Listed:
    return Listed(report.name, report.title, report.question, report.months)


def asked(report: Report, period: Period, answer: Answer) -> Asked:
    """As the doors give it."""
    return Asked(_listed(report), period.since, max(period.until - timedelta(days=1), period.since), answer)


def _answered(
    session: Session,
    district_id: int,
    name: str,
    days: tuple[date | None, date | None],
    now: datetime,
    merchant_id: int | None,
    *,
    is_outside: bool = False,
    registers: Registers | None,
) -> Asked:
    report = reports.report(name)
    period = reports.period(report, *days, now)
    there = beside(session, district_id, name, period.since, period.until, merchant_id)
    where = homes(session, district_id, period.since, merchant_id) if name == "catchment" else None
    of = partial(reports.run, session, district_id, report, period, now=now, registers=registers, measured=there, homes=where)
    return asked(report, period, of(merchant_id=merchant_id, is_outside=is_outside, may_compile=False))
