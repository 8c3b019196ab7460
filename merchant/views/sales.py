"""売上: today's takings, the list, and one payment with what was given back of it."""

from __future__ import annotations

from datetime import timedelta

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import association.queries
import identity.commands
from base.clock import tokyo_day
from merchant import queries
from merchant.queries import SalesFilter
from merchant.schemas import SalesSchema
from merchant.views.frame import Place, at_till, pages, till_page

PAGE = 50


@pages.get("/till/sales")
@at_till
def sales() -> Answer | str:
    """One day's list with its totals, also by cashier; or, with `find`, everything of that amount or with that number."""
    if g.practice is not None:
        return redirect(url_for(".practice_sales"), 303)
    place: Place = g.place
    district_id, shop_id = place.who.district_id, place.shop.id
    identity.commands.authorise(g.session, place.who, "merchant.read")
    wanted = SalesSchema().load(request.args)
    only: SalesFilter = wanted["only"]
    day = only.first or tokyo_day(g.clock())
    if not wanted["find"]:
        only = SalesFilter(first=day, last=day)
    every = queries.sales_of_days(g.session, district_id, shop_id, day, day)
    if wanted["staff"] is None or wanted["find"]:
        rows = queries.sales(g.session, district_id, shop_id, only=only, before=wanted["before"], limit=PAGE + 1)
        more = rows[PAGE - 1] if len(rows) > PAGE else None
        rows = rows[:PAGE]
    else:
        rows, more = [row for row in every if (row.staff_id or 0) == wanted["staff"]], None
    return till_page(
        "merchant/sales.html",
        rows=rows,
        more=more,
        staff_id=wanted["staff"],
        by_staff=queries.takings_by_staff(day, every),
        day=day,
        today=tokyo_day(g.clock()),
        one_day=timedelta(days=1),
        find=wanted["find"],
        totals=queries.takings_of(day, every),
        borne=queries.points_borne(g.session, district_id, shop_id, day),
        coming=[one for one in queries.payouts(g.session, district_id, shop_id) if not one.is_paid],
        names=queries.staff_names(g.session, district_id, shop_id),
    )


@pages.get("/till/sales/<int(max=9223372036854775807):transaction_id>")
@at_till
def sale(transaction_id: int) -> str:
    """One payment: what came in, what went back, and the way to give more of it back."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    detail = queries.sale(g.session, place.who.district_id, place.shop.id, transaction_id)
    returned = next((back for back in detail.refunds if str(back.transaction_id) == request.args.get("returned")), None)
    return till_page(
        "merchant/sale.html",
        detail=detail,
        sale=detail.sale,
        sale_day=tokyo_day(detail.sale.posted_at).isoformat(),
        returned=returned,
        receipt=queries.receipt_of_payment(g.session, place.who.district_id, transaction_id),
        stopped=returned is not None and queries.payer_is_stopped(g.session, place.who.district_id, transaction_id),
        case=association.queries.dispute_of_payment(g.session, place.who.district_id, transaction_id),
        tills={row.id: row.name for row in queries.tills(g.session, place.who.district_id, place.shop.id)},
        names=queries.staff_names(g.session, place.who.district_id, place.shop.id),
    )
