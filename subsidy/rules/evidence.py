"""The papers that prove a cost line (証憑): which it needs, how far it has come, and whether they agree (S-95, S-96)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from subsidy.rules.application import Line
from subsidy.rules.calls import Call
from subsidy.rules.costs import net_of, with_tax, without_tax

QUOTE, ORDER, DELIVERY, INVOICE, PAYMENT = "V_QUOTE", "V_ORDER", "V_DELIVERY", "V_INVOICE", "V_PAYMENT"
CHAIN = (QUOTE, ORDER, DELIVERY, INVOICE, PAYMENT)
"""From quote to payment: their days do not fall and their amounts agree."""
KINDS = (*CHAIN, "V_SCREEN", "V_PHOTO", "V_SAMPLE", "V_AGENDA", "V_CONTRACT", "V_TIMESHEET", "V_LOG", "V_REPORT", "V_ROUTE")
RATES = (8, 10)
"""Percent of consumption tax that may be in a printed amount."""
STATES = ("planned", "quoted", "ordered", "delivered", "invoiced", "paid")

OFFICE = {
    "C-STAFF": ("V_CONTRACT", "V_TIMESHEET", PAYMENT, "V_LOG"),
    "C-ASSIST": ("V_CONTRACT", "V_TIMESHEET", PAYMENT, "V_LOG"),
    "C-PRINT": (DELIVERY, INVOICE, PAYMENT, "V_SAMPLE"),
    "C-PR": (DELIVERY, INVOICE, PAYMENT, "V_SAMPLE"),
    "C-MEETING": (DELIVERY, INVOICE, PAYMENT, "V_AGENDA"),
    "C-FEE": ("V_CONTRACT", "V_REPORT", INVOICE, PAYMENT),
    "C-TRAVEL": ("V_CONTRACT", "V_REPORT", INVOICE, PAYMENT, "V_ROUTE"),
}
"""Of items whose set differs from that of their cost kind."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that stands for a kind of evidence: the newest. `amount`: yen as printed, with tax. `number`: the issuer's registration."""

    kind: str
    day: date | None
    amount: int | None
    number: str
    sha256: bytes
    is_good: bool | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two papers of a line that do not agree, with both figures; or one that lacks what it must say."""

    code: str
    kinds: tuple[str, ...]
    facts: Mapping[str, object]


def needed(line: Line, call: Call) -> tuple[str, ...]:
    """The kinds of evidence that a line needs, in the order in which they come about. `line` is one of the catalogue."""
    if line.item in OFFICE:
        own = OFFICE[line.item]
        is_dear = line.cost_kind == "office" and DELIVERY in own and _net(line) >= call.duties.office_quote_from
        return (QUOTE, *own) if is_dear else own
    if line.cost_kind == "office":
        return (QUOTE, DELIVERY, INVOICE, PAYMENT) if _net(line) >= call.duties.office_quote_from else (DELIVERY, INVOICE, PAYMENT)
    return (*CHAIN, "V_PHOTO" if line.cost_kind in ("hardware", "hardware_install") else "V_SCREEN")


def step_of(quoted: date | None, line: Line, invoiced: date | None) -> str:
    """How far a line has come: the latest of its days that is known."""
    days = (line.paid, invoiced, line.delivered, line.ordered, quoted)
    return next((state for state, day in zip(reversed(STATES[1:]), days, strict=True) if day), "planned")


def doubts(line: Line, proofs: Sequence[Proof], others: Mapping[bytes, int]) -> list[Doubt]:
    """What a reviewer would ask. `others`: the line that has the same file, by its hash (E_EVIDENCE_REUSED)."""
    by_kind = {proof.kind: proof for proof in proofs}
    chain = [by_kind[kind] for kind in CHAIN if kind in by_kind]
    return [*_amounts(line, chain), *_days(chain), *_numbers(by_kind), *_twice(proofs, others)]


def _amounts(line: Line, chain: Sequence[Proof]) -> Iterator[Doubt]:
    """quote ≥ order = delivery = invoice = payment, as printed; and the line says what the invoice says.

    An invoice is printed with tax. One that comes to just what a line *without* tax says was typed in as it stands, a tenth too high.
    """
    known = [proof for proof in chain if proof.amount is not None]
    for one, two in itertools.pairwise(known):
        first, second = one.amount or 0, two.amount or 0
        if first < second or (first != second and one.kind != QUOTE):
            yield Doubt("amount_differs", (one.kind, two.kind), {"first": first, "second": second, "gap": abs(first - second)})
    bill = next((proof.amount for proof in known if proof.kind == INVOICE), None)
    said = {line.amount} if line.tax_included else {yen for rate in RATES for yen in with_tax(line.amount, rate)}
    if bill is None or bill in said:
        return
    if bill == line.amount:
        net = without_tax(bill, max(RATES))
        yield Doubt("taxed_as_net", (INVOICE,), {"first": line.amount, "second": bill, "net": net, "gap": bill - net})
    else:
        yield Doubt("line_differs", (INVOICE,), {"first": line.amount, "second": bill, "gap": abs(line.amount - bill)})


def _days(chain: Sequence[Proof]) -> Iterator[Doubt]:
    known = [proof for proof in chain if proof.day is not None]
    for one, two in itertools.pairwise(known):
        if one.day and two.day and two.day < one.day:
            yield Doubt("day_falls", (one.kind, two.kind), {"first": one.day, "second": two.day})


def _numbers(by_kind: Mapping[str, Proof]) -> Iterator[Doubt]:
    bill = by_kind.get(INVOICE)
    if bill is not None and not is_registration(bill.number):
        yield Doubt("number_wrong" if bill.number else "number_missing", (INVOICE,), {"number": bill.number})


def _twice(proofs: Sequence[Proof], others: Mapping[bytes, int]) -> Iterator[Doubt]:
    for proof in proofs:
        if proof.sha256 in others:
            yield Doubt("reused", (proof.kind,), {"line": others[proof.sha256]})


def is_registration(number: str) -> bool:
    """T and 13 figures (適格請求書発行事業者の登録番号)."""
    figures = number.removeprefix("T")
    return number.startswith("T") and len(figures) == 13 and figures.isascii() and figures.isdigit()


def _net(line: Line) -> int:
    return net_of(line).yen
