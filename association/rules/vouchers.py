"""What of a voucher is premium, once a campaign and never once a payment, and at which shops it can be spent. Amounts in yen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from association.rules.law import last_exempt_day

REFUND_DAYS = 30
"""How long after a campaign's last day shops may still undo what was paid with it, before its figures are called final."""


def premium_used(used: int, premium: int, face: int) -> int:
    """What of `used` yen was premium: what those who fund it owe. Rounded down, once, over all that the campaign has seen."""
    assert 0 <= premium < face, (premium, face)
    return used * premium // face


@dataclass(frozen=True, slots=True)
class Unspent:
    """What becomes of face value that was sold and never used: `premium` was never owed by anybody, `paid` is what buyers had paid."""

    premium: int
    paid: int


def unspent(sold: int, used: int, premium: int, face: int) -> Unspent:
    """Share what was not used of `sold` yen of face value; together with what was used both parts are what they were when sold.

    `sold` is whole units. The rounding of `premium_used` is the other way round here, so that no yen is lost between them.
    """
    assert 0 <= used <= sold and sold % face == 0, (sold, used, face)
    never_used = sold // face * premium - premium_used(used, premium, face)
    return Unspent(never_used, sold - used - never_used)


def final_day(last_day: date) -> date:
    """From when on the figures of a campaign are final."""
    return last_day + timedelta(days=REFUND_DAYS + 1)


def usual_last_day(sale_first_day: date) -> date:
    """What the wizard proposes: the last day that keeps the six-month exemption, counted from the first sale (payment-law 4)."""
    return last_exempt_day(sale_first_day)


def is_for(shops: str, trades: Collection[str], *, size: str, trade: str) -> bool:
    """Whether a shop takes a voucher or a coupon, or is in a campaign, that is for `all` shops, `small` ones, or those of some `trades`."""
    return {"all": True, "small": size == "small", "trades": trade in trades}[shops]
