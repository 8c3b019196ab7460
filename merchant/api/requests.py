"""お会計: made, looked at, cancelled, and split into coin and cash."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g
from marshmallow import Schema, fields, validate

import merchant.commands
import merchant.queries
from base.errors import N_
from ledger.errors import KeyReused, PaymentTooLarge
from merchant.api.frame import api, own_shop
from merchant.commands import Ask, Split
from merchant.errors import NothingToSpend, NoTill, OfferGone, RequestUnknown, ShopSuspended
from merchant.queries import Asked
from web.api_frame import WholeYen, operation


class AskSchema(Schema):
    """An amount to be asked for."""

    amount = WholeYen(required=True, metadata={"description": N_("お会計。円の整数")})


class SplitSchema(Schema):
    """The shop's yes to what a customer has offered."""

    coin = WholeYen(required=True, metadata={"description": N_("コインで受け取る額。GET で見た offered と同じ額。円の整数")})


class RequestSchema(Schema):
    """お会計 and what came of it. `url` goes into the QR."""

    id = fields.UUID(required=True)
    amount = fields.Integer(required=True, metadata={"description": N_("コインで支払う額。円")})
    cash = fields.Integer(required=True, metadata={"description": N_("ほかにお店が現金で受け取る額。円。帳簿には入りません")})
    bill = fields.Integer(required=True, metadata={"description": N_("お会計。amount と cash の合計。円")})
    offered = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": N_("残高が足りないお客様が、コインで払えると申し出ている額。返事を待っているときだけ。円")},
    )
    state = fields.String(required=True, validate=validate.OneOf(["open", "paid", "cancelled", "expired"]))
    url = fields.String(required=True, metadata={"description": N_("QRに入れるURL。どのスマホのカメラでも開けます")})
    made_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    payment_id = fields.Integer(required=True, allow_none=True, metadata={"description": N_("支払われたときの支払いの番号")})


def shown(asked: Asked) -> dict[str, Any]:
    """A request with the address for its QR."""
    return {
        "id": asked.id,
        "amount": asked.amount,
        "cash": asked.cash,
        "bill": asked.bill,
        "offered": asked.offered,
        "state": asked.state,
        "url": merchant.queries.request_url(current_app.config["PUBLIC_URL"], asked.id, current_app.config["CODE_KEYS"][0]),
        "made_at": asked.made_at,
        "expires_at": asked.expires_at,
        "payment_id": asked.transaction_id,
    }


@api.route("/requests", methods=["POST"])
@operation(
    api,
    N_("お会計を作る"),
    scope="requests:write",
    writes=True,
    refuses=(ShopSuspended, NothingToSpend, PaymentTooLarge, KeyReused, NoTill),
    description=N_("5分間、1回だけ支払えるお会計を作ります。返ってきた url をQRにして、お客様に見せます。"),
)
@api.arguments(AskSchema)
@api.response(201, RequestSchema)
def make_request(order: dict[str, Any], *, key: UUID) -> dict[str, Any]:
    asked = merchant.commands.ask(g.session, g.who, Ask(order["amount"], key), now=g.clock())
    return shown(asked)


@api.route("/requests/<uuid:request_id>", methods=["GET"])
@operation(api, N_("お会計がどうなったか"), scope="requests:write", refuses=(RequestUnknown, NoTill))
@api.response(200, RequestSchema)
def get_request(request_id: UUID) -> dict[str, Any]:
    return shown(_own_request(request_id))


@api.route("/requests/<uuid:request_id>", methods=["DELETE"])
@operation(
    api,
    N_("お会計を取りやめる"),
    scope="requests:write",
    refuses=(RequestUnknown, NoTill),
    description=N_("すでに支払われたり終わったりしたお会計は、そのまま返ります。state を見てください。二度送っても同じです。"),
)
@api.response(200, RequestSchema)
def cancel_request(request_id: UUID) -> dict[str, Any]:
    own_shop()
    return shown(merchant.commands.cancel_ask(g.session, g.who, request_id, now=g.clock()))


@api.route("/requests/<uuid:request_id>/split", methods=["PUT"])
@operation(
    api,
    N_("足りない分を現金で受け取る"),
    scope="requests:write",
    refuses=(RequestUnknown, OfferGone, NoTill),
    description=N_(
        "残高が足りないお客様の申し出（offered）に「はい」と答えます。お会計は、そのお客様にだけ、コインの分を求めるようになります。"
        "現金は、支払われてから受け取ってください。二度送っても同じです。"
    ),
)
@api.arguments(SplitSchema)
@api.response(200, RequestSchema)
def split_request(order: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    return shown(merchant.commands.split_request(g.session, g.who, Split(request_id, order["coin"]), now=g.clock()))


@api.route("/requests/<uuid:request_id>/split", methods=["DELETE"])
@operation(
    api,
    N_("足りない分の現金を断る"),
    scope="requests:write",
    refuses=(RequestUnknown, NoTill),
    description=N_("待っている申し出に「いいえ」と答えます。お会計は、もとの額のまま残ります。二度送っても同じです。"),
)
@api.response(200, RequestSchema)
def decline_split(request_id: UUID) -> dict[str, Any]:
    return shown(merchant.commands.decline_split(g.session, g.who, request_id, now=g.clock()))


def _own_request(request_id: UUID) -> Asked:
    asked = merchant.queries.request(g.session, g.who.district_id, request_id, now=g.clock())
    if asked.merchant_id != own_shop():
        raise RequestUnknown
    return asked
