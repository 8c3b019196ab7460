"""金庫: what came and went, and cash on its way to the bank with its slip."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.errors import CountUnknown
from association.rules.cash import DENOMINATIONS
from association.schemas import DepositSchema, SafeSchema
from association.views.frame import asked, desk_page, pages
from identity.commands import authorise
from web import forms, papers, pdf

PAGE = 30


@pages.get("/desk/safe")
def safe() -> str:
    """The safe's own list, the newest first."""
    before = asked(SafeSchema)["before"]
    found = queries.safe_movements(g.session, g.who, before=before, limit=PAGE + 1)
    return desk_page(
        "association/safe.html",
        cash=queries.safe_cash(g.session, g.who),
        movements=found[:PAGE],
        more=found[PAGE - 1] if len(found) > PAGE else None,
        counts=queries.counts_of(g.session, g.who, [each.transaction_id for each in found]),
    )


@pages.get("/desk/safe/deposit")
def deposit_page() -> str:
    """Count what goes to the bank."""
    authorise(g.session, g.who, "association.deposit", subject="page")
    return desk_page("association/deposit.html", cash=queries.safe_cash(g.session, g.who), denominations=DENOMINATIONS)


@pages.post("/desk/safe/deposit")
def deposit() -> Answer:
    """入金する: booked when the cash leaves the safe."""
    count_id = commands.deposit(g.session, g.who, forms.load(DepositSchema), now=g.clock())
    return redirect(url_for(".deposited", count_id=count_id), 303)


@pages.get("/desk/safe/deposit/<int:count_id>")
def deposited(count_id: int) -> str:
    """What went, by notes and coins, and its slip."""
    return desk_page("association/deposited.html", count=_deposit(count_id), denominations=DENOMINATIONS)


@pages.get("/desk/safe/deposit/<int:count_id>.pdf")
def deposit_slip(count_id: int) -> Response:
    """入金票, one A5 page."""
    count = _deposit(count_id)
    notice = queries.current_notice(g.session, g.who.district_id)
    paper = papers.deposit_slip(
        district=g.district.name,
        association=g.district.association,
        contact=notice.contact if notice else "",
        amount=count.counted,
        pieces=[(value, count.pieces.get(value, 0)) for value in DENOMINATIONS],
        counted_at=count.counted_at,
        counted_by=count.counter_name or "",
        number=count.id,
        note=count.reason,
        made_at=g.clock(),
    )
    answer = Response(pdf.render("deposit_slip", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="deposit-{count.id}.pdf"'
    return answer


def _deposit(count_id: int) -> queries.Counted:
    count = queries.count(g.session, g.who, count_id)
    if count.clerk_id is not None:
        raise CountUnknown
    return count
