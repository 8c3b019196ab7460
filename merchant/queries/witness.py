"""What the shops' tablets have verified of the sealed log, and what they raised the alarm about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from base.db import rows
from ledger.errors import CheckpointUnknown
from ledger.queries import Cosigner, checkpoint
from merchant.errors import LogAlarmUnknown
from merchant.models import LogAlarm, LogAlarmAnswer, LogWitness, Merchant, Till
from merchant.queries.shops import Shop, as_shop


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A paired tablet and the last checkpoint that it verified. `size`, `root`, `seen_at`: None before its first.

    `beginnings`: how often its owner let it begin anew. `is_cosigned`: its own signature stands under it.
    """

    till_id: int
    till_name: str
    shop: Shop
    size: int | None
    root: bytes | None
    seen_at: datetime | None
    beginnings: int
    is_cosigned: bool


@dataclass(frozen=True, slots=True)
class LogAlarmRow:
    """An alarm as the tablet told it: its word and two signed notes. `before` is empty if it saw the log for the first time.

    `seen_at`: when the tablet last verified a checkpoint, None where it has not since it began anew.
    """

    id: int
    till_id: int
    till_name: str
    till_is_revoked: bool
    shop: Shop
    reason: str
    before: str
    shown: str
    told_at: datetime
    words: str | None
    answered_by: int | None
    answered_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class WitnessCount:
    """How many tablets are paired, have verified exactly one checkpoint, and have verified any since a moment.

    `witnessed`: the largest size that one of them verified; None before the first. `alarms`: those that nobody has answered.
    """

    tablets: int
    verified: int
    recent: int
    witnessed: int | None
    alarms: int


COUNT = """
    SELECT count(*), count(*) FILTER (WHERE w.size = %(size)s AND w.root = %(root)s), count(*) FILTER (WHERE w.seen_at >= %(since)s),
        max(w.size), (SELECT count(*) FROM log_alarm a WHERE a.district_id = %(district_id)s AND NOT EXISTS (
            SELECT FROM log_alarm_answer r WHERE r.district_id = a.district_id AND r.alarm_id = a.id))
    FROM till t LEFT JOIN log_witness w ON w.district_id = t.district_id AND w.till_id = t.id AND w.size IS NOT NULL
    WHERE t.district_id = %(district_id)s AND t.revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class CosignedRow:
    """A tablet's co-signature under the checkpoint of `size` leaves. `line`: as it stands below the note."""

    till_id: int
    size: int
    cosigner: Cosigner
    line: str


def cosigner(note: str, till_id: int, public_key: bytes) -> Cosigner:
    """A tablet's key under a note of this log: its name is the log's own with the number of the tablet."""
    return Cosigner(f"{note.partition(chr(10))[0]}/till/{till_id}", public_key)


def cosigned(session: Session, district_id: int) -> list[CosignedRow]:
    """The last co-signature of each tablet, the newest checkpoint first. What is not in the book any more is left out."""
    query = (
        select(LogWitness)
        .where(LogWitness.district_id == district_id, LogWitness.cosignature.is_not(None))
        .order_by(LogWitness.size.desc(), LogWitness.till_id)
        .execution_options(populate_existing=True)
    )
    return [row for saw in session.scalars(query) if (row := _as_cosigned(session, saw)) is not None]


def _as_cosigned(session: Session, saw: LogWitness) -> CosignedRow | None:
    assert saw.size is not None and saw.public_key and saw.cosigned_at and saw.cosignature, saw.till_id
    try:
        signed = checkpoint(session, saw.district_id, size=saw.size)
    except CheckpointUnknown:
        return None
    if signed.root != saw.root:
        return None
    key = cosigner(signed.note, saw.till_id, saw.public_key)
    return CosignedRow(saw.till_id, saw.size, key, key.line(int(saw.cosigned_at.timestamp()), saw.cosignature))


def count_witnesses(session: Session, district_id: int, *, size: int, root: bytes, since: datetime) -> WitnessCount:
    """Who stands behind the checkpoint of `size` leaves with `root`. One statement."""
    values = {"district_id": district_id, "size": size, "root": root, "since": since}
    return WitnessCount(*rows(session, COUNT, values)[0])


def witnesses(session: Session, district_id: int) -> list[WitnessRow]:
    """Every paired tablet of the district, those that saw the log last first, those that never did at the end."""
    query = (
        select(Till, Merchant, LogWitness)
        .join(Merchant, (Merchant.district_id == Till.district_id) & (Merchant.id == Till.merchant_id))
        .outerjoin(LogWitness, (LogWitness.district_id == Till.district_id) & (LogWitness.till_id == Till.id))
        .where(Till.district_id == district_id, Till.revoked_at.is_(None))
        .order_by(LogWitness.seen_at.desc().nulls_last(), Till.id)
        .execution_options(populate_existing=True)
    )
    return [
        WitnessRow(
            till.id,
            till.name,
            as_shop(shop),
            saw.size if saw else None,
            saw.root if saw else None,
            saw.seen_at if saw and saw.size is not None else None,
            saw.beginnings if saw else 0,
            saw is not None and saw.cosignature is not None,
        )
        for till, shop, saw in session.execute(query)
    ]


def log_alarms(session: Session, district_id: int, *, waiting: bool = False) -> list[LogAlarmRow]:
    """Every alarm of the district's tablets, revoked ones included, the newest first. `waiting`: those that nobody has answered."""
    return _alarms(session, district_id, LogAlarmAnswer.answered_at.is_(None) if waiting else true())


def log_alarm(session: Session, district_id: int, alarm_id: int) -> LogAlarmRow:
    """One of them. Raises LogAlarmUnknown."""
    found = _alarms(session, district_id, LogAlarm.id == alarm_id)
    if not found:
        raise LogAlarmUnknown
    return found[0]


def _alarms(session: Session, district_id: int, which: ColumnElement[bool]) -> list[LogAlarmRow]:
    query = (
        select(LogAlarm, Till, Merchant, LogAlarmAnswer, LogWitness)
        .join(Till, (Till.district_id == LogAlarm.district_id) & (Till.id == LogAlarm.till_id))
        .join(Merchant, (Merchant.district_id == Till.district_id) & (Merchant.id == Till.merchant_id))
        .outerjoin(LogAlarmAnswer, (LogAlarmAnswer.district_id == LogAlarm.district_id) & (LogAlarmAnswer.alarm_id == LogAlarm.id))
        .outerjoin(LogWitness, (LogWitness.district_id == LogAlarm.district_id) & (LogWitness.till_id == LogAlarm.till_id))
        .where(LogAlarm.district_id == district_id, which)
        .order_by(LogAlarm.id.desc())
        .execution_options(populate_existing=True)
    )
    return [
        LogAlarmRow(
            id=alarm.id,
            till_id=till.id,
            till_name=till.name,
            till_is_revoked=till.revoked_at is not None,
            shop=as_shop(shop),
            reason=alarm.reason,
            before=alarm.before,
            shown=alarm.shown,
            told_at=alarm.told_at,
            words=answer.words if answer else None,
            answered_by=answer.answered_by if answer else None,
            answered_at=answer.answered_at if answer else None,
            seen_at=saw.seen_at if saw and saw.size is not None else None,
        )
        for alarm, till, shop, answer, saw in session.execute(query)
    ]
