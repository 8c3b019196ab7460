"""送る・受け取る: one's own QR to receive by, and coin sent to whoever showed theirs."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from ledger.queries import Balance
from wallet import commands, queries
from wallet.commands import Send, passkey_is_fresh
from wallet.errors import OutcomeUnknown
from wallet.queries import Passing
from wallet.schemas import AmountSchema, SendSchema
from wallet.views.frame import consumers_only, go, me, now, pages, public_url
from wallet.views.pay import MOMENT, shown_until
from web import forms
from web.forms import Refill, by_field


@pages.get("/wallet/send")
@consumers_only
def send_page() -> str:
    """What one can do, how much of it is left, and the gifts that one has given. Raises TransfersOff."""
    return render_template(
        "wallet/send.html",
        passing=queries.passing(g.session, me(), now=now()),
        gifts=queries.my_gifts(g.session, me(), now=now()),
        mark=queries.home(g.session, me(), now=now()).mark,
        back="/wallet/",
    )


@pages.get("/wallet/receive")
@consumers_only
def receive() -> str:
    """受け取りQR: names one for a day, and does nothing but receive."""
    address = queries.own_address(g.session, me(), now=now())
    return render_template(
        "wallet/receive.html",
        address=f"{public_url()}{url_for('.send_to', address=address)}",
        profile=identity.queries.person_profile(g.session, me()),
        mark=queries.home(g.session, me(), now=now()).mark,
        back="/wallet/send",
    )


@pages.get("/wallet/to/<address>")
@consumers_only
def send_to(address: str) -> tuple[str, int] | str:
    """What a receiver's QR opens: type the amount, then confirm it. Typing changes nothing, so it is a GET."""
    passing = queries.passing(g.session, me(), now=now())
    receiver = queries.receiver(g.session, me(), address, now=now())
    typed = forms.form_value("amount", request.args.get("amount"))
    chosen = chosen_coin(passing)
    if typed is None or chosen is None:
        return render_template("wallet/send_amount.html", passing=passing, receiver=receiver, close="/wallet/send")
    wrong = AmountSchema().validate({"amount": typed})
    if wrong:
        g.refill = Refill(values={"amount": [typed]}, errors=by_field(wrong))
        return render_template("wallet/send_amount.html", passing=passing, receiver=receiver, close="/wallet/send"), 422
    amount = AmountSchema().load({"amount": typed})["amount"]
    return render_template(
        "wallet/send_confirm.html",
        receiver=receiver,
        balance=chosen,
        amount=amount,
        asked={"amount": amount},
        **confirming(passing, amount),
        unknown=OutcomeUnknown,
        close="/wallet/send",
    )


@pages.post("/wallet/to/<address>")
@consumers_only
def send(address: str) -> Response:
    """送る: pressed twice, it is sent once."""
    sent = forms.load(SendSchema)
    order = Send(address, sent["coin"], sent["amount"], sent["key"], sent["pin"])
    posted = commands.send(g.session, me(), order, now=now())
    return go(url_for(".passed", transaction_id=posted.transaction_id))


@pages.get("/wallet/passed/<int(max=9223372036854775807):transaction_id>")
@consumers_only
def passed(transaction_id: int) -> Answer | str:
    """送りました, 受け取りました; later its page is the statement of the movement."""
    receipt = queries.payment(g.session, me(), transaction_id, now=now())
    if receipt.kind != "transfer" or now() - receipt.posted_at > MOMENT:
        return redirect(url_for(".detail", transaction_id=transaction_id), 303)
    return render_template("wallet/passed.html", receipt=receipt, until=shown_until(receipt))


def chosen_coin(passing: Passing) -> Balance | None:
    """The balance that the address or the refused form names; else the largest."""
    wanted = str(forms.form_value("coin", request.values.get("coin")) or "")
    return next((one for one in passing.coins if str(one.series.id) == wanted), passing.coins[0] if passing.coins else None)


def confirming(passing: Passing, amount: int) -> dict[str, object]:
    """What the confirmation needs to know of PIN and passkey."""
    confirm = amount > passing.limits.pin_above
    return {
        "passing": passing,
        "confirm": confirm,
        "proved": passkey_is_fresh(me(), now()),
        "ways": identity.queries.ways_in(g.session, me()) if confirm else None,
    }
