"""測った値: sources are made and ended, files and sensors deliver. A delivery is kept whole, once, with what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import merchant.queries
from analytics.errors import SensorTooFast, SourceDoesNotFit, SourceEnded, SourcesTooMany, SourceUnknown
from analytics.models import Delivery, Measurement, Source
from analytics.queries.measurements import clashes, newest_values
from analytics.rules.kinds import KINDS
from analytics.rules.readings import Found, Reading, WrongLine
from base.db import atomic
from identity.commands import NewToken, authorise, create_api_token
from identity.queries import Principal
from ledger.errors import KeyReused

MOST_SOURCES = 200
HOUR = timedelta(hours=1)
CALLS_AN_HOUR = 120
"""Of one token: twice a minute. Who counts more often sends more rows at once."""
KEPT_REASONS = 50
SCOPE = "measurements:write"


@dataclass(frozen=True, slots=True)
class NewSource:
    """`merchant_id`: whose door; of a door and of nothing else."""

    kind: str
    name: str
    place: str
    interval_s: int
    method: str
    merchant_id: int | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file or a call brings, read against the source's declaration. `key`: one for each intention to send it."""

    found: Found
    key: UUID
    file_name: str = ""

    @property
    def content_hash(self) -> bytes:
        """Of all that would be kept, whatever form it came in."""
        rows = [(each.item, each.start.timestamp(), each.value) for each in self.found.readings]
        return sha256(repr((sorted(rows), self.found.wrong, self.found.blank)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of it. `added`: of the accepted readings those that say something new. `replayed`: the same key came before."""

    id: int
    accepted: int
    added: int
    blank: int
    refused: int
    replayed: bool


def add_source(session: Session, who: Principal, new: NewSource, *, key: UUID, now: datetime) -> int:
    """Something more is measured. The same key makes it once. Raises SourceDoesNotFit, SourcesTooMany, KeyReused, ShopUnknown."""
    with atomic(session):
        authorise(session, who, "analytics.keep_measurements", subject="new")
        kind = KINDS.get(new.kind)
        if kind is None or new.interval_s not in kind.intervals or (new.kind == "door") != (new.merchant_id is not None):
            raise SourceDoesNotFit
        if new.merchant_id is not None:
            merchant.queries.merchant(session, who.district_id, new.merchant_id)
        before = session.scalar(select(Source).where(Source.district_id == who.district_id, Source.key == key))
        if before is not None:
            if any(getattr(before, name) != getattr(new, name) for name in NewSource.__slots__):
                raise KeyReused
            return before.id
        living = select(func.count()).where(Source.district_id == who.district_id, Source.ended_at.is_(None))
        if (session.scalar(living) or 0) >= MOST_SOURCES:
            raise SourcesTooMany(most=MOST_SOURCES)
        row = Source(
            district_id=who.district_id,
            key=key,
            made_by=who.person_id,
            made_at=now,
            **{name: getattr(new, name) for name in NewSource.__slots__},
        )
        session.add(row)
        session.flush()
        return row.id


def end_source(session: Session, who: Principal, source_id: int, *, now: datetime) -> None:
    """It is measured no more; what was kept stays. Twice is once. Raises SourceUnknown."""
    with atomic(session):
        authorise(session, who, "analytics.keep_measurements", subject=f"source:{source_id}")
        row = _locked(session, who.district_id, source_id)
        row.ended_at = row.ended_at or now


def make_sensor_token(session: Session, who: Principal, source_id: int, label: str, *, now: datetime) -> str:
    """A token with which one sensor sends to this source and does nothing else; shown this once. Raises SourceUnknown, SourceEnded."""
    with atomic(session):
        source = _locked(session, who.district_id, source_id)
        if source.ended_at is not None:
            raise SourceEnded
        return create_api_token(session, who, NewToken(label, (SCOPE,), source_id=source_id), now=now)


def take_file(session: Session, who: Principal, source_id: int, parcel: Parcel, *, now: datetime) -> Delivered:
    """Keep a file that was looked at. Raises SourceUnknown, SourceEnded, KeyReused."""
    with atomic(session):
        authorise(session, who, "analytics.keep_measurements", subject=f"source:{source_id}")
        return _deliver(session, who, _locked(session, who.district_id, source_id), parcel, now)


def send(session: Session, who: Principal, parcel: Parcel, *, now: datetime) -> Delivered:
    """Keep what a sensor sends, for the source of its token. Raises SourceEnded, SensorTooFast, KeyReused."""
    with atomic(session):
        authorise(session, who, "analytics.send_measurements")
        if who.source_id is None:
            raise SourceUnknown
        source = _locked(session, who.district_id, who.source_id)
        calls = select(func.count(), func.min(Delivery.at)).where(
            Delivery.district_id == who.district_id,
            Delivery.api_token_id == who.api_token_id,
            Delivery.at > now - HOUR,
            Delivery.key != parcel.key,
        )
        count, first = session.execute(calls).one()
        if count >= CALLS_AN_HOUR:
            raise SensorTooFast(seconds=max(1, int((first + HOUR - now).total_seconds())))
        return _deliver(session, who, source, parcel, now)


def _locked(session: Session, district_id: int, source_id: int) -> Source:
    """One delivery of a source after the other, so that the newest row of an interval is the one that came last."""
    row = session.get(Source, (district_id, source_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise SourceUnknown
    return row


def _deliver(session: Session, who: Principal, source: Source, parcel: Parcel, now: datetime) -> Delivered:
    mine = (Delivery.district_id == who.district_id, Delivery.key == parcel.key)
    before = session.scalar(select(Delivery).where(*mine))
    if before is not None:
        if (before.source_id, before.content_hash) != (source.id, parcel.content_hash):
            raise KeyReused
        return Delivered(before.id, before.accepted, before.added, before.blank, before.refused, replayed=True)
    if source.ended_at is not None:
        raise SourceEnded
    found = parcel.found
    new = _news(session, source, found.readings, is_file=who.api_token_id is None)
    row = Delivery(
        district_id=who.district_id,
        source_id=source.id,
        key=parcel.key,
        content_hash=parcel.content_hash,
        way="file" if who.api_token_id is None else "api",
        file_name=parcel.file_name[:120],
        person_id=who.person_id,
        api_token_id=who.api_token_id,
        at=now,
        accepted=len(found.readings),
        added=len(new),
        blank=found.blank,
        refused=len(found.wrong),
        wrong_clock=_of_the_clock(found.wrong),
        reasons=[{"line": each.line, "reason": each.reason} for each in found.wrong[:KEPT_REASONS]],
    )
    session.add(row)
    session.flush()
    if new:
        same = {"district_id": who.district_id, "source_id": source.id, "delivery_id": row.id}
        rows = [{**same, "item": each.item, "starts_at": each.start, "value": each.value} for each in new]
        session.execute(insert(Measurement), rows)
    return Delivered(row.id, row.accepted, row.added, row.blank, row.refused, replayed=False)


def _news(session: Session, source: Source, readings: Sequence[Reading], *, is_file: bool) -> list[Reading]:
    """Those that are not known like this already: the same file again, or one that overlaps, adds what is new, and decides clashes."""
    if not readings:
        return []
    first, last = min(each.start for each in readings), max(each.start for each in readings)
    there = (session, source.district_id, source.id, first, last + timedelta(seconds=1))
    known, open_ones = newest_values(*there), clashes(*there) if is_file else set()
    return [each for each in readings if known.get((each.item, each.start)) != each.value or (each.item, each.start) in open_ones]


def _of_the_clock(wrong: Sequence[WrongLine]) -> int:
    reasons = Counter(each.reason for each in wrong)
    return reasons["future"] + reasons["old"]
