"""What nights make and keep, by its name in addresses and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from analytics.queries import Asked, Listed, effects, foresight, foretold


class OfNight(Protocol):
    """The newest of a district, or of one shop."""

    def __call__(self, session: Session, district_id: int, merchant_id: int | None, *, now: datetime) -> Asked: ...


NIGHTLY: Mapping[str, tuple[OfNight, Listed]] = {
    foresight.NAME: (foresight.forecast_of, foresight.OF_DISTRICT),
    foretold.NAME: (foretold.foretold_of, foretold.OF_DISTRICT),
    effects.NAME: (effects.effects_of, effects.OF_DISTRICT),
}
