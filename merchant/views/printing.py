"""プリンター: what the owner chooses for each till, what is under way at a till, and what a person says of a paper."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import identity.queries
from identity.queries import Token
from merchant import commands, queries
from merchant.commands import Wanted
from merchant.queries import PrintRow
from merchant.schemas import KeySchema, PrintAnswerSchema, PrinterSchema
from merchant.views.frame import Place, at_desk, at_till, desk_page, not_in_practice, pages, public_url
from web import forms


@pages.get("/till/print")
@at_till
def prints() -> str:
    """What is under way at this till, as a part of a page: its script fetches it while something moves."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.print")
    return render_template("merchant/prints.html", prints=prints_here())


@pages.post("/till/print/<uuid:job_id>/answer")
@at_till
def answer_print(job_id: UUID) -> Answer:
    """紙は出ましたか."""
    not_in_practice()
    said = forms.load(PrintAnswerSchema)
    job = commands.answer_print(g.session, g.who, job_id, said["answer"], tries=said["tries"], now=g.clock())
    return redirect(_page_of(job), 303)


@pages.post("/till/day/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):report>/print")
@at_till
def print_day_report(till_id: int, report: int) -> Answer:
    """日計表 on the counter's printer."""
    place: Place = g.place
    queries.day_report_at(g.session, place.who.district_id, place.shop.id, till_id, report)
    key: UUID = forms.load(KeySchema)["key"]
    commands.print_paper(g.session, g.who, Wanted("report", key, till_id, report), now=g.clock())
    return redirect(url_for(".day_report_page", till_id=till_id, report=report), 303)


@pages.get("/shop/printers")
@at_desk
def printers() -> str:
    """Each till with its printer."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return _page(None, None)


@pages.post("/shop/printers/<int(max=9223372036854775807):till_id>")
@at_desk
def set_printer(till_id: int) -> Answer:
    """From the next paper on it is so."""
    choice = forms.load(PrinterSchema)
    allowed = current_app.config["PRINTERS"]
    commands.set_printer(g.session, g.who, g.shop.id, till_id, choice, allowed=allowed, now=g.clock())
    return redirect(url_for(".printers", kept=""), 303)


@pages.post("/shop/printers/<int(max=9223372036854775807):till_id>/token")
@at_desk
def make_print_token(till_id: int) -> str:
    """The agent's token is shown once, on this very answer."""
    return _page(commands.make_print_token(g.session, g.who, g.shop.id, till_id, now=g.clock()), till_id)


@pages.post("/shop/printers/<int(max=9223372036854775807):till_id>/token/<int(max=9223372036854775807):token_id>/end")
@at_desk
def end_print_token(till_id: int, token_id: int) -> Answer:
    """トークンを止める: at once."""
    commands.end_print_token(g.session, g.who, g.shop.id, till_id, token_id, now=g.clock())
    return redirect(url_for(".printers", kept=""), 303)


@pages.post("/shop/printers/<int(max=9223372036854775807):till_id>/test")
@at_desk
def test_printer(till_id: int) -> Answer:
    """ためしに印刷する."""
    key: UUID = forms.load(KeySchema)["key"]
    commands.test_printer(g.session, g.who, g.shop.id, till_id, key=key, now=g.clock())
    return redirect(url_for(".printers"), 303)


def prints_here() -> list[PrintRow]:
    """What is under way at this till or wants an answer."""
    place: Place = g.place
    return queries.print_jobs(g.session, place.who.district_id, place.till.id, now=g.clock())


def _page_of(job: PrintRow) -> str:
    """Where the paper can be seen."""
    if job.what == "receipt":
        return url_for(".receipt", till_id=job.of_till, serial=job.number)
    if job.what == "report":
        return url_for(".day_report_page", till_id=job.of_till, report=job.number)
    return url_for(".receipts")


def _page(token: str | None, token_till: int | None) -> str:
    district_id = g.shop.district_id
    tills = [row for row in queries.tills(g.session, district_id, g.shop.id) if row.revoked_at is None]
    return desk_page(
        "merchant/printers.html",
        tills=[(row, queries.printer_of(g.session, district_id, row.id), _last(row.id)) for row in tills],
        tokens=_tokens() if g.who.has("owner") else {},
        addresses=current_app.config["PRINTERS"],
        token=token,
        token_till=token_till,
        server=public_url(),
        kept="kept" in request.args,
    )


def _tokens() -> dict[int, list[Token]]:
    """The living tokens of agents, by till."""
    found: dict[int, list[Token]] = {}
    for each in identity.queries.api_tokens(g.session, g.who, merchant_id=g.shop.id):
        if each.till_id is not None and each.ended_at is None:
            found.setdefault(each.till_id, []).append(each)
    return found


def _last(till_id: int) -> PrintRow | None:
    return queries.last_print(g.session, g.shop.district_id, till_id, now=g.clock())
