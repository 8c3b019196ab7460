"""コード表示: my one-time code, and the question that it may raise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from wallet import commands, queries
from wallet.commands import ShownCode, passkey_is_fresh
from wallet.errors import OutcomeUnknown
from wallet.rules import CODE_SHOWN, grouped_digits
from wallet.schemas import AgreeSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms
from web.problems import wants_json


@pages.get("/wallet/code")
@consumers_only
def code_page() -> Answer | str:
    """The place where the code stands. The page's script asks for one at once; without scripts, a button does. Raises AccountFrozen."""
    queries.must_move_now(g.session, me())
    asked = queries.waiting_consent(g.session, me(), now=now())
    return _page(None) if asked is None else redirect(url_for(".consent_page", consent_id=asked.id), 303)


@pages.post("/wallet/code")
@consumers_only
def new_code() -> Response | str:
    """A fresh code; the one before ends. Reloading makes another one, and nothing is paid by it."""
    shown = commands.show_code(g.session, me(), now=now())
    if wants_json():
        part = render_template(
            "wallet/_code.html", shown=shown, grouped=grouped_digits(shown.digits), digits=shown.digits, lasts=CODE_SHOWN
        )
        return jsonify(part=part)
    return _page(shown)


@pages.get("/wallet/consent/<uuid:consent_id>")
@consumers_only
def consent_page(consent_id: UUID) -> Answer | str:
    """A shop asks for more than I let it take unasked. What was answered already is shown as it is."""
    asked = queries.consent(g.session, me(), consent_id, now=now())
    if asked.state == "paid":
        return go(url_for(".done", transaction_id=asked.transaction_id))
    template = "wallet/_consent.html" if "part" in request.args and asked.state == "waiting" else "wallet/consent.html"
    own = queries.own_limits(g.session, me(), now=now())
    return render_template(
        template,
        asked=asked,
        limits=own,
        proved=passkey_is_fresh(me(), now()),
        ways=identity.queries.ways_in(g.session, me()),
        unknown=OutcomeUnknown,
        close="/wallet/code",
    )


@pages.post("/wallet/consent/<uuid:consent_id>")
@consumers_only
def agree(consent_id: UUID) -> Response:
    """支払う: pressed twice, it pays once."""
    paid = commands.consent_to(g.session, me(), consent_id, pin=forms.load(AgreeSchema)["pin"], now=now())
    return go(url_for(".done", transaction_id=paid.transaction_id))


@pages.post("/wallet/consent/<uuid:consent_id>/decline")
@consumers_only
def decline(consent_id: UUID) -> Response:
    """やめる: what was held is free again. If it was paid a moment before, that is shown."""
    asked = commands.decline(g.session, me(), consent_id, now=now())
    if asked.transaction_id is not None:
        return go(url_for(".done", transaction_id=asked.transaction_id))
    return go(url_for(".consent_page", consent_id=consent_id))


def _page(shown: ShownCode | None) -> str:
    return render_template(
        "wallet/code.html",
        **_shown(shown),
        home=queries.home(g.session, me(), now=now()),
        limits=queries.own_limits(g.session, me(), now=now()),
        back="/wallet/",
    )


def _shown(shown: ShownCode | None) -> dict[str, Any]:
    digits = shown.digits if shown else ""
    return {"shown": shown, "digits": digits, "grouped": grouped_digits(digits), "lasts": CODE_SHOWN}
