"""A forecast, its hints, findings and what a coupon brought as JSON and back: what a night keeps for the pages of the next day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from analytics.rules.anomalies import Finding
from analytics.rules.calendar import Float
from analytics.rules.forecast import CALENDAR, HORIZON, NAIVE, NOT_YET, Forecast
from analytics.rules.hints import Hint
from analytics.rules.uplift import Uplift


@dataclass(frozen=True, slots=True)
class Outlook:
    """The 28 days as they are shown. Whole yen or people; `mase` by way, empty where nothing could be tried."""

    way: str
    expected: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    shut: tuple[bool, ...]
    mase: dict[str, float]
    tried: int

    @property
    def can_tell(self) -> bool:
        return self.way != NOT_YET

    @property
    def is_own(self) -> bool:
        """Whether the calendar did better than the naive way, and not only last week's days again."""
        return self.way == CALENDAR


def forecast_as_json(found: Forecast, *, closed: Sequence[bool]) -> dict[str, Any]:
    """`closed` bool[28]: days that are announced as closed, whatever the weekday."""
    rest = found.shut | np.asarray(closed, np.bool_)
    mase = {way: round(score.mase, 3) for way, score in found.scores.items() if np.isfinite(score.mase)}
    return {
        "way": found.way,
        **{
            name: _whole(np.where(rest, 0, part)) for name, part in (("expected", found.expected), ("low", found.low), ("high", found.high))
        },
        "shut": rest.tolist(),
        "mase": mase if set(mase) == {CALENDAR, NAIVE} else {},
        "tried": found.tried,
    }


def kept(stored: dict[str, Any]) -> Outlook:
    """Back from JSON."""
    expected, low, high, shut = (tuple(stored[name]) for name in ("expected", "low", "high", "shut"))
    return Outlook(stored["way"], expected, low, high, shut, stored["mase"], stored["tried"])


def hint_as_json(hint: Hint) -> dict[str, Any]:
    """Days in ISO order."""
    facts = {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in hint.facts.items()}
    return {"text": hint.text, "facts": facts, "reason": hint.reason}


def finding_as_json(finding: Finding, first: date) -> dict[str, Any]:
    """`first`: the day of place 0."""
    return {"day": (first + timedelta(days=finding.place)).isoformat(), "text": finding.text, "facts": finding.facts}


def _whole(values: Float) -> list[int]:
    assert values.size == HORIZON, values.shape
    return [round(float(value)) for value in values]


def uplift_as_json(found: Uplift) -> dict[str, Any]:
    """Yen a week and person; what is not known is left out."""
    numbers = {name: getattr(found, name) for name in ("effect", "low", "high", "trend_p")}
    return {
        **{name: getattr(found, name) for name in ("verdict", "takers", "pairs", "before")},
        **{name: round(float(value), 4) for name, value in numbers.items() if np.isfinite(value)},
        **{
            name: [round(each, 2) if np.isfinite(each) else None for each in getattr(found, name).tolist()]
            for name in ("by_week", "by_week_room")
        },
    }


def kept_uplift(stored: dict[str, Any]) -> Uplift:
    """Back from JSON."""
    return Uplift(
        verdict=stored["verdict"],
        takers=stored["takers"],
        pairs=stored["pairs"],
        effect=stored.get("effect", np.nan),
        low=stored.get("low", np.nan),
        high=stored.get("high", np.nan),
        trend_p=stored.get("trend_p", np.nan),
        by_week=np.array(stored["by_week"], np.float64),  # None becomes nan
        by_week_room=np.array(stored["by_week_room"], np.float64),
        before=stored["before"],
    )
