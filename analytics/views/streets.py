"""町の見取り図 at the desk: the picture, and each shop's street and place on it."""

from __future__ import annotations

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from analytics import commands
from analytics.commands.streets import BYTES_MAX
from analytics.queries.streets import Place, Plan, places, plan, plan_picture
from analytics.schemas import PlaceSchema, PlanSchema
from analytics.views.frame import pages
from analytics.views.labels import apart
from base.clock import tokyo_day
from identity.permissions import may
from web import forms

PIN = 22
"""pixels across a shop's number on the plan"""
SHOWN = 800
"""pixels that the plan is wide on the page of the desk: a press on it says where, without any script"""


@pages.get("/desk/streets")
def streets() -> str:
    """The plan with its shops; choosing one and pressing the plan puts it there."""
    today = tokyo_day(g.clock())
    shops, drawn = places(g.session, g.who, on=today), plan(g.session, g.who, on=today)
    wanted = request.values.get("shop", "")
    return render_template(
        "analytics/streets.html",
        plan=drawn,
        pins=_pins(shops, drawn) if drawn else [],
        today=today,
        places=shops,
        chosen=next((each for each in shops if str(each.merchant_id) == wanted), next((each for each in shops if each.at is None), None)),
        streets=sorted({each.street for each in shops} - {""}),
        shown=SHOWN,
        writes=may(g.who.roles, None, "analytics.keep_streets"),
        own_name=identity.queries.person_profile(g.session, g.who).nickname,
    )


def _pins(shops: list[Place], drawn: Plan) -> list[tuple[Place, tuple[float, float], tuple[float, float]]]:
    """Each shop on the plan, where it stands, and where its number is read: beside that where shops stand close."""
    standing = [each for each in shops if each.at]
    spots = [(each.at[0] * SHOWN / 1000, each.at[1] * SHOWN * drawn.height / drawn.width / 1000) for each in standing if each.at]
    return list(zip(standing, spots, apart(spots, PIN), strict=True))


@pages.get("/desk/streets/<int(max=9223372036854775807):plan_id>.png")
def street_plan(plan_id: int) -> Response:
    """The picture of a plan; it never changes under its number."""
    content = plan_picture(g.session, g.who, plan_id)
    if content is None:
        abort(404)
    answer = Response(content, mimetype="image/png")
    answer.cache_control.private, answer.cache_control.max_age = True, 86_400
    return answer


@pages.post("/desk/streets/plan")
@forms.takes_files(BYTES_MAX + 64 * 1024)
def keep_plan() -> Answer:
    """A new picture takes the place of the one before. Raises PlanLarge, PlanBroken, StreetsAhead."""
    content = b""
    if sent := request.files.get("file"):
        with sent.stream as stream:
            content = stream.read(BYTES_MAX + 1)
    commands.keep_plan(g.session, g.who, content, now=g.clock(), since=forms.load(PlanSchema)["changed_on"])
    return redirect(url_for(".streets"), 303)


@pages.post("/desk/streets")
def place_shop() -> Answer:
    """Where a shop stands: pressed on the plan, or typed."""
    form = forms.load(PlaceSchema)
    today = tokyo_day(g.clock())
    now_on = next((each for each in places(g.session, g.who, on=today) if each.merchant_id == form["shop"]), None)
    at = now_on.at if now_on else None
    pressed = [request.form.get(f"at.{side}", "") for side in "xy"]  # (0, 0) is what a browser sends for Enter in the field of the street
    picture = plan(g.session, g.who, on=today)
    if picture and pressed != ["0", "0"] and all(part.isascii() and part.isdigit() and len(part) < 5 for part in pressed):
        high = SHOWN * picture.height / picture.width
        at = (round(int(pressed[0]) * 1000 / SHOWN), round(int(pressed[1]) * 1000 / high))
    elif form["x"] is not None and form["y"] is not None:
        at = (form["x"], form["y"])
    commands.place_shop(g.session, g.who, form["shop"], street=form["street"], at=at, now=g.clock(), since=form["since"])
    return redirect(url_for(".streets"), 303)
