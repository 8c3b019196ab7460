"""The counter: whose code was read, cash against coin, and taking a top-up back."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from association.schemas.parts import Line, at_least, between, without_blanks
from web.fields import Key, Yen


class CodeSchema(Schema):
    """What was read from the customer's phone or card, or the digits below its code."""

    code = Line(64)


class CounterSchema(Schema):
    """The counter's form before it is pressed: all of it may still be empty."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(load_default="", validate=validate.Length(max=300))
    given = fields.String(load_default="")
    series_id = fields.Integer(load_default=None)
    amount = Yen(load_default=None)
    received = Yen(load_default=None)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("series_id", "amount", "received"))


class TopUpSchema(Schema):
    """Cash against coin. `to`: the signed selection of the customer."""

    to = fields.String(required=True, validate=validate.Length(1, 300))
    series_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    amount = Yen(required=True, validate=at_least(1))
    received = Yen(load_default=None, validate=between(1, 10_000_000))
    key = Key(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        """The form has a field for the second person as well, which means nothing to a plain top-up."""
        return without_blanks({name: data[name] for name in data if name != "note" or name in self.fields}, ("received",))


class UndoSchema(Schema):
    """Why a top-up is taken back."""

    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を書いてください（80文字まで）。")))
    key = Key(required=True)


class LargeTopUpSchema(TopUpSchema):
    """A top-up for which a second person is asked, and why."""

    note = Line(200, optional=True)
