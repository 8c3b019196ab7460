"""What files say, line by line: a count is kept as it is, a gap stays a gap, and what identifies a person is refused whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analytics.rules.jma import is_jma, read_jma
from analytics.rules.kinds import DAY_S, HOUR_S, KINDS
from analytics.rules.quality import Standing, missing, spikes, state
from analytics.rules.readings import Found, Frame, LooksPersonal, moment, read_sent, read_table
from base.row_file import FileWrong, rows_of

NOW = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)
JMA_HOURS = """ダウンロードした時刻：2026/11/20 12:49:53

,熱海,熱海,熱海,熱海,熱海,熱海,熱海
年月日時,降水量(mm),降水量(mm),降水量(mm),降水量(mm),気温(℃),気温(℃),気温(℃)
,,現象なし情報,品質情報,均質番号,,品質情報,均質番号
2026/11/1 1:00:00,0.0,1,8,1,12.6,8,1
2026/11/1 2:00:00,0.5,0,5,1,12.1,8,1
2026/11/1 3:00:00,2.0,0,2,1,,1,1
2026/11/2 0:00:00,,,1,1,-3.5,8,1
"""
JMA_DAYS = """ダウンロードした時刻：2026/11/20 12:49:53

,,,熱海,熱海,熱海,熱海
年,月,日,降水量の合計(mm),降水量の合計(mm),最高気温(℃),最高気温(℃)
,,,,品質情報,,品質情報
2026,10,1,31.5,8,22.4,8
2026,10,3,0,8,24.0,4
"""


def frame(kind: str, interval_s: int) -> Frame:
    return Frame(KINDS[kind], interval_s, NOW, NOW - timedelta(days=365))


def table(kind: str, interval_s: int, text: str) -> Found:
    return read_table(rows_of(text.encode(), bytes_max=10**6, lines_max=10**4), frame(kind, interval_s))


def weather(text: str, interval_s: int, encoding: str = "cp932") -> Found:
    rows = rows_of(text.encode(encoding), bytes_max=10**6, lines_max=10**4)
    assert is_jma(rows)
    return read_jma(rows, frame("weather", interval_s))


def test_the_agencys_hours_as_they_are_downloaded() -> None:
    """An hour is named by its end; what was measured badly or not at all is a gap, and rain is kept in tenths."""
    found = weather(JMA_HOURS, HOUR_S)
    rain = {each.start: each.value for each in found.readings if each.item == "rain"}
    assert rain == {datetime(2026, 10, 31, 15, tzinfo=UTC): 0, datetime(2026, 10, 31, 16, tzinfo=UTC): 5}
    warm = {each.start: each.value for each in found.readings if each.item == "mean"}
    assert warm[datetime(2026, 11, 1, 14, tzinfo=UTC)] == -35 and len(warm) == 3
    assert (found.blank, found.wrong) == (3, [])


def test_the_agencys_days_with_a_day_missing() -> None:
    """A file with gaps: the day that is not there is none, and the temperature that is doubtful neither."""
    found = weather(JMA_DAYS, DAY_S)
    assert [(each.item, each.start, each.value) for each in found.readings] == [
        ("rain", datetime(2026, 9, 30, 15, tzinfo=UTC), 315),
        ("high", datetime(2026, 9, 30, 15, tzinfo=UTC), 224),
        ("rain", datetime(2026, 10, 2, 15, tzinfo=UTC), 0),
    ]
    assert found.blank == 1


@pytest.mark.parametrize(
    ("text", "interval_s"),
    [
        (JMA_HOURS, DAY_S),
        (JMA_DAYS, HOUR_S),
        (JMA_DAYS.replace("熱海,熱海\n", "熱海,網代\n"), DAY_S),
        (JMA_DAYS.replace("降水量の合計", "風速").replace("最高気温", "湿度"), DAY_S),
        (JMA_DAYS.partition("2026,10")[0], DAY_S),
    ],
)
def test_another_file_of_the_agency_is_not_guessed_at(text: str, interval_s: int) -> None:
    """Hours for days, two stations, nothing that we know, no line at all."""
    with pytest.raises(FileWrong):
        weather(text, interval_s)


def test_counts_of_a_street_line_by_line() -> None:
    """−3 and 10^9 are impossible, half a person is no number, a quarter of an hour is finer than declared, an empty cell is a gap."""
    found = table(
        "footfall",
        HOUR_S,
        "日時,通行量(人),天気\n2026-11-01 9:00,120,晴\n2026/11/1 10時,-3,\n2026-11-01 11:00,1e9,\n2026-11-01 12:15,5,\n"
        "2026-11-01 13:00,,\n2026-11-01 9:00,121,\n2026-11-01 14:00,7.5,\n2026-11-31 9:00,1,\n2026-11-26 12:00,4,\n2020-01-01 9:00,4,\n"
        "2026-11-01 15:00,１２０,\n",
    )
    assert [each.value for each in found.readings] == [120, 120]
    assert [(each.line, each.reason) for each in found.wrong] == [
        (3, "range"),
        (4, "range"),
        (5, "finer"),
        (7, "twice"),
        (8, "number"),
        (9, "time"),
        (10, "future"),
        (11, "old"),
    ]
    assert (found.blank, found.unused) == (1, ("天気",))


@pytest.mark.parametrize(
    "text",
    [
        "日時,人数,氏名\n2026-11-01 9:00,1,湯川\n",
        "日時,人数,MAC\n2026-11-01 9:00,1,x\n",
        "日時,人数,Device ID\n2026-11-01 9:00,1,x\n",
        "日時,人数,IPアドレス\n2026-11-01 9:00,1,x\n",
        "日時,人数,電話番号\n2026-11-01 9:00,1,x\n",
        "日時,人数,備考\n2026-11-01 9:00,1,aa:bb:cc:dd:ee:ff\n",
        "日時,人数,備考\n2026-11-01 9:00,1,192.0.2.7\n",
        "日時,人数,備考\n2026-11-01 9:00,1,hanako@example.jp\n",
        "日時,人数,備考\n2026-11-01 9:00,1,090-1234-5678\n",
    ],
)
def test_what_identifies_somebody_is_refused_whole(text: str) -> None:
    with pytest.raises(LooksPersonal):
        table("footfall", HOUR_S, text)


def test_places_and_sensors_may_have_names() -> None:
    """Only people may not."""
    assert table("footfall", HOUR_S, "日時,人数,場所名,センサー番号,hotel\n2026-11-01 9:00,1,湯の坂,3,x\n").readings


def test_events_and_surveys_name_what_is_counted() -> None:
    found = table("event", DAY_S, "日付,催し,人出\n2026-12-31,大晦日の花火,3000\n2028-01-01,ずっと先,1\n")
    assert [(each.item, each.value) for each in found.readings] == [("大晦日の花火", 3000)]
    assert [each.reason for each in found.wrong] == ["future"]
    found = table("survey", DAY_S, "日付,答え,件数\n2026-11-01,また来たい,41\n2026-11-01,,3\n")
    assert len(found.readings) == 1 and [each.reason for each in found.wrong] == ["item"]
    found = table("survey", DAY_S, "日付,答え,件数\n2026-11-01,また来たい,41\n2026-11-01,電話は090-1234-5678まで,1\n")
    assert len(found.readings) == 1 and [each.reason for each in found.wrong] == ["person"], "a number within a sentence is one too"


def test_what_a_program_sends_has_its_zone() -> None:
    sent = [
        ("2026-11-25T00:00:00Z", "", "12"),
        ("2026-11-25T10:00:00+09:00", "count", "13"),
        ("2026-11-25T11:00:00", "", "1"),
        ("2026-11-25T12:00:00+09:00", "faces", "1"),
        ("2026-11-25T13:00:00+09:00", "aa:bb:cc:dd:ee:ff", "1"),
    ]
    found = read_sent(sent, frame("footfall", HOUR_S))
    assert [each.value for each in found.readings] == [12, 13] and [each.reason for each in found.wrong] == ["time", "item", "person"]


@pytest.mark.parametrize("text", ["", "x", "2026-13-01", "2026-11-01 25:00", "9999-12-31 24:00", "0000-01-01", "2026-11-01T09:00+99:99"])
def test_moments_that_are_none(text: str) -> None:
    assert moment(text) is None


def hours(days: int, of: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """A street with as many people each day at noon as at any other hour of the day, a little more or less."""
    starts = np.arange(days * 24, dtype=np.int64) * HOUR_S + 1_793_000_000 // HOUR_S * HOUR_S
    return starts, np.int64(of) + np.random.default_rng(3).integers(-6, 7, starts.size)


def test_a_sensor_that_shouts_is_marked_and_a_festival_is_not() -> None:
    """A hundred times as much in one hour is a fault; three times as much is a good day; on an announced day nothing is a fault."""
    starts, values = hours(56)
    values[700], values[800:810] = 4_000, 120
    assert np.flatnonzero(spikes(starts, values)).tolist() == [700]
    assert not spikes(starts, values, {int(starts[700] + 9 * HOUR_S) // DAY_S}).any()


def test_gaps_are_counted_and_a_source_tells_the_worst_of_itself() -> None:
    starts, _ = hours(2)
    assert missing(np.delete(starts, [3, 4, 20]), HOUR_S) == (3, 48)
    fresh, old = NOW - timedelta(hours=1), NOW - timedelta(hours=30)
    cases = [
        (Standing(None, 0, 0, 0, 0, 0, True), "empty"),
        (Standing(None, 0, 0, 0, 0, 9, True), "clock"),
        (Standing(fresh, 0, 600, 0, 0, 0, True), "fine"),
        (Standing(old, 0, 600, 0, 0, 0, True), "silent"),
        (Standing(old, 0, 600, 0, 0, 0, False), "fine"),
        (Standing(fresh, 60, 600, 0, 0, 0, True), "gaps"),
        (Standing(fresh, 60, 600, 2, 0, 0, True), "spikes"),
        (Standing(fresh, 60, 600, 2, 1, 0, True), "clash"),
        (Standing(fresh, 60, 600, 2, 1, 4, True), "clock"),
    ]
    assert [state(standing, HOUR_S, NOW)[0] for standing, _ in cases] == [wanted for _, wanted in cases]
