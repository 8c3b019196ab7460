"""The border of the desk: what a page of the association may say. Amounts are whole yen, days are days in Tokyo."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from association.commands import BankDeposit, CloseDrawer, NewBatch, NewCoupon, NewSeries, NewTerms, Notice, Share
from association.queries import Search
from association.rules import ITEMS
from association.rules.cash import DENOMINATIONS
from association.rules.settlement import FEE_BP_MAX
from base.ids import has_check_digit
from base.yen import grouped
from identity.commands import FreezeOrder
from ledger.queries import Law
from merchant.commands import NewShop
from wallet.commands import CARDS_IN_A_LOT
from web.api_frame import is_plain
from web.fields import Yen

YEARS = (2000, 2999)
KANA = re.compile(r"[ぁ-ゖァ-ヺー・ 　]+")
ASCII = re.compile(r"[ -~]+")


ENGLISH_MAX = 2_000


class Line(fields.String):
    """Readable text, without blanks around it; a textarea may hold several lines."""

    def __init__(self, most: int, *, optional: bool = False, **kwargs: Any) -> None:
        checks = [validate.Length(max=most), *kwargs.pop("validate", [])]
        if optional:
            kwargs["load_default"] = ""
        super().__init__(required=not optional, validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if not is_plain(text.replace("\r", "").replace("\n", "")):
            raise ValidationError(_l("使えない文字があります。"))
        if self.required and not text:
            raise self.make_error("required")
        return text


class Day(fields.Date):
    """A day in Tokyo; an empty field is None where `allow_none` says so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


def at_least(least: int) -> validate.Range:
    """A lower bound in yen; the upper one is the series' own or the law's, and stands in the book."""
    return validate.Range(least, error=_l("%(least)s円以上にしてください。", least=grouped(least)))


def between(least: int, most: int) -> validate.Range:
    """A range of yen whose sentence says it as people write it."""
    return validate.Range(least, most, error=_l("%(least)s円から%(most)s円までにしてください。", least=grouped(least), most=grouped(most)))


def without_blanks(data: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A form sends an empty text for a field that was left out: leave it out."""
    return {name: value for name, value in dict(data).items() if name not in names or str(value).strip()}


class CodeSchema(Schema):
    """What was read from the customer's phone or card, or the digits below its code."""

    code = Line(64)


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
    key = fields.UUID(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        """The form has a field for the second person as well, which means nothing to a plain top-up."""
        return without_blanks({name: data[name] for name in data if name != "note" or name in self.fields}, ("received",))


class UndoSchema(Schema):
    """Why a top-up is taken back."""

    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を書いてください（80文字まで）。")))
    key = fields.UUID(required=True)


class Pieces(Yen):
    """How many of one note or coin; nothing typed is none."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _l("枚数は数字だけで入れてください。"),
        "invalid_amount": _l("枚数は数字だけで入れてください。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_default=0, validate=validate.Range(0, 99_999, error=_l("枚数は数字だけで入れてください。")), **kwargs)


class CountSchema(Schema.from_dict({f"n{value}": Pieces() for value in DENOMINATIONS})):
    """金種: a field for each note and coin, `n10000` to `n1`, as `pieces` for the command."""

    key = fields.UUID(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, (*(f"n{value}" for value in DENOMINATIONS), "stays"))

    def taken_together(self, data: dict[str, Any]) -> dict[str, Any]:
        pieces = {value: data.pop(f"n{value}") for value in DENOMINATIONS}
        return {**data, "pieces": {value: count for value, count in pieces.items() if count}}


class CloseDrawerSchema(CountSchema):
    """What was found in a clerk's drawer, and what the page had said of it."""

    stays = Yen(load_default=0, validate=at_least(0))
    expected = fields.Integer(required=True, validate=validate.Range(0, 2**53))
    after = fields.Integer(required=True, validate=validate.Range(0, 2**53))
    reason = Line(200, optional=True)

    def __init__(self, clerk_id: int) -> None:
        super().__init__()
        self.context_clerk = clerk_id

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> CloseDrawer:
        return CloseDrawer(clerk_id=self.context_clerk, **self.taken_together(data))


class DepositSchema(CountSchema):
    """Cash on its way from the safe to the bank."""

    note = Line(80, optional=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> BankDeposit:
        return BankDeposit(**self.taken_together(data))


class CashSchema(Schema):
    """So much cash: a float for a drawer, or what an agent brings."""

    amount = Yen(required=True, validate=at_least(1))
    key = fields.UUID(required=True)


class LargeTopUpSchema(TopUpSchema):
    """A top-up for which a second person is asked, and why."""

    note = Line(200, optional=True)


class AgentSchema(Schema):
    """Terms on which a shop may sell coin."""

    daily_max = Yen(required=True, validate=between(1, 10_000_000))
    note = Line(200)


class BatchSchema(Schema):
    """A batch of top-up codes."""

    series_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    face_value = Yen(required=True, validate=at_least(1))
    pieces = fields.Integer(required=True, validate=validate.Range(1, 1_000, error=_l("1枚から1,000枚までにしてください。")))
    paid_from = fields.String(required=True, validate=validate.OneOf(["safe", "bank", "promotion"]))
    last_day = Day(required=True)
    note = Line(80)
    key = fields.UUID(required=True)

    @pre_load
    def as_digits(self, data: Any, **_: Any) -> dict[str, Any]:
        pieces = unicodedata.normalize("NFKC", str(data.get("pieces", ""))).replace(",", "").strip()
        return without_blanks({**data, "pieces": pieces}, ("series_id", "face_value", "pieces", "last_day"))

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewBatch:
        return NewBatch(**data)


class PartSchema(Schema):
    """Which file of a batch's sheets."""

    class Meta:
        unknown = EXCLUDE

    part = fields.Integer(load_default=1, validate=validate.Range(1, 1_000))


class CancelCodesSchema(Schema):
    """Which codes of a batch end: one by its number, or all that are left."""

    place = fields.Integer(load_default=None, validate=validate.Range(1, 1_000, error=_l("券の番号を確かめてください。")))
    reason = Line(200)
    key = fields.UUID(required=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("place",))


class ShopSchema(Schema):
    """A shop that is put forward."""

    name = Line(60)
    name_kana = Line(80, validate=[validate.Regexp(KANA, error=_l("かなで入れてください。"))])
    name_en = Line(80, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    trade = Line(40)
    address = Line(200)
    registration_number = Line(14, optional=True)

    @validates_schema
    def invoice_number(self, data: dict[str, Any], **_: Any) -> None:
        number = data.get("registration_number")
        if number and not re.fullmatch(r"T[0-9]{13}", number):
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewShop:
        return NewShop(**{**data, "registration_number": data["registration_number"] or None})


class ReasonSchema(Schema):
    """Why, in words that stay on record."""

    reason = Line(200)


class FreezeSchema(Schema):
    """Who asked to stop a balance, and why."""

    asked_by = fields.String(
        required=True, validate=validate.OneOf(["self", "family", "police", "association"], error=_l("この中から選んでください。"))
    )
    reason = Line(200)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> FreezeOrder:
        return FreezeOrder(**data)


class ClosePersonSchema(Schema):
    """An administrator sees somebody off. `asked`: that they asked for it themselves; `gives_up`: where coin is left."""

    asked = fields.Boolean(required=True, truthy={"on"}, falsy={""}, error_messages={"required": _l("本人の申し出を確かめてください。")})
    gives_up = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})


class LogSchema(Schema):
    """What somebody looks for in the access log."""

    class Meta:
        unknown = EXCLUDE

    first = Day(load_default=None)
    last = Day(load_default=None)
    command = fields.String(load_default="", validate=validate.Length(max=60))
    about = fields.String(load_default="", validate=validate.Length(max=60))
    person = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    refused = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    before = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("first", "last", "person", "refused", "before"))


class NoticeSchema(Schema):
    """資金決済法に基づく表示: payment-law 21 and 22."""

    issuer_name = Line(100)
    public_body = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    registration_number = Line(60, optional=True)
    registered_on = Day(load_default=None, allow_none=True)
    address = Line(200)
    contact = Line(300)
    places = Line(500)
    cautions = Line(1000)
    terms = Line(500)
    security = Line(500, optional=True)  # a series that needs them is not opened without
    loss_policy = Line(1000, optional=True)
    english = fields.Dict(load_default=dict)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        """The English of a field is sent as `<field>_en`; an empty one is no English."""
        plain = without_blanks(data, ("registered_on",))
        english = {name: str(plain.pop(f"{name}_en", "")).strip() for name in ITEMS}
        return {**plain, "english": {name: text for name, text in english.items() if text}}

    @validates_schema
    def english_is_plain(self, data: dict[str, Any], **_: Any) -> None:
        for name, text in data.get("english", {}).items():
            if len(text) > ENGLISH_MAX or not is_plain(text.replace("\r", "").replace("\n", "")):
                raise ValidationError(_l("使えない文字があるか、長すぎます。"), f"{name}_en")

    @validates_schema
    def registration_is_whole(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("registration_number")) != bool(data.get("registered_on")):
            name = "registered_on" if data.get("registration_number") else "registration_number"
            raise ValidationError(_l("登録番号と登録日は、両方を入れてください。"), name)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> Notice:
        return Notice(**{**data, "registration_number": data["registration_number"] or None})


class SeriesSchema(Schema):
    """A coin to be made. `law`: the most that its limits may be."""

    def __init__(self, law: Law) -> None:
        super().__init__()
        self.law = law

    class Meta:
        unknown = EXCLUDE

    code = Line(32, validate=[validate.Regexp(r"^[a-z][a-z0-9_]*$", error=_l("半角の小文字で始め、小文字・数字・_ で入れてください。"))])
    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)
    balance_max = Yen(required=True, validate=at_least(1))
    payment_max = Yen(required=True, validate=at_least(1))
    ask_above = Yen(required=True, validate=at_least(0))
    pin_above = Yen(required=True, validate=at_least(0))
    new_device_max = Yen(required=True, validate=at_least(0))
    refund_cashier_max = Yen(required=True, validate=at_least(0))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("last_day",))

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] is not None and data["last_day"] < data["first_day"]:
            raise ValidationError(_l("最終日は、使い始める日以降の日にします。"), "last_day")
        for name in ("payment_max", "balance_max"):
            if data[name] > (most := getattr(self.law, name)):
                raise ValidationError(_l("法律の範囲は%(most)s円までです。", most=grouped(most)), name)
        if data["payment_max"] > data["balance_max"]:
            raise ValidationError(_l("1回の支払いの上限は、残高の上限までにします。"), "payment_max")
        for name in ("ask_above", "pin_above", "new_device_max"):
            if data[name] > data["payment_max"]:
                raise ValidationError(_l("1回の支払いの上限までにします。"), name)
        if data["ask_above"] > data["new_device_max"]:
            raise ValidationError(_l("新しい端末の1回の上限までにします。"), "ask_above")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewSeries:
        return NewSeries(**data)


class Count(Yen):
    """A whole number of something that is not yen, as a form sends it: full-width digits and separators are taken."""

    default_error_messages = {name: _l("数字だけで入れてください。") for name in ("invalid", "invalid_amount", "required", "null")}


class CouponOffSchema(Schema):
    """Step 1 of a coupon: what is off, from how much, and where. Without `only_some` it is for all shops."""

    class Meta:
        unknown = EXCLUDE

    name = Line(40)
    name_en = Line(40, validate=[validate.Regexp(ASCII, error=_l("半角の英字で入れてください。"))])
    amount_off = Yen(required=True, validate=between(1, 100_000))
    min_spend = Yen(required=True, validate=between(2, 1_000_000))
    only_some = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})
    shops = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)

    @validates_schema(skip_on_field_errors=True)
    def something_is_paid(self, data: dict[str, Any], **_: Any) -> None:
        if data["min_spend"] <= data["amount_off"]:
            raise ValidationError(_l("割引額より大きくしてください。お客様の支払いが1円以上残るようにします。"), "min_spend")
        if data["only_some"] and not data["shops"]:
            raise ValidationError(_l("使えるお店を選んでください。"), "shops")


class CouponDaysSchema(Schema):
    """Step 2: how many, how many for one person, and when."""

    class Meta:
        unknown = EXCLUDE

    pieces = Count(required=True, validate=validate.Range(1, 1_000_000, error=_l("1枚から1,000,000枚までにしてください。")))
    per_person = Count(required=True, validate=validate.Range(1, 100, error=_l("1枚から100枚までにしてください。")))
    first_day = Day(required=True)
    last_day = Day(required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_l("始める日より後の日にしてください。"), "last_day")
        if data["per_person"] > data["pieces"]:
            raise ValidationError(_l("全部の枚数までにしてください。"), "per_person")


class CouponSharesSchema(Schema):
    """Step 3: who pays which part, in percent that make 100, and in which coin the shops get it."""

    class Meta:
        unknown = EXCLUDE

    association_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    shop_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    funder_1 = Line(40, optional=True)
    funder_1_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    funder_2 = Line(40, optional=True)
    funder_2_percent = Count(load_default=0, validate=validate.Range(0, 100, error=_l("0から100までにしてください。")))
    lands_in = fields.Integer(required=True, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("association_percent", "shop_percent", "funder_1_percent", "funder_2_percent"))

    @validates_schema(skip_on_field_errors=True)
    def make_a_hundred(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("funder_1", "funder_2"):
            if bool(data[name]) != bool(data[f"{name}_percent"]):
                wrong = f"{name}_percent" if data[name] else name
                raise ValidationError(_l("負担者の名前と割合は、両方を入れてください。"), wrong)
        if data["funder_1"] and data["funder_1"] == data["funder_2"]:
            raise ValidationError(_l("同じ負担者が2度あります。"), "funder_2")
        total = sum(value for name, value in data.items() if name.endswith("_percent"))
        if total != 100:
            raise ValidationError(_l("合わせて100%%にしてください。いまは %(total)s%%です。", total=total), "association_percent")


class CouponSchema(CouponOffSchema, CouponDaysSchema, CouponSharesSchema):
    """The whole of a coupon, from what its draft has kept."""

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewCoupon:
        shares = [Share("association", data["association_percent"])]
        shares += [Share("funder", data[f"{name}_percent"], data[name]) for name in ("funder_1", "funder_2")]
        shares.append(Share("shop", data["shop_percent"]))
        names = ("name", "name_en", "amount_off", "min_spend", "first_day", "last_day", "pieces", "per_person", "lands_in")
        return NewCoupon(
            **{name: data[name] for name in names},
            shops=tuple(sorted(set(data["shops"]))) if data["only_some"] else None,
            shares=tuple(share for share in shares if share.percent),
        )


class ProposeCouponSchema(Schema):
    """The last press: why, for whoever approves."""

    note = Line(200, optional=True)
    key = fields.UUID(required=True)


class FunderPaysSchema(Schema):
    """A funder's money that has arrived."""

    amount = Yen(required=True, validate=at_least(1))
    into = fields.String(required=True, validate=validate.OneOf(("bank", "safe")))
    key = fields.UUID(required=True)


class SearchSchema(Schema):
    """What somebody looks for in the journal. A search that makes no sense finds everything: it is only a question."""

    class Meta:
        unknown = EXCLUDE

    first = Day(load_default=None)
    last = Day(load_default=None)
    kind = fields.String(load_default=None, validate=validate.Length(max=20))
    amount = Yen(load_default=None)
    number = fields.Function(deserialize=lambda text: int(re.sub(r"[^0-9]", "", str(text)) or 0), load_default=None)
    before = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("first", "last", "kind", "amount", "number", "before"))

    @post_load
    def to_search(self, data: dict[str, Any], **_: Any) -> tuple[Search, int | None]:
        before = data.pop("before")
        return Search(**data), before


class SafeSchema(Schema):
    """Where the safe's list goes on: position and number of the last line shown."""

    class Meta:
        unknown = EXCLUDE

    before = fields.String(load_default=None, validate=validate.Regexp(r"[0-9]{1,18}\.[0-9]{1,18}$"))

    @post_load
    def to_position(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        position = tuple(int(part) for part in data["before"].split(".")) if data["before"] else None
        return {"before": position}


class DaySchema(Schema):
    """Which day a page shows."""

    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None)


class MomentSchema(Schema):
    """The end of which day the trial balance shows."""

    class Meta:
        unknown = EXCLUDE

    at = Day(load_default=None)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("at",))


class WebhookSchema(Schema):
    """Where payments and refunds of the district are to be told."""

    address = fields.String(required=True, validate=validate.Length(min=1, max=300))


class AgainSchema(Schema):
    """Which event is to be told again."""

    transaction_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))


class ReplaySchema(Schema):
    """From which day on everything is to be told again."""

    since = fields.Date(required=True, validate=validate.Range(date(2020, 1, 1), date(2120, 1, 1)))
    key = fields.UUID(required=True)


class TokenSchema(Schema):
    """A token for a program. `holder`: shop:<public number>, or clerk:<person>."""

    label = Line(60)
    holder = fields.String(required=True, validate=validate.Regexp(r"^(shop|clerk):[0-9]{1,16}$", error=_l("この中から選んでください。")))
    scopes = fields.List(fields.String(), required=True, validate=validate.Length(min=1, error=_l("権限を1つ以上選んでください。")))
    last_day = Day(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("last_day",))


class RoleSchema(Schema):
    """A role for somebody who has signed up with this address."""

    email = Line(254, validate=[validate.Email()])
    role = fields.String(required=True, validate=validate.OneOf(["issuer", "approver", "auditor", "administrator", "owner"]))
    shop = Line(6, optional=True)

    @pre_load
    def as_looked_up(self, data: Any, **_: Any) -> dict[str, Any]:
        return {**data, "email": unicodedata.normalize("NFKC", str(data.get("email", ""))).strip().lower()}

    @validates_schema(skip_on_field_errors=True)
    def shop_of_owner(self, data: dict[str, Any], **_: Any) -> None:
        if (data["role"] == "owner") != bool(data["shop"]):
            raise ValidationError(_l("店主にするときは、お店を選んでください。"), "shop")
        if data["shop"] and not has_check_digit(data["shop"]):
            raise ValidationError(_l("この中から選んでください。"), "shop")


class EndRoleSchema(Schema):
    """Which role ends: a shop's role names its shop."""

    merchant_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("merchant_id",))


class SettlementTermsSchema(Schema):
    """換金の設定. The fee as a percentage with up to two decimals: 1.25."""

    closing = fields.String(required=True, validate=validate.OneOf(["month_end", "half_month", "weekly"]))
    weekday = fields.Integer(load_default=0, validate=validate.Range(0, 6))
    pay_after_days = fields.Integer(required=True, validate=validate.Range(1, 90, error=_l("1日から90日までにしてください。")))
    shift = fields.String(required=True, validate=validate.OneOf(["next", "previous"]))
    fee = Line(6)
    registration_number = Line(14, optional=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("weekday",))

    @validates_schema(skip_on_field_errors=True)
    def written_right(self, data: dict[str, Any], **_: Any) -> None:
        if percent_in_basis_points(data["fee"]) is None:
            raise ValidationError(_l("0から30までのパーセントを、小数第2位までで入れてください。"), "fee")
        number = unicodedata.normalize("NFKC", data["registration_number"])
        if number and not re.fullmatch(r"T[0-9]{13}", number):
            raise ValidationError(_l("Tと13桁の数字で入れてください。"), "registration_number")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewTerms:
        return NewTerms(
            closing=data["closing"],
            weekday=data["weekday"],
            pay_after_days=data["pay_after_days"],
            shift=data["shift"],
            fee_bp=percent_in_basis_points(data["fee"]) or 0,
            registration_number=unicodedata.normalize("NFKC", data["registration_number"]) or None,
        )


def percent_in_basis_points(text: str) -> int | None:
    """ "1.25" or "１．２５%" as 125; None for anything that is not 0 to 30 with at most two decimals."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", plain)
    if found is None:
        return None
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return points if points <= FEE_BP_MAX else None


class ClosingSchema(Schema):
    """Which closing day a page shows."""

    class Meta:
        unknown = EXCLUDE

    closing = Day(load_default=None)


class RunSchema(Schema):
    """A run to be put forward. `shop`: the shops that are ticked, of those that were on the page (`listed`)."""

    closing = Day(required=True)
    shop = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)
    listed = fields.List(fields.Integer(validate=validate.Range(1, 2**53)), load_default=list)

    @post_load
    def left_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"closes_on": data["closing"], "without": frozenset(data["listed"]) - frozenset(data["shop"])}


class PaidOnSchema(Schema):
    """The day on which the bank paid."""

    paid_on = Day(required=True)


class ReleaseSchema(Schema):
    """What becomes of a refund that waits in suspense."""

    to = fields.String(required=True, validate=validate.OneOf(["person", "income"], error=_l("戻し先を選んでください。")))
    reason = fields.String(required=True, validate=validate.Length(1, 80, error=_l("理由を書いてください（80文字まで）。")))
    key = fields.UUID(required=True)
