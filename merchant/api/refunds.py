"""What goes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

import merchant.commands
from base.errors import N_
from ledger.errors import KeyReused, PayableFloorPassed, RefundTooLarge
from merchant.api.frame import api
from merchant.commands import Refund, Refunded
from merchant.errors import CashBackTooLarge, NoTill, NotRefundable, RefundNeedsOwner, RefundStopped
from merchant.schemas import CASH_MAX
from web.api_frame import PlainText, WholeYen, operation


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
    late = fields.Integer(required=True, metadata={"description": N_("返金のうち、お客様の残高に戻せず組合が預かった額。円")})
    coupon_returned = fields.Boolean(required=True, metadata={"description": N_("クーポンもお客様に戻ったか")})
    posted_at = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})


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
