"""Where people go on to, as arrows over the association's own plan of the streets: where each stands, pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from analytics.queries import Answer
from analytics.queries.streets import Place, Plan
from analytics.views.labels import Label, around, labels

WIDTH = 560
ARROWS = 15
"""more than so many cross each other until nobody reads one"""
THINNEST, THICKEST = 3.0, 14.0
BEND = 0.16
"""how far an arrow leaves the straight way, in parts of its length: there and back lie side by side"""
GAP = 12.0
"""pixels between a shop's point and the arrow"""


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path`: an SVG curve from shop to shop. `wide`: pixels, by people. `people` stands at (`x`, `y`)."""

    path: str
    wide: float
    words: str
    people: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A shop of which an arrow begins or ends."""

    name: str
    x: float
    y: float
    label: Label


@dataclass(frozen=True, slots=True)
class StreetMap:
    """`height`: of a sheet `WIDTH` wide. `absent`: pairs of the table of which a shop is not on the plan."""

    plan_id: int
    height: int
    arrows: tuple[Arrow, ...]
    pins: tuple[Pin, ...]
    absent: int


def street_map(answer: Answer, plan: Plan, places: Sequence[Place]) -> StreetMap | None:
    """The pairs of まちの回遊, those with most people first. None: no pair that may be told stands on the plan with both its shops.

    A shop is known by its name here, as in the table; of two shops of one name neither is drawn.
    """
    height = round(WIDTH * plan.height / plan.width)
    named = Counter(each.name for each in places)
    spots = {each.name: (each.at[0] * WIDTH / 1000, each.at[1] * height / 1000) for each in places if each.at and named[each.name] == 1}
    found = [(str(a), str(b), people) for a, b, people, *_ in answer.rows if isinstance(people, int)]
    drawn = [(a, b, people) for a, b, people in found if a in spots and b in spots and spots[a] != spots[b]][:ARROWS]
    if not drawn:
        return None
    most = max(people for _, _, people in drawn)
    arrows = tuple(_arrow(a, b, people, spots, most) for a, b, people in drawn)
    names = dict.fromkeys(name for pair in drawn for name in pair[:2])
    points = [(name, _tenth(spots[name][0]), _tenth(spots[name][1])) for name in names]
    numbers = [around(f"{each.people:,}", each.x, each.y + 4) for each in arrows]
    pins = tuple(Pin(name, x, y, label) for (name, x, y), label in zip(points, labels(points, numbers, (WIDTH, height)), strict=True))
    return StreetMap(plan.id, height, arrows, pins, sum(a not in spots or b not in spots for a, b, _ in found))


def _arrow(origin: str, target: str, people: int, spots: dict[str, tuple[float, float]], most: int) -> Arrow:
    (ax, ay), (bx, by) = spots[origin], spots[target]
    dx, dy = bx - ax, by - ay
    length = hypot(dx, dy)
    middle = ((ax + bx) / 2 - dy * BEND, (ay + by) / 2 + dx * BEND)
    gap = min(GAP, length / 4) / length
    start = (ax + (middle[0] - ax) * gap, ay + (middle[1] - ay) * gap)
    end = (bx + (middle[0] - bx) * gap * 2, by + (middle[1] - by) * gap * 2)
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    top = ((start[0] + 2 * middle[0] + end[0]) / 4, (start[1] + 2 * middle[1] + end[1]) / 4)
    wide = THINNEST + (THICKEST - THINNEST) * people / most
    return Arrow(path, _tenth(wide), f"{origin} → {target}: {people:,}", people, _tenth(top[0]), _tenth(top[1]))


def _tenth(value: float) -> float:
    return round(value, 1)
