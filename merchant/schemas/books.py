"""The owner's books at the border."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from merchant.queries import ReceiptSearch
from web.fields import Yen
from web.i18n import _l

DAYS = validate.Range(date(2000, 1, 1), date(2120, 1, 1))
"""Of a book: beyond, no time zone has a beginning of the day."""


class _Days(Schema):
    """Days of Tokyo, both included."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def empty_is_nothing(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value != ""}

    @validates_schema(skip_on_field_errors=True)
    def days_follow(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            raise ValidationError(_l("終わりの日は、はじまりの日より後にしてください。"), "last")


class BooksSchema(_Days):
    """Which days; none: the last whole month."""

    first = fields.Date(load_default=None, validate=DAYS)
    last = fields.Date(load_default=None, validate=DAYS)


class MonthSchema(_Days):
    """The month that is shown, as 2026-11; none: the running one."""

    month = fields.Date(format="%Y-%m", load_default=None)


class JournalSchema(_Days):
    """A file for an accounting package. `by_day`: the sums of each day instead of every receipt."""

    first = fields.Date(required=True, validate=DAYS)
    last = fields.Date(required=True, validate=DAYS)
    by_day = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


class ReceiptSearchSchema(_Days):
    """What is looked for among the receipts."""

    first = fields.Date(load_default=None, validate=DAYS)
    last = fields.Date(load_default=None, validate=DAYS)
    least = Yen(load_default=None, validate=validate.Range(0, 999_999_999))
    most = Yen(load_default=None, validate=validate.Range(0, 999_999_999))
    means = fields.String(load_default="", validate=validate.OneOf(["", "cash", "card", "coin"]))
    words = fields.String(load_default="", validate=validate.Length(max=60))

    @post_load
    def to_search(self, data: dict[str, Any], **_: Any) -> ReceiptSearch:
        return ReceiptSearch(**{**data, "words": data["words"].strip()})
