"""A transfer to a member, as a form sends it beside the file that proves it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

from web.fields import Yen

YEN_MAX = 10**12


class PassedSchema(Schema):
    """To whom, when, how much."""

    party_id = fields.Integer(required=True, validate=validate.Range(0, 2**53))
    day = fields.Date(required=True)
    amount = Yen(required=True, validate=validate.Range(1, YEN_MAX, error=_l("金額は1円以上にしてください。")))
