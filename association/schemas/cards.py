"""Cards: printed, found, given, replaced, with their PINs and limits."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from association.schemas.parts import Line, at_least
from wallet.commands import CARDS_IN_A_LOT
from web.fields import Yen


class FindCardSchema(Schema):
    """A card's number or QR, the end of its number, or part of its holder's name."""

    find = Line(64)


class LotSchema(Schema):
    """How many cards are printed."""

    quantity = fields.Integer(
        required=True, validate=validate.Range(1, CARDS_IN_A_LOT, error=_l("1枚から%(most)s枚までにしてください。", most=CARDS_IN_A_LOT))
    )


class CardLimitsSchema(Schema):
    """Yen that a card pays without its PIN."""

    payment = Yen(required=True, validate=at_least(0))
    day = Yen(required=True, validate=at_least(0))

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["payment"] > data["day"]:
            raise ValidationError(_l("1日の合計までにします。"), "payment")


class NewPinSchema(Schema):
    """A card's PIN, typed twice by its holder."""

    pin = fields.String(required=True, validate=validate.Length(1, 16), load_only=True)
    again = fields.String(required=True, validate=validate.Length(1, 16), load_only=True)

    @validates_schema(skip_on_field_errors=True)
    def alike(self, data: dict[str, Any], **_: Any) -> None:
        if data["pin"] != data["again"]:
            raise ValidationError(_l("2回の暗証番号が同じではありません。"), "again")


class GiveSchema(NewPinSchema):
    """A card is given. `card`: the signed blank one, or `code` as it is read now; `to`: the signed customer with a phone."""

    card = fields.String(load_default="", validate=validate.Length(max=300))
    to = fields.String(load_default="", validate=validate.Length(max=300))
    code = Line(64, optional=True)
    nickname = Line(24, optional=True)


class GivePageSchema(Schema):
    """What the address of that page carries."""

    class Meta:
        unknown = EXCLUDE

    card = fields.String(load_default="", validate=validate.Length(max=300))
    to = fields.String(load_default="", validate=validate.Length(max=300))


class VisitSchema(Schema):
    """Who came about a card, and what was said."""

    came = fields.String(required=True, validate=validate.OneOf(["holder", "relative", "other"]))
    note = Line(80, optional=True)

    @validates_schema(skip_on_field_errors=True)
    def relation(self, data: dict[str, Any], **_: Any) -> None:
        if data["came"] != "holder" and not data["note"]:
            raise ValidationError(_l("本人とのつながりを書いてください（長女、隣の人など）。"), "note")


class ReplaceSchema(VisitSchema):
    """The new card, and who came for it."""

    code = Line(64)


class CardPinSchema(NewPinSchema):
    """A new PIN for a card. Only its holder chooses one."""


class UnblockSchema(Schema):
    """A blocked card that was read, and its PIN as the holder typed it."""

    code = Line(64)
    pin = fields.String(required=True, validate=validate.Length(1, 16), load_only=True)
