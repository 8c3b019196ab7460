"""What the association has paid to the shop, and what stands for the next closing."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

import association.queries
import identity.commands
import merchant.queries
from base.errors import N_
from merchant.api.frame import api, own_shop
from merchant.errors import NoTill
from web.api_frame import operation


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
    upcoming = association.queries.next_payday(g.session, district_id, shop, now=g.clock())
    return {
        "items": merchant.queries.payouts(g.session, district_id, shop),
        "standing": merchant.queries.owed(g.session, district_id, shop),
        "closes_on": upcoming[0] if upcoming else None,
        "pay_on": upcoming[1] if upcoming else None,
    }
