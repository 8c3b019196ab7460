"""The shop's side of the JSON API: お会計, what was taken, and what goes back. The same doors as on the tablet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

import association.queries
import identity.commands
import merchant.commands
import merchant.queries
from base.errors import N_
from base.yen import YEN_MAX
from ledger.errors import KeyReused, PayableFloorPassed, PaymentTooLarge, RefundTooLarge, TransactionUnknown
from merchant.commands import Ask, Refund, Refunded, Split
from merchant.errors import (
    CashBackTooLarge,
    NothingToSpend,
    NoTill,
    NotRefundable,
    OfferGone,
    RefundNeedsOwner,
    RefundStopped,
    ReplayTooFar,
    RequestUnknown,
    ShopSuspended,
    WebhookUnknown,
)
from merchant.queries import Asked, Hook, Sale, SaleDetail, SalesFilter
from merchant.schemas import CASH_MAX
from web.api_frame import ID, PageArguments, PlainText, WholeYen, cursor, operation

api = Blueprint("requests_and_payments", __name__, description=N_("お店: お会計、受け取った支払い、返金"))


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


class SaleSchema(Schema):
    """A payment or a refund as the shop sees it. The customer is a pseudonym that differs from shop to shop."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["payment", "refund"]))
    amount = fields.Integer(required=True, metadata={"description": N_("円。お会計は正、返金は負。クーポンの分を含みます")})
    cash = fields.Integer(required=True, metadata={"description": N_("ほかに現金で受け取った額、返金では現金で返した額。円")})
    discount = fields.Integer(required=True, metadata={"description": N_("クーポンがお会計から引いた額。円")})
    received = fields.Integer(required=True, metadata={"description": N_("お店の受け取り。お会計からお店の負担を引いた額。円")})
    refundable = fields.Integer(required=True, metadata={"description": N_("あと返せる額。お客様が支払った分。円")})
    refunded = fields.Integer(required=True, metadata={"description": N_("これまでに返した額。円")})
    refers_to = fields.Integer(required=True, allow_none=True, metadata={"description": N_("返金のとき、元の支払いの番号")})
    number = fields.String(required=True, metadata={"description": N_("受付番号")})
    word = fields.String(required=True, metadata={"description": N_("合言葉")})
    customer = fields.String(required=True, metadata={"description": N_("お客様の仮の名。お店ごとに違います")})
    way = fields.String(required=True)
    posted_at = fields.AwareDateTime(required=True)
    note = fields.String(required=True, allow_none=True)


class SaleDetailSchema(Schema):
    """A payment with everything that was given back of it."""

    payment = fields.Nested(SaleSchema, required=True, attribute="sale")
    refunds = fields.List(fields.Nested(SaleSchema), required=True)


class SalesPageSchema(Schema):
    """A page of the list, the newest first."""

    items = fields.List(fields.Nested(SaleSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True, metadata={"description": N_("次のページ。最後なら null")})


class SalesArguments(PageArguments):
    """Which lines of the list: days in Tokyo, both included; an exact amount."""

    first = fields.Date(metadata={"description": N_("この日から（日本時間）")})
    last = fields.Date(metadata={"description": N_("この日まで（日本時間）")})
    amount = fields.Integer(validate=validate.Range(1, YEN_MAX), metadata={"description": N_("ちょうどこの金額。円")})

    @validates_schema
    def order(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("first", "last"):
            if name in data and not 2000 <= data[name].year <= 2999:
                raise ValidationError(self.fields[name].error_messages["invalid"], name)


class RefundSchema(Schema):
    """What goes back of which payment."""

    payment_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53 - 1))
    amount = WholeYen(required=True, metadata={"description": N_("返す額。円の整数")})
    cash = WholeYen(
        least=0,
        most=CASH_MAX,
        load_default=0,
        metadata={"description": N_("現金で受け取った分のうち、現金で返す額。円。控えだけが残ります")},
    )
    reason = PlainText(load_default="", validate=validate.Length(max=80), metadata={"description": N_("お店の控えに残す理由")})


class RefundedSchema(Schema):
    """What went back."""

    id = fields.Integer(required=True, attribute="transaction_id")
    payment_id = fields.Integer(required=True)
    amount = fields.Integer(required=True, metadata={"description": N_("返した額。円")})
    cash = fields.Integer(required=True, metadata={"description": N_("現金で返したと控えた額。円")})
    left = fields.Integer(required=True, metadata={"description": N_("あと返せる額。円")})
    coupon_returned = fields.Boolean(required=True, metadata={"description": N_("クーポンもお客様に戻ったか")})
    posted_at = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})


class PayoutSchema(Schema):
    """What the association has settled for one closing day: opening + taken − given_back + other = payable = net + fee + tax + agent."""

    id = fields.Integer(required=True, attribute="transaction_id")
    advice = fields.String(required=True, metadata={"description": N_("支払通知書の番号")})
    closes_on = fields.Date(required=True, metadata={"description": N_("締め日（日本時間）")})
    pay_on = fields.Date(required=True, metadata={"description": N_("振込の予定日")})
    paid_on = fields.Date(required=True, allow_none=True, metadata={"description": N_("振り込まれた日。まだなら null")})
    opening = fields.Integer(required=True, metadata={"description": N_("前回からの繰越。円")})
    taken = fields.Integer(required=True, metadata={"description": N_("受け取り。円")})
    given_back = fields.Integer(required=True, metadata={"description": N_("返金。円")})
    other = fields.Integer(required=True, metadata={"description": N_("調整。円")})
    payable = fields.Integer(required=True, metadata={"description": N_("支払いの対象。円")})
    fee = fields.Integer(required=True, metadata={"description": N_("加盟店手数料（税抜）。円")})
    tax = fields.Integer(required=True, metadata={"description": N_("手数料の消費税。円")})
    agent = fields.Integer(required=True, metadata={"description": N_("代理販売の現金と相殺した額。円")})
    net = fields.Integer(required=True, metadata={"description": N_("振込額。円")})


class PayoutsSchema(Schema):
    """Payouts, the newest first, and what stands for the next closing."""

    items = fields.List(fields.Nested(PayoutSchema), required=True)
    standing = fields.Integer(required=True, metadata={"description": N_("次の締めまでの残高。円")})
    closes_on = fields.Date(required=True, allow_none=True, metadata={"description": N_("次の締め日。決まっていなければ null")})
    pay_on = fields.Date(required=True, allow_none=True, metadata={"description": N_("その振込の予定日")})


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


def own_shop() -> int:
    """The shop for which this token acts. Raises NoTill for a clerk's."""
    if g.who.merchant_id is None:
        raise NoTill
    return int(g.who.merchant_id)


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


def as_item(sale: Sale) -> dict[str, Any]:
    """A line of the list under the API's names."""
    names = ("kind", "cash", "discount", "refunded", "refers_to", "number", "word", "customer", "way", "posted_at", "note")
    figures = {"id": sale.transaction_id, "amount": sale.bill, "received": sale.amount, "refundable": sale.left}
    return figures | {name: getattr(sale, name) for name in names}


@api.route("/requests", methods=["POST"])
@operation(
    api,
    N_("お会計をつくる"),
    scope="requests:write",
    writes=True,
    refuses=(ShopSuspended, NothingToSpend, PaymentTooLarge, KeyReused, NoTill),
    description=N_("5分間、1回だけ支払えるお会計をつくります。返ってきた url をQRにして、お客様に見せます。"),
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


@api.route("/payments", methods=["GET"])
@operation(
    api,
    N_("受け取った支払いの一覧"),
    scope="payments:read",
    refuses=(NoTill,),
    description=N_(
        "新しい順。返金は含みません。1ページの件数は limit より少ないことがあります。next_cursor が null になるまで続けてください。"
    ),
)
@api.arguments(SalesArguments, location="query", unknown=RAISE)
@api.response(200, SalesPageSchema)
def list_payments(wanted: dict[str, Any]) -> dict[str, Any]:
    return _page(wanted, kinds=("payment",))


@api.route("/history", methods=["GET"])
@operation(
    api, N_("支払いと返金の履歴"), scope="payments:read", refuses=(NoTill,), description=N_("新しい順。支払いと返金の両方が並びます。")
)
@api.arguments(SalesArguments, location="query", unknown=RAISE)
@api.response(200, SalesPageSchema)
def list_history(wanted: dict[str, Any]) -> dict[str, Any]:
    return _page(wanted, kinds=("payment", "refund"))


@api.route(f"/payments/<{ID}:payment_id>", methods=["GET"])
@operation(api, N_("1つの支払いと、その返金"), scope="payments:read", refuses=(TransactionUnknown, NoTill))
@api.response(200, SaleDetailSchema)
def get_payment(payment_id: int) -> dict[str, Any]:
    shop = own_shop()
    found = merchant.queries.sales(g.session, g.who.district_id, shop, only=SalesFilter(transaction_id=payment_id), limit=1)
    if not found or found[0].kind != "payment":
        raise TransactionUnknown
    detail: SaleDetail = merchant.queries.sale(g.session, g.who.district_id, shop, payment_id)
    return {"sale": as_item(detail.sale), "refunds": [as_item(each) for each in detail.refunds]}


@api.route("/refunds", methods=["POST"])
@operation(
    api,
    N_("返金する"),
    scope="refunds:write",
    writes=True,
    refuses=(NotRefundable, CashBackTooLarge, RefundTooLarge, RefundNeedsOwner, RefundStopped, PayableFloorPassed, KeyReused, NoTill),
    description=N_(
        "支払いの全部または一部を、元の種別へ戻します。額はお客様に戻る分で、お客様が支払った額までです。"
        "全部を戻すと、クーポンの割引も取り消されます。1つの支払いについて、レジ担当の上限まで返せます。"
    ),
)
@api.arguments(RefundSchema)
@api.response(201, RefundedSchema)
def make_refund(order: dict[str, Any], *, key: UUID) -> Refunded:
    refund = Refund(order["payment_id"], order["amount"], order["reason"], key, cash=order["cash"])
    return merchant.commands.refund(g.session, g.who, refund, now=g.clock())


@api.route("/payouts", methods=["GET"])
@operation(
    api,
    N_("入金の予定とこれまでの振込"),
    scope="payouts:read",
    refuses=(NoTill,),
    description=N_("新しい順。締め日ごとに1件です。paid_on が null のものは、まだ振り込まれていません。"),
)
@api.response(200, PayoutsSchema)
def list_payouts() -> dict[str, Any]:
    identity.commands.authorise(g.session, g.who, "merchant.read_payouts")
    shop, district_id = own_shop(), g.who.district_id
    upcoming = association.queries.next_payday(g.session, district_id, now=g.clock())
    return {
        "items": merchant.queries.payouts(g.session, district_id, shop),
        "standing": merchant.queries.owed(g.session, district_id, shop),
        "closes_on": upcoming[0] if upcoming else None,
        "pay_on": upcoming[1] if upcoming else None,
    }


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


def _own_request(request_id: UUID) -> Asked:
    asked = merchant.queries.request(g.session, g.who.district_id, request_id, now=g.clock())
    if asked.merchant_id != own_shop():
        raise RequestUnknown
    return asked


def _page(wanted: dict[str, Any], *, kinds: tuple[str, ...]) -> dict[str, Any]:
    limit = wanted["limit"]
    only = SalesFilter(first=wanted.get("first"), last=wanted.get("last"), amount=wanted.get("amount"))
    found = merchant.queries.sales(g.session, g.who.district_id, own_shop(), only=only, before=wanted.get("cursor"), limit=limit)
    last = (found[-1].position, found[-1].transaction_id) if len(found) == limit else None
    return {"items": [as_item(sale) for sale in found if sale.kind in kinds], "next_cursor": cursor(last)}
