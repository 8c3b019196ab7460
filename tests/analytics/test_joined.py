"""Payments beside what was measured: an effect that is there is found, one that is not is not made up, and nobody is told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest

from analytics import commands, queries
from analytics.commands import NewSource, Parcel
from analytics.reports import EVERY, Period, before
from analytics.reports.answers import Answer
from analytics.reports.days import counted
from analytics.reports.measured import Counted, Measured, Sky
from analytics.reports.source import Asked, Source
from analytics.rules.against import effect, one_day, ratios
from analytics.rules.kinds import DAY_S, HOUR_S
from analytics.rules.readings import Found, Reading
from base.clock import TOKYO, day_bounds, tokyo_day
from tests.analytics.test_reports import NAMES, NOW, TRADES, Diary
from tests.town import Town

SINCE, UNTIL = date(2025, 10, 1), date(2026, 4, 1)
DAYS = [SINCE + timedelta(days=place) for place in range((UNTIL - SINCE).days)]
RAINY = set(DAYS[3::6])
FEAST = date(2026, 2, 14)


@pytest.fixture(scope="module")
def half_year() -> Diary:
    """Forty people at noon each day; thirty when it rains, eighty at the feast; each pays about 1,000 yen."""
    diary, random = Diary(), np.random.default_rng(5)
    for day in DAYS:
        many = 80 if day == FEAST else 28 if day in RAINY else 40
        for person in random.permutation(100)[: many + int(random.integers(-2, 3))]:
            diary.pays(f"{day} 12:{person % 60:02}", int(person), int(person) % 6, int(random.integers(8, 13)) * 100)
    return diary


def street(day: date) -> int:
    """Passers-by at noon: half of them stay at home when it rains."""
    return 150 if day in RAINY else 300


@pytest.fixture(scope="module")
def beside() -> Measured:
    sky = {day: Sky(12.0 if day in RAINY else 0.0, 15.0, None) for day in DAYS}
    readings = [
        (int(datetime(d.year, d.month, d.day, hour, tzinfo=TOKYO).timestamp()), street(d) // 3) for d in DAYS for hour in (11, 12, 13)
    ]
    return Measured((counted("湯の坂", readings, 3_600),), sky, {FEAST: "ゆきあかり"})


def answer(diary: Diary, name: str, measured: Measured) -> Answer:
    report = EVERY[name]
    period = Period(before(UNTIL, report.months), UNTIL)
    asked = Asked(period.since, period.until, NOW, None, NAMES, TRADES, measured)
    return report.tell(asked, report.gather(Source(diary, 1), asked))  # type: ignore[arg-type]


def said(found: Answer) -> str:
    return found.sentence.said(str)


def test_rain_empties_the_street_more_than_the_tills(half_year: Diary, beside: Measured) -> None:
    """Half the passers-by and three tenths of the payments stay away; the feast is no part of it."""
    found = answer(half_year, "weather", beside)
    assert found.can_tell and "雨の日（1mm以上）は、湯の坂がいつもの同じ曜日より50%少なくなります" in said(found)
    rows = {str(row[1]) if isinstance(row[1], str) else row[1].said(str): row for row in found.rows}  # type: ignore[union-attr]
    percent = rows["まちのお支払い"][3].facts["percent"]  # type: ignore[union-attr]
    assert -36 < int(str(percent).replace("−", "-")) < -24 and rows["まちのお支払い"][2] == len(RAINY - {FEAST})


def test_a_feast_is_told_with_how_sure_that_is(half_year: Diary, beside: Measured) -> None:
    found = answer(half_year, "festival", beside)
    assert found.can_tell and "2/14 ゆきあかりの日は" in said(found) and "多くなりました" in said(found)
    assert 80 < found.sentence.facts["percent"] < 125 and int(found.sentence.facts["low"]) > 50  # type: ignore[operator, arg-type]


def test_passers_by_and_payments_of_the_same_hours(half_year: Diary, beside: Measured) -> None:
    """Whole parts of a day alone are laid beside each other; one band is too little to rank."""
    found = answer(half_year, "footfall", beside)
    assert not found.can_tell and len(found.rows) == 2
    evening = [(day_bounds(day)[0].timestamp() + hour * 3_600, 20) for day in DAYS for hour in range(17, 24)]
    diary = Diary()
    diary.paid = list(half_year.paid)
    for day in DAYS[-31:]:
        for person in range(30):
            diary.pays(f"{day} 18:{person:02}", person, person % 6, 500)
    two = Measured((counted("湯の坂", [(int(start), people) for start, people in evening], 3_600), *beside.footfall))
    found = answer(diary, "footfall", two)
    assert found.can_tell and found.chart is not None and found.action is not None
    assert "100人あたり" in said(found) and "%(" not in said(found)
    few = [Counted(each.name, {cell: many for cell, many in each.cells.items() if cell[0] in DAYS[-3:]}) for each in two.footfall]
    three = Measured(tuple(few))
    assert not answer(diary, "footfall", three).can_tell, "of three days neither sentence nor picture says more than the table"


def standing(many: int, *, until: date = UNTIL) -> dict[date, dict[int, str]]:
    """So many of the six shops stand in the street, and none from the month `until` on."""
    return {day: dict.fromkeys(range(100, 100 + many), "湯の坂") if day < until else {} for day in DAYS if day.day == 1}


def test_a_counter_in_a_street_stands_beside_that_streets_tills(half_year: Diary, beside: Measured) -> None:
    """Half of the six shops stand in the street: half of the payments are laid beside its passers-by. Of a street of two shops, and of
    one that leaves two shops over, nothing is told."""
    of_town = answer(half_year, "footfall", beside).rows
    told = {}
    for many in (2, 3, 4, 6):
        found = answer(half_year, "footfall", replace(beside, streets=standing(many)))
        assert found.rows or any("湯の坂: 通りのお支払いは" in note.said(str) for note in found.notes)
        told[many] = [(row[1].said(str), row[3], row[6]) for row in found.rows]  # type: ignore[union-attr]
    assert told[2] == told[4] == []
    assert {row[0] for row in told[3]} == {"その通りのお店"} and [row[1].said(str) for row in of_town] == ["まち全体"] * len(of_town)  # type: ignore[union-attr]
    assert all(0.4 < half[2] / whole[6] < 0.6 for half, whole in zip(told[3], of_town, strict=True))
    assert [row[2] for row in told[6]] == [row[6] for row in of_town]
    moved = answer(half_year, "footfall", replace(beside, streets=standing(3, until=before(UNTIL, 1))))
    assert not moved.rows, "in the month after they moved away no shop stands there"


def test_a_shop_reads_how_many_of_those_who_come_in_pay(half_year: Diary) -> None:
    """A hundred come in at noon and some twenty pay; a door that counts fewer than pay is told to be looked at."""
    diary = Diary()
    for day in DAYS[-31:]:
        for person in range(24):
            diary.pays(f"{day} 12:{person:02}", person, 0, 800 + person)
    moments = [(int(datetime(d.year, d.month, d.day, hour, tzinfo=TOKYO).timestamp()), hour) for d in DAYS for hour in (11, 12, 13)]
    found = {}
    for each_hour in (33, 3):
        doors = (counted("入口", [(at, each_hour) for at, _ in moments], 3_600),)
        asked = Asked(before(UNTIL, 1), UNTIL, NOW, 0, NAMES, TRADES, Measured(doors=doors))
        found[each_hour] = EVERY["door"].tell(asked, EVERY["door"].gather(Source(diary, 1), asked))  # type: ignore[arg-type]
    assert found[33].can_tell and "100人のうち、20人以上がまちのお金で" in said(found[33])
    assert [row[1] for row in found[33].rows] == [22, 9], "weekdays and weekends of March"
    assert not found[3].can_tell and "測り方を確かめて" in said(found[3])


def test_a_site_that_announces_the_next_day_is_found_and_chance_is_not(half_year: Diary) -> None:
    """Twice as many look the day before the rain stays away; shuffled, they say nothing."""
    looks = {(day, 0): 200 if day + timedelta(days=1) in RAINY else 300 for day in DAYS}
    found = answer(half_year, "web", Measured(web=(Counted("site", looks),)))
    assert found.can_tell and "1日後に来る人も" in said(found) and len(found.rows) == 4
    shuffled = dict(zip(looks, np.random.default_rng(3).permutation(list(looks.values())).tolist(), strict=True))
    assert not answer(half_year, "web", Measured(web=(Counted("site", shuffled),))).can_tell


def test_answers_of_fewer_than_ten_people_are_withheld() -> None:
    """Not their number alone: their words may be one person's own, and stand neither in the table nor in the picture."""
    month = date(2026, 3, 1)
    found = answer(Diary(), "survey", Measured(survey={("どこから", month): {"町内": 57, "県外": 23, "海外": 9, "山田さんの紹介": 1}}))
    assert "「町内」で、50人以上" in said(found) and [row[3] for row in found.rows] == [50, 20, None]
    alone = answer(Diary(), "survey", Measured(survey={("どこから", month): {"海外": 9, "山田さんの紹介": 1}}))
    assert not alone.can_tell and len(alone.rows) == 1 and alone.chart is None
    assert not any(words in str(each) for each in (found, alone) for words in ("海外", "山田"))


def test_nothing_is_made_of_chance(half_year: Diary, beside: Measured) -> None:
    """Days picked at random as rainy differ by nothing; three days are too few; without weather nothing is said."""
    picked = set(np.random.default_rng(9).permutation(np.array(sorted(set(DAYS) - RAINY - {FEAST})))[:25].tolist())
    sky = {day: Sky(12.0 if day in picked else 0.0 if day not in RAINY else None, 15.0, None) for day in DAYS}
    for measured in (Measured((), sky, {FEAST: "祭"}), Measured()):
        found = answer(half_year, "weather", measured)
        assert not found.can_tell and "まだ言えません" in said(found) and found.chart is None and found.action is None


def test_days_with_few_people_stay_in_the_dark(beside: Measured) -> None:
    """Nine people a day: neither payments nor an effect are told, as for nobody."""
    diary = Diary()
    for day in DAYS:
        for person in range(9):
            diary.pays(f"{day} 12:{person:02}", person, 0, 1_000)
    for name in ("weather", "festival", "footfall"):
        rows = answer(diary, name, Measured((), beside.weather, beside.events)).rows
        assert not any("percent" in getattr(cell, "facts", {}) for row in rows for cell in row)


@pytest.mark.parametrize("name", ["weather", "festival", "footfall"])
def test_nobody_and_nine_people_get_the_same_card_beside_what_was_measured(beside: Measured, name: str) -> None:
    nine = Diary()
    for day in DAYS:
        for person in range(9):
            nine.pays(f"{day} 12:{person:02}", person, 0, 1_000)
    for measured in (Measured(), Measured((), beside.weather, beside.events), beside):
        empty, few = answer(Diary(), name, measured), answer(nine, name, measured)
        assert empty == few and empty.can_tell == (empty.action is not None)


def test_what_is_usual_is_of_the_weeks_around() -> None:
    """A town that doubles has no effect of its second half; a day without three of its like says nothing."""
    days = [date(2026, 1, 1) + timedelta(days=place) for place in range(200)]
    cells = {(day, 1): 1_000 + 10 * place for place, day in enumerate(days)}
    found = ratios(cells, set(days))
    assert all(abs(found[day]) < 0.05 for day in days[35:-35])  # at both ends only one side is known
    assert ratios({key: value for key, value in cells.items() if key[0] < days[14]}, set(days)) == {}
    assert not effect(found, days[:3]).is_told and effect(found, days[:3]).days == 3
    assert not one_day(found, date(2030, 1, 1), set(days)).is_told


def test_the_weather_reaches_the_forecast(district: Town) -> None:
    """Measured up to yesterday, forecast three days ahead: the days that nobody knows stay open."""
    admin, today = district.another_clerk("administrator").who, tokyo_day(district.now)
    first = today - timedelta(days=10)

    def source(kind: str, readings: list[tuple[date, str, int]]) -> None:
        made = commands.add_source(district.session, admin, NewSource(kind, kind, "", DAY_S, ""), key=uuid4(), now=district.now)
        found = Found([Reading(day_bounds(day)[0], item, value) for day, item, value in readings])
        commands.take_file(district.session, admin, made, Parcel(found, uuid4()), now=district.now)

    assert queries.weather_extras(district.session, district.district_id, first, 38, today) == {}
    source("weather", [(first + timedelta(days=place), "rain", place * 10) for place in range(10) if place != 4])
    source("forecast", [(today + timedelta(days=place), "rain", 55) for place in range(3)])
    source("event", [(today + timedelta(days=20), "花火", 0)])
    extras = queries.weather_extras(district.session, district.district_id, first, 38, today)
    assert extras.keys() == {"rain_mm"}
    rain = extras["rain_mm"]
    assert rain.known_ahead == 3 and np.isnan(rain.values[4]) and np.isnan(rain.values[13:]).all()
    assert rain.values[[0, 3, 9, 10, 12]].tolist() == [0, 3, 9, 5.5, 5.5]
    assert queries.joined_reports(district.session, district.district_id) == {"weather", "festival"}


def test_hours_make_a_day_only_where_all_of_them_are_there(district: Town) -> None:
    """Twenty-three hours of rain are no day of rain."""
    admin, today = district.another_clerk("administrator").who, tokyo_day(district.now)
    made = commands.add_source(district.session, admin, NewSource("weather", "空", "", HOUR_S, ""), key=uuid4(), now=district.now)
    start = day_bounds(today - timedelta(days=3))[0]
    readings = [Reading(start + timedelta(hours=hour), "rain", 5) for hour in range(48) if hour != 30]
    commands.take_file(district.session, admin, made, Parcel(Found(readings), uuid4()), now=district.now)
    found = queries.measured(district.session, district.district_id, today - timedelta(days=5), today)
    assert {day: each.rain for day, each in found.weather.items()} == {today - timedelta(days=3): 12.0}
