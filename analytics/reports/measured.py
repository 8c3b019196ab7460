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
    """By day in Tokyo. `events`: the name of what was announced. `streets`: by month, in which street a shop stood when it
    began, where that is known.
    `doors`: of the shop that asks. `mesh`, `web`: people in a square, visits of a site. `survey`: by question, month and answer how many.
    `residents`: who lives in a postal area, by its three digits.
    """

    footfall: tuple[Counted, ...] = ()
    weather: Mapping[date, Sky] = field(default_factory=dict)
    events: Mapping[date, str] = field(default_factory=dict)
    streets: Mapping[date, Mapping[int, str]] = field(default_factory=dict)
    doors: tuple[Counted, ...] = ()
    mesh: tuple[Counted, ...] = ()
    web: tuple[Counted, ...] = ()
    survey: Mapping[tuple[str, date], Mapping[str, int]] = field(default_factory=dict)
    residents: Mapping[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Counted, ...]:
        """What of the district is counted beside the payments, for the reports on weather and on announced days."""
        return (*self.footfall, *self.mesh, *self.web)


NOTHING_MEASURED = Measured()
