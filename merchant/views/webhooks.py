"""外部への通知: where the shop's register or books are told of payments and refunds."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from base.clock import day_bounds
from merchant import commands, queries
from merchant.commands import WebhookMade
from merchant.schemas import AgainSchema, ReplaySchema, WebhookSchema
from merchant.views.frame import at_desk, desk_page, pages, webhook_hosts
from web import forms


@pages.get("/shop/webhooks")
@at_desk
def shop_webhooks() -> str:
    """The addresses, how they do, and the form for one more."""
    return _list(None)


@pages.post("/shop/webhooks")
@at_desk
def add_shop_webhook() -> str:
    """The secret is shown once, on this very answer."""
    address = forms.load(WebhookSchema)["address"].strip()
    return _list(commands.add_webhook(g.session, g.who, g.shop.id, address, hosts=webhook_hosts()))


@pages.get("/shop/webhooks/<int(max=9223372036854775807):webhook_id>")
@at_desk
def shop_webhook(webhook_id: int) -> str:
    """What was told there, and what came of it."""
    return _one(webhook_id, None)


@pages.post("/shop/webhooks/<int(max=9223372036854775807):webhook_id>/again")
@at_desk
def shop_webhook_again(webhook_id: int) -> Answer:
    """もう一度送る: this one event."""
    event = forms.load(AgainSchema)["transaction_id"]
    commands.send_again(g.session, g.who, g.shop.id, webhook_id, event, now=g.clock())
    return redirect(url_for(".shop_webhook", webhook_id=webhook_id), 303)


@pages.post("/shop/webhooks/<int(max=9223372036854775807):webhook_id>/replay")
@at_desk
def shop_webhook_replay(webhook_id: int) -> Answer:
    """Everything from the beginning of a day."""
    asked = forms.load(ReplaySchema)
    since = day_bounds(asked["since"])[0]
    commands.replay(g.session, g.who, g.shop.id, webhook_id, since, asked["key"], now=g.clock())
    return redirect(url_for(".shop_webhook", webhook_id=webhook_id), 303)


@pages.post("/shop/webhooks/<int(max=9223372036854775807):webhook_id>/renew")
@at_desk
def renew_shop_webhook(webhook_id: int) -> str:
    """鍵を更新する: the new secret is shown once, on this very answer."""
    return _one(webhook_id, commands.renew_secret(g.session, g.who, g.shop.id, webhook_id, now=g.clock()))


@pages.post("/shop/webhooks/<int(max=9223372036854775807):webhook_id>/remove")
@at_desk
def remove_shop_webhook(webhook_id: int) -> Answer:
    """Nothing is told there any more."""
    commands.remove_webhook(g.session, g.who, g.shop.id, webhook_id, now=g.clock())
    return redirect(url_for(".shop_webhooks"), 303)


def _one(webhook_id: int, renewed: WebhookMade | None) -> str:
    return desk_page(
        "merchant/webhook.html",
        hook=queries.webhook(g.session, g.who, g.shop.id, webhook_id),
        deliveries=queries.deliveries(g.session, g.who, g.shop.id, webhook_id),
        renewed=renewed,
        now=g.clock(),
    )


def _list(made: WebhookMade | None) -> str:
    hooks = queries.webhooks(g.session, g.who, g.shop.id)
    return desk_page("merchant/webhooks.html", hooks=hooks, made=made, open_to_any=bool(webhook_hosts()))
