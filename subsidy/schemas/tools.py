"""A list of registered tools as a sheet has it, and what is said of the list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, ValidationError, fields, post_load, pre_load, validate

from base.row_file import NamedRow
from subsidy.queries import ToolRow
from subsidy.rules.calls import FUNCTIONS
from subsidy.schemas.costs import Named, Wrong, code_of, plain, told
from subsidy.schemas.parts import Form, Line
from web.fields import Key
from web.forms import by_field

FIELD_WORDS = {
    "name": _l("ツール"),
    "tool_number": _l("ツールの番号"),
    "item": _l("品目"),
    "functions": _l("機能"),
    "provider": _l("IT提供事業者"),
    "provider_number": _l("事業者の番号"),
}


class ToolListSchema(Form):
    """Where a list comes from."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)
    source = Line(200)
    day = fields.Date(required=True)


class ToolSchema(Form):
    """One tool of a list."""

    name = Line(60)
    tool_number = Line(40)
    item = fields.String(required=True)
    functions = fields.List(fields.String(validate=validate.OneOf(FUNCTIONS, error=_l("この中から選んでください。"))), load_default=list)
    provider = Line(80)
    provider_number = Line(40, optional=True)

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if value != ""}

    @post_load
    def to_row(self, data: dict[str, Any], **_: Any) -> ToolRow:
        return ToolRow(**{**data, "functions": tuple(data["functions"])})


def tool_rows(rows: Iterable[NamedRow], items: Named, functions: Named) -> tuple[list[ToolRow], list[Wrong]]:
    """Tools of a sheet, and every line that cannot be taken. `items`: the call's software, `functions`: both by their words."""
    found: list[ToolRow] = []
    wrong: list[Wrong] = []
    for row in rows:
        said = {name: row.cells.get(name, "") for name in FIELD_WORDS}
        item = items.get(plain(said["item"]))
        named = [code_of(word, functions) for word in re.split("[・、,/ ]", said["functions"]) if word]
        try:
            found.append(ToolSchema().load({**said, "item": item or "", "functions": named}))
        except ValidationError as error:
            wrong.append(Wrong(row.line, tuple(told(by_field(error.messages), FIELD_WORDS))))
    return found, wrong
