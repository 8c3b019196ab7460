"""A chart on paper: the shapes of `drawing` as one SVG in the colours of tokens.css, and its words beside it, which paper sets as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.queries import Asked, Chart, Series
from analytics.schemas import as_table
from analytics.views.drawing import WIDTH, Drawing, Shape
from analytics.views.pictures import drawn
from web import i18n, papers, pdf
from web.i18n import _, translate
from web.papers import Finding

SHEET_MARKS = 5
"""Bars and flows that are read from the last row of a room."""
SHEET_ROWS = 7
LINES = {"grid": "#e3d9c7", "axis": "#5f564b"}
COLOURS = ("#17797a", "#c9800b", "#26397f", "#6a1844", "#948873", "#6f93c9")
HEAT = ("#f3eee3", "#d6e6e0", "#a9cfc7", "#6fb0aa", "#2e7c7a", "#14605f", "#0b4344")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3")
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V6" stroke="#948873" stroke-width="1.4"/></pattern></defs>'
)


def finding(asked: Asked, *, is_short: bool = False) -> Finding:
    """A report's answer as papers print it; `is_short`: with as much of its picture as is read from afar."""
    answer = asked.answer
    chart = _short(answer.chart) if is_short and answer.chart else answer.chart
    return Finding(
        title=translate(asked.report.title),
        sentence=answer.sentence.said(translate),
        about=about(asked, chart),
        notes=[note.said(translate) for note in answer.notes],
        picture=None if chart is None else picture(chart),
        is_drawn=chart is not None,
        todo=translate(answer.action.label) if answer.action else "",
    )


def answer_paper(asked: Asked, frame: Mapping[str, Any]) -> bytes:
    """One report with its whole table, A4, in the language that is on. `frame`: who made it and when, as for every paper."""
    columns, rows = as_table(asked.answer, translate)
    return pdf.render("insight_answer", papers.insight_answer(finding=finding(asked), columns=columns, rows=rows, **frame))


def picture(chart: Chart) -> Mapping[str, Any] | None:
    """None: there is nothing to see."""
    drawing = drawn(chart, translate)
    return None if drawing is None else printed(drawing)


def _short(chart: Chart) -> Chart:
    """The first bars or flows, the newest rows; of what is expected all, since every day of it lies ahead."""
    if chart.kind == "band":
        return chart
    if chart.kind in ("heat", "line"):
        return Chart(chart.kind, chart.unit, chart.marks, chart.series[-SHEET_ROWS:])
    series = tuple(Series(each.name, each.values[:SHEET_MARKS]) for each in chart.series)
    return Chart(chart.kind, chart.unit, chart.marks[:SHEET_MARKS], series)


def about(asked: Asked, chart: Chart | None) -> str:
    """「2026年8月〜2026年10月・単位 人」."""
    first, last = (i18n.month(day.year, day.month) for day in (asked.first, asked.last))
    period = last if first == last else _("%(first)s〜%(last)s", first=first, last=last)
    if chart is None:
        return period
    yen = _("単位 千円") if chart.kind == "heat" else _("単位 円")
    units = {"people": _("単位 人"), "percent": _("単位 %%"), "visits": _("単位 日")}
    return f"{period}{i18n.between()}{units.get(chart.unit, yen)}"


def printed(drawing: Drawing) -> dict[str, Any]:
    """Keys: width, height, svg, and texts (words, x, y of the base line, anchor: start, middle or end, style: strong, on-dark or "")."""
    shapes = "".join(_shape(each) for each in drawing.shapes if each.kind != "text")
    height = round(drawing.height, 1)
    return {
        "width": WIDTH,
        "height": height,
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">{HATCH}{shapes}</svg>',
        "texts": [
            {"words": each.words, "x": each.x, "y": each.y, "anchor": each.anchor, "style": each.style}
            for each in drawing.shapes
            if each.kind == "text"
        ],
    }


def _shape(shape: Shape) -> str:
    """Numbers and names of styles are ours; words of others never get into the picture."""
    if shape.kind == "rect":
        place = f'x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}" rx="2"'
        edge = f' stroke="{COLOURS[4]}" stroke-width=".6"' if shape.style == "hatched" else ""
        return f'<rect {place} fill="{_fill(shape.style)}"{edge}/>'
    if shape.kind == "line":
        return f'<path d="M{shape.x} {shape.y}L{shape.width} {shape.height}" stroke="{LINES[shape.style]}" stroke-width="1"/>'
    if shape.style.startswith("flow"):
        return f'<path d="{shape.path}" fill="{_fill(shape.style.split()[1])}" fill-opacity=".3"/>'
    _line, colour, dash = shape.style.split()
    dashes = DASHES[int(dash.removeprefix("dash")) - 1]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{shape.path}" fill="none" stroke="{_fill(colour)}" stroke-width="2.5" stroke-linejoin="round"{dashed}/>'


def _fill(style: str) -> str:
    if style == "hatched":
        return "url(#hatch)"
    kind, number = style.split()[-1][0], int(style.split()[-1][1:])
    return HEAT[number] if kind == "h" else COLOURS[number - 1]
