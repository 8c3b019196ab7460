"""お客様のコードを読む: the tablet reads the code on the customer's phone, or a card."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import wallet.commands
import wallet.queries
from merchant import commands, queries
from merchant.commands import Ask
from merchant.schemas import AmountSchema, ScanPageSchema, ScanSchema, SettleSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from merchant.views.requests import home_of, own_request
from merchant.views.show import sale_facts
from wallet.commands import PayByCode, Taken
from wallet.queries import ConsentView
from web import forms
from web.problems import wants_json


@pages.get("/till/scan")
@at_till
def scan() -> Answer | str:
    """Camera, hand scanner or digits, for the amount that was typed before (or is typed here)."""
    if g.practice is not None:
        return redirect(url_for(".practice"), 303)
    wanted = ScanPageSchema().load(request.args)
    asked = own_request(wanted["request"]) if wanted["request"] else None
    amount = AmountSchema().load(request.args)["amount"] if "amount" in request.args else None
    above = queries.unusual_above(g.session, g.place.who.district_id, g.place.shop.id, now=g.clock())
    return till_page(
        "merchant/scan.html",
        amount=asked.bill if asked else amount,
        asked=asked,
        rate=wanted["rate"],
        ask_above=above,
        home=home_of(asked) if asked else None,
    )


@pages.post("/till/scan")
@at_till
def take() -> Answer:
    """Paid at once, or asked first; a card may want its PIN. A page script gets JSON, a form is sent on to what happened."""
    not_in_practice()
    sent, now = forms.load(ScanSchema), g.clock()
    rate = sent.pop("rate")
    if sent["request_id"] is None and g.place.shop.issues_receipts:
        bill = Ask(sent["amount"] + sent["cash"], uuid5(sent["key"], "bill"))
        sent["request_id"] = commands.ask_from_keypad(g.session, g.who, bill, rate, now=now).id
    answer = wallet.commands.pay_by_code(g.session, g.who, PayByCode(**sent), now=now)
    if wants_json():
        return jsonify(_taken(answer.transaction_id) if isinstance(answer, Taken) else _asked(answer))
    if isinstance(answer, Taken):
        return redirect(url_for(".arrived", transaction_id=answer.transaction_id), 303)
    return redirect(url_for(".consent", consent_id=answer.id), 303)


@pages.post("/till/scan/settle")
@at_till
def settle() -> Response:
    """The answer was lost: finds the payment, or makes sure that there never will be one."""
    key = forms.load(SettleSchema)["key"]
    found = commands.settle_at_till(g.session, g.who, key)
    return jsonify({"state": "none"} if found is None else _taken(found.transaction_id))


@pages.get("/till/consent/<uuid:consent_id>")
@at_till
def consent(consent_id: UUID) -> Answer | str:
    """お客様の確認を待っています: the customer's phone has been asked."""
    asked = wallet.queries.consent_at_till(g.session, g.who, consent_id, now=g.clock())
    if wants_json():
        return jsonify(_asked(asked))
    if asked.transaction_id is not None:
        return redirect(url_for(".arrived", transaction_id=asked.transaction_id), 303)
    lasts = int((asked.expires_at - asked.asked_at).total_seconds())
    return till_page("merchant/consent.html", asked=asked, customer=_customer(asked), lasts=lasts)


@pages.post("/till/consent/<uuid:consent_id>/withdraw")
@at_till
def withdraw(consent_id: UUID) -> Answer:
    """やめる: what was set aside is the customer's again. If they were faster, the page says that it is paid."""
    asked = wallet.commands.withdraw_consent(g.session, g.who, consent_id, now=g.clock())
    if asked.transaction_id is not None:
        return redirect(url_for(".arrived", transaction_id=asked.transaction_id), 303)
    return redirect(url_for(".keypad"), 303)


def _taken(transaction_id: int) -> dict[str, Any]:
    place: Place = g.place
    sale = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id).sale
    left = wallet.queries.left_on_card(g.session, place.who, transaction_id, now=g.clock())
    return {"state": "paid", "sale": sale_facts(sale) | ({} if left is None else {"left": left})}


def _asked(asked: ConsentView) -> dict[str, Any]:
    if asked.transaction_id is not None:
        return _taken(asked.transaction_id)
    return {"state": asked.state, "next": url_for(".consent", consent_id=asked.id)}


def _customer(asked: ConsentView) -> str:
    place: Place = g.place
    return queries.pseudonym_of(g.session, place.who.district_id, place.shop.id, asked.person_id)
