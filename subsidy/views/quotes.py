"""見積りと確かめ: quotes side by side, registration, reasons, what makes a cost ineligible; and each tool's price member by member."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands, queries
from subsidy.commands import NewQuote
from subsidy.errors import LineUnknown
from subsidy.queries import LinePlan, Standing
from subsidy.rules.costs import net_of
from subsidy.rules.quotes import INELIGIBLE
from subsidy.schemas.plan import CheckedSchema, QuoteSchema
from subsidy.views.frame import group_page, pages, standing
from web import forms


@pages.get("/group/<int:project_id>/quotes")
def quotes(project_id: int) -> str:
    """Every line with its quotes and what is open, and what each member pays for the same tool."""
    project = standing(project_id)
    plans = project.line_plans
    return group_page("subsidy/quotes.html", project, plans=plans, offers=_offers(plans), prices=_prices(plans, project))


@pages.get("/group/<int:project_id>/quotes/<int:number>")
def line_quotes(project_id: int, number: int) -> str:
    """One line. Raises LineUnknown."""
    project = standing(project_id)
    plan = next((plan for plan in project.line_plans if plan.row.number == number), None)
    if plan is None:
        raise LineUnknown
    tools = queries.tools_of(g.session, g.who.district_id, project_id)
    listed = tools.named(plan.row.typed.tool or plan.row.words) if tools else None
    net = net_of(plan.row.typed).yen
    return group_page("subsidy/line_quotes.html", project, plan=plan, net=net, ineligible=INELIGIBLE, tools=tools, listed=listed)


@pages.post("/group/<int:project_id>/quotes/<int:number>")
def add_quote(project_id: int, number: int) -> Answer:
    """見積りを足す."""
    commands.add_quote(g.session, g.who, project_id, number, NewQuote(**forms.load(QuoteSchema)), now=g.clock())
    return redirect(url_for(".line_quotes", project_id=project_id, number=number), 303)


@pages.post("/group/<int:project_id>/quotes/<int:number>/check")
def check_line(project_id: int, number: int) -> Answer:
    """確かめを保存する."""
    form = forms.load(CheckedSchema)
    commands.check_line(g.session, g.who, project_id, number, form["checked"], form["revision"], now=g.clock())
    return redirect(url_for(".line_quotes", project_id=project_id, number=number), 303)


def _offers(plans: list[LinePlan]) -> dict[str, list[tuple[str, int, int, int]]]:
    """By tool, where more than one seller quotes it: seller, lowest and highest quote without tax, and how many, the cheapest first."""
    found: dict[str, dict[str, list[int]]] = {}
    for plan in plans:
        sellers = found.setdefault(_tool_of(plan), {})
        for quote in plan.quotes:
            sellers.setdefault(quote.seller, []).append(quote.amount)
    return {
        tool: sorted(((seller, min(yens), max(yens), len(yens)) for seller, yens in sellers.items()), key=lambda each: each[1:])
        for tool, sellers in found.items()
        if len(sellers) > 1
    }


def _tool_of(plan: LinePlan) -> str:
    return plan.row.typed.tool or plan.row.words


def _prices(plans: list[LinePlan], project: Standing) -> dict[str, list[tuple[str, int]]]:
    """By tool, where more than one member buys it: each member and its price without tax, the cheapest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for plan in plans:
        found.setdefault(_tool_of(plan), []).append((project.name_of(plan.row.party_id), net_of(plan.row.typed).yen))
    return {name: sorted(rows, key=lambda each: each[1]) for name, rows in found.items() if len(rows) > 1}
