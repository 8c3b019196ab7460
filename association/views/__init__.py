"""The desk: pages of the association, desktop first."""

from association.views import (
    agents,
    approvals,
    books,
    cards,
    codes,
    counter,
    coupons,
    drawers,
    home,
    notice,
    roles,
    safe,
    series,
    settlement,
    shops,
    suspense,
    tokens,
)
from association.views.frame import pages

__all__ = [
    "agents",
    "approvals",
    "books",
    "cards",
    "codes",
    "counter",
    "coupons",
    "drawers",
    "home",
    "notice",
    "pages",
    "roles",
    "safe",
    "series",
    "settlement",
    "shops",
    "suspense",
    "tokens",
]
