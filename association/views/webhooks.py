"""外部への通知: where the association's books are told of every payment and refund of the district."""

from __future__ import annotations

from flask import current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.commands
import merchant.queries
from association.schemas import AgainSchema, ReplaySchema, WebhookSchema
from association.views.frame import desk_page, pages
from base.clock import day_bounds
from merchant.commands import WebhookMade
from web import forms


@pages.get("/desk/webhooks")
def desk_webhooks() -> str:
    """The addresses, how they do, and the form for one more."""
    return _list(None)


@pages.post("/desk/webhooks")
def add_desk_webhook() -> str:
    """The secret is shown once, on this very answer."""
    address = forms.load(WebhookSchema)["address"].strip()
    return _list(merchant.commands.add_webhook(g.session, g.who, None, address, hosts=current_app.config["WEBHOOK_HOSTS"]))


@pages.get("/desk/webhooks/<int(max=9223372036854775807):webhook_id>")
def desk_webhook(webhook_id: int) -> str:
    """What was told there, and what came of it."""
    return desk_page(
        "association/webhook.html",
        hook=merchant.queries.webhook(g.session, g.who, None, webhook_id),
        deliveries=merchant.queries.deliveries(g.session, g.who, None, webhook_id),
    )


@pages.post("/desk/webhooks/<int(max=9223372036854775807):webhook_id>/again")
def desk_webhook_again(webhook_id: int) -> Answer:
    """もう一度送る: this one event."""
    event = forms.load(AgainSchema)["transaction_id"]
    merchant.commands.send_again(g.session, g.who, None, webhook_id, event, now=g.clock())
    return redirect(url_for(".desk_webhook", webhook_id=webhook_id), 303)


@pages.post("/desk/webhooks/<int(max=9223372036854775807):webhook_id>/replay")
def desk_webhook_replay(webhook_id: int) -> Answer:
    """Everything from the beginning of a day."""
    asked = forms.load(ReplaySchema)
    since = day_bounds(asked["since"])[0]
    merchant.commands.replay(g.session, g.who, None, webhook_id, since, asked["key"], now=g.clock())
    return redirect(url_for(".desk_webhook", webhook_id=webhook_id), 303)


@pages.post("/desk/webhooks/<int(max=9223372036854775807):webhook_id>/remove")
def remove_desk_webhook(webhook_id: int) -> Answer:
    """Nothing is told there any more."""
    merchant.commands.remove_webhook(g.session, g.who, None, webhook_id, now=g.clock())
    return redirect(url_for(".desk_webhooks"), 303)


def _list(made: WebhookMade | None) -> str:
    hooks = merchant.queries.webhooks(g.session, g.who, None)
    return desk_page("association/webhooks.html", hooks=hooks, made=made, open_to_any=bool(current_app.config["WEBHOOK_HOSTS"]))
