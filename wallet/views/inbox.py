"""お知らせ: what the association tells, on a page that always works."""

from __future__ import annotations

from flask import Response, g, render_template, url_for

from wallet import commands, queries
from wallet.schemas import SeenSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms


@pages.get("/wallet/inbox")
@consumers_only
def inbox() -> str:
    """What was told, the newest first; looking at it changes nothing, its script or button says that it was seen."""
    return render_template("wallet/inbox.html", inbox=queries.my_inbox(g.session, me()), back="/wallet/")


@pages.post("/wallet/inbox")
@consumers_only
def see_inbox() -> Response:
    """All that this page showed was seen."""
    commands.see_inbox(g.session, me(), forms.load(SeenSchema)["seen_id"], now=now())
    return go(url_for(".inbox"))
