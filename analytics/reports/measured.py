"""What was measured, as reports read it beside the payments: passers-by, weather, announced days. Nothing here is about a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analytics.rules.against import Cells


@dataclass(frozen=True, slots=True)
class Counted:
    """A place where passers-by are counted, by day and part of the day (`source.BANDS`); only parts that were counted whole."""

    name: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Sky:
    """A day's weather: millimetres, degrees, centimetres; None where it was not measured."""

    rain: float | None
    high: float | None
    snow: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """By day in Tokyo. `events`: the name of what was announced. `streets`: in which street a shop stands, where that is known."""

    footfall: tuple[Counted, ...] = ()
    weather: Mapping[date, Sky] = field(default_factory=dict)
    events: Mapping[date, str] = field(default_factory=dict)
    streets: Mapping[int, str] = field(default_factory=dict)


NOTHING_MEASURED = Measured()
