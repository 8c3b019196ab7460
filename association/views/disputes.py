"""支払いの申し立て: the cases, one with its notes and its outcome, and the form that opens one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import OpenDispute, Outcome
from association.queries import DisputeRow
from association.schemas import DisputeNoteSchema, DisputeOutcomeSchema, DisputeSchema, HoldSchema
from association.views.frame import desk_page, pages
from association.views.sheet import full_day
from base.clock import tokyo_day
from identity.commands import authorise
from ledger.queries import payment_number
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import day, moment, text, yen


@pages.get("/desk/disputes")
def disputes() -> str:
    """Open ones first, the most urgent on top."""
    return desk_page("association/disputes.html", rows=queries.disputes(g.session, g.who), **_words())


@pages.get("/desk/disputes.<any(xlsx, csv):file>")
def disputes_table(file: str) -> Response:
    """Every case, by number and without names of people."""
    columns = [text(_("番号"), 8), text(_("受付番号"), 14), text(_("お店"), 24), text(_("だれから"), 14), yen(_("支払いの額（円）"))]
    columns += [yen(_("留め置いている額（円）")), day(_("期限")), moment(_("開いた日時")), text(_("状態"), 14), text(_("結果"), 20)]
    columns += [yen(_("返した額（円）"))]
    return tables.download(file, "disputes", columns, map(_row, queries.disputes(g.session, g.who)))


@pages.get("/desk/disputes/new")
def new_dispute() -> str:
    """The form, for the payment that the address names. Raises TransactionUnknown."""
    authorise(g.session, g.who, "association.handle_dispute", subject="page")
    number = str(forms.form_value("payment", request.args.get("payment")) or "")
    payment = ledger.queries.transaction(g.session, g.who.district_id, int(number) if number.isdigit() and len(number) < 16 else 0)
    return desk_page("association/new_dispute.html", payment=payment, due_on=queries.first_due(g.clock()), **_words())


@pages.post("/desk/disputes/new")
def open_dispute() -> Answer:
    """開く: pressed twice, one is opened."""
    form = forms.load(DisputeSchema)
    order = OpenDispute(form["payment"], form["raised_by"], form["reason"], form["due_on"], form["complaint_id"], form["key"])
    dispute_id = commands.open_dispute(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".dispute", dispute_id=dispute_id), 303)


@pages.get("/desk/disputes/<int(max=9223372036854775807):dispute_id>")
def dispute(dispute_id: int) -> str:
    """One case whole. Raises DisputeUnknown."""
    page = queries.dispute_page(g.session, g.who, dispute_id)
    return desk_page("association/dispute.html", page=page, payment_number=payment_number, **_words())


@pages.post("/desk/disputes/<int(max=9223372036854775807):dispute_id>")
def add_dispute_note(dispute_id: int) -> Answer:
    """書き足す."""
    form = forms.load(DisputeNoteSchema)
    commands.add_dispute_note(
        g.session, g.who, dispute_id, form["said_by"], form["words"], is_told=form["is_told"], due_on=form["due_on"], now=g.clock()
    )
    return redirect(url_for(".dispute", dispute_id=dispute_id), 303)


@pages.post("/desk/disputes/<int(max=9223372036854775807):dispute_id>/hold")
def hold_dispute(dispute_id: int) -> Answer:
    """留め置く申請."""
    key: UUID = forms.load(HoldSchema)["key"]
    return redirect(url_for(".approval", proposal_id=commands.propose_dispute_hold(g.session, g.who, dispute_id, key)), 303)


@pages.post("/desk/disputes/<int(max=9223372036854775807):dispute_id>/outcome")
def decide_dispute(dispute_id: int) -> Answer:
    """結果の申請; where nothing is to be booked, the case is closed at once."""
    form = forms.load(DisputeOutcomeSchema)
    order = Outcome(dispute_id, form["outcome"], form["amount"] or 0, form["words"], form["key"])
    proposal_id = commands.propose_dispute_outcome(g.session, g.who, order, now=g.clock())
    if proposal_id is None:
        return redirect(url_for(".dispute", dispute_id=dispute_id), 303)
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


def _row(row: DisputeRow) -> list[object]:
    return [
        str(row.id),
        row.number,
        named(row.shop),
        translate(titles.SIDES[row.raised_by]),
        row.amount,
        row.held,
        row.due_on,
        row.opened_at,
        translate(titles.DISPUTE_STATES[row.state][1]),
        translate(titles.DISPUTE_OUTCOMES[row.outcome]) if row.outcome else None,
        row.refunded or None,
    ]


def _words() -> dict[str, object]:
    return {
        "sides": titles.SIDES,
        "states": titles.DISPUTE_STATES,
        "outcomes": titles.DISPUTE_OUTCOMES,
        "today": tokyo_day(g.clock()),
        "full_day": full_day,
    }
