"""ホーム, and how to top up."""

from __future__ import annotations

from flask import g, render_template

import association.queries
import identity.queries
import ledger.queries
from wallet import queries
from wallet.views.frame import consumers_only, me, now, pages
from web.i18n import _


@pages.get("/wallet/")
@consumers_only
def home() -> str:
    """Balance, what ends soon, what was done last; before the first top-up, how to begin."""
    found = queries.home(g.session, me(), now=now())
    asks_area = not found.is_new and not identity.queries.is_area_answered(g.session, me())
    news = queries.news_count(g.session, me())
    return render_template("wallet/home.html", home=found, news=news, asks_area=asks_area, hats=_hats(), docked=True)


def _hats() -> list[tuple[str, str, str]]:
    """Where else this person is at home: address, words, sign. Whoever keeps a shop or sits at a desk signed up as everybody does."""
    who = me()
    pages = [("/shop/", _("お店のページ"), "shop")] if who.has("owner") else []
    if any(map(who.has, ("issuer", "approver", "auditor", "administrator"))):
        pages.append(("/desk/", _("組合のページ"), "check"))
    return [*pages, ("/group/", _("補助事業のページ"), "people")] if who.has("group_lead") else pages


@pages.get("/wallet/top-up")
@consumers_only
def top_up() -> str:
    """Where and how coin is bought: at the counter, by showing one's code."""
    notice = association.queries.current_notice(g.session, me().district_id)
    found = queries.home(g.session, me(), now=now())
    is_stopped = ledger.queries.is_stopped(g.session, me().district_id, "issuing")
    agents = association.queries.selling_agents(g.session, me().district_id)
    return render_template("wallet/top_up.html", notice=notice, home=found, agents=agents, is_stopped=is_stopped, back="/wallet/")
