"""The border of the shop's pages: what a tablet or the owner's page may say."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from merchant.commands import Alarm, Ask, Cosigned, Refund, Seen, Split
from web.fields import Key, Scanned, Yen

ID_MAX = 2**63 - 1
CASH_MAX = 10_000_000
"""What is noted of cash beside a payment: beyond it somebody has mistyped."""
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2120, 1, 1)


PIN_IS_THERE = validate.Length(min=1, max=16, error=_l("暗証番号を入れてください。"))


class AskSchema(Schema):
    """The keypad: an amount to be asked for."""

    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    key = Key(required=True, metadata={"description": "idempotency key, made once for each intention to ask"})

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Ask:
        return Ask(**data)


class KeypadSchema(Schema):
    """The keypad's form. `rate`: percent, where the till writes receipts; `again`: a request whose bill is asked for once more."""

    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    key = Key(required=True)
    rate = fields.Integer(load_default=None, validate=validate.OneOf([10, 8, 0]))
    again = fields.UUID(load_default=None)

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if value != "" or name in ("amount", "key")}


class PracticeSchema(Schema):
    """An amount of the practice, and what the phones after this one are to pay of a shared bill: it goes nowhere."""

    class Meta:
        unknown = EXCLUDE

    amount = Yen(required=True, validate=validate.Range(1, CASH_MAX, error=_l("金額は1円からです。")))
    then = fields.String(load_default="", validate=validate.Regexp(r"^(?:[1-9][0-9]{0,8}(?:,[1-9][0-9]{0,8}){0,18})?\Z"))


class SplitSchema(Schema):
    """The cashier's yes to what a customer offers: `coin` in coin, the rest of the bill in cash."""

    request_id = fields.UUID(required=True)
    coin = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Split:
        return Split(**data)


class PairSchema(Schema):
    """A new tablet: the code from the owner's page."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=40))


class StandSchema(Schema):
    """Who stands at the tablet now."""

    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)


class StandAloneSchema(StandSchema):
    """The same where an owner works alone without a PIN."""

    pin = fields.String(load_default="", validate=validate.Length(max=16), load_only=True)


NOTE = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f]*")
NOTE_MAX_BYTES = 4096
ROOT = re.compile(r"[A-Za-z0-9+/]{43}=\Z")
"""32 bytes in base64: a root, a public key."""
SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==\Z")


def _is_short_note(text: str) -> None:
    if NOTE.fullmatch(text) is None or len(text.encode()) > NOTE_MAX_BYTES:
        raise ValidationError(_l("端末の知らせを読み取れません。"))


def size_of(text: str | None) -> int | None:
    """How many leaves of the sealed log a tablet says that it saw; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


class SeenSchema(Schema):
    """What a tablet verified of the sealed log. `root`: base64, as the checkpoint has it. `key`, `time`, `signature`: its co-signature,
    where its browser can make one."""

    size = fields.Integer(required=True, validate=validate.Range(1, 10**15))
    root = fields.String(required=True, validate=validate.Regexp(ROOT))
    key = fields.String(validate=validate.Regexp(ROOT))
    time = fields.Integer(validate=validate.Range(1, 10**11))
    signature = fields.String(validate=validate.Regexp(SIGNATURE))

    @validates_schema(skip_on_field_errors=True)
    def is_whole(self, sent: dict[str, Any], **_: Any) -> None:
        """All three of a co-signature, or none."""
        if len({"key", "time", "signature"} & sent.keys()) not in (0, 3):
            raise ValidationError(_l("端末の知らせを読み取れません。"))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Seen:
        own = Cosigned(b64decode(data["key"]), data["time"], b64decode(data["signature"])) if "key" in data else None
        return Seen(data["size"], b64decode(data["root"]), own)


class AlarmSchema(Schema):
    """What a tablet was shown and cannot follow: the script's word for it, and the two signed notes."""

    reason = fields.String(required=True, validate=validate.Regexp(r"[a-z_]{1,40}\Z"))
    before = fields.String(load_default="", validate=_is_short_note)
    shown = fields.String(required=True, validate=_is_short_note)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Alarm:
        return Alarm(**data)


class RefundSchema(Schema):
    """A refund, confirmed by the PIN of whoever answers for it."""

    transaction_id = fields.Integer(required=True)
    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    reason = fields.String(load_default="", validate=validate.Length(max=80))
    cash = Yen(load_default=0, validate=validate.Range(0, CASH_MAX))
    key = Key(required=True)
    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Refund:
        return Refund(**data)


class RefundPlanSchema(Schema):
    """What the first of the two refund pages hands to the second."""

    class Meta:
        unknown = EXCLUDE

    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    cash = Yen(load_default=0, validate=validate.Range(0, CASH_MAX))
    reason = fields.String(load_default="", validate=validate.Length(max=80))


class ScanSchema(Schema):
    """A customer's code or card, read by camera or hand scanner or typed. `pin`: a card's, once it was asked for."""

    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    code = fields.String(
        required=True, validate=validate.Length(min=1, max=80), error_messages={"required": _l("お客様のコードを読み取ってください。")}
    )
    pin = fields.String(validate=validate.Length(max=16), load_only=True)
    key = Key(required=True)
    cash = Yen(load_default=0, validate=validate.Range(0, CASH_MAX))
    request_id = fields.UUID(load_default=None)
    rate = fields.Integer(load_default=None, validate=validate.OneOf([10, 8, 0]))

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if value != "" or name not in ("pin", "request_id", "rate")}


class ScanPageSchema(Schema):
    """What the scan page was opened for: a request with its bill, or an amount from the keypad at a rate."""

    class Meta:
        unknown = EXCLUDE

    request = fields.UUID(load_default=None)
    rate = fields.Integer(load_default=None, validate=validate.OneOf([10, 8, 0]))


class SellCodeSchema(Schema):
    """コインを売る, first step: how much, and what was read from the customer's phone."""

    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    series_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX))
    code = fields.String(
        required=True, validate=validate.Length(min=1, max=80), error_messages={"required": _l("お客様のコードを読み取ってください。")}
    )


class SellPlanSchema(Schema):
    """What the first of the two pages hands to the second. `to`: the signed choice of the customer."""

    class Meta:
        unknown = EXCLUDE

    to = fields.String(load_default="", validate=validate.Length(max=300))
    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    series_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX))


class SellSchema(Schema):
    """コインを渡す, confirmed by the PIN of whoever answers for the cash."""

    to = fields.String(required=True, validate=validate.Length(1, 300))
    amount = Yen(required=True, validate=validate.Range(min=1, error=_l("金額は1円からです。")))
    series_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX))
    key = Key(required=True)
    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)
    received = Yen(load_default=None)  # the cash handed over

    @pre_load
    def exactly(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An empty field: the cash was exactly the amount."""
        return {name: value for name, value in sent.items() if name != "received" or str(value).strip()}

    @validates_schema(skip_on_field_errors=True)
    def is_enough(self, sent: dict[str, Any], **_: Any) -> None:
        if sent["received"] is not None and sent["received"] < sent["amount"]:
            raise ValidationError(_l("お預かりが売る額より少なくなっています。"), "received")


class UndoSaleSchema(Schema):
    """A sale of coin is taken back, confirmed by a PIN."""

    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を書いてください（80文字まで）。")))
    key = Key(required=True)
    staff_id = fields.Integer(required=True, validate=validate.Range(1, ID_MAX), error_messages={"required": _l("担当を選んでください。")})
    pin = fields.String(required=True, validate=PIN_IS_THERE, load_only=True)


class SettleSchema(Schema):
    """The key of an intention whose answer was lost."""

    key = Key(required=True)


class AmountSchema(Schema):
    """An amount in the address of a page."""

    class Meta:
        unknown = EXCLUDE

    amount = Yen(required=True, validate=validate.Range(min=1))


class TicketsPageSchema(Schema):
    """The bill that tickets stand against; none where nobody typed one."""

    class Meta:
        unknown = EXCLUDE

    amount = Yen(load_default=None, allow_none=True, validate=validate.Range(min=1))
    rate = fields.Integer(load_default=None, validate=validate.OneOf([10, 8, 0]))
    bill = fields.Boolean(load_default=False)


class TicketsSchema(Schema):
    """紙の券: what was scanned in a row. `agreed`: the customer knows that no change is given."""

    class Meta:
        unknown = EXCLUDE

    codes = Scanned(required=True, error_messages={"required": _l("券を読み取ってください。")})
    amount = Yen(load_default=None, allow_none=True, validate=validate.Range(min=1))
    agreed = fields.Boolean(load_default=False)
    key = Key(required=True)

    @pre_load
    def drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if name != "amount" or str(value).strip()}


class TicketSeenSchema(Schema):
    """One ticket that the page script asks about."""

    class Meta:
        unknown = EXCLUDE

    code = fields.String(required=True, validate=validate.Length(min=1, max=60))
