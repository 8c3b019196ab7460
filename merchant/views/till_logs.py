"""控え: the tablet's script opens its log here and sends it; the owner looks at what is missing or was refused."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

import association.queries
import identity.commands
from base.clock import tokyo_day
from merchant import commands, queries
from merchant.commands import LogStands
from merchant.schemas import EntriesSchema, GiveUpSchema, KeySchema, LaterSchema, OpenLogSchema, TwinSchema, told
from merchant.views.frame import Place, at_desk, at_till, not_in_practice, pages
from web import forms, pdf
from web.papers import day_report
from web.problems import problem

NUMBER = "int(max=9223372036854775807)"


@pages.post("/till/log/open")
@at_till
def open_log() -> Response:
    """For the script, with the network: its log, and all that a receipt without one says besides the bill."""
    not_in_practice()
    place: Place = g.place
    stands = commands.open_log(g.session, g.who, forms.load(OpenLogSchema)["secret"], now=g.clock())
    choice = queries.register_choice(g.session, place.who.district_id, place.shop.id)
    words = {"name": place.shop.name, "name_en": place.shop.name_en, "address": place.shop.address, "phone": choice.phone}
    shop = words | {
        "number": place.shop.public_number,
        "registration": queries.registration_on(g.session, place.shop, tokyo_day(g.clock())),
    }
    now_ms = int(g.clock().timestamp() * 1000)
    staff = place.staff and {"id": place.staff.id, "name": place.staff.name}
    return jsonify(
        _standing(stands) | {"shop": shop, "till": {"id": place.till.id, "name": place.till.name}, "staff": staff, "now": now_ms}
    )


@pages.post("/till/log")
def take_entries() -> Response:
    """For the script: a piece of the log comes in. A tablet that was revoked is answered, too, and nothing of it is booked."""
    sent = forms.load(EntriesSchema)
    entries = [told(said) for said in sent["entries"]]
    return jsonify(_standing(commands.take_entries(g.session, g.who, sent["secret"], entries, sent["last"], now=g.clock())))


@pages.post(f"/shop/tills/<{NUMBER}:till_id>/log/<{NUMBER}:log>/lost")
@at_desk
def give_up_log(till_id: int, log: int) -> Answer:
    """紛失として閉じる."""
    commands.give_up_log(g.session, g.who, g.shop.id, till_id, log, forms.load(GiveUpSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop_tills"), 303)


@pages.post(f"/shop/tills/<{NUMBER}:till_id>/close")
@at_desk
def close_removed(till_id: int) -> Answer:
    """数えずに締める: the report of a tablet that is removed."""
    payday = association.queries.next_payday(g.session, g.shop.district_id, g.shop.id, now=g.clock())
    key: UUID = forms.load(KeySchema)["key"]
    commands.close_removed(g.session, g.who, g.shop.id, till_id, key=key, payday=payday, now=g.clock())
    return redirect(url_for(".shop_tills", _anchor="removed"), 303)


@pages.get(f"/shop/tills/<{NUMBER}:till_id>/<{NUMBER}:report>.pdf")
@at_desk
def report_at_desk_pdf(till_id: int, report: int) -> Response:
    """A 日計表 on the owner's desk or phone, where no tablet of the shop may be left to show it."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    one = queries.day_report_at(g.session, g.shop.district_id, g.shop.id, till_id, report)
    answer = Response(pdf.render("day_report", day_report(one.content, made_at=one.made_at)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="day-{till_id}-{report}.pdf"'
    return answer


@pages.post(f"/shop/tills/<{NUMBER}:till_id>/log/<{NUMBER}:log>/<{NUMBER}:seq>")
@at_desk
def answer_twin(till_id: int, log: int, seq: int) -> Answer:
    """二重かもしれない会計: which of the two was a sale."""
    commands.answer_twin(g.session, g.who, g.shop.id, till_id, log, seq, forms.load(TwinSchema)["stands"], now=g.clock())
    return redirect(url_for(".shop_tills"), 303)


@pages.post("/till/log/later")
@at_till
def tell_later() -> Response:
    """For the script: what it asked phones for without the network."""
    return jsonify(known=commands.tell_later(g.session, g.who, forms.load(LaterSchema)["tokens"], now=g.clock()))


@pages.post("/shop/tills/later/<uuid:request_id>/withdraw")
@at_desk
def withdraw_later(request_id: UUID) -> Answer:
    """取り下げる: paid in another way. If the customer was faster, the list says that it is paid."""
    commands.cancel_ask(g.session, g.who, request_id, now=g.clock())
    return redirect(url_for(".shop_tills"), 303)


def _standing(stands: LogStands) -> dict[str, object]:
    stopped = None if stands.stopped is None else problem(stands.stopped)
    return {"log": stands.log, "seq": stands.seq, "hash": stands.hash.hex() if stands.hash else "", "stopped": stopped}
