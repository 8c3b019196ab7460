"""紙の券: a lot to print, booklets to sell or to stop, a heap that the desk takes for a shop, tickets to be let go."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from association.commands import ReleaseTickets, SellBooklets, StopBooklet, TakeTickets
from association.rules.tickets import TicketName
from association.schemas.parts import Count, Line, between, without_blanks
from base.ids import squeezed
from web.fields import Key, Scanned, Yen


class NewTicketLotSchema(Schema):
    """券の束を作る."""

    class Meta:
        unknown = EXCLUDE

    booklets = Count(required=True, validate=validate.Range(1, 9_999, error=_l("1冊から9,999冊までにしてください。")))
    face = Yen(required=True, validate=between(1, 300_000))
    key = Key(required=True)


class BookletSchema(Schema):
    """Which booklet: the first two parts of a ticket's number, with or without the third."""

    class Meta:
        unknown = EXCLUDE

    booklet = fields.String(required=True, validate=validate.Length(max=40))
    reason = Line(80, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> StopBooklet:
        parts = [part for part in data["booklet"].replace("－", "-").replace("ー", "-").split("-") if part.strip()]
        digits = [squeezed(part) for part in parts]
        if len(digits) not in (2, 3) or not all(each.isascii() and each.isdigit() and len(each) <= 6 for each in digits):
            raise ValidationError(_l("券の番号を 12-0345 のように入れてください。"), "booklet")
        return StopBooklet(int(digits[0]), int(digits[1]), data["reason"] or "")


class SellBookletsSchema(Schema):
    """Booklets over the counter. `to`: the customer that was chosen before, where one was; `received` empty: exactly the price."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(load_default="", validate=validate.Length(max=400))
    codes = Scanned(required=True)
    received = Yen(load_default=None)
    key = Key(required=True)

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("received",))

    @staticmethod
    def order(data: dict[str, Any], person_id: int | None) -> SellBooklets:
        """The command, once the page has said who buys."""
        return SellBooklets(data["codes"], person_id, data["received"], data["key"])


class HeapSchema(Schema):
    """Tickets that the desk takes in a shop's name."""

    class Meta:
        unknown = EXCLUDE

    shop = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    codes = Scanned(required=True)
    key = Key(required=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> tuple[int, TakeTickets]:
        return data["shop"], TakeTickets(data["codes"], data["key"])


class HeapPageSchema(Schema):
    """Which shop was chosen."""

    class Meta:
        unknown = EXCLUDE

    shop = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("shop",))


class TicketPageSchema(Schema):
    """Whose purchase it is, where somebody was chosen."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(load_default="", validate=validate.Length(max=400))


class SeenCodeSchema(Schema):
    """One code that a page script asks about. `shop`: at the desk, for whom."""

    class Meta:
        unknown = EXCLUDE

    code = fields.String(required=True, validate=validate.Length(min=1, max=60))
    shop = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("shop",))


class ReleaseTicketsSchema(Schema):
    """Which tickets of a payment, by their numbers."""

    class Meta:
        unknown = EXCLUDE

    tickets = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9]{1,6}-[0-9]{4}-[0-9]{2}\Z")),
        required=True,
        validate=validate.Length(min=1, error=_l("券を選んでください。")),
        error_messages={"required": _l("券を選んでください。")},
    )
    reason = Line(80)
    key = Key(required=True)

    def order(self, data: dict[str, Any], transaction_id: int) -> ReleaseTickets:
        """The command for one payment."""
        names = tuple(TicketName(*(int(part) for part in serial.split("-"))) for serial in data["tickets"])
        return ReleaseTickets(transaction_id, names, data["reason"], data["key"])
