"""加盟の申し込み, as a shop writes it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.queries import Application
from association.rules.registration import fault, plain_number
from association.schemas.bank_details import ShopAccountSchema
from association.schemas.parts import ASCII, KANA, Line
from association.schemas.shops import WRONG_DIGIT
from merchant.commands import NewShop

PHONE = re.compile(r"[0-9+() -]{6,20}")
DASHES = re.compile(r"[ー−‐–—]")


class Phone(Line):
    """A telephone number as people type it: full width and any dash are taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **kwargs))
        number = DASHES.sub("-", typed)
        if not PHONE.fullmatch(number):
            raise ValidationError(_l("電話番号を数字で入れてください。"))
        return number


def _address(typed: str) -> None:
    if typed:
        validate.Email()(typed)


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
    size = fields.String(
        required=True, validate=validate.OneOf(("small", "large")), error_messages={"required": _l("この中から選んでください。")}
    )
    contact_phone = Phone(40)
    contact_email = Line(254, optional=True, validate=[_address])

    @pre_load
    def as_looked_up(self, data: Any, **_: Any) -> dict[str, Any]:
        return {**data, "contact_email": unicodedata.normalize("NFKC", str(data.get("contact_email", ""))).strip().lower()}

    @validates_schema(skip_on_field_errors=False)
    def invoice_number(self, data: dict[str, Any], **_: Any) -> None:
        number = plain_number(data.get("registration_number") or "")
        wrong = fault(number) if number else None
        if wrong == "bad_format":
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")
        if wrong and not data.get("is_sole"):
            raise ValidationError(WRONG_DIGIT, "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Application:
        account = super().to_command(data)
        names = ("name", "name_kana", "name_en", "trade", "address", "size")
        number = plain_number(data["registration_number"]) or None
        shop = NewShop(**{name: data[name] for name in names}, registration_number=number)
        return Application(shop, account, data["contact_name"], data["contact_phone"], data["contact_email"])
