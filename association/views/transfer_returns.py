"""戻った振込: the bank's list or its statement is read, each line is shown beside its transfer, and all are put forward in one go."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.errors import ReturnListUnreadable
from association.queries import ReturnLines
from association.rules import returned_transfers
from association.rules.bank_file import FILE_MAX_BYTES
from association.schemas import ReturnsSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from base.row_file import FileWrong
from identity.commands import authorise
from web import forms


@pages.get("/desk/settlement/returns")
def transfer_returns() -> str:
    """What the bank's own statement says came back, and the box for the bank's list."""
    found = queries.returns_at_bank(g.session, g.who, now=g.clock())
    return _page(found, came_from="bank")


@pages.post("/desk/settlement/returns")
def read_returns() -> str:
    """The lines of a file beside their transfers. Nothing is kept: what is pressed below goes on from there."""
    authorise(g.session, g.who, "association.settle", subject="returns:read")
    _name, content = forms.sent_rows(FILE_MAX_BYTES)
    try:
        lines = returned_transfers.read(content, today=tokyo_day(g.clock()))
    except FileWrong as wrong:
        raise ReturnListUnreadable(line=wrong.line or 1) from wrong
    return _page(queries.matched_returns(g.session, g.who, lines, now=g.clock()), came_from="file")


@pages.post("/desk/settlement/returns/submit")
def submit_returns() -> Answer:
    """まとめて申請する: one proposal for the second person."""
    proposal_id = commands.submit_returns(g.session, g.who, forms.load(ReturnsSchema), now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


def _page(found: ReturnLines, *, came_from: str) -> str:
    return desk_page(
        "association/transfer_returns.html",
        found=found,
        came_from=came_from,
        reasons=titles.RETURN_REASONS,
        makes=g.who.has("issuer") or g.who.has("administrator"),
    )
