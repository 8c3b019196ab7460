"""換金: when books are closed and paid, and what of a shop's takings becomes fee, tax, netted cash and transfer.

All amounts are whole yen. Fractions of a yen of the fee and of its tax are dropped, in the shop's favour.
Numbers in brackets are rules of rules/settlement.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from association.rules.bank_days import IsHoliday, is_bank_day, next_bank_day, previous_bank_day

BASIS_POINTS = 10_000
FEE_BP_MAX = 3_000
"""30 %: fee and its tax together always stay below what was taken."""
TAX_PERCENT = 10
"""Consumption tax on the fee (payment-law 54)."""
LARGE_TENTHS = 25
"""From two and a half times the usual on, a payout is shown as unusually large."""
DAY = timedelta(days=1)


class Closing(StrEnum):
    """締め日: when a period ends."""

    month_end = "month_end"
    half_month = "half_month"  # the 15th and the month's last day
    weekly = "weekly"
    daily = "daily"  # the eve of each bank day: what comes in while banks are closed is one closing, made on the morning after


class Shift(StrEnum):
    """Where a pay day goes on which banks are closed (24)."""

    next = "next"
    previous = "previous"


class Carry(StrEnum):
    """Why a shop's takings stay where they are until the next run."""

    nothing = "nothing"  # nothing above zero: refunds after the last payout, or no takings
    suspended = "suspended"
    closed = "closed"
    left_out = "left_out"  # whoever drafted the run left the shop out
    no_account = "no_account"  # nobody knows where to transfer it
    check_account = "check_account"  # the last transfer to its account came back
    netted = "netted"  # with the shops of the same account nothing above zero is left
    minimum = "minimum"  # below the least that is transferred, or all of it would be the bank's fee


@dataclass(frozen=True, slots=True)
class Split:
    """What becomes of a shop's payable: `payable` = net + fee + tax + agent + charge + carried, always. `charge`: 振込手数料."""

    payable: int
    fee: int = 0
    tax: int = 0
    agent: int = 0
    net: int = 0
    carried: int = 0
    charge: int = 0
    reason: Carry | None = None


def is_closing_day(day: date, closing: Closing, weekday: int, is_holiday: IsHoliday) -> bool:
    """Whether a period ends with `day`. `weekday` (0 is Monday) counts for weekly closing only, holidays for daily closing (16)."""
    month_ends = (day + DAY).day == 1
    match closing:
        case Closing.month_end:
            return month_ends
        case Closing.half_month:
            return month_ends or day.day == 15
        case Closing.weekly:
            return day.weekday() == weekday
        case Closing.daily:
            return is_bank_day(day + DAY, is_holiday)


def closing_days(first: date, last: date, closing: Closing, weekday: int, is_holiday: IsHoliday) -> list[date]:
    """The closing days from `first` to `last`, both included."""
    days = (first + step * DAY for step in range((last - first).days + 1))
    return [day for day in days if is_closing_day(day, closing, weekday, is_holiday)]


def pay_day(closes_on: date, after_days: int, shift: Shift, is_holiday: IsHoliday) -> date:
    """振込日: `after_days` after the closing day, moved to a bank day; never on or before the closing day itself (24)."""
    planned = closes_on + after_days * DAY
    moved = previous_bank_day(planned, is_holiday) if shift is Shift.previous else next_bank_day(planned, is_holiday)
    return moved if moved > closes_on else next_bank_day(planned, is_holiday)


def fee_of(amount: int, fee_bp: int) -> int:
    """加盟店手数料 without tax: `fee_bp` hundredths of a percent of `amount` > 0, fractions of a yen dropped."""
    return amount * fee_bp // BASIS_POINTS


def tax_of(fee: int) -> int:
    """Consumption tax on the fee, fractions of a yen dropped: once for each invoice."""
    return fee * TAX_PERCENT // 100


def split(payable: int, agent: int, fee_bp: int, stopped: Carry | None = None, *, feeless: int = 0) -> Split:
    """Share out what a shop is owed. `agent`: cash that it took in for the association and can be netted, ≥ 0.

    The fee is of the payable, so takings that were carried over are charged once, when they are settled. Cash is netted
    after the fee, as far as the payable reaches; the rest stays the agent's debt. `feeless`: what came back from the bank and has
    been charged before.
    """
    if stopped is not None or payable <= 0:
        return Split(payable, carried=payable, reason=stopped or Carry.nothing)
    fee = fee_of(max(payable - feeless, 0), fee_bp)
    tax = tax_of(fee)
    netted = min(agent, payable - fee - tax)
    return Split(payable, fee, tax, netted, payable - fee - tax - netted)


def usual(earlier: Sequence[int]) -> int | None:
    """The lower middle of earlier payouts: a figure that was really there. None before the first."""
    return sorted(earlier)[(len(earlier) - 1) // 2] if earlier else None


def times_usual(net: int, earlier: Sequence[int]) -> int | None:
    """How many tenths of the usual payout this is, where it is unusually large; else None."""
    before = usual(earlier)
    if not before:
        return None
    tenths = net * 10 // before
    return tenths if tenths >= LARGE_TENTHS else None
