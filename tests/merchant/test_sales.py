"""What a shop sees of what it took."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import tokyo_day
from merchant import commands, queries
from merchant.errors import NotRefundable
from merchant.queries import SalesFilter
from tests.conftest import TestClock
from tests.town import ANY_KEY, CASHIER_PIN, Town


def arrivals(district, shop, *, cursor):
    key = queries.standing(district.session, district.district_id, shop.till().id, now=district.now).pseudonym_key
    return queries.arrivals(district.session, district.district_id, shop.id, key, cursor=cursor)


def test_a_customer_has_another_name_at_each_shop(district: Town) -> None:
    """A shop recognises its regulars, and two shops cannot compare their lists."""
    hanako, taro = district.consumer(coins=5_000), district.consumer(coins=5_000, nickname="太郎")
    names = []
    for shop in (district.shop(), district.shop("ゆのや")):
        for payer in (hanako, hanako, taro):
            payer.pays(shop, 100)
        third, second, first = queries.sales(district.session, district.district_id, shop.id)
        assert first.customer == second.customer != third.customer
        names.append(first.customer)
    assert names[0] != names[1]


def test_the_list_speaks_the_books_words(district: Town) -> None:
    """Matching word, payment number, way, cashier and tablet: all from the book's own entry."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    till, sato = shop.till(), shop.hires("佐藤")
    commands.switch_staff(district.session, till.who, sato, CASHIER_PIN, now=district.now)
    asked = till.asks(700)
    receipt = hanako.pays(asked)
    (sale,) = queries.sales(district.session, district.district_id, shop.id)
    assert (sale.transaction_id, sale.amount, sale.way, sale.request_id) == (receipt.transaction_id, 700, "dynamic", str(asked.id))
    assert (sale.till_id, sale.staff_id, sale.word, sale.number) == (till.id, sato, receipt.word, receipt.number)


def test_a_payment_out_of_two_coins_is_one_line(district: Town) -> None:
    """The shop sees one payment, whatever the customer's purse looked like."""
    second = district.series("hotaru", "ほたるコイン", "Hotaru coin")
    shop, hanako = district.shop(), district.consumer(coins=300)
    district.clerk().tops_up(hanako, 700, series_id=second)
    hanako.pays(shop, 900)
    hanako.pays(shop, 50)
    assert [sale.amount for sale in queries.sales(district.session, district.district_id, shop.id)] == [50, 900]
    day = queries.takings(district.session, district.district_id, shop.id, tokyo_day(district.now))
    assert (day.payments, day.taken) == (2, 950)
    arrived = arrivals(district, shop, cursor=0).sales
    assert [sale.amount for sale in arrived] == [900, 50]


def test_a_day_adds_up(district: Town) -> None:
    """Taken, given back, and what remains; another day and another shop do not count."""
    shop, other, hanako = district.shop(), district.shop("ゆのや"), district.consumer(coins=10_000)
    first = hanako.pays(shop, 1_000)
    hanako.pays(shop, 2_000)
    hanako.pays(other, 4_000)
    shop.refunds(first.transaction_id, 300)
    today = tokyo_day(district.now)
    day = queries.takings(district.session, district.district_id, shop.id, today)
    assert (day.payments, day.taken, day.refunds, day.returned, day.net) == (2, 3_000, 1, 300, 2_700)
    assert queries.takings(district.session, district.district_id, shop.id, today - timedelta(days=1)).net == 0
    assert queries.owed(district.session, district.district_id, shop.id) == 2_700


def test_the_list_goes_on_page_by_page(district: Town) -> None:
    """Nothing is missing and nothing comes twice between two pages."""
    shop, hanako = district.shop(), district.consumer(coins=10_000)
    for amount in range(1, 8):
        hanako.pays(shop, amount)
    seen: list[int] = []
    before = None
    while page := queries.sales(district.session, district.district_id, shop.id, before=before, limit=3):
        seen += [sale.amount for sale in page]
        before = (page[-1].position, page[-1].transaction_id)
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_searching_by_amount_and_by_number(district: Town) -> None:
    """「千二百八十円のお客様」 is found by 1280, and a payment by the number that the customer reads out."""
    shop, hanako = district.shop(), district.consumer(coins=10_000)
    hanako.pays(shop, 500)
    wanted = hanako.pays(shop, 1_280)
    for only in (SalesFilter(amount=1_280), SalesFilter(transaction_id=wanted.transaction_id)):
        (found,) = queries.sales(district.session, district.district_id, shop.id, only=only)
        assert found.transaction_id == wanted.transaction_id


def test_one_payment_with_all_its_refunds(district: Town) -> None:
    """The detail shows what came, what went back and what is left; another shop's payment is not shown."""
    shop, other, hanako = district.shop(), district.shop("ゆのや"), district.consumer(coins=10_000)
    payment = hanako.pays(shop, 1_000)
    shop.refunds(payment.transaction_id, 300, reason="一つ足りない")
    shop.refunds(payment.transaction_id, 200)
    detail = queries.sale(district.session, district.district_id, shop.id, payment.transaction_id)
    assert (detail.sale.left, [back.amount for back in detail.refunds], detail.refunds[0].note) == (500, [-300, -200], "一つ足りない")
    with pytest.raises(NotRefundable):
        queries.sale(district.session, district.district_id, other.id, payment.transaction_id)


def test_nothing_is_missed_between_two_looks(district: Town) -> None:
    """A tablet that comes back with its cursor sees every payment of the meantime, in order."""
    shop, hanako = district.shop(), district.consumer(coins=10_000)
    hanako.pays(shop, 100)
    cursor = arrivals(district, shop, cursor=None).cursor
    for amount in (200, 300):
        hanako.pays(shop, amount)
    news = arrivals(district, shop, cursor=cursor)
    assert [sale.amount for sale in news.sales][-2:] == [200, 300]
    assert [sale.amount for sale in queries.last_arrivals(district.session, district.district_id, shop.id, now=district.now, count=2)] == [
        300,
        200,
    ]


def test_a_lost_answer_is_settled_by_its_key(district: Town, clock: TestClock) -> None:
    """The till asks by the key: it finds the payment, and asking again finds it again."""
    till, hanako = district.till(), district.consumer(coins=5_000)
    taken = till.scans(hanako.shows_code().text, 500, key=ANY_KEY)
    for _ in range(2):
        found = commands.settle_at_till(district.session, till.who, ANY_KEY)
        assert found is not None
        assert (found.transaction_id, found.amount) == (taken.transaction_id, 500)


def test_a_late_original_cannot_pay(district: Town) -> None:
    """The till was told that nothing was paid; the request that was lost on the way arrives afterwards and is refused."""
    till, hanako = district.till(), district.consumer(coins=5_000)
    code = hanako.shows_code().text
    assert commands.settle_at_till(district.session, till.who, ANY_KEY) is None
    with pytest.raises(Exception, match="key_closed"):
        till.scans(code, 500, key=ANY_KEY)
    assert hanako.coins() == 5_000


def test_a_key_of_another_shop_is_not_told(district: Town) -> None:
    """A till learns nothing of money that is not its shop's."""
    till, other, hanako = district.till(), district.shop("ゆのや"), district.consumer(coins=5_000)
    hanako.pays(other, 500, key=ANY_KEY)
    with pytest.raises(NotRefundable):
        commands.settle_at_till(district.session, till.who, ANY_KEY)


def test_sales_paid_out_of_two_coins_are_listed_whole(district: Town) -> None:
    """Each sale once and with its whole amount, on whatever page, and found by that amount."""
    shop = district.shop()
    second = district.series("premium", "プレミアム", "Premium")
    paid = []
    for number in range(12):
        hanako = district.consumer(coins=100)
        district.clerk().tops_up(hanako, 100, series_id=second)
        paid.append(hanako.pays(shop, 150 if number % 3 else 60).transaction_id)
    place = (district.session, district.district_id, shop.id)
    seen: list[queries.Sale] = []
    while page := queries.sales(*place, before=(seen[-1].position, seen[-1].transaction_id) if seen else None, limit=5):
        seen += page
    assert [sale.transaction_id for sale in seen] == paid[::-1]
    assert {sale.amount for sale in seen} == {150, 60}
    assert len(queries.sales(*place, only=SalesFilter(amount=150))) == 8
    assert queries.sales(*place, only=SalesFilter(amount=50)) == []
    assert [sale.amount for sale in queries.last_arrivals(*place, now=district.now)] == [150, 150, 60]


def test_a_day_by_cashier(district: Town) -> None:
    """Each payment counts for who stood there, a refund for who gave it back, and the printed code for nobody."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    till, sato, suzuki = shop.till(), shop.hires("佐藤"), shop.hires("鈴木")
    paid = []
    for staff_id, amount in ((sato, 700), (suzuki, 300), (sato, 200)):
        commands.switch_staff(district.session, till.who, staff_id, CASHIER_PIN, now=district.now)
        paid.append(hanako.pays(till.asks(amount)))
    hanako.pays(shop, 100)
    till.refunds(paid[0].transaction_id, 500, staff_id=suzuki, pin=CASHIER_PIN)
    day = tokyo_day(district.now)
    every = queries.sales_of_days(district.session, district.district_id, shop.id, day, day)
    sums = queries.takings_by_staff(day, every)
    assert {staff_id: (one.taken, one.returned, one.payments) for staff_id, one in sums.items()} == {
        sato: (900, 0, 2),
        suzuki: (300, 500, 1),
        None: (100, 0, 1),
    }
    assert list(sums) == [sato, suzuki, None]
    whole = queries.takings(district.session, district.district_id, shop.id, day)
    assert (sum(one.net for one in sums.values()), whole.net) == (800, 800)
    commands.remove_staff(district.session, shop.owner, shop.id, sato, now=district.now)
    assert queries.staff_names(district.session, district.district_id, shop.id) == {sato: "佐藤", suzuki: "鈴木"}


def test_what_is_usual_at_a_shop(district: Town, clock: TestClock) -> None:
    """From twenty payments on five times the middle one is asked about; the shop next door has its own measure."""
    shop, hanako = district.shop(), district.consumer(coins=50_000)

    def above() -> int | None:
        return queries.unusual_above(district.session, district.district_id, shop.id, now=district.now)

    for _ in range(19):
        hanako.pays(shop, 1_000)
    assert above() is None
    hanako.pays(shop, 1_000)
    assert above() == 5_000
    for _ in range(20):
        hanako.pays(shop, 1)
    assert above() == 5_000  # what was counted is kept for ten minutes
    clock.advance(minutes=10)
    assert above() == 5
    assert queries.unusual_above(district.session, district.district_id, district.shop("ゆのや").id, now=district.now) is None
