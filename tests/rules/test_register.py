"""The register's arithmetic: percents, eating here, prices with tax outside, returns line by line to the last yen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant.rules.bill import Bill, Off, bill_from, rate_of, work_out
from merchant.rules.invoice import Line, Mode, ReceiptRefused, Rounding
from merchant.rules.slip import Issuer, Made, Paid, digest_of, left_of, return_bill, returned_lines, slip, spread_lines

SHOP = Issuer("みなと屋", "Minatoya", "湯の端2-3", "0761-00-0000", "123455", "T1234567890123")


def bill(*lines: Line, offs: tuple[Off, ...] = (), mode: Mode = "inclusive") -> Bill:
    return Bill(lines, (None,) * len(lines), offs, False, mode, "floor")


def sold(one: Bill) -> dict[str, object]:
    done = work_out(one)
    made = Made(3, "店頭の端末 1", 1, "佐藤", datetime(2026, 11, 24, 3, 41, tzinfo=UTC))
    return slip("sale", SHOP, made, one, done, [Paid("cash", done.totals.total)], 10_000)


def test_a_percent_is_of_what_is_left_and_its_yen_go_by_rate() -> None:
    """10 % off a line, then 5 % off the whole of 540×2 at 8 % and 200 at 10 %: 1,080 − 108 − 58, and each rate is rounded once."""
    done = work_out(bill(Line("まんじゅう", 2, 540, 8), Line("絵はがき", 1, 200, 10), offs=(Off(0, percent=10), Off(None, percent=5))))
    assert [each.amount for each in done.discounts] == [108, 58]
    assert done.totals.shares[1] == {10: 10, 8: 48}
    assert [(row.rate, row.gross, row.tax) for row in done.totals.by_rate] == [(10, 190, 17), (8, 924, 68)]
    assert done.totals.total == 1_114


def test_a_percent_of_next_to_nothing_is_no_discount_and_a_senseless_one_is_refused() -> None:
    """1 % of 50 yen takes nothing off; 0 %, 101 %, more than the bill, or a line that is not there are refused."""
    assert work_out(bill(Line("あめ", 1, 50, 8), offs=(Off(None, percent=1),))).totals.total == 50
    for off in (Off(None, percent=0), Off(None, percent=101), Off(None, amount=51), Off(1, amount=1), Off(None), Off(0, amount=0)):
        with pytest.raises(ReceiptRefused):
            work_out(bill(Line("あめ", 1, 50, 8), offs=(off,)))


def test_eating_here_changes_the_rate() -> None:
    """What is never eaten here keeps its rate."""
    assert (rate_of(8, eat_in=True, also_eaten_here=True), rate_of(8, eat_in=True, also_eaten_here=False)) == (10, 8)


@pytest.mark.parametrize("rounding", ["floor", "half_up", "ceil"])
def test_a_coupon_of_the_shop_lowers_a_price_without_tax_by_just_its_yen(rounding: Rounding) -> None:
    """Any amount, after a percent off a line: so much less is paid whatever the rounding, and the receipt hangs together."""
    one = replace(bill(Line("まんじゅう", 2, 540, 8), Line("絵はがき", 1, 200, 10), mode="exclusive"), rounding=rounding)
    before = work_out(replace(one, offs=(Off(0, percent=3),))).totals.total
    for amount in range(1, before + 1):
        with_coupon = replace(one, offs=(Off(0, percent=3), Off(None, amount=amount, with_tax=True)))
        done = work_out(with_coupon)
        assert done.totals.total == before - amount
        assert all(row.net >= 0 and row.tax >= 0 and row.net + row.tax == row.gross for row in done.totals.by_rate)
        assert work_out(bill_from(with_coupon.as_json())) == done
        sale = sold(with_coupon)
        assert sum(yen for _pieces, yen in left_of(sale, [])) == sale["total"]
    with pytest.raises(ReceiptRefused):
        work_out(replace(one, offs=(Off(None, amount=1_400, with_tax=True),)))


LINES = st.lists(
    st.builds(Line, st.just("品"), st.integers(1, 5), st.integers(1, 5_000), st.sampled_from([10, 8, 0])), min_size=1, max_size=6
)


@given(LINES, st.integers(0, 30), st.sampled_from(["inclusive", "exclusive"]), st.data())
def test_whatever_comes_back_in_whatever_order_the_last_return_ends_at_nothing(
    lines: list[Line], percent: int, mode: Mode, data: st.DataObject
) -> None:
    """Pieces or sums, in any order: never more than was paid, and all of it to the yen."""
    one = bill(*lines, offs=(Off(None, percent=percent),) if percent else (), mode=mode)
    sale = sold(one)
    assert work_out(bill_from(sale)) == work_out(one)
    returns: list[dict[str, object]] = []
    total = 0
    while True:
        left = left_of(sale, returns)
        assert sum(yen for _pieces, yen in left) == sale["total"] - total  # type: ignore[operator]
        if not sum(yen for _pieces, yen in left):
            break
        if len(returns) == 8:  # the rest at once: thousands of returns of one yen are no example that can be drawn
            back = spread_lines(left, sum(yen for _pieces, yen in left))
        elif data.draw(st.booleans()):
            back = spread_lines(left, data.draw(st.integers(1, sum(yen for _pieces, yen in left))))
        else:
            pieces = [qty if data.draw(st.booleans()) else 0 for qty, _yen in left]
            parts = [0 if qty else data.draw(st.integers(0, yen)) for qty, (_pieces, yen) in zip(pieces, left, strict=True)]
            try:
                back = returned_lines(left, pieces, parts)
            except ReceiptRefused:
                back = spread_lines(left, sum(yen for _pieces, yen in left))
        given_back = work_out(return_bill(sale, back, "返金")).totals.total
        assert given_back == sum(yen for _index, _qty, yen in back)
        total += given_back
        returns.append({"of": {"lines": [list(each) for each in back]}})


def test_a_yen_too_much_of_one_line_is_a_yen_less_of_another() -> None:
    """A funder's part was rounded by the book, and the slip took 51 of 50: what is left can still come back, to the yen."""
    sale = sold(bill(Line("あめ", 1, 50, 8), Line("絵はがき", 1, 200, 10)))
    left = left_of(sale, [{"of": {"lines": [[0, 1, 51]]}}])
    assert left == [(0, 0), (1, 199)]
    assert returned_lines(left, [0, 1]) == [(1, 1, 199)]


def test_a_receipt_that_was_exchanged_breaks_the_chain() -> None:
    """One yen more in an old receipt, and nothing after it fits."""
    first = sold(bill(Line("あめ", 1, 50, 8)))
    digest = digest_of(None, first)
    assert digest_of(None, first | {"total": 51}) != digest
    assert digest_of(digest, first) != digest


def test_the_stamp_is_asked_from_fifty_thousand_without_tax() -> None:
    """54,998 at 10 % are 49,999 without tax; a yen more and the paper needs a stamp."""
    assert sold(bill(Line("宴会", 1, 54_998, 10)))["stamp"] is False
    assert sold(bill(Line("宴会", 1, 54_999, 10)))["stamp"] is True
