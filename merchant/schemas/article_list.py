"""品目 as a list that comes back from a spreadsheet: what is new, what differs, and what is wrong, line by line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from base.ids import squeezed
from base.row_file import NamedRow
from base.yen import grouped, parse_yen
from merchant.queries.articles import ArticleFacts, ArticleRow
from merchant.rules.barcode import jan
from merchant.schemas.articles import COMING, PLACE_MAX, ArticleSchema
from web.csvfile import unguarded
from web.forms import flat

YES = {"1", "on", "yes", "true", "はい", "○", "◯", "〇", "あり", "する"}
NO = {"", "0", "off", "no", "false", "いいえ", "×", "なし", "しない"}
RATES = {"10": 10, "8": 8, "0": 0, "10%": 10, "8%": 8, "8%※": 8, "軽減": 8, "0%": 0, "非課税": 0}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)


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


def plan_articles(rows: Iterable[NamedRow], known: Sequence[ArticleRow], *, tax_inside: bool, today: date) -> ArticlePlan:
    """Each row against what is sold now: by its number, else by its barcode, else it is new. A column that was not sent changes nothing.

    `known`: as it is sold `today`. `tax_inside`: how the shop writes its prices; a row that says otherwise is wrong.
    """
    plan, planner = ArticlePlan(), _Planner(known, tax_inside, today)
    for row in rows:
        try:
            planner.read(row, plan)
        except ValidationError as error:
            found = error.messages if isinstance(error.messages, dict) else {error.field_name: error.messages}
            what = row.cells.get("name") or row.cells.get("number") or row.cells.get("barcode") or ""
            plan.wrong += [WrongCell(row.line, what[:60], str(name), " ".join(flat(inner))) for name, inner in found.items()]
    return plan


class _Planner:
    def __init__(self, known: Sequence[ArticleRow], tax_inside: bool, today: date) -> None:
        self._tax = "inside" if tax_inside else "outside"
        self._by_id = {row.id: row for row in known}
        self._by_code = {row.facts.barcode: row for row in known if row.facts.barcode}
        self._seen: set[int] = set()
        self._codes: dict[str, int] = {}
        self._last = max((row.facts.place for row in known), default=0)
        self._schema = ArticleSchema(today=today)

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
                facts = replace(facts, place=self._last)
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


def _typed(cells: Mapping[str, str], before: ArticleFacts | None) -> dict[str, Any]:
    """The cells in the form's words, over what is known already. Raises ValidationError."""
    typed: dict[str, Any] = {}
    if before is not None:
        typed = {name: getattr(before, name) for name in ArticleFacts.__slots__ if name not in ("tax_inside", "coming")}
        typed["tax"] = "inside" if before.tax_inside else "outside"
        if before.coming is not None:
            typed |= {f"next_{name}": getattr(before.coming, name) for name in COMING}
            typed["next_day"] = before.coming.day.isoformat()
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


def _rate_or_none(cell: str, name: str) -> int | None:
    return _rate(cell, name) if cell else None


def _day(cell: str, name: str) -> str | None:
    """As the form says it: 2027/4/1, 2027年4月1日 and what Excel makes of a day."""
    if not cell:
        return None
    found = DAY.fullmatch(unicodedata.normalize("NFKC", cell))
    if found is None:
        raise ValidationError(_l("日付を確かめてください。例: 2027-04-01"), name)
    return "-".join(f"{int(part):02}" for part in found.groups())


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
    "next_day": _day,
    "next_price": _yen,
    "next_rate": _rate_or_none,
    "next_eat_in_price": _yen,
}
