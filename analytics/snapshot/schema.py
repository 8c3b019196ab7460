"""What the columns are: tables, types, units and codes. docs/reference/columns.md tells it to outsiders; a test compares the two.

Whatever changes here changes FORMAT: columns of another format are written anew from the book.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

FORMAT = "meguri columns 5"
TOKYO_S = 32_400
"""Tokyo is nine hours ahead of UTC, and has no summer time."""

Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Payments(NamedTuple):
    """支払い, by `at` and then `seq`. All arrays are of the same length and read only."""

    seq: Int64
    """place in the sealed log"""
    at: Int64
    """seconds since 1970-01-01 UTC"""
    consumer: Int32
    """code"""
    shop: Int32
    """code"""
    yen: Int64
    """> 0: the price that was paid, discount included"""
    discount: Int64
    """>= 0: of that, what coupons paid"""
    series: Int16
    """code of the series that paid most"""


class Refunds(NamedTuple):
    """返金, by `at` and then `seq`; the month is that of the refund. `yen`: what of the price fell away, `discount` included."""

    seq: Int64
    at: Int64
    consumer: Int32
    shop: Int32
    yen: Int64
    discount: Int64
    series: Int16
    of: Int64
    """`seq` of the payment"""


class Flows(NamedTuple):
    """Whatever else moves yen, by `at`, `seq` and the order of its lines: from whom to whom, as a class and a code within it. Of a payment
    or refund with a coupon only what its funders gave or got back: with `yen` less `discount`, from the consumer to the shop or back,
    that is all of it."""

    seq: Int64
    at: Int64
    source_class: Int8
    source: Int32
    target_class: Int8
    target: Int32
    yen: Int64
    """> 0"""
    kind: Int8
    series: Int16
    """code; -1: plain yen"""


class Accounts(NamedTuple):
    """Whose each account is, in the order in which the sealed log first names them."""

    account: Int64
    """number in the book"""
    owner_class: Int8
    owner: Int32
    """code within its class; people share theirs over their classes, and so do shops"""
    series: Int16
    """code; -1: plain yen"""
    is_piece: Int8
    """1: counts pieces of a coupon or of units on sale, 0: yen"""


class SeriesTable(NamedTuple):
    """Each kind of value, by its code: in the order in which the sealed log first names one of its accounts."""

    series: Int64
    """number in the book"""
    sort: Int8
    """0 coin, 1 voucher, 2 points, 3 pieces"""


TABLES: dict[str, type[Payments] | type[Refunds] | type[Flows]] = {"payments": Payments, "refunds": Refunds, "flows": Flows}
"""By month. The others are whole."""

DTYPES: dict[str, type[np.signedinteger]] = {
    **dict.fromkeys(("seq", "at", "yen", "discount", "of", "account"), np.int64),
    **dict.fromkeys(("consumer", "shop", "source", "target", "owner"), np.int32),
    **dict.fromkeys(("source_class", "target_class", "owner_class", "kind", "is_piece", "sort"), np.int8),
    "series": np.int16,
}
UNITS = {
    "at": "seconds since 1970-01-01 UTC",
    "seq": "place in the sealed log",
    "of": "place in the sealed log",
    **dict.fromkeys(("yen", "discount"), "yen"),
}

Table = TypeVar("Table", Payments, Refunds, Flows, Accounts, SeriesTable)


def empty(table: type[Table]) -> Table:
    """No row of it."""
    return table._make(np.empty(0, DTYPES[name]) for name in table._fields)


CLASSES = (
    "other",
    "consumer",
    "payable",
    "suspense",
    "point_pending",
    "agent",
    "in_transit",
    "dispute",
    "drawer",
    "safe",
    "bank",
    "promotion",
    "funder",
    "breakage",
    "fee_income",
    "fee_tax",
    "bank_charge",
    "bank_fee",
    "interest",
    "other_income",
    "over_short",
    "top_up_code",
    "voucher_paper",
    "premium",
    "voucher_expired",
    "point_expired",
    "coupon_issued",
    "coupon_stock",
    "coupon_used",
    "voucher_units",
    "voucher_stock",
    "voucher_sold",
)
"""The number of a class is its place here: the book's roles. 0: a role that this program does not know."""
CONSUMER, SHOP, SUSPENSE, PROMOTION, FUNDER = (CLASSES.index(name) for name in ("consumer", "payable", "suspense", "promotion", "funder"))
ASSETS = tuple(
    CLASSES.index(name)
    for name in (
        *("agent", "drawer", "safe", "bank", "promotion", "funder", "bank_charge", "bank_fee", "over_short", "premium"),
        *("coupon_issued", "voucher_units"),
    )
)
"""The association's assets and expenses. All others are what it owes to somebody, and its income."""
PEOPLE, SHOPS = ("consumer", "suspense", "point_pending"), ("payable", "agent", "in_transit")
"""Classes that share their codes: one person, or one shop, is the same number in each of them."""

KINDS = (
    "other",
    "payment",
    "coupon_payment",
    "payment_again",
    "refund",
    "coupon_refund",
    "refund_late",
    "top_up",
    "top_up_large",
    "top_up_again",
    "agent_top_up",
    "agent_pays_in",
    "code_issue",
    "code_redeem",
    "code_cancel",
    "code_expiry",
    "transfer",
    "benefit",
    "benefit_return",
    "settlement",
    "payout",
    "transfer_return",
    "expiry",
    "exclude",
    "cash_refund",
    "reversal",
    "voucher_sale",
    "voucher_premium",
    "voucher_close",
    "ticket_payment",
    "ticket_release",
    "point_earn",
    "point_given",
    "point_release",
    "point_back",
    "point_close",
    "suspense_release",
    "dispute_hold",
    "dispute_release",
    "funder_pays",
    "funder_returned",
    "drawer_close",
    "drawer_float",
    "drawer_difference",
    "bank_deposit",
    "safe_difference",
    "bank_line",
    "correction",
    "coupon_issue",
    "coupon_claim",
    "voucher_issue",
    "key_closed",
)
"""The number of a kind is its place here. 0: a kind that this program does not know."""
PAYING = tuple(KINDS.index(name) for name in ("payment", "coupon_payment", "payment_again"))
GIVING_BACK = tuple(KINDS.index(name) for name in ("refund", "coupon_refund", "refund_late"))
SORTS = ("coin", "voucher", "point", "piece")
