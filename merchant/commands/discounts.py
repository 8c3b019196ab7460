"""What of a coupon's discount funders still bear of a payment, and how it goes back to them (decision 23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.commands import Line
from ledger.queries import Transaction
from merchant.commands.payment_slips import FUNDERS
from merchant.rules.refunds import in_proportion


def borne_still(payment: Transaction, refunds: Sequence[Transaction]) -> dict[int, int]:
    """What each funder's account still bears of the discount, in yen."""
    borne = {line.account_id: line.amount for line in payment.lines if line.role in FUNDERS}
    for line in (line for back in refunds for line in back.lines if line.role in FUNDERS):
        borne[line.account_id] += line.amount
    return borne


def funded_back(payment: Transaction, borne: Mapping[int, int], *, paid: int, still: int) -> int:
    """What of the discount goes back to its funders, so that what stays is in proportion to what stays paid, rounded down.

    `borne`: what they still bear; `paid`: what the customer paid; `still`: what of it stays paid after this refund, in yen.
    """
    funded = sum(line.amount for line in payment.lines if line.role in FUNDERS)
    return max(sum(borne.values()) - funded * still // paid, 0)


def undo_discount(payment: Transaction, refunds: Sequence[Transaction], borne: Mapping[int, int], back: int) -> list[Line]:
    """The lines of `back` yen to the funders, spread in proportion to what they still bear, so that nothing ever has to be asked back from
    one of them."""
    parts = in_proportion(back, list(borne.values()))
    lines = [Line(account_id, -part) for account_id, part in zip(borne, parts, strict=True) if part]
    for account_id, discount in _discounts(payment).items():  # from the accounts that got it, the last one's first
        taken = min(discount - discounts_back(payment, refunds).get(account_id, 0), back)
        if taken:
            lines.append(Line(account_id, taken))
            back -= taken
    return lines


def discounts_back(payment: Transaction, refunds: Sequence[Transaction]) -> dict[int, int]:
    """What refunds have taken of each payable account for the funders, in yen."""
    left = -sum(line.amount for back in refunds for line in back.lines if line.role in FUNDERS)
    found: dict[int, int] = {}
    for account_id, discount in _discounts(payment).items():
        found[account_id] = min(discount, left)
        left -= found[account_id]
    return {account_id: amount for account_id, amount in found.items() if amount}


def _discounts(payment: Transaction) -> dict[int, int]:
    """Of each payable account what it got besides the coin that the customer paid in its series: the discount, in yen."""
    paid: dict[int, int] = {}
    for line in payment.lines:
        if line.role == "consumer" and line.unit == 0:
            paid[line.series_id] = paid.get(line.series_id, 0) + line.amount
    got = {line.account_id: -line.amount - paid.get(line.series_id, 0) for line in payment.lines if line.role == "payable"}
    return {account_id: discount for account_id, discount in got.items() if discount}
