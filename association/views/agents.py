"""代理店: shops that sell coin, what they owe, and the cash that they bring."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, queries
from association.commands import AgentPaysIn, NewAgent
from association.queries import ListedAgent
from association.schemas import AgentSchema, CashSchema, ReasonSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _
from web.tables import text, yen


@pages.get("/desk/agents")
def agents() -> str:
    """Every agent with today's sales, its limit and its debt."""
    return desk_page("association/agents.html", agents=queries.agents(g.session, g.who, now=g.clock()))


@pages.get("/desk/agents.<any(xlsx, csv):file>")
def agents_table(file: str) -> Response:
    """The same list: sold today, the limit, and the cash that each of them holds for the association."""
    columns = [text(_("番号"), 10), text(_("お店"), 28), text(_("状態"), 18)]
    columns += [yen(_("今日売った額（円）")), yen(_("1日の上限（円）")), yen(_("預かっている現金（円）"))]
    listed = queries.agents(g.session, g.who, now=g.clock())
    return tables.download(file, f"agents-{tokyo_day(g.clock())}", columns, map(_row, listed))


def _row(one: ListedAgent) -> list[object]:
    shop, standing = one.shop, one.standing
    state = _("終了") if not standing.is_agent else _("利用中") if shop.state == "open" else _("停止中")
    if standing.waiting:
        state = f"{_('承認待ち')} / {state}" if standing.is_agent else _("承認待ち")
    return [shop.public_number, shop.name, state, standing.sold_today, standing.daily_max, standing.debt]


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
