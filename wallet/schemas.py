"""The border: what a phone may say. An unknown field is an error."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from identity.queries import Subscription
from wallet.commands import Leave, Pay, SetLimits, ToRequest, ToShop, Wish
from wallet.queries import Search
from wallet.queries.history import KINDS
from web.api_frame import is_plain
from web.fields import Key, Yen
from web.i18n import _l, language

TOO_SMALL = _l("金額は1円からです。")
COUPONS = re.compile(r"[1-9][0-9]{0,14}(,[1-9][0-9]{0,14})?")
MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])\Z")


PAGE_ONLY = frozenset({"again"})
"""Fields that lead the page on and mean nothing to the doors."""


class Written(fields.String):
    """One line that a person wrote of themselves, one blank between words, without signs that cannot be read."""

    def __init__(self, most: int, *, optional: bool = False) -> None:
        default: dict[str, Any] = {"load_default": ""} if optional else {"required": True}
        super().__init__(validate=validate.Length(max=most), **default)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = " ".join(str(super()._deserialize(value, attr, data, **kwargs)).split())
        if not is_plain(text):
            raise ValidationError(_l("使えない文字があります。"))
        return text


class Sent(Schema):
    """A form of the wallet. An empty field is one that was not filled in."""

    @pre_load
    def drop_empty(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in sent.items() if name not in PAGE_ONLY and value != ""}


class AmountSchema(Schema):
    """How much, before a printed code's plan is shown."""

    class Meta:
        unknown = EXCLUDE  # a page's address may carry `lang` and the like

    amount = Yen(required=True, validate=validate.Range(min=1, error=TOO_SMALL))


class SeenSchema(Sent):
    """The number of the last announcement that a page showed."""

    seen_id = fields.Integer(required=True, validate=validate.Range(0, 2**53))


class Coupons(fields.Field[tuple[int, ...]]):
    """The numbers of the coupons on one bill, one or two, with a comma between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, ...]:
        if not COUPONS.fullmatch(str(value)):
            raise ValidationError(_l("クーポンの番号が正しくありません。"))
        return tuple(int(each) for each in str(value).split(","))


class PaySchema(Sent):
    """The pay button. `shown`: the plan that stood on the page; `pin`: only above one's own limit; `coupon`: empty for none;
    `without`: vouchers that the plan left out."""

    amount = Yen(required=True, validate=validate.Range(min=1, error=TOO_SMALL))
    key = Key(required=True)
    shown = fields.String(load_default=None, validate=validate.Length(max=400))
    pin = fields.String(load_default=None, validate=validate.Length(max=16))
    coupon = Coupons(load_default=None)
    without = fields.String(load_default="", validate=[validate.Length(max=400), validate.Regexp(r"[0-9,]*\Z")])
    request_id = fields.UUID()
    public_number = fields.String()

    @post_load
    def to_command(self, sent: dict[str, Any], **_: Any) -> Pay:
        sent["leave_out"] = frozenset(int(number) for number in sent.pop("without").split(",") if number)
        request_id, public_number = sent.pop("request_id", None), sent.pop("public_number", None)
        return Pay(target=ToShop(public_number) if request_id is None else ToRequest(request_id), **sent)


class RedeemSchema(Sent):
    """A top-up code as a person types it, or as its QR brought it."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=64))
    key = Key(required=True)


class ClaimSchema(Sent):
    """もらう."""

    key = Key(required=True)


class SendSchema(Sent):
    """送る. `coin`: the number of its series; `pin`: only above one's own limit."""

    coin = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    amount = Yen(required=True, validate=validate.Range(min=1, error=TOO_SMALL))
    key = Key(required=True)
    pin = fields.String(load_default=None, validate=validate.Length(max=16))


class GiftSchema(Sent):
    """A gift as it is thought of: how much, of which coin, with which words."""

    coin = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    amount = Yen(required=True, validate=validate.Range(min=1, error=TOO_SMALL))
    words = fields.String(load_default="", validate=validate.Length(max=60))


class GiveSchema(SendSchema):
    """リンクを作る."""

    words = fields.String(load_default="", validate=validate.Length(max=60))


class OfferSchema(Sent):
    """What the page showed as the part that can be paid in coin."""

    coin = Yen(required=True, validate=validate.Range(min=1, error=TOO_SMALL))


class NumberSchema(Sent):
    """A shop's public number as a person types it: six digits, half or full width."""

    number = fields.String(required=True, validate=validate.Length(max=20))


class CardPageSchema(Sent):
    """The public page: what stands on the card, and its PIN."""

    number = fields.String(required=True, validate=validate.Length(max=40))
    pin = fields.String(required=True, validate=validate.Length(max=16), load_only=True)


class AgreeSchema(Sent):
    """Agreeing to a shop's question. `pin`: only above one's own limit; `key`: by which the page asks what became of it."""

    pin = fields.String(load_default=None, validate=validate.Length(max=16))
    key = Key()


class LimitsSchema(Sent):
    """One's own limits in yen, 0 allowed."""

    ask_above = Yen(required=True)
    pin_above = Yen(required=True)
    pin = fields.String(load_default=None, validate=validate.Length(max=16))

    @post_load
    def to_command(self, sent: dict[str, Any], **_: Any) -> SetLimits:
        return SetLimits(**sent)


class PushSchema(Sent):
    """A browser's subscription as its script gives it, and whether a locked screen may show amount and title."""

    endpoint = fields.String(required=True, validate=validate.Length(1, 1000))
    p256dh = fields.String(required=True, validate=validate.Length(1, 200))
    auth = fields.String(required=True, validate=validate.Length(1, 100))
    with_details = fields.Boolean(load_default=False)

    @post_load
    def to_command(self, sent: dict[str, Any], **_: Any) -> Wish:
        return Wish(Subscription(sent["endpoint"], sent["p256dh"], sent["auth"], language()), sent["with_details"])


class LostSchema(Sent):
    """Who has lost the phone: nickname or address, and a recovery code from paper."""

    name = fields.String(required=True, validate=validate.Length(max=254))
    code = fields.String(required=True, validate=validate.Length(max=40))


class LeaveSchema(Sent):
    """退会. `gives_up`: only where coin is left; `pin`: unless a passkey was just used."""

    gives_up = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    pin = fields.String(load_default=None, validate=validate.Length(max=16))

    @post_load
    def to_command(self, sent: dict[str, Any], **_: Any) -> Leave:
        return Leave(**sent)


class SearchSchema(Sent):
    """The history's search; everything may be empty."""

    class Meta:
        unknown = EXCLUDE

    shop = fields.String(load_default="", validate=validate.Length(max=60))
    month = fields.String(load_default=None, validate=validate.Regexp(MONTH))
    kind = fields.String(load_default=None, validate=validate.OneOf(tuple(KINDS)))
    amount_min = Yen(load_default=None)
    amount_max = Yen(load_default=None)
    before = fields.Date(load_default=None)

    @post_load
    def to_search(self, sent: dict[str, Any], **_: Any) -> Search:
        return Search(**{**sent, "shop": sent["shop"].strip(), "month": month_of(sent["month"])})


def month_of(text: str | None) -> date | None:
    """`2026-11` as its first day; None for anything else."""
    found = MONTH.fullmatch(text or "")
    return date(int(found[1]), int(found[2]), 1) if found else None


def size_of(text: str | None) -> int | None:
    """How many leaves of the sealed log a phone says that it saw; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


class ApplyWithCodeSchema(Sent):
    """商品券の申し込み with a 購入引換券: nobody asks for a name."""

    units = Yen(required=True, validate=validate.Range(1, 1_000, error=_l("口数を確かめてください。")))
    code = fields.String(required=True, validate=validate.Length(min=1, max=64))


class ApplySchema(Sent):
    """商品券の申し込み with name and address."""

    units = Yen(required=True, validate=validate.Range(1, 1_000, error=_l("口数を確かめてください。")))
    name = Written(60)
    kana = Written(80, optional=True)
    postal = Written(10, optional=True)
    address = Written(200)
    phone = Written(20, optional=True)


class WithdrawSchema(Sent):
    """取り下げる: which, as the page showed it."""

    number = fields.Integer(required=True, validate=validate.Range(1, 10**9))
