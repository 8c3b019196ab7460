"""銀行照合: which account a file is of, which column says what, and what belongs together."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from association.commands import Group
from association.rules.bank_file import COLUMNS_MAX, Columns
from association.schemas.parts import Count, Day, Line, without_blanks
from web.csvfile import FORMULA_SIGNS
from web.fields import Yen

HEAD_MAX = 50
"""Lines above the first movement."""
GROUPS_MAX = 500
TOKEN = re.compile(r"(?P<lines>[0-9]{1,15}(,[0-9]{1,15})*)?\|(?P<entries>[0-9]{1,15}(,[0-9]{1,15})*)?\Z")


class BankFileSchema(Schema):
    """Of which account a file is: one that is known, or a new one by its name."""

    account = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    account_name = Line(40, optional=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("account",))

    @post_load
    def to_fields(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        name = data["account_name"]
        if data["account"] is None and (not name or name.startswith(FORMULA_SIGNS)):
            raise ValidationError(_l("銀行口座の名前を入れてください。"), "account_name")
        return data


class ColumnsSchema(Schema):
    """Which column says what; 0: none. Either one column of amounts, or one for what came in and one for what went out."""

    head = Count(required=True, validate=validate.Range(1, HEAD_MAX + 1))
    day = fields.Integer(required=True, validate=validate.Range(1, COLUMNS_MAX, error=_l("日付の列を選んでください。")))
    amount = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))
    came_in = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))
    went_out = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))
    about = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))
    about_more = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))
    balance = fields.Integer(load_default=0, validate=validate.Range(0, COLUMNS_MAX))

    @post_load
    def to_columns(self, data: dict[str, Any], **_: Any) -> Columns:
        if bool(data["amount"]) == bool(data["came_in"] or data["went_out"]) or bool(data["came_in"]) != bool(data["went_out"]):
            raise ValidationError(_l("「金額」の列か、「入金」と「出金」の列の、どちらかを選んでください。"), "amount")
        chosen = [data[name] for name in ("day", "amount", "came_in", "went_out", "about", "about_more", "balance") if data[name]]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_l("同じ列を二度選んでいます。"), "day")
        return Columns(
            head=data["head"] - 1,
            names=(),
            day=data["day"],
            amount=data["amount"],
            came_in=data["came_in"],
            went_out=data["went_out"],
            about=tuple(column for column in (data["about"], data["about_more"]) if column),
            balance=data["balance"],
        )


class NotedBalanceSchema(Schema):
    """What the bank book says at the end of a day."""

    account = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    day = Day(required=True)
    balance = Yen(required=True)


class MatchSchema(Schema):
    """Groups that were proposed (`match`), or lines and entries that somebody has picked as one."""

    class Meta:
        unknown = EXCLUDE  # the same form has a reason, for lines that are set aside

    match = fields.List(fields.String(validate=validate.Regexp(TOKEN)), load_default=list, validate=validate.Length(max=GROUPS_MAX))
    line = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list, validate=validate.Length(max=GROUPS_MAX))
    entry = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list, validate=validate.Length(max=GROUPS_MAX))

    @post_load
    def to_groups(self, data: dict[str, Any], **_: Any) -> list[Group]:
        groups = [Group(*map(_numbers, token.split("|"))) for token in data["match"]]
        picked = Group(tuple(data["line"]), tuple(data["entry"]))
        return [*groups, picked] if picked != Group((), ()) or not groups else groups


class OutsideSchema(Schema):
    """Lines that belong to something else, and to what."""

    class Meta:
        unknown = EXCLUDE

    line = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list, validate=validate.Length(max=GROUPS_MAX))
    reason = Line(200)


class BookLinesSchema(OutsideSchema):
    """Lines that are to be booked, on what, and why."""

    account = fields.String(required=True, validate=validate.Length(0, 20))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)


class ReconcileSchema(Schema):
    """The end of which day is looked at, and which file was just read."""

    class Meta:
        unknown = EXCLUDE

    at = Day(load_default=None)
    read = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("at", "read"))
