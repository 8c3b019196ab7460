"""The border of 商品レジ: a bill as the till's script sends it, how it is paid, what the owner chooses."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from merchant.queries import RegisterChoice, Registration
from merchant.rules.bill import Bill, Off
from merchant.rules.invoice import Line
from merchant.schemas.counter import CASH_MAX, ID_MAX, PIN_IS_THERE
from web.fields import Key, Yen

LINES_MAX, QTY_MAX, PRICE_MAX = 200, 999, 9_999_999
BYTES_MAX = 60_000
SHARES_MAX = 20
WORDS = validate.Length(1, 60)
BAG_IS_CHEAP = validate.Range(0, 1_000, error=_l("レジ袋は0円から1,000円までです。"))


def _whole(low: int, high: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(low, high))


class LineSchema(Schema):
    """One line: [name, qty, unit price, rate, number of the article or null]."""

    name = fields.String(required=True, validate=WORDS)
    qty = fields.Integer(required=True, strict=True, validate=validate.Range(1, QTY_MAX))
    price = fields.Integer(required=True, strict=True, validate=validate.Range(0, PRICE_MAX))
    rate = fields.Integer(required=True, strict=True, validate=validate.OneOf([10, 8, 0]))
    article = _whole(1, ID_MAX)


class OffSchema(Schema):
    """One discount: of a line (its place) or of the whole (null), in yen or percent."""

    line = _whole(0, LINES_MAX)
    amount = _whole(1, CASH_MAX)
    percent = _whole(1, 100)


class BillSchema(Schema):
    """What is sold. How the shop counts is not the script's to say, but that these prices are with tax is: a part of a 割り勘."""

    lines = fields.List(fields.Nested(LineSchema), required=True, validate=validate.Length(1, LINES_MAX))
    offs = fields.List(fields.Nested(OffSchema), required=True, validate=validate.Length(max=LINES_MAX))
    eat_in = fields.Boolean(required=True)
    inside = fields.Boolean(load_default=False)

    @post_load
    def to_bill(self, data: dict[str, Any], **_: Any) -> Bill:
        lines = data["lines"]
        return Bill(
            tuple(Line(each["name"], each["qty"], each["price"], each["rate"]) for each in lines),
            tuple(each["article"] for each in lines),
            tuple(Off(each["line"], each["amount"], each["percent"]) for each in data["offs"]),
            data["eat_in"],
            "inclusive" if data["inside"] else "exclusive",  # as the shop counts, once that is known
            "floor",
        )


class Packed(fields.Field[Any]):
    """JSON inside a form field. `inner`: what it must be; without one any object."""

    def __init__(self, inner: type[Schema] | None = None, **more: Any) -> None:
        super().__init__(**more)
        self._packed = inner

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            sent = json.loads(value) if isinstance(value, str) and len(value.encode()) <= BYTES_MAX else None
            kept = json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as error:  # no JSON, or nested so deep, or no number or letter that the database has
            raise ValidationError(_l("お会計の内容を読み取れません。")) from error
        if not isinstance(sent, dict) or b"\\u0000" in kept:
            raise ValidationError(_l("お会計の内容を読み取れません。"))
        return sent if self._packed is None else self._packed().load(sent)


class SellBillSchema(Schema):
    """A bill and how it is paid. `received`: the cash that was handed over; `coin`: what a phone is asked for."""

    bill = Packed(BillSchema, required=True)
    total = Yen(required=True, validate=validate.Range(1, 999_999_999, error=_l("金額は1円からです。")))
    received = Yen(load_default=0, validate=validate.Range(0, 999_999_999))
    card = Yen(load_default=0, validate=validate.Range(0, 999_999_999))
    coin = Yen(load_default=0, validate=validate.Range(0, CASH_MAX))
    key = Key(required=True, metadata={"description": "idempotency key, made once for each intention to sell"})


class ShareBillSchema(SellBillSchema):
    """A bill that several phones pay: `coins`, the part of each in yen."""

    coins = fields.List(Yen(validate=validate.Range(1, CASH_MAX)), required=True, validate=validate.Length(1, SHARES_MAX))


class RestSchema(Schema):
    """How what no phone has paid is taken. `rest`: what the page showed, in yen; `received`: the cash that was handed over, none: just
    what is due."""

    rest = fields.Integer(required=True, validate=validate.Range(0, 999_999_999))
    means = fields.String(required=True, validate=validate.OneOf(["cash", "card"]))
    received = Yen(load_default=None, validate=validate.Range(0, 999_999_999))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if str(value).strip()}


class ForTicketsSchema(Schema):
    """What tickets are for, where the till writes the receipt: a bill, or an amount at a rate; and how the rest is paid."""

    class Meta:
        unknown = EXCLUDE

    bill = Packed(BillSchema, load_default=None)
    rate = fields.Integer(load_default=None, validate=validate.OneOf([10, 8, 0]))
    rest = fields.String(load_default="cash", validate=validate.OneOf(["cash", "card"]))
    received = Yen(load_default=None, validate=validate.Range(0, 999_999_999))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if str(value).strip()}


class HoldSchema(Schema):
    """A bill that waits."""

    name = fields.String(required=True, validate=validate.Length(1, 20, error=_l("名前は1文字から20文字です。")))
    total = Yen(required=True, validate=validate.Range(0, 999_999_999))
    content = Packed(required=True)
    key = Key(required=True)


class PaperSchema(Schema):
    """A paper of a receipt. 領収書 wants 宛名 and 但し書き; empty they are written by hand."""

    kind = fields.String(required=True, validate=validate.OneOf(["paper", "ryoshusho"]))
    addressee = fields.String(load_default="", validate=validate.Length(max=60))
    purpose = fields.String(load_default="", validate=validate.Length(max=60))
    key = Key(required=True)


class ReturnSchema(Schema):
    """Goods that come back: pieces line by line, and who answers for it."""

    quantities = fields.List(fields.Integer(validate=validate.Range(0, QTY_MAX)), required=True, validate=validate.Length(1, LINES_MAX))
    amounts = fields.List(Yen(validate=validate.Range(0, CASH_MAX)), load_default=list, validate=validate.Length(max=LINES_MAX))
    reason = fields.String(load_default="", validate=validate.Length(max=80))
    key = Key(required=True)
    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)


class CorrectSchema(Schema):
    """Each line as it should have been, and who answers for it."""

    names = fields.List(fields.String(validate=WORDS), required=True, validate=validate.Length(1, LINES_MAX))
    quantities = fields.List(fields.Integer(validate=validate.Range(1, QTY_MAX)), required=True, validate=validate.Length(1, LINES_MAX))
    prices = fields.List(Yen(validate=validate.Range(0, PRICE_MAX)), required=True, validate=validate.Length(1, LINES_MAX))
    rates = fields.List(fields.Integer(validate=validate.OneOf([10, 8, 0])), required=True, validate=validate.Length(1, LINES_MAX))
    key = Key(required=True)
    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)

    @validates_schema
    def lines_are_whole(self, data: dict[str, Any], **_: Any) -> None:
        if len({len(data.get(name, ())) for name in ("names", "quantities", "prices", "rates")}) != 1:
            raise ValidationError(_l("行が足りません。ページを開き直してください。"), "names")

    @post_load
    def to_lines(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        columns = (data.pop(name) for name in ("names", "quantities", "prices", "rates"))
        return data | {"lines": tuple(Line(*line) for line in zip(*columns, strict=True))}


class ReceiptsPageSchema(Schema):
    """Which day of receipts, or which receipt by the end of its number."""

    class Meta:
        unknown = EXCLUDE

    day = fields.Date(load_default=None)


class PdfSchema(Schema):
    """Which paper of a receipt is drawn; none: the shop's own copy."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(load_default=None, validate=validate.OneOf(["paper", "ryoshusho"]))
    place = fields.Integer(load_default=1, validate=validate.Range(1, 1_000))


class Day(fields.Date):
    """A day, or none where the field is empty."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs) if value else None


class RegisterSchema(Schema):
    """Who writes the receipts, and how this till counts; what is empty beside `next_day` stays as it is."""

    def __init__(self, *, today: date, **more: Any) -> None:
        """`today`: in Tokyo; what changes by itself changes later."""
        super().__init__(**more)
        self._today = today

    issues = fields.String(required=True, validate=validate.OneOf(["till", "register"]))
    tax = fields.String(required=True, validate=validate.OneOf(["inside", "outside"]))
    rounding = fields.String(required=True, validate=validate.OneOf(["floor", "half_up", "ceil"]))
    phone = fields.String(load_default="", validate=validate.Length(max=30))
    keypad_name = fields.String(required=True, validate=validate.Length(1, 30))
    keypad_rate = fields.Integer(required=True, validate=validate.OneOf([10, 8, 0]))
    bag_name = fields.String(required=True, validate=validate.Length(1, 30))
    rereads = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})
    code_till = fields.Integer(load_default=0, validate=validate.Range(0, ID_MAX))
    bag_price = Yen(required=True, validate=BAG_IS_CHEAP)
    next_day = Day(load_default=None)
    next_keypad_rate = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf([10, 8, 0]))
    next_bag_price = Yen(load_default=None, allow_none=True, validate=BAG_IS_CHEAP)

    registered = fields.List(fields.Integer(validate=validate.Range(1, ID_MAX)), load_default=list, validate=validate.Length(max=20))
    registered_from = fields.List(Day(), load_default=list, validate=validate.Length(max=20))
    registered_until = fields.List(Day(), load_default=list, validate=validate.Length(max=20))

    @validates_schema(skip_on_field_errors=True)
    def registration_ends_after_it_began(self, data: dict[str, Any], **_: Any) -> None:
        firsts, lasts = data["registered_from"], data["registered_until"]
        if not len(data["registered"]) == len(firsts) == len(lasts):
            raise ValidationError(_l("お会計の内容を読み取れません。"), "registered_until")
        if any(first and last and last < first for first, last in zip(firsts, lasts, strict=True)):
            raise ValidationError(_l("終わりの日は、はじまりの日より後にしてください。"), "registered_until")

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        """An empty field beside the day is none."""
        return {name: value for name, value in dict(data).items() if value != "" or not name.startswith("next_")}

    @validates_schema(skip_on_field_errors=True)
    def changes_later(self, data: dict[str, Any], **_: Any) -> None:
        """As with an article: a day wants something that changes, and what changes wants its day, which has not begun."""
        nothing = (data["next_keypad_rate"], data["next_bag_price"]) == (None, None)
        if data["next_day"] is None and not nothing:
            raise ValidationError(_l("いつから変わるのか、日付を入れてください。"), "next_day")
        if data["next_day"] is not None and data["next_day"] <= self._today:
            raise ValidationError(_l("明日からの日付を入れてください。今日から変えるときは、いまの値段を直します。"), "next_day")
        if data["next_day"] is not None and nothing:
            raise ValidationError(_l("その日から変わる値段か税率を入れてください。"), "next_day")

    @post_load
    def to_choice(self, data: dict[str, Any], **_: Any) -> tuple[bool, bool, RegisterChoice, list[Registration]]:
        issues, rereads = data.pop("issues") == "till", data.pop("rereads")
        data["code_till"] = data["code_till"] or None
        days = zip(*(data.pop(name) for name in ("registered", "registered_from", "registered_until")), strict=True)
        registrations = [Registration(place, "", first, last) for place, first, last in days]
        return issues, rereads, RegisterChoice(tax_inside=data.pop("tax") == "inside", **data), registrations


class FloatSchema(Schema):
    """釣銭準備金."""

    amount = Yen(required=True, validate=validate.Range(0, CASH_MAX))
    key = Key(required=True)


class MoveSchema(Schema):
    """Cash into the drawer, or out of it."""

    kind = fields.String(required=True, validate=validate.OneOf(["in", "out"]))
    amount = Yen(required=True, validate=validate.Range(1, CASH_MAX, error=_l("金額は1円からです。")))
    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を入れてください。")))
    key = Key(required=True)


class CloseDaySchema(Schema):
    """How many of each note and coin lie in the drawer: `pieces`, from 10,000 down to 1."""

    class Meta:
        unknown = EXCLUDE

    pieces = fields.List(Yen(validate=validate.Range(0, 99_999)), required=True, validate=validate.Length(equal=10))
    seen_serial = fields.Integer(required=True, validate=validate.Range(0, ID_MAX))
    seen_entry = fields.Integer(load_default=0, validate=validate.Range(0, ID_MAX))
    unsent = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000))
    reason = fields.String(load_default="", validate=validate.Length(max=80))
    key = Key(required=True)
