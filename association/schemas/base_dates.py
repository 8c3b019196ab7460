"""基準日: what secures holders' money, and from when special base dates hold."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from association.schemas.parts import Day, Line, at_least, without_blanks
from web.fields import Yen


class SecuritySchema(Schema):
    """供託・保全契約・信託契約 as its certificate says."""

    kind = fields.String(required=True, validate=validate.OneOf(("deposit", "guarantee", "trust")))
    amount = Yen(required=True, validate=at_least(1))
    counterparty = Line(80)
    certificate = Line(60)
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("last_day",))

    @post_load
    def check(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["last_day"] is not None and data["last_day"] < data["first_day"]:
            raise ValidationError(_l("終わりの日は、始まりの日以後にしてください。"), "last_day")
        return data


class SecurityEndSchema(Schema):
    """Until when it held, and why it ended."""

    last_day = Day(required=True)
    reason = Line(200)


class SpecialDatesSchema(Schema):
    """特例基準日: filed when, holding from when; or given up."""

    is_special = fields.Boolean(required=True)
    filed_on = Day(required=True)
    holds_from = Day(required=True)


class EndSeriesSchema(Schema):
    """廃止: which coin, and the days that are announced."""

    series = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    announced_on = Day(required=True)
    stops_on = Day(required=True)
    claims_until = Day(required=True)
    notice = Line(200)


class TransfersSchema(Schema):
    """人に送る: how much at once and in a month, and what for."""

    once = Yen(required=True, validate=at_least(1))
    monthly = Yen(required=True, validate=at_least(1))
    note = Line(200)


class HoldersSchema(Schema):
    """The end of which day."""

    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None)
