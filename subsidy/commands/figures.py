"""効果報告の数字: each saving is a row of its own on top of the one that was seen; what was filed is not changed any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal, nicknames
from subsidy.commands.links import limit, opened
from subsidy.commands.parties import facts_of, held_party
from subsidy.commands.projects import held_project
from subsidy.errors import (
    FiguresChanged,
    FiguresFixed,
    FiguresNoHours,
    FiguresNotAsked,
    FiguresNotClosed,
    FiguresTooSoon,
    FiguresUndecided,
    LocalAboveSales,
)
from subsidy.models import Figure, Party, Project
from subsidy.queries import seat_of
from subsidy.rules.calls import call_of
from subsidy.rules.effect import report_of
from subsidy.rules.outlook import BASE
from subsidy.rules.progress import Facts, followed


@dataclass(frozen=True, slots=True)
class NewFigures:
    """What a member says of `year` (0: the base). Yen without a sign; hours of one employee in the year.

    `local_sales`: of the sales, what came as local money. `takes_over`: it is what the ledger proposes, whatever was typed.
    `is_scan`: typed from paper. `closed_because`: why nobody worked, where employees or hours are 0.
    """

    year: int
    sales: int
    cost: int
    employees: int
    hours_per_employee: int
    local_sales: int | None = None
    takes_over: bool = False
    is_scan: bool = False
    closed_because: str = ""


def keep_figures(
    session: Session, who: Principal, project_id: int, party_id: int, new: NewFigures, revision: int, *, now: datetime
) -> None:
    """By the lead for anybody, or by a member for itself, on top of `revision` (0: the first). The same again changes nothing.

    Raises ProjectUnknown, PartyUnknown, Forbidden, FiguresChanged, FiguresFixed, FiguresTooSoon, FiguresNoHours, FiguresNotClosed,
    LocalAboveSales, FiguresNotAsked, FiguresUndecided.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_figures", subject=f"subsidy_party:{party_id} {new.year}")
        seat = seat_of(session, who, project_id)
        if not seat.is_lead and (seat.role != "participant" or seat.party_id != party_id):
            raise Forbidden
        held_project(session, who, project_id)
        party = held_party(session, who, project_id, party_id)
        via = "paper" if new.is_scan and seat.is_lead else "desk"
        _store(session, who, party, new, revision, via=via, link_id=None, now=now)


def keep_figures_by_link(session: Session, who: Principal, token: str, new: NewFigures, revision: int, *, now: datetime) -> None:
    """From whoever holds the link. Raises LinkOver, TooMany, and as `keep_figures`."""
    limit(session, who)
    with atomic(session):
        row = opened(session, who, token, now)
        authorise(session, who, "subsidy.use_link", subject=f"subsidy_link:{row.id} {new.year}")
        held_project(session, who, row.project_id)
        party = held_party(session, who, row.project_id, row.party_id)
        row.seen_at = now
        _store(session, who, party, new, revision, via="link", link_id=row.id, now=now)


def _store(
    session: Session, who: Principal, party: Party, new: NewFigures, revision: int, *, via: str, link_id: int | None, now: datetime
) -> None:
    project = session.get_one(Project, (who.district_id, party.project_id))
    proposed = _proposed(session, party, project, new.year) if new.takes_over else None
    new = replace(new, local_sales=proposed) if proposed is not None else replace(new, takes_over=False)
    newest = _newest(session, party, new.year)
    if newest is not None and _said(newest) == _kept(new):
        return
    _check(party, project, new, newest, facts_of(session, who, party.project_id), now)
    if newest is not None and newest.revision != revision:
        by = {newest.made_by} if newest.made_by else set()
        name = nicknames(session, who.district_id, by).get(newest.made_by or 0, "") if by else party.name
        raise FiguresChanged(name=name, when=newest.made_at)
    session.add(
        Figure(
            district_id=who.district_id,
            project_id=party.project_id,
            party_id=party.id,
            year=new.year,
            revision=newest.revision + 1 if newest else 1,
            sales=new.sales,
            cost=new.cost,
            employees=new.employees,
            hours_per_employee=new.hours_per_employee,
            closed_because=new.closed_because,
            local_sales=new.local_sales,
            is_from_book=new.takes_over,
            via=via,
            link_id=link_id,
            made_by=None if via == "link" else who.person_id,
            made_at=now,
        )
    )


def _proposed(session: Session, party: Party, project: Project, year: int) -> int | None:
    """What the book says, asked here and not believed from a form."""
    if party.merchant_id is None or year == BASE:
        return None
    report = report_of(year, call_of(project.scheme, project.rules_version))
    return merchant.queries.taken(session, party.district_id, party.merchant_id, report.period_from, report.period_to)


def _check(party: Party, project: Project, new: NewFigures, newest: Figure | None, facts: Facts, now: datetime) -> None:
    call = call_of(project.scheme, project.rules_version)
    runs = party.role == "participant" or (party.role == "representative" and party.operates_business is not False)
    if not runs or party.left_on is not None:
        raise FiguresNotAsked
    if new.year != BASE and "decided" not in facts:
        raise FiguresUndecided
    if new.year != BASE and tokyo_day(now) <= report_of(new.year, call).period_to:
        raise FiguresTooSoon(until=report_of(new.year, call).period_to)
    if newest is not None and _is_filed(newest, facts):
        raise FiguresFixed
    worked = new.employees * new.hours_per_employee
    if not worked and not new.closed_because:
        raise FiguresNoHours
    if worked and new.closed_because:
        raise FiguresNotClosed
    if new.local_sales is not None and new.local_sales > new.sales:
        raise LocalAboveSales(local=grouped(new.local_sales), sales=grouped(new.sales))


def _is_filed(newest: Figure, facts: Facts) -> bool:
    """Of the base: it stood there when the plan was filed (S-84) or a report used it. Of a year: its report was filed."""
    if any(f"report{number}_filed" in facts for number in (1, 2) if number >= newest.year):
        return True
    filed = facts.get("submitted")
    if newest.year != BASE or filed is None or followed("submitted", "returned", facts):
        return False
    return tokyo_day(newest.made_at) <= filed.day


def _newest(session: Session, party: Party, year: int) -> Figure | None:
    mine = {"district_id": party.district_id, "project_id": party.project_id, "party_id": party.id, "year": year}
    return session.scalar(select(Figure).filter_by(**mine).order_by(Figure.revision.desc()).limit(1))


def _said(row: Figure) -> tuple[object, ...]:
    return row.sales, row.cost, row.employees, row.hours_per_employee, row.closed_because, row.local_sales, row.is_from_book


def _kept(new: NewFigures) -> tuple[object, ...]:
    return new.sales, new.cost, new.employees, new.hours_per_employee, new.closed_because, new.local_sales, new.takes_over
