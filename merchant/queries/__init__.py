"""Door 2 of the shop: everything that reads. No write, no lock."""

from merchant.queries.codes import CodeSheet, CodeTarget, code_sheet, read_code, request_token, request_url
from merchant.queries.requests import Asked, latest_request, payment_limit, request, waiting_requests
from merchant.queries.sales import (
    Arrived,
    Sale,
    SaleDetail,
    SalesFilter,
    Takings,
    arrivals,
    last_arrivals,
    owed,
    refund_limit,
    sale,
    sales,
    takings,
)
from merchant.queries.shops import Shop, merchant, payable_accounts, pseudonym_of, shop_by_number, shop_topic, shops
from merchant.queries.tills import StaffMember, TillRow, staff, staff_member, till, tills

__all__ = [
    "Arrived",
    "Asked",
    "CodeSheet",
    "CodeTarget",
    "Sale",
    "SaleDetail",
    "SalesFilter",
    "Shop",
    "StaffMember",
    "Takings",
    "TillRow",
    "arrivals",
    "code_sheet",
    "last_arrivals",
    "latest_request",
    "merchant",
    "owed",
    "payable_accounts",
    "payment_limit",
    "pseudonym_of",
    "read_code",
    "refund_limit",
    "request",
    "request_token",
    "request_url",
    "sale",
    "sales",
    "shop_by_number",
    "shop_topic",
    "shops",
    "staff",
    "staff_member",
    "takings",
    "till",
    "tills",
    "waiting_requests",
]
