"""会計: which report of which days, how an account is called, and what is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from association.rules.accounts import KINDS, NAME_MAX
from association.schemas.parts import ASCII, Count, Day, Line, without_blanks
from web.csvfile import FORMULA_SIGNS


class ReportSchema(Schema):
    """Which days a report shows. What makes no sense is left out: it is only a question."""

    class Meta:
        unknown = EXCLUDE

    first = Day(load_default=None)
    last = Day(load_default=None)
    series = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))
    account = fields.String(load_default="consumer", validate=validate.Length(max=20))
    each = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("first", "last", "series", "account", "each", "page"))


class ExportSchema(Schema):
    """A file for an accounting package. `by_day`: the sums of each day instead of every transaction."""

    class Meta:
        unknown = EXCLUDE

    first = Day(required=True)
    last = Day(required=True)
    by_day = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


class AccountSchema(Schema):
    """勘定科目: number, names and kind. The Japanese name must reach every package whole."""

    number = Count(required=True, validate=validate.Range(1_000, 9_999, error=_l("4桁の数字にしてください。")))
    name = Line(NAME_MAX)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("英字で入れてください。"))])
    kind = fields.String(required=True, validate=validate.OneOf(KINDS, error=_l("この中から選んでください。")))

    @post_load
    def to_fields(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            data["name"].encode("cp932")
        except UnicodeEncodeError as error:
            raise ValidationError(_l("会計ソフトのファイルに書けない文字があります。"), "name") from error
        if data["name"].startswith(FORMULA_SIGNS):
            raise ValidationError(_l("使えない文字があります。"), "name")
        return data


class FiscalYearSchema(Schema):
    """The month with which the fiscal year begins."""

    first_month = fields.Integer(required=True, validate=validate.Range(1, 12))


class MonthSchema(Schema):
    """A month by its first day."""

    month = Day(required=True)

    @post_load
    def to_month(self, data: dict[str, Any], **_: Any) -> date:
        month: date = data["month"]
        return month.replace(day=1)


class WhichMonthSchema(Schema):
    """The month that a page shows, by any of its days."""

    class Meta:
        unknown = EXCLUDE

    month = Day(load_default=None)

    @post_load
    def first_day(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"month": data["month"] and data["month"].replace(day=1)}
