"""What the page of announcements sends."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.queries import Audience, Words
from association.rules import KEPT_SEGMENTS
from association.rules.pasted_numbers import LINES_MAX, read_numbers
from association.schemas.parts import Line, without_blanks
from web.fields import Key

KINDS = ("all", "holders", "still", "segment", "person", "list")
BELONGS = {"holders": "series_id", "still": "days", "segment": "segment", "person": "person_id", "list": "numbers"}
"""The field that an audience needs."""
CHOSEN = tuple(BELONGS.values())
DAYS = validate.Range(7, 730, error=_l("7日から730日までにしてください。"))


class AnnouncementSchema(Schema):
    """To whom, and what. Gives `audience` and `words`, and `key` once it is sent."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    series_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    days = fields.Integer(load_default=None, validate=DAYS)
    segment = fields.String(load_default="", validate=validate.OneOf(("", *KEPT_SEGMENTS)))
    person_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    numbers = fields.String(load_default="", validate=validate.Length(max=200_000))
    title = Line(60)
    body = Line(1000)
    title_en = Line(120, optional=True)
    body_en = Line(2000, optional=True)
    key = Key(load_default=None)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        """What belongs to another choice of the form counts for nothing."""
        wanted = BELONGS.get(str(data.get("kind")))
        sent = {name: value for name, value in dict(data).items() if name == wanted or name not in CHOSEN}
        return without_blanks(sent, (*CHOSEN, "key"))

    @validates_schema(skip_on_field_errors=True)
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        if data["kind"] == "holders" and data["series_id"] is None:
            raise ValidationError(_l("種別を選んでください。"), "series_id")
        if data["kind"] == "still" and data["days"] is None:
            raise ValidationError(_l("日数を入れてください。"), "days")
        if data["kind"] == "segment" and not data["segment"]:
            raise ValidationError(_l("お客様の種類を選んでください。"), "segment")
        if data["kind"] == "person" and data["person_id"] is None:
            raise ValidationError(_l("利用者番号を入れてください。"), "person_id")
        if data["kind"] == "list" and not read_numbers(data["numbers"]):
            raise ValidationError(_l("利用者番号かカードの番号を、1行に1つずつ入れてください。"), "numbers")
        if len(data["numbers"].splitlines()) > LINES_MAX:
            raise ValidationError(_l("1回に送れるのは 5,000行までです。"), "numbers")
        if bool(data["title_en"]) != bool(data["body_en"]):
            raise ValidationError(_l("英語は、題と本文の両方を書くか、両方を空にします。"), "body_en")

    @post_load
    def as_values(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            "audience": Audience(data["kind"], data["series_id"], data["days"], data["person_id"], segment=data["segment"]),
            "words": Words(data["title"], data["body"], data["title_en"], data["body_en"]),
            "key": data["key"],
            "numbers": data["numbers"],
        }


class FarewellsSentSchema(Schema):
    """出した: whose letters lie in the post."""

    person = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), required=True, validate=validate.Length(1, 1_000))
