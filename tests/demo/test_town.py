"""The invented town: always the same, always solvent, and with the life in it that the figures look for later."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from association.rules import exempt
from base.clock import TOKYO, day_bounds
from demo.almanac import days, festival
from demo.coins import coin_on, coins
from demo.people import CARD_HOLDERS, people
from demo.shops import AGENTS, APPLICANT, MINATOYA, SHOPS
from demo.town import BALANCE_CAP, DRAWER_FULL, BankDeposit, DayOfLife, DrawerClose, InnSale, Payment, Refund, TopUp, life

LAST = date(2026, 11, 24)
FIRST = LAST - timedelta(days=364)


@pytest.fixture(scope="module")
def year() -> list[DayOfLife]:
    return list(life(FIRST, LAST))


@pytest.fixture(scope="module")
def payments(year: list[DayOfLife]) -> list[Payment]:
    return [event for day in year for event in day.events if isinstance(event, Payment)]


def test_the_town_is_as_large_as_promised(payments: list[Payment]) -> None:
    """Forty shops, two thousand people, about two hundred thousand payments in a year."""
    assert len(SHOPS) == 40
    assert len({shop.name for shop in SHOPS} | {APPLICANT.name}) == 41
    assert len(people(list(days(FIRST, LAST, 7)), 7)) == 2_000
    assert 180_000 < len(payments) < 220_000
    assert len({payment.shop for payment in payments}) == 40


def test_the_same_seed_gives_the_same_town() -> None:
    """Starting again continues the same town, and more days do not change the days before."""
    week = list(islice(life(FIRST, LAST), 7))
    say = "from datetime import date; from demo.town import life; print(next(life(date(2025, 11, 25), date(2025, 11, 25))))"
    again = subprocess.run([sys.executable, "-c", say], env={"PYTHONHASHSEED": "1"}, capture_output=True, text=True, check=True)
    assert again.stdout.strip() == str(week[0])
    assert week == list(life(FIRST, FIRST + timedelta(days=6)))
    assert week != list(islice(life(FIRST, LAST, seed=8), 7))


def test_nobody_lacks_coins_and_nobody_holds_too_many(year: list[DayOfLife]) -> None:
    """In the order of the book no purse goes below zero or above the cap, no drawer above its ceiling."""
    purses: Counter[int] = Counter()
    drawers: Counter[int] = Counter()
    safe = 0
    for day in year:
        if day.day.date == coin_on(FIRST, day.day.date).first:
            left = sum(purses.values())
            assert left < 3_000_000, left  # two thousand people gave up less than 1,500 yen each
            purses.clear()
        for event in day.events:
            match event:
                case TopUp():
                    purses[event.person] += event.amount
                    drawers[event.desk] += event.amount
                    assert drawers[event.desk] <= DRAWER_FULL
                case Payment():
                    purses[event.person] -= event.amount
                case Refund() | InnSale():
                    purses[event.person] += event.amount
                case DrawerClose():
                    safe += event.amount
                    assert event.amount == drawers.pop(event.desk)
                case BankDeposit():
                    assert event.amount == safe
                    safe = 0
            if not isinstance(event, DrawerClose | BankDeposit):
                assert 0 <= purses[event.person] <= BALANCE_CAP
        assert not +drawers


@pytest.mark.parametrize("first", [date(2025, 11, 25), date(2025, 8, 31), date(2023, 11, 30), date(2024, 2, 29)])
def test_no_coin_lives_longer_than_the_law_leaves_alone(first: date) -> None:
    """One follows the other without a gap, each at most six months, and a year later the third one is in the middle of its life."""
    three = coins(first, first + timedelta(days=365))
    assert [coin.code for coin in three][2:] == ["akari"]
    for coin, after in pairwise(three):
        assert after.first == coin.last + timedelta(days=1)
    assert all(exempt(coin.first, coin.last) for coin in three)
    assert timedelta(days=60) < first + timedelta(days=365) - three[2].first
    assert three[2].last - (first + timedelta(days=365)) > timedelta(days=60)


def test_events_are_in_time_order(year: list[DayOfLife]) -> None:
    """The book takes one moment after the other, and a day's events lie within that day in Tokyo."""
    before = day_bounds(FIRST)[0]
    for day in year:
        start, end = day_bounds(day.day.date)
        for event in day.events:
            assert before <= event.at
            assert start <= event.at < end
            before = event.at


def test_shops_sell_only_when_they_are_open(payments: list[Payment]) -> None:
    """No payment on a shop's closing day or far outside its hours (waiting for a top-up may take some minutes)."""
    for payment in payments:
        shop, at = SHOPS[payment.shop], payment.at.astimezone(TOKYO)
        assert at.weekday() not in shop.closed_on, shop.name
        assert shop.opens <= at.hour <= shop.closes, shop.name


def test_inns_sell_coin_to_their_guests_within_the_day_s_limit(year: list[DayOfLife]) -> None:
    """A part of what guests buy, at each inn, never beyond what two people allowed it for one day."""
    bought: Counter[type] = Counter()
    inns: Counter[str] = Counter()
    for day in year:
        today: Counter[str] = Counter()
        for event in day.events:
            if isinstance(event, TopUp | InnSale):
                bought[type(event)] += event.amount
            if isinstance(event, InnSale):
                today[SHOPS[event.inn].name] += event.amount
        assert all(sold <= AGENTS[name] for name, sold in today.items())
        inns += today
    assert set(inns) == set(AGENTS)
    assert 0.005 < bought[InnSale] / bought[TopUp] < 0.05


def test_the_neighbours_without_a_phone_pay_by_card(payments: list[Payment]) -> None:
    """Each of them all year round, and nobody else."""
    by_card = Counter(payment.person for payment in payments if payment.way == "card")
    assert set(by_card) == set(CARD_HOLDERS)
    assert min(by_card.values()) > 50
    assert all(payment.way == "card" for payment in payments if payment.person in CARD_HOLDERS)


def test_a_refund_names_a_payment_before_it(year: list[DayOfLife]) -> None:
    """Every refund gives back, minutes later, exactly what was paid."""
    paid: dict[int, Payment] = {}
    refunds = 0
    for day in year:
        for event in day.events:
            if isinstance(event, Payment):
                paid[event.number] = event
            elif isinstance(event, Refund):
                payment = paid.pop(event.number)
                assert (event.person, event.shop, event.amount) == (payment.person, payment.shop, payment.amount)
                assert timedelta() < event.at - payment.at < timedelta(minutes=10)
                refunds += 1
    assert refunds > 400


def test_the_year_has_its_shape(year: list[DayOfLife], payments: list[Payment]) -> None:
    """Weekends and 湯まつり stand out, Thursday afternoon is quiet, and people go from the bath to the café."""
    by_weekday = Counter(payment.at.astimezone(TOKYO).weekday() for payment in payments)
    assert by_weekday[5] > 1.6 * by_weekday[1]
    assert by_weekday[3] < 0.85 * by_weekday[2]
    busiest = max(year, key=lambda day: len(day.events)).day
    assert busiest.festival == "湯まつり"
    afternoon = Counter(at.weekday() for at in (payment.at.astimezone(TOKYO) for payment in payments) if 13 <= at.hour < 17)
    assert afternoon[3] < 0.7 * afternoon[2]
    onward: Counter[str] = Counter()
    last: dict[int, Payment] = {}
    for payment in payments:
        before = last.get(payment.person)
        if before and SHOPS[before.shop].trade == "bath" and payment.at - before.at < timedelta(minutes=90):
            onward[SHOPS[payment.shop].trade] += 1
        last[payment.person] = payment
    assert onward.most_common(1)[0][0] == "cafe"


def test_the_manju_shop_gains_regulars(payments: list[Payment]) -> None:
    """みなと屋 sells on more occasions in the last weeks than its share of the year."""
    manju = [payment for payment in payments if SHOPS[payment.shop].name == MINATOYA]
    late = day_bounds(LAST - timedelta(days=20))[0]
    share_late = sum(payment.at >= late for payment in manju) / sum(payment.at >= late for payment in payments)
    assert share_late > 1.1 * len(manju) / len(payments)


def test_festivals_follow_the_calendar() -> None:
    """湯まつり is on the second weekend of November, whatever the year."""
    assert festival(date(2026, 11, 14)) == festival(date(2026, 11, 15)) == ("湯まつり", 2.0)
    assert festival(date(2027, 11, 13)) is not None
    assert festival(date(2026, 11, 16)) is None
