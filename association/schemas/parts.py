"""What many forms of the desk are made of."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from base.yen import grouped
from web.api_frame import is_plain
from web.fields import Yen

YEARS = (2000, 2999)
KANA = re.compile(r"[ぁ-ゖァ-ヺー・ 　]+\Z")
ASCII = re.compile(r"[ -~]+\Z")


class Line(fields.String):
    """Readable text, without blanks around it; a textarea may hold several lines."""

    def __init__(self, most: int, *, optional: bool = False, **kwargs: Any) -> None:
        checks = [validate.Length(max=most), *kwargs.pop("validate", [])]
        if optional:
            kwargs["load_default"] = ""
        super().__init__(required=not optional, validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if not is_plain(text.replace("\r", "").replace("\n", "")):
            raise ValidationError(_l("使えない文字があります。"))
        if self.required and not text:
            raise self.make_error("required")
        return text


class Day(fields.Date):
    """A day in Tokyo; an empty field is None where `allow_none` says so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


def at_least(least: int) -> validate.Range:
    """A lower bound in yen; the upper one is the series' own or the law's, and stands in the book."""
    return validate.Range(least, error=_l("%(least)s円以上にしてください。", least=grouped(least)))


def between(least: int, most: int) -> validate.Range:
    """A range of yen whose sentence says it as people write it."""
    return validate.Range(least, most, error=_l("%(least)s円から%(most)s円までにしてください。", least=grouped(least), most=grouped(most)))


def without_blanks(data: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A form sends an empty text for a field that was left out: leave it out."""
    return {name: value for name, value in dict(data).items() if name not in names or str(value).strip()}


class ReasonSchema(Schema):
    """Why, in words that stay on record."""

    reason = Line(200)


class AnswerSchema(Schema):
    """What came of an alarm about the sealed log."""

    words = Line(400)


class Count(Yen):
    """A whole number of something that is not yen, as a form sends it: full-width digits and separators are taken."""

    default_error_messages = {name: _l("数字だけで入れてください。") for name in ("invalid", "invalid_amount", "required", "null")}
