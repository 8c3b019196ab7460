"""The border of a tablet's log: what an entry may say. A text that says anything else is an entry that cannot be read, not an error of
the whole: what stands before it is good."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from merchant.commands import OfflineSale, Told
from merchant.rules.device_log import FORM, RECEIPT, NotCanonical, read
from merchant.rules.later import CHARACTERS_MAX
from merchant.rules.slip import FORM as RECEIPT_FORM
from merchant.rules.slip import hangs_together
from merchant.schemas.counter import ID_MAX
from merchant.schemas.register import LINES_MAX, PRICE_MAX, QTY_MAX
from web.fields import Key

YEN_MAX = 999_999_999
UNKEPT = re.compile("[\0\ud800-\udfff]")
"""Signs that no database keeps as text."""
ENTRIES_MAX, SAID_MAX = 50, 60_000
STAMPED = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class Stamp(fields.Field[str]):
    """A moment in UTC to the second, in the one form that a receipt has."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            if isinstance(value, str) and STAMPED.fullmatch(value) and datetime.fromisoformat(value):
                return value
        except ValueError:
            pass  # a day or an hour that no calendar has
        raise ValidationError("no moment")


class Exact(fields.Raw):
    """A value of just this type: true is no 1 here, since what was sent is kept as it was sent."""

    def __init__(self, kind: type, **more: Any) -> None:
        super().__init__(required=True, **more)
        self._kind = kind

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is not self._kind:
            raise ValidationError("another type")
        return value


def _int(low: int, high: int, **more: Any) -> Exact:
    return Exact(int, validate=validate.Range(low, high), **more)


def _words(most: int, **more: Any) -> fields.String:
    return fields.String(required=True, validate=validate.Length(max=most), **more)


def _only(*values: Any, **more: Any) -> fields.Raw:
    return fields.Raw(required=True, validate=validate.OneOf(values), **more)


def _yen() -> Exact:
    return _int(0, YEN_MAX)


class ShopWordsSchema(Schema):
    """Whose receipt it is, as it was printed."""

    name = _words(60)
    name_en = _words(80)
    address = _words(200)
    phone = _words(30)
    number = _words(6)
    registration = _words(14, allow_none=True)


class TillWordsSchema(Schema):
    """Which till, as it was printed."""

    id = _int(1, ID_MAX)
    name = _words(40)


class DiscountSchema(Schema):
    """One discount in yen, and what of it each rate bears."""

    line = _int(0, LINES_MAX, allow_none=True)
    amount = _int(1, YEN_MAX)
    percent = _int(1, 100, allow_none=True)
    shares = fields.List(fields.List(_yen(), validate=validate.Length(equal=2)), required=True, validate=validate.Length(1, 3))


class PaidSchema(Schema):
    """Cash, and nothing else without a network."""

    kind = _only("cash")
    amount = _int(1, YEN_MAX)
    name = _only("現金")
    name_en = _only("Cash")
    number = _only(None, allow_none=True)


class PrintedSchema(Schema):
    """A receipt (rules/slip.py). It may be wrong in its sums, which are counted again, but not within itself."""

    form = _only(RECEIPT_FORM)
    kind = _only("sale")
    shop = fields.Nested(ShopWordsSchema, required=True)
    till = fields.Nested(TillWordsSchema, required=True)
    serial = _int(1, 2**53 - 1)
    number = _words(40)
    staff = _words(40, allow_none=True)
    at = Stamp(required=True)
    of = _only(None, allow_none=True)
    lines = fields.List(fields.Raw(), required=True, validate=validate.Length(1, LINES_MAX))
    offs = fields.List(fields.List(_int(0, YEN_MAX, allow_none=True), validate=validate.Length(equal=3)), required=True)
    eat_in = Exact(bool)
    mode = _only("inclusive", "exclusive")
    rounding = _only("floor", "half_up", "ceil")
    amounts = fields.List(_yen(), required=True)
    discounts = fields.List(fields.Nested(DiscountSchema), required=True)
    by_rate = fields.List(fields.List(_yen(), validate=validate.Length(equal=4)), required=True, validate=validate.Length(1, 3))
    total = _int(1, YEN_MAX)
    tax = _yen()
    paid = fields.List(fields.Nested(PaidSchema), required=True, validate=validate.Length(equal=1))
    received = _yen()
    change = _yen()
    stamp = Exact(bool)

    @validates_schema
    def adds_up(self, said: dict[str, Any], **_: Any) -> None:
        """What is printed agrees with itself: the rates make the total, the cash is the total, the change is what came back."""
        sums = [sum(row[place] for row in said["by_rate"]) for place in (1, 2)]
        change = said["received"] - said["total"]
        whole = sums == [said["total"], said["tax"]] and said["paid"][0]["amount"] == said["total"] and change == said["change"]
        if not whole or len(said["offs"]) > LINES_MAX or not all(map(_is_line, said["lines"])) or not hangs_together(said):
            raise ValidationError("does not add up")


class BodySchema(Schema):
    """The press, who stood there, and the receipt. `device_at`: the tablet's own clock, uncorrected."""

    key = Key(required=True)
    staff_id = _int(1, ID_MAX, allow_none=True)
    device_at = Stamp(required=True)
    content = fields.Nested(PrintedSchema, required=True)


class EntrySchema(Schema):
    """One entry (rules/device_log.py)."""

    v = _only(FORM)
    till = _int(1, ID_MAX)
    log = _int(1, 1_000_000)
    seq = _int(1, 999_999_999)
    before = fields.String(required=True, validate=validate.Regexp(r"^([0-9a-f]{64})?$"))
    kind = _only(RECEIPT)
    body = fields.Nested(BodySchema, required=True)


class OpenLogSchema(Schema):
    """The secret that the tablet made for its log."""

    secret = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$"))


class EntriesSchema(OpenLogSchema):
    """A piece of the log, in order, and the number of the last entry that the tablet has."""

    last = fields.Integer(required=True, validate=validate.Range(0, 999_999_999))
    entries = fields.List(
        fields.String(validate=validate.Length(2, SAID_MAX)), load_default=list, validate=validate.Length(max=ENTRIES_MAX)
    )


class LaterSchema(Schema):
    """What a tablet asked phones for without the network (rules/later.py)."""

    tokens = fields.List(
        fields.String(validate=validate.Length(max=CHARACTERS_MAX)), load_default=list, validate=validate.Length(1, ENTRIES_MAX)
    )


class GiveUpSchema(Schema):
    """Why the owner gives up what has not arrived."""

    reason = fields.String(required=True, validate=validate.Length(1, 80))


class TwinSchema(Schema):
    """Which of two receipts of one press were sales."""

    stands = fields.String(required=True, validate=validate.OneOf(["online", "offline", "both"]))


def told(said: str) -> Told:
    """An entry as the door takes it. One that cannot be read has no sale."""
    try:
        text = read(said)
        entry = EntrySchema().load(text)
    except (NotCanonical, ValidationError):
        return Told(UNKEPT.sub("\ufffd", said))
    sale = OfflineSale(entry["body"]["key"], entry["body"]["staff_id"], text["body"]["content"])
    return Told(said, entry["till"], entry["log"], entry["seq"], entry["before"], sale)


def _is_line(line: Any) -> bool:
    """[name, qty, unit price, rate, article or null], as rules/bill.py keeps it."""
    if not isinstance(line, list) or len(line) != 5:
        return False
    name, qty, price, rate, article = line
    whole = all(type(each) is int for each in (qty, price, rate, 0 if article is None else article))
    return (
        isinstance(name, str) and 1 <= len(name) <= 60 and whole and 1 <= qty <= QTY_MAX and 0 <= price <= PRICE_MAX and rate in (10, 8, 0)
    )
