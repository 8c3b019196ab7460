"""記録簿: the form of a line is made from its register's own table of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from association.rules.registers import Field, Register
from association.schemas.parts import Count, Day, Line, without_blanks
from web.fields import Key


class NoteSchema(Schema):
    """What was done, and whether that settles it."""

    words = Line(400)
    closes = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


def entry_schema(register: Register) -> type[Schema]:
    """`opened_on`, `key`, and the fields of the register."""
    optional = tuple(each.name for each in register.fields if not each.is_required)

    def leave_out(_self: Schema, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return without_blanks(data, optional)

    members: dict[str, Any] = {each.name: _field(each) for each in register.fields}
    members |= {"opened_on": Day(required=True), "key": Key(required=True), "leave_out": pre_load(leave_out)}
    return type(f"{register.name.title()}EntrySchema", (Schema,), members)


def _field(each: Field) -> Any:
    if each.kind == "yes":
        return fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    how: dict[str, Any] = {"required": True} if each.is_required else {"load_default": None}
    if each.kind == "day":
        return Day(**how)
    if each.kind == "count":
        return Count(validate=validate.Range(0, 10**8), **how)
    if each.kind == "choice":
        return fields.String(validate=validate.OneOf(list(each.choices or {})), **how)
    return Line(1_000 if each.kind == "text" else 80, optional=not each.is_required)
