"""The desk: pages of the association, desktop first."""

from association.views import (
    approvals,
    books,
    cards,
    counter,
    coupons,
    drawers,
    home,
    notice,
    roles,
    series,
    settlement,
    shops,
    suspense,
    tokens,
)
from association.views.frame import pages

__all__ = [
    "approvals",
    "books",
    "cards",
    "counter",
    "coupons",
    "drawers",
    "home",
    "notice",
    "pages",
    "roles",
    "series",
    "settlement",
    "shops",
    "suspense",
    "tokens",
]
