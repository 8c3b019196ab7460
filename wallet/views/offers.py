"""お店の返事を待っています: the balance is short, and the shop has been asked to take the rest in cash."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from wallet import commands, queries
from wallet.schemas import OfferSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms
from web.problems import wants_json


@pages.post("/wallet/pay/request/<uuid:request_id>/offer")
@consumers_only
def offer(request_id: UUID) -> Response:
    """お店に伝える: pressed twice, the shop is asked once."""
    commands.offer_split(g.session, me(), request_id, forms.load(OfferSchema)["coin"], now=now())
    return go(url_for(".offered", request_id=request_id))


@pages.get("/wallet/pay/request/<uuid:request_id>/offer")
@consumers_only
def offered(request_id: UUID) -> Answer | str:
    """Until the shop has answered; then the payment's own page says what. The page's script asks by itself."""
    shop, asked = queries.target_of_request(g.session, me(), request_id, now=now())
    waits = asked.offered is not None and asked.offered_by == me().person_id
    page = url_for(".request_page", request_id=request_id)
    if wants_json():
        return jsonify(next=None if waits else page)
    if not waits:
        return redirect(page, 303)
    return render_template("wallet/offered.html", shop=shop, asked=asked, coin=asked.offered)


@pages.post("/wallet/pay/request/<uuid:request_id>/offer/withdraw")
@consumers_only
def withdraw_offer(request_id: UUID) -> Response:
    """やめる: the shop is asked no more."""
    commands.withdraw_offer(g.session, me(), request_id, now=now())
    return go(url_for(".home"))
