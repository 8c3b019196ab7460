"""レシートを直す: what was wrong comes back, and the right receipt is written, in one press."""

from __future__ import annotations

from uuid import uuid5

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.db import atomic
from merchant import commands, queries
from merchant.commands import Correct, Paper, Wanted
from merchant.commands.slips import BY_RECEIPT
from merchant.queries import ReceiptRow
from merchant.schemas import CorrectSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from web import forms


@pages.get("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>/correct")
@at_till
def correct_page(till_id: int, serial: int) -> str:
    """Its lines, what a press does, and who may press."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    row = queries.receipt_at(g.session, place.who.district_id, place.shop.id, till_id, serial)
    return till_page(
        "merchant/correct.html",
        row=row,
        articles=queries.articles(g.session, place.who.district_id, place.shop.id),
        people=queries.staff(g.session, place.who.district_id, place.shop.id),
    )


@pages.post("/till/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>/correct")
@at_till
def correct_receipt(till_id: int, serial: int) -> Answer:
    """直したレシートを出す: both papers, where this till has a printer."""
    not_in_practice()
    sent = forms.load(CorrectSchema)
    order = Correct(**sent)
    with atomic(g.session):
        made = commands.correct_receipt(g.session, g.who, till_id, serial, order, now=g.clock())
        place: Place = g.place
        printer = queries.printer_of(g.session, place.who.district_id, place.till.id)
        if printer.has_printer and not printer.auto:
            [back] = queries.returns_of(g.session, place.who.district_id, till_id, serial)
            for each in (back, made):
                _print(each)
    return redirect(url_for(".receipt", till_id=made.till_id, serial=made.serial), 303)


def _print(row: ReceiptRow) -> None:
    key = uuid5(BY_RECEIPT, f"paper {row.till_id} {row.serial} {row.digest.hex()}")
    copy = commands.make_paper(g.session, g.who, row.till_id, row.serial, Paper("paper", "", "", key), now=g.clock())
    wanted = Wanted("receipt", key, row.till_id, row.serial, copy.kind, copy.place)
    commands.print_paper(g.session, g.who, wanted, now=g.clock())
