"""What a receipt must say in yen: totals and tax by rate, discounts spread over rates, tenders, change, returns.

Sources: Consumption Tax Act art. 57-4; its Enforcement Order art. 70-10 (rounding once a rate and receipt) and art. 70-9 (returns under
10,000 yen); the tax office's questions and answers on simplified invoices (a discount of the whole bill goes by the amounts of the rates);
Stamp Tax Act, table no. 17. Where the law leaves a choice, the docstring says which one this is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from merchant.rules.refunds import in_proportion

RATES = (10, 8, 0)
"""Standard, reduced, not taxed; in this order they stand on the paper."""
REDUCED = 8
RETURN_INVOICE_FROM = 10_000
"""Yen with tax given back at once, from which a return invoice must be handed over (Enforcement Order art. 70-9(3) no. 2)."""
STAMP_FROM = 50_000
"""Yen without tax, from which a paper receipt for money needs a stamp (Stamp Tax Act, table no. 17)."""
BEARER_ORDER = ("funded_coupon", "point", "voucher", "coin", "card", "cash")
"""Of two tenders with the same remainder the first one here gets the odd yen of a return."""

Mode = Literal["inclusive", "exclusive"]
Rounding = Literal["floor", "half_up", "ceil"]


class ReceiptRefused(ValueError):
    """`code`: unknown_rate, bad_line, bad_discount, discount_exceeds_amount, bad_tender, over_tender, under_tender, bad_amount,
    return_exceeds_sale."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """`unit_price`: yen in the receipt's mode, with or without tax. `rate`: percent."""

    name: str
    qty: int
    unit_price: int
    rate: int

    @property
    def amount(self) -> int:
        return self.qty * self.unit_price


@dataclass(frozen=True, slots=True)
class Discount:
    """Borne by the shop; what others bear is a tender. `line`: its index, for the kind line; `rate`: percent, for the kind rate."""

    kind: Literal["line", "rate", "whole"]
    amount: int
    line: int | None = None
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """`returned`: yen that earlier returns gave back to it."""

    kind: str
    amount: int
    returned: int = 0


@dataclass(frozen=True, slots=True)
class RateTotal:
    """One box of the receipt, in yen. `discount`: in the receipt's mode; gross = net + tax."""

    rate: int
    discount: int
    net: int
    tax: int
    gross: int


@dataclass(frozen=True, slots=True)
class Totals:
    """`shares[i]`: what discount i took off each rate; `marked`: indexes of the lines that carry ※; `change` and `cash_kept` in yen."""

    by_rate: tuple[RateTotal, ...]
    shares: tuple[dict[int, int], ...]
    marked: tuple[int, ...]
    change: int = 0
    cash_kept: int = 0
    total: int = field(init=False)
    tax: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(row.gross for row in self.by_rate))
        object.__setattr__(self, "tax", sum(row.tax for row in self.by_rate))

    @property
    def return_invoice_required(self) -> bool:
        """Were this a return: whether its slip must be handed over. It is made in any case."""
        return self.total >= RETURN_INVOICE_FROM


def receipt(
    lines: Sequence[Line], discounts: Sequence[Discount] = (), tenders: Sequence[Tender] | None = None, *, mode: Mode, rounding: Rounding
) -> Totals:
    """The totals of a sale. Discounts apply strictly in the order given, each on what the earlier ones left; `tenders` None: not asked.

    Tax is rounded once for each rate (Enforcement Order art. 70-10), in the way that the shop has chosen. Raises ReceiptRefused; lines are
    looked at first, then discounts, then tenders.
    """
    for line in lines:
        if line.rate not in RATES:
            raise ReceiptRefused("unknown_rate")
        if line.qty < 1 or line.unit_price < 0:
            raise ReceiptRefused("bad_line")
    if not lines:
        raise ReceiptRefused("bad_line")
    before = {rate: sum(line.amount for line in lines if line.rate == rate) for rate in RATES if any(line.rate == rate for line in lines)}
    left, shares = dict(before), []
    of_lines = [line.amount for line in lines]
    for discount in discounts:
        share = _share(discount, lines, of_lines, left)
        for rate, amount in share.items():
            left[rate] -= amount
        shares.append(share)
    rows = tuple(_row(rate, before[rate] - left[rate], left[rate], mode, rounding) for rate in before)
    marked = tuple(index for index, line in enumerate(lines) if line.rate == REDUCED)
    done = Totals(rows, tuple(shares), marked)
    if tenders is None:
        return done
    change, kept = _settled(done.total, tenders)
    return Totals(rows, tuple(shares), marked, change, kept)


def _share(discount: Discount, lines: Sequence[Line], of_lines: list[int], left: dict[int, int]) -> dict[int, int]:
    """What it takes off each rate. A discount of the whole bill goes by what is left of the rates, odd yen to the largest remainders,
    ties to the higher rate (our choice)."""
    if discount.amount < 1:
        raise ReceiptRefused("bad_discount")
    if discount.kind == "whole":
        if discount.amount > sum(left.values()):
            raise ReceiptRefused("discount_exceeds_amount")
        return dict(zip(left, in_proportion(discount.amount, list(left.values())), strict=True))
    if discount.kind == "line":
        if discount.line is None or not 0 <= discount.line < len(lines):
            raise ReceiptRefused("bad_discount")
        rate = lines[discount.line].rate
        if discount.amount > of_lines[discount.line]:
            raise ReceiptRefused("discount_exceeds_amount")
        of_lines[discount.line] -= discount.amount
    elif discount.kind == "rate" and discount.rate in left:
        rate = discount.rate
    else:
        raise ReceiptRefused("bad_discount")
    if discount.amount > left[rate]:
        raise ReceiptRefused("discount_exceeds_amount")
    return {rate: discount.amount}


def _row(rate: int, discount: int, amount: int, mode: Mode, rounding: Rounding) -> RateTotal:
    """Tax within or on top of `amount`, which is in yen after discounts."""
    if mode == "inclusive":
        tax = _rounded(Fraction(amount * rate, 100 + rate), rounding)
        return RateTotal(rate, discount, amount - tax, tax, amount)
    tax = _rounded(Fraction(amount * rate, 100), rounding)
    return RateTotal(rate, discount, amount, tax, amount + tax)


def lowered(totals: Totals, amount: int, *, rounding: Rounding) -> tuple[Totals, Discount]:
    """Prices without tax, less a discount of `amount` yen with tax: so much less is paid, to the yen. The totals, and the discount in
    the receipt's mode.

    Each rate bears its part of what it came to; its tax is counted once, within what is left (Enforcement Order art. 70-10 lets it be
    counted from either). Raises ReceiptRefused.
    """
    if amount < 1:
        raise ReceiptRefused("bad_discount")
    if amount > totals.total:
        raise ReceiptRefused("discount_exceeds_amount")
    rows, share = [], {}
    for row, part in zip(totals.by_rate, in_proportion(amount, [row.gross for row in totals.by_rate]), strict=True):
        left = _row(row.rate, 0, row.gross - part, "inclusive", rounding) if part else row
        share[row.rate] = row.net - left.net
        rows.append(RateTotal(row.rate, row.discount + share[row.rate], left.net, left.tax, left.gross))
    return Totals(tuple(rows), (*totals.shares, share), totals.marked), Discount("whole", sum(share.values()))


def _rounded(exact: Fraction, rounding: Rounding) -> int:
    if rounding == "floor":
        return exact.numerator // exact.denominator
    if rounding == "ceil":
        return -(-exact.numerator // exact.denominator)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _settled(total: int, tenders: Sequence[Tender]) -> tuple[int, int]:
    """Change, and the cash that stays. No change is given out of coin, vouchers, points or coupons."""
    if any(tender.kind not in BEARER_ORDER or tender.amount < 1 for tender in tenders):
        raise ReceiptRefused("bad_tender")
    cash = sum(tender.amount for tender in tenders if tender.kind == "cash")
    other = sum(tender.amount for tender in tenders if tender.kind != "cash")
    if other > total:
        raise ReceiptRefused("over_tender")
    if other + cash < total:
        raise ReceiptRefused("under_tender")
    return other + cash - total, total - other


def return_shares(tenders: Sequence[Tender], amount: int) -> list[int]:
    """How `amount` yen of a return goes back to the tenders of the sale, in their order: in proportion to what is left of each after
    earlier returns, odd yen to the largest remainders, ties by BEARER_ORDER (our choice). So the last return restores every tender
    exactly. Raises ReceiptRefused."""
    if amount < 1:
        raise ReceiptRefused("bad_amount")
    if any(tender.kind not in BEARER_ORDER or not 0 <= tender.returned <= tender.amount for tender in tenders):
        raise ReceiptRefused("bad_tender")
    order = sorted(range(len(tenders)), key=lambda index: BEARER_ORDER.index(tenders[index].kind))
    left = [tenders[index].amount - tenders[index].returned for index in order]
    if amount > sum(left):
        raise ReceiptRefused("return_exceeds_sale")
    shares = dict(zip(order, in_proportion(amount, left), strict=True))
    return [shares[index] for index in range(len(tenders))]


def needs_stamp(done: Totals, tenders: Sequence[Tender], *, on_paper: bool, counts_as_money_receipt: bool) -> bool:
    """Whether the paper gets a box for the stamp: cash that is kept, and coin and vouchers where the contract with the shops makes the
    till's slip a receipt for money, less their share of the printed tax, reach 50,000 yen. Data is never stamped."""
    money = done.cash_kept
    if counts_as_money_receipt:
        money += sum(tender.amount for tender in tenders if tender.kind in ("coin", "voucher"))
    without_tax = money - Fraction(done.tax * money, done.total) if done.total else 0
    return on_paper and without_tax >= STAMP_FROM
