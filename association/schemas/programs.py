"""Programs: who is told of payments, and who holds a token."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, pre_load, validate

from association.schemas.parts import Day, Line, without_blanks
from web.fields import Key


class WebhookSchema(Schema):
    """Where payments and refunds of the district are to be told."""

    address = fields.String(required=True, validate=validate.Length(min=1, max=300))


class AgainSchema(Schema):
    """Which event is to be told again."""

    transaction_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))


class ReplaySchema(Schema):
    """From which day on everything is to be told again."""

    since = fields.Date(required=True, validate=validate.Range(date(2020, 1, 1), date(2120, 1, 1)))
    key = Key(required=True)


class TokenSchema(Schema):
    """A token for a program. `holder`: shop:<public number>, or clerk:<person>."""

    label = Line(60)
    holder = fields.String(required=True, validate=validate.Regexp(r"^(shop|clerk):[0-9]{1,16}$", error=_l("この中から選んでください。")))
    scopes = fields.List(fields.String(), required=True, validate=validate.Length(min=1, error=_l("権限を1つ以上選んでください。")))
    last_day = Day(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("last_day",))
