"""A coin, and what the law wants said of it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewSeries, Notice
from association.rules import ITEMS
from association.schemas.parts import ASCII, Day, Line, at_least, without_blanks
from base.yen import grouped
from ledger.queries import POINTS, VOUCHER, Law
from web.api_frame import is_plain
from web.fields import Yen

ENGLISH_MAX = 2_000


class NoticeSchema(Schema):
    """資金決済法に基づく表示: payment-law 21 and 22."""

    issuer_name = Line(100)
    public_body = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    registration_number = Line(60, optional=True)
    registered_on = Day(load_default=None, allow_none=True)
    address = Line(200)
    contact = Line(300)
    places = Line(500)
    cautions = Line(1000)
    terms = Line(500)
    security = Line(500, optional=True)  # a series that needs them is not opened without
    loss_policy = Line(1000, optional=True)
    english = fields.Dict(load_default=dict)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        """The English of a field is sent as `<field>_en`; an empty one is no English."""
        plain = without_blanks(data, ("registered_on",))
        english = {name: str(plain.pop(f"{name}_en", "")).strip() for name in ITEMS}
        return {**plain, "english": {name: text for name, text in english.items() if text}}

    @validates_schema
    def english_is_plain(self, data: dict[str, Any], **_: Any) -> None:
        for name, text in data.get("english", {}).items():
            if len(text) > ENGLISH_MAX or not is_plain(text.replace("\r", "").replace("\n", "")):
                raise ValidationError(_l("使えない文字があるか、長すぎます。"), f"{name}_en")

    @validates_schema
    def registration_is_whole(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("registration_number")) != bool(data.get("registered_on")):
            name = "registered_on" if data.get("registration_number") else "registration_number"
            raise ValidationError(_l("登録番号と登録日は、両方を入れてください。"), name)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Notice:
        return Notice(**{**data, "registration_number": data["registration_number"] or None})


def _no_voucher(code: str) -> None:
    """How vouchers and points are known by their code: none of a coin may look like it."""
    if code.startswith((VOUCHER, POINTS)):
        raise ValidationError(_l("voucher_ や point_ で始まる記号は、商品券とポイントのためのものです。"))


class SeriesSchema(Schema):
    """A coin to be made. `law`: the most that its limits may be."""

    def __init__(self, law: Law) -> None:
        super().__init__()
        self.law = law

    class Meta:
        unknown = EXCLUDE

    code = Line(
        32,
        validate=[validate.Regexp(r"^[a-z][a-z0-9_]*$", error=_l("半角の小文字で始め、小文字・数字・_ で入れてください。")), _no_voucher],
    )
    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)
    balance_max = Yen(required=True, validate=at_least(1))
    payment_max = Yen(required=True, validate=at_least(1))
    ask_above = Yen(required=True, validate=at_least(0))
    pin_above = Yen(required=True, validate=at_least(0))
    new_device_max = Yen(required=True, validate=at_least(0))
    refund_cashier_max = Yen(required=True, validate=at_least(0))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("last_day",))

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] is not None and data["last_day"] < data["first_day"]:
            raise ValidationError(_l("最終日は、使い始める日以降の日にします。"), "last_day")
        for name in ("payment_max", "balance_max"):
            if data[name] > (most := getattr(self.law, name)):
                raise ValidationError(_l("法律の範囲は%(most)s円までです。", most=grouped(most)), name)
        if data["payment_max"] > data["balance_max"]:
            raise ValidationError(_l("1回の支払いの上限は、残高の上限までにします。"), "payment_max")
        for name in ("ask_above", "pin_above", "new_device_max"):
            if data[name] > data["payment_max"]:
                raise ValidationError(_l("1回の支払いの上限までにします。"), name)
        if data["ask_above"] > data["new_device_max"]:
            raise ValidationError(_l("新しい端末の1回の上限までにします。"), "ask_above")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewSeries:
        return NewSeries(**data)
