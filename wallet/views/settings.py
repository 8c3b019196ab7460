"""設定: limits, PIN, look, language; devices and recovery codes are identity's."""

from __future__ import annotations

from flask import Response, g, render_template, url_for

import identity.queries
from wallet import commands, queries
from wallet.schemas import LimitsSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms


@pages.get("/wallet/settings")
@consumers_only
def settings() -> str:
    """Everything that a consumer can decide, each with what it means."""
    profile = identity.queries.person_profile(g.session, me())
    return render_template(
        "wallet/settings.html",
        profile=profile,
        limits=queries.own_limits(g.session, me(), now=now()),
        passes_on=queries.passes_on(g.session, me().district_id, now=now()),
        docked=True,
    )


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
