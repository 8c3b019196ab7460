"""負担者への請求: each funder with what it owes, what is in credit, and the form for money that has arrived."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import PayBill
from association.schemas import FunderPaysSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import text, yen


@pages.get("/desk/funders")
def bills() -> str:
    """Every funder's next bill."""
    return desk_page("association/bills.html", bills=queries.bills(g.session, g.who), billed=titles.BILLED)


@pages.get("/desk/funders.<any(xlsx, csv):file>")
def bills_table(file: str) -> Response:
    """A line for each campaign of each funder; below zero what is in credit."""
    columns = [text(_("負担者"), 28), text(_("種類"), 12), text(_("名前"), 28), yen(_("未収（円）"))]
    found = [(bill.name, line) for bill in queries.bills(g.session, g.who) for line in bill.lines]
    rows = [[name, translate(titles.BILLED[line.what]), named(line), line.owed] for name, line in found]
    return tables.download(file, f"funders-{tokyo_day(g.clock())}", columns, rows)


@pages.post("/desk/funders/<int(max=9223372036854775807):funder_id>")
def pay_bill(funder_id: int) -> Answer:
    """入金を記帳する: pressed twice, it is booked once."""
    commands.pay_bill(g.session, g.who, PayBill(funder_id, **forms.load(FunderPaysSchema)), now=g.clock())
    return redirect(url_for(".bills"), 303)
