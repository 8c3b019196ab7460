"""Names beside points of a picture, so that they neither cover each other nor a point: pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot

from analytics.views.drawing import long

HIGH = 17.0
"""pixels of a line of text with the air above it"""
OFF = 9.0
"""pixels between a point and its name"""
ROUNDS = 60
"""of pushing at most: a crowd of a dozen needs some twenty"""
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """`y`: of the base line. `anchor`: start, middle or end."""

    words: str
    x: float
    y: float
    anchor: str


def labels(points: Sequence[tuple[str, float, float]], taken: Iterable[Box], size: tuple[float, float]) -> list[Label]:
    """Of each point, the most important first, its name above, below, right or left of it: the first place that is free and on the
    picture, or else the one that covers least. `taken`: what is drawn already; points are too.
    """
    boxes = [*taken, *((x - 5, y - 5, x + 5, y + 5) for _, x, y in points)]
    return [freest(_places(words, x, y), boxes, size) for words, x, y in points]


def apart(points: Sequence[Point], least: float) -> list[Point]:
    """The same points, pushed from each other until no two are nearer than `least`; those that stand alone stay."""
    found = list(points)
    for _ in range(ROUNDS):
        is_quiet = True
        for one, other in combinations(range(len(found)), 2):
            (ax, ay), (bx, by) = found[one], found[other]
            near = hypot(bx - ax, by - ay)
            if near < least - 0.5:
                is_quiet = False
                along, up = ((bx - ax) / near, (by - ay) / near) if near else (1.0, 0.0)
                push = (least - near) / 2
                found[one], found[other] = (ax - along * push, ay - up * push), (bx + along * push, by + up * push)
        if is_quiet:
            break
    return found


def freest(places: Iterable[Label], boxes: list[Box], size: tuple[float, float]) -> Label:
    """The first place that is free and on the picture, or else the one that covers least; from then on it is taken."""
    best = min(places, key=lambda each: _covered(box(each), boxes, size))
    boxes.append(box(best))
    return best


def _places(words: str, x: float, y: float) -> list[Label]:
    above, below = y - OFF, y + OFF + HIGH
    return [
        *(Label(words, x, level, "middle") for level in (above, below)),
        *(Label(words, x + side * OFF, y + HIGH / 3, anchor) for side, anchor in ((1, "start"), (-1, "end"))),
        *(Label(words, x, level, anchor) for level in (above, below) for anchor in ("start", "end")),
        *(Label(words, x, level, "middle") for level in (above - HIGH, below + HIGH)),
    ]


def box(label: Label) -> Box:
    """What it covers."""
    wide = long(label.words)
    left = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - HIGH + 3, left + wide, label.y + 3


def _covered(box: Box, boxes: Iterable[Box], size: tuple[float, float]) -> float:
    """Square pixels of others that lie under it, and of it that lie beyond the picture."""
    inside = _shared(box, (0, 0, *size))
    return sum(_shared(box, other) for other in boxes) + 2 * ((box[2] - box[0]) * (box[3] - box[1]) - inside)


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)
