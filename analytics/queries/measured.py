"""What was measured, laid beside the payments: for the reports that join it, and for the forecast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.models import InsightNote, Source
from analytics.queries.measurements import Int64, Series, SourceRow, series_of, source_row
from analytics.queries.notes import known_days
from analytics.queries.streets import streets_of_shops
from analytics.reports import JOINED
from analytics.reports.days import counted
from analytics.reports.measured import NOTHING_MEASURED, Counted, Measured, Sky
from analytics.reports.source import DAY_S, TOKYO_S
from analytics.rules.calendar import Extra, Float
from analytics.rules.kinds import HOUR_S
from base.clock import TOKYO, day_bounds

EPOCH = date(1970, 1, 1)
DAY = timedelta(days=1)
WHOLE_DAY, TENTHS = 24, 10
AREA = re.compile(r"[0-9]{3}")
CENSUS = timedelta(days=3_660)
"""So far back a count of residents still holds: one is made every five years."""
ASLEEP = 3
"""The hour in which people are where they live."""
NEEDS = {"footfall": {"footfall"}, "weather": {"weather"}, "festival": {"event"}, "web": {"web"}, "survey": {"survey"}}
"""The kinds of source without which a report has nothing to say; a note of the district is as good as an event."""


def joined_reports(session: Session, district_id: int) -> set[str]:
    """Names of the district's reports for which something is measured."""
    kinds = set(session.scalars(select(Source.kind).where(Source.district_id == district_id).distinct()))
    noted = (InsightNote.district_id == district_id, InsightNote.kind == "event", InsightNote.merchant_id.is_(None))
    if session.scalar(select(InsightNote.id).where(*noted, InsightNote.dropped_at.is_(None)).limit(1)) is not None:
        kinds.add("event")
    return {name for name, needed in NEEDS.items() if needed <= kinds}


def beside(session: Session, district_id: int, name: str, since: date, until: date, merchant_id: int | None) -> Measured:
    """What the report of this name lays beside the payments of these months; of one shop, `merchant_id`, or of the district."""
    if name == "catchment" and merchant_id is None:
        return Measured(residents=_residents(session, district_id, until))
    return measured(session, district_id, since, until, merchant_id=merchant_id) if name in JOINED else NOTHING_MEASURED


def has_door(session: Session, district_id: int, merchant_id: int) -> bool:
    """Whether somebody counts who comes in at the shop."""
    return bool(_of_kind(session, district_id, "door", merchant_id))


def measured(session: Session, district_id: int, since: date, until: date, *, merchant_id: int | None = None) -> Measured:
    """Of the days from `since` to before `until`: sound passers-by of each street, the weather, what was announced, and what else is
    counted in the district; of a shop, `merchant_id`, those who came in.
    """
    events = _events(session, district_id, since, until)
    of = _Reader(session, district_id, since, until, events)
    if merchant_id is not None:
        return Measured(doors=tuple(of.counts("door", merchant_id)))
    return Measured(
        footfall=tuple(of.counts("footfall")),
        weather=_weather(session, district_id, "weather", since, until),
        events=events,
        streets={month: streets_of_shops(session, district_id, month) for month in _months(since, until)},
        mesh=tuple(of.items("mesh")),
        web=tuple(of.items("web")),
        survey=of.answers(),
    )


def _residents(session: Session, district_id: int, until: date) -> dict[str, int]:
    """By postal area, of the meshes whose source names it as its place: on the newest day before `until` that was counted; where people are
    counted by the hour, those who were there at three in the night.
    """
    of, found = _Reader(session, district_id, until - CENSUS, until, {}), dict[str, int]()
    for row, series in of.sources("mesh"):
        if not AREA.fullmatch(row.place):
            continue
        cells = [(_local(start), people) for pairs in series.values() for start, people in pairs]
        homes = [(at.date(), people) for at, people in cells if row.interval_s == DAY_S or at.hour == ASLEEP]
        newest = max((day for day, _ in homes), default=None)
        if newest is not None:
            found[row.place] = found.get(row.place, 0) + sum(people for day, people in homes if day == newest)
    return found


def _local(start: int) -> datetime:
    return datetime.fromtimestamp(start, UTC).astimezone(TOKYO)


def _months(since: date, until: date) -> list[date]:
    """The first day of each."""
    days = (since + place * DAY for place in range((until - since).days))
    return list(dict.fromkeys(day.replace(day=1) for day in days))


class _Reader:
    """Sound readings of one district between two days."""

    def __init__(self, session: Session, district_id: int, since: date, until: date, events: dict[date, str]) -> None:
        self._session, self._district_id = session, district_id
        self._ends = day_bounds(since)[0], day_bounds(until)[0]
        self._busy = {(day - EPOCH).days for day in events}

    def sources(self, kind: str, merchant_id: int | None = None) -> Iterator[tuple[SourceRow, dict[str, list[tuple[int, int]]]]]:
        """Each with its sound pairs of moment and value, by item."""
        for source_id in _of_kind(self._session, self._district_id, kind, merchant_id):
            row = source_row(self._session, self._district_id, source_id)
            found = series_of(self._session, self._district_id, row, *self._ends, known_days=self._busy)
            yield row, {item: _sound(series) for item, series in found.items()}

    def counts(self, kind: str, merchant_id: int | None = None) -> Iterator[Counted]:
        """Places where people are counted by the hour or finer; of a door those who come in."""
        for row, series in self.sources(kind, merchant_id):
            if row.interval_s <= HOUR_S and "count" in series:
                yield counted(row.place or row.name, series["count"], row.interval_s)

    def items(self, kind: str) -> Iterator[Counted]:
        """Each item by itself, where it has a name of its own; by the part of the day, or whole days."""
        for row, series in self.sources(kind):
            for item, pairs in series.items():
                name = f"{row.name} {item}" if row.kind.free else row.name
                yield counted(name, pairs, row.interval_s) if row.interval_s <= HOUR_S else Counted(name, dict(_days(pairs)))

    def answers(self) -> dict[tuple[str, date], dict[str, int]]:
        """Of each survey and month how many gave which answer."""
        found: dict[tuple[str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row, series in self.sources("survey"):
            for item, pairs in series.items():
                for (day, _), many in _days(pairs):
                    found[row.name, day.replace(day=1)][item] += many
        return {key: dict(each) for key, each in found.items()}


def _sound(series: Series) -> list[tuple[int, int]]:
    sound = ~series.doubtful
    return list(zip(series.starts[sound].tolist(), series.values[sound].tolist(), strict=True))


def _days(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[tuple[date, int], int]]:
    """Values of whole days, as cells."""
    return (((EPOCH + timedelta(days=(start + TOKYO_S) // DAY_S), 0), value) for start, value in pairs)


def _events(session: Session, district_id: int, since: date, until: date) -> dict[date, str]:
    """Announced by file, or noted for the whole district, by day."""
    found: dict[date, str] = {}
    for note in known_days(session, district_id, since, until - DAY):
        if note.kind == "event" and note.merchant_id is None:
            span = range(max((note.first - since).days, 0), min((note.last - since).days, (until - since).days - 1) + 1)
            found |= {since + place * DAY: note.words for place in span}
    return found


def weather_extras(session: Session, district_id: int, first: date, days: int, today: date) -> dict[str, Extra]:
    """For the forecast: rain (mm) and the highest temperature (℃) of `days` days from `first`, nan where nobody knows.

    Days that are over have what was measured, those to come what was forecast; a forecast is used as far as it reaches from `today`.
    Nothing that is nowhere known is given.
    """
    last = first + timedelta(days=days)
    ahead_of_today = _weather(session, district_id, "forecast", max(first, today), last)
    sky = ahead_of_today | _weather(session, district_id, "weather", first, min(last, today))
    ahead = max(((day - today).days for day, each in sky.items() if each.rain is not None or each.high is not None), default=-1) + 1
    columns: dict[str, Float] = {name: np.full(days, np.nan) for name in ("rain_mm", "high_c")}
    for day, each in sky.items():
        for name, value in (("rain_mm", each.rain), ("high_c", each.high)):
            if value is not None:
                columns[name][(day - first).days] = value
    return {name: Extra(values, max(ahead, 0)) for name, values in columns.items() if not np.isnan(values).all()}


def weather_of_days(session: Session, district_id: int, first: date, last: date) -> dict[date, Sky]:
    """What was measured of the weather on these days, both included; days of which nothing is known are not in it."""
    return _weather(session, district_id, "weather", first, last + DAY)


def _of_kind(session: Session, district_id: int, kind: str, merchant_id: int | None = None) -> list[int]:
    query = select(Source.id).where(Source.district_id == district_id, Source.kind == kind)
    return list(session.scalars((query if merchant_id is None else query.where(Source.merchant_id == merchant_id)).order_by(Source.id)))


def _weather(session: Session, district_id: int, kind: str, since: date, until: date) -> dict[date, Sky]:
    """By day: rain and snow, the highest temperature. Hours make a day where all 24 are there; of two sources the later one counts."""
    found: dict[date, Sky] = {}
    for source_id in _of_kind(session, district_id, kind):
        row = source_row(session, district_id, source_id)
        series = series_of(session, district_id, row, day_bounds(since)[0], day_bounds(until)[0])
        is_hourly = row.interval_s == HOUR_S
        rain = _by_day(series.get("rain"), is_hourly, np.sum, TENTHS)
        high = _by_day(series.get("mean" if is_hourly else "high"), is_hourly, np.max, TENTHS)
        snow = _by_day(series.get("snow"), is_hourly, np.max, 1)
        for day in rain.keys() | high.keys() | snow.keys():
            found[day] = Sky(rain.get(day), high.get(day), snow.get(day))
    return found


def _by_day(series: Series | None, is_hourly: bool, fold: Callable[[Int64], np.int64], steps: int) -> dict[date, float]:
    if series is None:
        return {}
    sound = ~series.doubtful
    days, known = (series.starts[sound] + TOKYO_S) // DAY_S, series.values[sound]
    found = {}
    for day in np.unique(days):
        values = known[days == day]
        if not is_hourly or values.size == WHOLE_DAY:
            found[EPOCH + timedelta(days=int(day))] = float(fold(values)) / steps
    return found
