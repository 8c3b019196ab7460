"""What was taken: the list, the history with refunds, and one payment."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

import merchant.queries
from base.errors import N_
from base.yen import YEN_MAX
from ledger.errors import TransactionUnknown
from merchant.api.frame import api, own_shop
from merchant.errors import NoTill
from merchant.queries import Sale, SaleDetail, SalesFilter
from web.api_frame import ID, PageArguments, cursor, operation


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
    late = fields.Integer(required=True, metadata={"description": N_("返金のうち、お客様の残高に戻せず組合が預かった額。円")})
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


def as_item(sale: Sale) -> dict[str, Any]:
    """A line of the list under the API's names."""
    names = ("kind", "cash", "discount", "refunded", "late", "refers_to", "number", "word", "customer", "way", "posted_at", "note")
    figures = {"id": sale.transaction_id, "amount": sale.bill, "received": sale.amount, "refundable": sale.left}
    return figures | {name: getattr(sale, name) for name in names}


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


def _page(wanted: dict[str, Any], *, kinds: tuple[str, ...]) -> dict[str, Any]:
    limit = wanted["limit"]
    only = SalesFilter(first=wanted.get("first"), last=wanted.get("last"), amount=wanted.get("amount"))
    found = merchant.queries.sales(g.session, g.who.district_id, own_shop(), only=only, before=wanted.get("cursor"), limit=limit)
    last = (found[-1].position, found[-1].transaction_id) if len(found) == limit else None
    return {"items": [as_item(sale) for sale in found if sale.kind in kinds], "next_cursor": cursor(last)}
