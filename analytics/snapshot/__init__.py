"""The book as columns on the disk. The only room of insight that reads the book and that knows Arrow.

    snapshot = of(session)                                   # or Snapshot(folder)
    columns = snapshot.read(district_id, since, until)       # days in Tokyo; no database
    for month in columns.months:
        month.payments.yen                                   # arrays that lie in the file, sorted by moment
        month.partial("cohorts", 1, lambda month: …)         # made once for a closed month

docs/reference/columns.md says what stands in each file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

import ledger.queries
import merchant.queries
from analytics.errors import ColumnsOff
from analytics.snapshot import files, partials, reading, writing
from analytics.snapshot.moving import OUTSIDE, Movements
from analytics.snapshot.reading import Columns, Month, ShopRow, State
from analytics.snapshot.schema import CLASSES, KINDS, Accounts, Int32, Int64, Payments, Refunds, SeriesTable
from analytics.snapshot.writing import Followed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The columns of an installation. `folder`: for this user alone; each district has one of its own in it."""

    folder: Path

    def read(self, district_id: int, since: date, until: date) -> Columns:
        """From the day `since` to before the day `until`, in Tokyo. Raises ColumnsMissing, ColumnsBroken."""
        return reading.read(self._of(district_id), district_id, since, until)

    def state(self, district_id: int, until: date) -> State:
        """Of all months before the one that begins on the day `until`. Raises ColumnsMissing, ColumnsBroken."""
        return reading.state(self._of(district_id), until)

    def follow(
        self, session: Session, district_id: int, *, rebuild: bool = False, report: Callable[[int, int], None] | None = None
    ) -> Followed:
        """Bring a district's columns up to the end of its sealed log; `rebuild`: from nothing. Raises ColumnsBusy.

        `report` hears (done, of) transactions. The session must have nothing open.
        """
        files.private(self.folder)
        return writing.follow(session, self._of(district_id), district_id, rebuild=rebuild, report=report)

    def clear_editions(self, district_id: int, begun: tuple[str, ...], edition: str) -> None:
        """Remove what other editions of the program kept under names that begin so."""
        partials.clear_editions(self._of(district_id), begun, edition)

    def _of(self, district_id: int) -> Path:
        return self.folder / f"district-{district_id}"


def of(session: Session) -> Snapshot:
    """Of the installation to which this session belongs. Raises ColumnsOff."""
    folder = session.info.get("columns_folder")
    if folder is None:
        raise ColumnsOff
    return Snapshot(folder)
