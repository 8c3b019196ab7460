"""役割: who may do what at the desk, given and taken by somebody else."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import identity.queries
import merchant.queries
from association.schemas import EndRoleSchema, RoleSchema
from association.views.frame import DESK_ROLES, desk_page, pages
from base.errors import N_
from identity.errors import PersonUnknown
from web import forms

ROLES = DESK_ROLES | {"owner": N_("店主"), "cashier": N_("レジ担当"), "group_lead": N_("代表事業者"), "operator": N_("運用担当")}


@pages.get("/desk/roles")
def roles() -> str:
    """Everybody with a role, and the form to give one."""
    identity.commands.authorise(g.session, g.who, "identity.grant_role", subject="page")
    held = identity.queries.grants(g.session, g.who.district_id)
    names = identity.queries.nicknames(g.session, g.who.district_id, {grant.person_id for grant in held}) if held else {}
    shops = {shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id)}
    return desk_page("association/roles.html", held=held, names=names, shops=shops, roles=ROLES)


@pages.post("/desk/roles")
def give_role() -> Answer:
    """Give a role to whoever has signed up with this address; they sign in anew."""
    form: dict[str, Any] = forms.load(RoleSchema)
    person_id = identity.queries.person_by_email(g.session, g.who.district_id, form["email"])
    if person_id is None:
        raise PersonUnknown
    shop = merchant.queries.shop_by_number(g.session, g.who.district_id, form["shop"]) if form["shop"] else None
    identity.commands.grant_role(g.session, g.who, person_id, form["role"], now=g.clock(), merchant_id=shop.id if shop else None)
    return redirect(url_for(".roles"), 303)


@pages.post("/desk/roles/<int:person_id>/<role>/end")
def end_role(person_id: int, role: str) -> Answer:
    """Take a role away: at once, with that person's sessions."""
    form = forms.load(EndRoleSchema)
    identity.commands.end_role(g.session, g.who, person_id, role, now=g.clock(), merchant_id=form["merchant_id"])
    return redirect(url_for(".roles"), 303)
