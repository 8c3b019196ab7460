"""人に送る・贈る: coin by coin whether people may pass it on, and what they do with it."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.commands import AllowTransfers
from association.schemas import TransfersSchema
from association.views.frame import desk_page, pages
from web import forms


@pages.get("/desk/sending")
def sending() -> str:
    """Every running coin, with its switch."""
    return desk_page("association/sending.html", page=queries.passing_page(g.session, g.who, now=g.clock()))


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
