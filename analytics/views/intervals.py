"""The picture of several estimates: each a dot with the line on which it lies most of the time, and where nothing would be."""

from __future__ import annotations

from analytics.queries import Chart, said
from analytics.reports.answers import Translate
from analytics.views.drawing import WIDTH, Drawing, names

ROW, TOP, EDGE = 60, 22, 8
"""pixels of an estimate with its name and figures above it, of the head, and left free at both sides"""


def intervals(chart: Chart, translate: Translate, width: int = WIDTH) -> Drawing | None:
    """Three series: the estimate, at least, at most; None where nothing is told. Names stand above, so that long ones have room."""
    (_, middle), (_, low), (_, high) = names(chart, translate)
    found: list[tuple[str, int, int, int]] = []
    for mark, expected, lower, upper in zip(chart.marks, middle.values, low.values, high.values, strict=True):
        if expected is not None and lower is not None and upper is not None:
            found.append((said(mark, translate), expected, lower, upper))
    if not found:
        return None
    ends = [end for _, *three in found for end in three]
    least, most = min(0, *ends), max(1, *ends)
    drawing = Drawing(TOP + ROW * len(found), width)

    def across(value: int) -> float:
        return EDGE + (width - 2 * EDGE) * (value - least) / (most - least)

    drawing.text("0", min(max(across(0), 10), width - 10), 12, "middle")
    for place, (name, expected, lower, upper) in enumerate(found):
        y = TOP + ROW * place
        words = f"{expected:,}（{lower:,}〜{upper:,}）"
        drawing.text(name, 0, y + 12)
        drawing.text(words, 0, y + 29, "start", "strong")
        drawing.line("axis", across(0), y + 34, across(0), y + 54)  # beside the estimate alone, so that it crosses no name
        drawing.path("line c1 dash1", f"M{across(lower):.1f} {y + 44:.1f}L{across(upper):.1f} {y + 44:.1f}", f"{name}: {words}")
        drawing.rect("dot c1", across(expected) - 4, y + 40, 8, 8, f"{name}: {words}")
    return drawing
