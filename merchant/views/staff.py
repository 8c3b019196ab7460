"""担当: who stands at this tablet, and how it sounds and speaks."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from merchant import commands, queries
from merchant.schemas import StandAloneSchema, StandSchema
from merchant.views.frame import Place, at_till, pages, till_page
from web import forms


@pages.get("/till/staff")
@at_till
def staff() -> str:
    """Choose one's name, enter one's PIN."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    return till_page("merchant/staff.html", people=queries.staff(g.session, place.who.district_id, place.shop.id))


@pages.post("/till/staff")
@at_till
def stand() -> Answer:
    """担当を替える."""
    chosen = forms.load(StandAloneSchema if g.place.shop.pin_free else StandSchema)
    commands.switch_staff(g.session, g.who, chosen["staff_id"], chosen["pin"], now=g.clock())
    return redirect(url_for(".keypad"), 303)
