"""The association's side of the JSON API: top-ups by a program at the counter, and at an agent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

import association.commands
import ledger.queries
import wallet.commands
from association.commands import SellCoin, TopUp, TopUpReceipt
from association.errors import AgentDayFull, CashTooLittle, NotAnAgent, NoticeMissing, OwnWallet
from base.errors import N_, Forbidden
from ledger.errors import AccountFrozen, CeilingPassed, DrawerFull, KeyReused, SeriesEnded, SeriesNotYet, SeriesUnknown
from merchant.errors import NoTill, ShopSuspended
from wallet.errors import (
    CardBlank,
    CardBlocked,
    CardOfAnotherDistrict,
    CardReplaced,
    CardUnknown,
    CodeOfConsumerExpired,
    CodeOfConsumerUnknown,
    CodeOfConsumerUnreadable,
    CodeOfConsumerUsed,
    NumberEntryLocked,
)
from web.api_frame import PlainText, WholeYen, operation

api = Blueprint("top_ups", __name__, description=N_("窓口と代理店: チャージ"))


class TopUpSchema(Schema):
    """Cash handed over at the counter, and the code of whoever gets the coin."""

    code = PlainText(
        required=True,
        validate=validate.Length(1, 64),
        metadata={"description": N_("お客様のQRの文字、12けたの数字、またはカードの16けたの番号")},
    )
    amount = WholeYen(required=True, metadata={"description": N_("チャージする額。円の整数")})
    received = WholeYen(metadata={"description": N_("お預かり。なければチャージする額と同じ。円の整数")})
    series = PlainText(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$"), metadata={"description": N_("種別の記号")})


class TopUpReceiptSchema(Schema):
    """What was booked."""

    id = fields.Integer(required=True, attribute="transaction_id")
    amount = fields.Integer(required=True, metadata={"description": N_("円")})
    received = fields.Integer(required=True, metadata={"description": N_("お預かり。円")})
    change = fields.Integer(required=True, metadata={"description": N_("お釣り。円")})
    number = fields.String(required=True, metadata={"description": N_("受付番号")})
    word = fields.String(required=True, metadata={"description": N_("合言葉。お客様の画面と同じ2文字")})
    posted_at = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})


@api.route("/top-ups", methods=["POST"])
@operation(
    api,
    N_("チャージする"),
    scope="top_ups:write",
    writes=True,
    refuses=(
        CodeOfConsumerUnreadable,
        CodeOfConsumerUnknown,
        CodeOfConsumerUsed,
        CodeOfConsumerExpired,
        NumberEntryLocked,
        CardUnknown,
        CardOfAnotherDistrict,
        CardBlank,
        CardBlocked,
        CardReplaced,
        SeriesUnknown,
        SeriesEnded,
        SeriesNotYet,
        CashTooLittle,
        OwnWallet,
        NoticeMissing,
        CeilingPassed,
        DrawerFull,
        AccountFrozen,
        KeyReused,
    ),
    description=N_("現金と引き換えに、コードを見せた人の残高を増やします。窓口の担当のトークンが要ります。"),
)
@api.arguments(TopUpSchema)
@api.response(201, TopUpReceiptSchema)
def make_top_up(order: dict[str, Any], *, key: UUID) -> TopUpReceipt:
    if g.who.person_id is None:
        raise Forbidden
    received = order.get("received", order["amount"])
    wanted = TopUp(0, _series_id(order["series"]), order["amount"], received, key, shown=order["code"])
    before = association.commands.earlier_top_up(g.session, g.who, wanted)
    if before is not None:
        return before

    def book(person_id: int) -> TopUpReceipt:
        return association.commands.top_up(g.session, g.who, wanted.to(person_id), now=g.clock())

    try:
        return wallet.commands.take_code(g.session, g.who, order["code"], book, now=g.clock())
    except CodeOfConsumerUsed:
        # Perhaps by this very order, which came twice at once: the other one was booked while this one waited.
        before = association.commands.earlier_top_up(g.session, g.who, wanted)
        if before is None:
            raise
        return before


class AgentTopUpSchema(Schema):
    """Cash handed over at an agent, and the code of whoever gets the coin."""

    code = PlainText(
        required=True,
        validate=validate.Length(1, 64),
        metadata={"description": N_("お客様のQRの文字、12けたの数字、またはカードの16けたの番号")},
    )
    amount = WholeYen(required=True, metadata={"description": N_("売る額。受け取る現金と同じ。円の整数")})
    series = PlainText(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$"), metadata={"description": N_("種別の記号")})


class AgentTopUpReceiptSchema(Schema):
    """What was sold."""

    id = fields.Integer(required=True, attribute="transaction_id")
    amount = fields.Integer(required=True, metadata={"description": N_("円")})
    number = fields.String(required=True, metadata={"description": N_("受付番号")})
    word = fields.String(required=True, metadata={"description": N_("合言葉。お客様の画面と同じ2文字")})
    posted_at = fields.AwareDateTime(required=True)
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})


@api.route("/agent-top-ups", methods=["POST"])
@operation(
    api,
    N_("代理店としてコインを売る"),
    scope="agent_top_ups:write",
    writes=True,
    refuses=(
        CodeOfConsumerUnreadable,
        CodeOfConsumerUnknown,
        CodeOfConsumerUsed,
        CodeOfConsumerExpired,
        NumberEntryLocked,
        CardUnknown,
        CardOfAnotherDistrict,
        CardBlank,
        CardBlocked,
        CardReplaced,
        NoTill,
        NotAnAgent,
        AgentDayFull,
        ShopSuspended,
        SeriesUnknown,
        SeriesEnded,
        SeriesNotYet,
        NoticeMissing,
        CeilingPassed,
        AccountFrozen,
        KeyReused,
    ),
    description=N_(
        "現金と引き換えに、コードを見せた人の残高を増やします。現金は代理店の預かりになります。代理店のお店のトークンが要ります。"
    ),
)
@api.arguments(AgentTopUpSchema)
@api.response(201, AgentTopUpReceiptSchema)
def make_agent_top_up(order: dict[str, Any], *, key: UUID) -> TopUpReceipt:
    if g.who.merchant_id is None:
        raise NoTill
    wanted = SellCoin(0, _series_id(order["series"]), order["amount"], key, shown=order["code"])
    before = association.commands.earlier_sale(g.session, g.who, wanted)
    if before is not None:
        return before

    def book(person_id: int) -> TopUpReceipt:
        return association.commands.sell_coin(g.session, g.who, replace(wanted, person_id=person_id), now=g.clock())

    try:
        return wallet.commands.take_code(g.session, g.who, order["code"], book, now=g.clock(), command="association.read_buyer")
    except CodeOfConsumerUsed:
        # Perhaps by this very order, which came twice at once: the other one was booked while this one waited.
        before = association.commands.earlier_sale(g.session, g.who, wanted)
        if before is None:
            raise
        return before


def _series_id(code: str) -> int:
    for series in ledger.queries.series(g.session, g.who.district_id):
        if series.code == code and series.unit == "yen":
            return series.id
    raise SeriesUnknown(series=code)
