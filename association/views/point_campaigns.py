"""ポイントのキャンペーン: points on top, with a soft budget and by how much it can be passed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
import merchant.queries
from analytics.queries import effects
from analytics.views.frame import card, file_of
from association import commands, queries, titles
from association.commands import CampaignFunderPays, NewCampaign
from association.errors import PointsUnknown
from association.queries.shop_classes import ALL
from association.rules import bonus_of, shares_of_points
from association.schemas import CampaignSchema, FunderPaysSchema, ProposePointsSchema
from association.views.frame import desk_page, pages
from association.views.points import EXAMPLE
from association.views.shop_picks import pasted_shops
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms


@pages.get("/desk/points/campaigns/new")
def new_campaign() -> str:
    """The form."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    open_shops = merchant.queries.shops(g.session, g.who.district_id, states=["open", "suspended"])
    return desk_page(
        "association/new_campaign.html",
        today=tokyo_day(g.clock()),
        funders=queries.funders(g.session, g.who),
        open_shops=open_shops,
        trade_names=sorted({shop.trade for shop in open_shops}),
        chosen_trades=set(request.form.getlist("trades")),
        chosen_shops=_ticked("shops"),
        chosen_days=_ticked("days") or set(range(7)),
    )


@pages.post("/desk/points/campaigns/confirm")
def confirm_campaign() -> str:
    """The same once more, with what follows and by how much the budget can be passed. Nothing is made yet."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    new: NewCampaign = forms.load(CampaignSchema, **pasted_shops())
    names = {shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id, ids=list(new.shops or ()))}
    running = queries.programme_at(queries.begun_programmes(g.session, g.who.district_id), g.clock())
    bonus = 0 if running is None else bonus_of(running.rate.earned(EXAMPLE), new.extra)
    parts, _of_shop = shares_of_points(bonus, 0, [share.percent for share in new.shares])
    return desk_page(
        "association/confirm_campaign.html",
        paid=EXAMPLE,
        bonus=bonus,
        bearers=list(zip(new.shares, parts, strict=True)),
        new=new,
        sent=_sent(new),
        most=queries.most_over(g.session, g.who.district_id, new.extra, now=g.clock()),
        programme=running,
        shops=None if new.shops is None else [names[each] for each in new.shops if each in names],
    )


@pages.post("/desk/points/campaigns/new")
def propose_campaign() -> Answer:
    """承認を申請する."""
    new: NewCampaign = forms.load(CampaignSchema)
    form = forms.load(ProposePointsSchema)
    campaign_id = commands.propose_campaign(g.session, g.who, new, key=form["key"], note=form["note"], now=g.clock())
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@pages.get("/desk/points/campaigns/<int:campaign_id>")
def campaign(campaign_id: int) -> str:
    """One campaign: what it has given of its budget, and who owes what."""
    listed = queries.listed_campaign(g.session, g.who, campaign_id, now=g.clock())
    ids: Sequence[int] = listed.terms.shops or ()
    is_named = listed.terms.shops is not None and listed.terms.shop_class == ALL
    return desk_page(
        "association/campaign.html",
        listed=listed,
        terms=listed.terms,
        shops=merchant.queries.shops(g.session, g.who.district_id, ids=list(ids)) if is_named else None,
        states=titles.CAMPAIGN_STATES,
        effect=card(effects.campaign_effect(g.session, g.who, campaign_id, now=g.clock())),
    )


@pages.get("/desk/points/campaigns/<int:campaign_id>/effect.<any(xlsx, csv):file>")
def campaign_effect_table(campaign_id: int, file: str) -> Response:
    """What it brought, week by week. Raises PointsUnknown."""
    queries.listed_campaign(g.session, g.who, campaign_id, now=g.clock())
    return file_of(effects.campaign_effect(g.session, g.who, campaign_id, now=g.clock()), file)


@pages.post("/desk/points/campaigns/<int:campaign_id>/end")
def end_campaign(campaign_id: int) -> Answer:
    """終わらせる."""
    commands.end_campaign(g.session, g.who, campaign_id, now=g.clock())
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@pages.get("/desk/points/campaigns/<int:campaign_id>/funders/<int:place>")
def campaign_funder(campaign_id: int, place: int) -> str:
    """入金を記帳する."""
    authorise(g.session, g.who, "association.funder_pays", subject="page")
    terms = queries.listed_campaign(g.session, g.who, campaign_id, now=g.clock()).terms
    part = next((each for each in terms.parts if each.place == place and each.payer == "funder"), None)
    if part is None or part.account_id is None:
        raise PointsUnknown
    owed = ledger.queries.balance(g.session, g.who.district_id, part.account_id)
    back, here = url_for(".campaign", campaign_id=terms.id), url_for(".campaign_funder_pays", campaign_id=terms.id, place=place)
    return desk_page("association/point_funder.html", terms=terms, part=part, owed=owed, back=back, here=here)


@pages.post("/desk/points/campaigns/<int:campaign_id>/funders/<int:place>")
def campaign_funder_pays(campaign_id: int, place: int) -> Answer:
    """記帳する: pressed twice, it is booked once."""
    order = CampaignFunderPays(campaign_id, place, **forms.load(FunderPaysSchema))
    commands.campaign_funder_pays(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


def _sent(new: NewCampaign) -> list[tuple[str, object]]:
    """What the press on the next page sends once more: as it was typed, with the shops that were ticked or pasted."""
    plain = [name for name in CampaignSchema().fields if name not in ("where", "shops")]
    shops = [("where", new.shop_class)] if new.shops is None else [("where", "these"), *(("shops", shop) for shop in new.shops)]
    return [*((name, value) for name in plain for value in request.form.getlist(name)), *shops]


def _ticked(name: str) -> set[int]:
    """Which boxes a refused form had ticked."""
    return {int(one) for one in request.form.getlist(name) if one.isascii() and one.isdigit()}
