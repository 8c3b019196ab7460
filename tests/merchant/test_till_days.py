"""レジ締め: the drawer counted against its receipts, and reports that stay as they are."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pdfplumber
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import association.queries
import ledger.queries
import merchant.commands
import merchant.queries
from ledger.errors import KeyReused
from merchant.commands import CloseDay, Hold
from merchant.errors import CountMoved, DayEmpty, DayMoved, DayOpenAlready
from merchant.queries import DayReport, RegisterChoice
from tests.merchant.test_pages import Tablet
from tests.merchant.test_receipt_papers import closed_up
from tests.merchant.test_register import asks, gives_back, sells
from tests.town import OWNER_PIN, Shop, Till, Town


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


def closes(till: Till, seen: int, key: object = None, **pieces: int) -> DayReport:
    counted = {int(name[1:]): count for name, count in pieces.items()}
    order = CloseDay(counted, seen, "", key or uuid4())  # type: ignore[arg-type]
    return merchant.commands.close_day(till.shop.town.session, till.who, order, now=till.shop.town.now)


def test_a_day_adds_up_from_the_float_to_the_count(district: Town, till: Till) -> None:
    """10,000 float, a cash sale, one by phone with 500 in cash, 300 out for ice: 11,480 must be there, 11,470 are."""
    hanako, town = district.consumer(coins=3_000), district
    key = uuid4()
    for _twice in range(2):
        merchant.commands.open_day(town.session, till.who, 10_000, key=key, now=town.now)
    with pytest.raises(DayOpenAlready):
        merchant.commands.open_day(town.session, till.who, 5_000, key=uuid4(), now=town.now)
    sells(till)
    hanako.pays(asks(till, coin=780, received=500))
    key = uuid4()
    merchant.commands.move_cash(town.session, till.who, "out", 300, "氷代", key=key, now=town.now)
    with pytest.raises(KeyReused):
        merchant.commands.move_cash(town.session, till.who, "out", 300, "両替", key=key, now=town.now)
    key = uuid4()
    done = closes(till, 2, key, p10000=1, p1000=1, p100=4, p10=7)
    assert closes(till, 2, key, p10000=1, p1000=1, p100=4, p10=7) == done
    with pytest.raises(KeyReused):
        closes(till, 2, key, p10000=1)
    said = done.content
    assert (done.report, said["expected"], said["counted"], said["difference"]) == (1, 11_480, 11_470, -10)
    assert said["by_means"] == [["cash", "", 1_780], ["coin", "あかりコイン", 780]]
    assert said["by_rate"] == [[10, 400, 36], [8, 2_160, 160]]
    assert (said["sales"], said["returns"]) == ([2, 2_560], [0, 0])


def test_a_return_takes_from_every_sum_and_is_no_sale(district: Town, till: Till) -> None:
    """Two sales, one postcard back: sales stay two, the return is one, and rates, means, 分類, hour and staff are less by it."""
    owner = till.shop.hires("店主", role="owner", pin=OWNER_PIN)
    sale, _other = sells(till), sells(till)
    gives_back(till, sale, 0, 1, staff_id=owner)
    said = closes(till, 3, uuid4(), p1000=2, p100=3, p10=6).content
    assert (said["sales"], said["returns"], said["difference"]) == ([2, 2_560], [1, 200], 0)
    assert (said["by_rate"], said["by_means"]) == ([[10, 200, 18], [8, 2_160, 160]], [["cash", "", 2_360]])
    assert said["by_category"] == [["", 5, 2_360]]
    assert [sums[1:] for sums in said["by_hour"]] == [[2, 2_360]]
    assert sum(yen for _name, _sales, yen in said["by_staff"]) == 2_360


def test_cash_for_coin_that_the_shop_sells_lies_in_its_drawer(client: FlaskClient, district: Town, shop: Shop, till: Till) -> None:
    """5,000 and 3,000 sold, 3,000 undone: 5,000 must be there besides the float, and the evening's report says why."""
    shop.is_agent()
    staff, hanako, town = shop.hires("仲居"), district.consumer(), district
    merchant.commands.open_day(town.session, till.who, 10_000, key=uuid4(), now=town.now)
    key = uuid4()
    for _twice in range(2):
        till.sells(hanako, 5_000, staff_id=staff, key=key)
    mistake, key = till.sells(hanako, 3_000, staff_id=staff).transaction_id, uuid4()
    for _twice in range(2):
        till.undoes(mistake, staff_id=staff, key=key)
    assert 'data-expected="15000"' in Tablet(client, town, till=till).looks("/till/day").text
    done = closes(till, 0, p10000=1, p5000=1)
    assert (done.content["expected"], done.content["difference"]) == (15_000, 0)
    assert [each[:2] for each in done.content["moved"]] == [["open", 10_000], ["coin_in", 8_000], ["coin_out", 3_000]]
    assert merchant.queries.drawer_now(town.session, town.district_id, till.who.till_id or 0).expected == 0
    said = Tablet(client, town, till=till).looks(f"/till/day/{till.who.till_id}/1").text
    assert ("コインを売った現金" in said, "取り消したコインの返金" in said) == (True, True)


def test_a_drawer_is_counted_in_the_middle_of_the_day(client: FlaskClient, district: Town, till: Till) -> None:
    """Kept once, with what should have been there; nothing is closed, no cash has moved, and the report of the evening tells of it."""
    town, key = district, uuid4()
    merchant.commands.open_day(town.session, till.who, 10_000, key=uuid4(), now=town.now)
    sells(till)
    order = CloseDay({10_000: 1, 1_000: 1, 100: 2}, 1, "硬貨を数え直す", key)
    for _twice in range(2):
        merchant.commands.count_day(town.session, till.who, order, now=town.now)
    with pytest.raises(KeyReused):
        merchant.commands.count_day(town.session, till.who, CloseDay({10_000: 1}, 1, "", key), now=town.now)
    sells(till)
    with pytest.raises(CountMoved):
        merchant.commands.count_day(town.session, till.who, CloseDay({10_000: 1}, 1, "", uuid4()), now=town.now)
    drawer = merchant.queries.drawer_now(town.session, town.district_id, till.who.till_id or 0)
    assert [(each.counted, each.expected, each.difference) for each in drawer.counts] == [(11_200, 11_280, -80)]
    assert (drawer.expected, drawer.last_report) == (12_560, 0)
    tablet = Tablet(client, town, till=till)
    form = {"pieces": ["1", "0", "1", "1", "0", "5", "1", "1", "0", "0"], "seen_serial": 2, "reason": "", "key": str(uuid4())}
    assert tablet.sends("/till/day/count", "/till/day", **form).status_code == 303
    page = tablet.looks("/till/day").text
    assert "80円足りない" in page
    assert "1,000円多い" in page
    done = closes(till, 2, p10000=1, p1000=2, p500=1, p10=6)
    assert [each[:2] for each in done.content["counts"]] == [[11_200, 11_280], [13_560, 12_560]]
    assert "11,200円" in tablet.looks(f"/till/day/{till.who.till_id}/1").text


def test_no_receipt_is_left_out_or_counted_twice(district: Town, till: Till) -> None:
    """A sale while somebody counts is told; the next report begins where this one ended; and nothing is no day."""
    with pytest.raises(DayEmpty):
        closes(till, 0)
    sells(till)
    sells(till)
    with pytest.raises(DayMoved):
        closes(till, 1)
    first = closes(till, 2, p1000=2, p500=1, p10=6)
    sells(till)
    second = closes(till, 3, p1000=1, p100=2, p10=8)
    assert [each.content["first"][-6:] + each.content["last"][-6:] for each in (first, second)] == ["000001000002", "000003000003"]
    assert (second.report, second.content["difference"]) == (2, 0)


def test_one_till_is_closed_once_though_two_press_and_two_tills_do_not_meet(district: Town, shop: Shop, till: Till) -> None:
    """Three close the same drawer at this very moment and one the other till's: one report of each, with every receipt once."""
    other = shop.another_till()
    for each in (till, till, other):
        sells(each)
    jobs = [lambda: closes(till, 2), lambda: closes(till, 2), lambda: closes(other, 1), lambda: closes(till, 2)]
    found = district.at_once(jobs)
    made = [each for each in found if isinstance(each, DayReport)]
    assert sorted((each.till_id, each.report, each.content["sales"][0]) for each in made) == [(till.id, 1, 2), (other.id, 1, 1)]
    assert [type(each) for each in found if not isinstance(each, DayReport)] == [DayEmpty, DayEmpty]
    assert not merchant.queries.drawer_now(district.session, district.district_id, till.id).receipts


def test_one_press_that_is_sent_twice_at_once_is_one_report(district: Town, till: Till) -> None:
    """The network hesitates and the tablet sends it again: both hear of the same report."""
    sells(till)
    key = uuid4()
    first, second = district.at_once([lambda: closes(till, 1, key), lambda: closes(till, 1, key)])
    assert first == second
    assert isinstance(first, DayReport)


def test_the_report_says_what_will_be_paid_and_when(client: FlaskClient, district: Town, shop: Shop, till: Till) -> None:
    """What the association owes at the close, its closing day and pay day; what is paid in afterwards does not change it. It names the
    state of the sealed ledger."""
    district.settles_by()
    district.consumer(coins=3_000).pays(asks(till))
    district.seals()
    tablet = Tablet(client, district, till=till)
    form = {"pieces": ["0"] * 10, "seen_serial": 1, "reason": "", "key": uuid4()}
    newest = ledger.queries.newest_checkpoint(district.session, district.district_id)
    assert newest is not None
    done = tablet.sends("/till/day/close", "/till/day", **form)
    report = merchant.queries.day_report_at(district.session, district.district_id, shop.id, till.id, 1)
    closes_on, pays_on = association.queries.next_payday(district.session, district.district_id, shop.id, now=district.now) or ("", "")
    assert (report.content["owed"], report.content["payday"]) == (1_280, [str(closes_on), str(pays_on)])
    district.consumer(coins=3_000).pays(shop, 500)
    said = tablet.looks(done.location).text
    for words in ("組合からの入金予定", f"{pays_on.year}年{pays_on.month}月{pays_on.day}日", "1,280円", newest.root.hex()[:8]):  # type: ignore[union-attr]
        assert words in said, words
    assert merchant.queries.day_report_at(district.session, district.district_id, shop.id, till.id, 1) == report


def test_a_report_is_never_changed(district: Town, till: Till, owner_engine: Engine) -> None:
    """Not even by the owner of the tables."""
    sells(till)
    closes(till, 1, p1000=1)
    for statement in ("UPDATE till_drawer_event SET amount = 0", "DELETE FROM till_drawer_event", "TRUNCATE till_drawer_event"):
        with owner_engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_the_pages_of_a_day(client: FlaskClient, district: Town, till: Till) -> None:
    """Opened, moved, counted, closed, on paper; a table's tab that still waits is named; another shop's report is not to be had."""
    tablet, page = Tablet(client, district, till=till), "/till/day"
    assert tablet.sends(f"{page}/open", page, amount="10,000", key=uuid4()).status_code == 303
    assert tablet.sends(f"{page}/move", page, kind="in", amount="500", reason="両替", key=uuid4()).status_code == 303
    waits = Hold("2番", 1_280, {"lines": []}, uuid4())
    merchant.commands.hold_bill(district.session, till.who, waits, now=district.now)
    said = tablet.looks(page).text
    assert ['data-expected="10500"' in said, "取り置きのお会計が1件あります。" in said, "2番 1,280円" in said] == [True] * 3
    closed = tablet.sends(f"{page}/close", page, pieces=["1", *["0"] * 9], seen_serial="0", reason="両替の控え違い", key=uuid4())
    said = tablet.looks(closed.location).text
    assert [words in said for words in ("日計表 第1号", "両替", "−500円", "足りない")] == [True] * 4
    assert tablet.looks(f"{closed.location}.pdf").data.startswith(b"%PDF")
    assert Tablet(client, district, till=district.till()).looks(closed.location).status_code == 404


def test_what_a_removed_tablet_had_sold_gets_its_report(client: FlaskClient, district: Town, shop: Shop, till: Till) -> None:
    """Removed with its float and a sale: the owner closes it from 端末 without a count, once; a refund that comes later is for another."""
    other = shop.another_till()
    merchant.commands.open_day(district.session, other.who, 30_000, key=uuid4(), now=district.now)
    sells(other)
    hanako = district.consumer(coins=3_000)
    paid = hanako.pays(asks(other))
    desk, key = Tablet(client, district, owner=shop), uuid4()
    assert desk.sends(f"/shop/tills/{other.id}/close", "/shop/tills", key=key).status_code == 404  # it is at work
    merchant.commands.revoke_till(district.session, shop.owner, shop.id, other.id, now=district.now)
    page = desk.looks("/shop/tills").text
    assert ("レシート 2件" in page, "引き出しにあるはずの現金 31,280円" in page) == (True, True)
    for _twice in range(2):
        assert desk.sends(f"/shop/tills/{other.id}/close", "/shop/tills", key=key).status_code == 303
    [report] = [each for each in merchant.queries.day_reports(district.session, district.district_id, shop.id) if each.till_id == other.id]
    said = report.content
    assert (said["sales"], said["expected"], said["counted"], said["difference"]) == ([2, 2_560], 31_280, None, None)
    pdf = desk.looks(f"/shop/tills/{other.id}/{report.report}.pdf")
    assert "数えていない" in closed_up("".join(page.extract_text() for page in pdfplumber.open(BytesIO(pdf.data)).pages))
    assert merchant.queries.removed_unclosed(district.session, district.district_id, shop.id) == []
    with pytest.raises(DayEmpty):
        merchant.commands.close_removed(district.session, shop.owner, shop.id, other.id, key=uuid4(), now=district.now)
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    till.refunds(paid.transaction_id, 100, staff_id=owner, pin=OWNER_PIN)  # at the till that is left
    assert merchant.queries.removed_unclosed(district.session, district.district_id, shop.id) == []
