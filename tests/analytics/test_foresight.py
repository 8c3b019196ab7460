"""What a night foretells, keeps and shows: from the columns to the page of the next morning."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from analytics import cli, snapshot
from analytics.commands import NewNote, NewSource, Parcel, add_source, drop_note, foresee, note_day, sweep_forecasts, take_file
from analytics.errors import NoteDaysWrong, NoteUnknown
from analytics.models import InsightForecast
from analytics.queries import foresight, foretold, notes
from analytics.rules.kinds import DAY_S
from analytics.rules.readings import Found, Reading
from base.clock import day_bounds
from base.errors import Forbidden
from identity.retention import FORECASTS
from ledger.errors import KeyReused
from tests.analytics.test_reports import Diary
from tests.association.test_pages import Seat, desk
from tests.town import Shop, Town

__all__ = ["desk"]


class Village(Diary):
    """A diary whose shops are those of a real district, so that their owners may ask."""

    def __init__(self, shops: list[Shop]) -> None:
        super().__init__()
        self.shops = shops

    def read(self, district_id: int, since: date, until: date) -> snapshot.Columns:
        found = super().read(district_id, since, until)
        rows = (snapshot.ShopRow(code, shop.id, shop.public_number, "飲食", "small", None) for code, shop in enumerate(self.shops))
        return replace(found, district_id=district_id, shop_rows=tuple(rows), shops=len(self.shops))

    def _month(self, *month: Any) -> snapshot.Month:
        return replace(super()._month(*month), shops=len(self.shops))

    def opens(self, shop: int, until: date, days: int, *, people: int = 14) -> None:
        """So many people a day, on Saturdays many more, on Wednesdays nobody; nobody pays alike."""
        random = np.random.default_rng(shop)
        for back in range(days, 0, -1):
            day = until - timedelta(days=back)
            many = {2: 0, 5: 3 * people}.get(day.weekday(), people)
            for person in range(many and many + int(random.integers(3))):
                self.pays(f"{day} 12:{person % 60:02}", shop * 100 + person, shop, 900 + int(random.integers(200)))


@pytest.fixture
def village(district: Town, monkeypatch: pytest.MonkeyPatch) -> Village:
    """Two shops, whose columns are written down by hand."""
    diary = Village([district.shop("湯の華"), district.shop("新しい店")])
    monkeypatch.setattr("analytics.snapshot.of", lambda _session: diary)
    return diary


def night(district: Town) -> list[int]:
    """Piece after piece, as the worker does."""
    made = []
    while many := foresee(district.session, district.district_id, now=district.now):
        made.append(many)
    return made


def test_the_owner_reads_in_the_morning_which_day_will_be_busy_and_why_that_may_be_believed(
    desk: Seat, district: Town, village: Village
) -> None:
    """Saturday stands out, the day of rest is one, the errors of both ways are told; page and file say the same."""
    old = village.shops[0]
    village.opens(0, district.today, 100)
    assert night(district) == [2]  # the shop, and the district
    told = foresight.shop_forecast(district.session, old.owner, now=district.now)
    said = told.answer.sentence.said(str)
    assert told.answer.can_tell and told.made_at == district.now and len(told.answer.rows) == 28
    assert "土曜" in said and "いちばん忙しい" in said
    assert sum("MASE" in note.said(str) for note in told.answer.notes) == 2, "of yen and of visitors"
    people = [row[4:7] for row in told.answer.rows if row[1] and all(isinstance(cell, int) for cell in row[4:7])]
    assert people and all(low <= expected <= high and high % 10 == 0 for expected, low, high in people)
    assert [row[-1].said(str) for row in told.answer.rows if row[1] == 0] == ["休み"] * 4
    seat = desk(SimpleNamespace(person_id=old.owner.person_id))
    page = seat.sees("/shop/insight").text
    assert "MASE" in page and "に計算" in page and 'class="flow c1"' in page
    table = seat.sees("/shop/insight/forecast.csv").text
    assert "休み" in table and "お客様の見込み（人）,少なくて（人）,多くて（人）" in table


def test_a_shop_of_a_week_and_an_empty_district_are_told_that_nothing_can_be_said_yet(district: Town, village: Village) -> None:
    """Nobody paid anywhere: of the district that nothing can be told. One week: of that shop too. Where nobody came its page says that."""
    assert night(district) == [1]
    district.clock.advance(days=1)
    village.opens(1, district.today, 7)
    assert night(district) == [2]
    new = foresight.shop_forecast(district.session, village.shops[1].owner, now=district.now).answer
    never = foresight.shop_forecast(district.session, village.shops[0].owner, now=district.now).answer
    assert (new.can_tell, new.sentence.said(str)) == (False, foresight.TOO_SHORT)
    assert (never.can_tell, never.sentence.said(str)) == (False, foresight.NOT_MADE)


def test_a_district_is_foretold_only_where_ten_shops_took_part(district: Town, village: Village) -> None:
    """Of two shops one owner would take off the own sales and know the other's."""
    village.shops += [district.shop(f"店{number}") for number in range(8)]
    auditor = district.signs_in(district.person("監査", "auditor"))
    for shop in range(9):
        village.opens(shop, district.today, 60, people=10)
    night(district)
    assert not foresight.district_forecast(district.session, auditor, now=district.now).answer.can_tell
    village.opens(9, district.today, 60, people=10)
    district.clock.advance(days=1)
    for shop in range(10):
        village.opens(shop, district.today, 1, people=10)
    night(district)
    told = foresight.district_forecast(district.session, auditor, now=district.now).answer
    assert told.can_tell and told.chart is not None and len(told.chart.marks) == 28  # nothing of the days that are over
    with pytest.raises(Forbidden):
        foresight.district_forecast(district.session, village.shops[0].owner, now=district.now)


def test_a_night_is_done_once_goes_on_where_it_stopped_and_is_forgotten_after_a_year(
    district: Town, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece a time; again nothing; the newest is shown and the older ones stay for comparison."""
    monkeypatch.setattr("analytics.commands.forecasts.PIECE", 1)
    for shop in (0, 1):
        village.opens(shop, district.today, 30)
    assert night(district) == [1, 2] and night(district) == []
    district.clock.advance(days=1)
    village.opens(0, district.today, 1)
    assert sum(night(district)) == 3
    kept = select(func.count()).select_from(InsightForecast).where(InsightForecast.district_id == district.district_id)
    assert district.session.scalar(kept) == 6
    assert foresight.shop_forecast(district.session, village.shops[0].owner, now=district.now).first == district.today
    sweep_forecasts(district.session, now=district.now + FORECASTS - timedelta(hours=12))
    assert district.session.scalar(kept) == 3


def test_what_was_said_is_held_against_what_came(desk: Seat, district: Town, village: Village) -> None:
    """Two weeks later: how many days lay within, and that half as many people came as was said; page and file say the same."""
    shop = village.shops[0]
    village.opens(0, district.today, 100, people=40)
    first = district.today
    night(district)
    told = [foretold.shop_foretold(district.session, shop.owner, now=district.now).answer]
    district.clock.advance(days=14)
    village.opens(0, district.today, 14, people=20)
    night(district)
    asked = foretold.shop_foretold(district.session, shop.owner, now=district.now)
    told.append(asked.answer)
    assert [each.can_tell for each in told] == [False, True] and (asked.first, len(told[1].rows)) == (first, 14)
    said, of_people = told[1].sentence.said(str), told[1].notes[0].said(str)
    assert "12日のうち" in said and "控えめに読んでください" in said, "two Wednesdays were days of rest"
    percent = [each.facts["bias"].facts["percent"] for each in (told[1].sentence, told[1].notes[0].facts["said"])]  # type: ignore[union-attr]
    assert all(42 < each < 58 for each in percent) and "少なく来ました" in said and "少なく来ました" in of_people
    exact = [row for row in told[1].rows if isinstance(row[4], int)]
    assert len(exact) == 12 and all(row[9] % 10 == 0 for row in exact if isinstance(row[9], int))
    assert {row[5].said(str) for row in told[1].rows} == {"外", "比べない"}
    seat = desk(SimpleNamespace(person_id=shop.owner.person_id))
    assert "見込みは控えめに読んでください" in seat.sees("/shop/insight").text
    assert "来た売上（円）" in seat.sees("/shop/insight/foretold.csv").text
    asks = ["run", "foretold", "--district", district.host.split(".")[0], "--shop", shop.public_number]
    terminal = json.loads(CliRunner().invoke(cli.commands, asks, obj=district.session).stdout)
    assert terminal["sentence"] == said and terminal["last"] == str(asked.last)
    paper = CliRunner().invoke(cli.commands, [*asks, "--format", "pdf"], obj=district.session)
    assert paper.stdout_bytes.startswith(b"%PDF")


def test_of_the_district_single_days_are_held_against_people_alone(district: Town, village: Village) -> None:
    """A single day's yen, set off against the month's exact table, would leave those of few. A day of two shops is not compared."""
    village.shops += [district.shop(f"店{number}") for number in range(8)]
    auditor = district.signs_in(district.person("監査", "auditor"))
    for shop in range(10):
        village.opens(shop, district.today, 60, people=10)
    night(district)
    district.clock.advance(days=14)
    alone = district.today - timedelta(days=1)
    for shop in range(10):
        village.opens(shop, district.today - timedelta(days=1), 13, people=10)
    for shop in range(2):
        village.opens(shop, district.today, 1, people=30)
    night(district)
    told = foretold.district_foretold(district.session, auditor, now=district.now).answer
    assert told.can_tell and not any(head.holds == "yen" for head in told.heads) and told.action is not None
    assert told.sentence.said(str).startswith("お客様の数: ") and len(told.rows) == 14
    assert told.rows[-1][0] == foresight.day_words(alone) and told.rows[-1][4].said(str) == "比べない"  # type: ignore[union-attr]


def test_a_note_typed_in_ten_seconds_shuts_the_day_and_stands_on_the_chart(desk: Seat, district: Town, village: Village) -> None:
    """休業 tomorrow: no sales are foretold for that day. The neighbour's forecast does not know it; dropped, it is gone the next night."""
    village.opens(0, district.today, 60)
    village.opens(1, district.today, 60)
    mine, other = village.shops
    seat = desk(SimpleNamespace(person_id=mine.owner.person_id))
    tomorrow = district.today + timedelta(days=1 if (district.today + timedelta(days=1)).weekday() != 2 else 2)
    form = {"kind": "closed", "first": str(tomorrow), "last": "", "words": "研修旅行"}
    wrong = seat.presses("/shop/insight", "/shop/insight", **form | {"words": ""})
    assert wrong.status_code == 422 and "メモを残す" in wrong.text
    assert seat.presses("/shop/insight", "/shop/insight", **form).status_code == 303
    night(district)
    place = (tomorrow - district.today).days
    told, theirs = (foresight.shop_forecast(district.session, shop.owner, now=district.now).answer for shop in village.shops)
    assert told.rows[place][1] == 0 and "研修旅行" in told.rows[place][-1].said(str)
    assert theirs.rows[place][1] > 0 and "研修旅行" not in str(theirs)
    (note,) = notes.shop_notes(district.session, mine.owner, today=district.today)
    with pytest.raises(NoteUnknown):
        drop_note(district.session, other.owner, note.id, now=district.now)
    assert seat.presses("/shop/insight", f"/shop/insight/notes/{note.id}/drop").status_code == 303
    assert notes.shop_notes(district.session, mine.owner, today=district.today) == []


def test_a_festival_of_the_past_raises_the_next_one_and_is_named_as_the_reason(district: Town, village: Village) -> None:
    """Three noted festivals, each with twice the people; the fourth is announced for the day after tomorrow."""
    today, shop = district.today, village.shops[0]
    desk_lead = district.signs_in(district.person("代表", "group_lead"))
    village.opens(0, today, 100)
    festival = today + timedelta(days=2 if (today + timedelta(days=2)).weekday() not in (2, 5) else 3)
    festival += timedelta(days=festival.weekday() in (2, 5))
    for back in (14, 35, 56):
        for person in range(25):
            village.pays(f"{festival - timedelta(days=back)} 15:{person:02}", 50 + person, 0, 1_000)
        said = NewNote("event", festival - timedelta(days=back), festival - timedelta(days=back), "灯籠まつり")
        note_day(district.session, desk_lead, said, key=uuid4(), now=district.now)
    note_day(district.session, desk_lead, NewNote("event", festival, festival, "灯籠まつり"), key=uuid4(), now=district.now)
    night(district)
    told = foresight.shop_forecast(district.session, shop.owner, now=district.now).answer
    assert any("催し" in each.said(str) for each in (told.sentence, *told.notes)), [each.said(str) for each in told.notes]


@pytest.mark.parametrize("kind", ["rain", "snow", "heat", "storm"])
def test_a_forecast_knows_each_weather_that_somebody_noted(district: Town, kind: str) -> None:
    day = district.today
    note_day(district.session, district.shop().owner, NewNote(kind, day, day, "空もよう"), key=uuid4(), now=district.now)
    (noted,) = notes.notes_between(district.session, district.district_id, day, day)
    known = notes.extras([noted], noted.merchant_id, day - timedelta(days=1), 3)
    assert [name for name, each in known.items() if list(each.values) == [0, 1, 0]] == [kind]


def test_a_note_sent_twice_is_one_and_a_wrong_day_is_told(district: Town) -> None:
    shop, key, day = district.shop(), uuid4(), district.today
    said = NewNote("event", day, day, "朝市")
    assert note_day(district.session, shop.owner, said, key=key, now=district.now) == note_day(
        district.session, shop.owner, said, key=key, now=district.now
    )
    with pytest.raises(KeyReused):
        note_day(district.session, shop.owner, replace(said, words="夜市"), key=key, now=district.now)
    for first, last in ((day, day - timedelta(days=1)), (day, day + timedelta(days=62)), (day + timedelta(days=400),) * 2, (date.max,) * 2):
        with pytest.raises(NoteDaysWrong):
            note_day(district.session, shop.owner, NewNote("event", first, last, "朝市"), key=uuid4(), now=district.now)
    with pytest.raises(Forbidden):
        note_day(district.session, district.consumer().who, said, key=uuid4(), now=district.now)


def test_a_years_festivals_come_from_a_spreadsheet(desk: Seat, district: Town) -> None:
    """Wrong lines are named and keep the whole out; looked at, all are kept once; the table that goes out, pasted again, adds nothing. An
    owner, whose notes are of one shop, pastes none."""
    seat, here, today = desk(district.another_clerk("administrator")), "/desk/insight/notes/list", district.today

    def pastes(*rows: str, **more: str) -> str:
        return seat.presses(here, here, pasted="\n".join(("いつ\tいつまで\t種類\tひとこと", *rows)), **more).text

    def said() -> list[tuple[str, date, date]]:
        who = district.another_clerk("administrator").who
        return [(each.words, each.first, each.last) for each in notes.every_district_note(district.session, who, today=today)]

    first, last = today + timedelta(days=30), today + timedelta(days=31)
    good = (f"{first:%Y/%m/%d}\t{last.year}年{last.month}月{last.day}日\t祭り・行事\t=灯籠まつり", f"{last}\t\tClosed\t休み")
    wrong = pastes(*good, f"{last}\t{first}\t祭り・行事\tx", "あした\t\t雨\tx", f"{first}\t\t宴会\tx", looked_at="1")
    assert wrong.count(">いつ</td>") == 2 and wrong.count(">種類</td>") == 1 and said() == []
    assert 'name="looked_at"' in pastes(*good) and said() == []
    key = str(uuid4())
    for _ in range(2):
        pastes(*good, looked_at="1", key=key)
    assert said() == [("=灯籠まつり", first, last), ("休み", last, last)]
    table = seat.sees("/desk/insight/notes.csv").data.decode("utf-8-sig")
    assert "新しい行はありません。" in seat.presses(here, here, pasted=table).text
    owner = desk(SimpleNamespace(person_id=district.shop().owner.person_id))
    assert owner.sees(here).status_code == owner.sees("/desk/insight/notes.xlsx").status_code == 403


def test_rain_that_empties_the_shop_and_is_forecast_makes_the_day_quiet_and_is_named(district: Town, village: Village) -> None:
    """Every fifth day it rained, and half as many came; the forecast says rain for the day after tomorrow."""
    admin, today = district.another_clerk("administrator").who, district.today
    random = np.random.default_rng(2)

    def source(kind: str, values: dict[date, int]) -> None:
        made = add_source(district.session, admin, NewSource(kind, kind, "", DAY_S, ""), key=uuid4(), now=district.now)
        found = Found([Reading(day_bounds(day)[0], "rain", value) for day, value in values.items()])
        take_file(district.session, admin, made, Parcel(found, uuid4()), now=district.now)

    days = [today - timedelta(days=back) for back in range(120, 0, -1)]
    source("weather", {day: 200 * (place % 5 == 0) for place, day in enumerate(days)})
    source("forecast", {today + timedelta(days=ahead): 200 * (ahead == 2) for ahead in range(7)})
    for place, day in enumerate(days):
        for person in range((20 if place % 5 == 0 else 50) + int(random.integers(4))):
            village.pays(f"{day} 12:{person % 60:02}", person, 0, 1_000)
    night(district)
    told = foresight.shop_forecast(district.session, village.shops[0].owner, now=district.now).answer
    rainy, dry = told.rows[2][1], told.rows[1][1]
    assert isinstance(rainy, int) and isinstance(dry, int) and rainy < 0.7 * dry
    assert any("少なくなりそう" in each.said(str) and "雨の予報" in each.said(str) for each in (told.sentence, *told.notes))
