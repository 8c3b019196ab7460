"""Batches of top-up codes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from association.commands import NewBatch
from association.schemas.parts import Count, Day, Line, at_least, without_blanks
from web.fields import Key, Yen


class BatchSchema(Schema):
    """A batch of top-up codes."""

    series_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    face_value = Yen(required=True, validate=at_least(1))
    pieces = Count(required=True, validate=validate.Range(1, 1_000, error=_l("1枚から1,000枚までにしてください。")))
    paid_from = fields.String(required=True, validate=validate.OneOf(["safe", "bank", "promotion"]))
    last_day = Day(required=True)
    note = Line(80)
    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("series_id", "face_value", "pieces", "last_day"))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewBatch:
        return NewBatch(**data)


class PartSchema(Schema):
    """Which file of a batch's sheets."""

    class Meta:
        unknown = EXCLUDE

    part = fields.Integer(load_default=1, validate=validate.Range(1, 1_000))


class CancelCodesSchema(Schema):
    """Which codes of a batch end: one by its number, or all that are left."""

    place = fields.Integer(load_default=None, validate=validate.Range(1, 1_000, error=_l("券の番号を確かめてください。")))
    reason = Line(200)
    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("place",))
