"""今日の仕事: what waits for a decision, whether the books are whole, and what the day brought."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g

from association import charts, queries, titles
from association.schemas import DaySchema
from association.views.frame import asked, desk_page, pages, to_look, watched, work
from base.clock import tokyo_day
from web import tables
from web.i18n import _, between, named, translate
from web.tables import count, day, text, yen


@pages.get("/desk/")
def home() -> str:
    """The day view; `?day=` shows another one."""
    now = g.clock()
    today = tokyo_day(now)
    chosen = asked(DaySchema)["day"] or today
    figures = queries.day_figures(g.session, g.who, min(chosen, today), now=now)
    seen = watched()
    return desk_page(
        "association/home.html",
        now=now,
        today=today,
        work=work(),
        figures=figures,
        campaign_kinds=titles.CAMPAIGN_KINDS,
        day_before=figures.day - timedelta(days=1),
        day_after=figures.day + timedelta(days=1) if figures.day < today else None,
        chart=charts.line([(each, total.amount) for each, total in figures.chart]),
        money=queries.standings(g.session, g.who, now=now),
        balance=seen.named("balance"),
        recount=seen.named("entries"),
        log=queries.log_standing(g.session, g.who.district_id, now=now),
        round=seen,
        troubles=_troubles(seen),
        letters=queries.letters_due(g.session, g.who.district_id, today=today),
        farewells=queries.farewells_due(g.session, g.who, now=now),
        shops=queries.listed_shops(g.session, g.who, states=("applied",)),
        applications=queries.waiting_applications(g.session, g.who.district_id),
        proposals=queries.listed_proposals(g.session, g.who, waiting=True),
        drawers=[drawer for drawer in queries.drawers(g.session, g.who) if not drawer.is_closed],
        notice=queries.current_notice(g.session, g.who.district_id),
        closings=queries.newest_of_each(queries.due_closings(g.session, g.who, now=now)),
        stops=queries.living_stops(g.session, g.who),
        stuck_benefits=queries.stuck_benefits(g.session, g.who),
        to_look=to_look(),
        disputes=queries.open_disputes(g.session, g.who.district_id),
        log_is_held=queries.log_is_held(g.session, g.who),
        suspended=[each for each in queries.suspended(g.session, g.who) if each.proposal_id is None],
    )


@pages.get("/desk/days.<any(xlsx, csv):file>")
def days_table(file: str) -> Response:
    """The 28 days that the chart shows."""
    now = g.clock()
    last = min(asked(DaySchema)["day"] or tokyo_day(now), tokyo_day(now))
    figures = queries.day_figures(g.session, g.who, last, now=now)
    rows = [[each, total.count, total.amount] for each, total in figures.chart]
    return tables.download(file, f"days-{last}", [day(_("日")), count(_("支払い（件）")), yen(_("支払い（円）"))], rows)


@pages.get("/desk/standings.<any(xlsx, csv):file>")
def standings_table(file: str) -> Response:
    """What people hold now, by series and the last day on which it can be spent."""
    now = g.clock()
    money = queries.standings(g.session, g.who, now=now)
    columns = [text(_("種別"), 28), text(_("記号")), day(_("使える最終日")), yen(_("未使用残高（円）")), text(_("状態"))]
    rows = [
        [named(row.series), row.series.code, row.last_day, row.amount, _("期限切れ") if row.is_over else None] for row in money.by_series
    ]
    return tables.download(file, f"standings-{tokyo_day(now)}", columns, rows)


def _troubles(seen: queries.Round) -> str:
    """What of the daily controls is not well, by name; or why nobody knows."""
    if seen.stands_still:
        return (
            _("ワーカーが動いているかを、運用担当が確かめます。") if seen.measured_at else _("ワーカーが動きはじめると、1分ほどで出ます。")
        )
    return between().join(translate(each.control.title) for each in (*seen.to_act, *seen.to_look))
