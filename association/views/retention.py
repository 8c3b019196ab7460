"""保存期間: what is kept how long, by which law, and what deletes it; from the table that the jobs read."""

from __future__ import annotations

from flask import Response, g

from association import queries
from association.views.frame import desk_page, pages
from identity.retention import RETENTION
from web import tables
from web.i18n import _, translate
from web.tables import day, text


@pages.get("/desk/retention")
def retention() -> str:
    """Every kind of data, and who can only be told by letter that they will be forgotten."""
    return desk_page("association/retention.html", rows=RETENTION, letters=queries.to_be_written(g.session, g.who, now=g.clock()))


@pages.get("/desk/retention.<any(xlsx, csv):file>")
def retention_table(file: str) -> Response:
    """The same, for a privacy or an auditor's folder."""
    columns = [text(_("データ"), 44), text(_("保存期間"), 44), text(_("根拠"), 32), text(_("消す仕事"), 20)]
    rows = [
        [translate(each.what), translate(each.keeps), translate(each.law), each.job or (translate(each.by) if each.by else None)]
        for each in RETENTION
    ]
    return tables.download(file, "retention", columns, rows)


@pages.get("/desk/retention/letters.<any(xlsx, csv):file>")
def letters_table(file: str) -> Response:
    """手紙で伝える人, by number: what an association knows of their address stands in its own papers."""
    columns = [text(_("利用者番号"), 14), day(_("登録が消える日"))]
    return tables.download(file, "letters", columns, queries.to_be_written(g.session, g.who, now=g.clock()))
