"""見てください: what somebody says to a finding, and a limit of a rule."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from association.schemas.parts import Count, Line


class AnswerFindingSchema(Schema):
    """`state`: looked at, or explained; the words stay on record."""

    state = fields.String(required=True, validate=validate.OneOf(["seen", "explained"]))
    words = Line(400)


class RiskLimitSchema(Schema):
    """One limit of one rule."""

    rule = fields.String(required=True, validate=validate.Length(1, 20))
    name = fields.String(required=True, validate=validate.Length(1, 20))
    value = Count(required=True, validate=validate.Range(0, 10**8))
