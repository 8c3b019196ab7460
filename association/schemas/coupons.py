"""クーポン in four steps, and the money of those who fund it."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewCoupon, Share
from association.rules import KEPT_SEGMENTS
from association.schemas.parts import ASCII, Count, Day, Line, at_least, between, without_blanks
from association.schemas.where import WHERE, as_chosen, must_name_shops, shops_chosen
from web.fields import Key, Yen

CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])\Z")
WHOLE_DAY, WHOLE_WEEK = 24 * 60, 0b1111111
BY_DAYS = ("regular", "absent")
"""Segments that are told by what was paid within so many days."""


class CouponOffSchema(Schema):
    """Step 1 of a coupon, 割引: what is off, from how much on, and beside what. Without `percent` it is just the amount; with it the
    amount is the cap."""

    class Meta:
        unknown = EXCLUDE

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    percent = Count(load_default=None, allow_none=True, validate=validate.Range(1, 99, error=_l("1%から99%までにしてください。")))
    amount_off = Yen(required=True, validate=between(1, 100_000))
    min_spend = Yen(required=True, validate=between(1, 1_000_000))
    together = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("percent",))

    @validates_schema(skip_on_field_errors=True)
    def something_is_paid(self, data: dict[str, Any], **_: Any) -> None:
        if data["percent"] is None and data["min_spend"] <= data["amount_off"]:
            raise ValidationError(_l("割引額より大きくしてください。お客様の支払いが1円以上残るようにします。"), "min_spend")
        if data["percent"] is not None and data["min_spend"] * data["percent"] < 100:
            raise ValidationError(_l("この割合で1円以上引ける額にしてください。"), "min_spend")


class Clock(fields.Field[int]):
    """A time of the day as a form sends it, 9:30 or 24:00; gives minutes from midnight."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, int):
            return value  # as a draft has kept it
        found = CLOCK.fullmatch(str(value).strip())
        minutes = int(found[1]) * 60 + int(found[2]) if found else WHOLE_DAY + 1
        if minutes > WHOLE_DAY:
            raise ValidationError(_l("時刻は 11:00 のように入れてください。"))
        return minutes


class CouponConditionsSchema(Schema):
    """Step 2, 条件: where, when, after what, for whom, and how it is handed out."""

    class Meta:
        unknown = EXCLUDE

    where = fields.String(load_default="all", validate=validate.OneOf(WHERE))
    trades = fields.List(Line(40), load_default=list)
    shops = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    days = fields.List(fields.Integer(validate=validate.Range(0, 6)), load_default=list)
    from_minute = Clock(load_default=0)
    until_minute = Clock(load_default=WHOLE_DAY)
    visit = fields.String(load_default="", validate=validate.OneOf(("", "first", "again", "pair")))
    within_days = Count(load_default=None, allow_none=True, validate=validate.Range(1, 365, error=_l("1日から365日までにしてください。")))
    sources = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    segment = fields.String(load_default="", validate=validate.OneOf(("", *BY_DAYS, *KEPT_SEGMENTS)))
    segment_days = Count(load_default=None, allow_none=True, validate=validate.Range(1, 365, error=_l("1日から365日までにしてください。")))
    segment_trade = Line(40, optional=True)
    segment_without = Line(40, optional=True)
    way = fields.String(load_default="open", validate=validate.OneOf(("open", "poster", "receipt")))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("from_minute", "until_minute", "within_days", "segment_days"))

    @pre_load
    def as_kept_before(self, data: Any, **_: Any) -> dict[str, Any]:
        return as_chosen(data)

    @validates_schema(skip_on_field_errors=True)
    def where_and_when(self, data: dict[str, Any], **_: Any) -> None:
        must_name_shops(data)
        if data["until_minute"] <= data["from_minute"]:
            raise ValidationError(_l("始まりの時刻より後にしてください。日をまたぐ時間は入れられません。"), "until_minute")

    @validates_schema(skip_on_field_errors=True)
    def after_what(self, data: dict[str, Any], **_: Any) -> None:
        follows = data["visit"] in ("again", "pair")
        if follows and data["within_days"] is None:
            raise ValidationError(_l("何日以内かを入れてください。"), "within_days")
        if data["visit"] == "pair" and not data["sources"]:
            raise ValidationError(_l("先に支払うお店を選んでください。"), "sources")
        if data["visit"] == "pair" and data["where"] == "these" and set(data["sources"]) & set(data["shops"]):
            raise ValidationError(_l("先に支払うお店と、クーポンを使うお店を、別のお店にしてください。"), "sources")
        if data["way"] == "receipt" and not follows:
            raise ValidationError(
                _l("支払いのあとに渡すクーポンは、使うときの条件を「同じお店にまた来たとき」か「別のお店で」にしてください。"), "way"
            )
        if data["segment"] in BY_DAYS and data["segment_days"] is None:
            raise ValidationError(_l("何日かを入れてください。"), "segment_days")
        if data["segment"] == "regular" and data["segment_without"] and data["segment_without"] == data["segment_trade"]:
            raise ValidationError(_l("行く業種と行かない業種を、別の業種にしてください。"), "segment_without")


class CouponDaysSchema(Schema):
    """Step 3: how many, how many for one person, and when."""

    class Meta:
        unknown = EXCLUDE

    pieces = Count(required=True, validate=validate.Range(1, 1_000_000, error=_l("1枚から1,000,000枚までにしてください。")))
    per_person = Count(required=True, validate=validate.Range(1, 100, error=_l("1枚から100枚までにしてください。")))
    first_day = Day(required=True)
    last_day = Day(required=True)
    valid_days = Count(load_default=None, allow_none=True, validate=validate.Range(1, 365, error=_l("1日から365日までにしてください。")))

    @pre_load
    def leave_days_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("valid_days",))

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "last_day")
        if data["per_person"] > data["pieces"]:
            raise ValidationError(_l("全部の枚数までにしてください。"), "per_person")
        if data["valid_days"] is not None and data["per_person"] > 1:
            raise ValidationError(_l("受け取った日から数えるクーポンは、1人1枚にしてください。"), "per_person")


class CouponSharesSchema(Schema):
    """Step 4: who pays which part, in percent that make 100, and in which coin the shops get it."""

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


class CouponSchema(CouponOffSchema, CouponConditionsSchema, CouponDaysSchema, CouponSharesSchema):
    """The whole of a coupon, from what its draft has kept."""

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewCoupon:
        shares = [Share("association", data["association_percent"])]
        shares += [Share("funder", data[f"{name}_percent"], data[name]) for name in ("funder_1", "funder_2")]
        shares.append(Share("shop", data["shop_percent"]))
        names = ("name", "name_en", "amount_off", "min_spend", "first_day", "last_day", "pieces", "per_person", "lands_in")
        more = ("percent", "from_minute", "until_minute", "way", "together", "valid_days")
        follows, is_for_some = data["visit"] in ("again", "pair"), data["segment"] in BY_DAYS
        return NewCoupon(
            **{name: data[name] for name in names + more},
            weekdays=sum(1 << each for each in set(data["days"])) or WHOLE_WEEK,
            visit=data["visit"] or None,
            within_days=data["within_days"] if follows else None,
            sources=tuple(sorted(set(data["sources"]))) if data["visit"] == "pair" else (),
            segment=data["segment"] or None,
            segment_days=data["segment_days"] if is_for_some else None,
            segment_trade=data["segment_trade"] if data["segment"] == "regular" else "",
            segment_without=data["segment_without"] if data["segment"] == "regular" else "",
            **shops_chosen(data),
            shares=tuple(share for share in shares if share.percent),
        )


class ProposeCouponSchema(Schema):
    """The last press: why, for whoever approves."""

    note = Line(200, optional=True)
    key = Key(required=True)


class FunderPaysSchema(Schema):
    """A funder's money that has arrived."""

    amount = Yen(required=True, validate=at_least(1))
    into = fields.String(required=True, validate=validate.OneOf(("bank", "safe")))
    key = Key(required=True)
