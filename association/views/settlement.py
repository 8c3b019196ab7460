"""換金: closing days, the run that pays the shops, its advice for each of them, and the proof that nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, queries, titles
from association.errors import RunUnknown
from association.queries import Run, RunLine
from association.rules.settlement import TAX_PERCENT
from association.schemas import ClosingSchema, MomentSchema, PaidOnSchema, RunSchema, SettlementTermsSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from web import forms, papers, pdf
from web.csvfile import rows_to_csv
from web.i18n import _, translate

OFFERED = 3
"""Closing days that may be settled now, newest first, as many as are offered."""


@pages.get("/desk/settlement")
def settlement() -> str:
    """Which closing days wait, and every run so far."""
    return desk_page(
        "association/settlement.html",
        terms=queries.terms(g.session, g.who.district_id),
        due=queries.due_closings(g.session, g.who, now=g.clock())[:OFFERED],
        upcoming=queries.next_payday(g.session, g.who.district_id, now=g.clock()),
        runs=queries.runs(g.session, g.who),
        closings=titles.CLOSINGS,
        weekdays=titles.WEEKDAYS,
    )


@pages.get("/desk/settlement/draft")
def settlement_draft() -> str | Answer:
    """Who would get how much, what looks odd, and what will be booked. Nothing is put forward yet."""
    wanted = asked(ClosingSchema)["closing"]
    due = queries.due_closings(g.session, g.who, now=g.clock())
    closes_on: date | None = wanted or (due[0] if due else None)
    if closes_on is None:
        return redirect(url_for(".settlement"), 303)
    for head in queries.runs(g.session, g.who):
        if head.closes_on == closes_on and head.state != "declined":  # somebody was here before: there is no second one
            return redirect(url_for(".settlement_run", run_id=head.id), 303)
    draft = queries.run_draft(g.session, g.who, closes_on, now=g.clock())
    return desk_page(
        "association/settlement_draft.html", draft=draft, due=due[:OFFERED], carries=titles.CARRIES, tax_percent=TAX_PERCENT, one_day=DAY
    )


@pages.post("/desk/settlement/draft")
def submit_settlement() -> Answer:
    """申請する: the same closing day again leads to the same run."""
    run_id = commands.submit_run(g.session, g.who, **forms.load(RunSchema), now=g.clock())
    return redirect(url_for(".settlement_run", run_id=run_id), 303)


@pages.get("/desk/settlement/<int(max=9223372036854775807):run_id>")
def settlement_run(run_id: int) -> str:
    """One run: every shop, what was or will be booked, and the next person's button."""
    run = queries.run(g.session, g.who, run_id)
    return desk_page(
        "association/settlement_run.html",
        run=run,
        carries=titles.CARRIES,
        tax_percent=TAX_PERCENT,
        today=tokyo_day(g.clock()),
        one_day=DAY,
    )


@pages.post("/desk/settlement/<int(max=9223372036854775807):run_id>/payout")
def submit_payout(run_id: int) -> Answer:
    """振込済みにする: somebody else confirms it."""
    commands.submit_payout(g.session, g.who, run_id, **forms.load(PaidOnSchema), now=g.clock())
    return redirect(url_for(".settlement_run", run_id=run_id), 303)


@pages.get("/desk/settlement/<int(max=9223372036854775807):run_id>.csv")
def settlement_csv(run_id: int) -> Response:
    """換金明細: one row a shop, those that were carried over at the end."""
    run = queries.run(g.session, g.who, run_id)
    head = [_("お店の番号"), _("加盟店"), _("繰越（円）"), _("受け取り（円）"), _("返金（円）"), _("調整（円）"), _("支払う残高（円）")]
    head += [_("手数料（円）"), _("消費税（円）"), _("代理販売の現金（円）"), _("振込額（円）"), _("振込日"), _("状態")]
    lines: list[list[object]] = [head, *(_row(line) for line in run.lines)]
    for carried in run.carried:
        shop = carried.shop
        row: list[object] = [shop.public_number if shop else "", shop.name if shop else "", *[None] * 4, carried.amount, *[None] * 5]
        lines.append([*row, translate(titles.CARRIES[carried.reason][1])])
    name = f"settlement-{run.closes_on}.csv"
    return Response(rows_to_csv(lines), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.get("/desk/settlement/<int(max=9223372036854775807):run_id>/shops/<int(max=9223372036854775807):merchant_id>/advice.pdf")
def settlement_advice(run_id: int, merchant_id: int) -> Response:
    """支払通知書 of one shop, once the bank has paid. Raises RunUnknown."""
    line = _line(queries.run(g.session, g.who, run_id), merchant_id)
    if line.transaction_id is None:
        raise RunUnknown
    payout = merchant.queries.payout(g.session, g.who.district_id, merchant_id, line.transaction_id)
    if not payout.is_paid:
        raise RunUnknown
    paper = papers.payment_advice(
        district=g.district.name,
        association=g.district.association,
        contact=g.district.contact,
        facts=payout.facts,
        paid_on=payout.paid_on,
        made_at=payout.confirmed_at or payout.posted_at,
    )
    answer = Response(pdf.render("payment_advice", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="advice-{payout.advice}.pdf"'
    return answer


@pages.get("/desk/settlement/terms")
def settlement_terms() -> str:
    """When books are closed, when shops are paid, what it costs them; and every version before."""
    history = queries.terms_history(g.session, g.who)
    return desk_page(
        "association/settlement_terms.html",
        terms=history[0][0] if history else None,
        history=history,
        closings=titles.CLOSINGS,
        shifts=titles.SHIFTS,
        weekdays=titles.WEEKDAYS,
        may_set=g.who.has("administrator"),
        tax_percent=TAX_PERCENT,
    )


@pages.post("/desk/settlement/terms")
def set_settlement_terms() -> Answer:
    """決める: holds from the next run on; runs that were put forward keep theirs."""
    commands.set_settlement_terms(g.session, g.who, forms.load(SettlementTermsSchema), now=g.clock())
    return redirect(url_for(".settlement_terms"), 303)


@pages.get("/desk/settlement/proof")
def settlement_proof() -> str:
    """月次の証明: what shops took, and where each yen of it is, at the end of a day (the last month's, unless asked)."""
    today = tokyo_day(g.clock())
    until = asked(MomentSchema)["at"] or today.replace(day=1) - DAY
    return desk_page("association/settlement_proof.html", proof=queries.proof(g.session, g.who, min(until, today)), today=today)


DAY = timedelta(days=1)


def _line(run: Run, merchant_id: int) -> RunLine:
    found = [line for line in run.lines if line.merchant_id == merchant_id]
    if not found:
        raise RunUnknown
    return found[0]


def _row(line: RunLine) -> list[Any]:
    figures = [line.yen(name) for name in ("opening", "taken", "given_back", "other", "payable", "fee", "tax", "agent", "net")]
    state = {"waiting": _("承認待ち"), "settled": _("振込待ち"), "refused": _("繰越"), "paid": _("振込済み")}[line.state]
    return [str(line.facts["advice"]).rpartition("-")[2], line.facts["payee"], *figures, line.paid_on or line.facts["pay_on"], state]
