"""The picture of what is expected or estimated: a line, where it lies most of the time around it, and other lines beside."""

from __future__ import annotations

from analytics.queries import Chart, Series, said
from analytics.reports.answers import Translate
from analytics.views.drawing import COLOURS, WIDTH, Drawing, long, names, round_step


def band(chart: Chart, translate: Translate, width: int = WIDTH) -> Drawing:
    """What is expected as a line, and around it where it lies most of the time; further series are lines beside it."""
    marks = [said(mark, translate) for mark in chart.marks]
    rows = names(chart, translate)
    (name, middle), (_, low), (_, high), *beside = rows
    known = [value for _, series in rows for value in series.values if value is not None]
    least, most = min(0, *known), max(1, *known)
    step = round_step((most - least) / 4)
    ticks = [step * number for number in range(least // step, int(-(-most // step)) + 1)]
    left, right, top, bottom = max(len(f"{tick:,}") for tick in ticks) * 8 + 10, 14, 34, 210
    drawing = Drawing(bottom + 30, width)
    across = (width - left - right) / max(1, len(marks) - 1)

    def place(at: int, value: float) -> str:
        return f"{left + across * at:.1f} {bottom - (bottom - top) * (value - ticks[0]) / (ticks[-1] - ticks[0]):.1f}"

    for tick in ticks:
        level = bottom - (bottom - top) * (tick - ticks[0]) / (ticks[-1] - ticks[0])
        drawing.line("axis" if tick == 0 else "grid", left, level, width - right, level)
        drawing.text(f"{tick:,}", left - 8, level + 4, "end")
    every = 1 + int(max(long(mark) for mark in marks) * 1.3 // max(across, 1))
    for at in range(chart.cut % every, len(marks), every):
        drawing.text(marks[at], left + across * at, bottom + 18, "middle")
    if chart.cut:
        drawing.line("axis", left + across * (chart.cut - 0.5), top, left + across * (chart.cut - 0.5), bottom)
    for run in _runs(middle):
        edge = [place(at, value) for at in run if (value := high.values[at]) is not None]
        edge += [place(at, value) for at in reversed(run) if (value := low.values[at]) is not None]
        drawing.path("flow c1", "M" + "L".join(edge) + "Z", name)
    legend: float = left
    for number, (words, series) in enumerate([(name, middle), *beside]):
        style = f"c{number % COLOURS + 1}"
        joined = "".join("M" + "L".join(place(at, series.values[at] or 0) for at in run) for run in _runs(series))
        drawing.path(f"line {style} dash{number % COLOURS + 1}", joined, words)
        drawing.rect(f"dot {style}", legend, 8, 8, 8, words)
        drawing.text(words, legend + 13, 17, "start", "strong")
        legend += 13 + long(words) + 18
    for at, words in chart.flags:
        drawing.rect("dot c2", left + across * at - 4, bottom - 9, 8, 8, f"{marks[at]}: {words}")
    return drawing


def _runs(series: Series) -> list[list[int]]:
    """Places one after the other that have a value."""
    found: list[list[int]] = []
    for at, value in enumerate(series.values):
        if value is None:
            continue
        if at and series.values[at - 1] is not None:
            found[-1].append(at)
        else:
            found.append([at])
    return found
