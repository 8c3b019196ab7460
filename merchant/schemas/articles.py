"""品目 as a form and as a list that comes back from a spreadsheet: what is new, what differs, and what is wrong, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from base.ids import squeezed
from base.row_file import NamedRow
from base.yen import grouped, parse_yen
from merchant.queries.articles import ArticleFacts, ArticleRow
from merchant.rules.barcode import jan
from web.csvfile import unguarded
from web.fields import Key, Yen
from web.forms import flat

PRICE_MAX = 9_999_999
PLACE_MAX = 1_000_000
YES = {"1", "on", "yes", "true", "はい", "○", "◯", "〇", "あり", "する"}
NO = {"", "0", "off", "no", "false", "いいえ", "×", "なし", "しない"}
RATES = {"10": 10, "8": 8, "0": 0, "10%": 10, "8%": 8, "8%※": 8, "軽減": 8, "0%": 0, "非課税": 0}


def _price(**more: Any) -> Yen:
    return Yen(validate=validate.Range(0, PRICE_MAX, error=_l("金額は0円から9,999,999円までです。")), **more)


class ArticleSchema(Schema):
    """One article. An empty price is typed at the till; an empty barcode is none."""

    name = fields.String(required=True, validate=validate.Length(1, 60))
    reading = fields.String(load_default="", validate=validate.Length(max=80))
    category = fields.String(load_default="", validate=validate.Length(max=30))
    price = _price(load_default=None, allow_none=True)
    tax = fields.String(load_default="inside", validate=validate.OneOf(["inside", "outside"]))
    rate = fields.Integer(required=True, validate=validate.OneOf([10, 8, 0], error=_l("税率は 10%、8%、0% のどれかです。")))
    eat_in = fields.Boolean(load_default=False, truthy={"on", True}, falsy={"", False})
    eat_in_price = _price(load_default=None, allow_none=True)
    barcode = fields.String(load_default=None, allow_none=True)
    place = fields.Integer(load_default=0, validate=validate.Range(0, PLACE_MAX))

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

    @post_load
    def to_facts(self, data: dict[str, Any], **_: Any) -> ArticleFacts:
        code = data.pop("barcode")
        barcode = None if code is None else jan(squeezed(code))
        if code is not None and barcode is None:
            raise ValidationError(_l("JANコードの数字を確かめてください。8桁か13桁で、最後の1桁は検算の数字です。"), "barcode")
        return ArticleFacts(tax_inside=data.pop("tax") == "inside", barcode=barcode, **data)


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


@dataclass(frozen=True, slots=True)
class WrongCell:
    """What is wrong in a line. `column`: which of its cells, or "" for the whole; `words`: for people."""

    line: int
    what: str
    column: str
    words: str


@dataclass(slots=True)
class ArticlePlan:
    """What keeping the list would do: nothing is done yet, and nothing will be while a line is wrong."""

    new: list[tuple[int, ArticleFacts]] = field(default_factory=list)
    edits: list[tuple[int, ArticleRow, ArticleFacts]] = field(default_factory=list)  # line, as it is, as it would be
    same: int = 0
    wrong: list[WrongCell] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of all that would be done: the press counts only for what was looked at."""
        return sha256(repr((self.new, self.edits)).encode()).hexdigest()


def plan_articles(rows: Iterable[NamedRow], known: Sequence[ArticleRow], *, tax_inside: bool) -> ArticlePlan:
    """Each row against what is sold now: by its number, else by its barcode, else it is new. A column that was not sent changes nothing.

    `tax_inside`: how the shop writes its prices; a row that says otherwise is wrong.
    """
    plan, planner = ArticlePlan(), _Planner(known, tax_inside)
    for row in rows:
        try:
            planner.read(row, plan)
        except ValidationError as error:
            found = error.messages if isinstance(error.messages, dict) else {error.field_name: error.messages}
            what = row.cells.get("name") or row.cells.get("number") or row.cells.get("barcode") or ""
            plan.wrong += [WrongCell(row.line, what[:60], str(name), " ".join(flat(inner))) for name, inner in found.items()]
    return plan


class _Planner:
    def __init__(self, known: Sequence[ArticleRow], tax_inside: bool) -> None:
        self._tax = "inside" if tax_inside else "outside"
        self._by_id = {row.id: row for row in known}
        self._by_code = {row.facts.barcode: row for row in known if row.facts.barcode}
        self._seen: set[int] = set()
        self._codes: dict[str, int] = {}
        self._last = max((row.facts.place for row in known), default=0)
        self._schema = ArticleSchema()

    def read(self, row: NamedRow, plan: ArticlePlan) -> None:
        """Raises ValidationError."""
        cells = {name: unguarded(cell) for name, cell in row.cells.items()}
        before = self._known(cells)
        typed = {"tax": self._tax} | _typed(cells, None if before is None else before.facts)
        if typed["tax"] != self._tax:
            raise ValidationError(_l("お店の「レシート」で決めた書き方と違います。値段を書き直して、この列を空にしてください。"), "tax")
        facts: ArticleFacts = self._schema.load(typed)
        if facts.barcode is not None:
            first = self._codes.setdefault(facts.barcode, row.line)
            if first != row.line:
                raise ValidationError(_l("同じJANコードが、%(line)s行目にもあります。") % {"line": grouped(first)}, "barcode")
            other = self._by_code.get(facts.barcode)
            if before is not None and other is not None and other.id != before.id and other.id not in self._seen:
                raise ValidationError(_l("このJANコードは「%(name)s」のものです。") % {"name": other.facts.name}, "barcode")
        if before is None:
            if not facts.place:
                self._last += 10
                facts = _moved(facts, self._last)
            plan.new.append((row.line, facts))
        elif facts == before.facts:
            plan.same += 1
        else:
            plan.edits.append((row.line, before, facts))

    def _known(self, cells: Mapping[str, str]) -> ArticleRow | None:
        typed = squeezed(cells.get("number", ""))
        code = jan(squeezed(cells.get("barcode", "")))
        if typed:
            found = self._by_id.get(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
            if found is None:
                raise ValidationError(_l("この番号の品目はありません。新しい品目なら、番号を空にしてください。"), "number")
        else:
            found = self._by_code.get(code) if code else None
        if found is not None:
            if found.id in self._seen:
                raise ValidationError(_l("同じ品目が、前の行にもあります。"), "number")
            self._seen.add(found.id)
        return found


def _moved(facts: ArticleFacts, place: int) -> ArticleFacts:
    return ArticleFacts(**{name: getattr(facts, name) for name in ArticleFacts.__slots__} | {"place": place})


def _typed(cells: Mapping[str, str], before: ArticleFacts | None) -> dict[str, Any]:
    """The cells in the form's words, over what is known already. Raises ValidationError."""
    typed: dict[str, Any] = {}
    if before is not None:
        typed = {name: getattr(before, name) for name in ArticleFacts.__slots__ if name != "tax_inside"}
        typed["tax"] = "inside" if before.tax_inside else "outside"
    for name, cell in cells.items():
        if name in _READERS and (cell or name not in ("place", "tax")):
            typed[name] = _READERS[name](cell, name)
    return typed


def _words(cell: str, name: str) -> str:
    return cell


def _yen(cell: str, name: str) -> int | None:
    if not cell:
        return None
    amount = parse_yen(cell)
    if amount is None:
        raise ValidationError(_l("金額は数字だけで、円の単位で入れてください。"), name)
    return amount


def _rate(cell: str, name: str) -> int:
    word = squeezed(cell)
    if word not in RATES:
        raise ValidationError(_l("税率は 10%、8%、0% のどれかです。"), name)
    return RATES[word]


def _place(cell: str, name: str) -> int:
    typed = squeezed(cell)
    if not (typed.isascii() and typed.isdigit() and int(typed[:9]) <= PLACE_MAX):
        raise ValidationError(_l("並び順は数字で入れてください。"), name)
    return int(typed)


def _tax(cell: str, name: str) -> str:
    word = squeezed(cell)
    if word in ("内税", "税込", "税込み", "inside"):
        return "inside"
    if word in ("外税", "税抜", "税抜き", "税別", "outside"):
        return "outside"
    raise ValidationError(_l("「税込み」か「税抜き」と書いてください。"), name)


def _yes(cell: str, name: str) -> bool:
    word = squeezed(cell).lower()
    if word in YES or word in NO:
        return word in YES
    raise ValidationError(_l("「はい」か「いいえ」と書いてください。"), name)


_READERS: dict[str, Callable[[str, str], Any]] = {
    "name": _words,
    "reading": _words,
    "category": _words,
    "barcode": _words,
    "price": _yen,
    "eat_in_price": _yen,
    "rate": _rate,
    "tax": _tax,
    "eat_in": _yes,
    "place": _place,
}
