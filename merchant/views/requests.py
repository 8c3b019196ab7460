"""お会計: the page that faces the customer."""

from __future__ import annotations

from uuid import UUID

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import wallet.queries
from merchant import commands, queries
from merchant.commands import Ask
from merchant.errors import RequestUnknown
from merchant.queries import Asked
from merchant.schemas import KeypadSchema, SplitSchema
from merchant.views.frame import Place, at_till, code_keys, not_in_practice, pages, public_url, till_page
from web import forms


@pages.post("/till/request")
@at_till
def ask() -> Answer:
    """QRを見せて受け取る: pressed twice, it asks once. Where the till writes the shop's receipts, the amount is a bill of one line."""
    not_in_practice()
    sent, now = forms.load(KeypadSchema), g.clock()
    order = Ask(sent["amount"], sent["key"])
    if sent["again"] is not None:
        asked = commands.ask_again(g.session, g.who, sent["again"], key=order.key, now=now)
    elif g.place.shop.issues_receipts:
        asked = commands.ask_from_keypad(g.session, g.who, order, sent["rate"], now=now)
    else:
        asked = commands.ask(g.session, g.who, order, now=now)
    return redirect(url_for(".request_page", request_id=asked.id), 303)


@pages.get("/till/request/<uuid:request_id>")
@at_till
def request_page(request_id: UUID) -> Answer | str:
    """The QR while the request is open; what came of it afterwards. Reloading is harmless."""
    asked = own_request(request_id)
    if asked.state == "paid":
        return redirect(url_for(".arrived", transaction_id=asked.transaction_id), 303)
    if asked.state != "open":
        return till_page("merchant/request_over.html", asked=asked, home=home_of(asked))
    if not g.place.shop.is_open:
        return redirect(url_for(".keypad"), 303)  # which says why, and what to do
    url = queries.request_url(public_url(), asked.id, code_keys()[0])
    lasts = int((asked.expires_at - asked.made_at).total_seconds())
    template = "merchant/request.html" if asked.offered is None else "merchant/offered.html"
    return till_page(template, asked=asked, url=url, lasts=lasts, home=home_of(asked))


@pages.post("/till/request/<uuid:request_id>/cancel")
@at_till
def cancel(request_id: UUID) -> Answer:
    """やめる: if the customer was faster, the page says that it is paid."""
    asked = commands.cancel_ask(g.session, g.who, request_id, now=g.clock())
    return redirect(url_for(".arrived", transaction_id=asked.transaction_id) if asked.state == "paid" else home_of(asked), 303)


@pages.post("/till/request/<uuid:request_id>/split")
@at_till
def split(request_id: UUID) -> Answer:
    """はい: the rest is taken in cash. If the customer was faster, or is gone, the page says which."""
    commands.split_request(g.session, g.who, forms.load(SplitSchema, request_id=request_id), now=g.clock())
    return redirect(url_for(".request_page", request_id=request_id), 303)


@pages.post("/till/request/<uuid:request_id>/decline")
@at_till
def decline(request_id: UUID) -> Answer:
    """いいえ: the request asks for the whole, as before."""
    commands.decline_split(g.session, g.who, request_id, now=g.clock())
    return redirect(url_for(".request_page", request_id=request_id), 303)


@pages.get("/till/arrived/<int(max=9223372036854775807):transaction_id>")
@at_till
def arrived(transaction_id: int) -> str:
    """受け取りました, as the book has it; paid by a card moments ago, with what its holder has left."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    sale = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id).sale
    left = wallet.queries.left_on_card(g.session, place.who, transaction_id, now=g.clock())
    return till_page("merchant/arrived.html", sale=sale, left=left)


def home_of(asked: Asked) -> str:
    """Where the till goes on after it: a bill of articles stands in 商品レジ, one that is shared on its own page."""
    sold = asked.sold or {}
    if "shared" in sold:
        return url_for(".shared_bill", shared_id=sold["shared"])
    return url_for(".register" if sold.get("articles") else ".keypad")


def own_request(request_id: UUID) -> Asked:
    """A request of this shop, in whatever state. Raises RequestUnknown."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    asked = queries.request(g.session, place.who.district_id, request_id, now=g.clock())
    if asked.merchant_id != place.shop.id:
        raise RequestUnknown
    return asked
