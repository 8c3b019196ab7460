"""台帳の見守り: the tablet as a witness of the sealed log. Its script asks and tells here; a person comes after an alarm."""

from __future__ import annotations

from flask import Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
import ledger.queries
from merchant import commands, queries
from merchant.schemas import AlarmSchema, SeenSchema, StandSchema, size_of
from merchant.views.frame import Place, at_till, pages, till_page
from web import forms


@pages.get("/till/staff/log")
@at_till
def log() -> str:
    """What this tablet has seen, by its script; after an alarm what it means, and the owner's way to begin anew."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    people = queries.staff(g.session, place.who.district_id, place.shop.id)
    return till_page("merchant/log.html", owners=[one for one in people if one.is_owner], anew="anew" in request.args)


@pages.get("/till/staff/log/sight")
@at_till
def sight() -> Response:
    """For the script: the log since `seen`, to be verified by the tablet. `log` is null while nothing was ever signed."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.witness_log")
    shown = ledger.queries.sight(g.session, place.who.district_id, seen=size_of(request.args.get("seen")))
    return jsonify(log=shown.as_json() if shown else None)


@pages.post("/till/staff/log/seen")
@at_till
def seen() -> tuple[str, int]:
    """The script has verified a checkpoint."""
    commands.saw_log(g.session, g.who, forms.load(SeenSchema), now=g.clock())
    return "", 204


@pages.post("/till/staff/log/alarm")
@at_till
def alarm() -> tuple[str, int]:
    """The script was shown what does not go on from what it kept; told again, it is the same alarm."""
    commands.tell_alarm(g.session, g.who, forms.load(AlarmSchema), now=g.clock())
    return "", 204


@pages.post("/till/staff/log/epoch")
@at_till
def goes_on() -> tuple[str, int]:
    """Somebody at the tablet has pressed: it goes on in the new epoch that its script has verified."""
    commands.goes_on(g.session, g.who, now=g.clock())
    return "", 204


@pages.post("/till/staff/log")
@at_till
def anew() -> Answer:
    """覚え直す: only with the owner's PIN. The script of this very page then forgets what it kept."""
    chosen = forms.load(StandSchema)
    commands.begin_anew(g.session, g.who, chosen["staff_id"], chosen["pin"], now=g.clock())
    return redirect(url_for(".log", anew=1), 303)
