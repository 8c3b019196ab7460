"""How often the page of the daily controls has come again by itself."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate


class RefreshSchema(Schema):
    """`nth`: how often it has come by itself. `still`: somebody has stopped it."""

    class Meta:
        unknown = EXCLUDE

    nth = fields.Integer(load_default=0, validate=validate.Range(0, 1_000))
    still = fields.Boolean(load_default=False)
