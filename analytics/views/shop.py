"""The owner's evening: what the shop's own payments say."""

from __future__ import annotations

from flask import Response, g, render_template

import merchant.queries
from analytics import queries
from analytics.queries import Asked
from analytics.views.frame import cards, file_of, last_day, months, pages
from base.errors import Forbidden


@pages.get("/shop/insight")
def shop() -> str:
    """One card for each report of the shop whose owner asks. Raises Forbidden."""
    listed = queries.shop_reports(g.session, g.who)
    if g.who.merchant_id is None:
        raise Forbidden
    found = cards(listed, lambda each, last: queries.shop_report(g.session, g.who, each.name, now=g.clock(), last=last))
    before, after, shown = months(found)
    own = merchant.queries.merchant(g.session, g.who.district_id, g.who.merchant_id)
    return render_template("analytics/shop.html", cards=found, before=before, after=after, shown=shown, shop=own, endpoint="shop")


@pages.get("/shop/insight/<name>.<any(xlsx, csv):file>")
def shop_file(name: str, file: str) -> Response:
    """A report's table. Raises ReportUnknown, Forbidden, and what the report refuses."""
    listed = {each.name: each for each in queries.shop_reports(g.session, g.who)}
    months_of = listed[name].months if name in listed else 1
    asked: Asked = queries.shop_report(g.session, g.who, name, now=g.clock(), last=last_day() if months_of else None)
    return file_of(asked, file)
