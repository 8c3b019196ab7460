"""What is told about a quarter: routes, shared visitors, shares of wallets, money's path, what is expected of customers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest

from analytics import guard, reports
from analytics.errors import PeriodNotQuarter
from analytics.guard import Figure, Raw
from analytics.reports import REPORTS, Period
from analytics.reports.answers import said
from tests.analytics.test_reports import NAMES, NOW, Diary, in_month, year

__all__ = ["year"]

WINTER = Period(date(2026, 1, 1), date(2026, 4, 1))
QUARTERLY = [name for name, report in REPORTS.items() if report.months == 3]


def test_three_months_are_always_a_quarter() -> None:
    """Whatever month is looked at: the newest quarter that is over by its end. So no two answers share a month without being the same."""
    for name in QUARTERLY:
        found = {reports.period(REPORTS[name], None, date(2025, month + 1, 1) - timedelta(days=1), NOW) for month in range(1, 12)}
        spans = sorted((each.since, each.until) for each in found)
        assert spans == [(date(2024, 10, 1), date(2025, 1, 1)), *((date(2025, at, 1), date(2025, at + 3, 1)) for at in (1, 4, 7))], name
    with pytest.raises(PeriodNotQuarter):
        reports.period(REPORTS["routes"], date(2025, 2, 1), date(2025, 4, 30), NOW)
    assert reports.period(REPORTS["routes"], date(2026, 1, 1), date(2026, 3, 31), NOW) == WINTER


def walk(diary: Diary, people: range, *shops: int, day: str = "2026-02-03", yen: int = 500) -> None:
    for person in people:
        for place, shop in enumerate(shops):
            diary.pays(f"{day} {10 + place}:00", person, shop, yen)


def test_a_route_is_told_in_its_order_and_by_people_not_by_walks() -> None:
    """Twelve take the same three shops, one of them ten times; nine take another way, of whom nothing is said."""
    diary = Diary()
    walk(diary, range(12), 3, 0, 4)
    for day in range(10, 20):
        walk(diary, range(1), 3, 0, 4, day=f"2026-02-{day}")
        walk(diary, range(20, 29), 5, 2, 1, day=f"2026-02-{day}")
    answer = diary.answers("routes", WINTER)
    assert answer.rows[0] == ("湯の華 → みなと屋 → 菓子司", "3", 10) and len(answer.rows) == 4  # and its three pairs
    assert all(row[2] == 10 for row in answer.rows) and "酒店" not in str(answer)
    walk(diary, range(29, 30), 5, 2, 1)
    assert ("酒店 → 花屋 → そば処 灯", "3", 10) in diary.answers("routes", WINTER).rows


def test_shared_visitors_beyond_chance_are_never_told_larger_than_they_are() -> None:
    """Eighty-five go to the bath and the sweets together, others go anywhere: the factor and the certainty are those of the worst case."""
    diary, random = Diary(), np.random.default_rng(3)
    walk(diary, range(85), 3, 4)
    for person in range(85, 400):
        walk(diary, range(person, person + 1), int(random.integers(6)), day="2026-03-05")
    answer = diary.answers("covisits", WINTER)
    assert answer.can_tell and "「湯の華」と「菓子司」" in answer.sentence.said(str)
    at: dict[int, set[int]] = {shop: {row[1] for row in diary.paid if row[2] == shop} for shop in range(6)}
    names = {name: code for code, name in NAMES.items()}
    for one, other, many, times, _ in answer.rows:
        a, b = at[names[str(one)]], at[names[str(other)]]
        assert many == len(a & b) // 10 * 10 and float(str(times)) <= len(a & b) * 400 / (len(a) * len(b))


def test_people_who_go_anywhere_prove_nothing() -> None:
    """Each goes to two shops by lot: no pair is more than chance, and the report says so."""
    diary, random = Diary(), np.random.default_rng(5)
    for person in range(400):
        walk(diary, range(person, person + 1), *random.choice(6, 2, replace=False).tolist())
    answer = diary.answers("covisits", WINTER)
    assert not answer.can_tell and answer.action is None and answer.rows


def test_the_share_of_wallet_is_what_its_customers_spend_here(year: Diary) -> None:
    """In full steps of 5%, of everything they pay in the district and in the trade; counted again by hand."""
    rows = [row for month in (1, 2, 3) for row in in_month(year, date(2026, month, 1))]
    mine = {row[1] for row in rows if row[2] == 0}
    here = sum(row[3] for row in rows if row[2] == 0)
    whole, trade = (sum(row[3] for row in rows if row[1] in mine and row[2] not in left_out) for left_out in ((), (2,)))
    answer = year.answers("wallet", WINTER, 0)
    assert [row[1:] for row in answer.rows] == [(len(mine) // 10 * 10, here * 20 // base * 5) for base in (trade, whole)]
    alone = year.answers("wallet", WINTER, 2)
    assert alone.rows[0][1:] == (None, None) and alone.can_tell, "one florist is compared with no other"


def test_a_share_is_told_only_if_both_sides_may_be() -> None:
    """Else whoever knows what was paid here knows what one neighbour paid elsewhere."""
    row, people = np.zeros(30, int), np.arange(30)
    here, elsewhere = Raw(["a"], row, people, np.full(30, 700)), Raw(["a"], row, people, np.full(30, 300))
    assert guard.publish_shares(here, elsewhere)["a"] == Figure(30, None, 70)
    lonely = Raw(["a"], row[:9], people[:9], np.full(9, 300))
    assert guard.publish_shares(here, lonely)["a"] is None and guard.publish_shares(lonely, here)["a"] is None
    rich = Raw(["a"], row, people, np.array([90_000] + [10] * 29))
    assert guard.publish_shares(here, rich)["a"] is None
    five = Raw(["a"], row[:5], people[:5], np.full(5, 100))
    assert guard.publish_shop_shares(five, Raw(["a"], row[:0], row[:0], row[:0]))["a"] == Figure(0, None, 100)
    assert guard.publish_shop_shares(five, Raw(["a"], row[:1], people[:1], np.full(1, 700)))["a"] is None


def cashing_town(*, refunds: bool) -> Diary:
    """Twenty people top up 5,000 on New Year's Day and pay 1,000 at each of five shops, which cash all of it on 1 March."""
    diary = Diary()
    for person in range(20):
        diary.moves("2026-01-01 00:00", ("bank", 0), ("consumer", person), 5_000)
        for shop in (0, 1, 2, 3, 4):
            paid = diary.pays("2026-02-01 12:00", person, shop, 1_000)
            if refunds:
                diary.gives_back("2026-02-01 13:00", paid, 1_000)
                diary.pays("2026-02-01 14:00", person, shop, 1_000)
    for shop in range(5):
        diary.moves("2026-03-01 00:00", ("payable", shop), ("in_transit", shop), 20_000)
    return diary


@pytest.mark.parametrize("refunds", [False, True])
def test_money_that_is_cashed_after_one_payment_went_through_one_hand(refunds: bool) -> None:
    """All in circulation from 1 January to 1 March, spent once: 90/59 times in the quarter's mean. A refund is no further hand."""
    answer = cashing_town(refunds=refunds).answers("path", WINTER)
    assert "約1.5倍" in answer.sentence.said(str) and "約100%は、1回使われただけ" in answer.sentence.said(str)
    assert [row[1] for row in answer.rows[:3]] == [100, 0, 0] and answer.rows[-1][1] == 100
    assert "少なくとも" in answer.notes[0].said(str)


def test_one_shop_that_cashes_most_is_not_told() -> None:
    diary = cashing_town(refunds=False)
    for person in range(20):
        diary.pays("2026-02-02 12:00", person, 0, 9_000)
    diary.moves("2026-03-01 00:00", ("payable", 0), ("in_transit", 0), 180_000)
    answer = diary.answers("path", WINTER)
    assert answer.can_tell and [row[1] for row in answer.rows if row[1] is not None] == []


def buyers(many: int, seed: int) -> list[tuple[int, date]]:
    """People who buy as BG/NBD says (r 0.8, alpha 20 days, a 0.6, b 2.5), until the end of June: person and day."""
    random = np.random.default_rng(seed)
    found = []
    for person in range(many):
        rate, leaves = random.gamma(0.8, 1 / 20), random.beta(0.6, 2.5)
        day = float(random.integers(0, 60))
        while day < 273:  # from October to June
            found.append((person, date(2025, 10, 1) + timedelta(days=int(day))))
            if random.random() < leaves:
                break
            day += random.exponential(1 / rate)
    return found


def test_what_is_expected_of_customers_comes_about() -> None:
    """Five hundred made by the model: the days of the next quarter are within three of the errors that are told."""
    visits, diary, random = buyers(500, 11), Diary(), np.random.default_rng(1)
    usual = 400 + random.gamma(3, 300, 500)
    for person, day in sorted(visits, key=lambda each: each[1]):
        if day < WINTER.until:
            diary.pays(f"{day} 12:00", person, 0, int(usual[person] * random.gamma(6, 1 / 6)) + 1)
    for shop in (None, 0):
        answer = diary.answers("expected", WINTER, shop)
        assert answer.can_tell and answer.action is not None and "%(" not in answer.sentence.said(str)
        _, people, days, yen, off = answer.rows[-1]
        assert isinstance(people, int) and isinstance(days, int) and isinstance(yen, int) and isinstance(off, int)
        came = len({(person, day) for person, day in visits if day >= WINTER.until})
        assert people == 500 and abs(days - came) <= 3 * days * off / 100 and 0 < off <= 25
        assert all(row[1] % 10 == 0 for row in answer.rows if isinstance(row[1], int))
        assert 300 * days < yen < 3_000 * days
        for cell in (cell for row in answer.rows for cell in row):
            assert said(cell, str)


def test_people_who_never_came_twice_tell_nothing_of_the_future() -> None:
    diary = Diary()
    walk(diary, range(50), 0)
    answer = diary.answers("expected", WINTER)
    assert not answer.can_tell and answer.action is None and "計算できません" in answer.sentence.said(str)


@pytest.mark.parametrize("name", QUARTERLY)
def test_nothing_told_of_a_quarter_changes_when_one_asks_again_later(year: Diary, name: str) -> None:
    """Asked on the day after its end and two weeks later, with payments and a refund of the next month in between: the same answer."""
    diary = Diary()
    diary.paid = [row for row in year.paid if row not in set(in_month(year, date(2026, 4, 1)))]
    shops = [code for code, scope in ((None, "district"), (0, "shop")) if scope in REPORTS[name].scopes]
    before = [diary.answers(name, WINTER, shop, now=datetime(2026, 4, 2, tzinfo=UTC)) for shop in shops]
    diary.gives_back("2026-04-03 10:00", 0, 100)
    for one, other in combinations(range(6), 2):
        walk(diary, range(30), one, other, day="2026-04-04")
    assert [diary.answers(name, WINTER, shop) for shop in shops] == before


def test_what_is_bought_together_is_counted_in_people_and_only_beyond_chance() -> None:
    """Forty take tea with their bun, one of them ten times; nine take the postcard with it; sweets and candles go by themselves."""
    diary = Diary()
    for person in range(40):
        diary.bought += [(date(2026, 1, 9), f"客 {person}", ["饅頭", "茶", "饅頭"])] * (10 if person == 0 else 1)
    for person in range(40, 100):
        diary.bought.append((date(2026, 3, 31), f"客 {person}", ["飴"] if person % 2 else ["蝋燭"]))
    for person in range(9):
        diary.bought.append((date(2026, 2, 1), f"客 {person}", ["饅頭", "絵はがき"]))
    diary.bought += [(date(2026, 4, 1), f"客 {person}", ["飴", "蝋燭"]) for person in range(50)]
    answer = diary.answers("baskets", WINTER, 0)
    assert answer.can_tell and [row[:3] for row in answer.rows] == [("饅頭", "茶", 40)]
    assert "絵はがき" not in str(answer.rows) and "1.6倍以上" in answer.sentence.said(str), "40 of 100, against 49 × 49 of 100"


def test_all_payments_in_the_last_second_of_29_february_are_in_their_quarter() -> None:
    """Thirty people at two shops within one second: counted once each, in the order of the book; nobody expects them to come again."""
    diary = Diary()
    for shop in (0, 2):
        for person in range(30):
            diary.pays("2024-02-29 23:59:59", person, shop, 500)
    leap, later = Period(date(2024, 1, 1), date(2024, 4, 1)), Period(date(2024, 4, 1), date(2024, 7, 1))
    assert diary.answers("routes", leap).rows == (("みなと屋 → 花屋", "2", 30),)
    assert [row[:3] for row in diary.answers("covisits", leap).rows] == [("みなと屋", "花屋", 30)]
    assert [row[1:] for row in diary.answers("wallet", leap).rows] == [(30, 50), (30, 50)]
    for name in QUARTERLY:
        assert not diary.answers(name, later, 0 if REPORTS[name].scopes == {"shop"} else None).can_tell, name
