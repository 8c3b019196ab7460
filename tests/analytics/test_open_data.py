"""オープンデータ: switched on by an administrator, each month once and for good, and nothing about few people or few shops."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analytics import commands, snapshot
from analytics.open_data.files import write
from analytics.open_data.tables import KINDS, tables
from analytics.reports.board import Street, people_today
from analytics.reports.source import Asked, Source
from base.errors import Forbidden
from tests.analytics.test_reports import NOW, TRADES, Diary, year
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk", "year"]

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def files(diary: Diary) -> dict[str, list[list[str]]]:
    """The files of March as whoever downloads them reads them."""
    found = tables(Source(diary, 1), Asked(MARCH, APRIL, NOW, None, {}, TRADES))  # type: ignore[arg-type]
    return {each.name: list(csv.reader(io.StringIO(write(each).decode()))) for each in found}


def test_the_files_say_what_the_month_was_in_tens_of_people_and_whole_yen(year: Diary) -> None:
    found = files(year)
    (_, month) = found["month"]
    assert month[0] == "2026-03" and int(month[1]) % 10 == 0 and month[3] == ""
    days = found["day"][1:]
    assert [row[0] for row in days] == [f"2026-03-{day:02}" for day in range(1, 32)] and days[0][1] == "日曜"
    told = [row for row in found["weekday"][1:] if row[3]]
    assert told and sum(int(row[3]) for row in told) <= int(month[2])
    assert all(int(row[2]) >= 10 for row in told)
    withheld = [row for table in found.values() for row in table[1:] if row[-1]]
    assert withheld and all("" in row[:-1] for row in withheld)


def test_a_trade_of_fewer_than_three_shops_is_withheld_however_many_came(year: Diary) -> None:
    rows = {row[0]: row for row in files(year)["trade"][1:]}
    assert rows["飲食"][1] == "5" and int(rows["飲食"][2]) >= 10
    assert rows["花"][1:] == ["1", "", "お店が3軒未満などのため非公表"]


def busy(days: range, shops: range, hour: int, diary: Diary) -> None:
    """Twenty people at each of the shops on each of these days of March; nobody pays at two."""
    for day in days:
        for shop in shops:
            for person in range(20):
                diary.pays(f"2026-03-{day:02} {hour}:00", 100 * shop + person, shop, 1_000 + 10 * shop + person)


def test_two_shops_do_not_learn_each_others_yen_or_customers() -> None:
    """Where one shop or two are open, at night or on a day, nothing is told, and what is withheld of the yen is of three at least: else a
    shop takes its own off the month and has the other's."""
    diary = Diary()
    busy(range(2, 16), range(5), 12, diary)
    busy(range(2, 3), range(2), 19, diary)
    busy(range(22, 23), range(1), 12, diary)
    found = files(diary)
    rows = {(row[0], row[1]): row[2:] for row in found["weekday"][1:]}
    assert rows["月曜", "夜（17時から）"] == ["", "", "お店が3軒未満などのため非公表"]
    assert [row[2:] for row in found["day"][1:] if row[0] == "2026-03-22"] == [["", "お店が3軒未満などのため非公表"]]
    told = sum(int(row[1]) for row in rows.values() if row[1])
    night = sum(1_000 + 10 * shop + person for shop in range(2) for person in range(20))
    assert int(found["month"][1][2]) - told > 2 * night
    two = Diary()
    busy(range(2, 16), range(2), 12, two)
    assert all("" in row[:-1] for table in files(two).values() for row in table[1:])


def test_an_empty_month_has_files_of_which_every_row_is_withheld() -> None:
    found = files(Diary())
    assert found["month"][1] == ["2026-03", "", "", "10人未満などのため非公表"]
    assert len(found["day"]) == 32 and all(row[2] == "" for row in found["day"][1:]) and found["trade"][1:] == []


@pytest.fixture
def town(district: Town, tmp_path: Path) -> Town:
    """One payment in January 2024, in the book and in the columns."""
    shop, hanako = district.shop(), district.consumer(5_000)
    hanako.pays(shop, 500)
    district.seals()
    district.session.info["columns_folder"] = tmp_path / "columns"
    snapshot.of(district.session).follow(district.session, district.district_id)
    return district


def published(town: Town, **later: int) -> list[date]:
    """What the worker publishes until nothing is left."""
    found = []
    while (month := commands.publish_open_data(town.session, town.district_id, now=town.now + timedelta(**later))) is not None:
        found.append(month)
    return found


def test_nothing_is_published_before_an_administrator_says_so_and_then_each_month_once(
    town: Town, desk: Seat, client: FlaskClient, app: Flask
) -> None:
    assert published(town, days=70) == []
    with pytest.raises(Forbidden):
        commands.switch_open_data(town.session, town.clerk().who, is_on=True, now=town.now)
    seat = desk(town.another_clerk("administrator"))
    assert "公開していません" in seat.sees("/desk/open-data").text
    seat.presses("/desk/open-data", "/desk/open-data", on="yes")
    first = town.now.date().replace(day=1)
    assert published(town, days=1) == []  # the month is not over
    months = published(town, days=70)
    assert months[0] == first and months == sorted(set(months)) and published(town, days=70) == []
    here = {"base_url": f"http://{town.host}"}
    page = client.get("/open-data", **here)
    assert page.status_code == 200 and f"{first:%Y年%-m月}" in page.text.replace("年0", "年")
    name = f"/open-data/{first:%Y-%m}/day.csv"
    file = client.get(name, **here)
    assert file.status_code == 200 and file.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(name, headers={"If-None-Match": file.headers["ETag"]}, **here).status_code == 304
    catalogue = json.loads(client.get("/open-data/catalog.jsonld", **here).text)
    (days,) = [each for each in catalogue["dcat:dataset"] if each["@id"].endswith("#day")]
    (mine,) = [each for each in days["dcat:distribution"] if each["@id"].endswith(name)]
    assert mine["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(file.data).hexdigest()
    assert mine["dcat:byteSize"] == len(file.data)
    assert [each["csvw:title"] for each in days["csvw:tableSchema"]["csvw:columns"]] == file.text.splitlines()[0].split(",")
    for wrong in (f"/open-data/{first:%Y-%m}/people.csv", "/open-data/2024-13/day.csv", "/open-data/1999-01/day.csv"):
        assert client.get(wrong, **here).status_code == 404
    seat.presses("/desk/open-data", "/desk/open-data", on="")
    assert published(town, days=130) == []


def test_what_was_published_is_changed_by_nobody(town: Town) -> None:
    commands.switch_open_data(town.session, town.another_clerk("administrator").who, is_on=True, now=town.now)
    assert published(town, days=40)
    for order in ("UPDATE open_data_file SET withheld = 0", "DELETE FROM open_data_file", "TRUNCATE open_data_file"):
        with pytest.raises(DBAPIError), town.session.begin_nested():
            town.session.execute(text(order))


def test_every_table_tells_why_a_row_is_empty() -> None:
    assert all(kind.columns[-1].title == "非公表の理由" for kind in KINDS)


def test_the_address_of_a_screen_is_shown_once_and_is_kept_by_nobody_else(desk: Seat, district: Town, client: FlaskClient) -> None:
    seat = desk(district.clerk())
    answer = seat.presses("/desk/screens", "/desk/screens", name="駅前")
    (address,) = re.findall(r"https?://[^<]+/signage/([\w-]+)", answer.text)
    assert address not in seat.sees("/desk/screens").text
    here = {"base_url": f"http://{district.host}"}
    shown = client.get(f"/signage/{address}", **here)
    assert shown.status_code == 200 and "noindex" in shown.headers["X-Robots-Tag"] and shown.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/signage/{address}/sheets", base_url="http://elsewhere.localhost").status_code == 404
    (screen,) = re.findall(r"/desk/screens/(\d+)/end", seat.sees("/desk/screens").text)
    seat.presses("/desk/screens", f"/desk/screens/{screen}/end")
    assert client.get(f"/signage/{address}", **here).status_code == 404
    assert seat.presses("/desk/screens", "/desk/screens/999/end").status_code == 404


def test_a_street_is_told_when_ten_people_came_and_three_shops_stand_in_it() -> None:
    diary = Diary()
    for person in range(24):
        diary.pays("2026-04-10 10:15", person, person % 3, 500)
        diary.pays("2026-04-10 10:45", person, 4, 500)
    diary.pays("2026-04-10 11:30", 99, 0, 500)
    source = Source(diary, 1)  # type: ignore[arg-type]
    noon = datetime(2026, 4, 10, 3, 6, tzinfo=UTC)
    told = people_today(source, noon, {0: "湯元通り", 1: "湯元通り", 2: "湯元通り", 3: "駅前", 4: "駅前"}, {})
    assert told == (12, 20, [Street("湯元通り", 20)])  # who came alone after eleven is not seen to come
    assert people_today(source, noon - timedelta(hours=2), {}, {}) == (10, None, [])
