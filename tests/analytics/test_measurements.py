"""What is measured beside the payments: files and sensors deliver, each value has its origin, and nobody writes what is not theirs."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from werkzeug.test import TestResponse

from analytics import commands, queries
from analytics.commands import NewSource, Parcel
from analytics.errors import SourceDoesNotFit, SourceUnknown
from analytics.queries.measurements import newest_values
from analytics.rules.kinds import DAY_S, HOUR_S
from analytics.rules.readings import Found, Reading
from base.clock import TOKYO, tokyo_day
from base.errors import Forbidden
from identity.commands import revoke_api_token
from identity.queries import api_tokens
from tests.analytics.test_readings import JMA_DAYS
from tests.association.test_pages import Desk, Seat, desk
from tests.town import Town, other_district

__all__ = ["desk", "other_district"]

CAMERA = NewSource("footfall", "北のカメラ", "湯の坂", HOUR_S, "人数だけを数える")


@pytest.fixture
def camera(district: Town) -> int:
    admin = district.another_clerk("administrator")
    return commands.add_source(district.session, admin.who, CAMERA, key=uuid4(), now=district.now)


def hour(town: Town, back: int) -> datetime:
    """The beginning of an hour that is over, so many hours ago."""
    return (town.now - timedelta(hours=back + 1)).replace(minute=0, second=0, microsecond=0)


Sends = Callable[..., TestResponse]


@pytest.fixture
def sensor(app: Flask, district: Town, camera: int) -> Sends:
    """A camera on a post that counts who passes: `sensor({hours back: people})`."""
    admin = district.another_clerk("administrator")
    token = commands.make_sensor_token(district.session, admin.who, camera, "1号機", now=district.now)

    def send(counts: dict[int, Any] | None = None, *, key: object = None, path: str = "/measurements", body: Any = None) -> TestResponse:
        rows = [{"start": hour(district, back).astimezone(TOKYO).isoformat(), "value": value} for back, value in (counts or {}).items()]
        return app.test_client().post(
            f"/api/v1{path}",
            json={"readings": rows} if body is None else body,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(key or uuid4())},
            base_url=f"https://{district.host}",
        )

    return send


def kept(town: Town, source_id: int) -> list[int]:
    long = timedelta(days=1000)
    return list(newest_values(town.session, town.district_id, source_id, town.now - long, town.now + long).values())


def test_a_sensor_sends_once_what_it_counted(district: Town, camera: int, sensor: Sends) -> None:
    """The same key keeps it once; impossible counts are answered one by one and the others stand; a later value of an hour counts."""
    key = uuid4()
    first = sensor({5: 120, 4: -3, 3: 10**9, 2: 7.5, 1: 140}, key=key)
    assert first.status_code == 201, first.json
    assert (first.json["accepted"], first.json["refused"], first.json["reasons"]) == (2, 3, {"range": 2, "number": 1})
    assert [each["line"] for each in first.json["wrong"]] == [2, 3, 4]
    again = sensor({5: 120, 4: -3, 3: 10**9, 2: 7.5, 1: 140}, key=key)
    assert again.json["replayed"] and again.json["id"] == first.json["id"]
    assert sensor({5: 121}, key=key).json["code"] == "idempotency_key_reused"
    assert kept(district, camera) == [120, 140]
    assert sensor({5: 120, 1: 150}).json["added"] == 1
    assert kept(district, camera) == [120, 150]
    state = queries.source(district.session, district.another_clerk("auditor").who, camera, now=district.now)
    assert state.state == "clash" and state.standing.missing == 3
    assert doubtful(district, camera) == {120: False, 150: True}, "nobody knows whether 140 or 150 came"
    admin = district.another_clerk("administrator").who
    commands.take_file(
        district.session, admin, camera, Parcel(Found([Reading(hour(district, 1), "count", 140)]), uuid4()), now=district.now
    )
    assert doubtful(district, camera) == {120: False, 140: False}, "a file says it"
    assert sensor({1: 150}).json["added"] == 1
    assert doubtful(district, camera) == {120: False, 140: False}, "whatever the second device says afterwards"


def test_a_file_may_say_that_the_newer_of_two_was_right(district: Town, camera: int, sensor: Sends) -> None:
    assert [sensor({1: count}).json["added"] for count in (140, 150)] == [1, 1]
    assert doubtful(district, camera) == {150: True}
    right = Parcel(Found([Reading(hour(district, 1), "count", 150)]), uuid4())
    commands.take_file(district.session, district.another_clerk("administrator").who, camera, right, now=district.now)
    assert doubtful(district, camera) == {150: False}


def doubtful(town: Town, source_id: int) -> dict[int, bool]:
    """The values that stand, and whether views leave them out."""
    row = queries.source_row(town.session, town.district_id, source_id)
    found = queries.series_of(town.session, town.district_id, row, town.now - timedelta(days=9), town.now)["count"]
    return dict(zip(found.values.tolist(), found.doubtful.tolist(), strict=True))


def test_a_clock_that_runs_ahead_is_told(district: Town, camera: int, sensor: Sends) -> None:
    """Nothing of tomorrow is kept, and the page says what to do."""
    assert sensor({-30: 5, 24 * 40: 5}).json["reasons"] == {"future": 1, "old": 1}
    assert kept(district, camera) == []
    found = queries.source(district.session, district.another_clerk("auditor").who, camera, now=district.now)
    assert (found.state, found.facts) == ("clock", {"count": 2})


@pytest.mark.parametrize(
    "body",
    [
        {"readings": [{"start": "2026-11-01T09:00:00+09:00", "value": 3, "mac": "aa:bb:cc:dd:ee:ff"}]},
        {"readings": [{"start": "2026-11-01T09:00:00+09:00", "value": 3}], "device_id": "x"},
        {"readings": []},
        {"readings": [{"start": "2026-11-01T09:00:00+09:00", "value": 1}] * 1001},
        {"readings": [{"start": "2026-11-01T09:00:00+09:00", "value": "many"}]},
    ],
)
def test_what_has_no_place_here_is_refused(district: Town, camera: int, sensor: Sends, body: Any) -> None:
    """A column about somebody, nothing, too much, no number: a problem with a code, and nothing kept."""
    answer = sensor(body=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert kept(district, camera) == []


def test_a_number_of_a_few_letters_fills_no_memory(sensor: Sends) -> None:
    """Written out, each of these has tens of millions of digits: they are answered as no number."""
    tracemalloc.start()
    try:
        answer = sensor({5: "1e-30000000", 4: "0e-30000000", 3: "1e30000000"}).json
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert answer["reasons"] == {"number": 3}


def test_too_many_bytes_are_not_read(sensor: Sends) -> None:
    assert sensor(body={"readings": [], "x": "y" * 110_000}).status_code == 413


def test_a_sensor_does_one_thing(app: Flask, district: Town, camera: int, sensor: Sends) -> None:
    """It reads no payments, tops nobody up, and is silent the moment its token is stopped."""
    topped = {"code": district.consumer().shows_code().text, "amount": 1_000, "series": "akari"}
    assert sensor(path="/top-ups", body=topped).status_code == 403
    assert sensor(path="/requests", body={"amount": 5}).status_code == 403
    admin = district.another_clerk("administrator")
    token = next(each for each in api_tokens(district.session, admin.who) if each.source_id == camera)
    assert token.scopes == ("measurements:write",)
    revoke_api_token(district.session, admin.who, token.id, now=district.now)
    assert sensor({1: 5}).status_code == 401


def test_who_sends_too_often_is_slowed(district: Town, sensor: Sends) -> None:
    """120 calls an hour, exactly; then it says when to come again."""
    for _ in range(3):
        district.clock.advance(seconds=20)  # type: ignore[attr-defined]
        assert {sensor({1: 5}).status_code for _ in range(40)} == {201}
    slowed = sensor({1: 5})
    assert (slowed.status_code, slowed.json["code"]) == (429, "sensor_too_fast")
    district.clock.advance(minutes=61)  # type: ignore[attr-defined]
    assert sensor({1: 5}).status_code == 201


def test_a_source_of_another_district_is_nowhere(district: Town, other_district: Town, camera: int) -> None:
    stranger = other_district.another_clerk("administrator")
    parcel = Parcel(Found([Reading(hour(district, 1), "count", 5)]), uuid4())
    for tries in (
        lambda: queries.source(other_district.session, stranger.who, camera, now=district.now),
        lambda: commands.take_file(other_district.session, stranger.who, camera, parcel, now=district.now),
        lambda: commands.end_source(other_district.session, stranger.who, camera, now=district.now),
        lambda: commands.make_sensor_token(other_district.session, stranger.who, camera, "x", now=district.now),
    ):
        with pytest.raises(SourceUnknown):
            tries()
    assert kept(district, camera) == []


def test_a_door_has_its_shop_and_a_forecast_its_days(district: Town) -> None:
    admin = district.another_clerk("administrator").who
    for new in (
        NewSource("door", "入口", "", HOUR_S, ""),
        NewSource("event", "祭り", "", HOUR_S, ""),
        NewSource("faces", "顔", "", HOUR_S, ""),
    ):
        with pytest.raises(SourceDoesNotFit):
            commands.add_source(district.session, admin, new, key=uuid4(), now=district.now)
    with pytest.raises(Forbidden):
        commands.add_source(district.session, district.another_clerk("auditor").who, CAMERA, key=uuid4(), now=district.now)


def test_readings_are_never_edited(district: Town, camera: int, sensor: Sends) -> None:
    """The web's role may neither change nor delete what came in."""
    sensor({1: 5})
    for sql in (
        "UPDATE measurement SET value = 6",
        "DELETE FROM measurement",
        "DELETE FROM measure_delivery",
        "UPDATE measure_source SET kind = 'web'",
    ):
        with pytest.raises(ProgrammingError):
            district.session.execute(text(sql))
        district.session.rollback()


def test_what_was_measured_stands_whoever_writes(district: Town, camera: int, sensor: Sends, owner_engine: Engine) -> None:
    """Not even the owner of the tables edits or deletes a reading, puts it under another source, or writes there with a sensor's token."""
    sensor({1: 5})
    admin = district.another_clerk("administrator")
    other = commands.add_source(district.session, admin.who, CAMERA, key=uuid4(), now=district.now)
    commands.end_source(district.session, admin.who, other, now=district.now)
    mine = f" WHERE source_id = {camera}"
    moved = f"district_id, {other}, delivery_id, item, starts_at - interval '1 day', value"
    reading = f"INSERT INTO measurement (district_id, source_id, delivery_id, item, starts_at, value) SELECT {moved} FROM measurement{mine}"
    rest = "content_hash, way, file_name, person_id, api_token_id, at, accepted, added, blank, refused, wrong_clock, reasons"
    sent = f"SELECT district_id, {other}, gen_random_uuid(), {rest} FROM measure_delivery{mine}"
    delivery = f"INSERT INTO measure_delivery (district_id, source_id, key, {rest}) {sent}"
    for sql, why in (
        ("UPDATE measurement SET value = 6", "never_edited"),
        ("DELETE FROM measure_delivery", "never_edited"),
        ("TRUNCATE measurement", "never_edited"),
        ("UPDATE measure_source SET interval_s = 900", "stands"),
        ("UPDATE measure_source SET ended_at = NULL", "stands"),
        ("DELETE FROM measure_source", "never_edited"),
        (reading, "measurement_delivery_fkey"),
        (delivery, "measure_delivery_token_fkey"),
    ):
        with owner_engine.connect() as connection, pytest.raises(DBAPIError, match=why):
            connection.execute(text(sql))


def weather_page(seat: Desk) -> str:
    """The page of a new source of weather, by day."""
    form = {"kind": "weather", "name": "熱海の天気", "place": "", "interval_s": DAY_S, "method": "気象庁", "shop": ""}
    made = seat.presses("/desk/measures", "/desk/measures", **form)
    assert made.status_code == 303
    return str(made.headers["Location"])


def test_the_desk_looks_at_a_file_of_the_agency_and_keeps_it(desk: Seat, district: Town) -> None:
    """First line by line and nothing kept; then the press; then where it came from, and the values as a file."""
    seat = desk(district.another_clerk("issuer"))
    page = weather_page(seat)
    year = f"{district.now - timedelta(days=60):%Y}"
    content = JMA_DAYS.replace("2026,10", f"{year},1").encode("cp932")

    def looks() -> TestResponse:
        return seat.presses(f"{page}/file", f"{page}/file", file=(io.BytesIO(content), "data.csv"))

    seen = looks().text
    assert "取り込む値 3個" in seen and "測れていない値 1個" in seen and "31.5" in seen
    assert "まだ何も届いていません" in seat.sees(page).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', seen)[1] for name in ("plan", "key", "name")}  # type: ignore[index]
    rows = re.search(r'name="pasted" hidden>([^<]*)<', seen)[1].replace("&#34;", '"')  # type: ignore[index]
    stale = seat.presses(f"{page}/file", f"{page}/file", **hidden | {"plan": "x"}, pasted=rows)
    assert "確かめたあとで内容が変わりました" in stale.text
    for _ in range(2):
        assert seat.presses(f"{page}/file", f"{page}/file", **hidden, pasted=rows).status_code == 303
    after = seat.sees(page).text
    assert after.count("data.csv") == 1
    table = seat.sees(f"{page}/readings.csv").text
    assert "降水量,31.5,mm,0" in table and "最高気温,22.4,℃,0" in table
    assert seat.sees(f"{page}/readings.xlsx").status_code == 200
    assert "取り込む値 3個" in looks().text


def test_whoever_reads_a_surveys_file_has_no_answer_of_few(desk: Seat, district: Town) -> None:
    """The auditor's file of a source has its values by day; of a survey that would be each guest's own words."""
    seat = desk(district.another_clerk("issuer"))
    form = {"kind": "survey", "name": "足湯の札", "place": "", "interval_s": DAY_S, "method": "", "shop": ""}
    page = str(seat.presses("/desk/measures", "/desk/measures", **form).headers["Location"])
    last = tokyo_day(district.now).replace(day=1) - timedelta(days=5)
    lines = [
        f"{last - timedelta(days=back)},{words},{many}"
        for back, words, many in ((0, "また来たい", 8), (1, "また来たい", 9), (0, "山田です", 1))
    ]
    lines.append(f"{tokyo_day(district.now).replace(day=1)},今月の声,90")
    sent = "\n".join(["日付,答え,件数", *lines])
    seen = seat.presses(f"{page}/file", f"{page}/file", pasted=sent).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', seen)[1] for name in ("plan", "key", "name")}  # type: ignore[index]
    assert seat.presses(f"{page}/file", f"{page}/file", **hidden, pasted=sent).status_code == 303
    told = desk(district.another_clerk("auditor")).sees(f"{page}/readings.csv").text.splitlines()[1:]
    assert len(told) == 2 and "また来たい,10," in told[0] and "ほかの答え" in told[1], "neither a day's, nor of a month that still runs"


def test_files_that_are_none_are_told_in_words(desk: Seat, district: Town) -> None:
    """Names, bombs, other heads, nothing: a sentence each, and nothing kept."""
    seat = desk(district.another_clerk("administrator"))
    page = weather_page(seat)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    book = openpyxl.Workbook()
    book.active.append(["日付", "降水量", "電話番号"])
    book.active.append(["2026-01-01", 1, "1"])
    sheet = io.BytesIO()
    book.save(sheet)
    for content, words in (
        (bomb.getvalue(), "ファイルが大きすぎます"),
        ("日付,降水量\n".encode() + b"1,1\n" * 40_002, "ファイルが大きすぎます"),
        (sheet.getvalue(), "人を特定できる列や値"),
        ("日付,湿度\n2026-01-01,3\n".encode(), "見出しか間隔が"),
        (b"\xff\xfe\x00", "行目を読めません"),
        (b"", "測った値の行がありません"),
    ):
        answer = seat.presses(f"{page}/file", f"{page}/file", file=(io.BytesIO(content), "data"))
        assert answer.status_code in (413, 422) and words in answer.text, (words, answer.text[-2000:])
    assert "まだ何も届いていません" in seat.sees(page).text


def test_who_sees_and_who_keeps(desk: Seat, district: Town, camera: int) -> None:
    """The auditor reads; owners and consumers see nothing; an issuer makes no token."""
    auditor, issuer = desk(district.another_clerk("auditor")), desk(district.another_clerk("issuer"))
    owner = desk(SimpleNamespace(person_id=district.shop().owner.person_id))
    for path in ("/desk/measures", f"/desk/measures/{camera}"):
        assert auditor.sees(path).status_code == 200 and owner.sees(path).status_code == 403
    assert auditor.sees(f"/desk/measures/{camera}/file").status_code == 403
    assert owner.sees(f"/desk/measures/{camera}/readings.csv").status_code == 403
    assert issuer.presses(f"/desk/measures/{camera}", f"/desk/measures/{camera}/token", label="x").status_code == 403
    admin = desk(district.another_clerk("administrator"))
    made = admin.presses(f"/desk/measures/{camera}", f"/desk/measures/{camera}/token", label="1号機").text
    assert re.search(r"meguri_[\w-]{40,}", made) and "この画面を離れると" in made
    assert not re.search(r"meguri_[\w-]{20,}", admin.sees(f"/desk/measures/{camera}").text)
    assert admin.presses(f"/desk/measures/{camera}", f"/desk/measures/{camera}/end").status_code == 303
    assert "この測定は終わっています" in admin.sees(f"/desk/measures/{camera}").text


def test_the_api_says_what_it_takes(app: Flask, district: Town) -> None:
    document = app.test_client().get("/api/v1/openapi.json", base_url=f"https://{district.host}").json
    operation = document["paths"]["/api/v1/measurements"]["post"]
    assert operation["security"] == [{"bearer": ["measurements:write"]}]
    assert "sensor_too_fast" in json.dumps(operation["x-refusals"])


def test_a_year_of_hours_passes_through_the_box(desk: Seat, district: Town, camera: int) -> None:
    """What was looked at comes back with the press, however long it is: 8,000 hours with a remark each."""
    seat = desk(district.another_clerk("issuer"))
    lines = [
        f"{hour(district, back).astimezone(TOKYO):%Y-%m-%d %H:%M},{back % 90},{'よく晴れて暖かく風もない日でした' * 2}"
        for back in range(8_000)
    ]
    content = "\n".join(["日時,人数,備考", *lines])
    page = f"/desk/measures/{camera}/file"
    seen = seat.presses(page, page, pasted=content).text
    assert "取り込む値 8,000個" in seen and "使わない列: 備考" in seen
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', seen)[1] for name in ("plan", "key", "name")}  # type: ignore[index]
    rows = re.search(r'name="pasted" hidden>([^<]*)<', seen)[1]  # type: ignore[index]
    assert len(rows.encode()) > 500_000 and seat.presses(page, page, **hidden, pasted=rows).status_code == 303
    assert len(kept(district, camera)) == 8_000
