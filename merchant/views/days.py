"""レジ締め: today's drawer of this tablet, its close, and the reports."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import association.queries
import identity.commands
from merchant import commands, queries
from merchant.commands import CloseDay
from merchant.queries import DayReport
from merchant.schemas import CloseDaySchema, FloatSchema, MoveSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from merchant.views.printing import prints_here
from web import forms, pdf
from web.papers import day_report


@pages.get("/till/day")
@at_till
def day() -> str:
    """What must lie in the drawer, and the fields to count it."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    return till_page(
        "merchant/day.html",
        drawer=queries.drawer_now(g.session, place.who.district_id, place.till.id),
        denominations=queries.denominations(),
        shared=queries.open_shared_bills(g.session, place.who.district_id, place.shop.id),
        held=queries.held_bills(g.session, place.who.district_id, place.shop.id),
        reports=queries.day_reports(g.session, place.who.district_id, place.shop.id),
    )


@pages.post("/till/day/open")
@at_till
def open_day() -> Answer:
    """釣銭準備金を入れる."""
    not_in_practice()
    sent = forms.load(FloatSchema)
    commands.open_day(g.session, g.who, sent["amount"], key=sent["key"], now=g.clock())
    return redirect(url_for(".day"), 303)


@pages.post("/till/day/move")
@at_till
def move_cash() -> Answer:
    """入金 or 出金, with its reason."""
    not_in_practice()
    sent = forms.load(MoveSchema)
    commands.move_cash(g.session, g.who, sent["kind"], sent["amount"], sent["reason"], key=sent["key"], now=g.clock())
    return redirect(url_for(".day"), 303)


@pages.post("/till/day/count")
@at_till
def count_day() -> Answer:
    """途中で数える: recorded, and nothing is closed."""
    not_in_practice()
    commands.count_day(g.session, g.who, _counted(), now=g.clock())
    return redirect(url_for(".day", _anchor="drawer"), 303)


@pages.post("/till/day/close")
@at_till
def close_day() -> Answer:
    """締める: the report that stays."""
    not_in_practice()
    place: Place = g.place
    payday = association.queries.next_payday(g.session, place.who.district_id, place.shop.id, now=g.clock())
    done = commands.close_day(g.session, g.who, replace(_counted(), payday=payday), now=g.clock())
    return redirect(url_for(".day_report_page", till_id=done.till_id, report=done.report), 303)


@pages.get("/till/day/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):report>")
@at_till
def day_report_page(till_id: int, report: int) -> str:
    """日計表, as it was written down."""
    one = _one(till_id, report)
    return till_page("merchant/day_report.html", one=one, said=day_report(one.content, made_at=g.clock()), prints=prints_here())


@pages.get("/till/day/<int(max=9223372036854775807):till_id>/<int(max=9223372036854775807):report>.pdf")
@at_till
def day_report_pdf(till_id: int, report: int) -> Response:
    """The same on the paper of the counter's printer."""
    one = _one(till_id, report)
    answer = Response(pdf.render("day_report", day_report(one.content, made_at=one.made_at)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="day-{till_id}-{report}.pdf"'
    return answer


def _counted() -> CloseDay:
    sent = forms.load(CloseDaySchema)
    pieces = dict(zip(queries.denominations(), sent.pop("pieces"), strict=True))
    return CloseDay(pieces, **sent)


def _one(till_id: int, report: int) -> DayReport:
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    return queries.day_report_at(g.session, place.who.district_id, place.shop.id, till_id, report)
