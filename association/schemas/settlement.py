"""換金: its terms, a run, the day of the transfer, and what waits in suspense."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import NewCycle, NewTerms
from association.rules.settlement import FEE_BP_MAX
from association.schemas.parts import Day, Line, between, without_blanks
from merchant.queries import Scheme
from web.fields import Key, Yen

SCHEMES = ("unclear", "agency", "advance", "assignment", "assumption")
CLOSINGS = ("month_end", "half_month", "weekly", "daily")
PAY_AFTER = validate.Range(1, 90, error=_l("1日から90日までにしてください。"))


class SettlementTermsSchema(Schema):
    """換金の設定. The fee as a percentage with up to two decimals: 1.25."""

    closing = fields.String(required=True, validate=validate.OneOf(CLOSINGS))
    weekday = fields.Integer(load_default=0, validate=validate.Range(0, 6))
    pay_after_days = fields.Integer(required=True, validate=PAY_AFTER)
    shift = fields.String(required=True, validate=validate.OneOf(["next", "previous"]))
    fee = Line(6)
    registration_number = Line(14, optional=True)
    scheme = fields.String(load_default="unclear", validate=validate.OneOf(SCHEMES))
    no_money_receipt = fields.Boolean(load_default=False)
    cleared_by = Line(80, optional=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("weekday",))

    @validates_schema(skip_on_field_errors=True)
    def written_right(self, data: dict[str, Any], **_: Any) -> None:
        if percent_in_basis_points(data["fee"]) is None:
            raise ValidationError(_l("0から30までのパーセントを、小数第2位までで入れてください。"), "fee")
        number = unicodedata.normalize("NFKC", data["registration_number"])
        if number and not re.fullmatch(r"T[0-9]{13}", number):
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")

    @validates_schema(skip_on_field_errors=True)
    def cleared_by_somebody(self, data: dict[str, Any], **_: Any) -> None:
        if data["no_money_receipt"] and data["scheme"] == "unclear":
            raise ValidationError(_l("契約の方式を選んでください。"), "scheme")
        if data["no_money_receipt"] and not data["cleared_by"]:
            raise ValidationError(_l("確かめた税理士の名前と日付を入れてください。"), "cleared_by")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewTerms:
        return NewTerms(
            scheme=Scheme(data["scheme"], not data["no_money_receipt"], data["cleared_by"]),
            closing=data["closing"],
            weekday=data["weekday"],
            pay_after_days=data["pay_after_days"],
            shift=data["shift"],
            fee_bp=percent_in_basis_points(data["fee"]) or 0,
            registration_number=unicodedata.normalize("NFKC", data["registration_number"]) or None,
        )


def percent_in_basis_points(text: str) -> int | None:
    """ "1.25" or "１．２５%" as 125; None for anything that is not 0 to 30 with at most two decimals."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", plain)
    if found is None:
        return None
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return points if points <= FEE_BP_MAX else None


class CycleSchema(Schema):
    """A cycle beside the ordinary one. `number`: which is changed; without it, a new one."""

    number = fields.Integer(load_default=None, validate=validate.Range(2, 2**31))
    name = Line(20)
    closing = fields.String(required=True, validate=validate.OneOf(CLOSINGS))
    weekday = fields.Integer(load_default=0, validate=validate.Range(0, 6))
    pay_after_days = fields.Integer(required=True, validate=PAY_AFTER)
    minimum = Yen(load_default=1, validate=between(1, 10_000_000))
    takes = fields.String(required=True, validate=validate.OneOf(("small", "large", "given")))
    fee = Line(6, optional=True)
    fee_bearer = fields.String(load_default=None, validate=validate.OneOf(("association", "merchant")))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("number", "weekday", "minimum", "fee_bearer"))

    @validates_schema(skip_on_field_errors=True)
    def written_right(self, data: dict[str, Any], **_: Any) -> None:
        if data["fee"] and percent_in_basis_points(data["fee"]) is None:
            raise ValidationError(_l("0から30までのパーセントを、小数第2位までで入れてください。"), "fee")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> tuple[int | None, NewCycle]:
        fee = data.pop("fee")
        return data.pop("number"), NewCycle(**data, fee_bp=percent_in_basis_points(fee) if fee else None)


class WhichCycleSchema(Schema):
    """Which cycle a page shows; none: a new one."""

    class Meta:
        unknown = EXCLUDE

    number = fields.Integer(load_default=None, validate=validate.Range(2, 2**31))


class PlaceSchema(Schema):
    """The cycle that a shop is given to; empty: by its size."""

    cycle = fields.Integer(load_default=None, validate=validate.Range(1, 2**31))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("cycle",))


class RunsSchema(Schema):
    """Which runs the list shows. `before`: older than this one."""

    class Meta:
        unknown = EXCLUDE

    cycle = fields.Integer(load_default=None, validate=validate.Range(1, 2**31))
    before = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))


class ClosingSchema(Schema):
    """Which closing day of which cycle a page shows."""

    class Meta:
        unknown = EXCLUDE

    closing = Day(load_default=None)
    cycle = fields.Integer(load_default=1, validate=validate.Range(1, 2**31))


class RunSchema(Schema):
    """A run to be put forward. `shop`: the shops that are ticked, of those that were on the page (`listed`); `shown`: the yen that stood
    there as what goes to the bank."""

    closing = Day(required=True)
    cycle = fields.Integer(load_default=1, validate=validate.Range(1, 2**31))
    shop = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    listed = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    shown = fields.Integer(load_default=None)

    @post_load
    def left_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        left = frozenset(data["listed"]) - frozenset(data["shop"])
        return {"closes_on": data["closing"], "cycle": data["cycle"], "without": left, "shown": data["shown"]}


class PaidOnSchema(Schema):
    """The day on which the bank paid."""

    paid_on = Day(required=True)


class ReleaseSchema(Schema):
    """What becomes of a refund that waits in suspense."""

    to = fields.String(required=True, validate=validate.OneOf(["person", "income"], error=_l("戻し先を選んでください。")))
    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を書いてください（80文字まで）。")))
    key = Key(required=True)
