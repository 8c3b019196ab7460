"""Cost lines as they stand: the newest revision of each, with the files that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from subsidy.models import CostLine
from subsidy.queries.papers import PaperRow
from subsidy.rules.application import Line
from subsidy.rules.calls import Call
from subsidy.rules.evidence import Doubt, Proof, Seller, doubts, needed, step_of
from subsidy.rules.wanted import GOOD, MISSING, RETURNED, WAITING


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line at its newest revision. `line`: as the calculator sees it, its days typed or, where none was, those of its papers.

    `planned`: when it is meant to be ordered, delivered and paid, by those words.
    """

    number: int
    revision: int
    party_id: int
    provider_id: int | None
    words: str
    is_registered: bool | None
    is_out: bool
    quoted: date | None
    invoiced: date | None
    planned: Mapping[str, date | None]
    made_by: int
    made_at: datetime
    line: Line
    typed: Line
    proofs: tuple[PaperRow, ...]

    @property
    def awaited(self) -> list[tuple[str, date]]:
        """What is planned and has not happened yet: ordered, delivered, paid."""
        return [(what, day) for what, day in self.planned.items() if day is not None and getattr(self.line, what) is None]

    @property
    def state(self) -> str:
        """planned, quoted, ordered, delivered, invoiced or paid."""
        return step_of(self.quoted, self.line, self.invoiced)

    def evidence(self, call: Call) -> list[tuple[str, str, PaperRow | None]]:
        """Each kind that the line needs, how it stands, and its newest file."""
        return [(kind, *_stands(self.newest(kind))) for kind in needed(self.line, call)]

    def newest(self, kind: str) -> PaperRow | None:
        """The file that counts."""
        return next((paper for paper in reversed(self.proofs) if paper.kind == kind), None)

    def doubts(self, holders: Mapping[bytes, Sequence[int]], sellers: Sequence[Seller] | None = None) -> list[Doubt]:
        """What does not agree. `holders`: which lines have a file, by its hash. `sellers`: the IT providers that the group has listed."""
        mine = [_proof(paper) for kind in {paper.kind for paper in self.proofs} if (paper := self.newest(kind)) is not None]
        foreign = {paper.sha256: number for paper in self.proofs for number in holders[paper.sha256] if number != self.number}
        return doubts(self.line, mine, foreign, sellers)


def lines_of(session: Session, district_id: int, project_id: int, papers: Sequence[PaperRow]) -> tuple[LineRow, ...]:
    """Every line by its number, those that were taken out as well. For doors that have asked already."""
    mine = (CostLine.district_id == district_id, CostLine.project_id == project_id)
    newest = select(CostLine).where(*mine).ext(distinct_on(CostLine.number)).order_by(CostLine.number, CostLine.revision.desc())
    return line_rows(session.scalars(newest), papers)


def holders_of(lines: Iterable[LineRow]) -> dict[bytes, list[int]]:
    """The lines that each file is about, by its hash: it may prove only one."""
    found: dict[bytes, list[int]] = {}
    for row in lines:
        for paper in row.proofs:
            found.setdefault(paper.sha256, []).append(row.number)
    return found


def revisions(session: Session, district_id: int, project_id: int, number: int) -> list[CostLine]:
    """Every saving of a line, the newest first. For doors that have asked already."""
    mine = (CostLine.district_id == district_id, CostLine.project_id == project_id, CostLine.number == number)
    return list(session.scalars(select(CostLine).where(*mine).order_by(CostLine.revision.desc())))


def typed_line(row: CostLine) -> Line:
    """A saving as the calculator sees it."""
    return Line(
        id=str(row.number),
        member=str(row.party_id),
        item=row.item,
        cost_kind=row.cost_kind,
        amount=row.amount,
        tax_included=row.is_taxed,
        tax_rate=row.tax_rate if row.is_taxed else None,
        months=row.months,
        tool=row.tool or None,
        functions=tuple(row.functions) or None,
        ordered=row.ordered,
        delivered=row.delivered,
        paid=row.paid,
    )


def line_rows(rows: Iterable[CostLine], papers: Iterable[PaperRow]) -> tuple[LineRow, ...]:
    """Savings, each with those of the files that are about its line."""
    about: dict[int | None, list[PaperRow]] = {}
    for paper in papers:
        about.setdefault(paper.line, []).append(paper)
    return tuple(_line_row(row, tuple(about.get(row.number, ()))) for row in rows)


def _line_row(row: CostLine, proofs: tuple[PaperRow, ...]) -> LineRow:
    typed = typed_line(row)
    said = {paper.kind: paper.day for paper in proofs if paper.day and paper.is_good is not False}
    line = replace(
        typed,
        ordered=row.ordered or said.get("V_ORDER"),
        delivered=row.delivered or said.get("V_DELIVERY"),
        paid=row.paid or said.get("V_PAYMENT"),
    )
    return LineRow(
        number=row.number,
        revision=row.revision,
        party_id=row.party_id,
        provider_id=row.provider_id,
        words=row.words,
        is_registered=row.is_registered,
        is_out=row.is_out,
        quoted=row.quoted or said.get("V_QUOTE"),
        invoiced=row.invoiced or said.get("V_INVOICE"),
        planned={"ordered": row.plan_ordered, "delivered": row.plan_delivered, "paid": row.plan_paid},
        made_by=row.made_by,
        made_at=row.made_at,
        line=line,
        typed=typed,
        proofs=proofs,
    )


def _stands(paper: PaperRow | None) -> tuple[str, PaperRow | None]:
    if paper is None:
        return MISSING, None
    return (RETURNED if paper.is_good is False else GOOD if paper.is_good else WAITING), paper


def _proof(paper: PaperRow) -> Proof:
    return Proof(
        paper.kind, paper.day, paper.amount, paper.number, paper.sha256, paper.is_good, paper.issuer, paper.words if paper.is_good else ""
    )
