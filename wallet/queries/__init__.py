"""Door 2 of the consumer: everything that reads."""

from wallet.queries.consents import (
    ConsentView,
    consent,
    consent_at_till,
    waiting_consent,
)
from wallet.queries.coupons import CouponChoice, MyCoupon, MyCoupons, my_coupons
from wallet.queries.history import (
    Day,
    History,
    Movement,
    Search,
    history,
    latest,
    months,
    movements,
    received,
    spent,
)
from wallet.queries.home import Home, home
from wallet.queries.news import News, news
from wallet.queries.plans import (
    CouponOption,
    Plan,
    PlanLine,
    Purse,
    before_amount,
    plan_for,
    target_of_number,
    target_of_request,
)
from wallet.queries.purses import Limits, own_limits
from wallet.queries.receipts import GivenBack, Receipt, ReceiptLine, payment

__all__ = [
    "ConsentView",
    "CouponChoice",
    "CouponOption",
    "Day",
    "GivenBack",
    "History",
    "Home",
    "Limits",
    "Movement",
    "MyCoupon",
    "MyCoupons",
    "News",
    "Plan",
    "PlanLine",
    "Purse",
    "Receipt",
    "ReceiptLine",
    "Search",
    "before_amount",
    "consent",
    "consent_at_till",
    "history",
    "home",
    "latest",
    "months",
    "movements",
    "my_coupons",
    "news",
    "own_limits",
    "payment",
    "plan_for",
    "received",
    "spent",
    "target_of_number",
    "target_of_request",
    "waiting_consent",
]
