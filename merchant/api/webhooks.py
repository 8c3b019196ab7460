"""Addresses that are told of payments and refunds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

import merchant.commands
import merchant.queries
from base.errors import N_
from ledger.errors import KeyReused
from merchant.api.frame import api
from merchant.errors import ReplayTooFar, WebhookUnknown
from merchant.queries import Hook
from web.api_frame import ID, operation


class HookSchema(Schema):
    """An address that is told of payments and refunds, and how it does."""

    id = fields.Integer(required=True)
    address = fields.String(required=True, metadata={"description": N_("通知の宛先のURL")})
    made_at = fields.AwareDateTime(required=True)
    waiting = fields.Integer(required=True, metadata={"description": N_("まだ届いていない通知の数")})
    given_up = fields.Integer(required=True, metadata={"description": N_("約3日間送って、届かなかった通知の数")})
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": N_("最後に届いた時刻")})
    replaying = fields.Boolean(required=True, metadata={"description": N_("送り直しの途中か")})


class HooksSchema(Schema):
    """All addresses of this token's holder."""

    items = fields.List(fields.Nested(HookSchema), required=True)


class ReplaySchema(Schema):
    """From when on."""

    since = fields.AwareDateTime(required=True, metadata={"description": N_("この時刻から後を送り直します。31日前まで")})


@api.route("/webhooks", methods=["GET"])
@operation(
    api,
    N_("通知の宛先"),
    scope="webhooks:replay",
    description=N_("このトークンのお店の、または（窓口の担当のトークンなら）組合の宛先。登録は画面の「外部への通知」で行います。"),
)
@api.response(200, HooksSchema)
def list_webhooks() -> dict[str, Any]:
    return {"items": merchant.queries.webhooks(g.session, g.who, g.who.merchant_id)}


@api.route(f"/webhooks/<{ID}:webhook_id>/replay", methods=["POST"])
@operation(
    api,
    N_("ある時刻から後の通知を送り直す"),
    scope="webhooks:replay",
    writes=True,
    refuses=(WebhookUnknown, ReplayTooFar, KeyReused),
    description=N_("受け取る側で記録が失われたときに。送り直す通知の webhook-id は、前と同じです。"),
)
@api.arguments(ReplaySchema)
@api.response(202, HookSchema)
def replay_webhook(order: dict[str, Any], webhook_id: int, *, key: UUID) -> Hook:
    keeper = g.who.merchant_id
    merchant.commands.replay(g.session, g.who, keeper, webhook_id, order["since"], key, now=g.clock())
    return merchant.queries.webhook(g.session, g.who, keeper, webhook_id)
