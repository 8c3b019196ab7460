"""レシート at the till: the day's list, one receipt with its papers and what came back of it, and goods that come back now."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, redirect, request, url_for
from marshmallow import EXCLUDE
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from base.db import atomic
from merchant import commands, queries
from merchant.commands import Paper, ReturnGoods, Wanted
from merchant.queries import ReceiptRow
from merchant.receipt_paper import receipt_paper
from merchant.schemas import PaperSchema, PdfSchema, ReceiptsPageSchema, RegisterSchema, ReturnSchema
from merchant.views.frame import Place, at_desk, at_till, desk_page, not_in_practice, pages, public_url, till_page
from merchant.views.printing import prints_here
from web import forms, pdf
from web.i18n import _
from web.papers import till_receipt


@pages.get("/till/receipts")
@at_till
def receipts() -> str:
    """A day's receipts of the shop, with its sums by means and by rate."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    today = tokyo_day(g.clock())
    day = ReceiptsPageSchema().load(request.args)["day"] or today
    rows = queries.receipts_of_day(g.session, place.who.district_id, place.shop.id, day)
    return till_page(
        "merchant/receipts.html",
        rows=rows,
        day=day,
        today=today,
        one_day=timedelta(days=1),
        sums=queries.day_of_receipts(rows),
        prints=prints_here(),
    )


@pages.get("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>")
@at_till
def receipt(till_id: int, serial: int) -> str:
    """One receipt as it was given, its papers, and the way to take goods back."""
    place: Place = g.place
    row = _one(till_id, serial)
    returns = queries.returns_of(g.session, place.who.district_id, till_id, serial) if row.kind == "sale" else []
    return till_page(
        "merchant/receipt.html",
        row=row,
        said=till_receipt(row.content, made_at=g.clock(), on_paper=False),
        returns=returns,
        stands=queries.as_it_stands(g.session, place.who.district_id, row),
        payments=queries.payments_of(g.session, place.who.district_id, row) if row.kind == "sale" else [],
        left=queries.left_of_receipt(row, returns) if row.kind == "sale" else [],
        prints=prints_here(),
        noted=queries.noted_of(g.session, place.who.district_id, till_id, serial),
        copies=queries.copies_of(g.session, place.who.district_id, till_id, serial),
        people=queries.staff(g.session, place.who.district_id, place.shop.id),
    )


@pages.post("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>/paper")
@at_till
def make_paper(till_id: int, serial: int) -> Answer:
    """A paper to be handed over; it is counted, and from the second one on it says 再発行. Printed, or shown to be printed."""
    not_in_practice()
    place: Place = g.place
    paper = Paper(**forms.load(PaperSchema))
    with atomic(g.session):
        copy = commands.make_paper(g.session, g.who, till_id, serial, paper, now=g.clock())
        if queries.printer_of(g.session, place.who.district_id, place.till.id).has_printer:
            wanted = Wanted("receipt", paper.key, till_id, serial, copy.kind, copy.place)
            commands.print_paper(g.session, g.who, wanted, now=g.clock())
            return redirect(url_for(".receipt", till_id=till_id, serial=serial), 303)
    return redirect(url_for(".receipt_pdf", till_id=till_id, serial=serial, kind=copy.kind, place=copy.place), 303)


@pages.get("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>.pdf")
@at_till
def receipt_pdf(till_id: int, serial: int) -> Response:
    """A paper that was made, or, without a kind, the shop's own copy, which is no receipt to hand over."""
    place: Place = g.place
    row = _one(till_id, serial)
    wanted = PdfSchema().load(request.args)
    copies = queries.copies_of(g.session, place.who.district_id, till_id, serial)
    copy = next((each for each in copies if (each.kind, each.place) == (wanted["kind"], wanted["place"])), None)
    said = receipt_paper(g.session, place.who.district_id, row, copy, public_url=public_url(), now=g.clock())
    answer = Response(pdf.render("till_receipt", said), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{row.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>/return")
@at_till
def return_goods(till_id: int, serial: int) -> Answer:
    """返品する: the slip of what came back."""
    not_in_practice()
    sent = forms.load(ReturnSchema)
    order = ReturnGoods(tuple(sent.pop("quantities")), amounts=tuple(sent.pop("amounts")), **sent)
    slip = commands.return_goods(g.session, g.who, till_id, serial, order, now=g.clock())
    return redirect(url_for(".receipt", till_id=slip.till_id, serial=slip.serial), 303)


@pages.get("/shop/register")
@at_desk
def register_settings() -> str:
    """レシート: who writes them, and how this till counts."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    today = tokyo_day(g.clock())
    choice = queries.register_choice(g.session, g.shop.district_id, g.shop.id).on(today)
    articles = len(queries.articles(g.session, g.shop.district_id, g.shop.id))
    return desk_page(
        "merchant/register_settings.html",
        choice=choice,
        kept="kept" in request.args,
        names=_till_names(),
        articles=articles,
        numbers=queries.registrations(g.session, g.shop),
        tomorrow=today + timedelta(days=1),
    )


@pages.post("/shop/register")
@at_desk
def set_register() -> Answer:
    """From the next sale on it is so."""
    issues, rereads, choice, days = forms.load(RegisterSchema(today=tokyo_day(g.clock()), unknown=EXCLUDE))
    more = {"issues": issues, "rereads": rereads, "registrations": days}
    commands.set_register(g.session, g.who, g.shop.id, choice, **more, now=g.clock())
    return redirect(url_for(".register_settings", kept=""), 303)


def _till_names() -> list[tuple[int, str, str]]:
    """The tills that may number receipts of the printed code."""
    rows = queries.tills(g.session, g.shop.district_id, g.shop.id)
    return [(row.id, _("出す（番号は「%(till)s」のもの）", till=row.name), "") for row in rows if row.revoked_at is None]


def _one(till_id: int, serial: int) -> ReceiptRow:
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    return queries.receipt_at(g.session, place.who.district_id, place.shop.id, till_id, serial)
