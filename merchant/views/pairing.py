"""端末をつなぐ: a new tablet becomes a till of a shop."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from merchant import commands
from merchant.schemas import PairSchema
from merchant.views.frame import pages
from web import forms

COOKIE = "meguri_till"
COOKIE_S = 400 * 24 * 3600
"""Browsers keep no cookie longer (RFC 6265bis, 5.5); the tablet's session ends much earlier without use."""


@pages.get("/till/pair")
def pair_page() -> str:
    """Type the code from the owner's page."""
    return render_template("merchant/pair.html", paired=g.who is not None and g.who.has("till"))


@pages.post("/till/pair")
def pair() -> Answer:
    """Pair this tablet, once; its cookie says from now on which till it is."""
    paired = commands.pair_till(g.session, g.who, forms.load(PairSchema)["code"], now=g.clock())
    answer = redirect(url_for(".staff"), 303)
    answer.set_cookie(
        COOKIE,
        paired.token,
        max_age=COOKIE_S,
        path="/till",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer
