"""The application that was filed last, and every saving of a party or of the project's shape, with what changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from subsidy.models import Filing, Saving
from subsidy.rules.application import Application
from subsidy.rules.reading import application_of
from subsidy.rules.shares import ByCategory

PROJECT = 0
"""In place of a party's number: the project itself."""


@dataclass(frozen=True, slots=True)
class FilingRow:
    """The calculation that was frozen when it was noted that it was filed, by its `fact`. `errors`: what stood open then."""

    fact: int
    scheme: str
    version: int
    asked: Mapping[str, Any]
    sums: ByCategory
    errors: tuple[str, ...]
    fingerprint: str
    made_at: datetime
    made_by: int

    @property
    def application(self) -> Application:
        """As the calculator read it."""
        return application_of(dict(self.asked))


@dataclass(frozen=True, slots=True)
class SavingRow:
    """One saving. `changed`: by field, what it said before and after; of the first everything. `made_by`: None by the party's link."""

    revision: int
    changed: Mapping[str, tuple[Any, Any]]
    made_by: int | None
    made_at: datetime


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of all that a filing says, as 64 figures: the same as long as nothing of it has changed."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def last_filing(session: Session, district_id: int, project_id: int) -> FilingRow | None:
    """For doors that have asked already."""
    mine = select(Filing).filter_by(district_id=district_id, project_id=project_id).where(Filing.held.is_(None))
    row = session.scalar(mine.order_by(Filing.fact_id.desc()).limit(1))
    return filing_row(row) if row is not None else None


def filing_row(row: Filing) -> FilingRow:
    """As the desk reads it."""
    sums = ByCategory(row.a, row.b, row.c)
    return FilingRow(
        row.fact_id, row.scheme, row.rules_version, row.asked, sums, tuple(row.errors), row.fingerprint.hex(), row.made_at, row.made_by
    )


def savers(session: Session, district_id: int, project_id: int) -> set[int]:
    """Whoever saved a party or the project's shape. For doors that have asked already."""
    mine = select(Saving.made_by).filter_by(district_id=district_id, project_id=project_id).where(Saving.made_by.is_not(None)).distinct()
    return {person for person in session.scalars(mine) if person}


def savings_of(session: Session, district_id: int, project_id: int, party_id: int) -> list[SavingRow]:
    """Of a party, or of the project (PROJECT): the newest first. For doors that have asked already."""
    mine = select(Saving).filter_by(district_id=district_id, project_id=project_id, party_id=party_id).order_by(Saving.revision)
    before: dict[str, Any] = {}
    found = []
    for row in session.scalars(mine):
        changed = {name: (before.get(name), value) for name, value in row.said.items() if value != before.get(name)}
        found.append(SavingRow(row.revision, changed, row.made_by, row.made_at))
        before = {name: value for name, value in row.said.items() if name != "contact_changed"}
    return found[::-1]
