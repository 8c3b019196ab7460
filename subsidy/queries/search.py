"""書類をさがす: files by day, amount and counterparty, as the law on electronic books wants it (電子帳簿保存法施行規則 4条、2条6項)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from subsidy.queries.papers import PaperRow, part_of
from subsidy.queries.standing import Standing
from subsidy.rules.evidence import plain_name

T = TypeVar("T", date, int)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked; None and empty ask nothing. Both ends of a span count. `name`: a part of who it was made by or paid to."""

    day_from: date | None = None
    day_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    name: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is asked."""
        return self == Sought()


def counterparty(project: Standing, paper: PaperRow) -> str:
    """Who made it or was paid; where nobody wrote that down, the provider of its line; else nobody."""
    if paper.issuer or paper.line is None:
        return paper.issuer
    line = next((row for row in project.lines if row.number == paper.line), None)
    return project.name_of(line.provider_id) if line is not None and line.provider_id else ""


def search(project: Standing, asked: Sought) -> list[PaperRow]:
    """Every file that all of it is true of and that the reader may open, the newest first, replaced and returned ones too."""
    mine = (paper for paper in reversed(project.papers) if project.seat.may_see({part_of(paper.line)}, project.today))
    return [paper for paper in mine if _fits(project, paper, asked)]


def _fits(project: Standing, paper: PaperRow, asked: Sought) -> bool:
    day, wanted = paper.day or paper.issued_on, plain_name(asked.name)
    return (
        _within(day, asked.day_from, asked.day_to)
        and _within(paper.amount, asked.amount_from, asked.amount_to)
        and (not wanted or wanted in plain_name(counterparty(project, paper)))
    )


def _within(value: T | None, least: T | None, most: T | None) -> bool:
    """What does not say it is not found by it."""
    if least is None and most is None:
        return True
    return value is not None and (least is None or least <= value) and (most is None or value <= most)
