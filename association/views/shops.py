"""加盟店: who is in, who waits, and the second person who decides."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import merchant.queries
from association import commands, queries, titles
from association.queries import ListedShop
from association.schemas import NewShopSchema, ReasonSchema, ShopSizeSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from merchant.errors import ShopUnknown
from web import forms, tables
from web.i18n import _, translate
from web.tables import moment, text

STATES = ("applied", "open", "suspended", "closed")


@pages.get("/desk/shops")
def shops() -> str:
    """The list by reading, those that wait first, and the form for one more."""
    state = request.args.get("state")
    every = queries.listed_shops(g.session, g.who)
    counts = {each: sum(1 for listed in every if listed.shop.state == each) for each in STATES}
    shown = sorted((listed for listed in every if state in (None, listed.shop.state)), key=lambda listed: STATES.index(listed.shop.state))
    waiting = queries.waiting_applications(g.session, g.who.district_id)
    return desk_page(
        "association/shops.html",
        applications=waiting,
        shops=shown,
        counts=counts,
        state=state if state in STATES else None,
        total=len(every),
    )


@pages.get("/desk/shops.<any(xlsx, csv):file>")
def shops_table(file: str) -> Response:
    """加盟店 of the chosen state, by reading."""
    state = request.args.get("state")
    columns = [
        text(_("番号"), 10),
        text(_("お店"), 28),
        text(_("よみ"), 28),
        text(_("英語の名前"), 28),
        text(_("業種")),
        text(_("店の規模"), 12),
        text(_("所在地"), 36),
        text(_("登録番号"), 18),
        text(_("状態"), 12),
        text(_("登録した人")),
        moment(_("登録した日時")),
        text(_("決めた人")),
        moment(_("決めた日時")),
    ]
    return tables.download(
        file, "shops", columns, map(_row, queries.listed_shops(g.session, g.who, states=(state,) if state in STATES else None))
    )


def _row(listed: ListedShop) -> list[object]:
    shop, admission = listed.shop, listed.admission
    return [
        shop.public_number,
        shop.name,
        shop.name_kana,
        shop.name_en,
        shop.trade,
        translate(titles.SHOP_SIZES[shop.size]),
        shop.address,
        shop.registration_number,
        translate(titles.SHOP_STATES[shop.state][1]),
        admission.registered_by_name if admission else None,
        admission.registered_at if admission else None,
        admission.decided_by_name if admission else None,
        admission.decided_at if admission else None,
    ]


@pages.get("/desk/shops/new")
def new_shop() -> str:
    """The form for a shop that applies."""
    return desk_page("association/new_shop.html", sizes=titles.SHOP_SIZES)


@pages.post("/desk/shops/new")
def register() -> Answer:
    """Put a shop forward; somebody else approves it."""
    shop = commands.register_shop(g.session, g.who, forms.load(NewShopSchema), now=g.clock())
    return redirect(url_for(".shop", merchant_id=shop.id), 303)


@pages.get("/desk/shops/<int:merchant_id>")
def shop(merchant_id: int) -> str:
    """One shop: its story so far and what can be decided now."""
    found = [listed for listed in queries.listed_shops(g.session, g.who) if listed.shop.id == merchant_id]
    if not found:
        raise ShopUnknown
    standing = queries.agent(g.session, g.who.district_id, merchant_id, now=g.clock())
    account = queries.accounts_of_shop(g.session, g.who.district_id, merchant_id, now=g.clock())
    values: dict[str, object] = {"agent": standing, "account": account, "daily_max": commands.DAILY_MAX, "sizes": titles.SHOP_SIZES}
    cycles, where = queries.cycles(g.session, g.who.district_id), queries.places(g.session, g.who.district_id)
    values |= {
        "closings": titles.CLOSINGS,
        "cycles": cycles,
        "cycle": where.cycle(found[0].shop, tokyo_day(g.clock())),
        "given": where.given(merchant_id, tokyo_day(g.clock())),
        "has_owner": any(one.role == "owner" for one in identity.queries.grants(g.session, g.who.district_id, merchant_id=merchant_id)),
        "telephone": merchant.queries.register_choice(g.session, g.who.district_id, merchant_id).phone,
        "stops": queries.stops_of_shop(g.session, found[0].shop),
        "stopped_by": queries.stopped_by(g.session, g.who.district_id, merchant_id),
    }
    return desk_page("association/shop.html", listed=found[0], **values)


@pages.post("/desk/shops/<int:merchant_id>/approve")
def approve(merchant_id: int) -> Answer:
    """承認する: never whoever put it forward."""
    commands.approve_shop(g.session, g.who, merchant_id, admission_check=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.post("/desk/shops/<int:merchant_id>/decline")
def decline(merchant_id: int) -> Answer:
    """差し戻す."""
    commands.decline_shop(g.session, g.who, merchant_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.post("/desk/shops/<int:merchant_id>/size")
def classify(merchant_id: int) -> Answer:
    """規模を変える: from now on."""
    commands.classify_shop(g.session, g.who, merchant_id, size=forms.load(ShopSizeSchema)["size"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.post("/desk/shops/<int:merchant_id>/suspend")
def suspend(merchant_id: int) -> Answer:
    """停止する: its tills are told at once."""
    commands.suspend_shop(g.session, g.who, merchant_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.post("/desk/shops/<int:merchant_id>/resume")
def resume(merchant_id: int) -> Answer:
    """再開する."""
    commands.resume_shop(g.session, g.who, merchant_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)
