"""承認: what waits for a second person, and the two buttons."""

from __future__ import annotations

from datetime import date

from flask import Response, current_app, g, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import Proof
from association.queries import Limits, ListedProposal
from association.schemas import ApprovalLimitsSchema, ProofSchema, ReasonSchema
from association.views.frame import DESK_ROLES, desk_page, pages
from base.clock import tokyo_day
from identity.commands import Site
from ledger.queries import lost_of
from web import forms, tables
from web.i18n import _, day, named, translate
from web.tables import moment, text, yen

TABLE_MAX = 500
"""Proposals of each kind in the file: years of them."""


@pages.get("/desk/approvals")
def approvals() -> str:
    """What waits, then what was decided lately."""
    return desk_page(
        "association/approvals.html",
        now=g.clock(),
        waiting=queries.listed_proposals(g.session, g.who, waiting=True),
        decided=queries.listed_proposals(g.session, g.who, waiting=False, limit=10),
        limits=queries.approval_limits(g.session, g.who.district_id),
    )


@pages.get("/desk/approvals.<any(xlsx, csv):file>")
def approvals_table(file: str) -> Response:
    """What waits, then what was decided, the newest first: who proposed, who decided, how much."""
    listed = [each for waiting in (True, False) for each in queries.listed_proposals(g.session, g.who, waiting=waiting, limit=TABLE_MAX)]
    columns = [
        text(_("番号"), 10),
        text(_("申請"), 28),
        text(_("何の"), 28),
        yen(_("金額（円）")),
        text(_("申請した人"), 24),
        moment(_("申請した日時")),
        text(_("決めた人"), 24),
        moment(_("決めた日時")),
        text(_("結果"), 12),
    ]
    return tables.download(file, f"approvals-{tokyo_day(g.clock())}", columns, map(_row, listed))


def _row(listed: ListedProposal) -> list[object]:
    one = listed.proposal
    return [
        one.id,
        translate(titles.PURPOSES[one.purpose]),
        listed.about and named(listed.about),
        listed.amount,
        listed.maker_name or _("退会した人"),
        one.proposed_at,
        None
        if one.decided_at is None or one.is_expired
        else listed.maker_name
        if one.is_withdrawn
        else listed.checker_name or _("退会した人"),
        one.decided_at,
        translate(titles.PROPOSAL_STATES[one.outcome][1]),
    ]


@pages.get("/desk/approvals/<int:proposal_id>")
def approval(proposal_id: int) -> str | Answer:
    """One proposal: who, what, and both sides of what it books. A run of settlement has a page of its own."""
    run_id = queries.run_of_proposal(g.session, g.who, proposal_id)
    if run_id is not None:
        return redirect(url_for(".settlement_run", run_id=run_id), 303)
    listed = queries.listed_proposal(g.session, g.who, proposal_id)
    return desk_page(
        "association/approval.html",
        listed=listed,
        appointee_email=queries.appointee_email(g.session, g.who, listed),
        desk_roles=DESK_ROLES,
        lost_of=lost_of,
        benefit=queries.benefit(g.session, g.who, int(benefit_id)) if (benefit_id := listed.proposal.facts.get("benefit")) else None,
        day_of=lambda text: day(date.fromisoformat(text)),
        transfers=queries.proposed_transfer_terms(g.session, g.who, proposal_id),
        account_kinds=titles.ACCOUNT_KINDS_AT_BANKS,
        limits=queries.approval_limits(g.session, g.who.district_id),
    )


@pages.post("/desk/approvals/<int:proposal_id>/passkey")
def approval_passkey(proposal_id: int) -> Response:
    """What the browser needs to ask for the approver's passkey, as JSON for its script."""
    return jsonify(commands.passkey_options(g.session, g.who, proposal_id, _site(), now=g.clock()))


@pages.post("/desk/approvals/<int:proposal_id>/approve")
def approve_proposal(proposal_id: int) -> Answer:
    """承認する: what was proposed is booked now."""
    proof = Proof(_site(), forms.load(ProofSchema)["credential"])
    commands.approve(g.session, g.who, proposal_id, now=g.clock(), proof=proof)
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/approvals/<int:proposal_id>/decline")
def decline_proposal(proposal_id: int) -> Answer:
    """差し戻す."""
    commands.decline(g.session, g.who, proposal_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/approvals/<int:proposal_id>/withdraw")
def withdraw_proposal(proposal_id: int) -> Answer:
    """取り下げる: its maker, while it waits."""
    commands.withdraw(g.session, g.who, proposal_id)
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/approvals/limits")
def set_approval_limits() -> Answer:
    """承認の決まり, from the next approval on."""
    commands.set_approval_limits(g.session, g.who, Limits(**forms.load(ApprovalLimitsSchema)), now=g.clock())
    return redirect(url_for(".approvals"), 303)


def _site() -> Site:
    """Where passkeys belong: the installation's public address."""
    return Site(current_app.config["PUBLIC_URL"], g.district.name)
