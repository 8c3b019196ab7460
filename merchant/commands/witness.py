"""Tablets as witnesses of the sealed log: what they say they verified, and the alarms that they raise.

Nothing that a tablet says changes what the book says: a sight is kept only where it agrees with the book, an alarm only as evidence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Update, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.db import atomic
from base.errors import TooMany
from identity.queries import Principal
from ledger.errors import CheckpointUnknown
from merchant.commands.staff import confirmed_by
from merchant.errors import CosignatureWrong, LogAlarmAnswered, LogAlarmUnknown, NoTill, SightUnknown
from merchant.models import LogAlarm, LogAlarmAnswer, LogWitness, LogWitnessKey
from merchant.queries.tills import till
from merchant.queries.witness import cosigner

CLOCK_S = 600
"""So far may the time under a co-signature be from ours."""
NO_COSIGNATURE = dict.fromkeys(("public_key", "cosigned_at", "cosignature"))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The tablet's own word under a checkpoint: by this key (32 bytes), as of so many seconds since 1970 (tlog-cosignature)."""

    public_key: bytes
    seconds: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that the tablet verified: so many leaves, this root (32 bytes). `own`: its co-signature, where its browser can."""

    size: int
    root: bytes
    own: Cosigned | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the tablet was shown (`shown`) does not go on from what it kept (`before`, empty the first time): two signed notes."""

    reason: str
    before: str
    shown: str

    @property
    def evidence(self) -> bytes:
        """The same for the same alarm, told once or ten times."""
        return hashlib.sha256(f"{self.reason}\0{self.before}\0{self.shown}".encode()).digest()


def saw_log(session: Session, who: Principal, seen: Seen, *, now: datetime) -> None:
    """The tablet has verified this checkpoint. What is older than its last sight changes nothing.

    A co-signature is verified before it is kept, and so is its key when it comes for the first time. One whose time is far from ours is
    left out: a tablet with a wrong clock is a witness all the same. At most twelve in ten minutes.
    Raises NoTill, SightUnknown where the book has no such checkpoint, CosignatureWrong, TooMany.
    """
    till_id = _tablet(session, who)
    identity.commands.limit_tries(
        session, "merchant.saw_log", str(till_id), per=timedelta(minutes=10), count=12, district_id=who.district_id
    )
    with atomic(session):
        try:
            ours = ledger.queries.checkpoint(session, who.district_id, size=seen.size)
        except CheckpointUnknown as error:
            raise SightUnknown from error
        if ours.root != seen.root:
            raise SightUnknown
        row = {
            "size": seen.size,
            "root": seen.root,
            "seen_at": now,
            **_cosignature(session, who.district_id, till_id, ours.note, seen.own, now),
        }
        new = insert(LogWitness).values(district_id=who.district_id, till_id=till_id, **row)
        same = and_(LogWitness.size == new.excluded.size, LogWitness.root == new.excluded.root)
        further = or_(LogWitness.size.is_(None), LogWitness.size < new.excluded.size, same)
        values = {name: new.excluded[name] for name in row}
        session.execute(new.on_conflict_do_update(index_elements=["district_id", "till_id"], set_=values, where=further))


def _cosignature(session: Session, district_id: int, till_id: int, note: str, own: Cosigned | None, now: datetime) -> dict[str, object]:
    """The columns of a co-signature; its key is registered with it. Raises CosignatureWrong."""
    if own is None or abs(own.seconds - now.timestamp()) > CLOCK_S:
        return {**NO_COSIGNATURE}
    if not cosigner(note, till_id, own.public_key).has_cosigned(note, own.seconds, own.signature):
        raise CosignatureWrong
    if session.get(LogWitnessKey, (district_id, till_id, own.public_key)) is None:
        name, a_day = "merchant.witness_key", timedelta(days=1)
        try:
            identity.commands.limit_tries(session, name, str(till_id), per=a_day, count=3, district_id=district_id)
        except TooMany:  # a browser that forgets its keys is a witness without a signature
            return {**NO_COSIGNATURE}
        new = insert(LogWitnessKey).values(district_id=district_id, till_id=till_id, public_key=own.public_key, began_at=now)
        if not session.execute(new.on_conflict_do_nothing().returning(LogWitnessKey.till_id)).first():
            raise CosignatureWrong
    return {"public_key": own.public_key, "cosigned_at": datetime.fromtimestamp(own.seconds, UTC), "cosignature": own.signature}


def tell_alarm(session: Session, who: Principal, alarm: Alarm, *, now: datetime) -> int:
    """Keep an alarm as evidence and give its number; the same one again gives the same number.

    At most five in an hour. Raises NoTill, TooMany.
    """
    till_id = _tablet(session, who)
    identity.commands.limit_tries(
        session, "merchant.tell_alarm", str(till_id), per=timedelta(hours=1), count=5, district_id=who.district_id
    )
    with atomic(session):
        row = {"reason": alarm.reason, "before": alarm.before, "shown": alarm.shown, "evidence": alarm.evidence, "told_at": now}
        new = insert(LogAlarm).values(district_id=who.district_id, till_id=till_id, **row)
        session.execute(new.on_conflict_do_nothing(index_elements=["district_id", "till_id", "evidence"]))
        mine = (LogAlarm.district_id == who.district_id, LogAlarm.till_id == till_id, LogAlarm.evidence == alarm.evidence)
        return session.scalars(select(LogAlarm.id).where(*mine)).one()


def answer_log_alarm(session: Session, district_id: int, alarm_id: int, words: str, *, by: int, now: datetime) -> None:
    """Write down what came of an alarm, once; for doors that have asked already who is asking.

    Raises LogAlarmUnknown, LogAlarmAnswered.
    """
    with atomic(session):
        if session.get(LogAlarm, (district_id, alarm_id)) is None:
            raise LogAlarmUnknown
        new = insert(LogAlarmAnswer).values(district_id=district_id, alarm_id=alarm_id, words=words, answered_by=by, answered_at=now)
        if not session.execute(new.on_conflict_do_nothing().returning(LogAlarmAnswer.alarm_id)).first():
            raise LogAlarmAnswered


def begin_anew(session: Session, who: Principal, staff_id: int | None, pin: str | None, *, now: datetime) -> None:
    """The owner, by their PIN, lets this tablet forget the log that it saw and pin the present one.

    Raises NoTill, Forbidden, PinMissing, StaffUnknown, PinWrong, PinLocked.
    """
    till_id = _tablet(session, who)
    actor = confirmed_by(session, who, staff_id, pin, now=now)
    with atomic(session):
        identity.commands.authorise(session, actor, "merchant.forget_log", subject=f"till:{till_id}")
        session.execute(_anew(now).where(LogWitness.district_id == who.district_id, LogWitness.till_id == till_id))


def goes_on(session: Session, who: Principal, *, now: datetime) -> None:
    """Somebody at the tablet has said yes to a new epoch: its row begins anew where it had seen what that gives up.

    Not where the epoch's key is one that no earlier key endorsed: for that the owner begins anew by their PIN. Raises NoTill, TooMany.
    """
    till_id = _tablet(session, who)
    identity.commands.limit_tries(
        session, "merchant.goes_on", str(till_id), per=timedelta(minutes=10), count=12, district_id=who.district_id
    )
    own = ledger.queries.first_keys(ledger.queries.log_keys(session, who.district_id))[1:]
    with atomic(session):
        for begun in ledger.queries.log_epochs(session, who.district_id):
            if begun.epoch.key in own:
                continue
            session.execute(
                _anew(now).where(
                    LogWitness.district_id == who.district_id,
                    LogWitness.till_id == till_id,
                    LogWitness.seen_at <= begun.signed_at,
                    LogWitness.size > begun.epoch.size,
                )
            )


def _anew(now: datetime) -> Update:
    values = {"size": None, "root": None, "seen_at": now, **NO_COSIGNATURE}
    begun = update(LogWitness).values(beginnings=LogWitness.beginnings + 1, **values)
    return begun.execution_options(synchronize_session=False)


def _tablet(session: Session, who: Principal) -> int:
    """The tablet that speaks. Raises NoTill for whatever else, and for one that was revoked."""
    identity.commands.authorise(session, who, "merchant.witness_log")
    if who.till_id is None or till(session, who.district_id, who.till_id).revoked_at is not None:
        raise NoTill
    return who.till_id
