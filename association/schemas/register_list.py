"""Lines of 記録簿 that come from a spreadsheet: what would be written, and what is wrong, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError

from association.rules.registers import Register
from association.schemas.registers import entry_schema
from base.row_file import NamedRow, parse_day
from web.fields import Key
from web.pasted import WrongLine, wrong_lines

NO_KEY = UUID(int=0)


class RegisterListSchema(Schema):
    """The press that writes what was looked at: its key, whatever else the form holds."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line as it would be written. `facts`: as `commands.open_entry` takes them."""

    line: int
    opened_on: date
    facts: Mapping[str, str | int | bool | None]


@dataclass(slots=True)
class RegisterPlan:
    """Nothing is written yet, and nothing will be while a line is wrong. `known`: lines with a number, which are there already."""

    new: list[NewLine] = field(default_factory=list)
    known: int = 0
    wrong: list[WrongLine] = field(default_factory=list)


def plan_lines(rows: Iterable[NamedRow], register: Register, words: Mapping[str, Mapping[str, str]]) -> RegisterPlan:
    """Each row as the register's own form would take it. `words`: of a field with choices or a tick, what people write → what is kept."""
    plan, schema = RegisterPlan(), entry_schema(register)()
    for row in rows:
        cells = dict(row.cells)
        if cells.pop("number", ""):
            plan.known += 1
            continue
        try:
            plan.new.append(_line(row.line, schema.load(_typed(cells, register, words) | {"key": str(NO_KEY)})))
        except ValidationError as error:
            plan.wrong += wrong_lines(row.line, cells.get("matter") or cells.get("name") or "", error)
    return plan


def _typed(cells: dict[str, str], register: Register, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """As it would stand in the form: days as the form has them, words as what is kept. What is neither stays, and is refused there."""
    days = {"opened_on", *(each.name for each in register.fields if each.kind == "day")}
    typed = dict(cells)
    for name, cell in cells.items():
        if name in words:
            typed[name] = words[name].get(cell, cell)
        elif name in days and (found := parse_day(cell)) is not None:
            typed[name] = found.isoformat()
    return typed


def _line(line: int, loaded: dict[str, Any]) -> NewLine:
    del loaded["key"]
    opened_on = loaded.pop("opened_on")
    return NewLine(line, opened_on, facts_of(loaded))


def facts_of(loaded: Mapping[str, Any]) -> dict[str, str | int | bool | None]:
    """What a form gave, as it is kept: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in loaded.items()}
