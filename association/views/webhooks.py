"""外部への通知: where the association's books are told of every payment and refund of the district."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.commands
import merchant.queries
from association.schemas import AgainSchema, ReplaySchema, WebhookSchema
from association.views.frame import desk_page, pages
from base.clock import day_bounds
from merchant.commands import WebhookMade
from merchant.queries import Delivery
from web import forms, tables
from web.i18n import _
from web.tables import count, moment, text, yen


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
    return _one(webhook_id, None)


@pages.get("/desk/webhooks/<int(max=9223372036854775807):webhook_id>.<any(xlsx, csv):file>")
def deliveries_table(webhook_id: int, file: str) -> Response:
    """Everything that is kept of what was told there, the newest event first."""
    columns = [
        moment(_("日時")),
        text(_("内容"), 12),
        text(_("受付番号")),
        yen(_("金額（円）")),
        text(_("状態"), 20),
        count(_("送った回数")),
        moment(_("最後に送った日時")),
        text(_("HTTPの番号"), 12),
        text(_("最後の答え"), 40),
        moment(_("次に送る日時")),
    ]
    found = merchant.queries.every_delivery(g.session, g.who, None, webhook_id)
    return tables.download(file, f"webhook-{webhook_id}", columns, map(_row, found))


def _row(one: Delivery) -> list[object]:
    kind = _("返金") if one.kind == "refund" else _("支払い")
    open_state = _("あとでもう一度") if one.tries else _("これから送る")
    state = {"delivered": _("届いた"), "given_up": _("届かなかった")}.get(one.state, open_state)
    told = [one.tries, one.tried_at, one.status, one.answer]
    return [one.happened_at, kind, one.number, one.amount, state, *told, one.next_at]


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


@pages.post("/desk/webhooks/<int(max=9223372036854775807):webhook_id>/renew")
def renew_desk_webhook(webhook_id: int) -> str:
    """鍵を更新する: the new secret is shown once, on this very answer."""
    return _one(webhook_id, merchant.commands.renew_secret(g.session, g.who, None, webhook_id, now=g.clock()))


@pages.post("/desk/webhooks/<int(max=9223372036854775807):webhook_id>/remove")
def remove_desk_webhook(webhook_id: int) -> Answer:
    """Nothing is told there any more."""
    merchant.commands.remove_webhook(g.session, g.who, None, webhook_id, now=g.clock())
    return redirect(url_for(".desk_webhooks"), 303)


def _one(webhook_id: int, renewed: WebhookMade | None) -> str:
    return desk_page(
        "association/webhook.html",
        hook=merchant.queries.webhook(g.session, g.who, None, webhook_id),
        deliveries=merchant.queries.deliveries(g.session, g.who, None, webhook_id),
        renewed=renewed,
        now=g.clock(),
    )


def _list(made: WebhookMade | None) -> str:
    hooks = merchant.queries.webhooks(g.session, g.who, None)
    return desk_page("association/webhooks.html", hooks=hooks, made=made, open_to_any=bool(current_app.config["WEBHOOK_HOSTS"]))
