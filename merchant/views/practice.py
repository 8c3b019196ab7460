"""練習モード: the till without any booking.

A practice lives in a signed cookie of this tablet and nowhere else: the database is only read, and no door that writes
is known to this module. It ends with the day, on its own. While it is on, the till's own writing pages refuse (`PracticeIsOn`),
and a real payment that arrives rings as ever, over whatever is being practised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import day_bounds, tokyo_day
from merchant import queries
from merchant.schemas import PracticeSchema
from merchant.views.frame import Place, at_till, pages, till_page
from merchant.views.practice_cookie import COOKIE, Practice, PracticeSale, signed_practice
from web import forms

CODE = "MEGURI PRACTICE 練習 これは練習用のQRです。支払いはできません。"
"""What the practice QR says. No address: no camera opens anything, and our own scanner finds no code of ours in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A practice sale as the parts of the real pages show it."""

    transaction_id: int
    amount: int
    refunded: int
    posted_at: datetime
    number: str
    word: str
    customer: str
    way: str = "dynamic"
    cash: int = 0
    discount: int = 0
    kind: str = "payment"

    @property
    def bill(self) -> int:
        return self.amount

    @property
    def total(self) -> int:
        return self.amount

    @property
    def left(self) -> int:
        return self.amount - self.refunded


@pages.get("/till/practice/start")
@at_till
def practice_start() -> Answer | str:
    """練習を始めますか: asked once, with who is asked."""
    _may_read()
    return redirect(url_for(".practice"), 303) if g.practice else till_page("merchant/practice_start.html")


@pages.post("/till/practice/start")
@at_till
def practice_begin() -> Answer:
    """From now on until somebody ends it, or the day does."""
    _may_read()
    place: Place = g.place
    name = place.staff.name if place.staff else ""
    return _kept(Practice(place.till.id, name, tokyo_day(g.clock()).isoformat(), ()), url_for(".practice"))


@pages.post("/till/practice/end")
@at_till
def practice_end() -> Answer:
    """練習を終える: the till is real again."""
    answer = redirect(url_for(".keypad"), 303)
    answer.delete_cookie(COOKIE, path="/till")
    return answer


@pages.get("/till/practice/")
@at_till
def practice() -> Answer | str:
    """The keypad of the practice."""
    found = _practice()
    if found is None:
        return redirect(url_for(".keypad"), 303)
    limit = queries.payment_limit(g.session, g.place.who.district_id, now=g.clock())
    return till_page("merchant/practice_keypad.html", limit=limit, sales=_shown(found)[:3])


@pages.post("/till/practice/qr")
@at_till
def practice_ask() -> Answer:
    """QRを見せて受け取る, without a request."""
    return redirect(url_for(".practice_qr", **_asked(forms.load(PracticeSchema))), 303)


@pages.get("/till/practice/qr")
@at_till
def practice_qr() -> Answer | str:
    """The page that faces the customer, with a code that pays nothing and the press that stands for the customer's."""
    if _practice() is None:
        return redirect(url_for(".keypad"), 303)
    if PracticeSchema().validate(request.args):
        return redirect(url_for(".practice"), 303)  # nothing that could be asked, also where a press was refused
    asked = PracticeSchema().load(request.args)
    return till_page("merchant/practice_qr.html", **asked, waiting=asked["then"].split(",") if asked["then"] else [], code=CODE)


@pages.post("/till/practice/paid")
@at_till
def practice_paid() -> Answer:
    """お客様が支払ったことにする: the next phone of a shared bill is asked, and the last one leads on."""
    found = _practice()
    if found is None:
        return redirect(url_for(".keypad"), 303)
    sent = forms.load(PracticeSchema)
    found = found.with_sale(sent["amount"], int(g.clock().timestamp()))
    following, _comma, then = sent["then"].partition(",")
    if following:
        return _kept(found, url_for(".practice_qr", **_asked({"amount": following, "then": then})))
    return _kept(found, url_for(".practice_arrived", number=found.sales[-1].number))


@pages.get("/till/practice/arrived/<int(max=999999):number>")
@at_till
def practice_arrived(number: int) -> Answer | str:
    """受け取りました, as it looks and sounds, with 練習 across it."""
    return _one("merchant/practice_arrived.html", number)


@pages.get("/till/practice/sales")
@at_till
def practice_sales() -> Answer | str:
    """What was practised today on this tablet."""
    found = _practice()
    return redirect(url_for(".keypad"), 303) if found is None else till_page("merchant/practice_sales.html", sales=_shown(found))


@pages.get("/till/practice/sales/<int(max=999999):number>")
@at_till
def practice_sale(number: int) -> Answer | str:
    """One practice sale, and how a refund is made."""
    return _one("merchant/practice_sale.html", number)


@pages.post("/till/practice/sales/<int(max=999999):number>/refund")
@at_till
def practice_refund(number: int) -> Answer:
    """返金する, as far as there is something left of it."""
    found = _practice()
    if found is None:
        return redirect(url_for(".keypad"), 303)
    return _kept(found.with_refund(number, forms.load(PracticeSchema)["amount"]), url_for(".practice_sale", number=number))


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    return {"amount": said["amount"], **({"then": said["then"]} if said["then"] else {})}


def _may_read() -> None:
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")


def _practice() -> Practice | None:
    _may_read()
    found: Practice | None = g.practice
    return found


def _one(template: str, number: int) -> Answer | str:
    found = _practice()
    if found is None:
        return redirect(url_for(".keypad"), 303)
    sale = next((sale for sale in _shown(found) if sale.transaction_id == number), None)
    if sale is None:
        raise NotFound
    return till_page(template, sale=sale)


def _shown(found: Practice) -> list[Shown]:
    return [_as_shown(sale) for sale in reversed(found.sales)]


def _as_shown(sale: PracticeSale) -> Shown:
    moment = datetime.fromtimestamp(sale.at, g.clock().tzinfo)
    return Shown(sale.number, sale.amount, sale.returned, moment, f"P-{sale.number:03}", "練習", "—")


def _kept(found: Practice, address: str) -> Answer:
    """Go to `address`, and remember the practice on this tablet until the day is over."""
    answer = redirect(address, 303)
    ends = day_bounds(tokyo_day(g.clock()))[1]
    text = signed_practice(found, current_app.secret_key or b"")
    secure: Any = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, text, expires=ends, path="/till", httponly=True, samesite="Lax", secure=secure)
    return answer
