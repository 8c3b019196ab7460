"""手元現金: who holds how much, and the second person who counts it."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import ledger.queries
from association import commands, queries
from association.schemas import CloseDrawerSchema
from association.views.frame import desk_page, pages
from ledger.errors import TransactionUnknown
from web import forms


@pages.get("/desk/drawers")
def drawers() -> str:
    """Every clerk's drawer, fullest first, and what lies in the safe."""
    return desk_page(
        "association/drawers.html",
        drawers=queries.drawers(g.session, g.who),
        safe=_safe(),
        closed=queries.journal_page(g.session, g.who, queries.Search(kind="drawer_close"), now=g.clock()).rows[:10],
    )


@pages.get("/desk/drawers/<int:clerk_id>")
def drawer(clerk_id: int) -> str:
    """Count one drawer: what the book expects, and what will be booked."""
    found = [each for each in queries.drawers(g.session, g.who) if each.clerk_id == clerk_id]
    return desk_page("association/drawer.html", clerk_id=clerk_id, drawer=found[0] if found else None, safe=_safe())


@pages.post("/desk/drawers/<int:clerk_id>")
def close(clerk_id: int) -> Answer:
    """窓口を締める."""
    closed = commands.close_drawer(g.session, g.who, forms.load(CloseDrawerSchema(clerk_id)), now=g.clock())
    return redirect(url_for(".drawer_closed", transaction_id=closed.transaction_id), 303)


@pages.get("/desk/drawers/closed/<int:transaction_id>")
def drawer_closed(transaction_id: int) -> str:
    """What went into the safe, and what was missing."""
    booked = ledger.queries.transaction(g.session, g.who.district_id, transaction_id)
    if booked.kind != "drawer_close":
        raise TransactionUnknown(transaction=transaction_id)
    clerk_id, counted_by = int(booked.facts["staff"] or 0), int(booked.facts["counted_by"] or 0)
    names = identity.queries.nicknames(g.session, g.who.district_id, [clerk_id, counted_by])
    return desk_page(
        "association/drawer_closed.html",
        booked=booked,
        clerk=names.get(clerk_id),
        counter=names.get(counted_by),
        short=int(booked.facts["short"] or 0),
    )


def _safe() -> int:
    account = ledger.queries.account_id(g.session, g.who.district_id, "safe", 0, 0)
    return 0 if account is None else ledger.queries.balance(g.session, g.who.district_id, account)
