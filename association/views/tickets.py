"""紙の券 at the desk: lots and their print, booklets over the counter, a shop's heap, and tickets that two people let go again."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import merchant.queries
from association import commands, queries, titles
from association.commands import NewTicketLot
from association.errors import NothingToPrint
from association.queries import ListedLot, SeenTicket
from association.rules.tickets import TicketName, grouped_text
from association.schemas import (
    BookletSchema,
    HeapPageSchema,
    HeapSchema,
    NewTicketLotSchema,
    PartSchema,
    ReleaseTicketsSchema,
    SeenCodeSchema,
    SellBookletsSchema,
    TicketPageSchema,
)
from association.views.frame import asked, desk_page, pages
from association.views.selections import chosen_customer
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms, papers, pdf
from web.i18n import _, named, translate
from web.papers import PrintedTicket

SHEET = 10
"""Booklets in one file: a few seconds of drawing, during which other papers of this process wait."""


@pages.get("/desk/vouchers/<int:voucher_id>/tickets")
def tickets(voucher_id: int) -> str:
    """The lots of a campaign with what became of their booklets, and the form for another one."""
    listed = queries.listed_voucher(g.session, g.who, voucher_id, now=g.clock())
    lots = queries.ticket_lots(g.session, g.who, voucher_id)
    return desk_page(
        "association/tickets.html",
        listed=listed,
        terms=listed.terms,
        lots=lots,
        sheet=SHEET,
        left=listed.terms.units - sum(lot.booklets for lot in lots),
        stopped=queries.stopped_booklets(g.session, g.who, voucher_id),
        today=tokyo_day(g.clock()),
        prints=queries.ticket_prints(g.session, g.who, lots),
    )


@pages.post("/desk/vouchers/<int:voucher_id>/tickets")
def make_tickets(voucher_id: int) -> Answer:
    """束を作る: pressed twice, it is made once."""
    new = NewTicketLot(voucher_id, **forms.load(NewTicketLotSchema))
    commands.make_ticket_lot(g.session, g.who, new, now=g.clock())
    return redirect(url_for(".tickets", voucher_id=voucher_id), 303)


@pages.get("/desk/vouchers/tickets/<int:lot_id>.pdf")
def ticket_paper(lot_id: int) -> Response:
    """Ten booklets to be printed, cut and bound; what is sold is not printed again. Who asked for them is on record."""
    part = asked(PartSchema)["part"]
    commands.may_print_tickets(g.session, g.who, lot_id, part)
    lot = queries.ticket_lot(g.session, g.who, lot_id)
    wanted = range((part - 1) * SHEET + 1, min(part * SHEET, lot.booklets) + 1)
    numbers = queries.unsold_of(g.session, g.who, lot_id, wanted)
    if not numbers:
        raise NothingToPrint
    return _printed(lot, [_booklet(lot, number) for number in numbers], f"{lot_id}-{part}")


def _printed(lot: ListedLot, booklets: list[list[PrintedTicket]], name: str, *, worth: int | None = None) -> Response:
    """Booklets on A4. `worth`: yen of each, where it is not the whole unit."""
    terms = queries.one_voucher(g.session, g.who.district_id, lot.voucher_id)
    notice = queries.current_notice(g.session, g.who.district_id)
    paper = papers.ticket_booklets(
        booklets=booklets,
        lot=lot.id,
        face=lot.face,
        worth=worth or terms.face,
        last_day=terms.last_day,
        where="・".join(terms.trades) if terms.trades else translate(titles.VOUCHER_SHOPS[terms.shops]),
        has_parts=bool(terms.local_face),
        money=terms.name,
        money_en=terms.name_en,
        district=g.district.name,
        association=g.district.association,
        contact=notice.contact if notice else "",
        made_at=g.clock(),
    )
    answer = Response(pdf.render_checked("ticket_booklets", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="tickets-{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/desk/vouchers/<int:voucher_id>/tickets/stop")
def stop_booklet(voucher_id: int) -> Answer:
    """この冊を止める: lost or spoiled."""
    commands.stop_booklet(g.session, g.who, forms.load(BookletSchema), now=g.clock())
    return redirect(url_for(".tickets", voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/tickets/go")
def let_booklet_go(voucher_id: int) -> Answer:
    """止めるのをやめる: it was found again."""
    order = forms.load(BookletSchema)
    commands.let_booklet_go(g.session, g.who, order.lot_id, order.number)
    return redirect(url_for(".tickets", voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/tickets/replace")
def replace_booklet(voucher_id: int) -> Answer:
    """新しい冊に替える申請: a second person decides."""
    number = commands.propose_replacement(g.session, g.who, forms.load(BookletSchema), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/tickets/print")
def print_booklet(voucher_id: int) -> Response:
    """The new print of one booklet: the tickets that nobody has used. Again, and the print before is worthless."""
    order = forms.load(BookletSchema)
    commands.print_replacement(g.session, g.who, order.lot_id, order.number)
    lot = queries.ticket_lot(g.session, g.who, order.lot_id)
    left = queries.unused_tickets(g.session, g.who, order.lot_id, order.number)
    cover = TicketName(lot.id, order.number, 0, left[0].edition)
    return _printed(lot, [[_piece(lot, name) for name in (cover, *left)]], f"{lot.id}-{order.number:04d}", worth=lot.face * len(left))


@pages.post("/desk/vouchers/<int:voucher_id>/tickets/hand-over")
def hand_over_booklet(voucher_id: int) -> Answer:
    """渡した: from now on its tickets are taken."""
    order = forms.load(BookletSchema)
    commands.hand_over_booklet(g.session, g.who, order.lot_id, order.number)
    return redirect(url_for(".tickets", voucher_id=voucher_id), 303)


@pages.get("/desk/vouchers/tickets/sale")
def sell_tickets_page() -> str:
    """Booklets over the counter, for whoever was chosen or for nobody in particular."""
    authorise(g.session, g.who, "association.sell_voucher", subject="page")
    to = asked(TicketPageSchema)["to"] or forms.form_value("to")
    customer = identity.queries.nickname(g.session, g.who.district_id, chosen_customer(to)) if to else None
    return desk_page("association/ticket_sale.html", to=to, customer=customer, is_known=bool(to), cash=queries.own_cash(g.session, g.who))


@pages.post("/desk/vouchers/tickets/sale")
def sell_tickets() -> Answer:
    """売る: the page of the sale says what change to give, and takes it back on the same day."""
    form: dict[str, Any] = forms.load(SellBookletsSchema)
    order = SellBookletsSchema.order(form, chosen_customer(form["to"]) if form["to"] else None)
    sold = commands.sell_booklets(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".voucher_sold", transaction_id=sold.transaction_id), 303)


@pages.post("/desk/vouchers/tickets/sale/seen")
def booklet_seen() -> Response:
    """One booklet: what it costs, or why it is not sold. Nothing is booked by it."""
    name, terms = queries.see_booklet(g.session, g.who, forms.load(SeenCodeSchema)["code"])
    return jsonify({"serial": f"{name.lot}-{name.booklet:04d}", "face": terms.price, "kind": named(terms), "name": named(terms)})


@pages.get("/desk/vouchers/tickets/heap")
def ticket_heap() -> str:
    """お店の券をまとめて受け取る: which shop, then its tickets in a row."""
    authorise(g.session, g.who, "association.take_tickets_for", subject="page")
    wanted = asked(HeapPageSchema)["shop"] or int(forms.form_value("shop") or 0)
    shops = merchant.queries.shops(g.session, g.who.district_id, states=["open"])
    return desk_page("association/ticket_heap.html", shops=shops, shop=next((one for one in shops if one.id == wanted), None))


@pages.post("/desk/vouchers/tickets/heap/seen")
def heap_seen() -> Response:
    """One ticket of the heap, as it stands for this shop."""
    form = forms.load(SeenCodeSchema)
    return jsonify(_facts(queries.see_ticket_for(g.session, g.who, form["shop"] or 0, form["code"], now=g.clock())))


@pages.post("/desk/vouchers/tickets/heap")
def take_heap() -> Answer:
    """受け取る, in the shop's name."""
    merchant_id, order = forms.load(HeapSchema)
    taken = commands.take_tickets_for(g.session, g.who, merchant_id, order, now=g.clock())
    return redirect(url_for(".ticket_payment", transaction_id=taken.transaction_id), 303)


@pages.get("/desk/vouchers/tickets/payments/<int:transaction_id>")
def ticket_payment(transaction_id: int) -> str:
    """The tickets of one payment, and the way to let some be used again."""
    payment = queries.ticket_payment(g.session, g.who, transaction_id)
    return desk_page("association/ticket_payment.html", payment=payment)


@pages.post("/desk/vouchers/tickets/payments/<int:transaction_id>")
def release_tickets(transaction_id: int) -> Answer:
    """申請する: a second person decides."""
    schema = ReleaseTicketsSchema()
    order = schema.order(forms.load(schema), transaction_id)
    number = commands.propose_ticket_release(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


def _booklet(lot: ListedLot, number: int) -> list[PrintedTicket]:
    """The cover and every ticket, those for small shops first."""
    return [_piece(lot, TicketName(lot.id, number, ticket)) for ticket in range(lot.tickets + 1)]


def _piece(lot: ListedLot, name: TicketName) -> PrintedTicket:
    says = queries.text_of(g.session, g.who.district_id, name)
    serial = name.serial if name.ticket else f"{lot.id}-{name.booklet:04d}"
    return PrintedTicket(serial, says, grouped_text(says), name.ticket == 0, 1 <= name.ticket <= lot.local_tickets)


def _facts(one: SeenTicket) -> dict[str, Any]:
    kind = _("専用券") if one.is_local else _("共通券") if one.terms.local_face else ""
    return {"serial": one.name.serial, "face": one.face, "kind": kind, "name": named(one.terms)}
