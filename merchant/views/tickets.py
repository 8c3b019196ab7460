"""紙の券: read in a row, shown against the bill, taken all at once; the rest of the bill is paid in any other way."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import association.commands
import association.queries
from association.commands import TakeTickets
from association.queries import SeenTicket
from base.db import atomic
from merchant import commands, queries
from merchant.commands import SellForTickets
from merchant.errors import NotRefundable
from merchant.schemas import ForTicketsSchema, TicketSeenSchema, TicketsPageSchema, TicketsSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from web import forms
from web.i18n import _, named


@pages.get("/till/tickets")
@at_till
def tickets() -> Answer | str:
    """Camera, hand scanner, or the signs that are printed beside the QR."""
    if g.practice is not None:
        return redirect(url_for(".practice"), 303)
    return till_page("merchant/tickets.html", **TicketsPageSchema().load(request.args))


@pages.post("/till/tickets/seen")
@at_till
def ticket_seen() -> Response:
    """One ticket: what it is worth here, or why it is not taken. Nothing is booked by it."""
    not_in_practice()
    code = forms.load(TicketSeenSchema)["code"]
    return jsonify(ticket_facts(association.queries.see_ticket(g.session, g.who, code, now=g.clock())))


@pages.post("/till/tickets")
@at_till
def take_tickets() -> Answer:
    """受け取る: pressed twice, they are taken once."""
    not_in_practice()
    form: dict[str, Any] = forms.load(TicketsSchema)
    order = TakeTickets(form["codes"], form["key"], form["amount"], form["agreed"])
    place: Place = g.place
    with atomic(g.session):
        taken = association.commands.take_tickets(g.session, g.who, order, now=g.clock())
        if place.shop.issues_receipts:
            commands.sell_for_tickets(g.session, g.who, _sold_for(taken.transaction_id, order), now=g.clock())
    return redirect(url_for(".tickets_taken", transaction_id=taken.transaction_id), 303)


@pages.get("/till/tickets/<int(max=9223372036854775807):transaction_id>")
@at_till
def tickets_taken(transaction_id: int) -> str:
    """受け取りました, and what of the bill is left, with the ways to take it."""
    place: Place = g.place
    sale = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id).sale
    if not sale.tickets:
        raise NotRefundable
    receipt = queries.receipt_of_payment(g.session, place.who.district_id, transaction_id)
    return till_page("merchant/tickets_taken.html", sale=sale, receipt=receipt)


def _sold_for(transaction_id: int, order: TakeTickets) -> SellForTickets:
    """The receipt's other half of the form: which bill, and how its rest is paid."""
    place: Place = g.place
    sent: dict[str, Any] = forms.load(ForTicketsSchema)
    if sent["bill"] is not None:
        choice = queries.register_choice(g.session, place.who.district_id, place.shop.id)
        sent["bill"] = choice.counts(sent["bill"])
    by_card = sent.pop("rest") == "card"
    return SellForTickets(transaction_id, total=order.bill, by_card=by_card, key=order.key, **sent)


def ticket_facts(one: SeenTicket) -> dict[str, Any]:
    """A ticket as the page script shows it: its number, its face in yen, and what kind it is, in words."""
    kind = _("専用券") if one.is_local else _("共通券") if one.terms.local_face else ""
    return {"serial": one.name.serial, "face": one.face, "kind": kind, "name": named(one.terms)}
