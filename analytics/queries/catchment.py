"""What was told, when the month was over, of where its customers come from."""

from __future__ import annotations

from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from analytics import guard
from analytics.guard import Published
from analytics.models import InsightCatchment
from analytics.reports.catchment import of_shop


def homes(session: Session, district_id: int, month: date, merchant_id: int | None) -> Published | None:
    """By area, of the district or of one shop; None where the month was not counted. For doors that have asked already."""
    row = session.get(InsightCatchment, (district_id, month))
    if row is None:
        return None
    arrays = {name: np.array(row.told[name], np.int64) for name in ("persons", "yen")}
    grid = guard.unpacked(row.told["shops"], row.told["areas"], arrays)
    return grid.by_col if merchant_id is None else of_shop(grid, merchant_id)
