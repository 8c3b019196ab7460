"""What may be measured, each with its declared columns, units, ranges and intervals. Counts and weather, never a person.

Values are whole numbers of the smallest step that an item knows: people as they are, rain in tenths of a millimetre (`digits` 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from base.errors import N_

QUARTER_S, HALF_S, HOUR_S, DAY_S = 900, 1_800, 3_600, 86_400
MOST = 200_000
"""People, or accesses, in one interval: more is a fault of the sensor."""


@dataclass(frozen=True, slots=True)
class Item:
    """One column. `heads`: what it may be called in a table. `least`, `most`: both still possible, in steps of 10**-digits of `unit`."""

    name: str
    title: str
    unit: str
    heads: tuple[str, ...]
    digits: int = 0
    least: int = 0
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Kind:
    """`free`: heads of the column whose text names what is counted (a mesh, an answer, an event); then there is one item.

    `ahead_days`: for how long before an interval it may be told; 0: only once it is over. `has_spikes`: whether a value far above its
    like is a fault rather than the weather.
    """

    name: str
    title: str
    items: tuple[Item, ...]
    intervals: tuple[int, ...]
    free: tuple[str, ...] = ()
    ahead_days: int = 0
    has_spikes: bool = False


PEOPLE = N_("人")
COUNTS = ("人数", "通行量", "通行人数", "count", "people", "footfall")
WEATHER = (
    Item("rain", N_("降水量"), "mm", ("降水量", "降水量の合計", "雨量", "rain"), 1, 0, 15_000),
    Item("mean", N_("気温"), "℃", ("気温", "平均気温", "temperature"), 1, -450, 450),
    Item("high", N_("最高気温"), "℃", ("最高気温", "high"), 1, -450, 450),
    Item("low", N_("最低気温"), "℃", ("最低気温", "low"), 1, -450, 450),
    Item("sun", N_("日照時間"), N_("時間"), ("日照時間", "sunshine"), 1, 0, 240),
    Item("snow", N_("積雪"), "cm", ("積雪", "最深積雪", "snow"), 0, 0, 1_500),
)
FINE = (QUARTER_S, HALF_S, HOUR_S, DAY_S)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("footfall", N_("通りの通行量"), (Item("count", N_("人数"), PEOPLE, COUNTS),), FINE, has_spikes=True),
        Kind(
            "door",
            N_("お店の入口"),
            (
                Item("count", N_("入った人数"), PEOPLE, (*COUNTS, "入った人数", "入店", "in")),
                Item("out", N_("出た人数"), PEOPLE, ("出た人数", "退店", "out")),
            ),
            FINE,
            has_spikes=True,
        ),
        Kind("weather", N_("天気の実績"), WEATHER, (HOUR_S, DAY_S)),
        Kind("forecast", N_("天気の予報"), WEATHER, (DAY_S,), ahead_days=16),
        Kind(
            "event",
            N_("祭り・催し"),
            (Item("count", N_("見込みの人出"), PEOPLE, (*COUNTS, "人出", "来場者数"), most=10_000_000),),
            (DAY_S,),
            free=("催し", "祭り", "名称", "イベント", "event"),
            ahead_days=400,
        ),
        Kind(
            "mesh",
            N_("メッシュの人口"),
            (Item("count", N_("人数"), PEOPLE, (*COUNTS, "人口", "滞在人口", "population"), most=1_000_000),),
            (HOUR_S, DAY_S),
            free=("メッシュ", "メッシュコード", "地域メッシュコード", "mesh"),
        ),
        Kind(
            "web",
            N_("ホームページの訪問"),
            (Item("count", N_("訪問数"), N_("回"), ("訪問数", "訪問", "表示回数", "セッション", "visits", "count"), most=10_000_000),),
            (DAY_S,),
            has_spikes=True,
        ),
        Kind(
            "survey",
            N_("アンケート"),
            (Item("count", N_("件数"), N_("件"), ("件数", "回答数", "人数", "count"), most=1_000_000),),
            (DAY_S,),
            free=("答え", "回答", "選択肢", "answer"),
        ),
    )
}
