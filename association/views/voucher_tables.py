"""商品券 as files: who owes what for the premium, the lots of paper, and which lines of a list may be one person."""

from __future__ import annotations

from flask import Response, g

from association import queries, titles
from association.views.frame import pages
from association.views.voucher_calls import called
from web import tables
from web.i18n import _, translate
from web.tables import count, moment, text, yen


@pages.get("/desk/vouchers/<int:voucher_id>/premium.<any(xlsx, csv):file>")
def voucher_claims_table(voucher_id: int, file: str) -> Response:
    """The premium on what was used, payer by payer. What is paid and owed is a funder's only."""
    columns = [text(_("負担者"), 28), count(_("負担の割合（%）")), yen(_("使われた分（円）")), yen(_("記帳済み（円）"))]
    columns += [yen(_("入金済み（円）")), yen(_("未収（円）"))]
    rows = [
        [
            each.part.funder or translate(titles.PAYERS[each.part.payer]),
            each.part.percent,
            each.claim,
            each.booked,
            *((each.paid, each.owed) if each.part.payer == "funder" else (None, None)),
        ]
        for each in queries.voucher_account(g.session, g.who, voucher_id, now=g.clock()).claims
    ]
    return tables.download(file, f"voucher-{voucher_id}-premium", columns, rows)


@pages.get("/desk/vouchers/<int:voucher_id>/tickets.<any(xlsx, csv):file>")
def ticket_lots_table(voucher_id: int, file: str) -> Response:
    """The lots of a campaign, with what became of their booklets."""
    columns = [text(_("束"), 10), yen(_("1枚の額（円）")), count(_("専用券（枚）")), count(_("共通券（枚）")), count(_("冊数"))]
    columns += [count(_("販売した冊")), count(_("止めた冊")), count(_("替えた冊")), text(_("作った人"), 24), moment(_("作った日時"))]
    rows = [
        [
            lot.id,
            lot.face,
            lot.local_tickets,
            lot.common_tickets,
            lot.booklets,
            lot.sold,
            lot.stopped,
            lot.replaced,
            lot.made_by_name or _("退会した人"),
            lot.made_at,
        ]
        for lot in queries.ticket_lots(g.session, g.who, voucher_id)
    ]
    return tables.download(file, f"tickets-{voucher_id}", columns, rows)


@pages.get("/desk/vouchers/<int:voucher_id>/residents.<any(xlsx, csv):file>")
def doubles_table(voucher_id: int, file: str) -> Response:
    """Lines of the list that may be one person, a group together. No name leaves the vault in a file: the list itself has them."""
    called(voucher_id)
    groups = enumerate(queries.resident_doubles(g.session, g.who, voucher_id), start=1)
    rows = [[number, one.line] for number, group in groups for one in group]
    return tables.download(file, f"residents-{voucher_id}-doubles", [text(_("組の番号"), 10), text(_("名簿の行"), 10)], rows)
