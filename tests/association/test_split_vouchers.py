"""商品券 in two parts: 共通券 for all shops and 専用券 for small ones, bought, spent, given back and claimed together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands as book
import ledger.queries
import wallet.commands
from association.commands import NewCall, UndoTopUp
from association.errors import VoucherUsed, VoucherWrong
from base.clock import day_bounds, tokyo_day
from ledger.verify import verify
from tests.association.test_pages import Seat, desk
from tests.association.test_voucher_pages import FACE, OPEN, PARTS, days
from tests.association.test_vouchers import Ended, demo
from tests.town import Consumer, Shop, Town
from tests.wallet.phones import phone
from tests.wallet.test_pages import text
from tests.wallet.test_tender import NOW, account
from wallet.rules import plan_tender

__all__ = ["demo", "desk", "phone"]


class Pair:
    """A campaign that is live: 10,000 buys 専用券 8,000 and 共通券 5,000; a small shop and a large one."""

    def __init__(self, town: Town, **changes: object) -> None:
        self.town, self.id = town, town.voucher(local_face=8_000, **changes)
        self.terms = association.queries.one_voucher(town.session, town.district_id, self.id)
        assert self.terms.local_series_id is not None
        self.local: int = self.terms.local_series_id
        self.small, self.large = town.shop("小さな店"), town.shop("大きな店")
        association.commands.classify_shop(town.session, town.clerk().who, self.large.id, size="large", now=town.now)

    def buyer(self, coins: int = 0) -> Consumer:
        consumer = self.town.consumer(coins=coins)
        self.town.clerk().sells(consumer, self.id)
        return consumer

    def held(self, consumer: Consumer) -> tuple[int, int]:
        """(専用券, 共通券), in yen."""
        return consumer.coins(self.local), consumer.coins(self.id)

    def takes(self, shop: Shop, consumer: Consumer, amount: int) -> list[tuple[int, int]]:
        return [(line.series.id, line.amount) for line in consumer.plans(shop, amount).lines]


@pytest.fixture
def pair(district: Town) -> Pair:
    return Pair(district)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=4), st.integers(1, 8_000))
def test_what_was_bought_together_is_one_tender(pairs, amount):
    """Whatever ends together beside it: of each pair the restricted part is spent up before the other, and nothing comes between."""
    accounts = [
        replace(account(10 * bundle + 1 - place, held, ends=30, restricted=True), bundle=bundle, place=place)
        for bundle, both in enumerate(pairs, start=1)
        for place, held in enumerate(both)
    ]
    parts = plan_tender(amount, reversed(accounts), now=NOW).parts
    spent = {part.series_id: part.amount for part in parts}
    assert [part.series_id // 10 for part in parts] == sorted(part.series_id // 10 for part in parts)
    for bundle, (local, _common) in enumerate(pairs, start=1):
        assert not spent.get(10 * bundle) or spent.get(10 * bundle + 1, 0) == local


def test_one_purchase_gives_both_parts_and_one_press_takes_both_back(pair, district):
    """One proposal, one sale transaction of a price, a premium and two parts; used in either, the sale stands."""
    hanako, clerk = district.consumer(), district.clerk()
    sold = clerk.sells(hanako, pair.id, 2)
    assert (pair.held(hanako), sold.face, district.holds("premium", pair.id)) == ((16_000, 10_000), 26_000, 6_000)
    booked = ledger.queries.transaction(district.session, district.district_id, sold.transaction_id)
    assert [-line.amount for line in booked.lines if line.role == "consumer"] in ([16_000, 10_000], [10_000, 16_000])
    association.commands.undo_top_up(district.session, clerk.who, UndoTopUp(sold.transaction_id, "口数違い", uuid4()), now=district.now)
    assert (pair.held(hanako), clerk.cash(), district.holds("premium", pair.id)) == ((0, 0), 0, 0)
    again = clerk.sells(hanako, pair.id, 3)  # what was taken back does not count towards the limit
    hanako.pays(pair.small, 1)
    with pytest.raises(VoucherUsed):
        association.commands.undo_top_up(district.session, clerk.who, UndoTopUp(again.transaction_id, "間違い", uuid4()), now=district.now)


def test_the_restricted_part_goes_first_where_the_shop_may_take_it(pair):
    """At a small shop 専用券, 共通券, coin; at a large one 専用券 stays; left out, neither part is used; one payment may take all."""
    hanako = pair.buyer(coins=2_000)
    assert pair.takes(pair.small, hanako, 14_000) == [(pair.local, 8_000), (pair.id, 5_000), (pair.town.series_id, 1_000)]
    assert pair.takes(pair.large, hanako, 6_000) == [(pair.id, 5_000), (pair.town.series_id, 1_000)]
    [at_large] = hanako.plans(pair.large, 100).vouchers
    assert ([part.is_for_shop for part in at_large.parts], at_large.available) == ([False, True], 5_000)
    order = wallet.commands.Pay(wallet.commands.ToShop(pair.small.public_number), 1_500, uuid4(), leave_out=frozenset({pair.id}))
    wallet.commands.pay(pair.town.session, hanako.who, order, now=pair.town.now)
    assert (pair.held(hanako), hanako.coins()) == ((8_000, 5_000), 500)
    hanako.sets_pin("4826")
    hanako.pays(pair.small, 13_000, pin="4826")
    assert pair.held(hanako) == (0, 0)


def test_a_refund_goes_back_in_proportion_to_what_is_left_of_each_part(pair, district):
    """8,000 and 2,000 of a payment: 1,001 back is 801 and 200, the odd yen to the larger remainder; the last refund restores both exactly.
    Coin that was paid beside them waits until both are whole."""
    hanako = pair.buyer(coins=1_000)
    paid = hanako.pays(pair.small, 10_000)
    pair.small.refunds(paid.transaction_id, 1_001)
    assert pair.held(hanako) == (801, 3_200)
    pair.small.refunds(paid.transaction_id, 8_999)
    assert pair.held(hanako) == (8_000, 5_000)
    hanako.sets_pin("4826")
    with_coin = hanako.pays(pair.small, 13_500, pin="4826")
    pair.small.refunds(with_coin.transaction_id, 600)
    assert (hanako.coins(), pair.held(hanako)) == (500, (369, 231))
    assert (district.difference(), district.figures(pair.id).difference) == (0, 0)


def test_a_card_and_a_shown_code_take_both_parts(pair, district):
    """The phone asks with both parts, the restricted one first; the card's holder spends them in the same order."""
    hanako, till = pair.buyer(), pair.small.till()
    assert till.scans(hanako.shows_code().text, 9_000).state == "waiting"
    hanako.consents()
    assert pair.held(hanako) == (0, 4_000)
    yamada = district.card_holder()
    district.clerk().sells(yamada, pair.id)
    till.scans_card(yamada, 2_500)
    assert (yamada.coins(pair.local), yamada.coins(pair.id)) == (5_500, 5_000)


def test_the_claim_is_rounded_once_over_both_parts(pair, district):
    """Used 3,001 of one and 1,000 of the other: the town owes floor(4,001 × 3 ÷ 13) = 923, not the sum of two; the rest ends in one account
    of the campaign and is shared once."""
    hanako = pair.buyer()
    hanako.pays(pair.small, 3_001)
    hanako.pays(pair.large, 1_000)
    association.commands.book_premiums(district.session, now=district.now)
    account = association.queries.voucher_account(district.session, district.clerk().who, pair.id, now=district.now)
    assert (account.claimed, account.claims[0].booked) == (923, 923)
    assert [(part, each.used, each.unspent) for part, each in account.figures.parts] == [
        (pair.local, 3_001, 4_999),
        (pair.id, 1_000, 4_000),
    ]
    assert (account.figures.used_small, account.figures.used_large, account.figures.difference) == (3_001, 1_000, 0)
    assert account.units == ledger.queries.Units(100, 99, 1)
    with Session(district.engine) as session:
        assert list(verify(session, lambda _: None, district_id=district.district_id)) == []


@pytest.mark.parametrize(
    "changes", [{"local_face": 13_000}, {"local_face": -1}, {"local_face": 1, "shops": "small"}, {"local_face": 1, "name": "あ" * 37}]
)
def test_two_parts_make_sense(district, changes):
    """Both are worth something, one of them is for more shops than the other, and both names have room."""
    with pytest.raises(VoucherWrong):
        district.proposed_voucher(**changes)


def test_whoever_applies_reads_what_of_a_unit_is_for_whom(phone, district: Town) -> None:
    """Of 13,000 yen 8,000 are for small shops alone: the page on which people apply does not say that all of it is for every shop."""
    today = tokyo_day(district.now)
    call = NewCall("application", "none", "", today, today, day_bounds(today)[1], 5)
    sale = {"sale_first_day": today + timedelta(days=2), "sale_last_day": today + timedelta(days=30)}
    voucher = district.voucher(local_face=8_000, call=call, **sale)
    shown = text(phone(district.consumer()).opens(f"/wallet/vouchers/{voucher}"))
    assert "1口は、大型店では使えない専用券 8,000円と、共通券 5,000円（すべてのお店で使えます）です" in shown


def test_wizard_counter_phone_and_statement_show_both_parts(desk: Seat, phone, district: Town) -> None:
    """From the four steps to the statement: one campaign, of which each page shows what is for whom."""
    clerk = desk(district.clerk())
    page = "/desk/vouchers/new"
    for step in (FACE | {"local_face": "8,000"}, days(district), OPEN, PARTS | {"local_face": "8000", "shops": "all"}):
        answer = clerk.presses(page, page, **step)
        assert answer.status_code == 303, answer.text
        page = answer.headers["Location"]
    shown = clerk.sees(page).text
    for words in (
        "専用券 8,000円（中小店だけ）と共通券 5,000円",
        "支払いでは専用券から先に使います",
        "湯けむり券 専用券",
        "湯けむり券 共通券",
    ):
        assert words in shown, words
    voucher = int(clerk.presses(page, page).headers["Location"].rsplit("/", 1)[1])
    terms = association.queries.one_voucher(district.session, district.district_id, voucher)
    district.approver().approves(terms.proposal_id)
    hanako, small = district.consumer(), district.shop()
    sold = district.clerk().sells(hanako, voucher)
    assert "湯けむり券 専用券 8,000円" in text(clerk.sees(f"/desk/vouchers/sales/{sold.transaction_id}"))
    home = text(phone(hanako).opens("/wallet/"))
    assert "13,000" in home and "専用券・ 大型店では使えません 8,000" in home and "共通券・ すべてのお店で使えます 5,000" in home
    ask = small.asks(9_000)
    plan = text(phone(hanako).opens(f"/wallet/pay/request/{ask.id}"))
    assert "湯けむり券 専用券 残り 0円になります 8,000円" in plan and "専用券から先に使います" in plan
    assert "「湯けむり券」を使う（残り 13,000円）" in text(phone(hanako).opens(f"/wallet/pay/request/{ask.id}?without={voucher}"))
    phone(hanako).sends(f"/wallet/pay/request/{ask.id}", {})
    report = text(clerk.sees(f"/desk/vouchers/{voucher}/report"))
    assert "うち専用券（中小店だけ） 8,000" in report and "うち共通券 1,000" in report and "\u3000" not in report


class EndedPair(Ended):
    """As there, in two parts: five people bought 20 units each, and used 100,000 of 専用券 and 80,000 of 共通券."""

    HELD, SPENT = "consumer", "payment"

    def _buys_and_spends(self, session: Session, place: int, then: datetime) -> int:
        district_id, person = self.town.district_id, self.people[place].person_id
        drawer = book.open_account(session, district_id, "drawer", 9_000 + place, 0)
        units = [book.open_account(session, district_id, role, 0, self.terms.units_series_id) for role in ("voucher_stock", "voucher_sold")]
        mine = {part: book.open_account(session, district_id, self.HELD, person, part) for part in self.terms.faces}
        faces = [book.Line(mine[part], -20 * face) for part, face in self.terms.faces.items()]
        sale = (book.Line(drawer, 200_000), book.Line(self.terms.premium_account_id, 60_000), *faces, *book.transfer(*units, 20))
        self._post(session, "voucher_sale", sale, then, {})
        for part, amount in zip(self.terms.faces, (100_000, 80_000), strict=True):
            payable = book.open_account(session, district_id, "payable", self.shops[0].id, part)
            facts = {"merchant": self.shops[0].id, "way": "static", "shop_size": "small"}
            self._post(session, self.SPENT, book.transfer(mine[part], payable, amount), then, facts)
        return 0


def test_both_parts_end_together_and_are_shared_once(district, demo):
    """900,000 of 1,300,000 used: the town owes 207,692; both parts expire into one account of the campaign, and 307,692 was paid for."""
    ended = EndedPair(district, demo, local_face=8_000)
    ended.worker_comes_by()
    assert (ended.owed(), district.holds("breakage", ended.id)) == (207_692, 307_692)
    assert (district.holds("premium", ended.id), district.holds("voucher_expired", ended.id), district.difference()) == (0, 0, 0)
    seen = ended.account()
    assert (seen.is_over, [each.expired for _part, each in seen.figures.parts]) == (True, [300_000, 100_000])
