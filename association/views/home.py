"""今日の仕事: what waits for a decision, whether the books are whole, and what the day brought."""

from __future__ import annotations

from datetime import timedelta

from flask import g

from association import charts, queries
from association.schemas import DaySchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day


@pages.get("/desk/")
def home() -> str:
    """The day view; `?day=` shows another one."""
    now = g.clock()
    today = tokyo_day(now)
    day = asked(DaySchema)["day"] or today
    figures = queries.day_figures(g.session, g.who, min(day, today), now=now)
    return desk_page(
        "association/home.html",
        now=now,
        today=today,
        figures=figures,
        day_before=figures.day - timedelta(days=1),
        day_after=figures.day + timedelta(days=1) if figures.day < today else None,
        chart=charts.line([(each, total.amount) for each, total in figures.chart]),
        health=queries.health(g.session, g.who, now=now),
        shops=queries.listed_shops(g.session, g.who, states=("applied",)),
        drawers=[drawer for drawer in queries.drawers(g.session, g.who) if drawer.cash],
        series=queries.listed_series(g.session, g.who, now=now),
        notice=queries.current_notice(g.session, g.who.district_id),
    )
