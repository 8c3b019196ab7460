"""The shop's pages: the tablet under /till, the owner's desk under /shop."""

from merchant.views import (
    agent,
    desk,
    events,
    keypad,
    pairing,
    payouts,
    practice,
    printed,
    refunds,
    requests,
    sales,
    scan,
    short,
    staff,
    tickets,
    webhooks,
    witness,
)
from merchant.views.frame import pages

__all__ = [
    "agent",
    "desk",
    "events",
    "keypad",
    "pages",
    "pairing",
    "payouts",
    "practice",
    "printed",
    "refunds",
    "requests",
    "sales",
    "scan",
    "short",
    "staff",
    "tickets",
    "webhooks",
    "witness",
]
