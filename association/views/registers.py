"""記録簿: complaints, incidents and contractors; a list with its form, and one line with what was done about it."""

from __future__ import annotations

from datetime import date

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.queries import RegisterLine
from association.rules.registers import REGISTERS, Field
from association.schemas import NoteSchema, entry_schema, facts_of
from association.views.frame import desk_page, pages
from association.views.sheet import full_day
from base.clock import tokyo_day
from base.errors import N_
from web import forms, tables
from web.i18n import _, translate
from web.tables import day, moment, text

DUE = {"preliminary": N_("速報の期限"), "final": N_("確報の期限"), "check": N_("次の確認")}


@pages.get("/desk/registers")
def registers() -> Answer:
    """The complaints first."""
    return redirect(url_for(".one_register", name="complaint"), 303)


@pages.get("/desk/registers/<name>")
def one_register(name: str) -> str:
    """One register, what is open first, and the form for a new line. Raises EntryUnknown."""
    lines = queries.entries_of(g.session, g.who, name)
    return desk_page(
        "association/register.html",
        register=REGISTERS[name],
        registers=REGISTERS,
        lines=lines,
        months=queries.per_month(lines),
        today=tokyo_day(g.clock()),
        due_words=DUE,
        full_day=full_day,
    )


@pages.post("/desk/registers/<name>")
def open_entry(name: str) -> Answer:
    """書く."""
    form = forms.load(entry_schema(queries.register_named(name)))
    opened_on, key = form.pop("opened_on"), form.pop("key")
    entry_id = commands.open_entry(g.session, g.who, name, opened_on, facts_of(form), key=key, now=g.clock())
    return redirect(url_for(".register_entry", name=name, entry_id=entry_id), 303)


@pages.get("/desk/registers/<name>/<int:entry_id>")
def register_entry(name: str, entry_id: int) -> str:
    """One line. Raises EntryUnknown."""
    return desk_page(
        "association/register_entry.html",
        line=queries.entry_of(g.session, g.who, name, entry_id),
        today=tokyo_day(g.clock()),
        due_words=DUE,
        shown=_shown,
        full_day=full_day,
    )


@pages.post("/desk/registers/<name>/<int:entry_id>")
def add_note(name: str, entry_id: int) -> Answer:
    """したことを書く."""
    form = forms.load(NoteSchema)
    commands.add_note(g.session, g.who, name, entry_id, form["words"], closes=form["closes"], now=g.clock())
    return redirect(url_for(".register_entry", name=name, entry_id=entry_id), 303)


@pages.get("/desk/registers/<name>.<any(xlsx, csv):file>")
def register_table(name: str, file: str) -> Response:
    """Every line of a register with its notes."""
    lines = queries.entries_of(g.session, g.who, name)
    own = REGISTERS[name]
    columns = [text(_("番号"), 8), day(translate(own.opened)), *(text(translate(field.label), 24) for field in own.fields)]
    columns += [text(_("書いた人")), moment(_("終わった日時")), text(_("したこと"), 44)]
    return tables.download(file, f"register-{name}", columns, map(_row, lines))


def _row(line: RegisterLine) -> list[object]:
    return [
        str(line.id),
        line.opened_on,
        *(_shown(field, line) or None for field in line.register.fields),
        line.made_by_name or _("退会した人"),
        line.closed_at,
        " / ".join(note.words for note in line.notes) or None,
    ]


def _shown(field: Field, line: RegisterLine) -> str:
    """What was written, in words."""
    value = line.facts.get(field.name)
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return _("はい")
    if field.choices:
        return translate(field.choices.get(value, value))
    return full_day(date.fromisoformat(value)) if field.kind == "day" else str(value)
