"""加盟の申し込み, as a shop writes it."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from association.queries import Application
from association.rules.registration import fault, plain_number
from association.schemas.bank_details import ShopAccountSchema
from association.schemas.parts import ASCII, KANA, Line
from merchant.commands import NewShop

PHONE = re.compile(r"[0-9０-９+()（） -]{6,20}")


class ApplicationSchema(ShopAccountSchema):
    """The shop, its account, and whom to call. A wrong check digit is a sole proprietor's right: the formula is for corporations."""

    name = Line(60)
    name_kana = Line(80, validate=[validate.Regexp(KANA, error=_l("かなで入れてください。"))])
    name_en = Line(80, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    trade = Line(40)
    address = Line(200)
    registration_number = Line(24, optional=True)
    is_sole = fields.Boolean(load_default=False)
    contact_name = Line(60)
    contact_phone = Line(20, validate=[validate.Regexp(PHONE, error=_l("電話番号を数字で入れてください。"))])

    @validates_schema(skip_on_field_errors=False)
    def invoice_number(self, data: dict[str, Any], **_: Any) -> None:
        number = plain_number(data.get("registration_number") or "")
        wrong = fault(number) if number else None
        if wrong == "bad_format":
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")
        if wrong and not data.get("is_sole"):
            raise ValidationError(
                _l("番号のどこかが違うようです。通知書と見比べてください。個人事業主の番号なら、下に印を付けてください。"),
                "registration_number",
            )

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Application:
        account = super().to_command(data)
        names = ("name", "name_kana", "name_en", "trade", "address")
        number = plain_number(data["registration_number"]) or None
        shop = NewShop(**{name: data[name] for name in names}, registration_number=number)
        return Application(shop, account, data["contact_name"], data["contact_phone"])
