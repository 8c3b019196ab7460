"""Shops that join, and those that may sell coin."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from association.schemas.parts import ASCII, KANA, Line, between
from merchant.commands import NewShop
from web.fields import Yen


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
    registration_number = Line(14, optional=True)
    size = fields.String(load_default="small", validate=validate.OneOf(("small", "large")))

    @validates_schema
    def invoice_number(self, data: dict[str, Any], **_: Any) -> None:
        number = data.get("registration_number")
        if number and not re.fullmatch(r"T[0-9]{13}", number):
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewShop:
        return NewShop(**{**data, "registration_number": data["registration_number"] or None})
