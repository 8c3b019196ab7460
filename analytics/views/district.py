"""The coordinator's Monday: what the district's payments say, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from analytics import commands, queries
from analytics.queries import Asked, effects, foresight, foretold, notes
from analytics.queries.streets import places, plan
from analytics.schemas import NOTE_KINDS, NoteSchema
from analytics.views.drawing import NARROW, WIDTH
from analytics.views.frame import Card, card, cards, file_of, last_day, months, pages
from analytics.views.streetmap import street_map
from base.clock import tokyo_day
from identity.permissions import may
from web import forms


@pages.get("/desk/insight")
def district() -> str:
    """One card for each report of the district."""
    found = [_on_the_plan(card) if card.report.name == "circulation" else card for card in district_cards()]
    before, after, shown = months(found)
    name = identity.queries.person_profile(g.session, g.who).nickname
    return render_template(
        "analytics/district.html",
        cards=[*(card(each) for each in _of_the_night()), *found],
        before=before,
        after=after,
        shown=shown,
        has_answers=any(card.asked for card in found if card.report.months),
        own_name=name,
        kept=queries.kept_papers(g.session, g.who),
        notes=notes.district_notes(g.session, g.who, today=tokyo_day(g.clock())),
        writes=may(g.who.roles, None, "analytics.note_day"),
        kinds=NOTE_KINDS,
        strange=foresight.strange_days(g.session, g.who, now=g.clock()) if may(g.who.roles, None, "association.read_risks") else [],
        today=tokyo_day(g.clock()),
        endpoint="district",
    )


def _on_the_plan(card: Card) -> Card:
    """まちの回遊 over the streets as they were when its period ended, where the association has given a plan and put its shops there."""
    drawn = plan(g.session, g.who, on=card.asked.last) if card.asked else None
    if card.asked is None or drawn is None:
        return card
    shops = places(g.session, g.who, on=card.asked.last)
    wide, narrow = (street_map(card.asked.answer, drawn, shops, width) for width in (WIDTH, NARROW))
    return replace(card, map=wide, narrow_map=narrow)


def district_cards() -> list[Card]:
    """A card for each report of the district, of the month that the address asks for. Raises Forbidden."""
    listed, registers = queries.district_reports(g.session, g.who), queries.read_registers(g.session, g.who.district_id)
    return cards(
        listed, lambda each, last: queries.district_report(g.session, g.who, each.name, now=g.clock(), last=last, registers=registers)
    )


def _of_the_night() -> list[Asked]:
    """What was made while nobody looked."""
    makes = (foresight.district_forecast, foretold.district_foretold, effects.district_effects)
    return [make(g.session, g.who, now=g.clock()) for make in makes]


@pages.get("/desk/insight/<name>.<any(xlsx, csv):file>")
def district_file(name: str, file: str) -> Response:
    """A report's table. Raises ReportUnknown and what the report refuses."""
    kept = {each.report.name: each for each in _of_the_night()}
    if name in kept:
        return file_of(kept[name], file)
    listed = {each.name: each for each in queries.district_reports(g.session, g.who)}
    months_of = listed[name].months if name in listed else 1
    asked: Asked = queries.district_report(g.session, g.who, name, now=g.clock(), last=last_day() if months_of else None)
    return file_of(asked, file)


@pages.post("/desk/insight")
def note_of_district() -> Answer:
    """メモを残す: of the whole district."""
    commands.note_day(g.session, g.who, **forms.load(NoteSchema), now=g.clock())
    return redirect(url_for(".district", _anchor="notes"), 303)


@pages.post("/desk/insight/notes/<int(max=9223372036854775807):note_id>/drop")
def drop_district_note(note_id: int) -> Answer:
    """メモを消す."""
    commands.drop_note(g.session, g.who, note_id, now=g.clock())
    return redirect(url_for(".district", _anchor="notes"), 303)
