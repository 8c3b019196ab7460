"""What the pages of insight share: a card for each report, the months one may choose, and the files of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flask import Blueprint, Flask, Response, g, request
from flask.blueprints import BlueprintSetupState

from analytics import queries
from analytics.errors import ColumnsBroken, ColumnsMissing, ColumnsOff, KernelsCold, PeriodNotOver
from analytics.helps import HELPS
from analytics.queries import Answer, Asked, Listed, said
from analytics.schemas import as_table
from analytics.views.drawing import NARROW, WIDTH, Drawing
from analytics.views.pictures import drawn
from analytics.views.streetmap import StreetMap
from base.clock import tokyo_day
from base.errors import N_, MeguriError, NotSignedIn
from identity.permissions import may
from web import helps, navigation, tables
from web.i18n import translate
from web.navigation import Link

pages = Blueprint("analytics", __name__, template_folder="../templates")

Ask = Callable[[Listed, date | None], Asked]


@dataclass(frozen=True, slots=True)
class Card:
    """One finding. `narrow`: its picture on a phone. `map`, `narrow_map`: in place of both.

    `refused`: why there is none, and then nothing else.
    """

    report: Listed
    asked: Asked | None = None
    drawing: Drawing | None = None
    narrow: Drawing | None = None
    map: StreetMap | None = None
    narrow_map: StreetMap | None = None
    refused: MeguriError | None = None


@pages.before_request
def only_somebody() -> None:
    """The doors ask for the right role. Raises NotSignedIn."""
    if g.who is None:
        raise NotSignedIn


def last_day() -> date | None:
    """The last day of the month that the address asks for, if it names one."""
    year, _, month = request.args.get("month", "").partition("-")
    try:
        first = date(int(year), int(month), 1)
        following = first + timedelta(days=31)
    except (ValueError, OverflowError):
        return None
    return following.replace(day=1) - timedelta(days=1)


def cards(listed: Iterable[Listed], ask: Ask) -> list[Card]:
    """A card for each report; one that has no answer yet says why, and the others stand."""
    last = last_day()
    found = []
    for each in listed:
        try:
            asked = ask(each, last if each.months else None)
        except (ColumnsOff, ColumnsMissing, ColumnsBroken, KernelsCold, PeriodNotOver) as refusal:
            found.append(Card(each, refused=refusal))
            continue
        found.append(card(asked))
    return found


def card(asked: Asked) -> Card:
    """With its picture, where there is one."""
    chart = asked.answer.chart
    if chart is None:
        return Card(asked.report, asked)
    wide, narrow = (drawn(chart, translate, width) for width in (WIDTH, NARROW))
    return Card(asked.report, asked, wide, narrow)


def months(found: Iterable[Card]) -> tuple[str | None, str | None, date | None]:
    """The month before and the month after that which is shown, for links, and the last day shown."""
    shown = next((card.asked.last for card in found if card.asked and card.report.months), None) or last_day()
    if shown is None:
        return None, None, None
    before, after = shown.replace(day=1) - timedelta(days=1), shown + timedelta(days=1)
    is_over = after < tokyo_day(g.clock()).replace(day=1)
    return f"{before:%Y-%m}", f"{after:%Y-%m}" if is_over else None, shown


def file_of(asked: Asked, form: str) -> Response:
    """The table of a report as a file."""
    return tables.download(form, f"{asked.report.name}-{asked.last:%Y%m}", *as_table(asked.answer, translate))


ROWS = 200
"""So many rows of a table stand on the page; a town with hundreds of shops has thousands, which nobody reads there."""
STREETS_FOOT = 26
"""pixels below a plan of the streets where the move is said that somebody points at"""
pages.record_once(lambda state: state.app.jinja_env.globals.update(INSIGHT_ROWS=ROWS, STREETS_FOOT=STREETS_FOOT))


@pages.app_template_global("insight_rows")
def rows(answer: Answer) -> list[tuple[str, list[tuple[str, bool]]]]:
    """The rows of a table as the page says them: of each its name, and the other cells, with whether they are numbers."""
    say = cache(translate)  # the same few words over and over: for this table they are looked up once
    are_numbers = [head.holds != "text" for head in answer.heads]
    found = []
    for name, *cells in answer.rows[:ROWS]:
        texts = [said(cell, say) for cell in cells]
        found.append((said(name, say), list(zip(texts, are_numbers[1:], strict=True))))
    return found


@pages.app_template_global("insight_words")
def words(sentence: queries.Words) -> str:
    """A sentence of a report in the reader's language."""
    return sentence.said(translate)


def _has(right: str) -> bool:
    return g.who is not None and may(g.who.roles, None, right)


@pages.record_once
def link_pages(state: BlueprintSetupState) -> None:
    """A line in the side bar of the desk, and one in the shop's."""
    assert isinstance(state.app, Flask)
    helps.add(state.app, HELPS)
    known, shop = N_("知る"), N_("お店")
    desk_link = Link("chart", N_("地域の分析"), "/desk/insight", 800, known, lambda: _has("analytics.district_reports"))
    navigation.add(state.app, "desk.side", desk_link)
    measures = Link("eye", N_("測るもの"), "/desk/measures", 801, known, lambda: _has("analytics.read_measurements"))
    navigation.add(state.app, "desk.side", measures)
    open_link = Link("globe", N_("オープンデータ"), "/desk/open-data", 810, known, lambda: _has("analytics.see_open_data"))
    navigation.add(state.app, "desk.side", open_link)
    plan_link = Link("flag", N_("町の見取り図"), "/desk/streets", 805, known, lambda: _has("analytics.keep_streets"))
    navigation.add(state.app, "desk.side", plan_link)
    screens_link = Link("sun", N_("街頭の画面"), "/desk/screens", 811, known, lambda: _has("analytics.keep_screens"))
    navigation.add(state.app, "desk.side", screens_link)
    navigation.add(
        state.app, "desk.side", Link("chart", N_("お店の分析"), "/shop/insight", 2, shop, lambda: _has("analytics.shop_reports"))
    )
