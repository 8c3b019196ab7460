"""スマホへの通知: begun by a press, never asked for on the way; ended by another."""

from __future__ import annotations

from flask import Response, current_app, g, render_template, url_for

import identity.queries
from wallet import commands
from wallet.schemas import PushSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms


def _hosts() -> frozenset[str]:
    """The push services that the operator allowed."""
    hosts: frozenset[str] = current_app.config["PUSH_HOSTS"]
    return hosts


@pages.get("/wallet/settings/notices")
@consumers_only
def notices() -> str:
    """Whether this person is told on the phone, where, and what a locked screen may show."""
    browsers, with_details = identity.queries.own_subscriptions(g.session, me())
    key = current_app.config["PUSH_KEY"] if _hosts() else ""
    return render_template("wallet/notices.html", browsers=browsers, with_details=with_details, push_key=key, back="/wallet/settings")


@pages.post("/wallet/settings/notices")
@consumers_only
def subscribe() -> Response:
    """この端末で受け取る."""
    commands.subscribe(g.session, me(), forms.load(PushSchema), hosts=_hosts(), now=now())
    return go(url_for(".notices"))


@pages.post("/wallet/settings/notices/end")
@consumers_only
def unsubscribe() -> Response:
    """すべての端末でやめる."""
    commands.unsubscribe(g.session, me())
    return go(url_for(".notices"))
