"""What the association counts and judges, as pure functions: payment law, bank days, what a shop is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from association.rules import bank_days, deposit, draw, law, registration, zengin
from association.rules.coupons import (
    FEWEST,
    WHOLE_DAY,
    WHOLE_WEEK,
    Barrier,
    Conditions,
    Group,
    Past,
    Segment,
    Use,
    Visit,
    Visits,
    hidden,
    in_tens,
    rehearse,
)
from association.rules.deposit import base_date_before
from association.rules.law import (
    ITEMS,
    ONLY_REGULATED,
    SHARDS_MAX,
    Limits,
    Regime,
    Split,
    add_months,
    deposit_due,
    exempt,
    last_exempt_day,
    limits_broken,
    missing_items,
    regime,
    required_deposit,
    split_discount,
    stock_in_shards,
)
from association.rules.vouchers import Unspent, final_day, is_for, premium_used, unspent, usual_last_day

__all__ = [
    "FEWEST",
    "ITEMS",
    "ONLY_REGULATED",
    "RULES",
    "SHARDS_MAX",
    "WHOLE_DAY",
    "WHOLE_WEEK",
    "Barrier",
    "Conditions",
    "Group",
    "Limits",
    "Past",
    "Regime",
    "Segment",
    "Split",
    "Unspent",
    "Use",
    "Visit",
    "Visits",
    "add_months",
    "base_date_before",
    "deposit_due",
    "exempt",
    "final_day",
    "hidden",
    "in_tens",
    "is_for",
    "last_base_date",
    "last_exempt_day",
    "limits_broken",
    "missing_items",
    "premium_used",
    "regime",
    "rehearse",
    "required_deposit",
    "split_discount",
    "stock_in_shards",
    "unspent",
    "usual_last_day",
]

RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    **law.RULES,
    **deposit.RULES,
    **bank_days.RULES,
    **draw.RULES,
    **zengin.RULES,
    **registration.RULES,
}
