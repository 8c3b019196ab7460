"""The papers that prove a cost line (証憑): which it needs, how far it has come, and whether they agree (S-95, S-96)."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from subsidy.rules.application import Line
from subsidy.rules.calls import Call
from subsidy.rules.costs import net_of, with_tax, without_tax
from subsidy.rules.group import is_corporate_number

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

COMPANY = re.compile(r"株式会社|有限会社|合同会社|合資会社|合名会社|[一般公益]{2}(?:社団|財団)法人|協同組合|振興組合|\((?:株|有|同)\)")
KANA = re.compile(r"[ァ-ヶー・()\-.\s]+")
"""How banks write a payee."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that stands for a kind of evidence: the newest. `amount`: yen as printed, with tax. `number`: the issuer's registration.

    `issuer`: who is named on it: who quotes, who bills, or to whom it was paid. `reason`: why it is found good though something lacks.
    """

    kind: str
    day: date | None
    amount: int | None
    number: str
    sha256: bytes
    is_good: bool | None
    issuer: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """An IT provider that the group has listed."""

    name: str
    corporate_number: str | None


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


def doubts(line: Line, proofs: Sequence[Proof], others: Mapping[bytes, int], sellers: Sequence[Seller] | None = None) -> list[Doubt]:
    """What a reviewer would ask. `others`: the line that has the same file, by its hash (E_EVIDENCE_REUSED); `sellers`: see `_names`."""
    by_kind = {proof.kind: proof for proof in proofs}
    chain = [by_kind[kind] for kind in CHAIN if kind in by_kind]
    return [*_amounts(line, chain), *_days(chain), *_numbers(by_kind), *_names(line, by_kind, sellers), *_twice(proofs, others)]


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
    """A number that is missing is answered by a reason (免税事業者 have none); one that is wrong is not."""
    bill = by_kind.get(INVOICE)
    if bill is not None and not bill.number and bill.is_good and bill.reason:
        return
    if bill is not None and not is_registration(bill.number):
        yield Doubt("number_wrong" if bill.number else "number_missing", (INVOICE,), {"number": bill.number})
    elif bill is not None and is_company(bill.issuer) and not is_corporate_number(bill.number.removeprefix("T")):
        yield Doubt("number_of_no_company", (INVOICE,), {"number": bill.number, "name": bill.issuer})


def _names(line: Line, by_kind: Mapping[str, Proof], sellers: Sequence[Seller] | None) -> Iterator[Doubt]:
    """Who was paid is who billed, and of A and B that is a listed IT provider (S-96). `sellers`: those listed, None where nobody looks.

    A payee that the bank wrote in kana alone cannot be compared with a name in kanji.
    """
    bill, paid = by_kind.get(INVOICE), by_kind.get(PAYMENT)
    if bill is None or not bill.issuer:
        return
    if paid is not None and paid.issuer and plain_name(paid.issuer) != plain_name(bill.issuer) and not _is_kana(paid.issuer):
        yield Doubt("payee_differs", (INVOICE, PAYMENT), {"first": bill.issuer, "second": paid.issuer})
    if sellers is None or line.cost_kind in ("office", "expert"):
        return
    number = bill.number.removeprefix("T")
    if not any(plain_name(each.name) == plain_name(bill.issuer) or (number and each.corporate_number == number) for each in sellers):
        yield Doubt("issuer_unlisted", (INVOICE,), {"name": bill.issuer})


def _twice(proofs: Sequence[Proof], others: Mapping[bytes, int]) -> Iterator[Doubt]:
    for proof in proofs:
        if proof.sha256 in others:
            yield Doubt("reused", (proof.kind,), {"line": others[proof.sha256]})


def is_registration(number: str) -> bool:
    """T and 13 figures (適格請求書発行事業者の登録番号). A company's are its corporate number; a person's have no known check digit."""
    figures = number.removeprefix("T")
    return number.startswith("T") and len(figures) == 13 and figures.isascii() and figures.isdigit() and int(figures) > 0


def is_company(name: str) -> bool:
    """Whether a name says itself that it is a body with a corporate number."""
    return COMPANY.search(unicodedata.normalize("NFKC", name)) is not None


def plain_name(name: str) -> str:
    """A name without its kind of body and without what nobody writes the same way twice."""
    return "".join(COMPANY.sub("", unicodedata.normalize("NFKC", name)).split()).casefold()


def _is_kana(name: str) -> bool:
    return KANA.fullmatch(unicodedata.normalize("NFKC", name)) is not None


def _net(line: Line) -> int:
    return net_of(line).yen
