"""What the pages of the plan send."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, pre_load, validate

from subsidy.rules.quotes import INELIGIBLE, Checked
from subsidy.rules.review import EXTRA_POINTS
from subsidy.schemas.parts import Day, Form, Line, Text
from web.fields import Key, Yen

WORDS_MAX = 4_000


class AnswerSchema(Form):
    """An answer to a criterion. An extra point may be declined, and that is asked twice."""

    item = fields.Integer(required=True)
    revision = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))
    words = Text(WORDS_MAX, optional=True)
    is_declined = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    is_sure = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    figures = fields.List(fields.String(validate=validate.Regexp(r"[a-z_]{1,40}\Z")), load_default=list)

    @post_load
    def decided(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["is_declined"] and data["item"] not in EXTRA_POINTS:
            raise ValidationError(_l("基礎点の項目は、答えを書いてください（S-72）。保存していません。"), "words")
        if data["is_declined"] and not data["is_sure"]:
            raise ValidationError(
                _l("加点がなくなります。本当にしないなら「やはり、しない」にも印を付けて、もう一度保存してください。"), "is_sure"
            )
        if data["is_declined"] and data["words"]:
            raise ValidationError(_l("しないなら、文章を消してください。書いた文章は前の保存に残ります。"), "words")
        if not data["is_declined"] and not data["words"]:
            raise ValidationError(_l("答えを書いてください。保存していません。"), "words")
        return data


class ChangeSchema(Form):
    """A change that was asked of the office; without a day it was today."""

    key = Key(required=True)
    day = Day()
    words = Text(1_000)


class ChangeAnswerSchema(Form):
    """What the office said of it."""

    verdict = fields.String(required=True, validate=validate.OneOf(["approved", "refused"]))
    day = Day()
    words = Text(400, optional=True)


class QuoteSchema(Form):
    """What a seller asks for a line."""

    key = Key(required=True)
    seller = Line(80)
    amount = Yen(required=True, validate=validate.Range(0, 10**12, error=_l("金額は0円から1兆円までにしてください。")))
    day = fields.Date(required=True)


class CheckedSchema(Form):
    """What the lead made sure of about a line."""

    revision = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))
    quote = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))
    why = Text(400, optional=True)
    provider_number = Line(40, optional=True)
    tool_number = Line(40, optional=True)
    reason = Text(400, optional=True)
    definition = Text(400, optional=True)
    clear = fields.List(fields.String(validate=validate.OneOf(INELIGIBLE)), load_default=list)

    @pre_load
    def no_quote(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if name != "quote" or str(value).strip()}

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        revision, clear = data.pop("revision"), tuple(each for each in INELIGIBLE if each in data["clear"])
        return {"revision": revision, "checked": Checked(**{**data, "clear": clear})}
