"""The border: an answer as a table for files and as JSON; what the desk says of a source; a note as a form sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from analytics.commands import NewNote, NewSource, days_are_right
from analytics.queries import Answer, Asked, Cell, Words
from analytics.queries.notes import Note
from analytics.reports.answers import WITHHELD, Translate
from analytics.rules.kinds import KINDS
from base.errors import N_
from base.row_file import NamedRow, parse_day
from web.api_frame import is_plain
from web.fields import Key
from web.pasted import WrongLine, wrong_lines
from web.tables import Column, count, text, yen

NOTE = N_("注")


class OneLine(fields.String):
    """One line that people can read, without blanks around it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if self.required and not text:
            raise self.make_error("required")
        if not is_plain(text):
            raise ValidationError(_l("使えない文字があります。"))
        return text


class SourceSchema(Schema):
    """Something more that is measured. `shop`: its six digits, of a door."""

    key = Key(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    name = OneLine(required=True, validate=validate.Length(1, 60))
    place = OneLine(load_default="", validate=validate.Length(max=60))
    interval_s = fields.Integer(required=True)
    method = OneLine(load_default="", validate=validate.Length(max=200))
    shop = fields.String(load_default="", validate=validate.Regexp(r"^([0-9]{6})?$", error=_l("この中から選んでください。")))

    @post_load
    def fits(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An interval of the kind, and a shop for a door and for nothing else: said beside the field."""
        if data["interval_s"] not in KINDS[data["kind"]].intervals:
            raise ValidationError(_l("この種類では、その間隔は選べません。"), "interval_s")
        if (data["kind"] == "door") != bool(data["shop"]):
            raise ValidationError(_l("お店は、「お店の入口」のときにだけ選びます。"), "shop")
        return data


class PlaceSchema(Schema):
    """Where a shop stands on the plan: `x`, `y` in thousandths, where they were typed."""

    class Meta:
        unknown = EXCLUDE

    shop = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    street = OneLine(load_default="", validate=validate.Length(max=40))
    x = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 1000))
    y = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 1000))

    since = fields.Date(load_default=None, allow_none=True)

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        """Whoever presses the plan leaves the numbers empty."""
        return {name: value for name, value in data.items() if value != ""}


class PlanSchema(Schema):
    """A new plan beside its file: from which day the streets are so."""

    class Meta:
        unknown = EXCLUDE

    changed_on = fields.Date(load_default=None, allow_none=True)

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        """Whoever draws the same streets better leaves it empty."""
        return {name: value for name, value in data.items() if value != ""}


class ScreenSchema(Schema):
    """A new screen in the street."""

    class Meta:
        unknown = EXCLUDE

    name = OneLine(required=True, validate=validate.Length(1, 40))


class KeySchema(Schema):
    """The key of an intention, whatever else the form holds."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


class SensorSchema(Schema):
    """A token for one sensor."""

    label = OneLine(required=True, validate=validate.Length(1, 60))


def new_source(data: dict[str, Any], merchant_id: int | None) -> NewSource:
    """What the form says, with the shop's number looked up."""
    return NewSource(data["kind"], data["name"], data["place"], data["interval_s"], data["method"], merchant_id)


def as_table(answer: Answer, translate: Translate) -> tuple[list[Column], list[list[object]]]:
    """For `web.tables`: what is withheld is an empty cell, and the row's last one says so."""
    makes = {"text": text, "count": count, "yen": yen, "percent": count}
    columns = [makes[head.holds](translate(head.title)) for head in answer.heads]
    rows: list[list[object]] = [
        [*(_plain(cell, translate) for cell in row), translate(WITHHELD) if None in row else None] for row in answer.rows
    ]
    return [*columns, text(translate(NOTE), 24)], rows


def as_json(asked: Asked, translate: Translate) -> dict[str, Any]:
    """For programs: days in ISO order, yen and people as numbers, null where withheld; `withheld` says why."""
    answer = asked.answer
    chart = answer.chart
    return {
        "report": asked.report.name,
        "title": translate(asked.report.title),
        "question": translate(asked.report.question),
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "as_of": answer.as_of and answer.as_of.isoformat(),
        "can_tell": answer.can_tell,
        "sentence": answer.sentence.said(translate),
        "notes": [note.said(translate) for note in answer.notes],
        "withheld": translate(WITHHELD) if answer.has_withheld else None,
        "columns": [{"title": translate(head.title), "holds": head.holds} for head in answer.heads],
        "rows": [[_plain(cell, translate) for cell in row] for row in answer.rows],
        "chart": chart
        and {
            "kind": chart.kind,
            "unit": chart.unit,
            "marks": [_plain(mark, translate) for mark in chart.marks],
            "series": [{"name": each.name.said(translate), "values": list(each.values)} for each in chart.series],
        },
        "action": answer.action and {"label": translate(answer.action.label), "page": answer.action.endpoint},
    }


NOTE_KINDS = {
    "event": N_("祭り・行事"),
    "closed": N_("休業"),
    "rain": N_("雨"),
    "snow": N_("大雪"),
    "heat": N_("猛暑"),
    "storm": N_("台風・嵐"),
    "other": N_("その他"),
}
"""What a note may be about, and what it is called."""


class NoteSchema(Schema):
    """A day in a few words. Without a last day it is about the first one alone."""

    kind = fields.String(required=True, validate=validate.OneOf(list(NOTE_KINDS)))
    first = fields.Date(required=True)
    last = fields.Date(load_default=None)
    words = fields.String(required=True, validate=validate.Length(1, 40))
    key = Key(required=True)

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        """A form sends an empty text for a field that was left out."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @post_load
    def to_note(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Keys: note (a NewNote) and key."""
        if not is_plain(data["words"]):
            raise ValidationError(_l("使えない文字があります。"), "words")
        return {"note": NewNote(data["kind"], data["first"], data["last"] or data["first"], data["words"]), "key": data["key"]}


@dataclass(slots=True)
class NotePlan:
    """Notes of a spreadsheet, each with its line: nothing is kept yet, and nothing while a line is wrong. `known`: said already."""

    new: list[tuple[int, NewNote]] = field(default_factory=list)
    known: int = 0
    wrong: list[WrongLine] = field(default_factory=list)


def plan_notes(rows: Iterable[NamedRow], there: Iterable[Note], kinds: Mapping[str, str], today: date) -> NotePlan:
    """Each row as the form of one note would take it. `kinds`: what people write for a kind → the kind; `there`: notes of the district."""
    plan, schema = NotePlan(), NoteSchema()
    said = {(note.kind, note.first, note.last, note.words) for note in there}
    for row in rows:
        cells = {name: row.cells[name] for name in ("kind", "first", "last", "words") if name in row.cells}
        typed = cells | {name: day.isoformat() for name in ("first", "last") if (day := parse_day(cells.get(name, "")))}
        typed["kind"] = kinds.get(cells.get("kind", ""), "")
        try:
            note: NewNote = schema.load(typed | {"key": str(UUID(int=0))})["note"]
            if not days_are_right(note, today):
                raise ValidationError(_l("2年前から1年先までの、2か月以内の日にしてください。"), "first")
        except ValidationError as error:
            plan.wrong += wrong_lines(row.line, cells.get("words", ""), error)
            continue
        one = (note.kind, note.first, note.last, note.words)
        if one in said:
            plan.known += 1
        else:
            said.add(one)
            plan.new.append((row.line, note))
    return plan


class NoteListSchema(Schema):
    """The press that keeps a list of notes: its key, whatever else the form holds."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


def _plain(cell: Cell, translate: Translate) -> int | str | None:
    if isinstance(cell, Words):
        return cell.said(translate)
    return cell.isoformat() if isinstance(cell, date) else cell
