"""紙の券: read in a row, shown against the bill, taken all at once; the rest of the bill is paid in any other way."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import association.commands
import association.queries
from association.commands import TakeTickets
from association.queries import SeenTicket
from merchant import queries
from merchant.errors import NotRefundable
from merchant.schemas import TicketSeenSchema, TicketsPageSchema, TicketsSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from web import forms
from web.i18n import _, named


@pages.get("/till/tickets")
@at_till
def tickets() -> Answer | str:
    """Camera, hand scanner, or the signs that are printed beside the QR."""
    if g.practice is not None:
        return redirect(url_for(".practice"), 303)
    return till_page("merchant/tickets.html", amount=TicketsPageSchema().load(request.args)["amount"])


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
    taken = association.commands.take_tickets(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".tickets_taken", transaction_id=taken.transaction_id), 303)


@pages.get("/till/tickets/<int(max=9223372036854775807):transaction_id>")
@at_till
def tickets_taken(transaction_id: int) -> str:
    """受け取りました, and what of the bill is left, with the ways to take it."""
    place: Place = g.place
    sale = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id).sale
    if not sale.tickets:
        raise NotRefundable
    return till_page("merchant/tickets_taken.html", sale=sale)


def ticket_facts(one: SeenTicket) -> dict[str, Any]:
    """A ticket as the page script shows it: its number, its face in yen, and what kind it is, in words."""
    kind = _("専用券") if one.is_local else _("共通券") if one.terms.local_face else ""
    return {"serial": one.name.serial, "face": one.face, "kind": kind, "name": named(one.terms)}
