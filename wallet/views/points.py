"""ポイント: what I have, until when, and what waits."""

from __future__ import annotations

from flask import Response, g, render_template, request

import association.commands
import association.queries
from base.errors import NotFound
from wallet import queries
from wallet.views.frame import consumers_only, go, me, now, pages


@pages.get("/wallet/points")
@consumers_only
def points() -> str:
    """Points by their ends, those that wait by their days, and what moved lately. Raises NotFound where there are none."""
    found = queries.points_page(g.session, me(), now=now())
    if found is None:
        raise NotFound
    return render_template(
        "wallet/points.html",
        page=found,
        mine=found.mine,
        taken="taken" in request.args,
        again="again" in request.args,
        back="/wallet/",
    )


@pages.get("/wallet/p/<code>")
@consumers_only
def event(code: str) -> str:
    """What a poster's QR leads to: the event and its button. Nothing is given by looking."""
    terms = association.queries.event_of_code(g.session, me().district_id, code)
    state = "taken" if association.commands.has_taken_part(g.session, me(), terms.id) else terms.state(now())
    return render_template("wallet/event.html", terms=terms, state=state, back="/wallet/")


@pages.post("/wallet/p/<code>")
@consumers_only
def take_part(code: str) -> Response:
    """もらう: pressed twice, or by another phone of the same person, it is given once."""
    chosen = request.form.get("choice", "")
    choice = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else None
    posted = association.commands.take_part(g.session, me(), code, choice=choice, now=now())
    return go("/wallet/points?again=1" if posted.replayed else "/wallet/points?taken=1")
