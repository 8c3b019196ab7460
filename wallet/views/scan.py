"""The consumer meets a shop: by the camera in the page, by the phone's own camera, or by the shop's number."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from wallet import queries
from wallet.commands import find_shop, open_later
from wallet.schemas import NumberSchema
from wallet.views.frame import code_keys, consumers_only, go, me, now, pages, public_url
from web import forms


@pages.get("/wallet/scan")
@consumers_only
def scan() -> str:
    """The camera; where it is refused, the shop's number."""
    return render_template("wallet/scan.html", close="/wallet/", prefix=f"{public_url()}/q/")


@pages.get("/wallet/number")
@consumers_only
def number() -> str:
    """番号を入れる."""
    return render_template("wallet/number.html", back="/wallet/scan")


@pages.post("/wallet/number")
@consumers_only
def type_number() -> Response:
    """To the shop with this number. Ten tries a minute: the number is no secret, but nobody shall walk through them all."""
    shop = find_shop(g.session, me(), forms.load(NumberSchema)["number"])
    return go(url_for(".shop", public_number=shop.public_number))


@pages.get("/q/<token>")
def code(token: str) -> Answer | str:
    """What a code opens. Signed in: straight to its payment page. Else the shop's name, and the way in; nothing to type there."""
    if merchant.queries.is_later(token):
        return _later(token)
    target = merchant.queries.read_code(g.session, g.district.id, token, keys=code_keys(), now=now())
    if not me().has("consumer"):
        return render_template("wallet/landing.html", target=target, next=url_for(".code", token=token))
    if target.asked is not None:
        return redirect(url_for(".request_page", request_id=target.asked.id), 303)
    return redirect(url_for(".shop", public_number=target.shop.public_number), 303)


@pages.post("/q/<token>")
@consumers_only
def later(token: str) -> Response:
    """あとで払うQR: to the payment page of what the tablet asked for. Pressed twice, it is the same request."""
    return go(url_for(".request_page", request_id=open_later(g.session, me(), token, now=now()).id))


@pages.get("/wallet/read")
@consumers_only
def read_other() -> Answer:
    """A code of the EMV form, as a reader of several networks prints it: to the same page as our own code."""
    if "code" not in request.args:  # back from signing in
        return redirect(url_for(".scan"), 303)
    target = merchant.queries.read_emv(g.session, me().district_id, request.args["code"])
    given: dict[str, Any] = {} if target.amount is None else {"amount": target.amount, "by": "code"}
    return redirect(url_for(".shop", public_number=target.shop.public_number, **given), 303)


@pages.get("/wallet/shop/<public_number>/waiting")
@consumers_only
def waiting(public_number: str) -> str:
    """What this shop's tills are asking for now, as a part of the shop's page."""
    shop = queries.target_of_number(g.session, me(), public_number)
    return render_template("wallet/_waiting.html", purse=queries.before_amount(g.session, me(), shop, now=now()))


def _later(token: str) -> Answer | str:
    """What a tablet asked for without the network: known here already, or to be brought here by a press, since looking changes nothing."""
    target = merchant.queries.read_later(g.session, g.district.id, token, now=now())
    if target.asked is not None and me().has("consumer"):
        return redirect(url_for(".request_page", request_id=target.asked.id), 303)
    return render_template("wallet/later.html", target=target, signed_in=me().has("consumer"), next=url_for(".code", token=token))
