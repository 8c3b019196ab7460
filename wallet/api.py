"""The API's resources that need the consumer's side: taking money by the code on a phone, and balances."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

import identity.commands
import ledger.queries
import wallet.commands
import wallet.queries
from base.errors import N_
from identity.errors import PinWrong
from ledger.errors import AccountFrozen, FloorPassed, KeyClosed, KeyReused, PaymentTooLarge
from merchant.errors import NoTill, ShopSuspended
from wallet.commands import PayByCode, Taken
from wallet.errors import (
    CardBlank,
    CardBlocked,
    CardOfAnotherDistrict,
    CardPinLocked,
    CardPinMissing,
    CardPinNeeded,
    CardReplaced,
    CardUnknown,
    CodeOfConsumerExpired,
    CodeOfConsumerUnknown,
    CodeOfConsumerUnreadable,
    CodeOfConsumerUsed,
    ConsentDeclined,
    ConsentOver,
    ConsentWithdrawn,
    NumberEntryLocked,
)
from web.api_frame import PlainText, WholeYen, operation

api = Blueprint("payments_and_balances", __name__, description=N_("お客様のコードで受け取る、残高"))


class PayByCodeSchema(Schema):
    """The code on the customer's phone, or a card, and the amount to take."""

    code = PlainText(
        required=True, validate=validate.Length(1, 64), metadata={"description": N_("QRの文字、12けたの数字、またはカードの16けたの番号")}
    )
    amount = WholeYen(required=True, metadata={"description": N_("コインで受け取る額。円の整数")})
    pin = PlainText(
        validate=validate.Length(1, 16),
        metadata={
            "description": N_("カードの暗証番号。card_pin_needed のあと、持ち主が入れたものを同じキーで送ります。保存しないでください")
        },
    )
    cash = WholeYen(
        least=0,
        most=10_000_000,
        load_default=0,
        metadata={"description": N_("残高が足りないとき、ほかに現金で受け取る額。円。控えだけが残り、帳簿には入りません")},
    )


class PaidSchema(Schema):
    """Paid: the shop may hand over the goods."""

    state = fields.String(required=True, validate=validate.Equal("paid"))
    id = fields.Integer(required=True, metadata={"description": N_("支払いの番号")})
    amount = fields.Integer(required=True, metadata={"description": N_("お会計。円。クーポンの分を含みます")})
    discount = fields.Integer(required=True, metadata={"description": N_("クーポンがお会計から引いた額。円")})
    number = fields.String(required=True, metadata={"description": N_("受付番号")})
    word = fields.String(required=True, metadata={"description": N_("合言葉。お客様の画面と同じ2文字")})
    posted_at = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})
    left = fields.Integer(
        required=True, allow_none=True, metadata={"description": N_("カードの残高。カードで受け取った直後だけ入り、ほかは null。円")}
    )


class WaitingSchema(Schema):
    """The customer is being asked on the phone; the amount is set aside meanwhile."""

    state = fields.String(required=True, validate=validate.Equal("waiting"))
    amount = fields.Integer(required=True, metadata={"description": N_("円")})
    expires_at = fields.AwareDateTime(required=True)


class BalanceSchema(Schema):
    """One account in yen. `account`: takings (the shop's), drawer (the clerk's cash), consumers (未使用残高 of a series)."""

    account = fields.String(required=True, validate=validate.OneOf(["takings", "drawer", "consumers"]))
    series = fields.String(required=True, allow_none=True, metadata={"description": N_("種別の記号。現金は null")})
    amount = fields.Integer(required=True, metadata={"description": N_("円")})


class BalancesSchema(Schema):
    """What the token's owner has."""

    items = fields.List(fields.Nested(BalanceSchema), required=True)


@api.route("/payments", methods=["POST"])
@operation(
    api,
    N_("お客様のコードで受け取る"),
    scope="payments:write",
    writes=True,
    refuses=(
        NoTill,
        ShopSuspended,
        CodeOfConsumerUnreadable,
        CodeOfConsumerUnknown,
        CodeOfConsumerUsed,
        CodeOfConsumerExpired,
        NumberEntryLocked,
        PaymentTooLarge,
        FloorPassed,
        KeyReused,
        KeyClosed,
        ConsentDeclined,
        ConsentWithdrawn,
        ConsentOver,
        AccountFrozen,
        CardUnknown,
        CardOfAnotherDistrict,
        CardBlank,
        CardBlocked,
        CardReplaced,
        CardPinNeeded,
        PinWrong,
        CardPinLocked,
        CardPinMissing,
    ),
    description=N_(
        "201 なら受け取りました。202 なら、お客様の画面で確認を待っています。"
        "同じキーで同じ内容を送り直すと、そのときの結果が返ります。品物は 201 を見てから渡してください。"
        "カードで card_pin_needed が返ったら、持ち主に暗証番号を入れてもらい、同じキーで pin を付けて送り直します。"
        "残高が足りないとき（insufficient_balance）は、払える額が facts.available にあります。お客様とお店がよければ、"
        "その額を amount、残りを cash にして、新しいキーで送ります。"
    ),
)
@api.arguments(PayByCodeSchema)
@api.response(201, PaidSchema)
@api.alt_response(202, schema=WaitingSchema, success=True)
def take_payment(order: dict[str, Any], *, key: UUID) -> Any:
    wanted = PayByCode(order["code"], order["amount"], key, order.get("pin"), cash=order["cash"])
    answer = wallet.commands.pay_by_code(g.session, g.who, wanted, now=g.clock())
    if isinstance(answer, Taken):
        return {
            "state": "paid",
            "id": answer.transaction_id,
            "amount": answer.amount,
            "discount": answer.discount,
            "number": answer.number,
            "word": answer.word,
            "posted_at": answer.posted_at,
            "replayed": answer.replayed,
            "left": wallet.queries.left_on_card(g.session, g.who, answer.transaction_id, now=g.clock()),
        }
    waiting = {"state": "waiting", "amount": answer.amount, "expires_at": answer.expires_at}
    return jsonify(WaitingSchema().dump(waiting)), 202


@api.route("/balances", methods=["GET"])
@operation(
    api,
    N_("残高"),
    scope="balances:read",
    description=N_("お店のトークンでは、組合から受け取る売上。窓口のトークンでは、手元の現金と種別ごとの未使用残高。"),
)
@api.response(200, BalancesSchema)
def get_balances() -> dict[str, Any]:
    if g.who.merchant_id is not None:
        identity.commands.authorise(g.session, g.who, "merchant.read")
        held = ledger.queries.balances(g.session, g.who.district_id, "payable", g.who.merchant_id)
        return {"items": [{"account": "takings", "series": each.series.code, "amount": each.balance} for each in held]}
    identity.commands.authorise(g.session, g.who, "association.read")
    return {"items": [_drawer(), *_consumers()]}


def _drawer() -> dict[str, Any]:
    account = ledger.queries.account_id(g.session, g.who.district_id, "drawer", g.who.person_id, 0)
    cash = 0 if account is None else ledger.queries.balance(g.session, g.who.district_id, account)
    return {"account": "drawer", "series": None, "amount": cash}


def _consumers() -> list[dict[str, Any]]:
    rows = ledger.queries.trial_balance(g.session, g.who.district_id)
    held = {row.series_id: row.credit - row.debit for row in rows if row.role == "consumer"}
    every = ledger.queries.series(g.session, g.who.district_id)
    return [{"account": "consumers", "series": each.code, "amount": held.get(each.id, 0)} for each in every if each.unit == "yen"]
