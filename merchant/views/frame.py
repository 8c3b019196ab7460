"""What every page of the shop needs: who stands where, and the frame around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, current_app, g, render_template, request
from flask.blueprints import BlueprintSetupState

import association.queries
from base.clock import day_bounds, tokyo_day
from base.errors import N_, Forbidden
from identity.queries import Principal
from merchant import queries
from merchant.errors import NoTill, PracticeIsOn
from merchant.helps import HELPS
from merchant.queries import Shop, StaffMember, TillRow
from merchant.views.practice_cookie import COOKIE, read_practice
from web import helps, navigation
from web.i18n import named
from web.navigation import Link

pages = Blueprint("merchant", "merchant", template_folder="templates")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Place:
    """A paired tablet: whose it is, and who stands at it."""

    who: Principal
    shop: Shop
    till: TillRow
    staff: StaffMember | None


def at_till(view: View) -> View:
    """Only for a paired tablet; anybody else is sent to pair it. Fills `g.place`, and `g.practice` while the till practises."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        who: Principal = g.who
        who.needs("till")
        if who.merchant_id is None or who.till_id is None:
            raise NoTill
        shop = queries.merchant(g.session, who.district_id, who.merchant_id)
        till = queries.till(g.session, who.district_id, who.till_id)
        if till.revoked_at is not None:
            raise NoTill
        staff = {member.id: member for member in queries.staff(g.session, who.district_id, shop.id)}
        g.place = Place(who, shop, till, staff.get(who.staff_id or 0))
        today = tokyo_day(g.clock())
        g.practice = read_practice(request.cookies.get(COOKIE), current_app.secret_key or b"", till.id, today.isoformat())
        g.practice_until = day_bounds(today)[1]
        return view(*args, **kwargs)

    return cast(View, inner)


def at_desk(view: View) -> View:
    """Only for the signed-in owner of a shop. Fills `g.shop`."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        who: Principal = g.who
        who.needs("owner")
        if who.merchant_id is None:
            raise Forbidden
        g.shop = queries.merchant(g.session, who.district_id, who.merchant_id)
        return view(*args, **kwargs)

    return cast(View, inner)


def not_in_practice() -> None:
    """Raises PracticeIsOn: what would ask for money or move it is refused, wherever the press came from."""
    if g.practice is not None:
        raise PracticeIsOn


def till_page(template: str, **values: Any) -> str:
    """A page of the tablet, with the names that its frame shows."""
    place: Place = g.place
    return render_template(
        template,
        place=place,
        shop=place.shop,
        shop_name=named(place.shop),
        till_name=place.till.name,
        staff=place.staff,
        practice=g.practice,
        practice_until=g.practice_until,
        printer=queries.printer_of(g.session, place.who.district_id, place.till.id),
        **values,
    )


def desk_page(template: str, **values: Any) -> str:
    """A page of the owner's desk."""
    return render_template(template, shop=g.shop, **values)


def public_url() -> str:
    """What the codes of this installation point to."""
    return str(current_app.config["PUBLIC_URL"])


def code_keys() -> Sequence[bytes]:
    """The keys that sign codes, the current one first."""
    return cast(Sequence[bytes], current_app.config["CODE_KEYS"])


def webhook_hosts() -> frozenset[str]:
    """Where the operator lets webhooks go."""
    return cast(frozenset[str], current_app.config["WEBHOOK_HOSTS"])


def _is_owner() -> bool:
    return g.who is not None and g.who.has("owner") and g.who.till_id is None


def _sells_coin() -> bool:
    """Whether this tablet's shop is an agent."""
    place: Place | None = g.get("place")
    return place is not None and association.queries.is_agent(g.session, place.who.district_id, place.shop.id)


@pages.record_once
def link_pages(state: BlueprintSetupState) -> None:
    """The tablet's rail, and the owner's part of the side bar."""
    app = cast(Flask, state.app)
    helps.add(app, HELPS)
    for order, (icon, label, href) in enumerate(
        (
            ("till", N_("レジ"), "/till/"),
            ("tag", N_("商品レジ"), "/till/register"),
            ("receipt", N_("レシート"), "/till/receipts"),
            ("undo", N_("売上・返金"), "/till/sales"),
            ("book", N_("レジ締め"), "/till/day"),
            ("people", N_("担当・設定"), "/till/staff"),
        )
    ):
        navigation.add(app, "till.rail", Link(icon, label, href, order=order))
    navigation.add(app, "till.rail", Link("yen", N_("コインを売る"), "/till/sell", order=1, visible=_sells_coin))
    for order, (icon, label, href) in enumerate(
        (
            ("home", N_("今日のお店"), "/shop/"),
            ("yen", N_("売上"), "/shop/sales"),
            ("calendar", N_("月の売上"), "/shop/months"),
            ("bank", N_("入金"), "/shop/payouts"),
            ("book", N_("帳簿"), "/shop/books"),
            ("tag", N_("品目"), "/shop/articles"),
            ("receipt", N_("レシート"), "/shop/register"),
            ("till", N_("端末"), "/shop/tills"),
            ("print", N_("プリンター"), "/shop/printers"),
            ("people", N_("担当"), "/shop/staff"),
            ("qr", N_("お店のQR"), "/shop/code"),
            ("bell", N_("外部への通知"), "/shop/webhooks"),
        )
    ):
        navigation.add(app, "desk.side", Link(icon, label, href, order=order, group=N_("お店"), visible=_is_owner))
