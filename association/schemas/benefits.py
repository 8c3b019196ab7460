"""給付: what is given and who pays; whose part goes back; the funder's money."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from association.commands import NewBenefit
from association.schemas.parts import ASCII, Line, at_least, without_blanks
from web.csvfile import FORMULA_SIGNS
from web.fields import Key, Yen


class BenefitSchema(Schema):
    """A benefit beside its file."""

    name = Line(40)
    name_en = Line(40, optional=True, validate=[validate.Regexp(rf"({ASCII.pattern})?\Z", error=_l("半角の英字で入れてください。"))])
    series_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    paid_from = fields.String(required=True, validate=validate.OneOf(["funder", "bank", "safe", "promotion"]))
    funder = Line(40, optional=True)
    note = Line(200, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewBenefit:
        if data["paid_from"] == "funder" and not data["funder"]:
            raise ValidationError(_l("だれが負担するかを入れてください。"), "funder")
        if data["funder"].startswith(FORMULA_SIGNS):
            raise ValidationError(_l("使えない文字があります。"), "funder")
        return NewBenefit(**data)


class BenefitPageSchema(Schema):
    """Which lines of a list are shown."""

    class Meta:
        unknown = EXCLUDE

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**31))
    refused = fields.Boolean(load_default=False)
    person = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("after", "person"))


class ReturnBenefitSchema(Schema):
    """Whose part goes back, by its place, and why."""

    place = fields.Integer(required=True, validate=validate.Range(1, 2**31))
    reason = Line(200)
    key = Key(required=True)


class BenefitPaidSchema(Schema):
    """A funder's money that has arrived."""

    amount = Yen(required=True, validate=at_least(1))
    into = fields.String(required=True, validate=validate.OneOf(("bank", "safe")))
    key = Key(required=True)
