"""What members reported of a year, at the newest revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from subsidy.models import Figure
from subsidy.rules.effect import Figures


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`year`: 0 the base, 1 and 2 the report years. `local_sales`: yen of local money in the sales, the ledger's own if `is_from_book`.

    `closed_because`: why nobody worked, in the member's own words; empty where somebody did.
    """

    party_id: int
    year: int
    revision: int
    figures: Figures
    local_sales: int | None
    is_from_book: bool
    via: str
    made_by: int | None
    made_at: datetime
    closed_because: str

    @property
    def said(self) -> list[object]:
        """What an application says of it; a reason only where there is one, so that fingerprints of before it was asked for stay."""
        told = self.figures
        figures = [self.party_id, told.sales, told.cost, told.employees, told.hours_per_employee]
        return [*figures, self.closed_because] if self.closed_because else [*figures]


def figures_of(session: Session, district_id: int, project_id: int) -> tuple[FigureRow, ...]:
    """For doors that have asked already."""
    mine = (Figure.district_id == district_id, Figure.project_id == project_id)
    newest = select(Figure).where(*mine).ext(distinct_on(Figure.party_id, Figure.year))
    rows = session.scalars(newest.order_by(Figure.party_id, Figure.year, Figure.revision.desc()))
    return tuple(figure_row(row) for row in rows)


def figure_row(row: Figure) -> FigureRow:
    told = Figures(row.sales, row.cost, row.employees, row.hours_per_employee, is_closed=row.closed_because != "")
    says = row.local_sales, row.is_from_book, row.via, row.made_by, row.made_at, row.closed_because
    return FigureRow(row.party_id, row.year, row.revision, told, *says)


def figure_history(session: Session, district_id: int, project_id: int, party_id: int, year: int) -> list[FigureRow]:
    """Every saving, the newest first. For doors that have asked already."""
    mine = {"district_id": district_id, "project_id": project_id, "party_id": party_id, "year": year}
    return [figure_row(row) for row in session.scalars(select(Figure).filter_by(**mine).order_by(Figure.revision.desc()))]
