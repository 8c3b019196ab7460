"""申し立て: the border of its forms."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from association.schemas.parts import Day, Line, at_least, without_blanks
from web.fields import Key, Yen

SIDE = validate.OneOf(("consumer", "shop", "association"))


class DisputeSchema(Schema):
    """A case as it is opened."""

    payment = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    raised_by = fields.String(required=True, validate=SIDE)
    reason = Line(400)
    due_on = Day(required=True)
    complaint_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))
    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("complaint_id",))


class DisputeNoteSchema(Schema):
    """What was said; ticked, both sides read it."""

    said_by = fields.String(required=True, validate=SIDE)
    words = Line(400)
    is_told = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    due_on = Day(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("due_on",))


class HoldSchema(Schema):
    """One intention."""

    key = Key(required=True)


class DisputeOutcomeSchema(Schema):
    """Who is right, how much goes back where it is a part, and why, in words for both."""

    outcome = fields.String(required=True, validate=validate.OneOf(("shop", "consumer", "partly")))
    amount = Yen(load_default=None, allow_none=True, validate=at_least(1))
    words = Line(400)
    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("amount",))
