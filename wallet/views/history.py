"""履歴 and 利用明細. A statement is no invoice and states no tax: the rate of an amount typed on a keypad is unknown."""

from __future__ import annotations

from datetime import date

from flask import Response, g, jsonify, render_template, request

import association.queries
import identity.queries
import ledger.queries
import merchant.queries
from base.clock import tokyo_day
from base.errors import NotFound
from wallet import queries
from wallet.queries import Search
from wallet.schemas import SearchSchema, month_of, size_of
from wallet.views.frame import consumers_only, me, now, pages
from wallet.views.statements import month_csv, month_pdf, slip_pdf
from web.forms import Refill, by_field
from web.i18n import _
from web.i18n import month as month_name


@pages.get("/wallet/history")
@consumers_only
def history() -> tuple[str, int] | str:
    """By day with totals; by month, and searched by shop, kind and amount over all months."""
    sent = dict(request.args.items())
    wrong = SearchSchema().validate(sent)
    if wrong:
        g.refill = Refill(values={name: [value] for name, value in sent.items()}, errors=by_field(wrong))
    search = Search() if wrong else SearchSchema().load(sent)
    searching = bool(search.shop or search.amount_min is not None or search.amount_max is not None)
    if search.month is None and not searching:
        search = SearchSchema().load({**({} if wrong else sent), "month": f"{tokyo_day(now()):%Y-%m}"})
    joined = identity.queries.person_profile(g.session, me()).created_at
    months = queries.months(joined, now())
    page = render_template(
        "wallet/history.html",
        search=search,
        searching=searching or bool(wrong),
        page=queries.history(g.session, me(), search),
        months=months,
        month_options=[("", _("すべての月"))] + [(f"{one:%Y-%m}", month_name(one.year, one.month)) for one in months],
        today=tokyo_day(now()),
        passes_on=queries.passes_on(g.session, me().district_id, now=now()),
        docked=True,
    )
    return (page, 422) if wrong else page


@pages.get("/wallet/history/<int:transaction_id>")
@consumers_only
def detail(transaction_id: int) -> str:
    """One payment, top-up or refund: the 利用明細 on the screen."""
    receipt = queries.payment(g.session, me(), transaction_id, now=now())
    case = association.queries.dispute_of_payment(g.session, me().district_id, transaction_id) if receipt.kind == "payment" else None
    return render_template(
        "wallet/detail.html",
        receipt=receipt,
        case=case,
        again="again" in request.args,
        earned=queries.earned_by(g.session, me(), receipt),
        has_receipt=merchant.queries.receipt_of_payment(g.session, me().district_id, transaction_id) is not None,
        today=tokyo_day(now()),
        back="/wallet/history",
    )


@pages.get("/wallet/history/<int:transaction_id>.pdf")
@consumers_only
def slip(transaction_id: int) -> Response:
    """The 利用明細 of one movement as PDF; once it is sealed, with its proof."""
    receipt = queries.payment(g.session, me(), transaction_id, now=now())
    earned = queries.earned_by(g.session, me(), receipt)
    return slip_pdf(g.district, receipt, queries.proof(g.session, me(), transaction_id), earned, now=now())


@pages.get("/wallet/history/<int:transaction_id>/proof")
@consumers_only
def proof(transaction_id: int) -> tuple[Response, int] | Response:
    """For the page's script: the proof of one movement, and the log since `seen`. 202: not sealed yet."""
    seen = size_of(request.args.get("seen"))
    found = queries.proof(g.session, me(), transaction_id, seen=seen)
    if found is None:
        return jsonify(waiting=True), 202
    return jsonify(receipt=ledger.queries.plain_receipt(found.receipt), log=found.sight.as_json())


@pages.get("/wallet/statement/<month>.csv")
@consumers_only
def statement_csv(month: str) -> Response:
    """A month as CSV, oldest first."""
    first = _month(month)
    return month_csv(first, queries.movements(g.session, me(), Search(month=first)))


@pages.get("/wallet/statement/<month>.pdf")
@consumers_only
def statement_pdf(month: str) -> Response:
    """A month as PDF, oldest first."""
    first = _month(month)
    nickname = identity.queries.person_profile(g.session, me()).nickname
    return month_pdf(g.district, nickname, first, queries.movements(g.session, me(), Search(month=first)), now=now())


def _month(text: str) -> date:
    first = month_of(text)
    if first is None:
        raise NotFound
    return first
