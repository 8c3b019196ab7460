"""People: stopping a balance, seeing somebody off, and the roles of the district."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.schemas.parts import Line, at_least, without_blanks
from base.ids import has_check_digit
from identity.commands import FreezeOrder
from web.fields import Key, Yen


class FreezeSchema(Schema):
    """Who asked to stop a balance, and why."""

    asked_by = fields.String(
        required=True, validate=validate.OneOf(["self", "family", "police", "association"], error=_l("この中から選んでください。"))
    )
    reason = Line(200)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> FreezeOrder:
        return FreezeOrder(**data)


class CashRefundSchema(Schema):
    """払戻し: how much of which series, from where, on which ground."""

    series = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    amount = Yen(required=True, validate=at_least(1))
    paid_from = fields.String(required=True, validate=validate.OneOf(["safe", "bank"]))
    ground = fields.String(
        required=True, validate=validate.OneOf(["caps", "unavoidable", "discontinuance"], error=_l("この中から選んでください。"))
    )
    reason = Line(200)
    key = Key(required=True)


class ClosePersonSchema(Schema):
    """An administrator sees somebody off. `asked`: that they asked for it themselves; `gives_up`: where coin is left."""

    asked = fields.Boolean(required=True, truthy={"on"}, falsy={""}, error_messages={"required": _l("本人の申し出を確かめてください。")})
    gives_up = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


class RoleSchema(Schema):
    """A role for somebody who has signed up with this address."""

    email = Line(254, validate=[validate.Email()])
    role = fields.String(required=True, validate=validate.OneOf(["issuer", "approver", "auditor", "administrator", "owner", "group_lead"]))
    shop = Line(6, optional=True)
    last_day = fields.Date(load_default=None)

    @pre_load
    def as_looked_up(self, data: Any, **_: Any) -> dict[str, Any]:
        return {**without_blanks(data, ("last_day",)), "email": unicodedata.normalize("NFKC", str(data.get("email", ""))).strip().lower()}

    @validates_schema(skip_on_field_errors=True)
    def shop_of_owner(self, data: dict[str, Any], **_: Any) -> None:
        if (data["role"] == "owner") != bool(data["shop"]):
            raise ValidationError(_l("店主にするときは、お店を選んでください。"), "shop")
        if data["shop"] and not has_check_digit(data["shop"]):
            raise ValidationError(_l("この中から選んでください。"), "shop")


class EndRoleSchema(Schema):
    """Which role ends: a shop's role names its shop."""

    merchant_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("merchant_id",))
