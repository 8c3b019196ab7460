"""どこから来るか: counted once a month from what people told, behind the guard, and about nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import identity.commands
from analytics import commands, guard, queries, snapshot
from analytics.commands import NewSource, Parcel
from analytics.guard import Figure, Raw
from analytics.reports import catchment
from analytics.reports.answers import Answer, said
from analytics.reports.measured import NOTHING_MEASURED, Measured
from analytics.reports.source import Asked, Source, following
from analytics.rules.readings import Found, Reading
from base.clock import day_bounds
from tests.analytics.test_guard import Attacker, is_small, towns
from tests.analytics.test_reports import NAMES, NOW, TRADES, Diary, year
from tests.town import Town

__all__ = ["year"]

MARCH = date(2026, 3, 1)


def answer(diary: Diary, area_of: Mapping[int, str], shop: int | None = None, measured: Measured = NOTHING_MEASURED) -> Answer:
    """As it is told of March, of the district or of one shop."""
    grid = catchment.count(Source(diary, 1), MARCH, area_of, {})  # type: ignore[arg-type]
    homes = grid.by_col if shop is None else grid.row(shop)
    asked = Asked(MARCH, following(MARCH), NOW, shop, NAMES, TRADES, measured, homes)
    return catchment.tell(asked, catchment.gather(Source(diary, 1), asked))  # type: ignore[arg-type]


def lines(found: Answer) -> dict[str, tuple[object, ...]]:
    return {said(row[0], str): row[1:] for row in found.rows}


def test_a_month_says_from_where_its_customers_come_and_of_how_many_it_does_not_know(year: Diary) -> None:
    """Forty regulars told one of two areas, five told a third one: that one is not even named. All others stand in a row of their own."""
    area_of = {**dict.fromkeys(range(25), "922"), **dict.fromkeys(range(25, 40), "530"), **dict.fromkeys(range(40, 45), "100")}
    found = answer(year, area_of)
    said_of = lines(found)
    assert list(said_of) == ["郵便番号 922", "郵便番号 530", "ほかの地域", "教わっていない"]
    month = Source(year, 1).rows(MARCH, following(MARCH))  # type: ignore[arg-type]
    assert said_of["郵便番号 922"][:2] == (20, int(month.yen[month.consumer < 25].sum()))
    withheld = [name for name, (_, spent, _) in said_of.items() if spent is None]
    assert "ほかの地域" in withheld and len(withheld) > 1, "else the total less the others would be those five"
    assert "922" in found.sentence.said(str) and "20人以上" in found.sentence.said(str)
    assert found.action and found.action.endpoint == "association.new_coupon"
    own = answer(year, area_of, shop=0)
    mine = month.where(month.shop == 0)
    assert lines(own)["郵便番号 922"][:2] == (20, int(mine.yen[mine.consumer < 25].sum())), "a shop's view is its row of the same table"


def test_an_area_that_few_told_or_two_shops_alone_see_is_not_named(year: Diary) -> None:
    """Else whoever reads the name knows that somebody from there was here."""
    few = answer(year, dict.fromkeys(range(9), "922"))
    assert list(lines(few)) == ["ほかの地域", "教わっていない"] and not few.can_tell
    two = Diary()
    for person in range(80):
        for shop in range(2) if person < 30 else range(2, 5):
            two.pays("2026-03-05 12:00", person, shop, 500 + person)
    assert "郵便番号 922" not in lines(answer(two, dict.fromkeys(range(30), "922")))
    nobody = answer(Diary(), {})
    assert not nobody.can_tell and all(row[1:] == (None, None, None) for row in nobody.rows)


def test_where_it_is_known_who_lives_there_the_poster_goes_to_the_area_from_which_few_of_them_come(year: Diary) -> None:
    """922 sends most customers and 530 fewer of many more residents; where no mesh is filed under an area, that cannot be told."""
    area_of = {**dict.fromkeys(range(25), "922"), **dict.fromkeys(range(25, 40), "530"), **dict.fromkeys(range(40, 55), "100")}
    found = answer(year, area_of, measured=Measured(residents={"922": 400, "530": 6_000}))
    shares = {name: said(row[-1], str) for name, row in lines(found).items()}
    assert shares == dict(zip(shares, ["5.0", "言えません", "0.1", "言えません", "言えません"], strict=True))
    assert "少ないのは 530 です。ポスターは、まずそこへ" in found.sentence.said(str)
    assert len(answer(year, area_of).heads) == 4, "without a mesh the card is as it was"


def test_residents_are_those_of_the_newest_count_at_night_of_the_meshes_of_an_area(district: Town) -> None:
    """Two squares by the hour under 922, a census by the day under 530, one without an area."""
    keeper = district.signs_in(district.person("事務局", "issuer"))
    night, census = day_bounds(district.today - timedelta(days=2))[0], day_bounds(district.today - timedelta(days=700))[0]
    for place, interval, readings in (
        (
            "922",
            3_600,
            [(night + timedelta(hours=hour), mesh, many) for mesh in ("543622", "543623") for hour, many in ((3, 200), (14, 900))],
        ),
        ("530", 86_400, [(census, "543624", 5_000)]),
        ("駅前", 86_400, [(census, "543625", 70)]),
    ):
        made = commands.add_source(
            district.session, keeper, NewSource("mesh", place, place, interval, "国勢調査"), key=uuid4(), now=district.now
        )
        parcel = Parcel(Found([Reading(at, mesh, many) for at, mesh, many in readings]), uuid4(), "人口.csv")
        commands.take_file(district.session, keeper, made, parcel, now=district.now)
    since, until = district.today.replace(day=1), district.today + timedelta(days=1)
    there = queries.beside(district.session, district.district_id, "catchment", since, until, None)
    assert there.residents == {"922": 400, "530": 5_000}


def test_a_total_that_the_month_told_protects_nobody_by_being_left_out_here() -> None:
    """Three rich people of one area and ten of another: to leave out the total, which stands in the month's table, would leave what the
    three paid open by what the ten paid alone. So the ten are not told."""
    yen = np.array([2_000] * 10 + [25_000_000, 20_000_000, 12_000_000] + [1_000] * 5 + [2_500_000] * 2 + [1_500] * 4)
    area, shop = np.repeat([0, 1, 2], [10, 8, 6]), np.zeros(24, int)
    month = guard.publish_grid(Raw([0], shop, np.arange(24), yen, cols=[0], col=shop))
    homes = guard.publish_grid_within(Raw([0], shop, np.arange(24), yen, cols=range(3), col=area), month.by_row)
    assert homes.total == month.total == Figure(20, 62_031_000) and dict(homes.by_col) == {0: None, 1: None, 2: None}


@settings(max_examples=40, deadline=None)
@given(towns(), st.integers(0, 10**9))
def test_from_where_and_when_people_come_set_off_against_each_other_bound_nobody(town, seed: int) -> None:
    """The month's table by the hour and the same shops by area, with one total a shop: what was told of it stays told, and what few
    people of one area paid, at a shop or in the town, stays open as far as its shop's own sum leaves it."""
    raw, yen, _ = town
    height, width, areas = *yen.shape, 3
    read = guard.tables.open_raw(raw)
    area = np.random.default_rng(seed).integers(0, areas, 10_000)[read.person % 10_000]
    month = guard.publish_grid(raw)
    homes = guard.publish_grid_within(Raw(range(height), read.row, read.person, read.yen, cols=range(areas), col=area), month.by_row)
    assert dict(homes.by_row) == dict(month.by_row) and homes.total == month.total
    shops, everywhere = np.eye(height, dtype=int)[:, :, None], np.ones((height, 1), int)
    hours, from_where = np.repeat(np.eye(width, dtype=int), areas, axis=1), np.tile(np.eye(areas, dtype=int), (1, width))
    attacker = Attacker(month, height, width * areas, hours)
    for at in range(areas):
        attacker.learns(homes.by_col[at], everywhere * from_where[at])
        for shop in range(height):
            attacker.learns(homes.row(shop)[at], shops[shop] * from_where[at])
    of_shop = yen.sum(axis=1)
    cell = read.col * areas + area
    secrets = [(shops[shop] * from_where[at], int(of_shop[shop])) for shop in range(height) for at in range(areas)]
    secrets += [(everywhere * from_where[at], int(yen.sum())) for at in range(areas)]
    secrets += [(shops[shop] * hours[at], 10**12) for shop in range(height) for at in range(width)]
    for cells, ceiling in secrets:
        here = cells[read.row, cell] > 0
        if is_small(here, read.person, read.yen):
            truth = int(read.yen[here].sum())
            least, most = attacker.bounds(cells)
            assert least <= 0.8 * truth + 1 and most >= min(1.2 * truth, ceiling) - 1, (truth, least, most)


def test_what_was_told_of_a_month_stays_whoever_answers_or_leaves_later(district: Town, tmp_path: Path) -> None:
    """Counted when the month is over, of those who told; then one takes it back and one leaves for good. The answer is the same, nothing
    of theirs is kept anywhere, and the next month is counted without them."""
    session = district.session
    folk, shops = [district.consumer(5_000) for _ in range(12)], [district.shop() for _ in range(3)]
    for nth, person in enumerate(folk):
        identity.commands.tell_area(session, person.who, "922-0011")
        for shop in shops:
            person.pays(shop, 500 + 10 * nth)
    district.seals()
    session.info["columns_folder"] = tmp_path / "columns"
    snapshot.of(session).follow(session, district.district_id)
    month, after = district.today.replace(day=1), district.now + timedelta(days=31)
    assert commands.count_catchment(session, district.district_id, now=district.now) is None, "the month is not over"
    assert commands.count_catchment(session, district.district_id, now=after) == month
    told = queries.homes(session, district.district_id, month, None)
    assert told is not None and told["922"] == Figure(10, 3 * sum(500 + 10 * nth for nth in range(12)))
    own = queries.homes(session, district.district_id, month, shops[0].id)
    assert own is not None and own["922"] == Figure(10, sum(500 + 10 * nth for nth in range(12)))
    identity.commands.tell_area(session, folk[0].who, "")
    identity.commands.erase_person(session, folk[1].who, folk[1].person_id, now=district.now)
    assert commands.count_catchment(session, district.district_id, now=after) is None
    again = queries.homes(session, district.district_id, month, None)
    assert again is not None and dict(again) == dict(told)
    answered = queries.district_report(session, district.clerk().who, "catchment", now=after)
    assert answered.first == month and "922" in answered.answer.sentence.said(str)
    later = queries.district_report(session, district.clerk().who, "catchment", now=after + timedelta(days=31))
    assert not later.answer.can_tell
