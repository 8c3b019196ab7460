"""The picture of any chart, for pages and for paper."""

from __future__ import annotations

from analytics.queries import WITHHELD, Chart
from analytics.reports.answers import Translate
from analytics.views.bands import band
from analytics.views.drawing import WIDTH, Drawing, draw
from analytics.views.intervals import intervals


def drawn(chart: Chart, translate: Translate, width: int = WIDTH) -> Drawing | None:
    """None: there is nothing to see."""
    if chart.kind == "intervals":
        return intervals(chart, translate, width)
    return band(chart, translate, width) if chart.kind == "band" else draw(chart, translate, translate(WITHHELD), width)
