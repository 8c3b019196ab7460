"""A cost line as a form or a sheet sends it, and the evidence of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, ValidationError, fields, post_load, pre_load, validate

from base.errors import MeguriError
from base.row_file import NamedRow
from base.yen import parse_yen
from subsidy.commands import NewLine
from subsidy.queries import Change
from subsidy.rules.application import COST_KINDS
from subsidy.rules.application import Line as RulesLine
from subsidy.rules.calls import FUNCTIONS, Call
from subsidy.rules.evidence import KINDS
from subsidy.schemas.parts import Day, Form, Line, Registration, YesNo
from web.fields import Key, Yen
from web.forms import by_field
from web.i18n import translate

AMOUNT_MAX = 10**12
KIND_WORDS = tuple(dict.fromkeys(kind for kinds in COST_KINDS.values() for kind in kinds))
ADDED = "0"
"""The number of a line that is only tried."""
RATES = {"": None, "8": 8, "10": 10}


class LineSchema(Form):
    """A cost line. `tax`: empty for an amount without tax, else the rate that is in it."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call

    party_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    item = fields.String(required=True)
    cost_kind = fields.String(required=True, validate=validate.OneOf(KIND_WORDS))
    words = Line(120)
    amount = Yen(required=True, validate=validate.Range(0, AMOUNT_MAX, error=_l("金額は0円から1兆円までにしてください。")))
    tax = fields.String(load_default="", validate=validate.OneOf(tuple(RATES)))
    months = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 600))
    tool = Line(60, optional=True)
    functions = fields.List(fields.String(validate=validate.OneOf(FUNCTIONS)), load_default=list)
    provider_id = fields.Integer(load_default=None, allow_none=True)
    is_registered = YesNo()
    quoted = Day()
    ordered = Day()
    delivered = Day()
    invoiced = Day()
    paid = Day()
    plan_ordered = Day()
    plan_delivered = Day()
    plan_paid = Day()
    is_out = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    revision = fields.Integer(load_default=0)
    key = Key(load_default=None)

    @pre_load
    def without_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if name not in ("months", "provider_id") or str(value).strip()}

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        revision, key, tax = data.pop("revision"), data.pop("key"), RATES[data.pop("tax")]
        line = NewLine(**{**data, "functions": tuple(data["functions"]), "is_taxed": tax is not None, "tax_rate": tax})
        check_line(line, self.call)
        return {"line": line, "revision": revision, "key": key}


def check_line(line: NewLine, call: Call) -> None:
    """Item and cost kind belong together, a cloud fee has its months, a tool the function it is named for. Raises ValidationError."""
    item = call.items.get(line.item)
    if item is None:
        raise ValidationError(_l("この公募にない品目です。"), "item")
    if line.cost_kind not in COST_KINDS[item.sort]:
        raise ValidationError(_l("この品目には使えない費目です。"), "cost_kind")
    if line.cost_kind == "cloud" and line.months is None:
        raise ValidationError(_l("クラウド利用費には月数を入れてください。"), "months")
    planned = [day for day in (line.plan_ordered, line.plan_delivered, line.plan_paid) if day is not None]
    if planned != sorted(planned):
        raise ValidationError(_l("予定の日は、発注、納品、支払の順にしてください。"), "plan_ordered")
    if item.function and line.functions and item.function not in line.functions:
        raise ValidationError(_l("品目の名前の機能を、機能から外せません。"), "functions")


class KeySchema(Form):
    """One intention to take a list in."""

    class Meta:
        unknown = EXCLUDE

    key = Key(required=True)


class EvidenceSchema(Form):
    """Beside a file: what it proves of a line, its day and its amount as printed."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    day = Day()
    amount = fields.String(load_default="")
    number = Registration()
    issuer = Line(80, optional=True)
    is_scan = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})

    @post_load
    def with_amount(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if not data["amount"].strip():
            return {**data, "amount": None}
        amount = parse_yen(data["amount"])
        if amount is None or not 0 <= amount <= AMOUNT_MAX:
            raise ValidationError(_l("金額は数字だけで、円の単位で入れてください。"), "amount")
        return {**data, "amount": amount}


class WhatIfSchema(Form):
    """What somebody tries; nothing of it is kept. A line is tried once its amount is typed."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call

    drops = fields.List(fields.String(validate=validate.Regexp(r"[0-9]{1,9}\Z")), load_default=list)
    leaves = fields.List(fields.String(validate=validate.Regexp(r"[0-9]{1,15}\Z")), load_default=list)
    joins = fields.Integer(load_default=0, validate=validate.Range(0, 200))
    member = fields.String(load_default="", validate=validate.Regexp(r"[0-9]{0,15}\Z"))
    item = fields.String(load_default="A-HW-TAB")
    cost_kind = fields.String(load_default="hardware", validate=validate.OneOf(KIND_WORDS))
    amount = fields.String(load_default="")
    pieces = fields.Integer(load_default=1, validate=validate.Range(1, 99))
    months = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 600))

    @pre_load
    def no_blanks(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in dict(data).items() if value not in ("", [""])}

    @post_load
    def to_change(self, data: dict[str, Any], **_: Any) -> Change:
        added = self._line(data) if data["amount"] else None
        return Change(tuple(data["drops"]), tuple(data["leaves"]), data["joins"], added, data["pieces"])

    def _line(self, data: dict[str, Any]) -> RulesLine:
        one = parse_yen(data["amount"])
        if one is None or not 0 <= one * data["pieces"] <= AMOUNT_MAX:
            raise ValidationError(_l("金額は0円から1兆円までの数字にしてください。"), "amount")
        if not data["member"]:
            raise ValidationError(_l("だれの経費かを選んでください。"), "member")
        line = NewLine(int(data["member"]), data["item"], data["cost_kind"], "", one, months=data["months"])
        check_line(line, self.call)
        months = data["months"] if data["cost_kind"] == "cloud" else None
        return RulesLine(ADDED, data["member"], data["item"], data["cost_kind"], one * data["pieces"], months=months)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of a sheet that cannot be taken, and why."""

    line: int
    sentences: tuple[str, ...]


WRITTEN_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
DAYS = ("quoted", "ordered", "delivered", "paid", "plan_ordered", "plan_delivered", "plan_paid")
Named = Mapping[str, str]
"""Codes by their words, normalised."""


def plan_lines(
    call: Call,
    rows: Iterable[NamedRow],
    parties: Mapping[str, int],
    words: Mapping[str, Named],
    refuses: Callable[[NewLine], MeguriError | None],
) -> tuple[list[NewLine], list[Wrong]]:
    """Lines of a sheet whose cells hold words or codes, and every line that cannot be taken. `words`: item and cost_kind by their words.

    `refuses`: what else speaks against a line, by what has happened in the project so far.
    """
    found: list[NewLine] = []
    wrong: list[Wrong] = []
    for row in rows:
        said = {name: row.cells.get(name, "") for name in ("words", "amount", "months", "tool", *DAYS)}
        said |= {name: _day(day) for name in DAYS if (day := said[name])}
        form = {
            **{name: value for name, value in said.items() if value},
            "party_id": parties.get(plain(row.cells.get("member", "")), 0),
            "item": code_of(row.cells.get("item", ""), words["item"]),
            "cost_kind": code_of(row.cells.get("cost_kind", ""), words["cost_kind"]),
            "tax": _tax(row.cells.get("tax", "")),
        }
        try:
            line = LineSchema(call).load(form)["line"]
        except ValidationError as error:
            wrong.append(Wrong(row.line, tuple(told(by_field(error.messages)))))
            continue
        found.append(line)
        if refusal := refuses(line):
            wrong.append(Wrong(row.line, (translate(refusal.text, refusal.facts),)))
    return found, wrong


def plain(word: str) -> str:
    """A word without what nobody types the same way twice."""
    return "".join(unicodedata.normalize("NFKC", word).split()).lower()


def code_of(cell: str, words: Named) -> str:
    """The code of a word, or the cell as it is."""
    return words.get(plain(cell), cell.strip())


def _day(cell: str) -> str:
    """2023/5/1, 2023年5月1日 and what Excel keeps of a day, as a form sends it."""
    said = WRITTEN_DAY.match(unicodedata.normalize("NFKC", cell))
    return f"{said[1]}-{said[2]:0>2}-{said[3]:0>2}" if said else cell


def _tax(cell: str) -> str:
    """税抜 or nothing: without tax. 税込10%, 10%, 10 or 0.1: with it."""
    said = plain(cell).replace("税込", "").replace("%", "")
    return {"0.1": "10", "0.08": "8", "税抜": "", "0": ""}.get(said, said)


FIELD_WORDS = {
    "party_id": _l("構成員"),
    "item": _l("品目"),
    "cost_kind": _l("費目"),
    "words": _l("内容"),
    "amount": _l("金額"),
    "tax": _l("税"),
    "member": _l("だれの経費か"),
    "pieces": _l("いくつ"),
    "joins": _l("参画事業者が増える"),
    "functions": _l("機能（A のソフト）"),
    "months": _l("月数"),
    "quoted": _l("見積日"),
    "ordered": _l("発注日"),
    "delivered": _l("納品日"),
    "paid": _l("支払日"),
    "plan_ordered": _l("発注の予定"),
    "plan_delivered": _l("納品の予定"),
    "plan_paid": _l("支払の予定"),
}


def told(messages: Mapping[str, list[str]], words: Mapping[str, Any] = FIELD_WORDS) -> Iterable[str]:
    """What is wrong, field by field, as sentences. `words`: what the fields are called."""
    for name, sentences in messages.items():
        yield f"{words[name]}: {' '.join(dict.fromkeys(sentences))}" if name in words else " ".join(sentences)
