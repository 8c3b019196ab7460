"""What the association counts and judges, as pure functions: payment law, bank days, what a shop is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from association.rules import bank_days, law
from association.rules.law import (
    Limits,
    Regime,
    add_months,
    exempt,
    last_exempt_day,
    limits_broken,
    regime,
    split_discount,
    stock_in_shards,
)

__all__ = [
    "RULES",
    "Limits",
    "Regime",
    "add_months",
    "exempt",
    "last_exempt_day",
    "limits_broken",
    "regime",
    "split_discount",
    "stock_in_shards",
]

RULES: dict[str, Callable[[dict[str, Any]], object]] = {**law.RULES, **bank_days.RULES}
