"""人に送る・贈る: coin by coin whether people may pass it on, and what they do with it."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.commands import AllowTransfers
from association.schemas import TransfersSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _
from web.tables import count, text, yen


@pages.get("/desk/sending")
def sending() -> str:
    """Every running coin, with its switch."""
    return desk_page("association/sending.html", page=queries.passing_page(g.session, g.who, now=g.clock()))


@pages.get("/desk/sending.<any(xlsx, csv):file>")
def receivers_table(file: str) -> Response:
    """Who got it from many this month, by number: no name is in it."""
    columns = [text(_("利用者番号"), 12), count(_("送った人")), count(_("件数")), yen(_("金額（円）"))]
    found = queries.passing_page(g.session, g.who, now=g.clock()).receivers
    rows = [[each.person_id, each.senders, each.transfers, each.amount] for each in found]
    return tables.download(file, f"receivers-{tokyo_day(g.clock())}", columns, rows)


@pages.post("/desk/sending/<int(max=9223372036854775807):series_id>")
def propose_transfers(series_id: int) -> Answer:
    """申請する: a second person decides."""
    form = forms.load(TransfersSchema)
    order = AllowTransfers(series_id, form["once"], form["monthly"], form["note"])
    return redirect(url_for(".approval", proposal_id=commands.propose_transfers(g.session, g.who, order)), 303)


@pages.post("/desk/sending/<int(max=9223372036854775807):series_id>/stop")
def stop_transfers(series_id: int) -> Answer:
    """止める, at once."""
    commands.stop_transfers(g.session, g.who, series_id)
    return redirect(url_for(".sending"), 303)
