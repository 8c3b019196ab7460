"""What is measured, how well, and the readings that count: the newest row of each interval and item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

import identity.queries
from analytics.errors import SourceUnknown
from analytics.models import Delivery, Measurement, Source
from analytics.rules.kinds import DAY_S, KINDS, Kind
from analytics.rules.quality import TOKYO_S, Standing, missing, spikes, state
from identity.commands import authorise
from identity.queries import Principal, Token

Int64 = NDArray[np.int64]
LOOK = timedelta(days=28)
"""How far back the state of a source looks; spikes are judged beside twice as many days."""
RECENT = timedelta(days=7)
SHOWN_DELIVERIES = 50


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as its page shows it."""

    id: int
    kind: Kind
    name: str
    place: str
    merchant_id: int | None
    interval_s: int
    method: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with how it stands: a state of `quality.STATES`, the figures of its sentence, and up to when it is known."""

    source: SourceRow
    state: str
    facts: dict[str, int]
    standing: Standing
    tokens: list[Token]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """来歴: what one file or call brought."""

    id: int
    way: str
    file_name: str
    person_id: int | None
    api_token_id: int | None
    at: datetime
    accepted: int
    added: int
    blank: int
    refused: int
    reasons: list[dict[str, Any]]


class Series(NamedTuple):
    """One item of one source, ascending: `starts` in seconds since 1970, `values` in steps of the item, `doubtful` left out by views."""

    starts: Int64
    values: Int64
    doubtful: NDArray[np.bool_]


def sources(session: Session, who: Principal, *, now: datetime) -> list[SourceState]:
    """All of the district with their state, living ones first. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.read_measurements")
    rows = session.scalars(select(Source).where(Source.district_id == who.district_id).order_by(Source.ended_at.is_not(None), Source.id))
    return _standings(session, who.district_id, [_as_row(row) for row in rows], now)


def source(session: Session, who: Principal, source_id: int, *, now: datetime) -> SourceState:
    """One of them. Raises NotSignedIn, Forbidden, SourceUnknown."""
    authorise(session, who, "analytics.read_measurements")
    return _standings(session, who.district_id, [source_row(session, who.district_id, source_id)], now)[0]


def source_row(session: Session, district_id: int, source_id: int) -> SourceRow:
    """Its declaration alone. Raises SourceUnknown."""
    row = session.get(Source, (district_id, source_id))
    if row is None:
        raise SourceUnknown
    return _as_row(row)


def deliveries(session: Session, who: Principal, source_id: int) -> list[DeliveryRow]:
    """The newest deliveries of a source. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.read_measurements")
    rows = select(Delivery).where(Delivery.district_id == who.district_id, Delivery.source_id == source_id)
    found = session.scalars(rows.order_by(Delivery.at.desc(), Delivery.id.desc()).limit(SHOWN_DELIVERIES))
    return [DeliveryRow(**{name: getattr(row, name) for name in DeliveryRow.__slots__}) for row in found]


def newest_values(session: Session, district_id: int, source_id: int, since: datetime, until: datetime) -> dict[tuple[str, datetime], int]:
    """By item and beginning, of intervals that begin in [since, until): what counts. What somebody put right by file counts for good."""
    rows = (
        select(Measurement.item, Measurement.starts_at, Measurement.value)
        .ext(distinct_on(Measurement.starts_at, Measurement.item))
        .join(Delivery, (Delivery.district_id == Measurement.district_id) & (Delivery.id == Measurement.delivery_id))
        .where(
            Measurement.district_id == district_id,
            Measurement.source_id == source_id,
            Measurement.starts_at >= since,
            Measurement.starts_at < until,
        )
        .order_by(Measurement.starts_at, Measurement.item, (Delivery.way == "file").desc(), Measurement.id.desc())
    )
    return {(item, start): value for item, start, value in session.execute(rows)}


def series_of(
    session: Session, district_id: int, row: SourceRow, since: datetime, until: datetime, *, known_days: Iterable[int] = ()
) -> dict[str, Series]:
    """By item, with doubtful values marked: those far from their like, and those for which sensors said different things.

    `known_days`: days since 1970 on which much is no fault (`quality.spikes`).
    """
    open_ones = clashes(session, district_id, row.id, since, until)
    values: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (item, start), value in newest_values(session, district_id, row.id, since, until).items():
        values[item].append((int(start.timestamp()), value))
    found = {}
    for item, pairs in values.items():
        starts, numbers = (np.array(column, np.int64) for column in zip(*sorted(pairs), strict=True))
        doubtful = spikes(starts, numbers, list(known_days)) if row.kind.has_spikes else np.zeros(starts.size, np.bool_)
        unclear = np.array([int(start.timestamp()) for name, start in open_ones if name == item], np.int64)
        found[item] = Series(starts, numbers, doubtful | np.isin(starts, unclear))
    return found


def announced_days(session: Session, district_id: int, since: datetime, until: datetime) -> dict[int, str]:
    """Days since 1970 in Tokyo on which something was announced, with its name; of several the last by name."""
    rows = session.execute(
        select(Measurement.starts_at, Measurement.item)
        .join(Source, (Source.district_id == Measurement.district_id) & (Source.id == Measurement.source_id))
        .where(
            Measurement.district_id == district_id,
            Source.kind == "event",
            Measurement.starts_at >= since,
            Measurement.starts_at < until,
        )
        .order_by(Measurement.item)
    )
    return {(int(start.timestamp()) + TOKYO_S) // DAY_S: item for start, item in rows}


def _standings(session: Session, district_id: int, rows: list[SourceRow], now: datetime) -> list[SourceState]:
    tokens = defaultdict(list)
    for token in identity.queries.sensor_tokens(session, district_id):
        tokens[token.source_id].append(token)
    days = announced_days(session, district_id, now - 2 * LOOK, now)
    clocks = dict(_counts(session, district_id, now - RECENT))
    found = []
    for row in rows:
        living = [each for each in tokens[row.id] if each.ended_at is None and row.ended_at is None]
        standing = _standing(session, district_id, row, days, clocks.get(row.id, 0), bool(living), now)
        name, facts = state(standing, row.interval_s, now)
        found.append(SourceState(row, name, facts, standing, tokens[row.id]))
    return found


def _standing(
    session: Session, district_id: int, row: SourceRow, days: dict[int, str], wrong_clock: int, has_device: bool, now: datetime
) -> Standing:
    newest = select(func.max(Measurement.starts_at)).where(Measurement.district_id == district_id, Measurement.source_id == row.id)
    last = session.scalar(newest)
    if last is None:
        return Standing(None, 0, 0, 0, 0, wrong_clock, has_device)
    ends = last + timedelta(seconds=row.interval_s)
    found = series_of(session, district_id, row, ends - 2 * LOOK, ends, known_days=days)
    start = int((ends - LOOK).timestamp())
    lacking = wanted = far = 0
    for each in found.values():
        recent = each.starts >= start
        far += int(each.doubtful[recent].sum())
        if not row.kind.free:
            lost, due = missing(each.starts[recent], row.interval_s)
            lacking, wanted = lacking + lost, wanted + due
    return Standing(ends, lacking, wanted, far, len(clashes(session, district_id, row.id, ends - LOOK, ends)), wrong_clock, has_device)


def clashes(session: Session, district_id: int, source_id: int, since: datetime, until: datetime) -> set[tuple[str, datetime]]:
    """Item and beginning of intervals for which sensors said different things: two devices with one token, mostly.

    Nobody knows which of them is right, until a file says it.
    """
    rows = (
        select(Measurement.item, Measurement.starts_at)
        .join(Delivery, (Delivery.district_id == Measurement.district_id) & (Delivery.id == Measurement.delivery_id))
        .where(
            Measurement.district_id == district_id,
            Measurement.source_id == source_id,
            Measurement.starts_at >= since,
            Measurement.starts_at < until,
        )
        .group_by(Measurement.item, Measurement.starts_at)
        .having(func.count() > 1, func.bool_and(Delivery.way == "api"))
    )
    return {(item, start) for item, start in session.execute(rows)}


def _counts(session: Session, district_id: int, since: datetime) -> list[tuple[int, int]]:
    """Of each source: readings of sensors that were refused for their clock."""
    rows = (
        select(Delivery.source_id, func.sum(Delivery.wrong_clock))
        .where(Delivery.district_id == district_id, Delivery.way == "api", Delivery.at >= since)
        .group_by(Delivery.source_id)
    )
    return [(source_id, int(count)) for source_id, count in session.execute(rows)]


def _as_row(row: Source) -> SourceRow:
    kind = KINDS[row.kind]
    return SourceRow(row.id, kind, row.name, row.place, row.merchant_id, row.interval_s, row.method, row.made_at, row.ended_at)
