"""Figures of a year as a form sends them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, post_load, pre_load, validate

from subsidy.commands import NewFigures
from subsidy.rules.outlook import BASE
from web.fields import Yen

YEN_MAX = 10**12
HOURS_MAX, STAFF_MAX = 8_784, 100_000


def _yen(**options: Any) -> Yen:
    return Yen(validate=validate.Range(0, YEN_MAX, error=_l("金額は0円から1兆円までにしてください。")), **options)


class FiguresSchema(Schema):
    """A year of one member. Zero hours pass here: the door asks why."""

    year = fields.Integer(required=True, validate=validate.Range(BASE, 2))
    sales = _yen(required=True)
    cost = _yen(required=True)
    employees = Yen(required=True, validate=validate.Range(0, STAFF_MAX, error=_l("従業員数は0人から100,000人までにしてください。")))
    hours_per_employee = Yen(
        required=True, validate=validate.Range(0, HOURS_MAX, error=_l("1人あたりの年間の労働時間は、0から8,784までにしてください。"))
    )
    local_sales = _yen(load_default=None, allow_none=True)
    closed_because = fields.String(load_default="", validate=validate.Length(max=200, error=_l("200文字までにしてください。")))
    takes_over = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    is_scan = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    revision = fields.Integer(load_default=0, validate=validate.Range(0, 10**6))

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if name != "local_sales" or str(value).strip()}

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        revision = data.pop("revision")
        return {"new": NewFigures(**data), "revision": revision}
