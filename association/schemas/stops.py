"""非常停止: what is stopped, and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from association.schemas.parts import Line


class StopSchema(Schema):
    """`series` only where one series is stopped."""

    what = fields.String(required=True, validate=validate.OneOf(["paying", "issuing", "transfers", "series"]))
    series = fields.Integer(load_default=None, validate=validate.Range(1, 2**63 - 1))
    reason = Line(200)

    @validates_schema
    def one_series(self, data: dict[str, object], **_: object) -> None:
        if data.get("what") == "series" and data.get("series") is None:
            raise ValidationError(_l("種別を選んでください。"), "series")
