"""街頭の画面: its sheets for everybody who passes, and the desk's list of screens."""

from __future__ import annotations

from flask import Response, abort, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from analytics import commands
from analytics.queries.screens import Board, board, is_screen, screens
from analytics.reports.source import Kept
from analytics.schemas import ScreenSchema
from analytics.views.frame import pages
from analytics.views.open_data import outside
from web import forms

_BOARDS: Kept[Board] = Kept(16)
EACH_S = 60
"""However many screens ask, the sheets are made once a minute."""


@outside.get("/signage/<token>")
def signage(token: str) -> Response:
    """The whole screen."""
    return _sheets("analytics/signage.html", token)


@outside.get("/signage/<token>/sheets")
def sheets(token: str) -> Response:
    """What is new, for a screen that stands already."""
    return _sheets("analytics/signage_sheets.html", token)


def _sheets(template: str, token: str) -> Response:
    if not is_screen(g.session, g.district.id, token):
        abort(404)
    now = g.clock()
    made = _BOARDS.get((g.district.id, int(now.timestamp()) // EACH_S), lambda: board(g.session, g.district.id, now=now))
    answer = make_response(render_template(template, board=made, token=token))
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/desk/screens")
def desk_screens() -> str:
    """Which screens there are; a new one's address is shown once."""
    return _listed(None)


@pages.post("/desk/screens")
def open_screen() -> str:
    """画面を作る: its address stands on the answer, and nowhere else."""
    token = commands.open_screen(g.session, g.who, forms.load(ScreenSchema)["name"], now=g.clock())
    return _listed(url_for("open_data.signage", token=token, _external=True))


@pages.post("/desk/screens/<int(max=9223372036854775807):screen_id>/end")
def end_screen(screen_id: int) -> Answer:
    """画面を止める."""
    commands.end_screen(g.session, g.who, screen_id, now=g.clock())
    return redirect(url_for(".desk_screens"), 303)


def _listed(address: str | None) -> str:
    name = identity.queries.person_profile(g.session, g.who).nickname
    return render_template("analytics/screens.html", screens=screens(g.session, g.who), address=address, own_name=name)
