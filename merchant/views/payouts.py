"""入金: what is coming and when, what stands for the next closing, and every payout so far with its 支払通知書."""

from __future__ import annotations

from typing import Any

from flask import Response, g

import association.queries
import identity.commands
import ledger.queries
from ledger.errors import TransactionUnknown
from merchant import queries
from merchant.views.frame import Place, at_desk, at_till, desk_page, pages, till_page
from web import papers, pdf, tables
from web.i18n import _
from web.tables import moment, text, yen

PAGE = 500


@pages.get("/shop/payouts")
@at_desk
def shop_payouts() -> str:
    """For the owner: at the desk or on a phone."""
    identity.commands.authorise(g.session, g.who, "merchant.read_payouts")
    return desk_page("merchant/shop_payouts.html", **outlook(g.shop.district_id, g.shop.id))


@pages.get("/shop/payouts/<int(max=9223372036854775807):transaction_id>")
@at_desk
def payout_made_of(transaction_id: int) -> str:
    """The payments behind one payout: their sum is its own."""
    identity.commands.authorise(g.session, g.who, "merchant.read_payouts")
    payout = queries.payout(g.session, g.shop.district_id, g.shop.id, transaction_id)
    lines = queries.payout_lines(g.session, g.shop.district_id, g.shop.id, payout)
    return desk_page("merchant/payout.html", one=payout, lines=lines[:PAGE], count=len(lines), sum=sum(each.amount for each in lines))


@pages.get("/shop/payouts/<int(max=9223372036854775807):transaction_id>.<any(xlsx, csv):file>")
@at_desk
def payout_table(transaction_id: int, file: str) -> Response:
    """All of them."""
    identity.commands.authorise(g.session, g.who, "merchant.read_payouts")
    payout = queries.payout(g.session, g.shop.district_id, g.shop.id, transaction_id)
    columns = [moment(_("日時")), text(_("受付番号"), 16), text(_("種類"), 12), yen(_("金額（円）"))]
    words = {"taken": _("受け取り"), "given_back": _("返金"), "other": _("調整")}
    lines = queries.payout_lines(g.session, g.shop.district_id, g.shop.id, payout)
    rows = [[each.posted_at, each.number, words[each.what], each.amount] for each in lines]
    return tables.download(file, f"payout-{payout.closes_on}", columns, rows)


@pages.get("/till/sales/payouts")
@at_till
def till_payouts() -> str:
    """入金予定 on the tablet: the same figures, without the papers."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read_payouts")
    return till_page("merchant/till_payouts.html", **outlook(place.who.district_id, place.shop.id))


@pages.get("/shop/payouts/<int(max=9223372036854775807):transaction_id>.pdf")
@at_desk
def payout_advice(transaction_id: int) -> Response:
    """支払通知書 of one payout. Raises TransactionUnknown before the bank has paid, and for another shop's."""
    identity.commands.authorise(g.session, g.who, "merchant.read_payouts")
    payout = queries.payout(g.session, g.shop.district_id, g.shop.id, transaction_id)
    if not payout.is_paid:
        raise TransactionUnknown(transaction=transaction_id)
    paper = papers.payment_advice(
        district=g.district.name,
        association=g.district.association,
        contact=g.district.contact,
        facts=payout.facts,
        paid_on=payout.paid_on,
        made_at=payout.confirmed_at or payout.posted_at,
        anchor=ledger.queries.newest_checkpoint(g.session, g.shop.district_id),
    )
    answer = Response(pdf.render("payment_advice", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="advice-{payout.advice}.pdf"'
    return answer


def outlook(district_id: int, merchant_id: int) -> dict[str, Any]:
    """What every page of payouts shows: `coming` (settled, not with the bank yet; the next first), `past`, `standing` yen
    that wait for the next closing, `account`: where it is paid, `cases`: payments that are disputed, and `upcoming`: its closing
    day and pay day, None without terms."""
    every = queries.payouts(g.session, district_id, merchant_id)
    return {
        "coming": sorted((one for one in every if not one.is_paid and not one.came_back), key=lambda one: one.pay_on),
        "past": [one for one in every if one.is_paid or one.came_back],
        "standing": queries.owed(g.session, district_id, merchant_id),
        "account": association.queries.accounts_of_shop(g.session, district_id, merchant_id, now=g.clock()),
        "cases": association.queries.disputes_of_shop(g.session, district_id, merchant_id),
        "contact": g.district.contact,
        "upcoming": association.queries.next_payday(g.session, district_id, merchant_id, now=g.clock()),
    }
