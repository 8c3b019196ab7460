"""代理店: shops that sell coin, what they owe, and the cash that they bring."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, queries
from association.commands import AgentPaysIn, NewAgent
from association.schemas import AgentSchema, CashSchema, ReasonSchema
from association.views.frame import desk_page, pages
from web import forms


@pages.get("/desk/agents")
def agents() -> str:
    """Every agent with today's sales, its limit and its debt."""
    return desk_page("association/agents.html", agents=queries.agents(g.session, g.who, now=g.clock()))


@pages.post("/desk/shops/<int:merchant_id>/agent")
def propose_agent(merchant_id: int) -> Answer:
    """代理店にする申請: somebody else decides."""
    number = commands.propose_agent(g.session, g.who, NewAgent(merchant_id, **forms.load(AgentSchema)), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.post("/desk/shops/<int:merchant_id>/agent/end")
def end_agent(merchant_id: int) -> Answer:
    """代理店をやめる: at once; its tablet hears of it."""
    commands.end_agent(g.session, g.who, merchant_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.get("/desk/agents/<int:merchant_id>")
def agent(merchant_id: int) -> str:
    """One agent: what it owes, and the cash that it brings to this counter."""
    return desk_page(
        "association/agent.html",
        shop=merchant.queries.merchant(g.session, g.who.district_id, merchant_id),
        standing=queries.agent(g.session, g.who.district_id, merchant_id, now=g.clock()),
        cash=queries.own_cash(g.session, g.who),
        paid=queries.agent_payments(g.session, g.who, merchant_id),
    )


@pages.post("/desk/agents/<int:merchant_id>")
def take_cash(merchant_id: int) -> Answer:
    """入金を受け取る, into the clerk's own drawer."""
    commands.take_agent_cash(g.session, g.who, AgentPaysIn(merchant_id, **forms.load(CashSchema)), now=g.clock())
    return redirect(url_for(".agent", merchant_id=merchant_id), 303)
