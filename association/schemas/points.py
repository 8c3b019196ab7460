"""ポイント: a programme as its form sends it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewCampaign, NewEvent, NewPoints, Share
from association.rules import EXTRA_MAX, EXTRA_MIN, MONTHS_MAX, PENDING_DAYS_MAX, RATE_MAX_PERCENT, WHOLE_WEEK, Rounding
from association.schemas.parts import ASCII, Count, Day, Line, between, without_blanks
from association.schemas.where import WHERE, must_name_shops, shops_chosen
from web.fields import Key, Yen

TIMES = re.compile(r"([0-9]{1,2})(?:[.]([0-9]{1,2}))?")
CHOICES_MAX, CHOICE_LENGTH = 8, 40
PERCENT = validate.Range(0, 100, error=_l("0%から100%までにしてください。"))


class SharesSchema(Schema):
    """Who pays: the association, the shop at which it was earned, and one more."""

    class Meta:
        unknown = EXCLUDE

    association_percent = Count(load_default=0, validate=PERCENT)
    shop_percent = Count(load_default=0, validate=PERCENT)
    funder = Line(40, optional=True)
    funder_percent = Count(load_default=0, validate=PERCENT)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("association_percent", "shop_percent", "funder_percent", "last_day"))

    @validates_schema(skip_on_field_errors=True)
    def make_a_hundred(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["funder"]) != bool(data["funder_percent"]):
            wrong = "funder_percent" if data["funder"] else "funder"
            raise ValidationError(_l("負担者の名前と割合は、両方を入れてください。"), wrong)
        total = data["association_percent"] + data["shop_percent"] + data["funder_percent"]
        if total != 100:
            raise ValidationError(_l("合わせて100%%にしてください。いまは %(total)s%%です。", total=total), "association_percent")


def shares_of(data: dict[str, Any]) -> tuple[Share, ...]:
    """Those who pay anything."""
    every = (
        Share("association", data["association_percent"]),
        Share("funder", data["funder_percent"], data["funder"]),
        Share("shop", data["shop_percent"]),
    )
    return tuple(share for share in every if share.percent)


class PointsSchema(SharesSchema):
    """The whole programme, for its page of consequences and for its proposal."""

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    rate_yen = Yen(required=True, validate=between(1, 100_000))
    rate_points = Count(required=True, validate=validate.Range(1, 20_000, error=_l("1ポイント以上にしてください。")))
    rounding = fields.String(required=True, validate=validate.OneOf([each.value for each in Rounding]))
    pending_days = Count(required=True, validate=validate.Range(1, PENDING_DAYS_MAX, error=_l("1日から28日までにしてください。")))
    months = Count(required=True, validate=validate.Range(1, MONTHS_MAX, error=_l("1か月から24か月までにしてください。")))
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)
    expired_to = fields.String(required=True, validate=validate.OneOf(("payer", "association")))
    monthly = Count(required=True, validate=validate.Range(1, 100_000_000, error=_l("1ポイント以上にしてください。")))

    @validates_schema(skip_on_field_errors=True)
    def fit_together(self, data: dict[str, Any], **_: Any) -> None:
        if data["rate_points"] * 100 > data["rate_yen"] * RATE_MAX_PERCENT:
            raise ValidationError(_l("支払いの20%%までにしてください。"), "rate_points")
        if data["last_day"] is not None and data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "last_day")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewPoints:
        own = ("association_percent", "shop_percent", "funder", "funder_percent")
        return NewPoints(**{name: value for name, value in data.items() if name not in own}, shares=shares_of(data))


class CampaignSchema(SharesSchema):
    """A whole campaign. `times`: 2, 3 or 1.5 as people say it; shops only where some were chosen."""

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    times = fields.String(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    days = fields.List(fields.Integer(validate=validate.Range(0, 6)), load_default=list)
    where = fields.String(load_default="all", validate=validate.OneOf(WHERE))
    trades = fields.List(Line(40), load_default=list)
    shops = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    budget = Count(required=True, validate=validate.Range(1, 100_000_000, error=_l("1ポイント以上にしてください。")))

    @validates_schema(skip_on_field_errors=True)
    def fit_together(self, data: dict[str, Any], **_: Any) -> None:
        if _extra(data["times"]) is None:
            raise ValidationError(_l("1.1倍から20倍までを、2 や 1.5 のように入れてください。"), "times")
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "last_day")
        must_name_shops(data)
        if data["shop_percent"]:
            raise ValidationError(_l("上乗せの分は、お店は負担できません。"), "shop_percent")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewCampaign:
        return NewCampaign(
            **{name: data[name] for name in ("name", "name_en", "first_day", "last_day", "budget")},
            extra=_extra(data["times"]) or 0,
            weekdays=sum(1 << each for each in set(data["days"])) or WHOLE_WEEK,
            **shops_chosen(data),
            shares=shares_of(data),
        )


class EventSchema(SharesSchema):
    """A whole event or survey. `choices`: the answers, one a line."""

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    points = Count(required=True, validate=validate.Range(1, 10_000, error=_l("1ポイントから10,000ポイントまでにしてください。")))
    most = Count(required=True, validate=validate.Range(1, 100_000, error=_l("1人から100,000人までにしてください。")))
    first_day = Day(required=True)
    last_day = Day(required=True)
    question = Line(120, optional=True)
    choices = Line(400, optional=True)

    @validates_schema(skip_on_field_errors=True)
    def fit_together(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日か、それより後の日にしてください。"), "last_day")
        if data["shop_percent"]:
            raise ValidationError(_l("参加ポイントは、お店は負担できません。"), "shop_percent")
        lines = lines_of(data["choices"])
        are_well = not lines or (2 <= len(set(lines)) == len(lines) <= CHOICES_MAX and all(len(one) <= CHOICE_LENGTH for one in lines))
        if bool(data["question"]) != bool(lines) or not are_well:
            raise ValidationError(_l("質問と、2つから8つの違う答えを、1行に1つずつ入れてください（1つ40文字まで）。"), "choices")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewEvent:
        same = ("name", "name_en", "points", "most", "first_day", "last_day", "question")
        return NewEvent(**{name: data[name] for name in same}, choices=lines_of(data["choices"]), shares=shares_of(data))


def lines_of(text: str) -> tuple[str, ...]:
    """What stands on each line that is not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _extra(times: str) -> int | None:
    """`times` as per cent on top: 1.5 as 50. None for what is no such number."""
    found = TIMES.fullmatch(unicodedata.normalize("NFKC", times).strip().removesuffix("倍"))
    extra = 0 if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) - 100
    return extra if EXTRA_MIN <= extra <= EXTRA_MAX else None


class ProposePointsSchema(Schema):
    """The press itself, beside the programme's own fields."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)
    note = Line(200, optional=True)


class PointBudgetSchema(Schema):
    """What a programme may give in a month from now on."""

    class Meta:
        unknown = EXCLUDE

    monthly = Count(required=True, validate=validate.Range(1, 100_000_000, error=_l("1ポイント以上にしてください。")))
    note = Line(200, optional=True)


class LeaveSkippedSchema(Schema):
    """Why points that the book refused are not given."""

    class Meta:
        unknown = EXCLUDE

    note = Line(200)
