"""まとめて1枚の割り勘 at the tablet: who has paid, who is next, and what is taken over the counter instead."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from merchant import commands, queries
from merchant.schemas import KeySchema, RestSchema, ShareBillSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from merchant.views.register import order_of
from web import forms


@pages.post("/till/register/share")
@at_till
def open_shared_bill() -> Response:
    """この分け方にする, where several phones pay one receipt: its number, and where it goes on."""
    not_in_practice()
    sent = forms.load(ShareBillSchema)
    coins = sent.pop("coins")
    shared = commands.open_shared_bill(g.session, g.who, order_of(sent), coins, now=g.clock())
    return jsonify(shared=str(shared.id), href=url_for(".shared_bill", shared_id=shared.id))


@pages.get("/till/register/shared/<uuid:shared_id>")
@at_till
def shared_bill(shared_id: UUID) -> str:
    """Reloading is harmless."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    shared = queries.shared_bill(g.session, place.who.district_id, place.shop.id, shared_id)
    receipt = None
    if shared.serial is not None:
        receipt = queries.receipt_at(g.session, place.who.district_id, place.shop.id, shared.till_id, shared.serial)
    return till_page("merchant/shared_bill.html", shared=shared, receipt=receipt)


@pages.post("/till/register/shared/<uuid:shared_id>/ask")
@at_till
def ask_for_part(shared_id: UUID) -> Answer:
    """The next phone's QR, or its code: `?scan`."""
    not_in_practice()
    key: UUID = forms.load(KeySchema)["key"]
    asked = commands.ask_for_part(g.session, g.who, shared_id, key=key, now=g.clock())
    return redirect(url_for(".scan", request=asked.id) if "scan" in request.args else url_for(".request_page", request_id=asked.id), 303)


@pages.post("/till/register/shared/<uuid:shared_id>/rest")
@at_till
def take_rest(shared_id: UUID) -> Answer:
    """残りを現金で、カードで: the receipt is made."""
    not_in_practice()
    sent = forms.load(RestSchema)
    commands.take_rest(g.session, g.who, shared_id, sent["rest"], sent["means"], sent["received"], now=g.clock())
    return redirect(url_for(".shared_bill", shared_id=shared_id), 303)


@pages.post("/till/register/shared/<uuid:shared_id>/end")
@at_till
def give_up_shared_bill(shared_id: UUID) -> Answer:
    """やめる: nothing of it is paid."""
    commands.give_up_shared_bill(g.session, g.who, shared_id, now=g.clock())
    return redirect(url_for(".register"), 303)
