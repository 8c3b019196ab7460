"""保存期間: what is kept how long, by which law, and what deletes it; from the table that the jobs read."""

from __future__ import annotations

import io

from flask import Response, g, redirect, send_file, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.errors import NothingToSend
from association.queries import Farewell
from association.schemas import FarewellsSentSchema
from association.views.frame import desk_page, pages
from identity.permissions import may
from identity.retention import RETENTION
from web import forms, papers, pdf, tables
from web.i18n import _, translate
from web.tables import day, moment, text

LETTERS = 200


@pages.get("/desk/retention")
def retention() -> str:
    """Every kind of data, and who can only be told by letter that they will be forgotten."""
    return desk_page(
        "association/retention.html",
        rows=RETENTION,
        letters=queries.farewells(g.session, g.who, now=g.clock()),
        printed=_printed(),
        may_send=may(g.who.roles, None, "association.announce"),
    )


@pages.get("/desk/retention.<any(xlsx, csv):file>")
def retention_table(file: str) -> Response:
    """The same, for a privacy or an auditor's folder."""
    columns = [text(_("データ"), 44), text(_("保存期間"), 44), text(_("根拠"), 32), text(_("消す仕事"), 28)]
    rows = [[translate(each.what), translate(each.keeps), translate(each.law), translate(each.remover) or None] for each in RETENTION]
    return tables.download(file, "retention", columns, rows)


@pages.get("/desk/retention/letters.<any(xlsx, csv):file>")
def letters_table(file: str) -> Response:
    """手紙で伝える人, by number: what an association knows of their address stands in its own papers."""
    columns = [text(_("利用者番号"), 14), day(_("登録が消える日")), moment(_("手紙を出した日時"))]
    found = queries.farewells(g.session, g.who, now=g.clock())
    return tables.download(file, "letters", columns, [[str(each.person_id), each.ends, each.sent_at] for each in found])


@pages.get("/desk/retention/letters.pdf")
def farewell_letters() -> Response:
    """A letter to each of those that wait. Raises NothingToSend."""
    people = [(each.person_id, each.ends) for each in _printed()]
    if not people:
        raise NothingToSend
    notice = queries.current_notice(g.session, g.who.district_id)
    paper = papers.farewells(
        people,
        district=g.district.name,
        association=g.district.association,
        contact=notice.contact if notice else g.district.contact,
        made_at=g.clock(),
    )
    body = io.BytesIO(pdf.render("voucher_letters", paper))
    return send_file(body, mimetype="application/pdf", as_attachment=True, download_name="letters.pdf")


@pages.post("/desk/retention/letters/sent")
def farewells_sent() -> Answer:
    """出した: those whom the page showed as waiting, whoever came beside them since."""
    commands.farewells_sent(g.session, g.who, forms.load(FarewellsSentSchema)["person"], now=g.clock())
    return redirect(url_for(".retention", _anchor="letters"), 303)


def _printed() -> list[Farewell]:
    """So many of those that wait as are drawn in a few seconds."""
    return queries.farewells_due(g.session, g.who, now=g.clock())[:LETTERS]
