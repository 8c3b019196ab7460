"""商品券 in four steps, its sale at the counter, and the money of those who fund the premium."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewVoucher, Share
from association.commands.vouchers.campaign import NAME_EN_MAX, NAME_MAX
from association.schemas.parts import ASCII, Count, Day, Line, between, without_blanks
from association.schemas.voucher_calls import VoucherCallSchema, call_of_draft
from base.yen import grouped
from web.fields import Key, Yen

PERCENT = validate.Range(0, 100, error=_l("0から100までにしてください。"))


class VoucherFaceSchema(Schema):
    """Step 1: what is paid, what it is worth, how many there are, and what the premium may cost."""

    class Meta:
        unknown = EXCLUDE

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    price = Yen(required=True, validate=between(1, 300_000))
    face = Yen(required=True, validate=between(2, 300_000))
    local_face = Yen(load_default=0, validate=between(0, 300_000))
    units = Count(required=True, validate=validate.Range(1, 1_000_000, error=_l("1口から1,000,000口までにしてください。")))
    per_person = Count(required=True, validate=validate.Range(1, 1_000, error=_l("1口から1,000口までにしてください。")))
    payment_max = Yen(load_default=None, allow_none=True, validate=between(1, 300_000))
    budget = Yen(required=True, validate=between(1, 10**12))

    @pre_load
    def leave_out_local(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("local_face", "payment_max"))

    @validates_schema(skip_on_field_errors=True)
    def makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        if data["face"] <= data["price"]:
            raise ValidationError(_l("販売額より大きくしてください。差がプレミアムになります。"), "face")
        if data["local_face"] >= data["face"]:
            raise ValidationError(_l("額面より小さくしてください。残りが共通券になります。"), "local_face")
        if data["local_face"]:
            for name, most in (("name", NAME_MAX), ("name_en", NAME_EN_MAX)):
                if len(data[name]) > most:
                    raise ValidationError(_l("2つに分けるときは、%(most)s文字までにしてください。", most=most), name)
        if data["per_person"] > data["units"]:
            raise ValidationError(_l("全部の口数までにしてください。"), "per_person")
        if data["face"] * data["per_person"] > 300_000:
            raise ValidationError(_l("1人が持てるのは、額面で300,000円までです。口数を減らしてください。"), "per_person")
        if data["payment_max"] is not None and data["payment_max"] > data["face"] * data["per_person"]:
            raise ValidationError(_l("1人が買える分の額面までにしてください。"), "payment_max")
        premium = (data["face"] - data["price"]) * data["units"]
        if premium > data["budget"]:
            total = grouped(premium)
            raise ValidationError(_l("すべて売れるとプレミアムは %(total)s円で、予算を超えます。", total=total), "budget")


class VoucherDaysSchema(Schema):
    """Step 2: when it is sold, and until when it can be used."""

    class Meta:
        unknown = EXCLUDE

    sale_first_day = Day(required=True)
    sale_last_day = Day(required=True)
    last_day = Day(required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["sale_last_day"] < data["sale_first_day"]:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "sale_last_day")
        if data["last_day"] < data["sale_last_day"]:
            raise ValidationError(_l("販売のおわり以降の日にしてください。"), "last_day")


class VoucherPartsSchema(Schema):
    """Step 4: at which shops it can be used, who pays the premium, and who gets what was paid and never used. `local_face` as before."""

    class Meta:
        unknown = EXCLUDE

    local_face = Yen(load_default=0, validate=between(0, 300_000))
    shops = fields.String(required=True, validate=validate.OneOf(("all", "small", "trades")))
    trades = fields.List(fields.String(validate=validate.Length(min=1, max=40)), load_default=list)
    association_percent = Count(load_default=0, validate=PERCENT)
    funder_1 = Line(40, optional=True)
    funder_1_percent = Count(load_default=0, validate=PERCENT)
    funder_2 = Line(40, optional=True)
    funder_2_percent = Count(load_default=0, validate=PERCENT)
    unspent_to = fields.String(load_default="association", validate=validate.OneOf(("association", "funder")))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("local_face", "association_percent", "funder_1_percent", "funder_2_percent"))

    @validates_schema(skip_on_field_errors=True)
    def make_a_hundred(self, data: dict[str, Any], **_: Any) -> None:
        if data["local_face"] and data["shops"] == "small":
            raise ValidationError(_l("専用券のほかに共通券があるので、「すべての加盟店」か業種を選んでください。"), "shops")
        if data["shops"] == "trades" and not data["trades"]:
            raise ValidationError(_l("使える業種を選んでください。"), "trades")
        for name in ("funder_1", "funder_2"):
            if bool(data[name]) != bool(data[f"{name}_percent"]):
                wrong = f"{name}_percent" if data[name] else name
                raise ValidationError(_l("負担者の名前と割合は、両方を入れてください。"), wrong)
        if data["funder_1"] and data["funder_1"] == data["funder_2"]:
            raise ValidationError(_l("同じ負担者が2度あります。"), "funder_2")
        total = sum(value for name, value in data.items() if name.endswith("_percent"))
        if total != 100:
            raise ValidationError(_l("合わせて100%%にしてください。いまは %(total)s%%です。", total=total), "association_percent")
        if data["unspent_to"] == "funder" and not (data["funder_1"] or data["funder_2"]):
            raise ValidationError(_l("ほかの負担者がいないので、組合の収入にしてください。"), "unspent_to")


class VoucherSchema(VoucherFaceSchema, VoucherDaysSchema, VoucherCallSchema, VoucherPartsSchema):
    """The whole of a campaign, from what its draft has kept."""

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewVoucher:
        shares = [Share("association", data["association_percent"])]
        shares += [Share("funder", data[f"{name}_percent"], data[name]) for name in ("funder_1", "funder_2")]
        named = {each.name for each in dataclasses.fields(NewVoucher)} - {"trades"}
        return NewVoucher(
            **{name: value for name, value in data.items() if name in named},
            call=call_of_draft(data),
            trades=tuple(sorted(set(data["trades"]))) if data["shops"] == "trades" else (),
            shares=tuple(share for share in shares if share.percent),
        )


class SellVoucherSchema(Schema):
    """The sale, as a clerk presses it. `received` empty: exactly the price."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(required=True, validate=validate.Length(max=400))
    voucher_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    units = Count(required=True, validate=validate.Range(1, 1_000, error=_l("1口から1,000口までにしてください。")))
    received = Yen(load_default=None)
    key = Key(required=True)

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("received",))


class VoucherSalePageSchema(Schema):
    """Whose sale it is, and which campaign was chosen."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(load_default="")
    voucher_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))
    number = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 10**9))


class ReportDaySchema(Schema):
    """精算書: at the end of which day; today where nothing is said."""

    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None, allow_none=True)

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("day",))


class VoucherReturnSchema(Schema):
    """What a funder has in credit goes back to it."""

    out_of = fields.String(required=True, validate=validate.OneOf(("bank", "safe")))
    note = Line(200, optional=True)
    key = Key(required=True)


class ShopSizeSchema(Schema):
    """大型店 or 中小店."""

    size = fields.String(required=True, validate=validate.OneOf(("small", "large")))
