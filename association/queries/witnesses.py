"""証人: which tablets stand behind the sealed log, and the alarms that they raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
import merchant.queries
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Appraised
from merchant.queries import LogAlarmRow, WitnessRow

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LogStanding:
    """The newest checkpoint of a district's log, and how many of its shops' tablets stand behind it.

    `size`, `root`, `signed_at`: of the newest checkpoint. `tablets`: paired now. `verified`: whose last look was at this very checkpoint.
    `recent`: who verified any within a day. `witnessed`: the largest size that a tablet verified, None before the first.
    `alarms`: those that nobody has answered, and no new epoch explains. A tablet that verified a size has verified that everything
    before it stayed as it was.
    """

    size: int
    root: bytes
    signed_at: datetime
    tablets: int
    verified: int
    recent: int
    witnessed: int | None
    alarms: int


@dataclass(frozen=True, slots=True)
class ToldAlarm:
    """An alarm, and what its two notes are worth. `before`: None if the tablet saw the log for the first time.

    `answered_by_name`: None where nobody has answered, or they have left. `standing`: "open", "answered", or where a new epoch explains it
    "waits" until somebody at the tablet has said yes to that, then "settled".
    """

    alarm: LogAlarmRow
    before: Appraised | None
    shown: Appraised
    answered_by_name: str | None
    standing: str

    @property
    def is_open(self) -> bool:
        """Nobody has written down what came of it, and nothing explains it."""
        return self.standing == "open"

    @property
    def is_proof(self) -> bool:
        """This log's own key has signed what is not in this book: no tablet can make that up."""
        return any(note is not None and note.is_signed and not note.is_in_book for note in (self.before, self.shown))


def log_standing(session: Session, district_id: int, *, now: datetime) -> LogStanding | None:
    """Two statements, where an alarm waits four or five; None while nothing was ever signed. Names nobody, and no role is asked for."""
    newest = ledger.queries.newest_checkpoint(session, district_id)
    if newest is None:
        return None
    counted = merchant.queries.count_witnesses(session, district_id, size=newest.size, root=newest.root, since=now - RECENT)
    waiting = merchant.queries.log_alarms(session, district_id, waiting=True) if counted.alarms else []
    return LogStanding(
        newest.size,
        newest.root,
        newest.signed_at,
        counted.tablets,
        counted.verified,
        counted.recent,
        counted.witnessed,
        _standings(session, district_id, waiting).count("open"),
    )


def witnesses(session: Session, who: Principal) -> list[WitnessRow]:
    """Every paired tablet, those that saw the log last first."""
    authorise(session, who, "association.read")
    return merchant.queries.witnesses(session, who.district_id)


def told_alarms(session: Session, who: Principal) -> list[ToldAlarm]:
    """Every alarm, those that want somebody's answer first, then those of a new epoch that a tablet waits with, then the newest first."""
    authorise(session, who, "association.read")
    alarms = merchant.queries.log_alarms(session, who.district_id)
    standings = _standings(session, who.district_id, alarms)
    told = [_told(session, who, alarm, standing) for alarm, standing in zip(alarms, standings, strict=True)]
    return sorted(told, key=lambda each: (not each.is_open, each.standing != "waits"))


def told_alarm(session: Session, who: Principal, alarm_id: int) -> ToldAlarm:
    """One of them. Raises LogAlarmUnknown."""
    authorise(session, who, "association.read")
    alarm = merchant.queries.log_alarm(session, who.district_id, alarm_id)
    return _told(session, who, alarm, *_standings(session, who.district_id, [alarm]))


def _standings(session: Session, district_id: int, alarms: list[LogAlarmRow]) -> list[str]:
    """The standing of each, as ToldAlarm has it: a tablet that verified the log after alarm and epoch has gone on in that epoch."""
    since = ledger.queries.explained(session, district_id, [(each.before, each.shown) for each in alarms]) if alarms else []
    return [
        "answered"
        if alarm.answered_at
        else "open"
        if began_at is None
        else "settled"
        if alarm.seen_at and alarm.seen_at > max(alarm.told_at, began_at)
        else "waits"
        for alarm, began_at in zip(alarms, since, strict=True)
    ]


def _told(session: Session, who: Principal, alarm: LogAlarmRow, standing: str) -> ToldAlarm:
    names = identity.queries.nicknames(session, who.district_id, {alarm.answered_by}) if alarm.answered_by else {}
    return ToldAlarm(
        alarm=alarm,
        before=ledger.queries.appraise(session, who.district_id, alarm.before) if alarm.before else None,
        shown=ledger.queries.appraise(session, who.district_id, alarm.shown),
        answered_by_name=names.get(alarm.answered_by or 0),
        standing=standing,
    )
