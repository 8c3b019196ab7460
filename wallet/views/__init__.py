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
    notices,
    offers,
    pay,
    points,
    proofs,
    redeem,
    safety,
    scan,
    sending,
    settings,
    shop_receipts,
    told,
    vouchers,
)
from wallet.views.frame import pages
