"""お知らせ: written, looked at as the wallet shows it, then sent; and what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import wallet.queries
from association import commands, queries, titles
from association.queries import Told
from association.rules.pasted_numbers import read_numbers, resolve
from association.schemas import AnnouncementSchema
from association.views.frame import desk_page, pages, segment_word
from base.clock import tokyo_day
from web import forms, tables
from web.errors import FormInvalid
from web.i18n import _, translate
from web.tables import count, moment, text

TABLE_MAX = 5_000


@pages.get("/desk/announcements")
def announcements() -> str:
    """The form, and what was sent. `?person=` begins one for a single person."""
    person = request.args.get("person", "")
    return _page({"kind": "person", "person_id": person} if person else {})


@pages.post("/desk/announcements/edit")
def edit_announcement() -> str:
    """書き直す: the form with what was typed; nothing is sent."""
    return _page(request.form)


@pages.post("/desk/announcements/preview")
def preview_announcement() -> str:
    """What will arrive, and at how many; nothing is sent."""
    form, wrong = _addressed(forms.load(AnnouncementSchema))
    people = commands.audience_of(g.session, g.who, form["audience"], now=g.clock())
    return desk_page(
        "association/announcement_preview.html",
        **(form | {"key": uuid4()}),
        people=people,
        told=None if people is None else form["audience"].told(len(people)),
        wrong=wrong,
        faults=titles.NUMBER_FAULTS,
        audiences=titles.AUDIENCES,
    )


@pages.post("/desk/announcements")
def announce() -> Answer:
    """Sent. The same press again sends nothing more."""
    form, _wrong = _addressed(forms.load(AnnouncementSchema))
    commands.announce(g.session, g.who, form["audience"], form["words"], key=form["key"] or uuid4(), now=g.clock())
    return redirect(url_for(".announcements"), 303)


@pages.post("/desk/announcements/<int(max=9223372036854775807):announcement_id>/withdraw")
def withdraw_announcement(announcement_id: int) -> Answer:
    """取り下げる: it is in no wallet any more."""
    commands.withdraw_announcement(g.session, g.who, announcement_id, now=g.clock())
    return redirect(url_for(".announcements"), 303)


@pages.get("/desk/announcements.<any(xlsx, csv):file>")
def announcements_table(file: str) -> Response:
    """What was told when, by whom, to how many: of a kind of customers in full tens."""
    columns = [
        moment(_("送った日時")),
        text(_("題"), 40),
        text(_("本文"), 60),
        text(_("宛先"), 24),
        count(_("人数")),
        text(_("送った人"), 24),
        moment(_("取り下げた日時")),
    ]
    rows = map(_row, queries.announcements(g.session, g.who, limit=TABLE_MAX))
    return tables.download(file, f"announcements-{tokyo_day(g.clock())}", columns, rows)


def _addressed(form: dict[str, Any]) -> tuple[dict[str, Any], tuple[tuple[int, str, str], ...]]:
    """The form with the people whom its numbers name, and the lines that name nobody. Raises FormInvalid where all are such lines."""
    if form["audience"].kind != "list":
        return form, ()
    lines = read_numbers(form["numbers"])
    cards = wallet.queries.holders(g.session, g.who, {each.number for each in lines if each.is_card})
    ids = {int(each.number) for each in lines if each.number and not each.is_card}
    here = identity.queries.nicknames(g.session, g.who.district_id, ids | {each for each in cards.values() if each is not None})
    known = {each.number: person for each in lines if (person := cards.get(each.number) if each.is_card else int(each.number or 0)) in here}
    found = resolve(lines, known)
    if not found.people:
        raise FormInvalid({"numbers": [_("だれの番号もありません。番号を確かめてください。まだ何も送っていません。")]})
    return form | {"audience": replace(form["audience"], people=found.people)}, found.wrong


def _page(typed: Mapping[str, str]) -> str:
    return desk_page(
        "association/announcements.html",
        told=queries.announcements(g.session, g.who),
        series=queries.listed_series(g.session, g.who, now=g.clock()),
        segments=queries.kept_segments(g.session, g.who),
        typed=typed,
        audiences=titles.AUDIENCES,
    )


def _row(told: Told) -> list[object]:
    audience = segment_word(told.audience.segment) if told.audience.segment else translate(titles.AUDIENCES[told.audience.kind])
    name = told.made_by_name or (_("ひとりでに") if told.made_by is None else _("退会した人"))
    return [told.made_at, told.words.title, told.words.body, audience, told.recipients, name, told.withdrawn_at]
