"""負担者への請求: a refund after a funder has paid is a credit on its next bill, and no funder pays for another."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association import commands, queries
from association.commands import FunderPays, PayBill, Share
from association.errors import FunderOverpaid, FunderUnknown
from association.rules.bills import allocate, asked_for
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]


def bills(town: Town) -> dict[str, queries.Bill]:
    return {bill.name: bill for bill in queries.bills(town.session, town.approver().signs_in_again().who)}


def pays(town: Town, name: str, amount: int) -> None:
    order = PayBill(bills(town)[name].funder_id, amount, "bank", uuid4())
    commands.pay_bill(town.session, town.clerk().signs_in_again().who, order, now=town.now)


def test_a_refund_after_the_bill_is_a_credit_on_the_next_one(district: Town) -> None:
    """The town has paid; the goods come back; the next bill is less by it, over another coupon of the town, and nobody else's changes."""
    shop, hanako = district.shop(), district.consumer(coins=10_000)
    first = district.coupon(200, shares=(Share("funder", 100, "灯ノ沢町"),))
    other = district.coupon(200, shares=(Share("funder", 100, "観光協会"),))
    second = district.coupon(300, shares=(Share("funder", 100, "灯ノ沢町"),))

    def uses(coupon: int) -> int:
        hanako.claims(coupon)
        return hanako.pays(shop, 1_000, coupon=coupon).transaction_id

    returned = uses(first)
    uses(other)
    assert {name: bill.asked for name, bill in bills(district).items()} == {"灯ノ沢町": 200, "観光協会": 200}
    pays(district, "灯ノ沢町", 200)
    assert bills(district)["灯ノ沢町"].asked == 0
    shop.refunds(returned, 800)
    town = bills(district)["灯ノ沢町"]
    assert (town.asked, town.credit, town.carried, bills(district)["観光協会"].asked) == (0, 200, 200, 200)
    with pytest.raises(FunderOverpaid):
        pays(district, "灯ノ沢町", 1)
    uses(second)
    town = bills(district)["灯ノ沢町"]
    assert (town.owed, town.credit, town.asked, town.carried) == (300, 200, 100, 0)
    with pytest.raises(FunderOverpaid):
        pays(district, "灯ノ沢町", 101)
    pays(district, "灯ノ沢町", 100)
    assert (bills(district)["灯ノ沢町"].asked, bills(district)["観光協会"].asked) == (0, 200), "each for itself"
    with pytest.raises(FunderUnknown):
        commands.pay_bill(district.session, district.clerk().signs_in_again().who, PayBill(2**60, 1, "bank", uuid4()), now=district.now)


def test_every_way_to_give_points_is_on_the_bill(district: Town) -> None:
    """The town pays for the programme, for points on top and for those for taking part: it is asked for all of them."""
    shares = (Share("funder", 100, "灯ノ沢町"),)
    district.points(shares=shares)
    district.point_campaign(shares=shares)
    event = district.point_event(shares=shares)
    hanako, shop = district.consumer(coins=10_000).signs_in_again(), district.shop()
    hanako.pays(shop, 1_000)
    hanako.takes_part(event.code)
    district.gives_points()
    town = bills(district)["灯ノ沢町"]
    assert sorted(line.owed for line in town.lines) == [10, 20, 50] and town.asked == 80
    pays(district, "灯ノ沢町", 80)
    assert (bills(district)["灯ノ沢町"].asked, district.holds("bank"), sum(district.event(event.id).owed.values())) == (0, 80, 0)


def test_a_bill_and_one_campaign_of_it_at_once_book_the_debt_once(district: Town) -> None:
    """Two people at two desks have the same statement of the bank before them: one of them is told that it is booked."""
    shop, hanako, clerk = district.shop(), district.consumer(coins=10_000), district.clerk().who
    coupon = district.coupon(200, shares=(Share("funder", 100, "灯ノ沢町"),))
    hanako.claims(coupon)
    hanako.pays(shop, 1_000, coupon=coupon)
    bill = PayBill(bills(district)["灯ノ沢町"].funder_id, 200, "bank", uuid4())
    part = FunderPays(coupon, 1, 200, "bank", uuid4())
    answers = district.at_once(
        [
            lambda: commands.pay_bill(district.session, clerk, bill, now=district.now),
            lambda: commands.funder_pays(district.session, clerk, part, now=district.now),
        ]
    )
    assert sum(isinstance(each, FunderOverpaid) for each in answers) == 1, answers
    assert district.holds("bank") == 200 and bills(district)["灯ノ沢町"].asked == 0


def test_the_page_books_once(desk: Seat, district: Town) -> None:
    """The amount at the top is what is asked for; pressed twice with one key it is one payment."""
    shop, hanako = district.shop(), district.consumer(coins=10_000)
    coupon = district.coupon(200, shares=(Share("funder", 100, "灯ノ沢町"),))
    hanako.claims(coupon)
    hanako.pays(shop, 1_000, coupon=coupon)
    [bill] = bills(district).values()
    at_desk, form = desk(district.clerk()), {"amount": "200", "into": "bank", "key": str(uuid4())}
    for page in ("/desk/funders", "/desk/series/new"):  # the second press comes from a page whose form is gone by now
        assert at_desk.presses(page, f"/desk/funders/{bill.funder_id}", **form).status_code == 303
    assert bills(district)["灯ノ沢町"].asked == 0
    assert "灯ノ沢町" in desk(district.another_clerk("auditor")).sees("/desk/funders").text


@given(st.lists(st.integers(-1_000, 1_000), max_size=8), st.data())
def test_a_payment_is_laid_over_what_is_owed_and_no_further(owed: list[int], data: st.DataObject) -> None:
    """To the yen, nothing on a credit, nothing beyond what each owes."""
    amount = data.draw(st.integers(0, asked_for(owed)))
    parts = allocate(owed, amount)
    assert sum(parts) == amount
    assert all(0 <= part <= max(0, each) for part, each in zip(parts, owed, strict=True))
