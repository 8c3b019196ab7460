"""レジ: the page that a tablet shows all day."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import association.queries
import identity.commands
import ledger.queries
from base.clock import tokyo_day
from merchant import queries
from merchant.views.frame import Place, at_till, pages, till_page


@pages.get("/till/")
@at_till
def keypad() -> Answer | str:
    """Type an amount, show the QR or read the customer's code; what came in last stays in sight."""
    if g.practice is not None:
        return redirect(url_for(".practice"), 303)
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    district_id, shop = place.who.district_id, place.shop
    return till_page(
        "merchant/keypad.html",
        limit=queries.payment_limit(g.session, district_id, now=g.clock()),
        ask_above=queries.unusual_above(g.session, district_id, shop.id, now=g.clock()),
        is_stopped=ledger.queries.is_stopped(g.session, district_id, "paying"),
        stopped=[one for one in ledger.queries.running_series(g.session, district_id, now=g.clock()) if one.is_stopped("paying")],
        has_paper=association.queries.is_on_paper(g.session, district_id),
        choice=queries.register_choice(g.session, district_id, shop.id).on(tokyo_day(g.clock())),
        shared=queries.open_shared_bills(g.session, district_id, shop.id) if shop.issues_receipts else [],
        arrivals=queries.last_arrivals(g.session, district_id, shop.id, now=g.clock()),
    )
