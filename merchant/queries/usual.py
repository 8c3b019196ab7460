"""What is usual at a shop, kept for a while: the keypad asks at each showing, and a median does not change by the minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries
from merchant.queries.sales import PAYMENTS, accounts_of
from merchant.rules.usual import asks_above

LAST = 200
"""Payments of which it is the median."""
KEPT = timedelta(minutes=10)
SHOPS_MAX = 10_000
_kept: dict[tuple[int, int], tuple[datetime, int]] = {}


def unusual_above(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> int | None:
    """Above how much (yen, the bill: coin, discount and cash) the till asks once whether it is meant; None where nothing is usual yet.

    Each server process counts for itself, at most every ten minutes a shop; while there are too few to count, at each showing.
    """
    found = _kept.get((district_id, merchant_id))
    if found is not None and timedelta() <= now - found[0] < KEPT:
        return found[1]
    accounts = accounts_of(session, district_id, merchant_id)
    rows = ledger.queries.entries(session, district_id, accounts, kinds=[*PAYMENTS], limit=LAST) if accounts else []
    bills: dict[int, int] = {}
    for row in rows:
        beside = ledger.queries.cash_of(row.facts) + int(row.facts.get("shop_part") or 0)
        bills[row.transaction_id] = bills.get(row.transaction_id, beside) + row.amount
    above = asks_above(list(bills.values()))
    if above is not None:
        if len(_kept) >= SHOPS_MAX:
            _kept.clear()
        _kept[district_id, merchant_id] = (now, above)
    return above
