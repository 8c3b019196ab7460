"""A bill as the till has put it together, and what it comes to. The till's script counts the same (register/totals.js)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from merchant.rules.invoice import REDUCED, Discount, Line, Mode, ReceiptRefused, Rounding, Totals, lowered, receipt

STANDARD = 10


@dataclass(frozen=True, slots=True)
class Off:
    """A discount that the shop bears: of line number `line`, or of the whole where that is None. Yen, or a percent of what is left.

    `with_tax`: the yen are what is paid less, though the bill's prices are without tax: the shop's own coupon. It comes last.
    """

    line: int | None
    amount: int | None = None
    percent: int | None = None
    with_tax: bool = False

    def as_json(self) -> list[Any]:
        return [self.line, self.amount, self.percent, *([True] if self.with_tax else [])]


@dataclass(frozen=True, slots=True)
class Bill:
    """`lines`: prices in yen in `mode`; `articles[i]`: the number of the article of line i, None for what was typed.

    `eat_in`: eaten here; the rates of the lines say so already, the receipt names it.
    """

    lines: tuple[Line, ...]
    articles: tuple[int | None, ...]
    offs: tuple[Off, ...]
    eat_in: bool
    mode: Mode
    rounding: Rounding

    def as_json(self) -> dict[str, Any]:
        """What a request for payment keeps of it."""
        return {
            "lines": [
                [line.name, line.qty, line.unit_price, line.rate, article] for line, article in zip(self.lines, self.articles, strict=True)
            ],
            "offs": [off.as_json() for off in self.offs],
            "eat_in": self.eat_in,
            "mode": self.mode,
            "rounding": self.rounding,
        }


def bill_from(kept: Mapping[str, Any]) -> Bill:
    """The bill that `as_json` kept."""
    return Bill(
        lines=tuple(Line(*line[:4]) for line in kept["lines"]),
        articles=tuple(line[4] for line in kept["lines"]),
        offs=tuple(Off(*off) for off in kept["offs"]),
        eat_in=kept["eat_in"],
        mode=kept["mode"],
        rounding=kept["rounding"],
    )


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """`discounts[i]`: what `kept[i]`, an index of the bill's offs, is in yen. One that comes to nothing is left out."""

    totals: Totals
    discounts: tuple[Discount, ...]
    kept: tuple[int, ...]


def work_out(bill: Bill) -> WorkedOut:
    """Totals by rate, with each percent turned into yen: of what the discounts before it have left, rounded down (our choice).

    Raises ReceiptRefused, also `bad_discount` for a percent beyond 100.
    """
    if bill.mode == "exclusive" and bill.offs and bill.offs[-1].with_tax:
        return _with_coupon(bill)
    of_lines = [line.amount for line in bill.lines]
    left = sum(of_lines)
    discounts: list[Discount] = []
    kept: list[int] = []
    for index, off in enumerate(bill.offs):
        if off.line is not None and not 0 <= off.line < len(of_lines):
            raise ReceiptRefused("bad_discount")
        amount = _in_yen(off, left if off.line is None else of_lines[off.line])
        if amount == 0:
            continue
        discounts.append(Discount("whole", amount) if off.line is None else Discount("line", amount, line=off.line))
        kept.append(index)
        left -= amount
        if off.line is not None:
            of_lines[off.line] -= amount
    return WorkedOut(receipt(bill.lines, discounts, mode=bill.mode, rounding=bill.rounding), tuple(discounts), tuple(kept))


def goods(bill: Bill, done: WorkedOut, *, own_coupon: tuple[str, str] | None = None) -> dict[str, Any]:
    """What of a receipt's content says what was sold and what it came to."""
    totals = done.totals
    return {
        **bill.as_json(),
        "amounts": [line.amount for line in bill.lines],
        "discounts": [
            {
                "line": discount.line,
                "amount": discount.amount,
                "percent": bill.offs[index].percent,
                "shares": [[rate, part] for rate, part in share.items()],
                **({"coupon": list(own_coupon)} if own_coupon and index == len(bill.offs) - 1 else {}),
                **({"with_tax": bill.offs[index].amount} if bill.offs[index].with_tax and bill.mode == "exclusive" else {}),
            }
            for discount, index, share in zip(done.discounts, done.kept, totals.shares, strict=True)
        ],
        "by_rate": [[row.rate, row.gross, row.tax, row.net] for row in totals.by_rate],
        "total": totals.total,
        "tax": totals.tax,
    }


def _with_coupon(bill: Bill) -> WorkedOut:
    """The last discount is in yen with tax. One that takes off nothing but tax is no discount of a price, and is left out."""
    before = work_out(replace(bill, offs=bill.offs[:-1]))
    totals, discount = lowered(before.totals, bill.offs[-1].amount or 0, rounding=bill.rounding)
    if not discount.amount:
        return WorkedOut(replace(totals, shares=before.totals.shares), before.discounts, before.kept)
    return WorkedOut(totals, (*before.discounts, discount), (*before.kept, len(bill.offs) - 1))


def _in_yen(off: Off, base: int) -> int:
    if (off.amount is None) == (off.percent is None):
        raise ReceiptRefused("bad_discount")
    if off.amount is not None:
        if off.amount < 1:
            raise ReceiptRefused("bad_discount")
        return off.amount
    assert off.percent is not None
    if not 1 <= off.percent <= 100:
        raise ReceiptRefused("bad_discount")
    return base * off.percent // 100


def rate_of(rate: int, *, eat_in: bool, also_eaten_here: bool) -> int:
    """The rate of an article: reduced food that is eaten here has the standard one (Consumption Tax Act art. 2)."""
    return STANDARD if rate == REDUCED and eat_in and also_eaten_here else rate
