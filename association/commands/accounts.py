"""勘定科目, the fiscal year, 月次締め and its reopening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import AccountKindWrong, AccountNumberTaken, ChartRoleUnknown, ClosingUnknown
from association.models import ChartAccount, FiscalYear
from association.queries.accounts import chart
from association.rules.accounts import Account, clashes, may_become
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

CHART_LOCK = 6_400
"""First key of the advisory lock under which a district's chart and fiscal year are changed."""


def set_accounts(session: Session, who: Principal, new: Sequence[Account], *, now: datetime) -> None:
    """How accounts are called from now on, in the past as well: names are for reading, what is booked stays. All of them or none.

    Earlier versions stay.
    Raises ChartRoleUnknown, AccountKindWrong, AccountNumberTaken: what would hold afterwards is looked at as a whole.
    """
    assert who.person_id is not None, who
    with atomic(session):
        for each in new:
            authorise(session, who, "association.set_chart", subject=f"account:{each.role}")
        _alone(session, who.district_id)
        after = {each.role: each for each in chart(session, who.district_id)}
        for each in new:
            if each.role not in after:
                raise ChartRoleUnknown
            if not may_become(after[each.role].kind, each.kind):
                raise AccountKindWrong
            after[each.role] = each
        if clashes(after.values()) & {each.role for each in new}:
            raise AccountNumberTaken
        for each in new:
            version = _next(session, ChartAccount, who.district_id, ChartAccount.role == each.role)
            session.add(ChartAccount(district_id=who.district_id, version=version, set_by=who.person_id, set_at=now, **asdict(each)))


def set_fiscal_year(session: Session, who: Principal, first_month: int, *, now: datetime) -> None:
    """The fiscal year begins on the first of this month (1 to 12)."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_chart", subject="fiscal_year")
        _alone(session, who.district_id)
        version = _next(session, FiscalYear, who.district_id)
        session.add(FiscalYear(district_id=who.district_id, version=version, first_month=first_month, set_by=who.person_id, set_at=now))


def close_month(session: Session, who: Principal, month: date) -> int:
    """月次締め: write down what the month holds, and let nothing be added to it. Gives the close's number.

    Raises MonthClosed, MonthsInOrder, MonthNotOver, BookBusy.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.close_month", subject=f"month:{month:%Y-%m}")
        return book.close_month(session, who.district_id, month, who.person_id)


def propose_reopening(session: Session, who: Principal, closing_id: int, *, reason: str) -> int:
    """Put it before a second person that the newest closed month be opened again. Gives the proposal's number; while one waits, that.

    Raises ClosingUnknown.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_reopening", subject=f"closing:{closing_id}")
        _alone(session, who.district_id)
        closed = next((each for each in read.closings(session, who.district_id) if each.reopened_at is None), None)
        if closed is None or closed.id != closing_id:
            raise ClosingUnknown
        for each in read.proposals(session, who.district_id, waiting=True, purpose="reopen_month", limit=100):
            if each.facts.get("closing") == closing_id:
                return each.id
        facts: dict[str, book.Fact] = {"closing": closing_id, "month": closed.month.isoformat(), "note": reason}
        return book.propose(session, who.district_id, who.person_id, "reopen_month", [], facts=facts)


def _alone(session: Session, district_id: int) -> None:
    """One at a time in a district, so that no two accounts get one number."""
    session.execute(select(func.pg_advisory_xact_lock(CHART_LOCK, district_id)))


def _next(session: Session, table: type[ChartAccount | FiscalYear], district_id: int, *of: object) -> int:
    last = session.scalar(select(func.max(table.version)).where(table.district_id == district_id, *of))  # type: ignore[arg-type]
    return (last or 0) + 1
