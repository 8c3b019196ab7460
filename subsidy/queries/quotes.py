"""Quotes of lines and what was checked of each, as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from subsidy.models import LineCheck, Quote
from subsidy.queries.lines import LineRow
from subsidy.queries.standing import Standing
from subsidy.rules.quotes import Checked, Quoted, gaps


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote. `amount`: yen without tax."""

    number: int
    seller: str
    amount: int
    day: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line of the plan with its quotes, the cheapest first, its checks and what is open. `revision`: 0 before the first check."""

    row: LineRow
    quotes: tuple[QuoteRow, ...]
    checked: Checked
    revision: int
    gaps: tuple[str, ...]

    @property
    def cheapest(self) -> int | None:
        """Yen without tax."""
        return self.quotes[0].amount if self.quotes else None


def line_plans(session: Session, district_id: int, project: Standing) -> list[LinePlan]:
    """Every line that is in the plan. For doors that have asked already."""
    mine = (Quote.district_id == district_id, Quote.project_id == project.id)
    quotes: dict[int, list[QuoteRow]] = {}
    for row in session.scalars(select(Quote).where(*mine).order_by(Quote.line, Quote.amount, Quote.number)):
        quotes.setdefault(row.line, []).append(QuoteRow(row.number, row.seller, row.amount, row.day, row.made_at))
    about = (LineCheck.district_id == district_id, LineCheck.project_id == project.id)
    newest = select(LineCheck).where(*about).ext(distinct_on(LineCheck.line)).order_by(LineCheck.line, LineCheck.revision.desc())
    checks = {row.line: row for row in session.scalars(newest)}
    return [_plan(row, tuple(quotes.get(row.number, ())), checks.get(row.number), project) for row in project.plan_lines]


def _plan(row: LineRow, quotes: tuple[QuoteRow, ...], check: LineCheck | None, project: Standing) -> LinePlan:
    checked = checked_of(check) if check else Checked()
    asked = [Quoted(quote.number, quote.amount) for quote in quotes]
    open_ones = gaps(row.typed, row.is_registered, asked, checked, project.call)
    return LinePlan(row, quotes, checked, check.revision if check else 0, tuple(open_ones))


def checked_of(row: LineCheck) -> Checked:
    """As it was saved."""
    return Checked(row.quote, row.why, row.provider_number, row.tool_number, row.reason, tuple(row.clear))
