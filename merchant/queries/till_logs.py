"""Logs that tablets keep without a network: how far they have come in, and what the owner should look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from merchant.models import Till, TillLog, TillLogEntry, TillLogRefusal, TillReceipt
from merchant.queries.shops import merchant
from merchant.rules.slip import SERIES, number_of

SILENT = timedelta(days=1)
"""After so long without a word a tablet may keep what nobody has heard of. One that is at work speaks each hour."""
SEEN_OFF = timedelta(minutes=10)
"""A tablet that spoke so shortly before it was removed had nothing left to send."""


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """What a refused entry says it is, for a person; None where it cannot be read. Yen."""

    why: str
    arrived_at: datetime
    number: str | None
    total: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LogRow:
    """A log of a tablet. `arrived`: entries that are booked; `told`: the last one that the tablet has spoken of.

    `series`: the beginning of its numbers; `heard_at`: when the tablet last spoke of it; `is_silent`: it may keep more than it told."""

    till_id: int
    till_name: str
    log: int
    opened_at: datetime
    arrived: int
    told: int
    closed_how: str | None
    closed_at: datetime | None
    reason: str
    refused: tuple[RefusedEntry, ...]
    series: str
    heard_at: datetime
    is_silent: bool

    @property
    def missing(self) -> int:
        """Entries that exist by the tablet's own word and have not arrived."""
        return max(self.told - self.arrived, 0)

    @property
    def waits(self) -> bool:
        """The owner waits for something, or gives it up."""
        return self.closed_how is None and (self.missing > 0 or self.is_silent)

    def number(self, seq: int) -> str:
        """The number of its entry `seq`."""
        return f"{self.series}{seq:06d}"


@dataclass(frozen=True, slots=True)
class Lost:
    """The end of a series: `first` is the number from which on nothing came, given up by the owner with a reason."""

    first: str
    reason: str
    closed_at: datetime


def accepted(session: Session, district_id: int, till_id: int, log: int) -> tuple[int, bytes | None]:
    """The last entry that has come in, and its hash: the last verified link. 0 and None before the first."""
    query = (
        select(TillLogEntry.seq, TillLogEntry.hash)
        .where(TillLogEntry.district_id == district_id, TillLogEntry.till_id == till_id, TillLogEntry.log == log)
        .order_by(TillLogEntry.seq.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return (0, None) if found is None else (found.seq, found.hash)


def is_silent(log: TillLog, revoked_at: datetime | None, *, now: datetime) -> bool:
    """Whether the tablet of an open log may keep entries of which nobody has heard."""
    heard_at = log.heard_at or log.opened_at
    return revoked_at - heard_at > SEEN_OFF if revoked_at else now - heard_at > SILENT


def logs_of_shop(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> list[LogRow]:
    """Logs in which something is missing or may be, was given up or was refused, the newest first."""
    mine = (TillLog.district_id == district_id, TillLog.merchant_id == merchant_id)
    arrived = (
        select(func.coalesce(func.max(TillLogEntry.seq), 0))
        .where(TillLogEntry.district_id == district_id, TillLogEntry.till_id == TillLog.till_id, TillLogEntry.log == TillLog.log)
        .scalar_subquery()
    )
    query = (
        select(TillLog, Till, arrived)
        .join(Till, (Till.district_id == TillLog.district_id) & (Till.id == TillLog.till_id))
        .where(*mine)
        .order_by(TillLog.opened_at.desc(), TillLog.log.desc())
        .limit(100)
        .execution_options(populate_existing=True)
    )
    number, found = merchant(session, district_id, merchant_id).public_number, []
    for log, till, seq in session.execute(query):
        refused = _refused(session, log)
        silent = log.closed_at is None and is_silent(log, till.revoked_at, now=now)
        if log.told > seq or log.closed_how == "lost" or refused or silent:
            state = (log.closed_how, log.closed_at, log.reason, refused, f"{number}-{log.till_id}-O{log.log}-")
            found.append(
                LogRow(log.till_id, till.name, log.log, log.opened_at, seq, log.told, *state, log.heard_at or log.opened_at, silent)
            )
    return found


def lost_of_shop(session: Session, district_id: int, merchant_id: int, *, till_id: int | None = None) -> list[Lost]:
    """Series that end because the owner gave up the rest, the newest first. `till_id`: of this till and of those that are removed."""
    query = (
        select(TillLog)
        .join(Till, (Till.district_id == TillLog.district_id) & (Till.id == TillLog.till_id))
        .where(TillLog.district_id == district_id, TillLog.merchant_id == merchant_id, TillLog.closed_how == "lost")
        .order_by(TillLog.closed_at.desc())
    )
    if till_id is not None:
        query = query.where((TillLog.till_id == till_id) | Till.revoked_at.is_not(None))
    number, found = merchant(session, district_id, merchant_id).public_number, []
    for log in session.scalars(query).all():
        seq, _hash = accepted(session, district_id, log.till_id, log.log)
        assert log.closed_at is not None
        found.append(Lost(number_of(number, log.till_id, log.log * SERIES + seq + 1), log.reason, log.closed_at))
    return found


def unsent(session: Session, district_id: int, till_id: int) -> int:
    """Receipts of a till that exist by its own word, have not arrived and were not given up."""
    query = select(TillLog.log, TillLog.told).where(
        TillLog.district_id == district_id, TillLog.till_id == till_id, TillLog.closed_at.is_(None)
    )
    return sum(max(row.told - accepted(session, district_id, till_id, row.log)[0], 0) for row in session.execute(query))


def noted_of(session: Session, district_id: int, till_id: int, serial: int) -> dict[str, Any] | None:
    """What is to be known of a receipt that was made without the network, and when it arrived; None for any other receipt."""
    query = select(TillLogEntry).where(
        TillLogEntry.district_id == district_id, TillLogEntry.till_id == till_id, TillLogEntry.serial == serial
    )
    entry = session.scalars(query).one_or_none()
    return None if entry is None else entry.noted | {"arrived_at": entry.arrived_at}


Kept = tuple[dict[str, Any], list[Any] | None]
"""Content of a receipt, and its categories line by line."""


def offline_since(session: Session, district_id: int, till_id: int, entry: int) -> tuple[int, list[Kept]]:
    """The receipts that came in after entry `entry` of a till's logs, in the order in which they came, and the last entry."""
    query = (
        select(TillLogEntry.id, TillReceipt.content, TillReceipt.categories)
        .join(
            TillReceipt,
            (TillReceipt.district_id == TillLogEntry.district_id)
            & (TillReceipt.till_id == TillLogEntry.till_id)
            & (TillReceipt.serial == TillLogEntry.serial),
        )
        .where(TillLogEntry.district_id == district_id, TillLogEntry.till_id == till_id, TillLogEntry.id > entry)
        .order_by(TillLogEntry.id)
    )
    rows = session.execute(query).all()
    return (rows[-1].id if rows else entry), [(row.content, row.categories) for row in rows]


def _refused(session: Session, log: TillLog) -> tuple[RefusedEntry, ...]:
    mine = (TillLogRefusal.district_id == log.district_id, TillLogRefusal.till_id == log.till_id, TillLogRefusal.log == log.log)
    rows = session.scalars(select(TillLogRefusal).where(*mine).order_by(TillLogRefusal.arrived_at, TillLogRefusal.hash)).all()
    return tuple(_as_refused(row) for row in rows)


def _as_refused(row: TillLogRefusal) -> RefusedEntry:
    try:
        content = json.loads(row.said)["body"]["content"]
        number, total, at = str(content["number"])[:40], int(content["total"]), datetime.fromisoformat(content["at"])
    except (ValueError, KeyError, TypeError):  # what a stranger sent need not be a receipt at all
        return RefusedEntry(row.why, row.arrived_at, None, None, None)
    return RefusedEntry(row.why, row.arrived_at, number, total, at)
