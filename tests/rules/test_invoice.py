"""What a receipt says in yen: the vectors, and what must hold of any bill."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from merchant.rules import RULES
from merchant.rules.invoice import BEARER_ORDER, RATES, Discount, Line, ReceiptRefused, Tender, needs_stamp, receipt, return_shares

FOLDER = Path(__file__).parents[1] / "vectors" / "invoice"
CASES = [
    (name, case)
    for name in ("receipts", "returns", "return_tenders")
    for case in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
]
lines = st.lists(st.builds(Line, st.just("x"), st.integers(1, 20), st.integers(0, 5_000), st.sampled_from(RATES)), min_size=1, max_size=8)
modes, roundings = st.sampled_from(["inclusive", "exclusive"]), st.sampled_from(["floor", "half_up", "ceil"])


@pytest.mark.parametrize(("name", "case"), CASES, ids=[case["id"] for _, case in CASES])
def test_every_vector(name, case):
    assert RULES[f"invoice.{name}"](case) == case["expect"]


@given(lines, modes, roundings, st.data())
def test_the_parts_of_any_bill_add_up(lines, mode, rounding, data):
    """Net and tax make gross, discounts are spread to the yen, and tax is rounded once a rate: never a yen off the exact tax."""
    whole = sum(line.amount for line in lines)
    assume(whole)
    off = data.draw(st.integers(1, whole))
    done = receipt(lines, [Discount("whole", off)], mode=mode, rounding=rounding)
    assert sum(sum(share.values()) for share in done.shares) == off == sum(row.discount for row in done.by_rate)
    for row in done.by_rate:
        assert row.net + row.tax == row.gross and min(row.net, row.tax, row.gross, row.discount) >= 0
        base = row.gross if mode == "inclusive" else row.net
        assert abs(row.tax * (100 + row.rate if mode == "inclusive" else 100) - base * row.rate) < 100 + row.rate
    assert [row.rate for row in done.by_rate] == [rate for rate in RATES if any(line.rate == rate for line in lines)]


@given(st.lists(st.tuples(st.sampled_from(BEARER_ORDER), st.integers(1, 5_000)), min_size=1, max_size=5), st.data())
def test_returns_in_any_slices_restore_every_tender(sale, data):
    """However a sale is given back, no tender gets more than it gave, and at the end each has all of it."""
    tenders = [Tender(kind, amount) for kind, amount in sale]
    while left := sum(each.amount - each.returned for each in tenders):
        slice_ = data.draw(st.integers(max(1, left // 3), left))
        shares = return_shares(tenders, slice_)
        assert sum(shares) == slice_
        tenders = [Tender(each.kind, each.amount, each.returned + share) for each, share in zip(tenders, shares, strict=True)]
        assert all(each.returned <= each.amount for each in tenders)
    with pytest.raises(ReceiptRefused, match="return_exceeds_sale"):
        return_shares(tenders, 1)


@pytest.mark.parametrize(
    ("discounts", "tenders", "code"),
    [
        ([Discount("line", 1, line=2)], None, "bad_discount"),
        ([Discount("rate", 1, rate=0)], None, "bad_discount"),
        ([Discount("whole", 0)], None, "bad_discount"),
        ([Discount("whole", 700), Discount("line", 300, line=0)], None, "discount_exceeds_amount"),
        ([], [Tender("coupon", 870)], "bad_tender"),
        ([], [Tender("coin", 900), Tender("cash", -30)], "bad_tender"),
    ],
)
def test_what_cannot_stand_on_a_receipt(discounts, tenders, code):
    bill = [Line("弁当", 1, 540, 8), Line("ビール", 1, 330, 10)]
    with pytest.raises(ReceiptRefused, match=code):
        receipt(bill, discounts, tenders, mode="inclusive", rounding="floor")


@pytest.mark.parametrize(
    ("cash", "coin", "money_receipt", "paper", "stamp"),
    [(55_000, 0, False, True, True), (54_998, 0, False, True, False), (0, 55_000, False, True, False), (0, 55_000, True, True, True),
     (30_000, 25_000, True, True, True), (55_000, 0, True, False, False)],
)  # fmt: skip
def test_a_stamp_from_fifty_thousand_yen_without_tax(cash, coin, money_receipt, paper, stamp):
    """On paper only, and for coin only where the contract with the shops makes the slip a receipt for money."""
    tenders = [Tender(kind, amount) for kind, amount in (("coin", coin), ("cash", cash)) if amount]
    done = receipt([Line("宿泊", 1, cash + coin, 10)], (), tenders, mode="inclusive", rounding="floor")
    assert needs_stamp(done, tenders, on_paper=paper, counts_as_money_receipt=money_receipt) is stamp
