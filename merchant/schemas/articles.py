"""品目 as a form: what it costs now, and from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from base.ids import squeezed
from merchant.queries.articles import ArticleFacts, Coming
from merchant.rules.barcode import jan
from merchant.rules.invoice import REDUCED
from web.fields import Key, Yen

PRICE_MAX = 9_999_999
PLACE_MAX = 1_000_000
COMING = ("day", "price", "rate", "eat_in_price")
"""What a form and a list say of it, after `next_`."""


def _price(**more: Any) -> Yen:
    return Yen(validate=validate.Range(0, PRICE_MAX, error=_l("金額は0円から9,999,999円までです。")), **more)


def _rate(**more: Any) -> fields.Integer:
    return fields.Integer(validate=validate.OneOf([10, 8, 0], error=_l("税率は 10%、8%、0% のどれかです。")), **more)


class ArticleSchema(Schema):
    """One article. An empty price is typed at the till; an empty barcode is none; what is empty beside `next_day` stays as it is."""

    def __init__(self, *, today: date, **more: Any) -> None:
        """`today`: in Tokyo; what changes by itself changes later."""
        super().__init__(**more)
        self._today = today

    name = fields.String(required=True, validate=validate.Length(1, 60))
    reading = fields.String(load_default="", validate=validate.Length(max=80))
    category = fields.String(load_default="", validate=validate.Length(max=30))
    price = _price(load_default=None, allow_none=True)
    tax = fields.String(load_default="inside", validate=validate.OneOf(["inside", "outside"]))
    rate = _rate(required=True)
    eat_in = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})
    eat_in_price = _price(load_default=None, allow_none=True)
    barcode = fields.String(load_default=None, allow_none=True)
    place = fields.Integer(load_default=0, validate=validate.Range(0, PLACE_MAX))
    next_day = fields.Date(load_default=None, allow_none=True, error_messages={"invalid": _l("日付を確かめてください。例: 2027-04-01")})
    next_price = _price(load_default=None, allow_none=True)
    next_rate = _rate(load_default=None, allow_none=True)
    next_eat_in_price = _price(load_default=None, allow_none=True)

    @pre_load
    def plainly(self, data: Any, **_: Any) -> dict[str, Any]:
        """Empty fields are left out; words lose the blanks around them."""
        sent = {name: value.strip() if isinstance(value, str) else value for name, value in dict(data).items()}
        return {name: value for name, value in sent.items() if value not in ("", None) or name == "name"}

    @validates_schema(skip_on_field_errors=True)
    def fits_together(self, sent: dict[str, Any], **_: Any) -> None:
        """Only a reduced article has two rates, and only a price that is known has a second one."""
        if sent["eat_in"] and sent["rate"] != 8:
            raise ValidationError(_l("店内で10%になるのは、8%の品目だけです。"), "eat_in")
        if sent["eat_in_price"] is not None and (not sent["eat_in"] or sent["price"] is None):
            raise ValidationError(_l("店内の値段は、店内でも出す品目の、値段の決まったものだけに付けられます。"), "eat_in_price")

    @validates_schema(skip_on_field_errors=True)
    def changes_later(self, sent: dict[str, Any], **_: Any) -> None:
        """A day wants something that changes, and what changes wants its day, which has not begun."""
        day, price, rate, here = (sent[f"next_{name}"] for name in COMING)
        if day is None:
            if (price, rate, here) != (None, None, None):
                raise ValidationError(_l("いつから変わるのか、日付を入れてください。"), "next_day")
            return
        if day <= self._today:
            raise ValidationError(_l("明日からの日付を入れてください。今日から変えるときは、いまの値段を直します。"), "next_day")
        if (price, rate, here) == (None, None, None):
            raise ValidationError(_l("その日から変わる値段か税率を入れてください。"), "next_day")
        stays_reduced = sent["eat_in"] and rate in (None, REDUCED)
        if here is not None and (not stays_reduced or (price is None and sent["price"] is None)):
            raise ValidationError(_l("店内の値段は、店内でも出す品目の、値段の決まったものだけに付けられます。"), "next_eat_in_price")

    @post_load
    def to_facts(self, data: dict[str, Any], **_: Any) -> ArticleFacts:
        code = data.pop("barcode")
        barcode = None if code is None else jan(squeezed(code))
        if code is not None and barcode is None:
            raise ValidationError(_l("JANコードの数字を確かめてください。8桁か13桁で、最後の1桁は検算の数字です。"), "barcode")
        day, *then = (data.pop(f"next_{name}") for name in COMING)
        coming = None if day is None else Coming(day, *then)
        return ArticleFacts(tax_inside=data.pop("tax") == "inside", barcode=barcode, coming=coming, **data)


class KeySchema(Schema):
    """The key of an intention, whatever else the form holds."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


class NewArticlePageSchema(Schema):
    """The JAN that somebody read at the till, and that no article has yet."""

    class Meta:
        unknown = EXCLUDE

    barcode = fields.String(load_default="", validate=validate.Length(max=20))


class ArticlesPageSchema(Schema):
    """Which articles the owner's page shows."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(load_default="", validate=validate.Length(max=60))
    category = fields.String(load_default="", validate=validate.Length(max=30))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000))
