"""構成員: the conditions of the group, its parties, and one of them."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from subsidy import commands, queries, titles
from subsidy.queries import Standing
from subsidy.rules.progress import months_on
from subsidy.schemas import LeaveSchema, PartySchema
from subsidy.views.frame import group_page, pages, standing
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import day, text

INVITED_MONTHS = 3
"""What a new invitation proposes; the lead says otherwise."""


@pages.get("/group/<int:project_id>/members")
def members(project_id: int) -> str:
    """Who is in it, and whether it may apply."""
    project = standing(project_id)
    return group_page("subsidy/members.html", project, shops=shops_left(project) if project.seat.is_lead else [])


@pages.get("/group/<int:project_id>/members.<any(xlsx, csv):file>")
def members_table(project_id: int, file: str) -> Response:
    """Every party, with what is known of it."""
    project = standing(project_id)
    columns = [text(_("名前"), 28), text(_("役割")), text(_("法人番号")), text(_("中小企業")), text(_("組合員")), day(_("抜けた日"))]
    rows = [
        [
            row.name,
            translate(titles.ROLES[row.role]),
            row.known.corporate_number,
            _said(row.known.is_small),
            _said(row.known.is_association_member),
            row.known.left_on,
        ]
        for row in project.parties
    ]
    return tables.download(file, f"group-{project_id}-members", columns, rows)


@pages.post("/group/<int:project_id>/members")
def add_party(project_id: int) -> Answer:
    """足す."""
    form = forms.load(PartySchema)
    party_id = commands.add_party(g.session, g.who, project_id, form["role"], form["party"], now=g.clock())
    return redirect(url_for(".member", project_id=project_id, party_id=party_id), 303)


@pages.get("/group/<int:project_id>/members/<int:party_id>")
def member(project_id: int, party_id: int) -> str:
    """One of them: what is known, its papers, its link. Raises PartyUnknown."""
    project = standing(project_id)
    party = project.party(party_id)
    contact = queries.contact_of(g.session, g.who, project_id, party_id)
    shops = shops_left(project, party.merchant_id) if project.seat.is_lead else []
    history = queries.savings_of(g.session, g.who.district_id, project_id, party_id)
    return group_page(
        "subsidy/member.html",
        project,
        party=party,
        contact=contact,
        shops=shops,
        history=history,
        invitation=queries.invitation_of(g.session, g.who.district_id, party_id),
        months_later=months_on(project.today, INVITED_MONTHS),
    )


@pages.post("/group/<int:project_id>/members/<int:party_id>")
def keep_party(project_id: int, party_id: int) -> Answer:
    """保存する."""
    form = forms.load(PartySchema)
    commands.keep_party(g.session, g.who, project_id, party_id, form["party"], form["revision"], now=g.clock())
    return redirect(url_for(".member", project_id=project_id, party_id=party_id), 303)


@pages.post("/group/<int:project_id>/members/<int:party_id>/leave")
def party_leaves(project_id: int, party_id: int) -> Answer:
    """抜ける."""
    form = forms.load(LeaveSchema)
    commands.party_leaves(g.session, g.who, project_id, party_id, form["day"], form["reason"], now=g.clock())
    return redirect(url_for(".members", project_id=project_id), 303)


def shops_left(project: Standing, own: int | None = None) -> list[tuple[str, str]]:
    """The district's open shops that are not in the project yet, as options."""
    taken = {row.merchant_id for row in project.parties if row.known.left_on is None and row.merchant_id != own}
    found = merchant.queries.shops(g.session, g.who.district_id)
    return [("", _("地域のお店ではない"))] + [(str(shop.id), named(shop)) for shop in found if shop.id not in taken]


def _said(answer: bool | None) -> str | None:
    return None if answer is None else _("はい") if answer else _("いいえ")
