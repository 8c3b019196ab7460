"""承認: what waits for a second person, and the two buttons."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.schemas import ReasonSchema
from association.views.frame import desk_page, pages
from web import forms


@pages.get("/desk/approvals")
def approvals() -> str:
    """What waits, then what was decided lately."""
    return desk_page(
        "association/approvals.html",
        waiting=queries.listed_proposals(g.session, g.who, waiting=True),
        decided=queries.listed_proposals(g.session, g.who, waiting=False, limit=10),
    )


@pages.get("/desk/approvals/<int:proposal_id>")
def approval(proposal_id: int) -> str | Answer:
    """One proposal: who, what, and both sides of what it books. A run of settlement has a page of its own."""
    run_id = queries.run_of_proposal(g.session, g.who, proposal_id)
    if run_id is not None:
        return redirect(url_for(".settlement_run", run_id=run_id), 303)
    return desk_page("association/approval.html", listed=queries.listed_proposal(g.session, g.who, proposal_id))


@pages.post("/desk/approvals/<int:proposal_id>/approve")
def approve_proposal(proposal_id: int) -> Answer:
    """承認する: what was proposed is booked now."""
    commands.approve(g.session, g.who, proposal_id, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/approvals/<int:proposal_id>/decline")
def decline_proposal(proposal_id: int) -> Answer:
    """差し戻す."""
    commands.decline(g.session, g.who, proposal_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)
