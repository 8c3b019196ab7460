"""月の売上: the owner's month beside the year before, by staff, tills, rates, means and hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flask import Response, g, request

import analytics.queries
import identity.commands
from analytics.queries import Sky
from base.clock import tokyo_day
from merchant import queries
from merchant.queries import DayBeside, MonthOfSales
from merchant.schemas import MonthSchema
from merchant.views.frame import at_desk, desk_page, pages
from web import tables
from web.i18n import _, between
from web.tables import day as day_column
from web.tables import text, yen


@pages.get("/shop/months")
@at_desk
def months() -> str:
    """The running month unless another is asked for."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    shown = _month()
    after = (shown.first + timedelta(days=32)).replace(day=1)
    district_id, shop_id = g.shop.district_id, g.shop.id
    sky = _sky(shown)
    return desk_page(
        "merchant/months.html",
        month=shown,
        before=(shown.first - timedelta(days=1)).replace(day=1),
        after=after if after <= tokyo_day(g.clock()) else None,
        names=queries.staff_names(g.session, district_id, shop_id),
        tills=queries.till_names(g.session, district_id, shop_id),
        sky=sky if any(sky.values()) else None,
        reports=queries.reports_of_days(g.session, district_id, shop_id, shown.first, shown.last),
    )


@pages.get("/shop/months.<any(xlsx, csv):file>")
@at_desk
def months_table(file: str) -> Response:
    """Day by day."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    shown = _month()
    columns = [day_column(_("日")), yen(_("売上（税込み、円）")), yen(_("会計の数")), yen(_("現金（円）")), yen(_("カード（円）"))]
    columns += [yen(_("コインなど（円）")), day_column(_("前の年の同じ曜日")), yen(_("前の年の売上（円）")), text(_("天気"), 24)]
    sky = _sky(shown)
    rows = [
        [each.day, each.sum.total, each.sum.sales, *_means(each), each.day - queries.A_YEAR, each.before, sky[each.day]]
        for each in shown.days
    ]
    return tables.download(file, f"month-{shown.first:%Y-%m}", columns, rows)


def _means(each: DayBeside) -> list[int]:
    return [each.sum.cash, each.sum.card, each.sum.book]


def _sky(shown: MonthOfSales) -> dict[date, str]:
    """By day the weather that the district has measured, in words; empty where it has none."""
    found = analytics.queries.weather_of_days(g.session, g.shop.district_id, shown.first, shown.last)
    return {each.day: between().join(_words(found[each.day])) if each.day in found else "" for each in shown.days}


def _words(day: Sky) -> Iterator[str]:
    if day.snow:
        yield _("雪 %(cm)scm", cm=f"{day.snow:g}")
    if day.rain is not None:
        yield _("雨 %(mm)smm", mm=f"{day.rain:g}") if day.rain else _("雨なし")
    if day.high is not None:
        yield _("最高 %(degrees)s℃", degrees=f"{day.high:g}")


def _month() -> MonthOfSales:
    today = tokyo_day(g.clock())
    month = MonthSchema().load(dict(request.args))["month"] or today
    return queries.month_of_sales(g.session, g.shop.district_id, g.shop.id, min(month, today), today=today)
