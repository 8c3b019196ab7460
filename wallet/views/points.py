"""ポイント: what I have, until when, and what waits."""

from __future__ import annotations

from flask import g, render_template

from base.errors import NotFound
from wallet import queries
from wallet.views.frame import consumers_only, me, now, pages


@pages.get("/wallet/points")
@consumers_only
def points() -> str:
    """Points by their ends, those that wait by their days, and what moved lately. Raises NotFound where there are none."""
    found = queries.points_page(g.session, me(), now=now())
    if found is None:
        raise NotFound
    return render_template("wallet/points.html", page=found, mine=found.mine, back="/wallet/")
