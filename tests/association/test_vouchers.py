"""商品券: from the desk to the last yen of its premium, through the product's own doors."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands as book
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
import wallet.queries
from association.commands import Share, UndoTopUp, VoucherFunderPays, VoucherReturn
from association.errors import (
    FunderOverpaid,
    LimitsUnlawful,
    NotACoin,
    RegistrationMissing,
    VoucherLimit,
    VoucherNothingToReturn,
    VoucherNotYet,
    VoucherSaleOver,
    VoucherSaleTooLate,
    VoucherSoldOut,
    VoucherStaysVoucher,
    VoucherUnknown,
    VoucherUsed,
    VoucherWrong,
)
from association.rules import premium_used, unspent, usual_last_day
from base.clock import tokyo_day
from base.db import atomic, make_engine
from embedded import Server
from ledger.commands import Posted
from ledger.errors import DrawerFull, FloorPassed, KeyReused, SameHands
from ledger.verify import verify
from tests.faults.machine import until
from tests.merchant.test_register import asks, receipt_of
from tests.town import ANY_KEY, NOTICE, Town


def test_claim_of_a_hundred_units_rounds_once():
    """100 units of 13,000 sold at 10,000, of which 1,200,000 was used: the town owes 276,923, and no yen is lost with the rest."""
    assert premium_used(1_200_000, 3_000, 13_000) == 276_923
    rest = unspent(1_300_000, 1_200_000, 3_000, 13_000)
    assert (rest.premium, rest.paid) == (23_077, 76_923)


@given(price=st.integers(1, 30_000), premium=st.integers(1, 30_000), units=st.integers(0, 5_000), part=st.fractions(0, 1))
def test_what_was_used_and_what_was_not_are_what_was_sold(price, premium, units, part):
    """Whatever was used: both parts of it and of the rest add up to the premium granted and the price paid, and none is below zero."""
    face = price + premium
    sold = units * face
    used = int(sold * part)
    claimed, rest = premium_used(used, premium, face), unspent(sold, used, premium, face)
    assert claimed + rest.premium == units * premium
    assert used - claimed + rest.paid == units * price
    assert 0 <= claimed <= used and rest.premium >= 0 and rest.paid >= 0


@pytest.mark.parametrize(("first", "last"), [(date(2026, 8, 31), date(2027, 2, 27)), (date(2026, 12, 1), date(2027, 5, 31))])
def test_the_wizard_proposes_the_last_exempt_day(first, last):
    """Six months less a day from the first sale, month ends clipped as the law's rule does."""
    assert usual_last_day(first) == last


def test_a_campaign_lives_once_a_second_person_has_approved_it(district):
    """Proposed, nobody can buy or see it, and its maker cannot approve it; approved, the counter sells it."""
    hanako = district.consumer()
    voucher = district.proposed_voucher(key=ANY_KEY)
    assert district.proposed_voucher(key=ANY_KEY) == voucher
    with pytest.raises(KeyReused):
        district.proposed_voucher(key=ANY_KEY, units=7)
    listed = association.queries.listed_voucher(district.session, district.clerk().who, voucher, now=district.now)
    assert listed.state == "waiting"
    with pytest.raises(VoucherUnknown):
        district.clerk().sells(hanako, voucher)
    assert voucher not in {one.id for one in association.queries.public_series(district.session, district.district_id, now=district.now)}
    both = district.another_clerk("issuer", "approver")
    own = association.commands.propose_voucher(district.session, both.who, district.voucher_terms(), key=uuid4(), now=district.now)
    with pytest.raises(SameHands):
        both.approves(association.queries.one_voucher(district.session, district.district_id, own).proposal_id)
    district.approver().approves(listed.terms.proposal_id)
    assert district.clerk().sells(hanako, voucher).face == hanako.coins(voucher) == 13_000


@pytest.mark.parametrize(
    "changes",
    [
        {"face": 10_000},
        {"face": 9_000},
        {"units": 0},
        {"per_person": 101},
        {"budget": 299_999},
        {"shares": (Share("funder", 99, "町"),)},
        {"shares": (Share("association", 50), Share("shop", 50))},
        {"shares": (Share("association", 100),), "unspent_to": "funder"},
        {"shops": "trades", "trades": ("宇宙旅行",)},
        {"shops": "small", "trades": ("食堂",)},
        {"sale_last_day": date(2020, 1, 1)},
        {"last_day": date(2020, 1, 1)},
    ],
)
def test_a_campaign_makes_sense(district, changes):
    """What contradicts itself is refused at the door, whatever page it came from, and nothing is kept."""
    with pytest.raises(VoucherWrong):
        district.proposed_voucher(**changes)
    assert association.queries.listed_vouchers(district.session, district.clerk().who, now=district.now) == []


def test_nobody_may_hold_more_than_the_law_allows(district):
    """Units of one person times their face value is at most what one person may hold."""
    with pytest.raises(LimitsUnlawful):
        district.proposed_voucher(per_person=24)


def test_a_regulated_campaign_needs_the_registration(bare_district):
    """Within six months none is asked; a day longer, none is proposed without; and an approval asks again."""
    town = bare_district
    clerk = town.clerk().who
    association.commands.publish_notice(town.session, clerk, NOTICE, now=town.now)
    long = {"last_day": usual_last_day(tokyo_day(town.now)) + timedelta(days=1)}
    voucher = town.proposed_voucher(**long)
    [terms] = association.queries.voucher_terms(town.session, town.district_id, [voucher])
    assert terms.regime == "third_party"
    association.commands.publish_notice(town.session, clerk, replace(NOTICE, registration_number=None, registered_on=None), now=town.now)
    with pytest.raises(RegistrationMissing):
        town.approver().approves(terms.proposal_id)
    with pytest.raises(RegistrationMissing):
        town.proposed_voucher(**long)
    assert town.holds("voucher_units", 0, terms.units_series_id) == 0
    town.voucher()  # exempt: the same district may


def test_a_sale_books_both_halves(district):
    """Cash, premium granted and face value in one transaction; a second press sells once; the same day it can be taken back."""
    hanako, voucher = district.consumer(), district.voucher()
    clerk = district.clerk()
    sold = clerk.sells(hanako, voucher, 2, received=30_000, key=ANY_KEY)
    assert (sold.price, sold.face, sold.change) == (20_000, 26_000, 10_000)
    assert clerk.sells(hanako, voucher, 2, received=30_000, key=ANY_KEY).replayed
    assert (clerk.cash(), district.holds("premium", voucher), hanako.coins(voucher)) == (20_000, 6_000, 26_000)
    assert district.units(voucher) == ledger.queries.Units(100, 98, 2)
    undone = association.commands.undo_top_up(
        district.session, clerk.who, UndoTopUp(sold.transaction_id, "口数違い", uuid4()), now=district.now
    )
    assert isinstance(undone, Posted)
    assert (clerk.cash(), district.holds("premium", voucher), hanako.coins(voucher)) == (0, 0, 0)
    assert district.units(voucher) == ledger.queries.Units(100, 100, 0)
    clerk.sells(hanako, voucher, 3)  # what was taken back does not count towards the limit


def test_a_sale_of_which_something_was_used_stands(district):
    """Also where another unit would still be whole: the premium was a part of what was eaten."""
    hanako, voucher, bakery = district.consumer(), district.voucher(), district.shop()
    first = district.clerk().sells(hanako, voucher)
    district.clerk().sells(hanako, voucher)
    hanako.pays(bakery, 500)
    with pytest.raises(VoucherUsed):
        association.commands.undo_top_up(
            district.session, district.clerk().who, UndoTopUp(first.transaction_id, "間違い", uuid4()), now=district.now
        )


def test_nobody_buys_more_than_their_limit_even_at_two_counters_at_once(district):
    """Three a person: of five clerks who press at once, three sell; used units count."""
    hanako, voucher = district.consumer(), district.voucher(per_person=3)
    clerks = [district.another_clerk("issuer") for _ in range(5)]
    answers = district.at_once([lambda clerk=clerk: clerk.sells(hanako, voucher) for clerk in clerks])
    refused = [each for each in answers if isinstance(each, VoucherLimit)]
    assert (len(refused), hanako.coins(voucher), refused[0].facts) == (2, 39_000, {"limit": 3, "left": 0})


def test_the_last_units_are_sold_once(district):
    """Three units, and six people at two counters: three have them, the others hear how many are left."""
    voucher = district.voucher(units=3, per_person=1)
    people, clerks = [district.consumer() for _ in range(6)], [district.another_clerk("issuer") for _ in range(2)]
    answers = district.at_once([lambda n=n: clerks[n % 2].sells(people[n], voucher) for n in range(6)])
    assert sum(isinstance(each, VoucherSoldOut) for each in answers) == 3
    assert (district.units(voucher).stock, district.holds("premium", voucher)) == (0, 9_000)


def test_days_of_the_sale_are_tokyos(district):
    """Before its first day and after its last nothing is sold; what was approved too late is not approved."""
    hanako, today = district.consumer(), tokyo_day(district.now)
    later = district.voucher(sale_first_day=today + timedelta(days=1))
    with pytest.raises(VoucherNotYet):
        district.clerk().sells(hanako, later)
    now, waiting = district.voucher(sale_last_day=today), district.proposed_voucher(sale_last_day=today)
    district.clock.now += timedelta(days=1)
    with pytest.raises(VoucherSaleOver):
        district.clerk().signs_in_again().sells(hanako, now)
    [terms] = association.queries.voucher_terms(district.session, district.district_id, [waiting])
    with pytest.raises(VoucherSaleTooLate):
        district.approver().signs_in_again().approves(terms.proposal_id)


def test_a_full_drawer_sells_no_voucher(district):
    """The drawer's ceiling counts the price, as for a top-up."""
    rich, voucher = district.consumer(coins=100_000), district.voucher(price=200_000, face=240_000, per_person=1, budget=10**8)
    district.clerk().sells(district.consumer(), voucher)
    district.clerk().sells(district.consumer(), voucher)
    with pytest.raises(DrawerFull):
        district.clerk().sells(rich, voucher)


def test_coins_ways_in_do_not_give_vouchers(district):
    """A top-up of a voucher would be 13,000 for 13,000, and a code of it would have no price."""
    hanako, voucher = district.consumer(), district.voucher()
    with pytest.raises(NotACoin):
        district.clerk().tops_up(hanako, 1_000, series_id=voucher)
    with pytest.raises(NotACoin):
        district.clerk().proposes_codes(series_id=voucher)


def test_a_payment_takes_what_ends_first_and_what_few_shops_take(district):
    """Restricted before unrestricted, coin last; at a large shop the local one stays; left out, all is paid in coin."""
    hanako = district.consumer(coins=5_000)
    common, local = district.voucher(price=1_000, face=1_200), district.voucher(price=1_000, face=1_300, shops="small")
    for voucher in (common, local):
        district.clerk().sells(hanako, voucher)
    small, large = district.shop("小さな店"), district.shop("大きな店")
    association.commands.classify_shop(district.session, district.clerk().who, large.id, size="large", now=district.now)
    plan = hanako.plans(small, 3_000)
    assert [(line.series.id, line.amount) for line in plan.lines] == [(local, 1_300), (common, 1_200), (district.series_id, 500)]
    at_large = hanako.plans(large, 3_000)
    assert [(line.series.id, line.amount) for line in at_large.lines] == [(common, 1_200), (district.series_id, 1_800)]
    assert {one.terms.id: one.is_for_shop for one in at_large.vouchers} == {common: True, local: False}
    with pytest.raises(FloorPassed):
        hanako.pays(large, 6_201)
    order = wallet.commands.Pay(wallet.commands.ToShop(small.public_number), 3_000, uuid4(), leave_out=frozenset({common, local}))
    wallet.commands.pay(district.session, hanako.who, order, now=district.now)
    assert (hanako.coins(common), hanako.coins(local), hanako.coins()) == (1_200, 1_300, 2_000)
    paid = hanako.pays(large, 2_000)
    receipt = wallet.queries.payment(district.session, hanako.who, paid.transaction_id, now=district.now)
    assert [(line.series.id, line.amount) for line in receipt.lines] == [(common, 1_200), (district.series_id, 800)], "as the plan had it"


def test_of_two_that_end_together_plan_question_book_and_receipts_have_one_order(district):
    """The one that few shops take goes first, though its number is the higher; and also where the till reads the customer's code."""
    hanako, shop = district.consumer(), district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, merchant.queries.RegisterChoice(), issues=True, now=district.now)
    wallet.commands.set_limits(district.session, hanako.who, wallet.commands.SetLimits(0, 10_000), now=district.now)
    common, local = district.voucher(price=500, face=700), district.voucher(name="地元の券", price=500, face=700, shops="small")
    for voucher in (common, local):
        district.clerk().sells(hanako, voucher)
    wanted = [line.series.id for line in hanako.plans(shop, 1_280).lines]
    assert wanted == [local, common]
    bill = asks(shop.till())
    read = wallet.commands.PayByCode(hanako.shows_code().text, 1_280, uuid4(), request_id=bill.id)
    wallet.commands.pay_by_code(district.session, shop.till().who, read, now=district.now)
    asked = wallet.queries.waiting_consent(district.session, hanako.who, now=district.now)
    assert [series.id for series, _yen in asked.parts] == wanted
    paid = hanako.consents()
    assert [line.series.id for line in paid.lines] == wanted
    printed = receipt_of(district, paid.transaction_id).content["paid"]
    assert [(each["name"], each["amount"]) for each in printed] == [("地元の券", 700), ("湯けむり商品券", 580)]


def test_a_yes_and_a_refund_at_once_never_wait_for_each_other(district, superuser):
    """Who agrees over two vouchers takes the accounts in the order in which a refund takes them: while the first is somebody else's,
    the second is nobody's yet."""
    hanako, bakery = district.consumer(), district.shop()
    wallet.commands.set_limits(district.session, hanako.who, wallet.commands.SetLimits(0, 10_000), now=district.now)
    for shops in ("small", "all"):
        district.clerk().sells(hanako, district.voucher(name=shops, price=500, face=700, shops=shops))
    bakery.till().scans(hanako.shows_code().text, 1_280)
    held = ledger.queries.balances(district.session, district.district_id, "consumer", hanako.person_id)
    first, second = sorted(one.account_id for one in held if one.series.is_voucher)
    lock = text("SELECT FROM ledger.account WHERE district_id = :d AND id = :a FOR UPDATE NOWAIT")
    district.session.commit()
    with ThreadPoolExecutor(1) as pool, superuser.connect() as other, superuser.connect() as third:
        other.execute(lock, {"d": district.district_id, "a": first})
        agreed = pool.submit(hanako.consents)
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        until(lambda: third.execute(waiting).scalar_one(), "nobody waits")
        third.execute(lock, {"d": district.district_id, "a": second})
        third.rollback()
        other.rollback()
        assert agreed.result(30).amount == 1_280


def test_every_way_to_pay_takes_vouchers_and_a_refund_gives_them_back(district):
    """Printed code, request, the phone's code with its question, a card, and a coupon beside it; refunds return to the voucher."""
    hanako, voucher, bakery = district.consumer(coins=1_000), district.voucher(), district.shop()
    district.clerk().sells(hanako, voucher)
    first = hanako.pays(bakery, 1_000)
    hanako.pays(bakery.asks(1_000))
    bakery.till().scans(hanako.shows_code().text, 1_000)
    assert bakery.till().scans(hanako.shows_code().text, 4_000).state == "waiting"
    asked = wallet.queries.waiting_consent(district.session, hanako.who, now=district.now)
    assert [(series.id, amount) for series, amount in asked.parts] == [(voucher, 4_000)]
    hanako.consents()
    coupon = district.coupon(200)
    hanako.claims(coupon)
    hanako.pays(bakery, 1_200, coupon=coupon)
    assert (hanako.coins(voucher), hanako.coins()) == (5_000, 1_000)
    bakery.refunds(first.transaction_id, 600)
    assert (hanako.coins(voucher), district.difference()) == (5_600, 0)
    yamada = district.card_holder()
    district.clerk().sells(yamada, voucher)
    bakery.till().scans_card(yamada, 2_000)
    assert (yamada.coins(voucher), district.figures(voucher).used) == (11_000, 7_400 + 2_000)


def test_paying_without_a_voucher_asks_the_database_no_more_than_before(district):
    """Whoever holds none takes the same statements whether the district sells vouchers or not; whoever holds one takes one more."""
    bakery, taro, hanako = district.shop(), district.consumer(coins=5_000), district.consumer(coins=5_000)

    def statements(payer):
        seen = []
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        order = wallet.commands.Pay(wallet.commands.ToShop(bakery.public_number), 500, uuid4())
        event.listen(district.engine, "before_cursor_execute", listen)
        wallet.commands.pay(district.session, payer.who, order, now=district.now)
        event.remove(district.engine, "before_cursor_execute", listen)
        return len(seen)

    statements(taro)
    before, voucher = statements(taro), district.voucher()
    district.clerk().sells(hanako, voucher)
    assert statements(taro) == before <= 7
    statements(hanako)
    assert statements(hanako) == before + 1


class Ended:
    """A campaign that ended yesterday: five people bought all of its 100 units, 1,200,000 of it was used, half of that at a large shop."""

    def __init__(self, town: Town, demo: Engine, **changes: Any) -> None:
        self.town, today, then = town, town.clock.now, town.clock.now - timedelta(days=10)
        self.people, self.shops = [town.consumer() for _ in range(5)], [town.shop("小さな店"), town.shop("大きな店")]
        town.clock.now = then
        days = {"sale_last_day": tokyo_day(then), "last_day": tokyo_day(today - timedelta(days=1))}
        self.id = town.proposed_voucher(**({"per_person": 20} | days | changes))
        town.clock.now = today
        [self.terms] = association.queries.voucher_terms(town.session, town.district_id, [self.id])
        with Session(demo) as session, atomic(session):
            book.decide(session, town.district_id, self.terms.proposal_id, town.approver().person_id, approved=True, at=then)
            book.post_approved(session, town.district_id, self.terms.proposal_id, posted_at=then)
            self.payments = [self._buys_and_spends(session, place, then) for place in range(5)]

    def _buys_and_spends(self, session: Session, place: int, then: datetime) -> int:
        """One person buys 20 units and pays 240,000 with them: two at the small shop, two at the large one, the last at both."""
        district_id, person = self.town.district_id, self.people[place].person_id
        mine, drawer = (
            book.open_account(session, district_id, *of) for of in (("consumer", person, self.id), ("drawer", 9_000 + place, 0))
        )
        units = [book.open_account(session, district_id, role, 0, self.terms.units_series_id) for role in ("voucher_stock", "voucher_sold")]
        sale = (book.Line(drawer, 200_000), book.Line(self.terms.premium_account_id, 60_000), book.Line(mine, -260_000))
        self._post(session, "voucher_sale", (*sale, *book.transfer(*units, 20)), then, {})
        paid = 0
        for shop, amount in [(0, 120_000), (1, 120_000)] if place == 4 else [(place % 2, 240_000)]:
            payable = book.open_account(session, district_id, "payable", self.shops[shop].id, self.id)
            facts = {"merchant": self.shops[shop].id, "way": "static", "shop_size": ("small", "large")[shop]}
            paid = self._post(session, "payment", book.transfer(mine, payable, amount), then, facts)
        return paid

    def _post(self, session: Session, kind: str, lines: tuple[book.Line, ...], then: datetime, facts: dict[str, Any]) -> int:
        draft = book.Draft(kind, uuid4(), book.hash_command(kind), lines, {"till": None, "staff": None, **facts}, posted_at=then)
        return book.post(session, self.town.district_id, draft).transaction_id

    def account(self) -> association.queries.VoucherAccount:
        return association.queries.voucher_account(self.town.session, self.town.clerk().who, self.id, now=self.town.now)

    def owed(self, place: int = 1) -> int:
        """What stands on a payer's account."""
        return ledger.queries.balance(self.town.session, self.town.district_id, self.terms.parts[place - 1].account_id)

    def worker_comes_by(self, *, days: int = 0) -> None:
        """Twice, as a worker does; and what it does again changes nothing. `days`: later."""
        for _ in range(2):
            association.commands.expire(self.town.session, now=self.town.now + timedelta(days=days))
            association.commands.book_premiums(self.town.session, now=self.town.now + timedelta(days=days))


@pytest.fixture
def demo(server: Server, database: str) -> Iterator[Engine]:
    """As the role that may set the time of a posting."""
    engine = make_engine(server.url("meguri_demo", database), pool_size=2)
    yield engine
    engine.dispose()


def test_from_the_sale_to_the_last_yen(district, demo):
    """The town owes 276,923 and not a yen of premium that nobody used; breakage has 76,923; both of the campaign's accounts are empty."""
    ended = Ended(district, demo)
    seen = ended.account()
    figures = seen.figures
    assert (figures.sold, figures.used_small, figures.used_large, figures.unspent) == (1_300_000, 600_000, 600_000, 100_000)
    assert (seen.claimed, seen.is_over, figures.difference, seen.units) == (276_923, False, 0, ledger.queries.Units(100, 0, 100))
    assert (district.holds("premium", ended.id), ended.owed()) == (300_000, 0)
    ended.worker_comes_by()
    assert (district.holds("premium", ended.id), district.holds("voucher_expired", ended.id)) == (0, 0)
    assert (district.holds("breakage", ended.id), ended.owed(), district.difference()) == (76_923, 276_923, 0)
    seen = ended.account()
    assert (seen.figures.expired, seen.figures.unspent, seen.is_over, seen.is_final) == (100_000, 0, True, False)
    assert seen.claims[0].booked == 276_923
    pays = VoucherFunderPays(ended.id, 1, 276_923, "bank", ANY_KEY)
    for _ in range(2):
        association.commands.voucher_funder_pays(district.session, district.clerk().who, pays, now=district.now)
    assert (ended.owed(), ended.account().claims[0].owed, district.holds("bank")) == (0, 0, 276_923)
    more = VoucherFunderPays(ended.id, 1, 1, "bank", uuid4())
    with pytest.raises(FunderOverpaid):
        association.commands.voucher_funder_pays(district.session, district.clerk().who, more, now=district.now)
    district.clock.now += timedelta(days=40)
    clerk = district.clerk().signs_in_again().who
    assert association.queries.voucher_account(district.session, clerk, ended.id, now=district.now).is_final
    with Session(district.engine) as session:
        assert list(verify(session, lambda _: None, district_id=district.district_id)) == []


def test_a_very_late_refund_lowers_what_the_town_owes(district, demo):
    """What comes back after the end was not used: it never becomes coin, and claim and breakage follow to the yen."""
    ended = Ended(district, demo)
    ended.worker_comes_by()
    ended.shops[0].refunds(ended.payments[0], 13_000)
    ended.worker_comes_by(days=1)
    seen = ended.account()
    assert (seen.figures.waiting, seen.claimed, ended.owed()) == (13_000, 273_923, 273_923)
    [waits] = association.queries.suspended(district.session, district.clerk().who)
    with pytest.raises(VoucherStaysVoucher):
        district.clerk().releases(waits.account_id, to_person=True)
    district.approver().approves(district.clerk().releases(waits.account_id, to_person=False))
    ended.worker_comes_by(days=2)
    assert (district.holds("premium", ended.id), district.holds("voucher_expired", ended.id), district.difference()) == (0, 0, 0)
    assert (district.holds("breakage", ended.id), ended.owed(), ended.account().figures.difference) == (76_923 + 10_000, 273_923, 0)


def test_two_payers_share_the_premium_and_a_town_may_get_what_was_never_used(district, demo):
    """Split by percent over the whole campaign; the price that buyers never used goes to the town where the campaign says so."""
    shares = (Share("association", 40), Share("funder", 60, "灯ノ沢町"))
    ended = Ended(district, demo, shares=shares, unspent_to="funder")
    ended.worker_comes_by()
    costs = [claim.cost for claim in ended.account().claims]
    assert costs == [110_769, 166_154]
    assert (ended.owed(1), ended.owed(2)) == (110_769, 166_154 - 76_923)
    assert (ended.account().claims[1].claim, district.holds("breakage", ended.id), district.holds("premium", ended.id)) == (89_231, 0, 0)


def test_what_a_town_has_in_credit_goes_back_before_two_people(district, demo):
    """The price that was never used is more than its share of the premium: the rest is paid out once, and nothing while it owes."""
    ended = Ended(district, demo, shares=(Share("association", 99), Share("funder", 1, "灯ノ沢町")), unspent_to="funder")
    back = VoucherReturn(ended.id, 2, "safe", "精算", ANY_KEY)
    with pytest.raises(VoucherNothingToReturn):
        association.commands.propose_voucher_return(district.session, district.clerk().who, back, now=district.now)
    ended.worker_comes_by()
    numbers = {association.commands.propose_voucher_return(district.session, district.clerk().who, back, now=district.now) for _ in (1, 2)}
    with pytest.raises(VoucherNothingToReturn):
        association.commands.propose_voucher_return(district.session, district.clerk().who, replace(back, key=uuid4()), now=district.now)
    [number] = numbers
    district.approver().approves(number)
    assert (ended.owed(2), ended.account().claims[1].owed, district.holds("safe")) == (0, 0, -(76_923 - 2_769))


def test_a_running_campaign_is_booked_once_a_day_and_before_money_arrives(district):
    """What was used so far is the town's debt the next time the worker looks, and at once where its money comes in."""
    hanako, voucher, bakery = district.consumer(), district.voucher(), district.shop()
    district.clerk().sells(hanako, voucher)
    hanako.pays(bakery, 1_300)
    assert association.commands.book_premiums(district.session, now=district.now) >= 1
    assert district.holds("premium", voucher) == 2_700
    hanako.pays(bakery, 1_300)
    association.commands.book_premiums(district.session, now=district.now)
    assert district.holds("premium", voucher) == 2_700
    pays = VoucherFunderPays(voucher, 1, 600, "safe", uuid4())
    association.commands.voucher_funder_pays(district.session, district.clerk().who, pays, now=district.now)
    assert (district.holds("premium", voucher), district.holds("safe"), district.difference()) == (2_400, 600, 0)
