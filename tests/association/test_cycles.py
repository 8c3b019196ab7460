"""締め方: several cycles, and shops that go from one to another: every day of a shop is settled once, whatever it goes through."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import jpholiday
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import association.commands
import association.queries
from association.commands import NewCycle
from association.errors import ClosingDayWrong, CycleTaken, NothingToSettle, RunUnfinished
from association.rules.bank_days import is_bank_day, next_bank_day
from association.rules.cycles import Covering, Placed, Takes, covered, cycle_on, takes_on
from association.rules.settlement import Closing, closing_days
from base.clock import day_bounds, tokyo_day
from tests.association.test_pages import Desk
from tests.association.test_transfers import MARUYA, OTHER, banks, has_account
from tests.town import Shop, Town

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
DAY = timedelta(days=1)


def cycle(town: Town, takes: str = "given", **changes: object) -> int:
    """A cycle beside the ordinary one: daily, paid on the next day, unless `changes` say otherwise."""
    plain: dict[str, object] = {"name": "毎日払い", "closing": "daily", "weekday": 0, "pay_after_days": 1, "minimum": 1}
    administrator = town.another_clerk("administrator", nickname="藤代")
    new = NewCycle(**(plain | changes), takes=takes)  # type: ignore[arg-type]
    return association.commands.set_cycle(town.session, administrator.who, None, new, now=town.now)


def goes_to(town: Town, shop: Shop, number: int | None) -> None:
    administrator = town.another_clerk("administrator", nickname="藤代")
    association.commands.place_shop(town.session, administrator.who, shop.id, number, now=town.now)


def puts_forward(town: Town, closes_on: date, number: int) -> int:
    return association.commands.submit_run(town.session, town.clerk().who, closes_on, cycle=number, now=town.now)


@given(
    st.lists(st.tuples(DAYS, st.sampled_from([None, 1, 2, 3])), max_size=6),
    st.lists(st.tuples(DAYS, st.sampled_from([1, 2, 3]), st.booleans()), max_size=25),
)
def test_whatever_cycles_a_shop_goes_through_its_days_are_settled_one_after_the_other(
    moves: list[tuple[date, int | None]], asked: list[tuple[date, int, bool]]
) -> None:
    """Closing days of three cycles put forward in any order, some declined: the days of a shop are never settled twice, and none is
    left between two that are."""
    takes = takes_on(date(2026, 4, 1), [Takes(date(2026, 1, 1), 2, "small"), Takes(date(2026, 1, 1), 3, "given")])
    placed = [Placed(day, number) for day, number in sorted(moves, key=lambda move: move[0])]
    runs: list[Covering] = []
    spans: list[tuple[date | None, date]] = []
    for run_id, (day, number, is_declined) in enumerate(asked):
        before = covered([7], sorted(runs, key=lambda run: run.closes_on, reverse=True)).get(7)
        if is_declined or cycle_on(day, placed, "small", takes) != number or (before is not None and before.until >= day):
            continue
        runs.append(Covering(run_id, day, frozenset([7])))
        spans.append((None if before is None else before.until, day))
    assert all(after == spans[at - 1][1] for at, (after, _until) in enumerate(spans) if at)
    assert all(after is None or after < until for after, until in spans)


@given(DAYS)
def test_daily_closing_is_made_once_on_the_morning_of_each_bank_day(day: date) -> None:
    """What comes in from Friday to Sunday, or over New Year, is one closing; no day stands outside."""
    closings = closing_days(day - 14 * DAY, day, Closing.daily, 0, jpholiday.is_holiday)
    assert all(is_bank_day(closing + DAY, jpholiday.is_holiday) for closing in closings)
    assert next_bank_day(closings[-1] + DAY, jpholiday.is_holiday) == closings[-1] + DAY
    assert closing_days(date(2025, 12, 30), date(2026, 1, 5), Closing.daily, 0, jpholiday.is_holiday) == [
        date(2026, 1, 4),
        date(2026, 1, 5),
    ]


def test_shops_of_both_sizes_are_closed_by_their_class_and_each_once(district: Town) -> None:
    """Large shops weekly, small ones at the month's end; the same closing day in both is two runs with other shops in them."""
    hanako, small, large = district.consumer(coins=30_000), district.shop("小さな店"), district.shop("大きな店")
    district.settles_by()
    administrator = district.another_clerk("administrator", nickname="藤代")
    association.commands.classify_shop(district.session, administrator.who, large.id, size="large", now=district.now)
    closes_on = (tokyo_day(district.now).replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
    weekly = cycle(district, "large", name="大型店", closing="weekly", weekday=closes_on.weekday(), pay_after_days=3, minimum=2_000)
    with pytest.raises(CycleTaken):
        cycle(district, "large", name="もう一つ")
    hanako.pays(small, 1_000)
    hanako.pays(large, 1_500)
    assert district.month_passes() == closes_on
    due = association.queries.due_closings(district.session, district.clerk().who, now=district.now)
    assert {(each.cycle.number, each.closes_on) for each in due if each.closes_on == closes_on} == {(1, closes_on), (weekly, closes_on)}
    run = district.clerk().sees_run(puts_forward(district, closes_on, 1))
    assert [(line.merchant_id, line.yen("net")) for line in run.lines] == [(small.id, 1_000)]
    with pytest.raises(NothingToSettle):  # below the least that this cycle transfers
        puts_forward(district, closes_on, weekly)
    hanako.pays(large, 600)
    district.clock.advance(days=7)  # type: ignore[attr-defined]
    run = district.clerk().sees_run(puts_forward(district, closes_on + timedelta(days=7), weekly))
    assert [(line.merchant_id, line.yen("net")) for line in run.lines] == [(large.id, 2_100)]
    upcoming = association.queries.next_payday(district.session, district.district_id, large.id, now=district.now)
    assert upcoming is not None and upcoming[0] == closes_on + timedelta(days=14)


def test_a_shop_that_grows_is_settled_for_the_days_before_as_it_was(district: Town) -> None:
    """Small on Sunday and large since Tuesday: the week that ended on Sunday is put forward with it, whenever that is done."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by()
    weekly = cycle(district, "small", name="毎週", closing="weekly", weekday=6, pay_after_days=3)
    hanako.pays(bakery, 1_000)
    today = tokyo_day(district.now)
    sunday = today + timedelta(days=6 - today.weekday() + 7)
    district.clock.now = day_bounds(sunday + timedelta(days=2))[0] + timedelta(hours=9)  # type: ignore[attr-defined]
    administrator = district.another_clerk("administrator", nickname="藤代")
    association.commands.classify_shop(district.session, administrator.who, bakery.id, size="large", now=district.now)
    run = district.clerk().sees_run(puts_forward(district, sunday, weekly))
    assert [(line.merchant_id, line.yen("net")) for line in run.lines] == [(bakery.id, 1_000)]
    upcoming = association.queries.next_payday(district.session, district.district_id, bakery.id, now=district.now)
    assert upcoming is not None and (upcoming[0] + DAY).day == 1


def test_a_shop_in_a_run_that_waits_is_in_no_other_one(district: Town) -> None:
    """Put forward with the month, then moved to daily: what the waiting run would pay is still on its account. Decided, the rest goes."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by()
    daily = cycle(district)
    hanako.pays(bakery, 1_000)
    closes_on = district.month_passes()
    run_id = puts_forward(district, closes_on, 1)
    goes_to(district, bakery, daily)
    hanako.pays(bakery, 300)
    district.clock.now = day_bounds(next_bank_day(tokyo_day(district.now) + DAY, jpholiday.is_holiday))[0] + timedelta(hours=9)  # type: ignore[attr-defined]
    yesterday = tokyo_day(district.now) - DAY
    with pytest.raises(RunUnfinished):
        puts_forward(district, yesterday, daily)
    district.approver().approves(run_id)
    run = district.clerk().sees_run(puts_forward(district, yesterday, daily))
    (line,) = run.lines
    assert (line.yen("net"), line.facts["after"], line.facts["closes_on"]) == (300, closes_on.isoformat(), yesterday.isoformat())
    district.approver().approves(run.id)
    assert bakery.taken() == 0
    with pytest.raises(ClosingDayWrong):
        puts_forward(district, yesterday - DAY, daily)


def test_weeks_of_changing_cycles_pay_every_yen_once(district: Town) -> None:
    """A shop goes between month, week and day by chance, runs are made late or not at all: what it was paid and what it is owed is
    what it took, and its papers follow one another without a gap."""
    chance, hanako, bakery = Random(7), district.consumer(coins=99_000), district.shop()
    district.settles_by(closing="half_month")
    ways = [None, 1, cycle(district), cycle(district, name="毎週", closing="weekly", weekday=2)]
    taken, papers = 0, []
    for _day in range(30):
        amount = chance.randrange(1, 400)
        hanako.pays(bakery, amount)
        taken += amount
        if chance.random() < 0.3:
            goes_to(district, bakery, chance.choice(ways))
        district.clock.advance(days=1)  # type: ignore[attr-defined]
        due = association.queries.due_closings(district.session, district.clerk().who, now=district.now)
        for each in due[:1] if chance.random() < 0.85 else []:
            try:
                run_id = puts_forward(district, each.closes_on, each.cycle.number)
            except NothingToSettle:
                continue
            if chance.random() < 0.2:
                district.approver().declines(run_id)
                continue
            district.approver().approves(run_id)
            papers += [line.facts for line in district.clerk().sees_run(run_id).lines]
    assert len(papers) >= 2 and sum(int(paper["net"] or 0) for paper in papers) + bakery.taken() == taken
    assert [paper["after"] for paper in papers[1:]] == [paper["closes_on"] for paper in papers[:-1]]
    assert district.difference() == 0


def test_cycles_by_pages(app: Flask, district: Town) -> None:
    """The administrator adds a cycle, gives it a shop, ends it; the shop's page and the list of runs say which is which."""
    bakery = district.shop("湯の花まんじゅう みなと屋")
    district.settles_by()
    seat, page = Desk(app.test_client(), district, district.another_clerk("administrator")), "/desk/settlement/cycles"
    form = {"name": "毎日払い", "takes": "given", "closing": "daily", "pay_after_days": "1", "minimum": "500", "fee": "１．５"}
    assert seat.presses(page, page, **(form | {"pay_after_days": "0"})).status_code == 422
    assert seat.presses(page, page, **form).status_code == 303
    assert Desk(app.test_client(), district, district.approver()).presses(page, page, **form).status_code == 403
    assert "500" in seat.sees(page + "?number=2").text and "手数料 1.50%" in seat.sees(page).text
    assert seat.presses(page, page, **(form | {"fee": "31"})).status_code == 422
    shop = f"/desk/shops/{bakery.id}"
    assert seat.presses(shop, shop + "/cycle", cycle="2").status_code == 303
    assert "毎日払い" in seat.sees(shop).text
    assert seat.presses(shop, shop + "/cycle", cycle="9").status_code == 404
    district.consumer(coins=3_000).pays(bakery, 700)
    run = district.clerk().sees_run(puts_forward(district, _bank_morning(district), 2))
    seat = Desk(app.test_client(), district, district.another_clerk("administrator"))  # days have passed
    assert "毎日払い" in seat.sees("/desk/settlement").text and "毎日払い" in seat.sees(f"/desk/settlement/{run.id}").text
    assert "毎日払い" in seat.sees("/desk/settlement.csv?cycle=2").text
    assert seat.presses(page, page + "/2/end").status_code == 303
    assert seat.presses(page, page + "/2/end").status_code == 404
    assert "月末" in seat.sees(shop).text


def test_each_class_of_shop_pays_its_own_fee(district: Town) -> None:
    """Large shops 2 % and the fee of their transfer, small ones as the settings say; a run keeps what it was put forward with."""
    hanako, small, large = district.consumer(coins=60_000), district.shop("小さな店"), district.shop("大きな店")
    district.settles_by(fee_bp=100)
    banks(district)
    has_account(district, (small, MARUYA), (large, OTHER))
    administrator = district.another_clerk("administrator", nickname="藤代")
    association.commands.classify_shop(district.session, administrator.who, large.id, size="large", now=district.now)
    dear = cycle(district, "large", name="大型店", closing="month_end", pay_after_days=10, fee_bp=200, fee_bearer="merchant")
    hanako.pays(small, 10_000)
    hanako.pays(large, 10_000)
    closes_on = district.month_passes()
    runs = [district.clerk().sees_run(puts_forward(district, closes_on, number)) for number in (1, dear)]
    found = [
        (run.fee_bp, line.yen("fee"), line.yen("tax"), line.yen("transfer_fee"), line.yen("net")) for run in runs for line in run.lines
    ]
    assert found == [(100, 100, 10, 0, 9_890), (200, 200, 20, 330, 9_450)]
    for run in runs:
        district.approver().approves(run.id)
    administrator = district.another_clerk("administrator", nickname="藤代")
    free = NewCycle("大型店", "month_end", 0, 10, 1, "large", 0, "association")
    association.commands.set_cycle(district.session, administrator.who, dear, free, now=district.now)
    assert [district.clerk().sees_run(run.id).fee_bp for run in runs] == [100, 200]
    assert (large.taken(), district.difference()) == (0, 0)
    hanako.pays(large, 1_000)
    (line,) = district.clerk().sees_run(puts_forward(district, district.month_passes(), dear)).lines
    assert (line.yen("fee"), line.yen("net")) == (0, 1_000)


def _bank_morning(town: Town) -> date:
    """Go to the morning of the next bank day and give the day before it."""
    morning = next_bank_day(tokyo_day(town.now) + DAY, jpholiday.is_holiday)
    town.clock.now = day_bounds(morning)[0] + timedelta(hours=9)  # type: ignore[attr-defined]
    return morning - DAY
