"""What has changed since the plan that the office decided on, and every change that was asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from identity.commands import authorise
from identity.queries import Principal
from subsidy.models import CostLine, PlanChange
from subsidy.queries.costs import Costs, beside, replace_standing
from subsidy.queries.filings import FilingRow
from subsidy.queries.lines import typed_line
from subsidy.queries.seats import seat_of
from subsidy.queries.standing import Standing
from subsidy.rules.application import Line
from subsidy.rules.budget import Sum, reckoned
from subsidy.rules.calls import call_of
from subsidy.rules.changes import Difference, differences
from subsidy.rules.shares import ByCategory, burdens


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One that was asked. `answer`: approved or refused, None while the office has not spoken."""

    number: int
    day: date
    words: str
    said: tuple[str, ...]
    before: ByCategory
    after: ByCategory
    made_at: datetime
    made_by: int
    answer: str | None = None
    answered_on: date | None = None
    answer_words: str = ""


@dataclass(frozen=True)
class Changes:
    """A project against the plan of `since`: as it was filed, or the last change that was approved. None: nothing is filed yet.

    `filing`: the frozen calculation, where it is that which is compared with.
    """

    costs: Costs
    since: datetime | None
    then_lines: tuple[Line, ...]
    asked: tuple[ChangeRow, ...]
    filing: FilingRow | None = None

    @property
    def project(self) -> Standing:
        """As it stands now."""
        return self.costs.project

    @property
    def waits(self) -> ChangeRow | None:
        """The one that the office has not answered yet."""
        return next((row for row in self.asked if row.answer is None), None)

    @cached_property
    def left(self) -> list[int]:
        """Participants that were there then and are gone."""
        gone = (row for row in self.project.parties if row.role == "participant" and row.known.left_on is not None)
        return [row.id for row in gone if self.since is not None and row.made_at <= self.since < row.changed_at]

    @cached_property
    def joined(self) -> list[int]:
        """Participants that were not there then."""
        here = (row for row in self.project.group if row.role == "participant")
        return [row.id for row in here if self.since is not None and row.made_at > self.since]

    @cached_property
    def found(self) -> list[Difference]:
        """What differs."""
        now = [row.typed for row in self.costs.rows]
        return differences(self.then_lines, now, self.left, self.joined) if self.since is not None else []

    @cached_property
    def then(self) -> Sum:
        """The plan of then, reckoned with its members of then, by the rules of then where it was frozen."""
        if self.filing is not None:
            return reckoned(self.filing.application, call_of(self.filing.scheme, self.filing.version))
        members = tuple(
            row if row.id not in self.left else row.back_in_group() for row in self.project.parties if row.id not in self.joined
        )
        before = replace_standing(self.project, parties=members)
        return reckoned(before.application(self.then_lines), self.project.call)

    @property
    def decided(self) -> ByCategory:
        """What the office decided, or nothing."""
        return self.costs.decided or ByCategory(0, 0, 0)

    @cached_property
    def burdens(self) -> dict[int, tuple[int, int]]:
        """Of each member that has a line, then or now: own burden before and after, yen."""
        then = {int(member): yen for member, yen in burdens(self.then.grant).items()} if self.then.grant else {}
        return beside(then, self.costs.burdens)


def changes(session: Session, who: Principal, costs: Costs) -> Changes:
    """For whoever may read the project. Raises ProjectUnknown."""
    authorise(session, who, "subsidy.read")
    seat_of(session, who, costs.project.id)
    asked = changes_of(session, who.district_id, costs.project.id)
    approved = [row.made_at for row in asked if row.answer == "approved"]
    filing = costs.project.filing
    noted = [row.made_at for row in costs.project.history if row.kind == "submitted" and row.day and "submitted" in costs.project.facts]
    filed = [filing.made_at] if filing is not None and noted else noted  # a day that was put right later is no other plan
    since = max(approved[-1:] + filed[-1:], default=None)
    filing = filing if filing is not None and filing.made_at == since else None
    if filing is not None:
        return Changes(costs, since, filing.application.lines, asked, filing)
    lines = _lines_at(session, who.district_id, costs.project.id, since) if since is not None else ()
    return Changes(costs, since, lines, asked)


def changes_of(session: Session, district_id: int, project_id: int) -> tuple[ChangeRow, ...]:
    """Every change by number. For doors that have asked already."""
    rows = session.scalars(
        select(PlanChange).filter_by(district_id=district_id, project_id=project_id).order_by(PlanChange.number, PlanChange.revision)
    ).all()
    answers = {row.number: row for row in rows if row.revision > 1}
    return tuple(_row(row, answers.get(row.number)) for row in rows if row.revision == 1)


def _row(asked: PlanChange, answer: PlanChange | None) -> ChangeRow:
    return ChangeRow(
        asked.number,
        asked.day,
        asked.words,
        tuple(asked.said),
        ByCategory(*asked.before),
        ByCategory(*asked.after),
        asked.made_at,
        asked.made_by,
        answer.state if answer else None,
        answer.day if answer else None,
        answer.words if answer else "",
    )


def _lines_at(session: Session, district_id: int, project_id: int, moment: datetime) -> tuple[Line, ...]:
    """The lines that were in the plan at that moment."""
    mine = (CostLine.district_id == district_id, CostLine.project_id == project_id, CostLine.made_at <= moment)
    newest = select(CostLine).where(*mine).ext(distinct_on(CostLine.number)).order_by(CostLine.number, CostLine.revision.desc())
    return tuple(typed_line(row) for row in session.scalars(newest) if not row.is_out)
