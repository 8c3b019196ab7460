"""商品レジ: articles are pressed, the bill is put together on the tablet, and paid in cash, by card, or in local money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import association.queries
import identity.commands
import ledger.queries
from base.clock import day_bounds, tokyo_day
from merchant import commands, queries
from merchant.commands import Hold, Sell
from merchant.print_agent import HERE
from merchant.queries import ArticleFacts, ArticleRow
from merchant.rules.bill import rate_of
from merchant.schemas import HoldSchema, KeySchema, SellBillSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, public_url, till_page
from merchant.views.printing import prints_here
from web import forms
from web.headers import policy
from web.problems import wants_json

AGENT = "http://{}:{}".format(*HERE)
"""The print agent on the till's own computer."""


@pages.get("/till/register")
@at_till
def register() -> Response:
    """The articles on the left, the bill on the right. What stands in the bill lives on the tablet until it is paid or held."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    district_id, shop = place.who.district_id, place.shop
    page = till_page(
        "merchant/register.html",
        choice=queries.register_choice(g.session, district_id, shop.id).on(tokyo_day(g.clock())),
        mark=queries.articles_mark(g.session, district_id, shop.id),
        limit=queries.payment_limit(g.session, district_id, now=g.clock()),
        prints=prints_here(),
        public_url=public_url(),
        has_paper=association.queries.is_on_paper(g.session, district_id),
        is_stopped=ledger.queries.is_stopped(g.session, district_id, "paying"),
        agent=AGENT,
        shared=queries.open_shared_bills(g.session, district_id, shop.id),
    )
    answer = make_response(page)
    if queries.printer_of(g.session, district_id, place.till.id).way == "agent":
        answer.headers["Content-Security-Policy"] = policy(connect=AGENT)
    return answer


@pages.get("/till/register/articles.json")
@at_till
def register_articles() -> Response:
    """Every article with its price and rate, taken away and eaten here, and what comes by its day. Kept until the mark changes."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    district_id, shop = place.who.district_id, place.shop
    rows = queries.articles(g.session, district_id, shop.id)
    pictures = queries.article_pictures(g.session, district_id, shop.id)
    answer = jsonify(articles=[[*_for_till(row), _coming(row.facts), _picture(row.id, pictures)] for row in rows])
    if request.args.get("mark"):
        answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@pages.post("/till/register/sell")
@at_till
def sell_bill() -> Response:
    """Paid in cash or by card: the receipt's number, the change, and where the receipt is."""
    not_in_practice()
    row = commands.sell(g.session, g.who, order_of(forms.load(SellBillSchema)), now=g.clock())
    return jsonify(
        number=row.number,
        total=row.total,
        received=row.content["received"],
        change=row.content["change"],
        href=url_for(".receipt", till_id=row.till_id, serial=row.serial),
    )


@pages.post("/till/register/ask")
@at_till
def ask_for_bill() -> Answer:
    """QRを見せて受け取る, with the bill: the receipt is made when the phone pays. A script that reads the customer's code is told where."""
    not_in_practice()
    asked = commands.ask_for_bill(g.session, g.who, order_of(forms.load(SellBillSchema)), now=g.clock())
    if wants_json():
        return jsonify(request=str(asked.id), href=url_for(".scan", request=asked.id))
    return redirect(url_for(".request_page", request_id=asked.id), 303)


@pages.get("/till/register/held")
@at_till
def held() -> Response:
    """The bills that wait at this shop."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    rows = queries.held_bills(g.session, place.who.district_id, place.shop.id)
    waiting = [{"id": str(row.id), "name": row.name, "total": row.total, "at": int(row.held_at.timestamp() * 1000)} for row in rows]
    return jsonify(held=waiting)


@pages.post("/till/register/held")
@at_till
def hold() -> Response:
    """取り置く: the bill waits under a name."""
    not_in_practice()
    commands.hold_bill(g.session, g.who, Hold(**forms.load(HoldSchema)), now=g.clock())
    return held()


@pages.post("/till/register/held/<uuid:held_id>/take")
@at_till
def take_held(held_id: UUID) -> Response:
    """呼び出す: go on with it here."""
    not_in_practice()
    key: UUID = forms.load(KeySchema)["key"]
    return jsonify(content=commands.take_bill(g.session, g.who, held_id, key=key, now=g.clock()))


def order_of(sent: dict[str, Any]) -> Sell:
    """The bill counts as the shop counts now: a till that still counted otherwise shows another total, and is refused."""
    place: Place = g.place
    choice = queries.register_choice(g.session, place.who.district_id, place.shop.id)
    sent["bill"] = choice.counts(sent["bill"])
    return Sell(**sent)


def _picture(article_id: int, pictures: dict[int, str]) -> str | None:
    digest = pictures.get(article_id)
    return None if digest is None else url_for(".till_picture", article_id=article_id, digest=digest[:16])


def _for_till(row: ArticleRow) -> list[object]:
    """number, name, category, barcode, words to search by, and what it costs."""
    it = row.facts
    words = f"{queries.plain(it.name)} {queries.plain(it.reading)}"
    return [row.id, it.name, it.category, it.barcode, words, *_costs(it)]


def _costs(it: ArticleFacts) -> list[object]:
    """Whether it is eaten here, too; then price and rate taken away, and here."""
    here = rate_of(it.rate, eat_in=True, also_eaten_here=it.eat_in)
    in_price = it.eat_in_price if it.eat_in_price is not None else it.price
    return [it.eat_in, it.price, it.rate, in_price, here]


def _coming(it: ArticleFacts) -> list[object] | None:
    """From when on, in ms since 1970, and what it costs then. Also once it has come: a bill of before knows by it what held."""
    if it.coming is None:
        return None
    from_ms = int(day_bounds(it.coming.day)[0].timestamp() * 1000)
    return [from_ms, *_costs(it.on(it.coming.day))]
