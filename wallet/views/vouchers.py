"""商品券の申し込み: what can be applied for, what became of it, and the form. Opening a page applies for nothing."""

from __future__ import annotations

from uuid import uuid4

from flask import Response, g, render_template, url_for

import association.commands
import association.queries
from association.commands import Apply
from identity.queries import Particulars
from wallet import queries
from wallet.queries import OneCall
from wallet.schemas import ApplySchema, ApplyWithCodeSchema, WithdrawSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms


@pages.get("/wallet/vouchers")
@consumers_only
def vouchers() -> str:
    """All that people can apply for, and mine."""
    return render_template("wallet/vouchers.html", calls=queries.my_calls(g.session, me(), now=now()), back="/wallet/")


@pages.get("/wallet/vouchers/<int(max=9223372036854775807):voucher_id>")
@consumers_only
def voucher(voucher_id: int) -> str:
    """One of them: how it stands, and the form while it is open."""
    return _page(queries.one_of_my_calls(g.session, me(), voucher_id, now=now()))


@pages.get("/wallet/vouchers/<int(max=9223372036854775807):voucher_id>/code/<code>")
@consumers_only
def voucher_code(voucher_id: int, code: str) -> str:
    """What the QR of a 購入引換券 opens: the signs stand there already. They are not looked up before the press: that would be a guess."""
    signs = code.replace("-", "")[:40]
    shown = "-".join(signs[place : place + 4] for place in range(0, len(signs), 4))
    return _page(queries.one_of_my_calls(g.session, me(), voucher_id, now=now()), code=shown)


@pages.post("/wallet/vouchers/<int(max=9223372036854775807):voucher_id>")
@consumers_only
def apply_for_voucher(voucher_id: int) -> Response:
    """申し込む, or change it: pressed twice, it is one."""
    mine = queries.one_of_my_calls(g.session, me(), voucher_id, now=now())
    form = forms.load(ApplySchema if mine.seen.call.asks_names else ApplyWithCodeSchema)
    names = ("name", "kana", "postal", "address", "phone")
    says = Particulars(**{name: form[name] for name in names}) if mine.seen.call.asks_names else None
    order = Apply(voucher_id, form["units"], says, form.get("code", ""), uuid4())
    association.commands.apply_for_voucher(g.session, me(), order, now=now())
    return go(url_for(".voucher", voucher_id=voucher_id))


@pages.post("/wallet/vouchers/<int(max=9223372036854775807):voucher_id>/withdraw")
@consumers_only
def withdraw_application(voucher_id: int) -> Response:
    """取り下げる, after the draw 辞退する."""
    number = forms.load(WithdrawSchema)["number"]
    association.commands.withdraw_application(g.session, me(), voucher_id, number, now=now())
    return go(url_for(".voucher", voucher_id=voucher_id))


def _page(mine: OneCall, code: str = "") -> str:
    return render_template(
        "wallet/voucher.html",
        mine=mine.seen,
        says=mine.says,
        campaign=mine.campaign,
        code=code,
        back="/wallet/vouchers",
        number_to_tell=association.queries.number_to_tell(g.session, me().district_id, mine.seen),
    )
