"""返金: first how much and why, then the consequence in figures and the PIN of whoever answers for it."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from ledger.errors import RefundTooLarge
from merchant import commands, queries
from merchant.errors import CashBackTooLarge, NotRefundable
from merchant.schemas import RefundPlanSchema, RefundSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from web import forms


@pages.get("/till/sales/<int(max=9223372036854775807):transaction_id>/refund")
@at_till
def refund_page(transaction_id: int) -> str:
    """1,280円を返しますか: what the press will do, and who may press."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    plan = RefundPlanSchema().load(request.values)
    detail = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id)
    if detail.sale.left == 0:
        raise NotRefundable
    if plan["amount"] > detail.sale.left:
        raise RefundTooLarge(left=detail.sale.left)
    if plan["cash"] > detail.cash_left:
        raise CashBackTooLarge(left=detail.cash_left)
    return till_page(
        "merchant/refund.html",
        sale=detail.sale,
        given=queries.given_of_receipt(g.session, place.who.district_id, place.shop.id, transaction_id) + plan["amount"] + plan["cash"],
        amount=plan["amount"],
        coupon=detail.coupon if plan["amount"] == detail.sale.left else None,
        coupon_comes_back=queries.coupon_comes_back(g.session, place.who.district_id, transaction_id, now=g.clock()),
        cash=plan["cash"],
        reason=plan["reason"],
        late=commands.late_part(g.session, place.who.district_id, transaction_id, plan["amount"], now=g.clock()),
        stopped=queries.payer_is_stopped(g.session, place.who.district_id, transaction_id),
        takings=queries.takings(g.session, place.who.district_id, place.shop.id, tokyo_day(g.clock())),
        limit=queries.refund_limit(g.session, place.who.district_id, now=g.clock()),
        people=queries.staff(g.session, place.who.district_id, place.shop.id),
    )


@pages.post("/till/sales/<int(max=9223372036854775807):transaction_id>/refund")
@at_till
def refund(transaction_id: int) -> Answer:
    """返金する: pressed twice, it returns once."""
    not_in_practice()
    order = forms.load(RefundSchema, transaction_id=transaction_id)
    returned = commands.refund(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".sale", transaction_id=transaction_id, returned=returned.transaction_id), 303)
