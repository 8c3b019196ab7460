"""The owner's evening: what the shop's own payments say."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from analytics import commands, queries
from analytics.queries import Asked, effects, foresight, foretold, notes
from analytics.schemas import NOTE_KINDS, NoteSchema
from analytics.views.frame import card, cards, file_of, last_day, months, pages
from base.clock import tokyo_day
from base.errors import Forbidden
from web import forms


@pages.get("/shop/insight")
def shop() -> str:
    """One card for each report of the shop whose owner asks. Raises Forbidden."""
    listed = queries.shop_reports(g.session, g.who)
    if g.who.merchant_id is None:
        raise Forbidden
    registers = queries.read_registers(g.session, g.who.district_id)
    found = cards(
        listed, lambda each, last: queries.shop_report(g.session, g.who, each.name, now=g.clock(), last=last, registers=registers)
    )
    before, after, shown = months(found)
    own = merchant.queries.merchant(g.session, g.who.district_id, g.who.merchant_id)
    return render_template(
        "analytics/shop.html",
        cards=[*(card(each) for each in _of_the_night()), *found],
        before=before,
        after=after,
        shown=shown,
        shop=own,
        endpoint="shop",
        notes=notes.shop_notes(g.session, g.who, today=tokyo_day(g.clock())),
        writes=True,
        kinds=NOTE_KINDS,
        today=tokyo_day(g.clock()),
    )


def _of_the_night() -> list[Asked]:
    """What was made while nobody looked."""
    return [make(g.session, g.who, now=g.clock()) for make in (foresight.shop_forecast, foretold.shop_foretold, effects.shop_effects)]


@pages.get("/shop/insight/<name>.<any(xlsx, csv):file>")
def shop_file(name: str, file: str) -> Response:
    """A report's table. Raises ReportUnknown, Forbidden, and what the report refuses."""
    kept = {each.report.name: each for each in _of_the_night()}
    if name in kept:
        return file_of(kept[name], file)
    listed = {each.name: each for each in queries.shop_reports(g.session, g.who)}
    months_of = listed[name].months if name in listed else 1
    asked: Asked = queries.shop_report(g.session, g.who, name, now=g.clock(), last=last_day() if months_of else None)
    return file_of(asked, file)


@pages.post("/shop/insight")
def note_of_shop() -> Answer:
    """メモを残す: of the own shop."""
    commands.note_day(g.session, g.who, **forms.load(NoteSchema), now=g.clock())
    return redirect(url_for(".shop", _anchor="notes"), 303)


@pages.post("/shop/insight/notes/<int(max=9223372036854775807):note_id>/drop")
def drop_shop_note(note_id: int) -> Answer:
    """メモを消す."""
    commands.drop_note(g.session, g.who, note_id, now=g.clock())
    return redirect(url_for(".shop", _anchor="notes"), 303)
