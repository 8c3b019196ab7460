"""利用者: one person at the desk, stopped and let go again, or seen off for good."""

from __future__ import annotations

from contextlib import suppress

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import CashRefund
from association.schemas import CashRefundSchema, ClosePersonSchema, FreezeSchema, ReasonSchema
from association.views.frame import desk_page, pages
from base.errors import N_
from identity.errors import AlreadyFrozen
from ledger.queries import payment_number
from web import forms

ASKED_BY = {
    "code": N_("本人（回復コードで）"),
    "self": N_("本人"),
    "family": N_("家族"),
    "police": N_("警察"),
    "association": N_("組合の判断"),
}
STATES = {"open": ("ok", N_("利用中")), "frozen": ("danger", N_("一時停止中")), "left": ("neutral", N_("退会済み"))}
"""Stopped for now, and gone for good: two words that nobody mixes up."""


@pages.get("/desk/people/<int:person_id>")
def person(person_id: int) -> str:
    """What is needed to be sure who asks, and what can be done. The look is written down."""
    seen = queries.look_at(g.session, g.who, person_id, now=g.clock())
    return desk_page("association/person.html", seen=seen, asked_by=ASKED_BY, states=STATES, now=g.clock(), payment_number=payment_number)


@pages.post("/desk/people/<int:person_id>/freeze")
def freeze(person_id: int) -> Answer:
    """一時停止する. Pressed again, or by somebody else meanwhile: the page that says since when and by whom."""
    with suppress(AlreadyFrozen):
        commands.freeze_person(g.session, g.who, person_id, forms.load(FreezeSchema), now=g.clock())
    return redirect(url_for(".person", person_id=person_id), 303)


@pages.post("/desk/people/<int:person_id>/unfreeze")
def unfreeze(person_id: int) -> Answer:
    """解除する."""
    commands.unfreeze_person(g.session, g.who, person_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".person", person_id=person_id), 303)


@pages.get("/desk/people/<int:person_id>/refund")
def refund_page(person_id: int) -> str:
    """払戻し: what the law leaves for it, before anything is asked for."""
    room = queries.refund_room(g.session, g.who, now=g.clock())
    seen = queries.look_at(g.session, g.who, person_id, now=g.clock())
    now, ending = g.clock(), {one.series.id for one in queries.endings(g.session, g.who, now=g.clock()) if one.state == "claiming"}
    held = [one for one in seen.balances if one.available > 0 and (one.series.is_valid(now) or one.series.id in ending)]
    return desk_page("association/cash_refund.html", seen=seen, held=held, room=room, grounds=titles.REFUND_GROUNDS, ending=ending)


@pages.post("/desk/people/<int:person_id>/refund")
def propose_refund(person_id: int) -> Answer:
    """申請する: a second person decides, and pays."""
    form = forms.load(CashRefundSchema)
    order = CashRefund(person_id, form["series"], form["amount"], form["paid_from"], form["ground"], form["reason"], form["key"])
    proposal_id = commands.propose_refund(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.get("/desk/people/<int:person_id>/close")
def see_off_page(person_id: int) -> str:
    """退会の手続き, before anything is pressed."""
    g.who.needs("administrator")
    seen = queries.look_at(g.session, g.who, person_id, now=g.clock())
    left = commands.coin_left(g.session, g.who.district_id, person_id, now=g.clock())
    return desk_page("association/see_off.html", seen=seen, left=left, states=STATES)


@pages.post("/desk/people/<int:person_id>/close")
def see_off(person_id: int) -> Answer:
    """退会: their data is gone, the book keeps the number."""
    typed = forms.load(ClosePersonSchema)
    commands.close_person(g.session, g.who, person_id, gives_up=typed["gives_up"], now=g.clock())
    return redirect(url_for(".person", person_id=person_id), 303)
