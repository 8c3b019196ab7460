"""クーポン in three steps, and the money of those who fund it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewCoupon, Share
from association.schemas.parts import ASCII, Count, Day, Line, at_least, between, without_blanks
from web.fields import Yen


class CouponOffSchema(Schema):
    """Step 1 of a coupon: what is off, from how much, and where. Without `only_some` it is for all shops."""

    class Meta:
        unknown = EXCLUDE

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    amount_off = Yen(required=True, validate=between(1, 100_000))
    min_spend = Yen(required=True, validate=between(2, 1_000_000))
    only_some = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})
    shops = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)

    @validates_schema(skip_on_field_errors=True)
    def something_is_paid(self, data: dict[str, Any], **_: Any) -> None:
        if data["min_spend"] <= data["amount_off"]:
            raise ValidationError(_l("割引額より大きくしてください。お客様の支払いが1円以上残るようにします。"), "min_spend")
        if data["only_some"] and not data["shops"]:
            raise ValidationError(_l("使えるお店を選んでください。"), "shops")


class CouponDaysSchema(Schema):
    """Step 2: how many, how many for one person, and when."""

    class Meta:
        unknown = EXCLUDE

    pieces = Count(required=True, validate=validate.Range(1, 1_000_000, error=_l("1枚から1,000,000枚までにしてください。")))
    per_person = Count(required=True, validate=validate.Range(1, 100, error=_l("1枚から100枚までにしてください。")))
    first_day = Day(required=True)
    last_day = Day(required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日より後の日にしてください。"), "last_day")
        if data["per_person"] > data["pieces"]:
            raise ValidationError(_l("全部の枚数までにしてください。"), "per_person")


class CouponSharesSchema(Schema):
    """Step 3: who pays which part, in percent that make 100, and in which coin the shops get it."""

    class Meta:
        unknown = EXCLUDE

    association_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    shop_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    funder_1 = Line(40, optional=True)
    funder_1_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    funder_2 = Line(40, optional=True)
    funder_2_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    lands_in = fields.Integer(required=True, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("association_percent", "shop_percent", "funder_1_percent", "funder_2_percent"))

    @validates_schema(skip_on_field_errors=True)
    def make_a_hundred(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("funder_1", "funder_2"):
            if bool(data[name]) != bool(data[f"{name}_percent"]):
                wrong = f"{name}_percent" if data[name] else name
                raise ValidationError(_l("負担者の名前と割合は、両方を入れてください。"), wrong)
        if data["funder_1"] and data["funder_1"] == data["funder_2"]:
            raise ValidationError(_l("同じ負担者が2度あります。"), "funder_2")
        total = sum(value for name, value in data.items() if name.endswith("_percent"))
        if total != 100:
            raise ValidationError(_l("合わせて100%%にしてください。いまは %(total)s%%です。", total=total), "association_percent")


class CouponSchema(CouponOffSchema, CouponDaysSchema, CouponSharesSchema):
    """The whole of a coupon, from what its draft has kept."""

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewCoupon:
        shares = [Share("association", data["association_percent"])]
        shares += [Share("funder", data[f"{name}_percent"], data[name]) for name in ("funder_1", "funder_2")]
        shares.append(Share("shop", data["shop_percent"]))
        names = ("name", "name_en", "amount_off", "min_spend", "first_day", "last_day", "pieces", "per_person", "lands_in")
        return NewCoupon(
            **{name: data[name] for name in names},
            shops=tuple(sorted(set(data["shops"]))) if data["only_some"] else None,
            shares=tuple(share for share in shares if share.percent),
        )


class ProposeCouponSchema(Schema):
    """The last press: why, for whoever approves."""

    note = Line(200, optional=True)
    key = fields.UUID(required=True)


class FunderPaysSchema(Schema):
    """A funder's money that has arrived."""

    amount = Yen(required=True, validate=at_least(1))
    into = fields.String(required=True, validate=validate.OneOf(("bank", "safe")))
    key = fields.UUID(required=True)
