"""What is printed for a voucher that people apply for: 購入引換券 for the town to post, letters and labels for those who wrote on paper."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.errors import NothingToPrint, NothingToSend
from association.rules.codes import grouped_code
from association.schemas import LettersSchema, LettersSentSchema, PartSchema
from association.views.frame import asked, pages
from association.views.voucher_calls import called
from base.clock import tokyo_day
from identity.commands import authorise
from web import csvfile, forms, papers, pdf
from web.papers import Addressee

SHEET, LETTERS = 100, 200
"""Codes and letters in one file: a few seconds of drawing, during which other papers of this process wait."""


@pages.get("/desk/vouchers/<int:voucher_id>/purchase-codes.pdf")
def purchase_slips(voucher_id: int) -> Response:
    """The slips that nobody has used, ten to a page. Who asked for them is on record."""
    terms, call = called(voucher_id)
    part = asked(PartSchema)["part"]
    first, last = (part - 1) * SHEET, part * SHEET
    slips = [
        one for one in queries.purchase_codes(g.session, g.who, voucher_id, part=part) if one.state == "left" and first < one.place <= last
    ]
    if not slips:
        raise NothingToPrint
    paper = papers.purchase_slips(
        address=_address(voucher_id),
        codes=[(one.place, grouped_code(one.code), one.units) for one in slips],
        voucher=terms.name,
        voucher_en=terms.name_en,
        last_day=call.last_day,
        **_issuer(),
    )
    return _attached(pdf.render_checked("top_up_codes", paper), f"purchase-codes-{voucher_id}-{part}.pdf", "application/pdf")


@pages.get("/desk/vouchers/<int:voucher_id>/purchase-codes-for-letters.csv")
def purchase_slips_csv(voucher_id: int) -> Response:
    """The same for the town's own mail merge: number, code, units, and what a QR must say."""
    called(voucher_id)
    head = ["No.", "code", "units", "url"]
    rows = [
        [str(one.place), grouped_code(one.code), str(one.units), f"{_address(voucher_id)}/{one.code}"]
        for one in queries.purchase_codes(g.session, g.who, voucher_id)
        if one.state == "left"
    ]
    return _attached(csvfile.rows_to_csv([head, *rows]), f"purchase-codes-{voucher_id}.csv", "text/csv; charset=utf-8")


@pages.get("/desk/vouchers/<int:voucher_id>/letters.pdf")
def voucher_letters(voucher_id: int) -> Response:
    """A letter to everybody who applied on paper, or to whom it still has to be sent, in the order of their numbers."""
    terms, call = called(voucher_id)
    campaign = queries.campaign_name(g.session, g.who.district_id, voucher_id)
    result = f"{current_app.config['PUBLIC_URL']}{url_for('association_outside.draw', campaign=campaign)}" if call.draw_at else ""
    paper = papers.voucher_letters(
        _part(_people(voucher_id)),
        voucher=terms.name,
        price=terms.price,
        face=terms.face,
        local_face=terms.local_face,
        way=call.way,
        last_day=terms.sale_last_day,
        result=result,
        **_issuer(),
    )
    return _attached(pdf.render("voucher_letters", paper), f"letters-{voucher_id}.pdf", "application/pdf")


@pages.get("/desk/vouchers/<int:voucher_id>/labels.pdf")
def voucher_labels(voucher_id: int) -> Response:
    """Twelve labels to a page, in the same order."""
    terms, _call = called(voucher_id)
    issuer = _issuer()
    paper = papers.address_labels(
        _part(_people(voucher_id)), title=terms.name, association=issuer["association"], made_at=issuer["made_at"]
    )
    return _attached(pdf.render("address_labels", paper), f"labels-{voucher_id}.pdf", "application/pdf")


@pages.post("/desk/vouchers/<int:voucher_id>/letters/sent")
def voucher_letters_sent(voucher_id: int) -> Answer:
    """出した: they wait no longer."""
    commands.letters_sent(g.session, g.who, voucher_id, forms.load(LettersSentSchema)["rounds"], now=g.clock())
    return redirect(url_for(".voucher_applications", voucher_id=voucher_id, _anchor="draw"), 303)


def _people(voucher_id: int) -> list[Addressee]:
    """All of them or those that wait, by number."""
    authorise(g.session, g.who, "association.keep_applications", subject=f"voucher:{voucher_id} letters")
    found = queries.paper_applications(g.session, g.who.district_id, voucher_id)
    if asked(LettersSchema)["due"]:
        due = queries.due_numbers(g.session, g.who.district_id, voucher_id, today=tokyo_day(g.clock()))
        found = [one for one in found if one.number in due]
    says = queries.particulars_of(g.session, g.who.district_id, found)
    people = [
        Addressee(
            one.number,
            says[one.number].name,
            says[one.number].postal,
            says[one.number].address,
            one.units,
            one.given,
            one.pay_until,
            refused=one.reason or "" if one.state == "refused" else None,
        )
        for one in found
        if one.number in says
    ]
    return people


def _part(people: list[Addressee]) -> list[Addressee]:
    """So many of them as are drawn in a few seconds. Raises NothingToSend."""
    part = asked(LettersSchema)["part"]
    found = people[(part - 1) * LETTERS : part * LETTERS]
    if not found:
        raise NothingToSend
    return found


def _address(voucher_id: int) -> str:
    return f"{current_app.config['PUBLIC_URL']}/wallet/vouchers/{voucher_id}/code"


def _issuer() -> dict[str, Any]:
    notice = queries.current_notice(g.session, g.who.district_id)
    contact = notice.contact if notice else ""
    return {"district": g.district.name, "association": g.district.association, "contact": contact, "made_at": g.clock()}


def _attached(body: bytes, name: str, kind: str) -> Response:
    answer = Response(body, mimetype=kind.partition(";")[0])
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
