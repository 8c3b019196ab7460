"""A sale as the page scripts get it: numbers and moments, no sentences."""

from __future__ import annotations

from typing import Any

from merchant.queries import Sale


def sale_facts(sale: Sale) -> dict[str, Any]:
    """What a ring shows. `at` in milliseconds since 1970; amounts in yen; no person but the shop's own pseudonym.

    `amount`: the whole bill, as the till has asked for it; `discount`: what a coupon took off it.
    """
    return {
        "id": sale.transaction_id,
        "kind": sale.kind,
        "amount": sale.bill,
        "discount": sale.discount,
        "cash": sale.cash,
        "total": sale.total,
        "refunded": sale.refunded,
        "at": int(sale.posted_at.timestamp() * 1000),
        "word": sale.word,
        "number": sale.number,
        "customer": sale.customer or "—",  # tickets on paper are nobody's
        "way": sale.way,
        "till": sale.till_id,
        "request": sale.request_id,
    }
