"""月の売上: the owner's month beside the year before, by staff, tills, rates, means and hours."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request

import identity.commands
from base.clock import tokyo_day
from merchant import queries
from merchant.queries import MonthOfSales
from merchant.schemas import MonthSchema
from merchant.views.frame import at_desk, desk_page, pages
from web import tables
from web.i18n import _
from web.tables import day as day_column
from web.tables import yen


@pages.get("/shop/months")
@at_desk
def months() -> str:
    """The running month unless another is asked for."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    shown = _month()
    after = (shown.first + timedelta(days=32)).replace(day=1)
    district_id, shop_id = g.shop.district_id, g.shop.id
    return desk_page(
        "merchant/months.html",
        month=shown,
        before=(shown.first - timedelta(days=1)).replace(day=1),
        after=after if after <= tokyo_day(g.clock()) else None,
        names=queries.staff_names(g.session, district_id, shop_id),
        tills=queries.till_names(g.session, district_id, shop_id),
    )


@pages.get("/shop/months.<any(xlsx, csv):file>")
@at_desk
def months_table(file: str) -> Response:
    """Day by day."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    shown = _month()
    columns = [day_column(_("日")), yen(_("売上（税込み、円）")), yen(_("会計の数")), yen(_("現金（円）")), yen(_("カード（円）"))]
    columns += [yen(_("コインなど（円）")), day_column(_("前の年の同じ曜日")), yen(_("前の年の売上（円）"))]
    rows = [
        [each.day, each.sum.total, each.sum.sales, each.sum.cash, each.sum.card, each.sum.book, each.day - queries.A_YEAR, each.before]
        for each in shown.days
    ]
    return tables.download(file, f"month-{shown.first:%Y-%m}", columns, rows)


def _month() -> MonthOfSales:
    today = tokyo_day(g.clock())
    month = MonthSchema().load(dict(request.args))["month"] or today
    return queries.month_of_sales(g.session, g.shop.district_id, g.shop.id, min(month, today), today=today)
