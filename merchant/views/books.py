"""帳簿: for the shop's owner and accountant: the journal for an accounting package, consumption tax by rate, and the search of receipts."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, timedelta

from flask import Response, g, request, send_file

import identity.commands
from base.clock import tokyo_day
from base.journal_file import PACKAGES, rows
from merchant import queries
from merchant.queries import ReceiptSearch
from merchant.receipt_paper import receipt_paper
from merchant.schemas import BooksSchema, JournalSchema, ReceiptSearchSchema
from merchant.views.frame import at_desk, desk_page, pages
from web import pdf, tables
from web.i18n import _, between
from web.tables import moment, text, yen

PAGE = 100


@pages.get("/shop/books")
@at_desk
def books() -> str:
    """The last whole month unless other days are asked for."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    first, last = _days()
    return desk_page(
        "merchant/books.html",
        first=first,
        last=last,
        rates=queries.tax_by_rate(g.session, g.shop.district_id, g.shop.id, first, last),
        packages=PACKAGES,
        lost=queries.lost_of_shop(g.session, g.shop.district_id, g.shop.id),
        quick=_quick(tokyo_day(g.clock())),
    )


@pages.get("/shop/books/tax.<any(xlsx, csv):file>")
@at_desk
def books_tax_table(file: str) -> Response:
    """消費税 by rate."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    first, last = _days()
    found = queries.tax_by_rate(g.session, g.shop.district_id, g.shop.id, first, last)
    columns = [text(_("税率"), 8), yen(_("売上（税込み、円）")), yen(_("うち消費税（円）")), yen(_("返品・返金（税込み、円）"))]
    columns += [yen(_("返品・返金の消費税（円）")), yen(_("差引き（税込み、円）")), yen(_("差引きの消費税（円）"))]
    lines = [[f"{each.rate}%", each.sold, each.sold_tax, each.back, each.back_tax, each.gross, each.tax] for each in found]
    return tables.download(file, f"tax-{first}-{last}", columns, lines)


@pages.get("/shop/books/<any(yayoi, freee, mf):package>.csv")
@at_desk
def books_journal(package: str) -> Response:
    """The file, in the package's own encoding, CRLF at each end of line. In Japanese whoever asks: so are the packages' books."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    wanted, form = JournalSchema().load(dict(request.args)), PACKAGES[package]
    first, last = wanted["first"], wanted["last"]
    vouchers = queries.sales_journal(g.session, g.shop.district_id, g.shop.id, first, last, daily=wanted["by_day"])
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    out = io.TextIOWrapper(file, encoding=form.encoding, errors="replace", newline="", write_through=True)
    csv.writer(out).writerows(rows(form, vouchers))
    out.detach()
    file.seek(0)
    name = f"sales-{package}-{'days-' if wanted['by_day'] else ''}{first}-{last}.csv"
    answer = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/shop/books/receipts")
@at_desk
def books_receipts() -> str:
    """電子帳簿の検索: by day, amount and whom or what with."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    search: ReceiptSearch = ReceiptSearchSchema().load(request.args)
    district_id = g.shop.district_id
    return desk_page(
        "merchant/books_receipts.html",
        search=search,
        rows=list(queries.found_receipts(g.session, district_id, g.shop.id, search, limit=PAGE)),
        sums=queries.found_sums(g.session, district_id, g.shop.id, search),
        most=PAGE,
        asked={name: value for name, value in request.args.items() if value},
    )


@pages.get("/shop/books/receipts.<any(xlsx, csv):file>")
@at_desk
def books_receipts_table(file: str) -> Response:
    """All that the search finds."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    search: ReceiptSearch = ReceiptSearchSchema().load(request.args)
    columns = [moment(_("日時")), text(_("番号"), 22), text(_("種類"), 10), yen(_("金額（税込み、円）")), yen(_("うち消費税（円）"))]
    columns += [yen(_("現金（円）")), yen(_("カード（円）")), yen(_("コインなど（円）")), text(_("払い方"), 28), text(_("宛名"), 28)]
    lines = (
        [
            each.made_at,
            each.number,
            _("返品・返金") if each.kind == "return" else _("売上"),
            each.total,
            each.tax,
            each.cash,
            each.card,
            each.book,
            between().join(each.paid),
            between().join(each.addressees),
        ]
        for each in queries.found_receipts(g.session, g.shop.district_id, g.shop.id, search)
    )
    return tables.download(file, f"receipts-{tokyo_day(g.clock())}", columns, lines)


@pages.get("/shop/books/receipts/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):serial>.pdf")
@at_desk
def books_receipt_pdf(till_id: int, serial: int) -> Response:
    """お店の控え of one receipt."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    row = queries.receipt_at(g.session, g.shop.district_id, g.shop.id, till_id, serial)
    said = receipt_paper(g.session, g.shop.district_id, row, None, public_url="", now=g.clock())
    answer = Response(pdf.render("till_receipt", said), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{row.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _days() -> tuple[date, date]:
    asked = BooksSchema().load(dict(request.args))
    first, last = _quick(tokyo_day(g.clock()))["last_month"]
    return asked["first"] or first, asked["last"] or last


def _quick(today: date) -> dict[str, tuple[date, date]]:
    this = today.replace(day=1)
    before = this - timedelta(days=1)
    return {"today": (today, today), "this_month": (this, today), "last_month": (before.replace(day=1), before)}
