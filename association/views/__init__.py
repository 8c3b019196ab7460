"""The desk: pages of the association, desktop first."""

from association.views import (
    approvals,
    books,
    cards,
    counter,
    coupons,
    drawers,
    find,
    home,
    log,
    notice,
    people,
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
    "find",
    "home",
    "log",
    "notice",
    "pages",
    "people",
    "roles",
    "series",
    "settlement",
    "shops",
    "suspense",
    "tokens",
]
