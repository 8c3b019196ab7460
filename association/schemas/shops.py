"""Shops that join, and those that may sell coin."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from association.rules.registration import fault, plain_number
from association.schemas.parts import ASCII, KANA, Line, between
from merchant.commands import NewShop
from web.fields import Yen

WRONG_DIGIT = _l("番号のどこかが違うようです。通知書と見比べてください。個人事業主の番号なら、下に印を付けてください。")


class AgentSchema(Schema):
    """Terms on which a shop may sell coin."""

    daily_max = Yen(required=True, validate=between(1, 10_000_000))
    note = Line(200)


class ShopSchema(Schema):
    """A shop that is put forward."""

    name = Line(60)
    name_kana = Line(80, validate=[validate.Regexp(KANA, error=_l("かなで入れてください。"))])
    name_en = Line(80, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    trade = Line(40)
    address = Line(200)
    registration_number = Line(24, optional=True)
    size = fields.String(load_default="small", validate=validate.OneOf(("small", "large")))

    @validates_schema
    def invoice_number(self, data: dict[str, Any], **_: Any) -> None:
        number = plain_number(data.get("registration_number") or "")
        if number and fault(number) == "bad_format":
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewShop:
        return NewShop(**{**data, "registration_number": plain_number(data["registration_number"]) or None})


class NewShopSchema(ShopSchema):
    """A shop that is typed at the desk. A wrong check digit is a sole proprietor's right: the formula is for corporations."""

    is_sole = fields.Boolean(load_default=False)

    @validates_schema
    def check_digit(self, data: dict[str, Any], **_: Any) -> None:
        number = plain_number(data.get("registration_number") or "")
        if number and fault(number) == "bad_check_digit" and not data["is_sole"]:
            raise ValidationError(WRONG_DIGIT, "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewShop:
        new: NewShop = super().to_command({name: value for name, value in data.items() if name != "is_sole"})
        return new
