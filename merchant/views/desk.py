"""The owner's desk: today's shop, its tablets and its people."""

from __future__ import annotations

from datetime import timedelta

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from merchant import commands, queries
from merchant.commands import PairCodeMade
from merchant.schemas import PinSchema, StaffSchema, TillNameSchema
from merchant.views.frame import at_desk, desk_page, pages, public_url
from web import forms


@pages.get("/shop/")
@at_desk
def overview() -> str:
    """What today brought, how it compares with the week before, and what the shop is owed."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    today = tokyo_day(g.clock())
    district_id, shop_id = g.shop.district_id, g.shop.id
    return desk_page(
        "merchant/shop.html",
        today=queries.takings(g.session, district_id, shop_id, today),
        week_ago=queries.takings(g.session, district_id, shop_id, today - timedelta(days=7)),
        owed=queries.owed(g.session, district_id, shop_id),
        coming=[one for one in queries.payouts(g.session, district_id, shop_id) if not one.is_paid],
        rows=queries.sales(g.session, district_id, shop_id, limit=8),
        tills=queries.tills(g.session, district_id, shop_id),
        people=queries.staff(g.session, district_id, shop_id),
    )


@pages.get("/shop/tills")
@at_desk
def shop_tills() -> str:
    """Which tablets are paired, and a code for one more."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return _tills_page(None)


@pages.post("/shop/tills")
@at_desk
def invite() -> str:
    """The code is shown once, on this very answer: it stands in no address and is kept nowhere."""
    made = commands.make_pair_code(g.session, g.who, g.shop.id, forms.load(TillNameSchema)["name"], now=g.clock())
    return _tills_page(made)


@pages.post("/shop/tills/<int(max=9223372036854775807):till_id>/revoke")
@at_desk
def revoke(till_id: int) -> Answer:
    """This tablet may do nothing from now on."""
    commands.revoke_till(g.session, g.who, g.shop.id, till_id, now=g.clock())
    return redirect(url_for(".shop_tills"), 303)


@pages.get("/shop/staff")
@at_desk
def shop_staff() -> str:
    """Who may stand at the tills."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page("merchant/shop_staff.html", people=queries.staff(g.session, g.shop.district_id, g.shop.id))


@pages.post("/shop/staff")
@at_desk
def add() -> Answer:
    """Somebody new, with a PIN of their own."""
    commands.add_staff(g.session, g.who, g.shop.id, forms.load(StaffSchema), now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


@pages.get("/shop/staff/<int(max=9223372036854775807):staff_id>")
@at_desk
def member(staff_id: int) -> str:
    """One member of staff: a new PIN, or good-bye."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page("merchant/shop_member.html", member=queries.staff_member(g.session, g.shop.district_id, g.shop.id, staff_id))


@pages.post("/shop/staff/<int(max=9223372036854775807):staff_id>")
@at_desk
def new_pin(staff_id: int) -> Answer:
    """A new PIN; earlier failures are forgotten."""
    commands.set_staff_pin(g.session, g.who, g.shop.id, staff_id, forms.load(PinSchema)["pin"], now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


@pages.post("/shop/staff/<int(max=9223372036854775807):staff_id>/remove")
@at_desk
def remove(staff_id: int) -> Answer:
    """They no longer stand at any till."""
    commands.remove_staff(g.session, g.who, g.shop.id, staff_id, now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


def _tills_page(made: PairCodeMade | None) -> str:
    return desk_page(
        "merchant/shop_tills.html",
        tills=queries.tills(g.session, g.shop.district_id, g.shop.id),
        made=made,
        pair_address=public_url() + url_for(".pair_page"),
    )
