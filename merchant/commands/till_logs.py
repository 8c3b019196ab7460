"""控え: what a tablet sold for cash without a network, and how its log comes in: in order, exactly once, or not at all.

A log is opened with the network, by a secret that the tablet made. What arrives must go on from what arrived before; said twice it is
answered the same, and another thing in the same place is refused and kept for the owner. Nothing that was printed is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from base.errors import MeguriError
from base.ids import fingerprint
from identity.queries import Principal
from merchant.commands.offline_receipts import OfflineSale, keep_receipt
from merchant.commands.owner import authorise_owner
from merchant.commands.register import place_of
from merchant.commands.slips import ONE_AT_A_TIME
from merchant.commands.twin_letters import tell_owners_of_twins
from merchant.errors import (
    NoTill,
    RegisterIsOld,
    TillLogClosed,
    TillLogForked,
    TillLogGap,
    TillLogNotWaiting,
    TillLogOfRevoked,
    TillLogUnknown,
    TillLogWrong,
)
from merchant.models import Till, TillLog, TillLogEntry, TillLogRefusal
from merchant.queries.shops import merchant
from merchant.queries.till_logs import accepted, is_silent
from merchant.rules.device_log import hash_of

REFUSED_MAX = 500
"""So many refused entries of a log are kept for the owner: more than a day sells, and less than would fill a disk."""
A_MINUTE = timedelta(minutes=1)
AND_THE_TILL = text("SELECT 1 FROM till WHERE district_id = :district_id AND id = :till_id FOR SHARE")


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it was sent. `sale` None: its text is no entry that this till could have written."""

    said: str
    till_id: int = 0
    log: int = 0
    seq: int = 0
    before: str = ""
    sale: OfflineSale | None = None


@dataclass(frozen=True, slots=True)
class LogStands:
    """How far a log has come in: entry `seq` with its hash (None before the first). `stopped`: why it goes no further."""

    log: int
    seq: int
    hash: bytes | None
    stopped: MeguriError | None = None


def open_log(session: Session, who: Principal, secret: str, *, now: datetime) -> LogStands:
    """Open a log for this tablet, or say how far the one with this secret has come in. With nothing left to come the one before is done.

    Raises NoTill, RegisterIsOld, TillLogUnknown where the secret is another tablet's.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        if not merchant(session, who.district_id, merchant_id).issues_receipts:
            raise RegisterIsOld
        session.execute(ONE_AT_A_TIME, {"till": f"till_receipt {who.district_id} {till_id}"})
        row = _by_secret(session, who.district_id, secret)
        if row is None:
            row = _begin(session, who.district_id, merchant_id, till_id, secret, now)
        if row.till_id != till_id:
            raise TillLogUnknown
        row.heard_at = now
        seq, last = accepted(session, who.district_id, till_id, row.log)
        return LogStands(row.log, seq, last, TillLogClosed() if row.closed_at else None)


def take_entries(session: Session, who: Principal, secret: str, entries: Sequence[Told], last: int, *, now: datetime) -> LogStands:
    """Take what a tablet sends of its log, in order. `last`: the last entry that it has. What cannot be accepted stops the log there.

    A tablet that was revoked has no session any more: it is known by its secret, and what it sends is listed and booked nowhere.
    Raises TillLogUnknown, NoTill, TooMany.
    """
    if who.till_id is None:
        identity.commands.limit_caller(
            session,
            "merchant.take_entries",
            who.address,
            device=who.device_token,
            each=60,
            place=600,
            per=A_MINUTE,
            district_id=who.district_id,
        )
    with atomic(session):
        row = _by_secret(session, who.district_id, secret)
        if row is None:
            raise TillLogUnknown
        session.execute(AND_THE_TILL, {"district_id": who.district_id, "till_id": row.till_id})  # a revocation waits, or was first
        session.refresh(row, with_for_update=True)
        if session.get_one(Till, (who.district_id, row.till_id), populate_existing=True).revoked_at is not None:
            return _stop(session, row, entries, "revoked", TillLogOfRevoked(), now)
        if who.till_id != row.till_id:
            raise NoTill if who.till_id is None else TillLogUnknown
        identity.commands.authorise(session, who, "merchant.sell")
        row.told, row.heard_at = max(row.told, last), now
        session.flush()
        if row.closed_at is not None:
            return _stop(session, row, entries, "closed", TillLogClosed(), now)
        session.execute(ONE_AT_A_TIME, {"till": f"till_receipt {who.district_id} {row.till_id}"})
        before, _last = accepted(session, who.district_id, row.till_id, row.log)
        stands = _take_all(session, row, entries, now)
        tell_owners_of_twins(session, row, before, now=now)
        return stands


def _take_all(session: Session, row: TillLog, entries: Sequence[Told], now: datetime) -> LogStands:
    for place, told in enumerate(entries):
        stopped = _take(session, row, told, now)
        if stopped is not None:
            why = "forked" if isinstance(stopped, TillLogForked) else "wrong" if isinstance(stopped, TillLogWrong) else ""
            return _stop(session, row, entries[place:] if why else (), why, stopped, now)
    return _stands(session, row)


def give_up_log(session: Session, who: Principal, merchant_id: int, till_id: int, log: int, reason: str, *, now: datetime) -> None:
    """紛失として閉じる: what has not arrived of this log is given up, with a reason, and the till can be closed for the day.

    Of a tablet that is silent nobody knows what it keeps: its series ends where it was last heard of.

    The same again changes nothing. Raises TillLogUnknown, TillLogNotWaiting.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.give_up_log", merchant_id, subject=f"till:{till_id} log:{log}")
        row = session.get(TillLog, (who.district_id, till_id, log), with_for_update=True, populate_existing=True)
        if row is None or row.merchant_id != merchant_id:
            raise TillLogUnknown
        if (row.closed_how, row.closed_by, row.reason) == ("lost", who.person_id, reason):
            return
        seq, _last = accepted(session, who.district_id, till_id, log)
        revoked_at = session.get_one(Till, (who.district_id, till_id), populate_existing=True).revoked_at
        if row.closed_at is not None or not (row.told > seq or is_silent(row, revoked_at, now=now)):
            raise TillLogNotWaiting
        row.closed_at, row.closed_how, row.closed_by, row.reason = now, "lost", who.person_id, reason


def close_whole_logs(session: Session, district_id: int, till_id: int, *, heard_since: datetime | None = None, now: datetime) -> None:
    """Logs of a till of which all has arrived that the tablet told of are done. `heard_since`: only where it has told of them since.

    Inside the database transaction of what ends them.
    """
    arrived = (
        select(func.coalesce(func.max(TillLogEntry.seq), 0))
        .where(TillLogEntry.district_id == district_id, TillLogEntry.till_id == till_id, TillLogEntry.log == TillLog.log)
        .scalar_subquery()
    )
    whole = [TillLog.district_id == district_id, TillLog.till_id == till_id, TillLog.closed_at.is_(None), TillLog.told <= arrived]
    if heard_since is not None:
        whole.append(func.coalesce(TillLog.heard_at, TillLog.opened_at) >= heard_since)
    closed = update(TillLog).where(*whole).values(closed_at=now, closed_how="done")
    session.execute(closed.execution_options(synchronize_session=False))


def _by_secret(session: Session, district_id: int, secret: str) -> TillLog | None:
    return session.scalars(
        select(TillLog).where(TillLog.district_id == district_id, TillLog.fingerprint == fingerprint(secret))
    ).one_or_none()


def _begin(session: Session, district_id: int, merchant_id: int, till_id: int, secret: str, now: datetime) -> TillLog:
    mine = (TillLog.district_id == district_id, TillLog.till_id == till_id)
    close_whole_logs(session, district_id, till_id, now=now)
    count = session.scalar(select(func.max(TillLog.log)).where(*mine)) or 0
    row = TillLog(
        district_id=district_id,
        till_id=till_id,
        log=count + 1,
        merchant_id=merchant_id,
        fingerprint=fingerprint(secret),
        opened_at=now,
        heard_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _take(session: Session, row: TillLog, told: Told, now: datetime) -> MeguriError | None:
    """Accept the next entry, or see that it was accepted; else why not."""
    seq, last = accepted(session, row.district_id, row.till_id, row.log)
    if told.sale is None or (told.till_id, told.log) != (row.till_id, row.log):
        return TillLogWrong(seq=seq + 1)
    if told.seq > seq + 1:
        return TillLogGap(seq=seq + 1)
    mine = hash_of(told.said)
    if told.seq <= seq:
        kept = session.get_one(TillLogEntry, (row.district_id, row.till_id, row.log, told.seq))
        return None if kept.hash == mine else TillLogForked(seq=told.seq)
    if told.before != (last.hex() if last else ""):
        return TillLogForked(seq=told.seq)
    kept_as = keep_receipt(session, row, told.seq, told.sale, mine, now=now)
    if kept_as is None:
        return TillLogWrong(seq=told.seq)
    serial, noted = kept_as
    session.add(
        TillLogEntry(
            district_id=row.district_id,
            till_id=row.till_id,
            log=row.log,
            seq=told.seq,
            before=last,
            hash=mine,
            said=told.said,
            serial=serial,
            noted=noted,
            arrived_at=now,
        )
    )
    session.flush()
    return None


def _stop(session: Session, row: TillLog, refused: Sequence[Told], why: str, error: MeguriError, now: datetime) -> LogStands:
    """List what is refused, as far as there is room, and say so. What had been accepted before is not among it."""
    known = select(TillLogEntry.hash).where(
        TillLogEntry.district_id == row.district_id, TillLogEntry.till_id == row.till_id, TillLogEntry.log == row.log
    )
    accepted_before = set(session.scalars(known))
    listed = select(func.count()).where(
        TillLogRefusal.district_id == row.district_id, TillLogRefusal.till_id == row.till_id, TillLogRefusal.log == row.log
    )
    room = REFUSED_MAX - (session.scalar(listed) or 0)
    for told in [each for each in refused if hash_of(each.said) not in accepted_before][: max(room, 0)]:
        values = {"district_id": row.district_id, "till_id": row.till_id, "log": row.log, "hash": hash_of(told.said)}
        statement = insert(TillLogRefusal).values(**values, said=told.said, why=why, arrived_at=now)
        session.execute(statement.on_conflict_do_nothing(index_elements=list(values)))
    return replace(_stands(session, row), stopped=error)


def _stands(session: Session, row: TillLog) -> LogStands:
    seq, last = accepted(session, row.district_id, row.till_id, row.log)
    return LogStands(row.log, seq, last)
