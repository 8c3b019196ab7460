"""How far a series of readings can be trusted: gaps, values that are far from their like, clocks that are wrong, sensors that are silent.

Nothing is mended and nothing is deleted: what is doubtful is marked, and views leave it out. A gap is a gap, never a zero.

Source of the distance from the median: Iglewicz & Hoaglin 1993 (modified z-score), with the spread of a count (its root) as the least.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from analytics.rules.kinds import DAY_S
from base.errors import N_

Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

TOKYO_S = 9 * 3_600
FAR, TIMES, FEWEST = 10.0, 5, 6
"""A spike is so many spreads above the median of its like, and so many times as much; of so many of the same hour of the weekday."""
SILENT_INTERVALS, SILENT_S = 3, 7_200
"""A sensor is silent after so many intervals, and never sooner than two hours."""
GAP_PERCENT = 2
"""Missing intervals of the last four weeks that are still fine."""


def spikes(starts: Int64, values: Int64, known_days: Collection[int] = ()) -> Bool:
    """bool[n]: values far above those of the same hour of the same weekday.

    `starts` int64[n]: seconds since 1970, ascending, one a value; `values` int64[n]; `known_days`: days since 1970 in Tokyo on which much
    is no fault: what the town announced.
    """
    local = starts + TOKYO_S
    day, like = local // DAY_S, (local // DAY_S % 7) * DAY_S + local % DAY_S
    marked = np.zeros(starts.size, np.bool_)
    for each in np.unique(like):
        same = np.flatnonzero(like == each)
        if same.size < FEWEST:
            continue
        middle = float(np.median(values[same]))
        spread = max(float(np.median(np.abs(values[same] - middle))) / 0.6745, np.sqrt(middle), 1.0)
        marked[same] = (values[same] - middle > FAR * spread) & (values[same] > TIMES * max(middle, 1))
    return marked & ~np.isin(day, np.array(sorted(known_days), np.int64)) if known_days else marked


def missing(starts: Int64, interval_s: int) -> tuple[int, int]:
    """Between the first and the last reading: intervals that have none, and all that there should be."""
    if not starts.size:
        return 0, 0
    wanted = int(starts.max() - starts.min()) // interval_s + 1
    return wanted - int(np.unique(starts).size), wanted


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a source. `last_end`: the end of its newest interval; `missing`, `wanted`, `spikes`: of the last four weeks.

    `clashes`: intervals for which programs said different things in that time; `late_or_early`: readings refused for their clock in the
    last seven days; `has_device`: whether a living token sends by itself.
    """

    last_end: datetime | None
    missing: int
    wanted: int
    spikes: int
    clashes: int
    wrong_clock: int
    has_device: bool


STATES = {
    "empty": ("neutral", N_("まだ何も届いていません。")),
    "clock": ("danger", N_("機器の時計がずれています。%(count)s件を受け取りませんでした。時計を合わせてください。")),
    "clash": (
        "danger",
        N_(
            "同じ時間に違う値が%(count)s回届きました。集計から外しています。2台が同じトークンを使っていないか確かめ、正しい値をファイルで入れてください。"
        ),
    ),
    "silent": ("danger", N_("%(hours)s時間、何も届いていません。電源と通信を確かめてください。")),
    "spikes": ("warn", N_("いつもとかけ離れた値が%(count)s個あります。集計から外しています。")),
    "gaps": ("warn", N_("この4週間の%(percent)s%%が届いていません。抜けたところは0とは数えません。")),
    "fine": ("ok", N_("きちんと届いています。")),
}
"""By state: the kind of chip, and the sentence. The worst that holds is told."""


def state(source: Standing, interval_s: int, now: datetime) -> tuple[str, dict[str, int]]:
    """The worst of what is known, and the figures of its sentence."""
    if source.last_end is None:
        return ("clock", {"count": source.wrong_clock}) if source.wrong_clock else ("empty", {})
    quiet = now - source.last_end
    share = source.missing * 100 // source.wanted if source.wanted else 0
    found = {
        "clock": {"count": source.wrong_clock} if source.wrong_clock else None,
        "clash": {"count": source.clashes} if source.clashes else None,
        "silent": {"hours": int(quiet.total_seconds() // 3_600)}
        if source.has_device and quiet > max(timedelta(seconds=SILENT_INTERVALS * interval_s), timedelta(seconds=SILENT_S))
        else None,
        "spikes": {"count": source.spikes} if source.spikes else None,
        "gaps": {"percent": share} if share >= GAP_PERCENT else None,
    }
    return next(((name, facts) for name, facts in found.items() if facts is not None), ("fine", {}))
