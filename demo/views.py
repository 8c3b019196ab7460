"""`/demo`: phone, tablet and desk in one window, each signed in by one button. Exists in demo mode only.

Three people share one browser here, so each gets a cookie for their own part of the site: the consumer's holds for
the whole site, the association's and the owner's for their pages, where the narrower one wins (RFC 6265, 5.4). The
tablet has a cookie of its own everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import identity.queries
import merchant.commands
import merchant.queries
from base.errors import N_
from demo.cards import shown_card
from demo.cast import ADMINISTRATOR, APPROVER, AUDITOR, CARD_HOLDER, CARD_PIN, CONSUMER, ISSUER, OWNER, TABLETS, Named
from demo.fill import Standing, standing
from demo.opening import Town, find_town
from identity.commands import Browser
from identity.views.asking import DEVICE_COOKIE, SESSION_COOKIE, TILL_COOKIE
from merchant.queries import Shop
from web.i18n import _

pages = Blueprint("demo", __name__, template_folder="templates", static_folder="static", static_url_path="/demo/static")

MARK = "meguri_demo"
OWN_TILL = "meguri_demo_till_%s"
LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of the stage that a person takes: where their cookie holds, where they begin, who may sit there."""

    path: str
    start: str
    people: tuple[Named, ...]


SEATS = {
    "phone": Seat("/", "/wallet/", (CONSUMER,)),
    "desk": Seat("/desk", "/desk/", (ISSUER, APPROVER, AUDITOR, ADMINISTRATOR)),
    "shop": Seat("/shop", "/shop/", (OWNER,)),
}
POSTS = {
    CONSUMER: N_("利用者 %(name)s"),
    OWNER: N_("店主 %(name)s"),
    ISSUER: N_("発行担当 %(name)s"),
    APPROVER: N_("承認者 %(name)s"),
    AUDITOR: N_("監査担当 %(name)s"),
    ADMINISTRATOR: N_("管理者 %(name)s"),
}


@pages.get("/demo")
def stage() -> str:
    """The stage. Changes nothing: signing in is a press."""
    town = _town()
    far = standing(g.session, town, now=g.clock())
    return render_template(
        "demo/stage.html",
        posts={one.mailbox: _(post, name=one.nickname) for one, post in POSTS.items()},
        consumer=CONSUMER.nickname,
        desk_people=SEATS["desk"].people,
        shops=_tablet_shops(town),
        pins={shop: [f"{name} {pin}" for name, _role, pin in staff] for shop, staff in TABLETS.items()},
        card=shown_card(g.session, town.district_id),
        card_holder=CARD_HOLDER.nickname,
        card_pin=CARD_PIN,
        entered=_seats_taken(),
        standing=far,
        town_words=_town_words(far),
    )


@pages.get("/demo/waiting")
def waiting() -> str:
    """A device on which nobody is signed in yet."""
    return render_template("demo/waiting.html")


@pages.post("/demo/enter/<screen>")
def enter(screen: str) -> Answer:
    """Sign the person of this device in, or pair the tablet; lands on their first page."""
    if screen == "tablet":
        return _take_tablet(_town())
    if screen not in SEATS:
        abort(404)
    seat, town, now = SEATS[screen], _town(), g.clock()
    wanted = request.form.get("person", seat.people[0].mailbox)
    if wanted not in {one.mailbox for one in seat.people}:
        abort(404)
    browser = Browser(device_token=request.cookies.get(DEVICE_COOKIE), label=_("試用"), address=request.remote_addr or "")
    opened = identity.commands.open_session(
        g.session, town.district_id, town.people[wanted], browser, way="demo", now=now, trusted_from=now
    )
    answer = _entered(screen, wanted, seat.start)
    _give(answer, SESSION_COOKIE, opened.token, seat.path)
    _give(answer, DEVICE_COOKIE, opened.device_token, "/")
    return answer


@pages.get("/demo/scan/<uuid:request_id>")
def scan(request_id: UUID) -> Answer:
    """Where the QR of a request leads, for a phone whose camera cannot see the tablet beside it."""
    return redirect(url_for("wallet.code", token=merchant.queries.request_token(request_id, current_app.config["CODE_KEYS"][0])))


@pages.get("/demo/progress")
def progress() -> Response:
    """How far the town is filled, for the stage's bar."""
    far = standing(g.session, _town(), now=g.clock())
    return jsonify(booked=far.booked, days=far.days, percent=far.percent, whole=far.is_whole, words=_town_words(far))


def _town() -> Town:
    town = find_town(g.session)
    if town is None or town.district_id != g.district.id:
        abort(404)
    return town


def _tablet_shops(town: Town) -> list[Shop]:
    """Those of TABLETS that are there, in its order: while the town is opened they come one by one."""
    here = {shop.name: shop for shop in merchant.queries.shops(g.session, town.district_id)}
    found = [here[name] for name in TABLETS if name in here]
    if not found:
        abort(404)
    return found


def _town_words(far: Standing) -> str:
    if far.is_whole:
        return str(_("この町の1年分の記帳が済んでいます（%(days)s日）。", days=far.days))
    return str(_("この町の1年分を記帳しています（%(booked)s日 / %(days)s日）。もう使えます。", booked=far.booked, days=far.days))


def _take_tablet(town: Town) -> Answer:
    """A till of its own for each browser and shop, so that two visitors do not take it from each other: paired once, then taken again."""
    shops = _tablet_shops(town)
    wanted = request.form.get("shop", shops[0].public_number)
    shop = next((shop for shop in shops if shop.public_number == wanted), None)
    if shop is None:
        abort(404)
    own = OWN_TILL % shop.public_number
    token = _kept_till(shop, request.cookies.get(own))
    if token is None:
        place = len(merchant.queries.tills(g.session, town.district_id, shop.id)) + 1  # beside the tills of its year
        name = _("店頭の端末 %(number)s", number=place)
        invitation = merchant.commands.invite_till(g.session, town.district_id, shop.id, name, now=g.clock())
        nobody = identity.queries.nobody(town.district_id, address=request.remote_addr or "")
        token = merchant.commands.pair_till(g.session, nobody, invitation.code, now=g.clock()).token
    answer = _entered("tablet", shop.public_number, "/till/")
    _give(answer, TILL_COOKIE, token, "/till")
    _give(answer, own, token, "/demo")
    return answer


def _kept_till(shop: Shop, token: str | None) -> str | None:
    """The token of the till that this browser had at the shop, while the shop lets it in."""
    paired = identity.queries.principal_for_till(g.session, token, g.clock(), district_id=shop.district_id)
    return token if paired.has("till") and paired.merchant_id == shop.id else None


def _seats_taken() -> dict[str, str]:
    """Devices on which somebody is signed in, and who (or which shop): the stage does not see their cookies."""
    marks = (mark.partition(".") for mark in request.cookies.get(MARK, "").split("-"))
    return {screen: who for screen, _dot, who in marks if screen}


def _entered(screen: str, who: str, start: str) -> Answer:
    """On to the first page; the stage remembers."""
    answer = redirect(start, 303)
    taken = _seats_taken() | {screen: who}
    _give(answer, MARK, "-".join(f"{one}.{taken[one]}" for one in sorted(taken)), "/demo")
    return answer


def _give(answer: Answer, name: str, value: str, path: str) -> None:
    answer.set_cookie(
        name, value, max_age=LIFE, path=path, httponly=True, samesite="Lax", secure=bool(current_app.config["SESSION_COOKIE_SECURE"])
    )
