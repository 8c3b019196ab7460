"""参加ポイント: points for taking part, with a poster and, where it asks something, the answers."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import EventFunderPays, NewEvent
from association.errors import EventUnknown
from association.rules import shares_of_points
from association.schemas import EventSchema, FunderPaysSchema, ProposePointsSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms, papers, pdf


@pages.get("/desk/points/events/new")
def new_event() -> str:
    """The form."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    return desk_page("association/new_event.html", today=tokyo_day(g.clock()), funders=queries.funders(g.session, g.who))


@pages.post("/desk/points/events/confirm")
def confirm_event() -> str:
    """The same once more, with what follows and what each press books. Nothing is made yet."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    new: NewEvent = forms.load(EventSchema)
    parts, _of_shop = shares_of_points(new.points, 0, [share.percent for share in new.shares])
    return desk_page(
        "association/confirm_event.html",
        new=new,
        sent={name: request.form.get(name, "") for name in EventSchema().fields},
        bearers=list(zip(new.shares, parts, strict=True)),
        programme=queries.programme_at(queries.begun_programmes(g.session, g.who.district_id), g.clock()),
    )


@pages.post("/desk/points/events/new")
def propose_event() -> Answer:
    """承認を申請する."""
    new: NewEvent = forms.load(EventSchema)
    form = forms.load(ProposePointsSchema)
    event_id = commands.propose_event(g.session, g.who, new, key=form["key"], note=form["note"], now=g.clock())
    return redirect(url_for(".event", event_id=event_id), 303)


@pages.get("/desk/points/events/<int:event_id>")
def event(event_id: int) -> str:
    """One event: how many have taken part, what they answered, its poster."""
    listed = queries.listed_event(g.session, g.who, event_id, now=g.clock())
    return desk_page("association/event.html", listed=listed, terms=listed.terms, states=titles.POINT_EVENT_STATES)


@pages.get("/desk/points/events/<int:event_id>/poster.pdf")
def event_poster(event_id: int) -> Response:
    """A4 for the wall: how many points, and the QR that leads to the wallet's page. Raises EventUnknown before its approval."""
    terms = queries.listed_event(g.session, g.who, event_id, now=g.clock()).terms
    if terms.begins_at is None:
        raise EventUnknown
    paper = papers.point_poster(
        url=f"{current_app.config['PUBLIC_URL']}{url_for('wallet.event', code=terms.code)}",
        name=terms.name,
        name_en=terms.name_en,
        points=terms.points,
        most=terms.most,
        first_day=terms.first_day,
        last_day=terms.last_day,
        district=g.district.name,
        association=g.district.association,
        made_at=g.clock(),
    )
    answer = Response(pdf.render_checked("coupon_poster", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="points-{event_id}.pdf"'
    return answer


@pages.post("/desk/points/events/<int:event_id>/end")
def end_event(event_id: int) -> Answer:
    """終わらせる."""
    commands.end_event(g.session, g.who, event_id, now=g.clock())
    return redirect(url_for(".event", event_id=event_id), 303)


@pages.get("/desk/points/events/<int:event_id>/funders/<int:place>")
def event_funder(event_id: int, place: int) -> str:
    """入金を記帳する."""
    authorise(g.session, g.who, "association.funder_pays", subject="page")
    terms = queries.listed_event(g.session, g.who, event_id, now=g.clock()).terms
    part = next((each for each in terms.parts if each.place == place and each.payer == "funder"), None)
    if part is None or part.account_id is None:
        raise EventUnknown
    owed = ledger.queries.balance(g.session, g.who.district_id, part.account_id)
    back, here = url_for(".event", event_id=terms.id), url_for(".event_funder_pays", event_id=terms.id, place=place)
    return desk_page("association/point_funder.html", terms=terms, part=part, owed=owed, back=back, here=here)


@pages.post("/desk/points/events/<int:event_id>/funders/<int:place>")
def event_funder_pays(event_id: int, place: int) -> Answer:
    """記帳する: pressed twice, it is booked once."""
    order = EventFunderPays(event_id, place, **forms.load(FunderPaysSchema))
    commands.event_funder_pays(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".event", event_id=event_id), 303)
