"""お店のQR: the code on the counter, to be printed and to be renewed."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from merchant import commands, queries
from merchant.errors import CodeUnknown
from merchant.queries import CodeSheet
from merchant.schemas import SheetSchema
from merchant.views.frame import at_desk, code_keys, desk_page, pages, public_url
from web import papers, pdf


@pages.get("/shop/code")
@at_desk
def shop_code() -> str:
    """The live code as it is printed, with its check word."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page("merchant/shop_code.html", sheet_data=_sheet())


@pages.post("/shop/code")
@at_desk
def renew_code() -> Answer:
    """Make the code, or renew it: stickers of the one before stop working at once."""
    commands.make_static_code(g.session, g.who, g.shop.id, now=g.clock())
    return redirect(url_for(".shop_code"), 303)


@pages.get("/shop/code.pdf")
@at_desk
def code_pdf() -> Response:
    """The code as a print-ready sheet: A6 for a stand, A4 for a wall, or the whole pack of poster, stand and stickers."""
    size = SheetSchema().load(request.args)["size"]
    identity.commands.authorise(g.session, g.who, "merchant.print_code", subject=f"merchant:{g.shop.id} {size}")
    sheet = _sheet()
    if sheet is None:
        raise CodeUnknown
    words = queries.sheet_words(g.session, g.district, sheet, public_url=public_url(), now=g.clock())
    template, paper = ("shop_pack", papers.shop_pack(**words)) if size == "pack" else ("code_sheet", papers.code_sheet(size=size, **words))
    answer = Response(pdf.render_checked(template, paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="qr-{sheet.shop.public_number}-{size}.pdf"'
    return answer


def _sheet() -> CodeSheet | None:
    return queries.code_sheet(g.session, g.shop.district_id, g.shop.id, public_url=public_url(), key=code_keys()[0])
