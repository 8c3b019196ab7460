"""Fields that the forms of a group share."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, pre_load, validate

from base.ids import squeezed
from subsidy.rules.group import is_corporate_number
from web.api_frame import is_plain

BREAK = re.compile(r"\r\n?|\n")


class Line(fields.String):
    """Readable text of one line, without blanks around it: it becomes the name of a paper, the subject of a mail, a line of a calendar."""

    breaks_to = " "

    def __init__(self, most: int, *, optional: bool = False) -> None:
        if optional:
            super().__init__(load_default="", validate=validate.Length(max=most))
        else:
            super().__init__(required=True, validate=validate.Length(max=most))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if not is_plain(text.replace("\r", "").replace("\n", "")):
            raise ValidationError(_l("使えない文字があります。"))
        if self.required and not text:
            raise self.make_error("required")
        return BREAK.sub(self.breaks_to, text)


class Text(Line):
    """Of several lines, as a large field sends them."""

    breaks_to = "\n"


class Day(fields.Date):
    """A day in Tokyo; an empty field is None."""

    def __init__(self) -> None:
        super().__init__(load_default=None, allow_none=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not 2000 <= day.year <= 2099:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class Form(Schema):
    """A form sends an empty text for a day that was left out."""

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        days = {name for name, each in self.load_fields.items() if isinstance(each, Day)}
        return {name: value for name, value in dict(data).items() if name not in days or str(value).strip()}


class YesNo(fields.Field[bool | None]):
    """Yes, no, or not yet known: a choice of three, never a box that is empty by accident."""

    WORDS = {"yes": True, "no": False, "": None}

    def __init__(self) -> None:
        super().__init__(load_default=None)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool | None:
        if value not in self.WORDS:
            raise ValidationError(_l("この中から選んでください。"))
        return self.WORDS[value]


class CorporateNumber(fields.String):
    """13 figures with their check digit, however they are typed; an empty field is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = squeezed(str(super()._deserialize(value, attr, data, **kwargs))).removeprefix("T")
        if number and not is_corporate_number(number):
            raise ValidationError(_l("法人番号は13桁です。数字を確かめてください。"))
        return number or None


class Mail(fields.String):
    """An address, or nothing."""

    def __init__(self) -> None:
        super().__init__(load_default="", validate=validate.Length(max=120))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if typed:
            validate.Email(error=_l("メールアドレスを確かめてください。"))(typed)
        return typed


class Registration(fields.String):
    """登録番号 as it is printed on an invoice, without what is printed between its figures; nothing is believed of it here."""

    def __init__(self) -> None:
        super().__init__(load_default="", validate=validate.Length(max=20))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return squeezed(str(super()._deserialize(value, attr, data, **kwargs))).upper()
