"""ホーム, how to top up, and what the law wants told."""

from __future__ import annotations

from flask import g, render_template

import association.queries
import ledger.queries
from wallet import queries
from wallet.views.frame import consumers_only, me, now, pages


@pages.get("/wallet/")
@consumers_only
def home() -> str:
    """Balance, what ends soon, what was done last; before the first top-up, how to begin."""
    found = queries.home(g.session, me(), now=now())
    return render_template("wallet/home.html", home=found, docked=True)


@pages.get("/wallet/top-up")
@consumers_only
def top_up() -> str:
    """Where and how coin is bought: at the counter, by showing one's code."""
    notice = association.queries.current_notice(g.session, me().district_id)
    found = queries.home(g.session, me(), now=now())
    agents = association.queries.selling_agents(g.session, me().district_id)
    return render_template("wallet/top_up.html", notice=notice, home=found, agents=agents, back="/wallet/")


@pages.get("/wallet/disclosures")
def disclosures() -> str:
    """資金決済法に基づく表示 (payment-law D): from what the association has published, open to everybody."""
    district = g.district
    notice = association.queries.current_notice(g.session, district.id)
    series = [
        one
        for one in ledger.queries.series(g.session, district.id)
        if one.unit == "yen" and (one.valid_until is None or now() < one.valid_until)
    ]
    return render_template("wallet/disclosures.html", notice=notice, series=series, back="/wallet/settings")
