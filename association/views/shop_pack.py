"""お店の掲示物: what the desk prints for a shop and brings along, from the day on which it is admitted."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands
from association.views.frame import pages
from identity.commands import authorise
from merchant.errors import CodeUnknown
from web import papers, pdf


@pages.post("/desk/shops/<int:merchant_id>/pack")
def make_pack(merchant_id: int) -> Answer:
    """掲示物を作る: the shop's first code is made where it has none, then the paper is handed out."""
    commands.make_shop_code(g.session, g.who, merchant_id, now=g.clock())
    return redirect(url_for(".pack", merchant_id=merchant_id), 303)


@pages.get("/desk/shops/<int:merchant_id>/pack.pdf")
def pack(merchant_id: int) -> Response:
    """Poster, stand and stickers with the shop's code. Raises CodeUnknown."""
    authorise(g.session, g.who, "association.print_shop_code", subject=f"merchant:{merchant_id}")
    address, key = str(current_app.config["PUBLIC_URL"]), current_app.config["CODE_KEYS"][0]
    sheet = merchant.queries.code_sheet(g.session, g.district.id, merchant_id, public_url=address, key=key)
    if sheet is None:
        raise CodeUnknown
    words = merchant.queries.sheet_words(g.session, g.district, sheet, public_url=address, now=g.clock())
    answer = Response(pdf.render_checked("shop_pack", papers.shop_pack(**words)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="qr-{sheet.shop.public_number}-pack.pdf"'
    return answer
