"""非常停止: what is stopped now, the switches, and what was stopped before."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import StopOrder
from association.queries import ListedStop
from association.schemas import ReasonSchema, StopSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import moment, text


@pages.get("/desk/stops")
def stops() -> str:
    """What is stopped stands in front; the switches are for approvers and administrators."""
    found = queries.listed_stops(g.session, g.who)
    held = {each.stop.what for each in found if each.holds and not each.stop.series_id}
    halted = {each.stop.series_id for each in found if each.holds}
    running = [one for one in ledger.queries.running_series(g.session, g.who.district_id, now=g.clock()) if not one.is_points]
    return desk_page(
        "association/stops.html",
        stops=found,
        switches=[what for what in ledger.queries.SWITCHES if what not in held],
        running=[one for one in running if one.id not in halted],
        words=titles.STOPS,
    )


@pages.post("/desk/stops")
def stop() -> Answer:
    """止める: at once."""
    form = forms.load(StopSchema)
    series_id = form["series"] or 0 if form["what"] == "series" else 0
    commands.stop(g.session, g.who, StopOrder(form["what"], series_id, form["reason"]), now=g.clock())
    return redirect(url_for(".stops"), 303)


@pages.post("/desk/stops/<int(max=9223372036854775807):stop_id>/start")
def propose_start(stop_id: int) -> Answer:
    """再開を申請する: a second person decides."""
    reason = forms.load(ReasonSchema)["reason"]
    proposal_id = commands.propose_start(g.session, g.who, stop_id, reason=reason, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.get("/desk/stops.<any(xlsx, csv):file>")
def stops_table(file: str) -> Response:
    """Every stop there ever was."""
    columns = [text(_("止めたもの"), 28), text(_("理由"), 40), text(_("止めた人"), 24), moment(_("止めた日時")), moment(_("再開した日時"))]
    rows = [_row(each) for each in queries.listed_stops(g.session, g.who)]
    return tables.download(file, f"stops-{tokyo_day(g.clock())}", columns, rows)


def _row(each: ListedStop) -> list[object]:
    what = named(each.series) if each.series else translate(titles.STOPS[each.stop.what][0])
    return [what, each.stop.reason, each.by_name or _("退会した人"), each.stop.stopped_at, each.stop.ended_at]
