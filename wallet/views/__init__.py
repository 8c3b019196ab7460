"""The wallet's pages, phone first."""

from wallet.views import (
    cards,
    code,
    coupons,
    events,
    gifts,
    history,
    home,
    inbox,
    offers,
    pay,
    proofs,
    redeem,
    safety,
    scan,
    sending,
    settings,
    told,
)
from wallet.views.frame import pages

__all__ = [
    "cards",
    "code",
    "coupons",
    "events",
    "gifts",
    "history",
    "home",
    "inbox",
    "offers",
    "pages",
    "pay",
    "proofs",
    "redeem",
    "safety",
    "scan",
    "sending",
    "settings",
    "told",
]
