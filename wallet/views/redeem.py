"""チャージ券: a code on paper becomes coin. Opening its page does nothing: only the press does, so no link preview can use it up."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

import association.commands
from wallet import queries
from wallet.schemas import RedeemSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from wallet.views.pay import MOMENT, shown_until
from web import forms


@pages.get("/wallet/redeem")
@consumers_only
def redeem() -> str:
    """The signs, typed."""
    return render_template("wallet/redeem.html", code="", home=queries.home(g.session, me(), now=now()), back="/wallet/top-up")


@pages.get("/wallet/redeem/<code>")
@consumers_only
def redeem_read(code: str) -> str:
    """What a code's QR opens: the signs stand there already. They are not looked up before the press: that would be a free guess."""
    signs = code.replace("-", "")[:40]
    shown = "-".join(signs[place : place + 4] for place in range(0, len(signs), 4))
    return render_template("wallet/redeem.html", code=shown, home=queries.home(g.session, me(), now=now()), back="/wallet/top-up")


@pages.post("/wallet/redeem")
@consumers_only
def redeem_code() -> Response:
    """受け取る: pressed twice, it is given once."""
    form = forms.load(RedeemSchema)
    posted = association.commands.redeem_code(g.session, me(), form["code"], form["key"], now=now())
    return go(url_for(".redeemed", transaction_id=posted.transaction_id))


@pages.get("/wallet/redeemed/<int:transaction_id>")
@consumers_only
def redeemed(transaction_id: int) -> Answer | str:
    """チャージしました; later its page is the statement of the movement."""
    receipt = queries.payment(g.session, me(), transaction_id, now=now())
    if receipt.kind != "code_redeem" or now() - receipt.posted_at > MOMENT:
        return redirect(url_for(".detail", transaction_id=transaction_id), 303)
    return render_template("wallet/redeemed.html", receipt=receipt, until=shown_until(receipt))
