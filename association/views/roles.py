"""役割: who may do what at the desk, given and taken by somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import identity.queries
import merchant.queries
from association import commands, queries
from association.commands import NewRole
from association.schemas import EndRoleSchema, RoleSchema
from association.views.frame import DESK_ROLES, OPERATOR, desk_page, pages
from base.clock import tokyo_day
from base.errors import N_
from identity.errors import PersonUnknown
from identity.permissions import TWO_PEOPLE_ROLES
from identity.queries import Grant
from web import forms, tables
from web.i18n import _, translate
from web.tables import moment, text

GROUP = {"group_member": N_("参画事業者"), "group_expert": N_("外部の専門家・IT提供事業者")}
ROLES = DESK_ROLES | {"owner": N_("店主"), "cashier": N_("レジ担当"), "group_lead": N_("代表事業者")} | GROUP | OPERATOR


@pages.get("/desk/roles")
def roles() -> str:
    """Everybody with a role, and the form to give one."""
    identity.commands.authorise(g.session, g.who, "identity.grant_role", subject="page")
    held = identity.queries.grants(g.session, g.who.district_id)
    names = _names(held)
    shops = {shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id)}
    return desk_page(
        "association/roles.html",
        one_second=timedelta(seconds=1),
        held=held,
        names=names,
        given_by=lambda grant: _given_by(grant, names),
        shops=shops,
        roles=ROLES,
        asked=queries.roles_asked(g.session, g.who, now=g.clock()),
        two_people=TWO_PEOPLE_ROLES,
    )


@pages.get("/desk/roles.<any(xlsx, csv):file>")
def roles_table(file: str) -> Response:
    """Who may do what, since when, given by whom."""
    identity.commands.authorise(g.session, g.who, "identity.grant_role", subject="table")
    held = identity.queries.grants(g.session, g.who.district_id)
    names = _names(held)
    shops = {shop.id: shop.name for shop in merchant.queries.shops(g.session, g.who.district_id)}
    rows = [
        [
            names.get(grant.person_id) or _("退会した人"),
            translate(ROLES.get(grant.role, grant.role)),
            None if grant.merchant_id is None else shops.get(grant.merchant_id),
            grant.granted_at,
            grant.until,
            _given_by(grant, names),
        ]
        for grant in held
    ]
    columns = [
        text(_("名前"), 24),
        text(_("役割")),
        text(_("お店"), 28),
        moment(_("付けた日時")),
        moment(_("終わる日時")),
        text(_("付けた人"), 24),
    ]
    return tables.download(file, f"roles-{tokyo_day(g.clock())}", columns, rows)


def _names(held: Sequence[Grant]) -> dict[int, str]:
    """What those are called who hold a role and who gave one."""
    people = {grant.person_id for grant in held} | {grant.granted_by for grant in held if grant.granted_by is not None}
    return identity.queries.nicknames(g.session, g.who.district_id, people) if people else {}


def _given_by(grant: Grant, names: Mapping[int, str]) -> str | None:
    """Who put a role forward; of one that decides and that nobody put forward, that it came from the operator's terminal."""
    if grant.granted_by is not None:
        return names.get(grant.granted_by) or _("退会した人")
    return _("運用担当（サーバー）") if grant.role in TWO_PEOPLE_ROLES else None


@pages.post("/desk/roles")
def give_role() -> Answer:
    """Give a role to whoever has signed up with this address, who signs in anew; one that decides about value is put forward."""
    form: dict[str, Any] = forms.load(RoleSchema)
    person_id = identity.queries.person_by_email(g.session, g.who.district_id, form["email"])
    if person_id is None:
        raise PersonUnknown
    if form["role"] in TWO_PEOPLE_ROLES:
        number = commands.propose_role(g.session, g.who, NewRole(person_id, form["role"], form["last_day"]), now=g.clock())
        return redirect(url_for(".approval", proposal_id=number), 303)
    shop = merchant.queries.shop_by_number(g.session, g.who.district_id, form["shop"]) if form["shop"] else None
    identity.commands.grant_role(
        g.session, g.who, person_id, form["role"], now=g.clock(), merchant_id=shop.id if shop else None, last_day=form["last_day"]
    )
    return redirect(url_for(".roles"), 303)


@pages.post("/desk/roles/<int:person_id>/<role>/end")
def end_role(person_id: int, role: str) -> Answer:
    """Take a role away: at once, with that person's sessions."""
    form = forms.load(EndRoleSchema)
    identity.commands.end_role(g.session, g.who, person_id, role, now=g.clock(), merchant_id=form["merchant_id"])
    return redirect(url_for(".roles"), 303)
