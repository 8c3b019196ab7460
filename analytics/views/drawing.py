"""A chart as shapes: where each stands and what it says. Pure arithmetic; the template draws them, CSS gives the colours.

Style guide: bars start at zero, lines are labelled at their end, the number stands in a heat cell that is wide enough, and what is
withheld is hatched, never zero. Colour is never alone: each shape has its word or its number beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.queries import Chart, Series, said
from analytics.reports.answers import Translate

WIDTH = 560
NARROW = 320
"""pixels of a picture on a phone: drawn anew, not shrunk, so that its words stay as large and nothing is scrolled sideways"""
HEATS = 7
COLOURS = 6
TALL_CELL, NUMBER_WIDTH = 30, 32
BAR, BAR_GAP = 22, 12
BESIDE = 15
"""characters of a name that stands beside its bar"""
NAMED_BAR = 48
"""pixels a bar takes with its name above it"""
NODE, NODE_GAP = 30, 6
"""pixels that a shop in a picture of flows takes at least, and between two of them"""
ARROW = " → "
DIGIT = 8
"""pixels a digit takes in a cell"""
SIGN = 12
"""pixels a Japanese character takes at the size of a chart's text"""


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind`: rect, text, line or path. `style`: classes of chart.css. `words`: of a text, or the title that a pointer shows."""

    kind: str
    style: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    words: str = ""
    anchor: str = "start"
    path: str = ""


@dataclass(slots=True)
class Drawing:
    """Shapes on a sheet of `width` × `height`."""

    height: float = 0
    width: float = WIDTH
    shapes: list[Shape] = field(default_factory=list)

    def rect(self, style: str, x: float, y: float, width: float, height: float, words: str = "") -> None:
        self.shapes.append(Shape("rect", style, round(x, 1), round(y, 1), round(width, 1), round(height, 1), words))

    def text(self, words: str, x: float, y: float, anchor: str = "start", style: str = "", *, wide: float = 0) -> None:
        """`wide`: pixels that it takes whatever the font, 0: as it comes."""
        self.shapes.append(Shape("text", style, round(x, 1), round(y, 1), round(wide, 1), words=words, anchor=anchor))

    def line(self, style: str, x: float, y: float, to_x: float, to_y: float) -> None:
        self.shapes.append(Shape("line", style, round(x, 1), round(y, 1), round(to_x, 1), round(to_y, 1)))

    def path(self, style: str, path: str, words: str = "") -> None:
        self.shapes.append(Shape("path", style, words=words, path=path))


def draw(chart: Chart, translate: Translate, withheld: str, width: int = WIDTH) -> Drawing | None:
    """The picture of a chart, or None where there is nothing to see. `withheld`: what a hatched cell is called. Names stand above the
    bars where they are too long to stand beside them, and on a sheet that is too narrow for that and for flows.
    """
    values = [value for series in chart.series for value in series.values if value is not None]
    if not values or not any(values):
        return None
    marks = [said(mark, translate) for mark in chart.marks]
    if (width < WIDTH and chart.kind in ("bars", "flows")) or (chart.kind == "bars" and max(map(long, marks)) > BESIDE * SIGN):
        return _named_bars(marks, chart, withheld, width)
    makes = {"heat": _heat, "line": _line}
    if chart.kind in makes:
        return makes[chart.kind](marks, chart, translate, withheld, width)
    return _bars(marks, chart, withheld) if chart.kind == "bars" else _flows(marks, chart)


def names(chart: Chart, translate: Translate) -> list[tuple[str, Series]]:
    return [(series.name.said(translate), series) for series in chart.series]


def _heat(marks: list[str], chart: Chart, translate: Translate, withheld: str, width: int) -> Drawing:
    told = [
        place for place in range(len(marks)) if any(place < len(each.values) and each.values[place] is not None for each in chart.series)
    ]
    begin, end = told[0], told[-1] + 1  # hours at which nothing is told of anybody are no part of the picture
    marks = marks[begin:end]
    rows = [(name, series.values[begin:end]) for name, series in names(chart, translate)]
    left = max(long(name) for name, _ in rows) + 10
    cell = (width - left) / len(marks)
    most = max(value for _, values in rows for value in values if value is not None)
    divisor = 1000 if chart.unit == "yen" else 1
    drawing = Drawing(24 + TALL_CELL * len(rows), width)
    every = 1 + int((max(long(mark) for mark in marks) + SIGN) // cell)
    for place, mark in enumerate(marks):
        if place % every == 0:
            drawing.text(mark, left + cell * (place + 0.5), 14, "middle")
    for line, (name, values) in enumerate(rows):
        y = 22 + TALL_CELL * line
        drawing.text(name, left - 8, y + TALL_CELL / 2 + 4, "end")
        for place, value in enumerate(values):
            x, size = left + cell * place + 1, (cell - 2, TALL_CELL - 2)
            if value is None:
                drawing.rect("hatched", x, y, *size, f"{name} {marks[place]}: {withheld}")
                continue
            heat = min(HEATS - 1, value * HEATS // most) if most else 0
            drawing.rect(f"h{heat}", x, y, *size, f"{name} {marks[place]}: {value:,}")
            if cell >= NUMBER_WIDTH:
                number = _fitting(value // divisor, cell)
                wide = cell - DIGIT if (len(number) + 1) * DIGIT > cell else 0  # a digit's room between two that fill their cells
                drawing.text(number, x + size[0] / 2, y + TALL_CELL / 2 + 3, "middle", "on-dark" if heat >= 4 else "strong", wide=wide)
    return drawing


def _fitting(value: int, cell: float) -> str:
    """The number of a heat cell, without its separators where they would touch the cell beside it."""
    grouped = f"{value:,}"
    return grouped if len(grouped) * DIGIT < cell else str(value)


def _bars(marks: list[str], chart: Chart, withheld: str) -> Drawing:
    """Lying bars, since names are long. Bars left of zero are a loss, and their numbers carry the sign."""
    series = chart.series[0].values
    known = [value for value in series if value is not None]
    low, high = min(0, *known), max(0, *known)
    longest = max(len(f"{value:+,}") for value in known) * DIGIT + (SIGN + DIGIT if low < 0 else 0)  # ▼ and a blank before a loss
    left = max(long(mark) for mark in marks) + 10
    span = (WIDTH - left - longest - 8 - (longest if low < 0 else 0)) / (high - low)
    zero = left + (longest if low < 0 else 0) - low * span
    drawing = Drawing((BAR + BAR_GAP) * len(marks) + 4)
    drawing.line("axis", zero, 0, zero, drawing.height)
    for place, (mark, value) in enumerate(zip(marks, series, strict=True)):
        y = (BAR + BAR_GAP) * place + BAR_GAP / 2
        drawing.text(mark, left - 8, y + BAR / 2 + 4, "end")
        if value is None:
            drawing.rect("hatched", min(zero, WIDTH - 64), y, 64, BAR, f"{mark}: {withheld}")
            continue
        width = abs(value) * span
        drawing.rect("c2" if value < 0 else "c1", zero - (width if value < 0 else 0), y, max(width, 1), BAR, f"{mark}: {value:,}")
        sign = "" if low == 0 else ("▲ " if value > 0 else "▼ ")
        x, anchor = (zero - width - 6, "end") if value < 0 else (zero + width + 6, "start")
        drawing.text(f"{sign}{abs(value):,}", x, y + BAR / 2 + 4, anchor, "strong")
    return drawing


def _named_bars(marks: list[str], chart: Chart, withheld: str, width: int) -> Drawing:
    """Each name on a line of its own, its bar below, the number behind the bar. Numbers of losses carry the sign."""
    series = chart.series[0].values
    known = [value for value in series if value is not None]
    most, has_losses = max(abs(value) for value in known), min(known) < 0
    longest = max(len(f"{value:+,}") for value in known) * DIGIT + 8
    drawing = Drawing(NAMED_BAR * len(marks), width)
    for place, (mark, value) in enumerate(zip(marks, series, strict=True)):
        y = NAMED_BAR * place
        drawing.text(_cut(mark, width // SIGN), 0, y + 14)
        if value is None:
            drawing.rect("hatched", 0, y + 20, 64, 16, f"{mark}: {withheld}")
            continue
        long = max((width - longest) * abs(value) / most, 1)
        drawing.rect("c2" if value < 0 else "c1", 0, y + 20, long, 16, f"{mark}: {value:,}")
        sign = "" if not has_losses else ("▲ " if value > 0 else "▼ ")
        drawing.text(f"{sign}{abs(value):,}", long + 6, y + 33, "start", "strong")
    return drawing


def _line(marks: list[str], chart: Chart, translate: Translate, withheld: str, width: int) -> Drawing:
    rows = names(chart, translate)
    most = max(value for _, series in rows for value in series.values if value is not None)
    step = round_step(most / 4)
    ticks = [step * number for number in range(int(-(-most // step)) + 1)]
    left, right, top, bottom = len(f"{ticks[-1]:,}") * 8 + 10, 90, 12, 190
    drawing = Drawing(bottom + 24, width)
    across = (width - left - right) / max(1, len(marks) - 1)

    def height(value: float) -> float:
        return bottom - (bottom - top) * value / (ticks[-1] or 1)

    for tick in ticks:
        drawing.line("grid", left, height(tick), width - right, height(tick))
        drawing.text(f"{tick:,}", left - 8, height(tick) + 4, "end")
    every = 1 + int(max(long(mark) for mark in marks) * 1.4 // max(across, 1))
    for place, mark in enumerate(marks):
        if place % every == 0:
            drawing.text(mark, left + across * place, bottom + 18, "middle")
    for number, (name, series) in enumerate(rows):
        colour = f"c{number % COLOURS + 1}"
        points = [(left + across * place, height(value)) for place, value in enumerate(series.values) if value is not None]
        joined = "".join(
            f"{'L' if place and series.values[place - 1] is not None else 'M'}{left + across * place:.1f} {height(value):.1f}"
            for place, value in enumerate(series.values)
            if value is not None
        )
        drawing.path(f"line {colour} dash{number % COLOURS + 1}", joined, name)
        if points:
            drawing.rect(f"dot {colour}", points[-1][0] - 4, points[-1][1] - 4, 8, 8, name)
            drawing.text(name, points[-1][0] + 10, points[-1][1] + 4, "start", "strong")
    return drawing


def _flows(marks: list[str], chart: Chart) -> Drawing:
    """From the left to the right: the band is as wide as the number of people. A shop may stand on both sides."""
    found: list[tuple[str, str, int]] = []
    for mark, value in zip(marks, chart.series[0].values, strict=True):
        origin, arrow, target = mark.partition(ARROW)
        if value is not None and arrow:
            found.append((origin, target, value))
    sides = [_nodes([(origin, people) for origin, _, people in found]), _nodes([(target, people) for _, target, people in found])]
    total = sum(people for _, _, people in found)
    band = 160 / total
    heights = [sum(max(people * band, NODE) + NODE_GAP for _, people in side) for side in sides]
    drawing = Drawing(max(heights))
    x = (12 * SIGN + 8.0, WIDTH - 12 * SIGN - 18.0)
    tops: list[dict[str, float]] = []
    for side, nodes in enumerate(sides):
        y = (drawing.height - heights[side]) / 2
        tops.append({})
        for place, (name, people) in enumerate(nodes):
            high = people * band
            drawing.rect(f"c{place % COLOURS + 1}" if side == 0 else "c5", x[side], y, 10, high, f"{name}: {people:,}")
            at, anchor = (x[0] - 8, "end") if side == 0 else (x[1] + 18, "start")
            drawing.text(_cut(name, 12), at, y + max(high, NODE) / 2 - 2, anchor, "strong")
            drawing.text(f"{people:,}", at, y + max(high, NODE) / 2 + 13, anchor)
            tops[side][name] = y
            y += max(high, NODE) + NODE_GAP
    colours = {name: place % COLOURS + 1 for place, (name, _) in enumerate(sides[0])}
    middle = (x[0] + 10 + x[1]) / 2
    for origin, target, people in found:
        high = people * band
        a, b = tops[0][origin], tops[1][target]
        tops[0][origin] += high
        tops[1][target] += high
        path = (
            f"M{x[0] + 10:.1f} {a:.1f}C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x[1]:.1f} {b:.1f}V{b + high:.1f}"
            f"C{middle:.1f} {b + high:.1f} {middle:.1f} {a + high:.1f} {x[0] + 10:.1f} {a + high:.1f}Z"
        )
        drawing.path(f"flow c{colours[origin]}", path, f"{origin}{ARROW}{target}: {people:,}")
    return drawing


def _nodes(pairs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    totals: dict[str, int] = {}
    for name, people in pairs:
        totals[name] = totals.get(name, 0) + people
    return sorted(totals.items(), key=lambda each: (-each[1], each[0]))


def round_step(least: float) -> int:
    """1, 2 or 5 times a power of ten, not below `least`."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= least:
                return step * factor
        step *= 10


def long(words: str) -> float:
    """About how many pixels a label takes: half for what is half as wide."""
    return sum(SIGN if ord(sign) > 0x2E7F else SIGN * 0.6 for sign in words)


def _cut(words: str, most: int) -> str:
    """A label that fits; the whole name stands in the table and in the title."""
    while long(words) > most * SIGN:
        words = words.removesuffix("…")[:-1] + "…"
    return words
