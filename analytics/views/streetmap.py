"""Where people go on to, as arrows over the association's own plan of the streets: where each stands, pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from analytics.queries import Answer
from analytics.queries.streets import Place, Plan
from analytics.views.drawing import NARROW, WIDTH
from analytics.views.labels import Box, Label, freest, labels

ARROWS = {WIDTH: (8, 15), NARROW: (4, 8)}
"""By the width of the sheet: moves that carry their number, and all that are drawn. More cross each other until nobody reads one."""
THINNEST, THICKEST = 2.0, {WIDTH: 9.0, NARROW: 5.0}
BEND = 0.16
"""how far an arrow leaves the straight way, in parts of its length: there and back lie side by side"""
GAP = 12.0
"""pixels between a shop's point and the arrow"""
MARGIN = 0.16
"""of the sheet, free around the shops: room for their names"""
CLOSEST = 0.4
"""of the plan that is shown at least, to know where one is"""
ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""where on an arrow its number may stand, in parts of the way: the first place that is free"""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path`: an SVG curve from shop to shop. `wide`: pixels, by people. `number`: where the people stand on it; None: they are said to
    whoever points at the arrow."""

    path: str
    wide: float
    words: str
    people: int
    number: Label | None


@dataclass(frozen=True, slots=True)
class Pin:
    """A shop of which an arrow begins or ends."""

    name: str
    x: float
    y: float
    label: Label


@dataclass(frozen=True, slots=True)
class StreetMap:
    """On a sheet of `width` × `height`, through which that part of the plan is seen where the shops are: the whole picture is `scale` times
    as large and begins at (`left`, `top`). `absent`: pairs of the table of which a shop is not on the plan."""

    plan_id: int
    width: int
    height: int
    scale: float
    left: float
    top: float
    arrows: tuple[Arrow, ...]
    pins: tuple[Pin, ...]
    absent: int


def street_map(answer: Answer, plan: Plan, places: Sequence[Place], width: int = WIDTH) -> StreetMap | None:
    """The pairs of まちの回遊, those with most people first. None: no pair that may be told stands on the plan with both its shops.

    A shop is known by its name here, as in the table; of two shops of one name neither is drawn.
    """
    height = round(width * plan.height / plan.width)
    named = Counter(each.name for each in places)
    stands = {each.name: (each.at[0] / 1000, each.at[1] / 1000) for each in places if each.at and named[each.name] == 1}
    found = [(str(a), str(b), people) for a, b, people, *_ in answer.rows if isinstance(people, int)]
    numbered, most = ARROWS[width]
    drawn = [(a, b, people) for a, b, people in found if a in stands and b in stands and stands[a] != stands[b]][:most]
    if not drawn:
        return None
    names = dict.fromkeys(name for pair in drawn for name in pair[:2])
    scale, left, top = _window([stands[name] for name in names])
    spots = {name: ((stands[name][0] - left) * scale * width, (stands[name][1] - top) * scale * height) for name in names}
    points = [(name, _tenth(spots[name][0]), _tenth(spots[name][1])) for name in names]
    taken: list[Box] = [(x - GAP, y - GAP, x + GAP, y + GAP) for _, x, y in points]
    arrows = []
    for place, (a, b, people) in enumerate(drawn):
        curve = _curve(spots[a], spots[b])
        number = _number(f"{people:,}", curve, taken, (width, height)) if place < numbered else None
        wide = THINNEST + (THICKEST[width] - THINNEST) * people / drawn[0][2]
        arrows.append(Arrow(_path(curve), _tenth(wide), f"{a} → {b}: {people:,}", people, number))
    pins = tuple(Pin(name, x, y, label) for (name, x, y), label in zip(points, labels(points, taken, (width, height)), strict=True))
    absent = sum(a not in stands or b not in stands for a, b, _ in found)
    corner = _tenth(-left * scale * width), _tenth(-top * scale * height)
    return StreetMap(plan.id, width, height, round(scale, 3), *corner, tuple(arrows), pins, absent)


def _window(stands: Sequence[Point]) -> tuple[float, float, float]:
    """By how much the plan is enlarged so that these places, in parts of it, fill the sheet, and the corner from which it is seen."""
    xs, ys = zip(*stands, strict=True)
    shown = min(max(max(xs) - min(xs), max(ys) - min(ys)) / (1 - 2 * MARGIN), 1.0)
    shown = max(shown, CLOSEST)
    left, top = (min(max((min(part) + max(part) - shown) / 2, 0.0), 1 - shown) for part in (xs, ys))
    return 1 / shown, left, top


def _number(words: str, curve: tuple[Point, Point, Point], taken: list[Box], size: Point) -> Label:
    """Where the people of an arrow stand on it: as near its middle as nothing else stands there already."""
    places = []
    for part in ALONG:
        x, y = (_tenth((1 - part) ** 2 * a + 2 * part * (1 - part) * b + part**2 * c) for a, b, c in zip(*curve, strict=True))
        places.append(Label(f" {words} ", x, y + 4, "middle"))  # a blank on both sides, so that two do not read as one
    return freest(places, taken, size)


def _curve(origin: Point, target: Point) -> tuple[Point, Point, Point]:
    """Begin, bend and end of the arrow between two shops."""
    (ax, ay), (bx, by) = origin, target
    dx, dy = bx - ax, by - ay
    length = hypot(dx, dy)
    middle = ((ax + bx) / 2 - dy * BEND, (ay + by) / 2 + dx * BEND)
    gap = min(GAP, length / 4) / length
    start = (ax + (middle[0] - ax) * gap, ay + (middle[1] - ay) * gap)
    end = (bx + (middle[0] - bx) * gap * 2, by + (middle[1] - by) * gap * 2)
    return start, middle, end


def _path(curve: tuple[Point, Point, Point]) -> str:
    (ax, ay), (mx, my), (bx, by) = curve
    return f"M{ax:.1f} {ay:.1f}Q{mx:.1f} {my:.1f} {bx:.1f} {by:.1f}"


def _tenth(value: float) -> float:
    return round(value, 1)
