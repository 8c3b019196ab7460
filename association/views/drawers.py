"""手元現金: who holds how much, the second person who counts it by notes and coins, and the float for the morning."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries
from association.commands import HandOutFloat
from association.rules.cash import DENOMINATIONS, counted
from association.schemas import CashBudgetSchema, CashSchema, CloseDrawerSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from base.yen import parse_yen
from web import forms, tables
from web.forms import Refill
from web.i18n import _
from web.tables import text, yen


@pages.get("/desk/drawers")
def drawers() -> str:
    """Every clerk's drawer, fullest first, and what lies in the safe."""
    closed = queries.journal_page(g.session, g.who, queries.Search(kind="drawer_close"), now=g.clock()).rows[:10]
    return desk_page(
        "association/drawers.html",
        drawers=queries.drawers(g.session, g.who),
        newcomers=queries.clerks_without_drawer(g.session, g.who),
        safe=queries.safe_cash(g.session, g.who),
        closed=closed,
        counts=queries.counts_of(g.session, g.who, [row.transaction.id for row in closed]),
        budget=ledger.queries.cash_budget(g.session, g.who.district_id, g.clock()),
    )


@pages.post("/desk/drawers/cash-budget")
def propose_cash_budget() -> Answer:
    """1日の現金チャージの枠: a second person decides."""
    form = forms.load(CashBudgetSchema)
    number = commands.propose_cash_budget(g.session, g.who, form["most"], note=form["note"], now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.get("/desk/drawers.<any(xlsx, csv):file>")
def drawers_table(file: str) -> Response:
    """手元現金 now, fullest first."""
    rows = [[each.clerk_name or _("退会した人"), each.cash] for each in queries.drawers(g.session, g.who)]
    return tables.download(file, f"drawers-{tokyo_day(g.clock())}", [text(_("担当"), 24), yen(_("手元現金（円）"))], rows)


@pages.get("/desk/drawers/<int:clerk_id>")
def drawer(clerk_id: int) -> str:
    """Count one drawer: what must lie in it, what was found, what stays, and what will be booked."""
    drawer = next((each for each in queries.drawers(g.session, g.who) if each.clerk_id == clerk_id), None)
    return desk_page("association/drawer.html", clerk_id=clerk_id, drawer=drawer, denominations=DENOMINATIONS, found=_found())


@pages.post("/desk/drawers/<int:clerk_id>")
def close(clerk_id: int) -> Answer:
    """窓口を締める."""
    closed = commands.close_drawer(g.session, g.who, forms.load(CloseDrawerSchema(clerk_id)), now=g.clock())
    return redirect(url_for(".drawer_closed", count_id=closed.id), 303)


@pages.get("/desk/drawers/closed/<int:count_id>")
def drawer_closed(count_id: int) -> str:
    """What was found and booked, what went into the safe, and what stays in the drawer."""
    return desk_page(
        "association/drawer_closed.html",
        count=queries.count(g.session, g.who, count_id),
        denominations=DENOMINATIONS,
        anchor=ledger.queries.newest_checkpoint(g.session, g.who.district_id),
    )


@pages.get("/desk/drawers/<int:clerk_id>/float")
def float_page(clerk_id: int) -> str:
    """How much change a clerk gets in the morning, out of the safe."""
    found = {each.clerk_id: each for each in queries.drawers(g.session, g.who)}
    newcomers = queries.clerks_without_drawer(g.session, g.who)
    known = found.get(clerk_id)
    return desk_page(
        "association/float.html",
        clerk_id=clerk_id,
        clerk_name=known.clerk_name if known else newcomers.get(clerk_id),
        cash=known.cash if known else 0,
        is_clerk=known is not None or clerk_id in newcomers,
        safe=queries.safe_cash(g.session, g.who),
    )


@pages.post("/desk/drawers/<int:clerk_id>/float")
def hand_out(clerk_id: int) -> Answer:
    """釣銭準備金を渡す: pressed twice, it is handed out once."""
    commands.hand_out_float(g.session, g.who, HandOutFloat(clerk_id, **forms.load(CashSchema)), now=g.clock())
    return redirect(url_for(".drawers"), 303)


def _found() -> int | None:
    """What was typed comes to, for a page without scripts that asks for the sum, and for a refused count; None for nothing."""
    if request.method == "GET" and request.args:
        g.refill = Refill(values=dict(request.args.lists()))
    typed = {value: parse_yen(str(forms.form_value(f"n{value}"))) for value in DENOMINATIONS}
    pieces = {value: count for value, count in typed.items() if count is not None}
    return counted(pieces) if pieces else None
