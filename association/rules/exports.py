"""The book's entries as vouchers for accounting packages (base/journal_file.py writes them).

The fee of a shop and the tax on it, which the book keeps apart, become one line with the tax in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from association.rules.accounts import Account
from association.rules.settlement import TAX_PERCENT
from base.journal_file import Side, Voucher

TAXED, TAX = "fee_income", "fee_tax"


def voucher(number: int, day: date, about: str, lines: Iterable[tuple[str, int, int]], chart: Mapping[str, Account]) -> Voucher:
    """Of lines (role, debit, credit), of which one is 0."""
    listed = list(lines)
    debits = _sides([(role, debit) for role, debit, _ in listed if debit], chart)
    credits = _sides([(role, credit) for role, _, credit in listed if credit], chart)
    return Voucher(number, day, about, tuple(debits), tuple(credits))


def _sides(amounts: list[tuple[str, int]], chart: Mapping[str, Account]) -> Iterator[Side]:
    """The lines of one side; fee and tax as one."""
    fee, tax = (sum(amount for role, amount in amounts if role == wanted) for wanted in (TAXED, TAX))
    for role, amount in amounts:
        if role not in (TAXED, TAX):
            yield Side(chart[role].name, amount)
    if fee or tax:
        yield Side(chart[TAXED].name, fee + tax, tax, TAX_PERCENT)
