"""換金: closing days, the run that pays the shops, its advice for each of them, and the proof that nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
import merchant.queries
from association import commands, queries, titles
from association.errors import ClosingDayWrong, RunUnknown
from association.queries import CarriedLine, Due, Proof, Run, RunDraft, RunLine, ShopLine
from association.rules.settlement import TAX_PERCENT
from association.schemas import ClosingSchema, MomentSchema, PaidOnSchema, RunSchema, RunsSchema, SettlementTermsSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from ledger.queries import payment_number
from web import forms, papers, pdf, tables
from web.i18n import _, translate
from web.tables import count, day, text, yen

OFFERED = 3
"""Closing days of a cycle that may be settled now, newest first, as many as are offered."""
RUNS_A_PAGE = 24


@pages.get("/desk/settlement")
def settlement() -> str:
    """Which closing days wait, and the runs so far, a page at a time, of one cycle or of all."""
    wanted = asked(RunsSchema)
    shown = queries.runs(g.session, g.who, limit=RUNS_A_PAGE + 1, cycle=wanted["cycle"], before=wanted["before"])
    today = tokyo_day(g.clock())
    cycles = queries.cycles(g.session, g.who.district_id)
    return desk_page(
        "association/settlement.html",
        terms=queries.terms(g.session, g.who.district_id),
        due=offered(queries.due_closings(g.session, g.who, now=g.clock())),
        today=today,
        cycles=[(each, each.next_closing(today)) for each in cycles],
        names=queries.cycle_names(g.session, g.who.district_id),
        chosen=wanted["cycle"],
        runs=shown[:RUNS_A_PAGE],
        older=shown[RUNS_A_PAGE - 1].id if len(shown) > RUNS_A_PAGE else None,
        closings=titles.CLOSINGS,
        weekdays=titles.WEEKDAYS,
    )


def offered(due: list[Due]) -> list[Due]:
    """The newest of each cycle: one of them settles all days before it as well."""
    return [each for at, each in enumerate(due) if sum(before.cycle.number == each.cycle.number for before in due[:at]) < OFFERED]


@pages.get("/desk/settlement.<any(xlsx, csv):file>")
def runs_table(file: str) -> Response:
    """Every run so far, the newest first."""
    names = queries.cycle_names(g.session, g.who.district_id)
    columns = [
        text(_("番号"), 10),
        text(_("締め方")),
        day(_("締め日")),
        day(_("振込日")),
        count(_("店の数")),
        yen(_("振込額（円）")),
        text(_("状態")),
    ]
    rows = [
        [
            run.id,
            names.get(run.cycle, _("ふだんの締め方")),
            run.closes_on,
            run.pay_on,
            run.shops,
            run.net,
            translate(titles.RUN_STATES[run.state][1]),
        ]
        for run in queries.runs(g.session, g.who, limit=None)
    ]
    return tables.download(file, f"settlements-{tokyo_day(g.clock())}", columns, rows)


@pages.get("/desk/settlement/draft")
def settlement_draft() -> str | Answer:
    """Who would get how much, what looks odd, and what will be booked. Nothing is put forward yet."""
    wanted = asked(ClosingSchema)
    due = queries.due_closings(g.session, g.who, now=g.clock())
    closes_on: date | None = wanted["closing"] or next((each.closes_on for each in due if each.cycle.number == wanted["cycle"]), None)
    if closes_on is None:
        return redirect(url_for(".settlement"), 303)
    run_id = queries.run_to_open(g.session, g.who, closes_on, wanted["cycle"])
    if run_id is not None:  # somebody was here before: there is no second one
        return redirect(url_for(".settlement_run", run_id=run_id), 303)
    draft = queries.run_draft(g.session, g.who, closes_on, cycle=wanted["cycle"], now=g.clock())
    if changing := frozenset(line.shop.id for line in draft.paid if line.is_changing):  # left out until somebody has telephoned
        draft = queries.run_draft(g.session, g.who, closes_on, changing, cycle=wanted["cycle"], now=g.clock())
    return _draft_page(draft)


def _draft_page(draft: RunDraft, *, is_recounted: bool = False) -> str:
    return desk_page(
        "association/settlement_draft.html",
        draft=draft,
        is_recounted=is_recounted,
        carries=titles.CARRIES,
        tax_percent=TAX_PERCENT,
        one_day=DAY,
        today=tokyo_day(g.clock()),
    )


@pages.get("/desk/settlement/draft.<any(xlsx, csv):file>")
def draft_table(file: str) -> Response:
    """The same before anybody puts it forward: one row a shop, those that would be carried over at the end."""
    wanted = asked(ClosingSchema)
    if wanted["closing"] is None:
        raise ClosingDayWrong
    draft = queries.run_draft(g.session, g.who, wanted["closing"], cycle=wanted["cycle"], now=g.clock())
    columns = [text(_("お店の番号"), 10), text(_("加盟店"), 28), yen(_("繰越（円）")), yen(_("受け取り（円）")), yen(_("返金（円）"))]
    columns += [
        yen(_("調整（円）")),
        yen(_("支払う残高（円）")),
        yen(_("手数料（円）")),
        yen(_("消費税（円）")),
        yen(_("振込手数料（円）")),
    ]
    columns += [yen(_("代理販売の現金（円）")), yen(_("振込額（円）")), text(_("確認"), 28)]
    return tables.download(file, f"settlement-draft-{draft.closes_on}", columns, map(_draft_row, [*draft.paid, *draft.carried]))


@pages.post("/desk/settlement/draft")
def submit_settlement() -> str | Answer:
    """申請する: the same closing day again leads to the same run. Where other shops are ticked than were counted, or anything else makes
    it another sum than was shown, the page comes back with the sum, and nothing is put forward."""
    wanted = forms.load(RunSchema)
    shown, closes_on, cycle = wanted.pop("shown"), wanted["closes_on"], wanted["cycle"]
    if shown is not None and queries.run_to_open(g.session, g.who, closes_on, cycle) is None:
        draft = queries.run_draft(g.session, g.who, closes_on, wanted["without"], cycle=cycle, now=g.clock())
        if draft.net != shown:
            return _draft_page(draft, is_recounted=True)
    run_id = commands.submit_run(g.session, g.who, **wanted, now=g.clock())
    return redirect(url_for(".settlement_run", run_id=run_id), 303)


@pages.get("/desk/settlement/<int(max=9223372036854775807):run_id>")
def settlement_run(run_id: int) -> str:
    """One run: every shop, what was or will be booked, and the next person's button."""
    run = queries.run(g.session, g.who, run_id)
    transfers = queries.transfer_terms(g.session, g.who.district_id, run.transfer_version) if run.transfer_version else None
    is_holiday = queries.holidays(g.session, g.who.district_id)
    file = queries.transfer_file(g.session, g.who, run_id)
    lead_days = transfers.lead_days if transfers else 0
    suggested = queries.soonest_transfer(run.pay_on, tokyo_day(g.clock()), lead_days, is_holiday)
    return desk_page(
        "association/settlement_run.html",
        run=run,
        marks=queries.run_marks(g.session, g.who, run, now=g.clock()),
        file=file,
        suggested=suggested,
        send_by=queries.send_by(file.transfer_date if file else suggested, lead_days, is_holiday),
        recall_fee=transfers.recall_fee if transfers else 0,
        carries=titles.CARRIES,
        tax_percent=TAX_PERCENT,
        today=tokyo_day(g.clock()),
        one_day=DAY,
        limits=queries.approval_limits(g.session, g.who.district_id),
        cycle=queries.cycle_names(g.session, g.who.district_id).get(run.cycle),
    )


@pages.post("/desk/settlement/<int(max=9223372036854775807):run_id>/payout")
def submit_payout(run_id: int) -> Answer:
    """振込済みにする: somebody else confirms it."""
    commands.submit_payout(g.session, g.who, run_id, **forms.load(PaidOnSchema), now=g.clock())
    return redirect(url_for(".settlement_run", run_id=run_id), 303)


@pages.get("/desk/settlement/<int(max=9223372036854775807):run_id>.<any(xlsx, csv):file>")
def run_table(run_id: int, file: str) -> Response:
    """換金明細: one row a shop, those that were carried over at the end."""
    run = queries.run(g.session, g.who, run_id)
    columns = [
        text(_("お店の番号"), 10),
        text(_("加盟店"), 28),
        yen(_("繰越（円）")),
        yen(_("受け取り（円）")),
        yen(_("返金（円）")),
        yen(_("調整（円）")),
        yen(_("支払う残高（円）")),
        yen(_("手数料（円）")),
        yen(_("消費税（円）")),
        yen(_("代理販売の現金（円）")),
        yen(_("振込額（円）")),
        day(_("振込日")),
        text(_("状態"), 12),
        text(_("受付番号")),
    ]
    return tables.download(file, f"settlement-{run.closes_on}", columns, [*map(_row, run.lines), *map(_carried_row, run.carried)])


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
        anchor=ledger.queries.newest_checkpoint(g.session, g.who.district_id),
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
        scheme=merchant.queries.settlement_scheme(g.session, g.who.district_id),
    )


@pages.post("/desk/settlement/terms")
def set_settlement_terms() -> Answer:
    """決める: holds from the next run on; runs that were put forward keep theirs."""
    commands.set_settlement_terms(g.session, g.who, forms.load(SettlementTermsSchema), now=g.clock())
    return redirect(url_for(".settlement_terms"), 303)


@pages.get("/desk/settlement/proof")
def settlement_proof() -> str:
    """月次の証明: what shops took, and where each yen of it is, at the end of a day (the last month's, unless asked)."""
    proof = _proof()
    return desk_page("association/settlement_proof.html", proof=proof, sides=_sides(proof), today=tokyo_day(g.clock()))


@pages.get("/desk/settlement/proof.<any(xlsx, csv):file>")
def proof_table(file: str) -> Response:
    """Both sides of the proof of the same day, each with its total, and the difference."""
    proof = _proof()
    taken, found = _sides(proof)
    rows: list[list[object]] = [[_("お店が受け取った額"), *row] for row in [*taken, (_("合計"), proof.takings)]]
    rows += [[_("そのお金がある場所"), *row] for row in [*found, (_("合計"), proof.found)]]
    rows.append([_("差額"), None, proof.difference])
    columns = [text(_("どちら側"), 28), text(_("項目"), 28), yen(_("金額（円）"))]
    return tables.download(file, f"proof-{proof.until}", columns, rows)


DAY = timedelta(days=1)


def _proof() -> Proof:
    today = tokyo_day(g.clock())
    return queries.proof(g.session, g.who, min(asked(MomentSchema)["at"] or today.replace(day=1) - DAY, today))


def _sides(proof: Proof) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What shops took, and where it is: in words and yen."""
    taken = [(_("受け取り"), proof.taken), (_("返金"), -proof.given_back)]
    found = [
        (_("お店への未払い"), proof.payable),
        (_("振込中"), proof.in_transit),
        (_("振込済み"), proof.paid),
        (_("受取手数料"), proof.fee),
        (_("手数料の消費税"), proof.tax),
        (_("代理販売の現金と相殺"), proof.netted),
    ]
    if proof.disputed:
        found.insert(1, (_("留め置き"), proof.disputed))
    if proof.charges:
        found.append((_("振込手数料"), proof.charges))
    return [*taken, (_("訂正"), proof.other)] if proof.other else taken, found


def _line(run: Run, merchant_id: int) -> RunLine:
    found = [line for line in run.lines if line.merchant_id == merchant_id]
    if not found:
        raise RunUnknown
    return found[0]


def _row(line: RunLine) -> list[object]:
    figures = [line.yen(name) for name in ("opening", "taken", "given_back", "other", "payable", "fee", "tax", "agent", "net")]
    pays = line.paid_on or date.fromisoformat(str(line.facts["pay_on"]))
    state = {
        "waiting": _("承認待ち"),
        "settled": _("振込待ち"),
        "refused": _("繰越"),
        "paid": _("振込済み"),
        "returning": _("戻りの承認待ち"),
        "returned": _("振込が戻りました"),
    }[line.state]
    number = None if line.transaction_id is None else payment_number(line.transaction_id)
    return [str(line.facts["advice"]).rpartition("-")[2], line.facts["payee"], *figures, pays, state, number]


def _carried_row(line: CarriedLine) -> list[object]:
    shop = [line.shop.public_number, line.shop.name] if line.shop else [None, None]
    return [*shop, *[None] * 4, line.amount, *[None] * 5, translate(titles.CARRIES[line.reason][1]), None]


def _draft_row(line: ShopLine) -> list[object]:
    part = line.split
    says = [translate(titles.CARRIES[part.reason][1])] if part.reason else []
    says += [_("振込先の変更中")] if line.is_changing else []
    says += [_("初めての振込")] if line.is_first else [_("初めての口座")] if line.is_new_account else []
    says += [_("いつもの %(times)s倍", times=f"{line.times_usual // 10}.{line.times_usual % 10}")] if line.times_usual else []
    figures = [
        line.opening,
        line.taken,
        -line.given_back,
        line.other,
        part.payable,
        -part.fee,
        -part.tax,
        -part.charge,
        -part.agent,
        part.net,
    ]
    return [line.shop.public_number, line.shop.name, *figures, "・".join(says)]
