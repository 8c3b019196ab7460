"""代理店: an inn sells coin for cash at its tablet; the cash is its debt until it is brought or netted."""

from __future__ import annotations

from uuid import uuid4

import pytest

import association.queries
import ledger.queries
from association.commands import NewAgent, SellCoin, TopUpReceipt, propose_agent, sell_coin
from association.errors import AgentDayFull, AgentOwesLess, AgentWaiting, CashTooLittle, NotAnAgent, SaleCashGone, UndoTooLate
from base.errors import Forbidden
from identity.errors import PinWrong
from ledger.errors import AlreadyReversed, CeilingPassed, DrawerFull, FloorPassed, KeyReused, SameHands, TransactionUnknown
from merchant.errors import ShopSuspended
from tests.conftest import TestClock
from tests.town import ANY_KEY, CASHIER_PIN, Shop, Town


@pytest.fixture
def inn(district: Town) -> Shop:
    """民宿 あおば, an agent with one member of staff."""
    return district.shop("民宿 あおば").is_agent()


@pytest.fixture
def staff(inn: Shop) -> int:
    return inn.hires("仲居")


def test_coin_for_cash_at_the_front_desk(district: Town, inn: Shop, staff: int) -> None:
    """She has 5,000 coins, the inn owes 5,000円, and both see it at once."""
    hanako = district.consumer()
    district.woken.clear()
    sold = inn.till().sells(hanako, 5_000, staff_id=staff)
    assert (hanako.coins(), inn.debt(), inn.sales().sold_today, inn.sales().left_today) == (5_000, 5_000, 5_000, 95_000)
    assert {f"d{district.district_id}:p{hanako.person_id}", f"d{district.district_id}:m{inn.id}"} <= set(district.woken)
    booked = ledger.queries.transaction(district.session, district.district_id, sold.transaction_id)
    assert {line.role: (line.owner_id, line.amount) for line in booked.lines} == {
        "agent": (inn.id, 5_000),
        "consumer": (hanako.person_id, -5_000),
    }
    facts = {"way": "agent", "merchant": inn.id, "till": inn.till().id, "staff": staff, "notice": 1}
    assert (booked.kind, booked.facts, sold.word, district.difference()) == ("agent_top_up", facts, booked.matching_word, 0)


def test_cash_and_change(district: Town, inn: Shop, staff: int) -> None:
    """10,000円 for 3,000 coins: 7,000円 go back, the inn owes 3,000円; too little sells nothing, other cash is another command."""
    hanako, till, key = district.consumer(), inn.till(), uuid4()

    def sells(received: int) -> TopUpReceipt:
        order = SellCoin(hanako.person_id, district.series_id, 3_000, key, staff, CASHIER_PIN, received=received)
        return sell_coin(district.session, till.who, order, now=district.now)

    with pytest.raises(CashTooLittle):
        sells(2_999)
    assert (sells(10_000).change, sells(10_000).replayed) == (7_000, True)
    with pytest.raises(KeyReused):
        sells(5_000)
    assert (hanako.coins(), inn.debt()) == (3_000, 3_000)


def test_a_nervous_thumb_sells_once(district: Town, inn: Shop, staff: int) -> None:
    """Twice, and five times at once; other content under the key is refused."""
    hanako, till = district.consumer(), inn.till()
    answers = district.at_once([lambda: till.sells(hanako, 5_000, staff_id=staff, key=ANY_KEY)] * 5)
    assert len({getattr(answer, "transaction_id", answer) for answer in answers}) == 1
    assert till.sells(hanako, 5_000, staff_id=staff, key=ANY_KEY).replayed
    with pytest.raises(KeyReused):
        till.sells(hanako, 5_001, staff_id=staff, key=ANY_KEY)
    assert (hanako.coins(), inn.debt()) == (5_000, 5_000)


def test_a_wrong_pin_sells_nothing(district: Town, inn: Shop, staff: int) -> None:
    with pytest.raises(PinWrong):
        inn.till().sells(district.consumer(), 5_000, staff_id=staff, pin="0000")
    assert inn.debt() == 0


def test_the_limit_of_a_day_is_exact_under_a_rush(district: Town, staff: int, inn: Shop) -> None:
    """Eight tablets sell 30,000円 each at the same moment against a limit of 100,000円: three go through."""
    till, guests = inn.till(), [district.consumer() for _ in range(8)]
    answers = district.at_once([lambda guest=guest: till.sells(guest, 30_000, staff_id=staff) for guest in guests])  # type: ignore[misc]
    assert sorted(type(answer).__name__ for answer in answers) == ["AgentDayFull"] * 5 + ["TopUpReceipt"] * 3
    assert (inn.debt(), sum(guest.coins() for guest in guests), inn.sales().left_today) == (90_000, 90_000, 10_000)
    with pytest.raises(AgentDayFull) as refused:
        till.sells(guests[0], 10_001, staff_id=staff)
    assert refused.value.facts == {"left": 10_000}


def test_the_limit_is_of_a_day_in_tokyo_and_undone_sales_do_not_count(district: Town, inn: Shop, staff: int, clock: TestClock) -> None:
    """What was taken back can be sold again; tomorrow everything can."""
    till, hanako = inn.till(), district.consumer()
    sold = till.sells(hanako, 100_000, staff_id=staff)
    with pytest.raises(AgentDayFull):
        till.sells(district.consumer(), 1, staff_id=staff)
    till.undoes(sold.transaction_id, staff_id=staff)
    till.sells(hanako, 100_000, staff_id=staff)
    clock.advance(days=1)
    till.sells(district.consumer(), 100_000, staff_id=staff)
    assert inn.debt() == 200_000


def test_two_people_make_an_agent(district: Town) -> None:
    """発行担当 asks, 承認者 decides; until then, and when declined, nothing can be sold. Pressed twice it is one proposal."""
    shop, clerk, approver = district.shop(), district.clerk(), district.approver()
    staff = shop.hires()

    def asks(daily_max: int = 50_000) -> int:
        return propose_agent(district.session, clerk.who, NewAgent(shop.id, daily_max, "売りたい"), now=district.now)

    number = asks()
    assert asks() == number
    with pytest.raises(AgentWaiting):
        asks(60_000)
    with pytest.raises(NotAnAgent):
        shop.till().sells(district.consumer(), 1_000, staff_id=staff)
    admin = district.another_clerk("administrator")
    with pytest.raises(SameHands):
        admin.approves(propose_agent(district.session, admin.who, NewAgent(district.shop("二軒目").id, 1, "x"), now=district.now))
    approver.declines(number)
    with pytest.raises(NotAnAgent):
        shop.till().sells(district.consumer(), 1_000, staff_id=staff)
    approver.approves(asks(1_000))
    shop.till().sells(district.consumer(), 1_000, staff_id=staff)
    assert shop.sales().left_today == 0


def test_new_terms_replace_the_old_ones(district: Town, inn: Shop, staff: int) -> None:
    """A higher limit holds from its approval on; while it waits, the old one does."""
    new = NewAgent(inn.id, 150_000, "連休")
    number = propose_agent(district.session, district.clerk().who, new, now=district.now)
    assert (inn.sales().daily_max, inn.sales().waiting) == (100_000, number)
    district.approver().approves(number)
    assert (inn.sales().daily_max, inn.sales().waiting) == (150_000, None)


def test_switched_off_at_once(district: Town, inn: Shop, staff: int) -> None:
    """Also what waited for approval; what it owes stays owed and can be paid in."""
    inn.till().sells(district.consumer(), 5_000, staff_id=staff)
    waiting = propose_agent(district.session, district.clerk().who, NewAgent(inn.id, 150_000, "連休"), now=district.now)
    inn.is_no_agent()
    district.approver().approves(waiting)
    with pytest.raises(NotAnAgent):
        inn.till().sells(district.consumer(), 1, staff_id=staff)
    district.clerk().takes_from(inn, 5_000)
    assert (inn.debt(), inn.sales().is_agent) == (0, False)


def test_a_suspended_shop_sells_nothing(district: Town, inn: Shop, staff: int) -> None:
    """It can still take a mistake back, and bring the cash; let in again, it sells."""
    sold = inn.till().sells(district.consumer(), 5_000, staff_id=staff)
    inn.is_suspended()
    with pytest.raises(ShopSuspended):
        inn.till().sells(district.consumer(), 1_000, staff_id=staff)
    inn.till().undoes(sold.transaction_id, staff_id=staff)
    inn.is_resumed()
    inn.till().sells(district.consumer(), 1_000, staff_id=staff)
    assert inn.debt() == 1_000


def test_who_may_not_sell(district: Town, inn: Shop, staff: int) -> None:
    """A shop that is no agent; a tablet without somebody's PIN; the association's clerk."""
    bakery = district.shop()
    with pytest.raises(NotAnAgent):
        bakery.till().sells(district.consumer(), 1_000, staff_id=bakery.hires())
    order = SellCoin(district.consumer().person_id, district.series_id, 1_000, uuid4())
    with pytest.raises(Forbidden):
        sell_coin(district.session, district.clerk().who, order, now=district.now)


def test_her_balance_limit_holds_at_the_inn(district: Town, inn: Shop, staff: int) -> None:
    hanako = district.consumer(coins=99_000)
    with pytest.raises(CeilingPassed):
        inn.till().sells(hanako, 1_001, staff_id=staff)
    assert (hanako.coins(), inn.debt()) == (99_000, 0)


def test_a_mistake_is_taken_back_the_same_day(district: Town, inn: Shop, staff: int, clock: TestClock) -> None:
    """Coin and debt; once; not by another shop, not tomorrow, not what was spent or paid in."""
    till, hanako, bakery = inn.till(), district.consumer(), district.shop().is_agent()
    other = bakery.hires()
    wrong = till.sells(hanako, 3_000, staff_id=staff).transaction_id
    with pytest.raises(TransactionUnknown):
        bakery.till().undoes(wrong, staff_id=other)
    with pytest.raises(PinWrong):
        till.undoes(wrong, staff_id=staff, pin="0000")
    first = till.undoes(wrong, staff_id=staff, key=ANY_KEY)
    assert till.undoes(wrong, staff_id=staff, key=ANY_KEY).transaction_id == first.transaction_id
    assert (hanako.coins(), inn.debt(), district.difference()) == (0, 0, 0)
    with pytest.raises(AlreadyReversed):
        till.undoes(wrong, staff_id=staff)
    spent = till.sells(hanako, 3_000, staff_id=staff).transaction_id
    hanako.pays(bakery, 1)
    with pytest.raises(FloorPassed):
        till.undoes(spent, staff_id=staff)
    paid_in = till.sells(district.consumer(), 3_000, staff_id=staff).transaction_id
    district.clerk().takes_from(inn, 5_000)
    with pytest.raises(SaleCashGone):
        till.undoes(paid_in, staff_id=staff)
    clock.advance(days=1)
    with pytest.raises(UndoTooLate):
        till.undoes(paid_in, staff_id=staff)


def test_a_counters_top_up_is_not_the_inns_to_undo(district: Town, inn: Shop, staff: int) -> None:
    made = district.clerk().tops_up(district.consumer(), 1_000).transaction_id
    with pytest.raises(TransactionUnknown):
        inn.till().undoes(made, staff_id=staff)


def test_cash_comes_to_the_counter(district: Town, inn: Shop, staff: int) -> None:
    """Into the clerk's drawer, once, never more than is owed, also when two clerks take it at the same moment."""
    inn.till().sells(district.consumer(), 9_000, staff_id=staff)
    clerk, other = district.clerk(), district.another_clerk("issuer", nickname="岡")
    first = clerk.takes_from(inn, 4_000, key=ANY_KEY)
    assert clerk.takes_from(inn, 4_000, key=ANY_KEY).transaction_id == first.transaction_id
    assert (inn.debt(), clerk.cash()) == (5_000, 4_000)
    with pytest.raises(AgentOwesLess) as refused:
        clerk.takes_from(inn, 5_001)
    assert refused.value.facts == {"debt": 5_000}
    answers = district.at_once([lambda: clerk.takes_from(inn, 5_000), lambda: other.takes_from(inn, 5_000)])
    assert sorted(type(answer).__name__ for answer in answers) == ["AgentOwesLess", "Posted"]
    assert (inn.debt(), clerk.cash() + other.cash(), district.difference()) == (0, 9_000, 0)
    with pytest.raises(Forbidden):
        district.approver().takes_from(inn, 1)


def test_an_agents_cash_fills_the_drawer_too(district: Town, inn: Shop, staff: int) -> None:
    clerk = district.clerk()
    for _ in range(5):
        clerk.tops_up(district.consumer(), 99_999)
    inn.till().sells(district.consumer(), 9_000, staff_id=staff)
    with pytest.raises(DrawerFull):
        clerk.takes_from(inn, 6)
    clerk.takes_from(inn, 5)


def test_who_approves_reads_the_shops_own_english_name(district: Town) -> None:
    """A proposal about a shop names it in both languages, and as it is called now."""
    shop = district.shop("二軒目")
    number = propose_agent(district.session, district.clerk().who, NewAgent(shop.id, 50_000, "売りたい"), now=district.now)
    about = association.queries.listed_proposal(district.session, district.approver().who, number).about
    assert about and (about.name, about.name_en) == ("二軒目", shop.place().name_en)
