"""Quotes of lines and what was checked of each, as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from subsidy.models import LineCheck, Quote
from subsidy.queries.lines import LineRow
from subsidy.rules.calls import Call
from subsidy.rules.quotes import Checked, Quoted, TaxDoubt, gaps, tax_doubts


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote. `amount`: yen without tax."""

    number: int
    seller: str
    amount: int
    day: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about a line: its quotes, the cheapest first, and what was made sure of. `revision`: 0 before the first check."""

    quotes: tuple[QuoteRow, ...] = ()
    checked: Checked = field(default_factory=Checked)
    revision: int = 0


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line of the plan with its quotes, its checks, what is open, and which quotes may have been typed with their tax."""

    row: LineRow
    asked: Asked
    gaps: tuple[str, ...]
    taxed: tuple[TaxDoubt, ...]

    @property
    def quotes(self) -> tuple[QuoteRow, ...]:
        """The cheapest first."""
        return self.asked.quotes

    @property
    def checked(self) -> Checked:
        """What was made sure of."""
        return self.asked.checked

    @property
    def cheapest(self) -> int | None:
        """Yen without tax."""
        return self.quotes[0].amount if self.quotes else None


def asked_of(session: Session, district_id: int, project_id: int) -> dict[int, Asked]:
    """By line number. For doors that have asked already."""
    mine = (Quote.district_id == district_id, Quote.project_id == project_id)
    quotes: dict[int, list[QuoteRow]] = {}
    for row in session.scalars(select(Quote).where(*mine).order_by(Quote.line, Quote.amount, Quote.number)):
        quotes.setdefault(row.line, []).append(QuoteRow(row.number, row.seller, row.amount, row.day, row.made_at))
    about = (LineCheck.district_id == district_id, LineCheck.project_id == project_id)
    newest = select(LineCheck).where(*about).ext(distinct_on(LineCheck.line)).order_by(LineCheck.line, LineCheck.revision.desc())
    checks = {row.line: (checked_of(row), row.revision) for row in session.scalars(newest)}
    return {line: Asked(tuple(quotes.get(line, ())), *checks.get(line, ())) for line in quotes.keys() | checks.keys()}


def line_plan(row: LineRow, asked: Asked, call: Call) -> LinePlan:
    """What is open about a line."""
    quotes = [Quoted(quote.number, quote.amount) for quote in asked.quotes]
    return LinePlan(row, asked, tuple(gaps(row.typed, row.is_registered, quotes, asked.checked, call)), tuple(tax_doubts(quotes)))


def checked_of(row: LineCheck) -> Checked:
    """As it was saved."""
    return Checked(row.quote, row.why, row.provider_number, row.tool_number, row.reason, tuple(row.clear), row.definition)
