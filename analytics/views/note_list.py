"""日のメモをまとめて: a year of festivals and closed days from a spreadsheet, and all of them as a table."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from analytics import commands
from analytics.queries import notes
from analytics.schemas import NOTE_KINDS, NoteListSchema, NotePlan, plan_notes
from analytics.views.frame import pages
from base.clock import tokyo_day
from base.errors import N_
from identity.commands import authorise
from web import forms, tables
from web.i18n import _, translate
from web.pasted import Pasted, meanings, pasted
from web.tables import day, text

LINES_MAX, BYTES_MAX = 400, 100_000
HEADS = {
    "kind": (N_("種類"),),
    "first": (N_("いつ"), N_("日付")),
    "last": (N_("いつまで"),),
    "words": (N_("ひとこと"), N_("行事")),
}


@pages.get("/desk/insight/notes.<any(xlsx, csv):file>")
def notes_table(file: str) -> Response:
    """日のメモ of the whole district, by day."""
    columns = [text(_("種類"), 14), day(_("いつ")), day(_("いつまで")), text(_("ひとこと"), 44)]
    found = notes.every_district_note(g.session, g.who, today=tokyo_day(g.clock()))
    rows = [[translate(NOTE_KINDS[note.kind]), note.first, note.last, note.words] for note in found]
    return tables.download(file, "notes", columns, rows)


@pages.get("/desk/insight/notes/list")
def note_list() -> str:
    """The box to paste into. Nothing is kept by pasting."""
    return _page(None, None)


@pages.post("/desk/insight/notes/list")
def keep_note_list() -> str | Answer:
    """First what would be kept; then, once that has been looked at, all of it. A wrong line keeps the whole out."""
    today = tokyo_day(g.clock())
    there = notes.every_district_note(g.session, g.who, today=today)
    sent = pasted(HEADS, wanted="words", lines_max=LINES_MAX, bytes_max=BYTES_MAX)
    plan = plan_notes(sent.rows, there, meanings(NOTE_KINDS), today)
    if request.form.get("looked_at") is None or plan.wrong or not plan.new:
        return _page(plan, sent)
    key: UUID = forms.load(NoteListSchema)["key"]
    commands.note_days(g.session, g.who, plan.new, key=key, now=g.clock())
    return redirect(url_for(".district", _anchor="notes"), 303)


def _page(plan: NotePlan | None, sent: Pasted | None) -> str:
    authorise(g.session, g.who, "analytics.district_reports")
    authorise(g.session, g.who, "analytics.note_day", subject="list")
    return render_template(
        "analytics/note_list.html",
        plan=plan,
        rows=sent and sent.again,
        labels={name: words[0] for name, words in HEADS.items()},
        kinds=NOTE_KINDS,
        most=LINES_MAX,
        own_name=identity.queries.person_profile(g.session, g.who).nickname,
    )
