"""`meguri rules invoice.…`: the vectors' questions (tests/vectors/invoice), each answered by the rule that it is about.

A refusal is an answer. KeyError, TypeError or ValueError means that the question itself is wrong.
"""

from __future__ import annotations

from typing import Any

from merchant.rules.invoice import Discount, Line, ReceiptRefused, Tender, Totals, receipt, return_shares

Question = dict[str, Any]
Answer = dict[str, Any]
ROUNDINGS, MODES = ("floor", "half_up", "ceil"), ("inclusive", "exclusive")


def answer_receipts(question: Question) -> Answer:
    """`input` → `by_rate`, `discount_shares`, `total`, `tax_total`, `marked_lines`; with tenders `change` and `cash_kept`."""
    asked = question["input"]
    try:
        done = _receipt(asked)
    except ReceiptRefused as refused:
        return {"ok": False, "error": refused.code}
    answer = _totals(done) | {"discount_shares": [{str(rate): amount for rate, amount in share.items()} for share in done.shares]}
    return answer if asked.get("tenders") is None else answer | {"change": done.change, "cash_kept": done.cash_kept}


def answer_returns(question: Question) -> Answer:
    """`input` → the same totals and `return_invoice_required`."""
    try:
        done = _receipt(question["input"])
    except ReceiptRefused as refused:
        return {"ok": False, "error": refused.code}
    return _totals(done) | {"return_invoice_required": done.return_invoice_required}


def answer_return_tenders(question: Question) -> Answer:
    """`input` (`tenders`, `amount`) → `shares`, one for each tender."""
    asked = question["input"]
    try:
        shares = return_shares(_tenders(asked["tenders"]), _yen(asked["amount"]))
    except ReceiptRefused as refused:
        return {"ok": False, "error": refused.code}
    return {"ok": True, "shares": shares}


def _receipt(asked: dict[str, Any]) -> Totals:
    if asked["price_mode"] not in MODES or asked["rounding"] not in ROUNDINGS:
        raise ValueError("price_mode or rounding is none that there is")
    return receipt(
        [Line(each["name"], _yen(each["qty"]), _yen(each["unit_price"]), _yen(each["rate"])) for each in asked["lines"]],
        [Discount(each["kind"], _yen(each["amount"]), each.get("line"), each.get("rate")) for each in asked.get("discounts", [])],
        None if asked.get("tenders") is None else _tenders(asked["tenders"]),
        mode=asked["price_mode"],
        rounding=asked["rounding"],
    )


def _tenders(asked: list[dict[str, Any]]) -> list[Tender]:
    return [Tender(each["kind"], _yen(each["amount"]), _yen(each.get("returned", 0))) for each in asked]


def _totals(done: Totals) -> Answer:
    rows = [{name: getattr(row, name) for name in ("rate", "discount", "net", "tax", "gross")} for row in done.by_rate]
    return {"ok": True, "by_rate": rows, "total": done.total, "tax_total": done.tax, "marked_lines": list(done.marked)}


def _yen(value: object) -> int:
    """Whole numbers only: neither 1.0 nor true is an amount."""
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value
