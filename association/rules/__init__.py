"""What the association counts and judges, as pure functions: payment law, bank days, what a shop is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from association.rules import bank_days, deposit, draw, law, registration, zengin
from association.rules.coupons import (
    FEWEST,
    KEPT_SEGMENTS,
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
    burn,
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
from association.rules.points import (
    EXTRA_MAX,
    EXTRA_MIN,
    MONTHS_MAX,
    PENDING_DAYS_MAX,
    RATE_MAX_PERCENT,
    Rate,
    Rounding,
    bonus_of,
    budget_months,
    lot_last_day,
    shares_of_points,
    spendable_from,
    spread,
    to_take_back,
)
from association.rules.vouchers import final_day, is_for, premium_used, unspent, usual_last_day

RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    **law.RULES,
    **deposit.RULES,
    **bank_days.RULES,
    **draw.RULES,
    **zengin.RULES,
    **registration.RULES,
}
