"""実績報告 as it was filed: the calculation, and every line, party and evidence that it spoke of as they stood then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from subsidy.models import CostLine, Filing, Saving
from subsidy.queries.filings import PROJECT, FilingRow, filing_row
from subsidy.queries.lines import LineRow, line_rows
from subsidy.queries.papers import PaperRow
from subsidy.queries.rows import PartyRow

OF_RULES = ("is_sole", "corporate_number", "is_small", "is_association_member", "operates_business", "has_gbiz_id")
"""What a saving says of a party that the rules ask."""
OF_SHAPE = ("name", "setting", "business_types", "representative_kind", "has_district_body")
"""What a saving of the project itself says."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`fact`: the number of the fact that it was filed. `lines`: all of the plan, claimed or not. `shape`: what was said of the project.

    `exhibits`: the pieces of the evidence book in their order, each its line and its file. `lacks`: of a line that was left out, why, and
    which kinds of evidence. Both are None of a claim from before they were kept.
    """

    fact: int
    filing: FilingRow
    lines: tuple[LineRow, ...]
    parties: tuple[PartyRow, ...]
    shape: Mapping[str, Any]
    exhibits: Sequence[tuple[int, int]] | None
    lacks: Sequence[tuple[int, str, Sequence[str]]] | None


def held_of(lines: Sequence[LineRow], parties: Sequence[PartyRow], revision: int) -> dict[str, Any]:
    """What `last_claim` needs to bring them back. `revision`: the project's own."""
    papers = [paper for row in lines for paper in row.proofs]
    return {
        "lines": {str(row.number): row.revision for row in lines},
        "parties": {str(PROJECT): revision} | {str(row.id): row.revision for row in parties},
        "papers": {str(paper.id): [paper.is_good, paper.words] for paper in papers},
    }


def last_claim(
    session: Session, district_id: int, project_id: int, papers: Sequence[PaperRow], parties: Sequence[PartyRow]
) -> Claim | None:
    """The newest that was frozen, whether its fact still counts or not. For doors that have asked already."""
    here = {"district_id": district_id, "project_id": project_id}
    newest = select(Filing).filter_by(**here).where(Filing.held.is_not(None)).order_by(Filing.fact_id.desc()).limit(1)
    filing = session.scalar(newest)
    if filing is None or filing.held is None:
        return None
    held = {what: {int(number): said for number, said in filing.held[what].items()} for what in ("lines", "parties", "papers")}
    then = [_paper_then(row, *held["papers"][row.id]) for row in papers if row.id in held["papers"]]
    lines = select(CostLine).filter_by(**here).where(tuple_(CostLine.number, CostLine.revision).in_(list(held["lines"].items())))
    savings = select(Saving).filter_by(**here).where(tuple_(Saving.party_id, Saving.revision).in_(list(held["parties"].items())))
    said = {saving.party_id: saving.said for saving in session.scalars(savings)}
    return Claim(
        filing.fact_id,
        filing_row(filing),
        line_rows(session.scalars(lines.order_by(CostLine.number)), then),
        tuple(_party_then(row, said[row.id]) for row in parties if row.id in said),
        {name: said[PROJECT][name] for name in OF_SHAPE} if PROJECT in said else {},
        filing.held.get("exhibits"),
        filing.held.get("lacks"),
    )


def _paper_then(row: PaperRow, is_good: bool | None, words: str) -> PaperRow:
    return replace(row, is_good=is_good, words=words)


def _party_then(row: PartyRow, said: Mapping[str, Any]) -> PartyRow:
    left_on = date.fromisoformat(said["left_on"]) if said["left_on"] else None
    known = replace(row.known, **{name: said[name] for name in OF_RULES}, left_on=left_on)
    return replace(row, name=said["name"], known=known)
