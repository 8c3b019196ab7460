"""APIトークン: which programs may act for a shop or for a clerk."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import identity.queries
import merchant.queries
from association import titles
from association.schemas import TokenSchema
from association.views.frame import desk_page, pages
from base.clock import day_bounds, tokyo_day
from identity.commands import NewToken
from web import forms, tables
from web.i18n import _
from web.tables import moment, text


@pages.get("/desk/tokens")
def tokens() -> str:
    """What there is, and the form for one more."""
    return _tokens_page(None)


@pages.get("/desk/tokens.<any(xlsx, csv):file>")
def tokens_table(file: str) -> Response:
    """What there is and was; never a token itself, only how it begins."""
    found = identity.queries.api_tokens(g.session, g.who)
    shops = {shop.id: shop.name for shop in merchant.queries.shops(g.session, g.who.district_id)}
    people = {token.person_id for token in found if token.person_id is not None}
    names = identity.queries.nicknames(g.session, g.who.district_id, people) if people else {}
    rows = [
        [
            token.label,
            token.prefix,
            names.get(token.person_id) if token.person_id is not None else shops.get(token.merchant_id or 0),
            " ".join(token.scopes),
            token.expires_at,
            token.ended_at,
        ]
        for token in found
    ]
    columns = [text(_("名前"), 28), text(_("始まり")), text(_("だれの代わりか"), 28), text(_("できること"), 40)]
    columns += [moment(_("期限")), moment(_("止めた日時"))]
    return tables.download(file, f"tokens-{tokyo_day(g.clock())}", columns, rows)


@pages.post("/desk/tokens")
def create_token() -> str:
    """The token is shown once, on this very answer: it stands in no address and is kept nowhere."""
    form: dict[str, Any] = forms.load(TokenSchema)
    kind, _colon, number = form["holder"].partition(":")
    shop = merchant.queries.shop_by_number(g.session, g.who.district_id, number) if kind == "shop" else None
    new = NewToken(
        label=form["label"],
        scopes=form["scopes"],
        merchant_id=shop.id if shop else None,
        person_id=None if shop else int(number),
        expires_at=None if form["last_day"] is None else day_bounds(form["last_day"])[1],
    )
    return _tokens_page(identity.commands.create_api_token(g.session, g.who, new, now=g.clock()), label=form["label"])


@pages.post("/desk/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Answer:
    """止める: at once."""
    identity.commands.revoke_api_token(g.session, g.who, token_id, now=g.clock())
    return redirect(url_for(".tokens"), 303)


def _tokens_page(made: str | None, *, label: str = "") -> str:
    found = identity.queries.api_tokens(g.session, g.who)
    clerks = {grant.person_id for grant in identity.queries.grants(g.session, g.who.district_id) if grant.role == "issuer"}
    shops = merchant.queries.shops(g.session, g.who.district_id)
    holders = clerks | {token.person_id for token in found if token.person_id is not None}
    names = identity.queries.nicknames(g.session, g.who.district_id, holders) if holders else {}
    return desk_page(
        "association/tokens.html",
        made=made,
        made_label=label,
        tokens=found,
        shops={shop.id: shop for shop in shops},
        clerks={person_id: names.get(person_id) for person_id in sorted(clerks)},
        names=names,
        scopes=titles.SCOPES,
        now=g.clock(),
    )
