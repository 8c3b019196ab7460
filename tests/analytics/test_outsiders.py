"""Whoever reads the district and may own a shop: nothing about fewer than three shops, so that nobody has a neighbour's by subtraction."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from analytics import reports
from analytics.guard import LEAST_OTHERS
from analytics.reports import REPORTS, Period
from analytics.reports.board import people_today
from analytics.reports.source import BAND_OF_HOUR, Asked, Source
from tests.analytics.test_open_data import busy
from tests.analytics.test_reports import NAMES, NOW, TRADES, Diary

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
OF_DISTRICT = [name for name, report in REPORTS.items() if "district" in report.scopes and report.months]


def town(shops: int) -> Diary:
    """A quarter of lunches at so many shops, twenty people at each; in March two shops are open on one night as well."""
    diary = Diary()
    for month in (1, 2):
        for day, shop, person in ((day, shop, person) for day in (5, 6, 12) for shop in range(shops) for person in range(20)):
            diary.pays(f"2026-{month:02}-{day:02} 12:{person:02}", 100 * shop + person, shop, 1_000 + person)
    busy(range(2, 16), range(shops), 12, diary)
    busy(range(2, 3), range(2), 19, diary)
    return diary


@pytest.mark.parametrize("name", OF_DISTRICT)
def test_of_two_shops_the_district_tells_their_owners_nothing(name: str) -> None:
    """The association reads it, since it settles with both; a group's lead, an assembly and reviewers read why not, and no figure."""
    diary = town(2)
    found = diary.answers(name, is_outside=True)
    assert (found.can_tell, found.action, found.sentence.text) == (False, None, reports.FEW_SHOPS)
    assert not [cell for row in found.rows for cell in row if isinstance(cell, int) and cell]
    if name in ("profile", "movers"):
        assert diary.answers(name).can_tell


def test_what_two_shops_took_at_night_is_told_to_the_association_alone() -> None:
    """With five shops at noon and two at night: the night is withheld, with so much of the noon that it is of three shops at least; no shop
    stands by name, and no hour by itself."""
    diary = town(5)
    inside, outside = (diary.answers("profile", is_outside=is_outside).rows for is_outside in (False, True))
    assert inside[3][3] and len(outside) == 28 and len(inside) == 28 + 168, "Monday night"
    rows = Source(diary, 1).rows(MARCH.since, MARCH.until)  # type: ignore[arg-type]
    slot = rows.weekday * 4 + BAND_OF_HOUR[rows.hour]
    hidden = [at for at in np.unique(slot).tolist() if outside[at][3] is None]
    assert 3 in hidden and len(np.unique(rows.shop[np.isin(slot, hidden)])) >= LEAST_OTHERS
    assert all(outside[at] == inside[at] for at in range(28) if at not in hidden) and any(row[3] for row in outside)
    named = [any("みなと屋" in str(row) for row in diary.answers("movers", is_outside=is_out).rows) for is_out in (False, True)]
    assert named == [True, False]


def test_a_trade_of_one_shop_has_its_share_told_to_the_association_alone() -> None:
    diary = town(5)
    for shop, person in ((shop, person) for shop in range(5) for person in range(20)):
        diary.pays("2026-03-20 12:00", person, shop, 900)
    flowers = [next(row for row in diary.answers("wallet", is_outside=is_out).rows if row[0] == "花") for is_out in (False, True)]
    assert flowers[0][2] and flowers[1][1:] == (None, None)


def test_an_owner_of_one_of_two_shops_is_not_told_how_many_go_to_the_other() -> None:
    diary = Diary()
    for month, person in ((month, person) for month in (1, 2, 3) for person in range(20)):
        for shop in (0, 1):
            diary.pays(f"2026-{month:02}-05 1{2 + shop}:{person:02}", person, shop, 900)
    assert diary.answers("circulation").can_tell and not diary.answers("circulation", shop=0).rows
    for month, person in ((month, person) for month in (1, 2, 3) for person in range(20)):
        diary.pays(f"2026-{month:02}-06 12:{person:02}", 100 + person, 2, 900)
    assert diary.answers("circulation", shop=0).rows == (("そば処 灯", None, 20),)


def test_a_group_lead_reads_between_which_trades_people_walk_and_never_between_which_shops() -> None:
    """Twenty walk from one restaurant to the next and on to the only florist, twenty from a third restaurant to the first. Where two of
    the three have one owner, restaurants are no trade of three."""
    diary = town(6)
    for person in range(20):
        for day, hour, shop in ((6, 12, 0), (6, 13, 1), (6, 14, 2), (7, 12, 3), (7, 13, 0)):
            diary.pays(f"2026-03-0{day} {hour}:{person:02}", 900 + 50 * day + person, shop, 700)
    assert {row[:3] for row in diary.answers("circulation").rows} == {
        ("みなと屋", "そば処 灯", 20),
        ("そば処 灯", "花屋", 20),
        ("湯の華", "みなと屋", 20),
    }
    outside = diary.answers("circulation", is_outside=True)
    assert [row[:3] for row in outside.rows] == [("飲食", "飲食", 40)] and not any(name in str(outside) for name in NAMES.values())
    assert not diary.answers("circulation", is_outside=True, held_with={0: 0, 1: 0}).rows


def test_the_running_day_waits_for_the_third_shop_on_a_screen_and_for_a_lead() -> None:
    """Two shops open early: what they had by ten is their owners' own; by eleven two more are open, and everybody is counted."""
    diary = Diary()
    for hour, shops in ((9, (0, 1)), (10, (0, 1, 2, 3))):
        for shop, person in ((shop, person) for shop in shops for person in range(15)):
            diary.pays(f"2026-04-10 {hour:02}:{person:02}", 100 * hour + 20 * shop + person, shop, 700)
    day, now = Period(date(2026, 4, 10), date(2026, 4, 10)), datetime(2026, 4, 10, 2, 6, tzinfo=UTC)
    inside, outside = (dict(diary.answers("pulse", day, now=now, is_outside=is_out).rows) for is_out in (False, True))  # type: ignore[arg-type]
    assert (inside["10:00"], inside["11:00"]) == (30, 90) and (outside["10:00"], outside["11:00"]) == (None, 90)
    source = Source(diary, 1)  # type: ignore[arg-type]
    assert people_today(source, now, {}, {})[1] == 90 and people_today(source, datetime(2026, 4, 10, 1, 6, tzinfo=UTC), {}, {})[1] is None


def test_the_middle_of_a_trade_is_never_a_shop_whose_own_sum_is_withheld() -> None:
    """Else whoever knows the told ones has the other one to two digits, and with it what it was to cover."""
    diary = Diary()
    for shop, person in ((code, person) for code in (0, 1, 3, 4, 5) for person in range(20 if code else 12)):
        diary.pays("2026-03-05 12:00", 50 * shop + person, shop, 1_000 + 300 * shop)
    for person in range(4):
        diary.pays("2026-03-05 12:00", 900 + person, 2, 2_500)
    grid = Source(diary, 1).master(MARCH.since)  # type: ignore[arg-type]
    assert grid.by_row[0] is None and grid.by_row[2] is None, "the sum of twelve people covers that of four"
    asked = Asked(MARCH.since, MARCH.until, NOW, 1, NAMES, TRADES)
    assert REPORTS["trade"].gather(Source(diary, 1), asked).line("median")["median"] is None  # type: ignore[arg-type]
