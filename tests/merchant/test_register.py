"""商品レジ: receipts without a gap, in cash and in local money; what comes back goes where it came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.commands import Share
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from ledger.errors import KeyReused
from merchant.commands import Hold, Paper, Refund, ReturnGoods, Sell, Split
from merchant.errors import (
    BillDiffers,
    CashBackTooLarge,
    HeldBillGone,
    ReceiptUnknown,
    RefundNeedsOwner,
    RegisterIsOld,
    RequestCancelled,
    RequestExpired,
    RequestPaid,
    ReturnWrong,
    TendersWrong,
    TillUnknown,
)
from merchant.queries import Asked, ReceiptRow, RegisterChoice
from merchant.rules.bill import Bill, Off
from merchant.rules.invoice import Line
from merchant.schemas import HoldSchema
from tests.merchant.test_pages import Tablet
from tests.town import CASHIER_PIN, OWNER_PIN, Shop, Till, Town
from wallet.commands import PayByCode, Taken
from wallet.errors import AlreadyPaid
from wallet.queries import ConsentView

SOUVENIRS = Bill((Line("まんじゅう 4個箱", 2, 540, 8), Line("絵はがき", 1, 200, 10)), (None, None), (), False, "inclusive", "floor")
"""1,280 yen."""


@pytest.fixture
def shop(district: Town) -> Shop:
    """A shop whose till writes its receipts."""
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


def sells(till: Till, **changes: object) -> ReceiptRow:
    order = replace(Sell(SOUVENIRS, 1_280, 2_000, 0, uuid4()), **changes)  # type: ignore[arg-type]
    return merchant.commands.sell(till.shop.town.session, till.who, order, now=till.shop.town.now)


def asks(till: Till, **changes: object) -> Asked:
    order = replace(Sell(SOUVENIRS, 1_280, 0, 0, uuid4(), coin=1_280), **changes)  # type: ignore[arg-type]
    return merchant.commands.ask_for_bill(till.shop.town.session, till.who, order, now=till.shop.town.now)


def receipt_of(town: Town, transaction_id: int) -> ReceiptRow:
    found = merchant.queries.receipt_of_payment(town.session, town.district_id, transaction_id)
    assert found is not None and found.is_whole
    return found


def gives_back(till: Till, sale: ReceiptRow, *quantities: int, staff_id: int) -> ReceiptRow:
    order = ReturnGoods(quantities, "返品", uuid4(), staff_id, OWNER_PIN)
    town = till.shop.town
    return merchant.commands.return_goods(town.session, till.who, sale.till_id, sale.serial, order, now=town.now)


def means(slip: ReceiptRow) -> dict[str, int]:
    return {each["kind"]: each["amount"] for each in slip.content["paid"]}


def test_a_cash_sale_says_everything_and_pressed_twice_it_is_one(district: Town, till: Till) -> None:
    """お預かり 2,000, お釣り 720; tax by rate, once each; another content under the key is refused, and the book knows nothing of it."""
    key = uuid4()
    sale = sells(till, key=key)
    assert sells(till, key=key) == sale
    with pytest.raises(KeyReused):
        sells(till, key=key, received=5_000)
    said = sale.content
    assert (said["total"], said["received"], said["change"], said["tax"]) == (1_280, 2_000, 720, 98)
    assert said["by_rate"] == [[10, 200, 18, 182], [8, 1_080, 80, 1_000]]
    assert said["number"] == f"{till.shop.public_number}-{till.who.till_id}-000001"
    assert (sale.cash, sale.book, till.shop.taken()) == (1_280, 0, 0)


def test_what_does_not_add_up_is_not_sold(district: Town, shop: Shop, till: Till) -> None:
    """Another total than the till showed, too little cash, a card beyond the bill; and nothing where the old register writes receipts."""
    for wrong, changes in (
        (BillDiffers, {"total": 1_281}),
        (TendersWrong, {"received": 1_279}),
        (TendersWrong, {"card": 1_281, "received": 0}),
        (TendersWrong, {"card": 1_280, "received": 10}),
        (MeguriError, {"bill": replace(SOUVENIRS, offs=(Off(None, amount=1_281),))}),
    ):
        with pytest.raises(wrong):
            sells(till, **changes)
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=False, now=district.now)
    with pytest.raises(RegisterIsOld):
        sells(till)
    assert merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today) == []


def test_each_till_counts_without_a_gap_though_all_press_at_once(district: Town, shop: Shop, till: Till) -> None:
    """Eight sales at two tills at once, some of them refused: 1, 2, 3 … at each, every one over the digest of the one before."""
    other = shop.another_till()
    jobs = [lambda each=each, bad=bad: sells(each, total=1_281 if bad else 1_280) for each in (till, other) for bad in (0, 1, 0, 0)]
    made = [each for each in district.at_once(jobs) if isinstance(each, ReceiptRow)]
    for each in (till, other):
        mine = sorted((row for row in made if row.till_id == each.who.till_id), key=lambda row: row.serial)
        assert [row.serial for row in mine] == [1, 2, 3]
        assert [row.before for row in mine] == [None, mine[0].digest, mine[1].digest]
        assert all(row.is_whole for row in mine)


def test_the_database_keeps_receipts_as_they_are(district: Town, till: Till, owner_engine: Engine) -> None:
    """Nobody edits, deletes, skips a number or exchanges the one before, not even the owner of the tables."""
    sale = sells(till)
    again = (
        "INSERT INTO till_receipt SELECT district_id, till_id, {serial}, merchant_id, gen_random_uuid(), command_hash, kind, made_at,"
        " staff_id, total, tax, cash, card, book, NULL, NULL, NULL, content, {before}, digest FROM till_receipt"
        f" WHERE district_id = {district.district_id} AND till_id = {sale.till_id} AND serial = 1"
    )
    for statement in (
        "UPDATE till_receipt SET total = 1, cash = 1",
        "DELETE FROM till_receipt",
        "TRUNCATE till_receipt CASCADE",
        again.format(serial=3, before="digest"),
        again.format(serial=2, before="sha256('x')"),
    ):
        with owner_engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_paid_by_phone_the_receipt_is_there_with_the_payment(district: Town, till: Till) -> None:
    """500 in cash beforehand, 780 by phone: the receipt is made when the phone pays, names the money, and not before."""
    hanako = district.consumer(coins=3_000)
    asked = asks(till, coin=780, received=500)
    assert merchant.queries.last_serial(district.session, district.district_id, till.who.till_id or 0) == 0
    paid = hanako.pays(asked)
    sale = receipt_of(district, paid.transaction_id)
    assert [(each["kind"], each["name"], each["amount"]) for each in sale.content["paid"]] == [
        ("coin", "あかりコイン", 780),
        ("cash", "", 500),
    ]
    assert (sale.total, sale.cash, sale.book) == (1_280, 500, 780)
    assert sale.content["paid"][0]["number"] == ledger.queries.payment_number(paid.transaction_id)


def test_a_request_that_nobody_pays_leaves_no_receipt_and_no_number(district: Town, till: Till) -> None:
    """A failed payment has no receipt: the next sale has the next number."""
    hanako = district.consumer(coins=3_000)
    asked = asks(till)
    district.clock.advance(minutes=6)  # type: ignore[attr-defined]
    with pytest.raises(RequestExpired):
        hanako.pays(asked)
    assert sells(till).serial == 1


def test_a_bill_that_was_asked_before_midnight_is_paid_as_it_was_asked(district: Town, shop: Shop, till: Till) -> None:
    """The owner's new way of counting holds from midnight: the phone that pays a minute later pays what it was shown, at the rates that
    stood there, and the receipt is of the new day."""
    day = district.today
    late = datetime.combine(day, time(23, 58), TOKYO)
    hanako = district.consumer(coins=3_000)
    district.clock.advance(seconds=(late - district.now).total_seconds())  # type: ignore[attr-defined]
    asked = asks(till)
    district.clock.advance(minutes=3)  # type: ignore[attr-defined]
    choice = RegisterChoice(tax_inside=False, rounding="ceil")
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    sale = receipt_of(district, hanako.pays(asked).transaction_id)
    assert (sale.total, sale.content["by_rate"], sale.content["mode"]) == (1_280, [[10, 200, 18, 182], [8, 1_080, 80, 1_000]], "inclusive")
    assert tokyo_day(sale.made_at) == day + timedelta(days=1)


@pytest.mark.parametrize("borne_by", ["association", "shop"])
def test_a_coupon_is_a_means_of_payment_or_a_lower_price_by_who_bears_it(district: Town, till: Till, borne_by: str) -> None:
    """200 off 1,280: the association's coupon pays, and the tax stays; the shop's own lowers the price by rate, and the tax with it."""
    coupon = district.coupon(200, shares=(Share(borne_by, 100),), **({"shops": (till.shop.id,)} if borne_by == "shop" else {}))
    hanako = district.consumer(coins=3_000)
    hanako.claims(coupon)
    sale = receipt_of(district, hanako.pays(asks(till), coupon=coupon).transaction_id)
    if borne_by == "association":
        assert (sale.total, sale.tax, means(sale)) == (1_280, 98, {"coin": 1_080, "funded_coupon": 200})
    else:
        assert (sale.total, means(sale)) == (1_080, {"coin": 1_080})
        off = {"line": None, "amount": 200, "percent": None, "shares": [[10, 31], [8, 169]], "coupon": ["冬の湯めぐり", "Winter baths"]}
        assert sale.content["discounts"] == [off]
        assert sale.content["by_rate"] == [[10, 169, 15, 154], [8, 911, 67, 844]]


def test_a_coupon_of_a_shop_that_writes_prices_without_tax_lowers_them(district: Town, shop: Shop, till: Till) -> None:
    """1,386 with tax, 200 off: 1,186 are paid; the price falls by 184 and the tax by 16, each rate its part; nothing of it is a means."""
    choice = RegisterChoice(tax_inside=False)
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    coupon = district.coupon(200, shares=(Share("shop", 100),), shops=(till.shop.id,))
    hanako = district.consumer(coins=3_000)
    hanako.claims(coupon)
    asked = asks(till, bill=replace(SOUVENIRS, mode="exclusive"), total=1_386, coin=1_386)
    sale = receipt_of(district, hanako.pays(asked, coupon=coupon).transaction_id)
    assert (sale.total, means(sale)) == (1_186, {"coin": 1_186})
    assert sale.content["by_rate"] == [[10, 188, 17, 171], [8, 998, 73, 925]]
    [discount] = sale.content["discounts"]
    assert (discount["amount"], discount["shares"]) == (184, [[10, 29], [8, 155]])
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    gives_back(till, sale, 1, 0, staff_id=owner)
    gives_back(till, sale, 1, 1, staff_id=owner)
    assert hanako.coins() == 3_000


def test_a_coupon_that_two_bear_is_one_discount_and_one_means(district: Town, till: Till) -> None:
    """200 off, half the shop's and half the association's: the price falls by 100, and 100 more are paid by the coupon (invoice 21)."""
    shares = (Share("association", 50), Share("shop", 50))
    coupon = district.coupon(200, shares=shares, shops=(till.shop.id,))
    hanako = district.consumer(coins=3_000)
    hanako.claims(coupon)
    sale = receipt_of(district, hanako.pays(asks(till), coupon=coupon).transaction_id)
    assert (sale.total, means(sale)) == (1_180, {"coin": 1_080, "funded_coupon": 100})
    assert [each["amount"] for each in sale.content["discounts"]] == [100]
    assert sale.content["by_rate"] == [[10, 184, 16, 168], [8, 996, 73, 923]]


def test_goods_come_back_piece_by_piece_to_where_the_money_came_from(district: Town, till: Till) -> None:
    """780 by phone and 500 in cash: one box back gives each its part, the rest of all ends both at nothing, and no more comes back."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    hanako = district.consumer(coins=3_000)
    sale = receipt_of(district, hanako.pays(asks(till, coin=780, received=500)).transaction_id)
    first = gives_back(till, sale, 1, 0, staff_id=owner)
    assert (first.total, means(first), hanako.coins()) == (540, {"coin": 329, "cash": 211}, 3_000 - 780 + 329)
    assert first.content["of"]["number"] == sale.number
    last = gives_back(till, sale, 1, 1, staff_id=owner)
    assert (first.cash + last.cash, first.book + last.book, hanako.coins()) == (500, 780, 3_000)
    with pytest.raises(ReturnWrong):
        gives_back(till, sale, 1, 0, staff_id=owner)
    day = merchant.queries.day_of_receipts(
        merchant.queries.receipts_of_day(district.session, district.district_id, till.shop.id, district.today)
    )
    assert (day.sales, day.returns, day.net, day.cash) == (1_280, 1_280, 0, 0)


def test_a_refund_from_the_list_makes_its_return_slip_by_itself(district: Town, till: Till) -> None:
    """Without naming goods it is spread over the rates by what is left of them; pressed twice there is one slip."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    hanako = district.consumer(coins=3_000)
    paid = hanako.pays(asks(till))
    key = uuid4()
    back = till.refunds(paid.transaction_id, 640, staff_id=owner, pin=OWNER_PIN, key=key)
    assert till.refunds(paid.transaction_id, 640, staff_id=owner, pin=OWNER_PIN, key=key).replayed
    slip = receipt_of(district, back.transaction_id)
    assert (slip.kind, slip.total, slip.content["by_rate"]) == ("return", 640, [[10, 100, 9, 91], [8, 540, 40, 500]])
    assert len(merchant.queries.returns_of(district.session, district.district_id, slip.till_id, 1)) == 1


def test_cash_that_came_back_with_goods_is_not_given_back_again(district: Town, till: Till) -> None:
    """780 in coin and 500 in cash agreed at the till: the box's cash is gone, so the list of refunds gives back only what is left of it."""
    owner, town = till.shop.hires("店主", role="owner", pin=OWNER_PIN), district
    hanako = town.consumer(coins=780)
    asked = asks(till)
    wallet.commands.offer_split(town.session, hanako.who, asked.id, 780, now=town.now)
    merchant.commands.split_request(town.session, till.who, Split(asked.id, 780), now=town.now)
    paid = hanako.pays(merchant.queries.request(town.session, town.district_id, asked.id, now=town.now))
    gives_back(till, receipt_of(town, paid.transaction_id), 1, 0, staff_id=owner)
    detail = merchant.queries.sale(town.session, town.district_id, till.shop.id, paid.transaction_id)
    assert (detail.sale.left, detail.cash_left) == (780 - 329, 500 - 211)
    order = Refund(paid.transaction_id, 451, "返品", uuid4(), owner, OWNER_PIN, cash=500)
    with pytest.raises(CashBackTooLarge):
        merchant.commands.refund(town.session, till.who, order, now=town.now)
    merchant.commands.refund(town.session, till.who, replace(order, cash=289, key=uuid4()), now=town.now)
    slips = merchant.queries.returns_of(town.session, town.district_id, till.who.till_id or 0, 1)
    assert sum(slip.cash for slip in slips) == 500
    assert sum(slip.total for slip in slips) == 1_280


def test_a_cashiers_limit_counts_all_means_together(district: Town, till: Till) -> None:
    """Just within the limit in coin and once more in cash is twice the limit: the owner must."""
    limit = merchant.queries.refund_limit(district.session, district.district_id, now=district.now)
    cashier = till.shop.hires()
    bill = replace(SOUVENIRS, lines=(Line("会席", 1, 2 * limit, 10),), articles=(None,))
    paid = district.consumer(coins=limit).pays(asks(till, bill=bill, total=2 * limit, coin=limit, received=limit))
    sale = receipt_of(district, paid.transaction_id)
    order = ReturnGoods((1,), "返品", uuid4(), cashier, CASHIER_PIN)
    with pytest.raises(RefundNeedsOwner):
        merchant.commands.return_goods(district.session, till.who, sale.till_id, sale.serial, order, now=district.now)


def test_a_return_of_lines_that_the_receipt_does_not_have_is_refused(till: Till) -> None:
    """Too few or too many fields: an answer, not a fault."""
    owner, sale = till.shop.hires("店主", role="owner", pin=OWNER_PIN), sells(till)
    for quantities in ((1,), (1, 0, 1)):
        with pytest.raises(ReturnWrong):
            gives_back(till, sale, *quantities, staff_id=owner)


def test_a_tab_is_taken_up_once_at_whichever_till(district: Town, shop: Shop, till: Till) -> None:
    """Held at one, gone on with at the other; the first comes too late and is told so."""
    other, key, mine = shop.another_till(), uuid4(), uuid4()
    hold = Hold("2番", 1_280, {"lines": []}, key)
    for _twice in range(2):
        merchant.commands.hold_bill(district.session, till.who, hold, now=district.now)
    assert [each.name for each in merchant.queries.held_bills(district.session, district.district_id, shop.id)] == ["2番"]
    for _twice in range(2):
        assert merchant.commands.take_bill(district.session, other.who, key, key=mine, now=district.now) == {"lines": []}
    with pytest.raises(HeldBillGone):
        merchant.commands.take_bill(district.session, till.who, key, key=uuid4(), now=district.now)
    with pytest.raises(KeyReused):  # what is not kept is never said to be
        merchant.commands.hold_bill(district.session, till.who, replace(hold, total=200), now=district.now)
    assert merchant.queries.held_bills(district.session, district.district_id, shop.id) == []


def test_the_second_paper_is_no_second_original(district: Town, till: Till) -> None:
    """The first of a kind is the original, the next is marked; a press that is sent twice makes one; another shop has none of it."""
    sale = sells(till)
    key = uuid4()
    paper = Paper("ryoshusho", "山田商店", "お土産代として", key)
    places = [
        merchant.commands.make_paper(district.session, till.who, sale.till_id, sale.serial, each, now=district.now).place
        for each in (paper, paper, replace(paper, key=uuid4()), replace(paper, kind="paper", key=uuid4()))
    ]
    assert places == [1, 1, 2, 1]
    stranger = district.till()
    with pytest.raises(ReceiptUnknown):
        merchant.commands.make_paper(district.session, stranger.who, sale.till_id, sale.serial, paper, now=district.now)


def test_an_amount_typed_without_articles_is_a_bill_of_one_line(district: Town, till: Till) -> None:
    """The keypad's amount at the shop's rate, or at 8 % by its key; a code shown later pays the amount, not the rate."""
    hanako = district.consumer(coins=3_000)
    ask = merchant.commands.Ask(1_080, uuid4())
    asked = merchant.commands.ask_from_keypad(district.session, till.who, ask, 8, now=district.now)
    sale = receipt_of(district, hanako.pays(asked).transaction_id)
    assert (sale.content["lines"][0][0], sale.content["by_rate"]) == ("お品代", [[8, 1_080, 80, 1_000]])


def test_the_keypads_rate_changes_on_its_day(client: FlaskClient, district: Town, shop: Shop, till: Till) -> None:
    """Set for tomorrow on the owner's page: today's amount has today's rate, that of tomorrow the other one, and the page then shows it as
    what holds. A day that has begun is refused, and so is a day on which nothing changes."""
    desk, page, tomorrow = Tablet(client, district, owner=shop), "/shop/register", district.today + timedelta(days=1)
    form = {
        "issues": "till",
        "tax": "inside",
        "rounding": "floor",
        "keypad_name": "お品代",
        "keypad_rate": "10",
        "bag_name": "袋",
        "bag_price": "5",
    }
    for wrong in ({"next_day": district.today, "next_keypad_rate": "8"}, {"next_day": tomorrow}, {"next_bag_price": "10"}):
        assert desk.sends(page, page, **form, **wrong).status_code == 422
    assert desk.sends(page, page, **form, next_day=tomorrow, next_keypad_rate="8", next_bag_price="").status_code == 303
    rates = []
    for day in (district.today, tomorrow):
        at = datetime.combine(day, time(23 if day == district.today else 0, 5), TOKYO)
        asked = merchant.commands.ask_from_keypad(district.session, till.who, merchant.commands.Ask(1_080, uuid4()), None, now=at)
        rates.append(asked.sold["lines"][0][3])  # type: ignore[index]
    assert rates == [10, 8]
    then = merchant.queries.register_choice(district.session, district.district_id, shop.id).on(tomorrow)
    assert (then.keypad_rate, then.bag_price, then.ahead) == (8, 5, None)


def test_a_new_code_for_the_same_bill_makes_the_same_receipt(district: Town, till: Till) -> None:
    """QRを出し直す: the code before pays no more, and the receipt names the goods as before."""
    hanako = district.consumer(coins=3_000)
    first = asks(till)
    again = merchant.commands.ask_again(district.session, till.who, first.id, key=uuid4(), now=district.now)
    with pytest.raises(RequestCancelled):
        hanako.pays(first)
    assert receipt_of(district, hanako.pays(again).transaction_id).content["lines"][0][0] == "まんじゅう 4個箱"


def test_a_bill_that_was_paid_meanwhile_is_not_asked_again(district: Town, till: Till) -> None:
    """The phone pays while the clerk asks for a new code: the till hears that it is paid, and no second code is shown."""
    first = asks(till)
    district.consumer(coins=3_000).pays(first)
    with pytest.raises(RequestPaid):
        merchant.commands.ask_again(district.session, till.who, first.id, key=uuid4(), now=district.now)
    assert merchant.queries.waiting_requests(district.session, district.district_id, till.shop.id, now=district.now) == []


@pytest.mark.parametrize(
    "content", ['{"a": %s}' % ("[" * 20_000 + "]" * 20_000), '{"a": NaN}', '{"a": 1e999}', r'{"a": "\u0000"}', r'{"a": "\ud800"}']
)
def test_a_bill_that_the_database_cannot_keep_is_refused_at_the_border(content: str) -> None:
    """Nested beyond all measure, no number, no letter: a sentence, and not a fault."""
    with pytest.raises(ValidationError):
        HoldSchema().load({"name": "2番", "total": "200", "content": content, "key": str(uuid4())})


def test_a_till_that_asks_does_not_hold_up_its_own_receipts(district: Town, till: Till) -> None:
    """A receipt names its till: if whoever asks kept others from naming it, a phone that pays and a till that asks would wait for
    each other for ever."""

    def sells_quickly() -> ReceiptRow:
        district.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        return sells(till)

    with atomic(district.session):
        till.asks(500)
        (sold,) = district.at_once([sells_quickly])
    assert isinstance(sold, ReceiptRow)


def test_a_customers_code_pays_the_same_bill(district: Town, till: Till) -> None:
    """Read at the till, above the limit after the phone's yes, or by a card: the receipt is made, and the QR of the bill pays no more."""
    hanako, taro = district.consumer(coins=9_000), district.card_holder(coins=3_000)
    small = asks(till)
    taken = wallet.commands.pay_by_code(
        district.session, till.who, PayByCode(hanako.shows_code().text, 1_280, uuid4(), request_id=small.id), now=district.now
    )
    assert isinstance(taken, Taken)
    assert receipt_of(district, taken.transaction_id).content["lines"][0][0] == "まんじゅう 4個箱"
    with pytest.raises(AlreadyPaid):
        hanako.pays(small)
    feast = replace(SOUVENIRS, lines=(Line("会席", 1, 6_000, 10),), articles=(None,))
    large = asks(till, bill=feast, total=6_000, coin=6_000)
    order = PayByCode(hanako.shows_code().text, 6_000, uuid4(), request_id=large.id)
    assert isinstance(wallet.commands.pay_by_code(district.session, till.who, order, now=district.now), ConsentView)
    paid = hanako.consents()
    assert receipt_of(district, paid.transaction_id).total == 6_000
    by_card = PayByCode(taro.card.text, 1_280, uuid4(), request_id=asks(till).id)
    done = wallet.commands.pay_by_code(district.session, till.who, by_card, now=district.now)
    assert receipt_of(district, done.transaction_id).total == 1_280  # type: ignore[union-attr]
    assert merchant.queries.last_serial(district.session, district.district_id, till.who.till_id or 0) == 3


def test_what_stood_together_on_paid_receipts_is_known_by_the_shops_name_for_the_customer(district: Town, till: Till) -> None:
    """Paid by phone, articles alone: not what was typed without one, not what came back whole, not what was paid in cash."""
    hanako, taro = district.consumer(coins=9_000), district.consumer(coins=9_000)
    souvenirs = replace(SOUVENIRS, articles=(1, 2))
    hanako.pays(asks(till, bill=souvenirs))
    hanako.pays(asks(till))
    sells(till, bill=souvenirs)
    back = taro.pays(asks(till, bill=souvenirs))
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    gives_back(till, receipt_of(district, back.transaction_id), 2, 1, staff_id=owner)
    found = merchant.queries.sold_together(district.session, district.district_id, till.shop.id, district.today, district.today)
    ((customer, articles),) = found
    assert articles == ["まんじゅう 4個箱", "絵はがき"]
    names = {
        row.customer
        for row in merchant.queries.sales_of_days(district.session, district.district_id, till.shop.id, district.today, district.today)
    }
    assert customer in names


def test_whoever_shares_a_receipt_has_bought_what_stands_on_it_as_it_was_put_right(district: Town, till: Till, shop: Shop) -> None:
    """Two phones pay one bill; the next day a postcard is put right to a towel."""
    owner, guests = shop.hires("店主", role="owner", pin=OWNER_PIN), [district.consumer(coins=1_000) for _ in range(2)]
    for name, price in (("手ぬぐい", 200), ("まんじゅう 4個箱", 540)):
        facts = merchant.queries.ArticleFacts(name, "", "", price, True, 10, False, None, None, 10)
        merchant.commands.add_article(district.session, shop.owner, shop.id, facts, key=uuid4(), now=district.now)
    order = Sell(replace(SOUVENIRS, articles=(1, 2)), 1_280, 0, 0, uuid4(), coin=1_280)
    shared = merchant.commands.open_shared_bill(district.session, till.who, order, [640, 640], now=district.now)
    for guest in guests:
        asked = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)
        paid = guest.pays(asked).transaction_id
    lines = (SOUVENIRS.lines[0], Line("手ぬぐい", 1, 200, 10))
    day, wrong = district.today, receipt_of(district, paid)
    district.clock.advance(hours=24)  # type: ignore[attr-defined]
    fix = merchant.commands.Correct(lines, uuid4(), owner, OWNER_PIN)
    merchant.commands.correct_receipt(district.session, till.who, wrong.till_id, wrong.serial, fix, now=district.now)
    found = merchant.queries.sold_together(district.session, district.district_id, shop.id, day, day)
    assert [articles for _customer, articles in found] == [["まんじゅう 4個箱", "手ぬぐい"]] * 2
    assert len({customer for customer, _articles in found}) == 2


def test_the_printed_codes_payments_have_receipts_where_the_shop_says_so(district: Town, shop: Shop, till: Till) -> None:
    """None until then; from then on one line of the shop's words and rate, numbered by the till that was chosen, once for a payment."""
    hanako, key = district.consumer(coins=3_000), uuid4()
    before = hanako.pays(shop, 500)
    assert merchant.queries.receipt_of_payment(district.session, district.district_id, before.transaction_id) is None
    choice = RegisterChoice(keypad_rate=8, code_till=till.who.till_id)
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    paid = hanako.pays(shop, 1_080, key=key)
    assert hanako.pays(shop, 1_080, key=key).transaction_id == paid.transaction_id
    sale = receipt_of(district, paid.transaction_id)
    assert (sale.till_id, sale.serial, sale.content["by_rate"], means(sale)) == (
        till.who.till_id,
        1,
        [[8, 1_080, 80, 1_000]],
        {"coin": 1_080},
    )
    theirs = RegisterChoice(code_till=district.till().who.till_id)
    with pytest.raises(TillUnknown):
        merchant.commands.set_register(district.session, shop.owner, shop.id, theirs, issues=True, now=district.now)


def test_one_piece_of_a_box_comes_back_as_its_yen(till: Till) -> None:
    """135 of a box of four at 540: the slip names it and its rate, and no more comes back of the line than it was worth."""
    owner, sale = till.shop.hires("店主", role="owner", pin=OWNER_PIN), sells(till)

    def takes_back(quantities: tuple[int, ...], amounts: tuple[int, ...], key: UUID | None = None) -> ReceiptRow:
        order = ReturnGoods(quantities, "割れていた", key or uuid4(), owner, OWNER_PIN, amounts)
        town = till.shop.town
        return merchant.commands.return_goods(town.session, till.who, sale.till_id, sale.serial, order, now=town.now)

    key = uuid4()
    slip = takes_back((0, 0), (135, 0), key)
    assert takes_back((0, 0), (135, 0), key) == slip
    assert (slip.content["lines"], slip.content["by_rate"]) == ([["まんじゅう 4個箱（一部）", 1, 135, 8, None]], [[8, 135, 10, 125]])
    for too_much in ((946, 0), (0, 201)):
        with pytest.raises(ReturnWrong):
            takes_back((0, 0), too_much)
    with pytest.raises(ReturnWrong):
        takes_back((2, 0), (1, 0))
    assert takes_back((2, 1), (0, 0)).total == 1_280 - 135
