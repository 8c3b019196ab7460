"""支払いの確認, the press, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Response, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

import identity.queries
import merchant.queries
from wallet import commands, queries
from wallet.commands import ClaimExtra, passkey_is_fresh
from wallet.errors import AlreadyPaid, OutcomeUnknown
from wallet.queries import CouponChoice, Plan, Receipt
from wallet.schemas import AmountSchema, Coupons, PaySchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms
from web.forms import Refill, by_field
from web.papers import till_goods

MOMENT = timedelta(minutes=10)
"""How long a payment is shown as just made. Later its page is a statement: yesterday's tick shall fool nobody."""


def shown_until(receipt: Receipt) -> int:
    """When that is over, for a page that stays open: ms since 1970."""
    return int((receipt.posted_at + MOMENT).timestamp() * 1000)


@pages.get("/wallet/pay/request/<uuid:request_id>")
@consumers_only
def request_page(request_id: UUID) -> Answer | str:
    """The shop typed the amount: confirm it. While the shop thinks about an offer of mine, that is shown."""
    shop, asked = queries.target_of_request(g.session, me(), request_id, now=now())
    if asked.offered is not None and asked.offered_by == me().person_id:
        return redirect(url_for(".offered", request_id=request_id), 303)
    plan = queries.plan_for(
        g.session, me(), shop, asked.amount, asked=asked, coupon=None if asked.cash else _choice(), leave_out=_left_out(), now=now()
    )
    return _confirm(plan)


@pages.post("/wallet/pay/request/<uuid:request_id>")
@consumers_only
def pay_request(request_id: UUID) -> Response:
    """The pay button. Back and reload are harmless: the form carries its key."""
    return _pay(request_id=request_id)


@pages.get("/wallet/pay/shop/<public_number>")
@consumers_only
def shop(public_number: str) -> tuple[str, int] | str:
    """A printed code: type the amount, then confirm it. Typing changes nothing, so it is a GET."""
    found = queries.target_of_number(g.session, me(), public_number)
    typed = forms.form_value("amount", request.args.get("amount"))
    if typed is None:
        return _ask_amount(public_number)
    wrong = AmountSchema().validate({"amount": typed})
    if wrong:
        g.refill = Refill(values={"amount": [typed]}, errors=by_field(wrong))
        return _ask_amount(public_number), 422
    amount = AmountSchema().load({"amount": typed})["amount"]
    return _confirm(queries.plan_for(g.session, me(), found, amount, coupon=_choice(), leave_out=_left_out(), now=now()))


@pages.post("/wallet/pay/shop/<public_number>")
@consumers_only
def pay_shop(public_number: str) -> Response:
    """The pay button at a printed code."""
    return _pay(public_number=public_number)


@pages.get("/wallet/done/<int:transaction_id>")
@consumers_only
def done(transaction_id: int) -> Answer | str:
    """支払いました: drawn from the book's own answer only."""
    receipt = queries.payment(g.session, me(), transaction_id, now=now())
    if receipt.kind != "payment" or now() - receipt.posted_at > MOMENT:
        return redirect(url_for(".detail", transaction_id=transaction_id), 303)
    return render_template(
        "wallet/done.html",
        receipt=receipt,
        until=shown_until(receipt),
        extras=queries.extras_of(g.session, me(), transaction_id, now=now()),
        earned=queries.earned_by(g.session, me(), receipt),
    )


@pages.post("/wallet/done/<int(max=9223372036854775807):transaction_id>/extra/<int(max=9223372036854775807):coupon_id>")
@consumers_only
def take_extra(transaction_id: int, coupon_id: int) -> Response:
    """もらう beside a payment: behind it, by a press of its own; pressed twice, it gives one."""
    commands.claim_extra(g.session, me(), ClaimExtra(coupon_id, transaction_id), now=now())
    return go(f"/wallet/coupons?claimed={coupon_id}")


@pages.get("/wallet/unknown/<uuid:key>")
@consumers_only
def unknown(key: UUID) -> str:
    """確認しています: the answer was lost. The page asks by the key; without scripts, its button does."""
    return render_template("wallet/unknown.html", key=key, again=_again(), error=OutcomeUnknown)


@pages.post("/wallet/unknown/<uuid:key>")
@consumers_only
def settle(key: UUID) -> Response | str:
    """Find the payment, or close its key for good. Asking again gives the same answer."""
    paid = commands.settle_unknown(g.session, me(), key)
    if paid is None:
        return go(url_for(".not_paid", again=_again()))
    return go(url_for(".done", transaction_id=paid.transaction_id))


@pages.get("/wallet/not-paid")
@consumers_only
def not_paid() -> str:
    """It is sure now: nothing was paid, and nothing will be."""
    return render_template("wallet/not_paid.html", again=_again())


@pages.errorhandler(AlreadyPaid)
def already_paid(error: AlreadyPaid) -> Response:
    """Whoever comes back to a payment that they have made sees it, and that it was made once."""
    return go(url_for(".detail", transaction_id=error.facts["transaction"], again=1))


def _pay(*, request_id: UUID | None = None, public_number: str | None = None) -> Response:
    target = {"request_id": str(request_id)} if request_id is not None else {"public_number": public_number}
    paid = commands.pay(g.session, me(), forms.load(PaySchema, **target), now=now())
    return go(url_for(".done", transaction_id=paid.transaction_id))


def _confirm(plan: Plan) -> str:
    goods = None if plan.asked is None else merchant.queries.later_goods(plan.asked)
    return render_template(
        "wallet/confirm.html",
        plan=plan,
        goods=None if goods is None else till_goods(goods),
        declined=plan.asked is not None and plan.asked.offer_state == "declined" and plan.asked.offered_by == me().person_id,
        close="/wallet/",
        proved=passkey_is_fresh(me(), now()),
        ways=identity.queries.ways_in(g.session, me()) if plan.confirm else None,
        by_code=request.args.get("by") == "code",
        unknown=OutcomeUnknown,
    )


def _choice() -> CouponChoice:
    """The coupon that the address or the refused form names; the best one where it says nothing, none where it says so."""
    wanted = forms.form_value("coupon", request.args.get("coupon"))
    if wanted is None:
        return "best"
    try:
        return Coupons().deserialize(wanted)
    except ValidationError:
        return None


def _left_out() -> frozenset[int]:
    """The vouchers that the address or the refused form leaves out."""
    wanted = str(forms.form_value("without", request.args.get("without")) or "")
    return frozenset(int(one) for one in wanted.split(",") if one.isascii() and one.isdigit() and len(one) < 16)


def _ask_amount(public_number: str) -> str:
    found = queries.target_of_number(g.session, me(), public_number)
    return render_template("wallet/amount.html", purse=queries.before_amount(g.session, me(), found, now=now()), close="/wallet/")


def _again() -> str:
    """The payment page that the lost answer belonged to; a path of the wallet only."""
    wanted = request.values.get("again", "")
    return wanted if wanted.startswith("/wallet/pay/") and "//" not in wanted and "\\" not in wanted else "/wallet/"
