"""まとめて1枚: one receipt for a table, and each guest pays the own part by phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

import merchant.commands
import merchant.queries
import wallet.commands
from base.db import atomic
from merchant.commands import CloseDay, ReturnGoods, Sell, Split
from merchant.errors import (
    RefundNeedsOwner,
    RequestCancelled,
    SharedBillClosed,
    SharedBillMoved,
    SharedBillStands,
    SharedBillUnknown,
    TendersWrong,
)
from merchant.queries import ReceiptRow, RegisterChoice, SharedRow
from merchant.rules.bill import Bill
from merchant.rules.invoice import Line
from tests.merchant.test_pages import Tablet
from tests.town import CASHIER_PIN, OWNER_PIN, Consumer, Shop, Till, Town

TABLE = Bill((Line("会席", 3, 900, 10), Line("みやげ", 1, 301, 8)), (None, None), (), False, "inclusive", "floor")
"""3,001 yen: 2,700 at 10 % and 301 at 8 %."""

SOMEBODY_WAITS_FOR_ME = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))")


@pytest.fixture
def shop(district: Town) -> Shop:
    """A shop whose till writes its receipts."""
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


def opens(till: Till, *coins: int, cash: int = 0) -> SharedRow:
    order = Sell(TABLE, 3_001, cash, 0, uuid4(), coin=sum(coins))
    return merchant.commands.open_shared_bill(till.shop.town.session, till.who, order, coins, now=till.shop.town.now)


def pays(till: Till, shared: SharedRow, guest: Consumer) -> int:
    """The till asks for the next part, and this guest's phone pays it."""
    asked = merchant.commands.ask_for_part(till.shop.town.session, till.who, shared.id, key=uuid4(), now=till.shop.town.now)
    return guest.pays(asked).transaction_id


def as_it_is(till: Till, shared: SharedRow) -> SharedRow:
    return merchant.queries.shared_bill(till.shop.town.session, till.shop.town.district_id, till.shop.id, shared.id)


def receipts(till: Till) -> list[ReceiptRow]:
    town = till.shop.town
    return merchant.queries.receipts_of_day(town.session, town.district_id, till.shop.id, town.today)


def test_three_phones_and_one_receipt(district: Town, till: Till) -> None:
    """Nothing is written before the last has paid; then the tax is rounded once, and the same receipt is in each guest's history."""
    guests = [district.consumer(coins=2_000) for _ in range(3)]
    shared = opens(till, 1_001, 1_000, 1_000)
    paid = [pays(till, shared, guest) for guest in guests[:2]]
    assert receipts(till) == []
    assert (
        as_it_is(till, shared).due,
        [each.id for each in merchant.queries.open_shared_bills(district.session, district.district_id, till.shop.id)],
    ) == ((1_000,), [shared.id])
    paid.append(pays(till, shared, guests[2]))
    (row,) = receipts(till)
    said = row.content
    assert said["by_rate"] == [[10, 2_700, 245, 2_455], [8, 301, 22, 279]]
    assert (said["total"], said["tax"], [each["amount"] for each in said["paid"]]) == (3_001, 267, [1_001, 1_000, 1_000])
    assert len({each["number"] for each in said["paid"]}) == 3
    for number in paid:
        assert merchant.queries.receipt_of_payment(district.session, district.district_id, number) == row
    assert (row.book, as_it_is(till, shared).serial) == (3_001, row.serial)
    assert merchant.queries.open_shared_bills(district.session, district.district_id, till.shop.id) == []


def test_a_part_goes_back_to_the_wallet_that_paid_it(district: Town, till: Till) -> None:
    """Cash and two phones. One phone's part is refunded from the list; then the goods come back, and each means gets what is left of it."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    hanako, taro = district.consumer(coins=2_000), district.consumer(coins=2_000)
    shared = opens(till, 1_000, 1_000, cash=1_001)
    first, second = pays(till, shared, hanako), pays(till, shared, taro)
    (sale,) = receipts(till)
    assert [(each["kind"], each["amount"]) for each in sale.content["paid"]] == [("coin", 1_000), ("coin", 1_000), ("cash", 1_001)]
    till.refunds(first, 400, staff_id=owner, pin=OWNER_PIN)
    assert (hanako.coins(), taro.coins()) == (1_400, 1_000)
    order = ReturnGoods((3, 1), "返品", uuid4(), owner, OWNER_PIN)
    slip = merchant.commands.return_goods(district.session, till.who, sale.till_id, sale.serial, order, now=district.now)
    assert (hanako.coins(), taro.coins(), slip.cash) == (2_000, 2_000, 1_001)
    assert [(each["kind"], each["amount"]) for each in slip.content["paid"]] == [("coin", 600), ("coin", 1_000), ("cash", 1_001)]
    assert merchant.commands.return_goods(district.session, till.who, sale.till_id, sale.serial, order, now=district.now) == slip
    detail = merchant.queries.sale(district.session, district.district_id, till.shop.id, second)
    back = merchant.queries.receipt_of_payment(district.session, district.district_id, detail.refunds[0].transaction_id)
    assert back == slip


def test_what_no_phone_pays_is_taken_over_the_counter(district: Town, till: Till) -> None:
    """A guest who cannot pay pays in cash, and who has paid already is on the same receipt; a QR of before asks for nothing any more."""
    hanako, taro = district.consumer(coins=2_000), district.consumer(coins=2_000)
    shared = opens(till, 1_001, 1_000, 1_000)
    pays(till, shared, hanako)
    asked = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)
    with pytest.raises(TendersWrong):
        merchant.commands.take_rest(district.session, till.who, shared.id, 2_000, "cash", 1_999, now=district.now)
    with pytest.raises(SharedBillMoved):  # the page is of before Hanako paid: 3,001 in cash were one part too much
        merchant.commands.take_rest(district.session, till.who, shared.id, 3_001, "cash", None, now=district.now)
    for _ in range(2):
        merchant.commands.take_rest(district.session, till.who, shared.id, 2_000, "cash", 5_000, now=district.now)
    (row,) = receipts(till)
    assert (row.book, row.cash, row.content["received"], row.content["change"]) == (1_001, 2_000, 5_000, 3_000)
    with pytest.raises(RequestCancelled):
        taro.pays(asked)
    assert taro.coins() == 2_000
    with pytest.raises(SharedBillClosed):
        merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)


def test_a_part_that_was_given_back_is_asked_again_and_a_bill_without_any_is_given_up(district: Town, till: Till) -> None:
    """Whoever has paid stands; given back whole, the part is due again; given back in part, its return slip comes with the receipt."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    hanako, taro = district.consumer(coins=4_000), district.consumer(coins=4_000)
    gone = opens(till, 1_001, 2_000)
    first = pays(till, gone, hanako)
    with pytest.raises(SharedBillStands):
        merchant.commands.give_up_shared_bill(district.session, till.who, gone.id, now=district.now)
    till.refunds(first, 1_001, staff_id=owner, pin=OWNER_PIN)
    assert as_it_is(till, gone).due == (1_001, 2_000)
    merchant.commands.give_up_shared_bill(district.session, till.who, gone.id, now=district.now)
    assert receipts(till) == []

    shared = opens(till, 1_001, 2_000)
    first = pays(till, shared, hanako)
    till.refunds(first, 301, staff_id=owner, pin=OWNER_PIN)
    pays(till, shared, taro)
    kinds = {row.kind: (row.total, row.book) for row in receipts(till)}
    assert kinds == {"sale": (3_001, 3_001), "return": (301, 301)}


def test_two_tills_ask_for_the_same_last_part_and_one_is_paid(district: Town, till: Till) -> None:
    """Both phones pay at once: one receipt, and the other phone has paid nothing. Another shop knows nothing of the bill."""
    other, stranger = till.shop.another_till(), district.shop().till()
    hanako, taro = district.consumer(coins=3_001), district.consumer(coins=3_001)
    shared = opens(till, 1_001, 2_000)
    pays(till, shared, district.consumer(coins=1_001))
    asked = [merchant.commands.ask_for_part(district.session, each.who, shared.id, key=uuid4(), now=district.now) for each in (till, other)]
    done = district.at_once([lambda: hanako.pays(asked[0]), lambda: taro.pays(asked[1])])
    assert sorted(isinstance(each, RequestCancelled) for each in done) == [False, True]
    assert hanako.coins() + taro.coins() == 4_002
    assert len(receipts(till)) == 1
    with pytest.raises(SharedBillUnknown):
        merchant.commands.ask_for_part(district.session, stranger.who, shared.id, key=uuid4(), now=district.now)


def test_a_part_goes_back_while_the_last_one_is_paid(district: Town, till: Till) -> None:
    """Whoever pays last waits for the refund, so that no receipt says what was given back; the part is due again."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    hanako, taro = district.consumer(coins=1_001), district.consumer(coins=2_000)
    shared = opens(till, 1_001, 2_000)
    first = pays(till, shared, hanako)
    asked = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)
    with ThreadPoolExecutor(1) as pool:
        with atomic(district.session):
            till.refunds(first, 1_001, staff_id=owner, pin=OWNER_PIN)
            last = pool.submit(district.at_once, [lambda: taro.pays(asked)])
            while not last.done() and not district.session.scalar(SOMEBODY_WAITS_FOR_ME):
                pass
        last.result()
    assert (receipts(till), as_it_is(till, shared).due, hanako.coins(), taro.coins()) == ([], (1_001,), 1_001, 0)


def test_a_second_tap_asks_for_the_same_part(district: Town, till: Till) -> None:
    """The answer was lost, the phone has paid meanwhile: the same press leads to what it asked for, also when it was the last part."""
    shared = opens(till, 1_001, 2_000)
    for _ in shared.coins:
        key = uuid4()
        asked, again = (merchant.commands.ask_for_part(district.session, till.who, shared.id, key=key, now=district.now) for _ in range(2))
        district.consumer(coins=2_000).pays(asked)
        later = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=key, now=district.now)
        assert (asked.id, again.id, later.id, later.state) == (asked.id, asked.id, asked.id, "paid")


def test_the_rest_lies_in_the_drawer_of_the_till_that_took_it(district: Town, till: Till) -> None:
    """A waiter opens the table's bill on the tablet, the guests pay what is left at the counter: drawers and reports are right."""
    counter, hanako = till.shop.another_till(), district.consumer(coins=1_001)
    shared = opens(till, 1_001, 2_000)
    pays(till, shared, hanako)
    done = merchant.commands.take_rest(district.session, counter.who, shared.id, 2_000, "cash", None, now=district.now)
    (row,) = receipts(till)
    assert (done.till_id, row.till_id, row.cash) == (counter.id, counter.id, 2_000)
    drawers = [merchant.queries.drawer_now(district.session, district.district_id, each.id).expected for each in (till, counter)]
    assert drawers == [0, 2_000]


def test_cash_beside_a_phone_lies_in_the_drawer_of_the_till_that_asked_it(district: Town, till: Till) -> None:
    """Hanako has 600 of her 1,001 and gives the rest in cash at the counter; the receipt is made at the waiter's tablet, which has none."""
    counter, hanako, taro = till.shop.another_till(), district.consumer(coins=600), district.consumer(coins=2_000)
    shared = opens(till, 1_001, 2_000)
    asked = merchant.commands.ask_for_part(district.session, counter.who, shared.id, key=uuid4(), now=district.now)
    wallet.commands.offer_split(district.session, hanako.who, asked.id, 600, now=district.now)
    merchant.commands.split_request(district.session, counter.who, Split(asked.id, 600), now=district.now)
    hanako.pays(merchant.queries.request(district.session, district.district_id, asked.id, now=district.now))
    pays(till, shared, taro)
    (row,) = receipts(till)
    drawers = [merchant.queries.drawer_now(district.session, district.district_id, each.id) for each in (till, counter)]
    assert (row.till_id, row.cash, [each.expected for each in drawers]) == (till.id, 401, [0, 401])
    why = f"割り勘の現金 {row.number}"
    assert [(each.kind, each.amount, each.reason) for drawer in drawers for each in drawer.moved] == [("out", 401, why), ("in", 401, why)]


def test_a_day_that_is_closed_over_a_shared_bill_says_so(client: FlaskClient, district: Town, till: Till) -> None:
    """レジ締め says what is open and leads there; the report names what came, and the receipt of the next day has it whole."""
    shared = opens(till, 1_001, 2_000)
    pays(till, shared, district.consumer(coins=1_001))
    merchant.commands.open_day(district.session, till.who, 10_000, key=uuid4(), now=district.now)
    other, page = till.shop.another_till(), Tablet(client, district, till=till).looks("/till/day").text
    assert ("3,001円のうち、1,001円を受け取りました" in page, f"/till/register/shared/{shared.id}" in page) == (True, True)

    def closes(at: Till, seen: int) -> dict[str, object]:
        merchant.commands.move_cash(district.session, at.who, "in", 1, "両替", key=uuid4(), now=district.now)
        order = CloseDay({}, seen, "", uuid4())
        return merchant.commands.close_day(district.session, at.who, order, now=district.now).content

    assert (closes(till, 0)["shared"], "shared" in closes(other, 0)) == ([1, 1_001], False)
    assert "割り勘の途中" in Tablet(client, district, till=till).looks(f"/till/day/{till.id}/1").text
    merchant.commands.take_rest(district.session, till.who, shared.id, 2_000, "cash", None, now=district.now)
    said = closes(till, 1)
    assert (said["sales"], said["by_means"], "shared" in said) == (
        [1, 3_001],
        [["cash", "", 2_000], ["coin", "あかりコイン", 1_001]],
        False,
    )


def test_a_cashiers_limit_is_that_of_the_bill_and_not_of_each_phone(district: Town, till: Till) -> None:
    """Three parts of the limit: one goes back before the receipt is there and counts, the yen after it is the owner's, of whichever part,
    and of two at once one is."""
    limit = merchant.queries.refund_limit(district.session, district.district_id, now=district.now)
    cashier, owner = till.shop.hires(), till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    guests = [district.consumer(coins=limit) for _ in range(3)]
    bill = Bill((Line("会席", 3, limit, 10),), (None,), (), False, "inclusive", "floor")
    order = Sell(bill, 3 * limit, 0, 0, uuid4(), coin=3 * limit)
    shared = merchant.commands.open_shared_bill(district.session, till.who, order, [limit] * 3, now=district.now)
    paid = [pays(till, shared, guest) for guest in guests[:2]]
    till.refunds(paid[0], limit - 2, staff_id=cashier, pin=CASHIER_PIN)
    with pytest.raises(RefundNeedsOwner):
        till.refunds(paid[1], 3, staff_id=cashier, pin=CASHIER_PIN)
    paid.append(pays(till, shared, guests[2]))
    answers = district.at_once([lambda part=part: till.refunds(part, 2, staff_id=cashier, pin=CASHIER_PIN) for part in paid[1:]])
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundNeedsOwner", "Refunded"]
    till.refunds(paid[2], 1, staff_id=owner, pin=OWNER_PIN)
