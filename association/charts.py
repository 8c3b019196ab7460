"""The picture of four weeks as points on a canvas: whole numbers in, whole numbers out, drawn by a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 1096, 196
LEFT, RIGHT, TOP, BOTTOM = 44, 1010, 14, 166
TOPS = {10: 5, 15: 3, 20: 4, 25: 5, 30: 3, 40: 4, 50: 5, 60: 3, 80: 4}
"""Where a scale may end, times a power of ten, and how many level lines then fall on round numbers."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day: where it stands on the canvas, and what it says. `amount` in yen."""

    x: int
    y: int
    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line chart. `grid`: (y, yen) of the level lines from the bottom up; `highest`: the day that stands out, if one does."""

    points: tuple[Point, ...]
    grid: tuple[tuple[int, int], ...]
    highest: Point | None

    @property
    def path(self) -> str:
        """The line as an SVG path."""
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points)

    @property
    def area(self) -> str:
        """The same down to the ground."""
        return f"{self.path}L{self.points[-1].x} {BOTTOM}L{self.points[0].x} {BOTTOM}z"

    @property
    def marks(self) -> tuple[Point, ...]:
        """The days that are named on the axis: each seventh, the last among them."""
        return tuple(self.points[place] for place in range((len(self.points) - 1) % 7, len(self.points), 7))


def line(days: Sequence[tuple[date, int]]) -> Line:
    """The chart of `days`, oldest first, at least two of them; amounts ≥ 0 in yen."""
    top, lines = scale(max(amount for _, amount in days))
    last = len(days) - 1
    points = tuple(
        Point(LEFT + (RIGHT - LEFT) * place // last, BOTTOM - (BOTTOM - TOP) * amount // top, day, amount)
        for place, (day, amount) in enumerate(days)
    )
    grid = tuple((BOTTOM - (BOTTOM - TOP) * step // lines, top * step // lines) for step in range(lines + 1))
    highest = max(points, key=lambda point: point.amount)
    return Line(points, grid, highest if highest.amount else None)


def scale(amount: int) -> tuple[int, int]:
    """The round number at the top of the scale, at least 1,000, and how many level lines lead up to it."""
    power = 100
    while True:
        for step, lines in TOPS.items():
            if amount <= step * power:
                return step * power, lines
        power *= 10
