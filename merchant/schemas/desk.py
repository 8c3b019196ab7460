"""The forms of the owner's desk: the list of sales, tablets, people, webhooks, and which of their shops they look at."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from base.ids import HYPHENS, squeezed
from merchant.commands import NewStaff
from merchant.queries import SalesFilter
from merchant.schemas.counter import ID_MAX, PIN_IS_THERE
from web.fields import Key

AMOUNT = re.compile(r"[0-9]{1,15}")
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2120, 1, 1)


class ShopSchema(Schema):
    """Another of the owner's shops."""

    shop = fields.Integer(required=True, validate=validate.Range(1, ID_MAX))


class SalesSchema(Schema):
    """Which part of the list to show. `find`: an amount in yen or a payment number. `staff`: of whoever stood there; 0: nobody."""

    class Meta:
        unknown = EXCLUDE

    day = fields.Date(load_default=None, validate=validate.Range(FIRST_DAY, LAST_DAY))
    find = fields.String(load_default="", validate=validate.Length(max=20))
    before = fields.String(load_default="", validate=validate.Regexp(r"[0-9]{1,18}\.[0-9]{1,18}$"))
    staff = fields.Integer(load_default=None, validate=validate.Range(0, ID_MAX))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if value != ""}

    @post_load
    def to_filter(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        digits = re.sub(r"[,円]", "", squeezed(data["find"]))
        number = int(digits) if AMOUNT.fullmatch(digits) else (0 if data["find"] else None)  # what is no number finds nothing
        is_payment_number = re.search(f"[{HYPHENS}]", data["find"]) is not None
        position = tuple(int(part) for part in data["before"].split(".")) if data["before"] else None
        return {
            "only": SalesFilter(
                first=data["day"],
                last=data["day"],
                amount=None if is_payment_number else number,
                transaction_id=number if is_payment_number else None,
            ),
            "before": position,
            "find": data["find"],
            "staff": data["staff"],
        }


class TillNameSchema(Schema):
    """The owner names a tablet before pairing it."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=40))


class StaffSchema(Schema):
    """The owner adds somebody."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=40))
    role = fields.String(load_default="cashier", validate=validate.OneOf(["owner", "cashier"]))
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewStaff:
        return NewStaff(**data)


class PinFreeSchema(Schema):
    """Whether the owner alone stands at the tills without a PIN."""

    on = fields.Boolean(required=True)


class WebhookSchema(Schema):
    """Where payments and refunds are to be told."""

    address = fields.String(required=True, validate=validate.Length(min=1, max=300))


class AgainSchema(Schema):
    """Which event is to be told again."""

    transaction_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX))


class ReplaySchema(Schema):
    """From which day on everything is to be told again."""

    since = fields.Date(required=True, validate=validate.Range(FIRST_DAY, LAST_DAY))
    key = Key(required=True)


class PinSchema(Schema):
    """A new PIN for a member of staff."""

    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)


class SheetSchema(Schema):
    """Size of the printed code."""

    class Meta:
        unknown = EXCLUDE

    size = fields.String(load_default="a6", validate=validate.OneOf(["a6", "a4", "pack"]))
