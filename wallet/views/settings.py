"""設定: limits, PIN, look, language; devices and recovery codes are identity's."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from wallet import commands, queries
from wallet.schemas import DisplaySchema, LimitsSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms

YEAR_S = 365 * 24 * 3600


@pages.get("/wallet/settings")
@consumers_only
def settings() -> str:
    """Everything that a consumer can decide, each with what it means."""
    profile = identity.queries.person_profile(g.session, me())
    return render_template("wallet/settings.html", profile=profile, limits=queries.own_limits(g.session, me(), now=now()), docked=True)


@pages.get("/wallet/settings/limits")
@consumers_only
def limits_page() -> str:
    """Up to how much a shop that reads my code takes unasked, and above how much I confirm."""
    return render_template("wallet/limits.html", limits=queries.own_limits(g.session, me(), now=now()), back="/wallet/settings")


@pages.post("/wallet/settings/limits")
@consumers_only
def set_limits() -> Response:
    """Lowering is free, raising wants a confirmation."""
    commands.set_limits(g.session, me(), forms.load(LimitsSchema), now=now())
    return go(url_for(".settings"))


@pages.post("/wallet/settings/display")
@consumers_only
def set_display() -> Answer:
    """Light or dark, large text: kept by this device."""
    chosen = forms.load(DisplaySchema)
    answer = redirect(url_for(".settings"), 303)
    for name, value in chosen.items():
        if value:
            answer.set_cookie(name, value, max_age=YEAR_S, samesite="Lax")
        else:
            answer.delete_cookie(name, samesite="Lax")
    return answer
