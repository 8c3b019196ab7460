"""点検: a round over the controls of a district, by the worker. What it saw is written down, each turn is a row for good, and who must
act is told by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.queries
from association import titles
from association.models import ControlAlarm, ControlReading, ControlState, LiveLine, WorkerChore
from association.queries.controls import CONTROLS, Control, last_alarms
from association.rules.controls import State, due_alarm, is_due, readable
from base.db import WAKE_ASK, atomic
from base.errors import N_
from identity.commands import queue_mail
from identity.queries import Letter, Profile
from identity.retention import LIVE_LINES

ROUND_LOCK = 6_400
"""First key of the advisory lock: one round of a district at a time, whatever the number of workers."""
MEASURE_MAX = "20s"
"""A measure that takes longer is broken off, and its reading becomes old."""
FALLBACK = "administrator"
"""Who is told where nobody with an address holds the role that must act."""

ACT = Letter(
    subject=N_("点検: %(word_title)s"),
    text=N_(
        "「%(word_title)s」の点検で、すぐに手を打つことが見つかりました。\n\n"
        "%(word_says)s\nいま: %(n)s%(word_unit)s\n\n"
        "すること: %(word_advice)s\n%(page)s\n\n"
        "直るまで、24時間ごとにお知らせします。\n%(district)s"
    ),
)
STILL = Letter(
    subject=N_("点検（まだ続いています）: %(word_title)s"),
    text=N_(
        "「%(word_title)s」の点検は、まだ直っていません。\n\n"
        "%(word_says)s\nいま: %(n)s%(word_unit)s\n\n"
        "すること: %(word_advice)s\n%(page)s\n\n%(district)s"
    ),
)
WELL = Letter(
    subject=N_("点検（直りました）: %(word_title)s"),
    text=N_("「%(word_title)s」の点検は、異常なしに戻りました。\n\n%(word_says)s\nいま: %(n)s%(word_unit)s\n\n%(page)s\n\n%(district)s"),
)
LETTERS = {"act": ACT, "still": STILL, "well": WELL}


@dataclass(frozen=True, slots=True)
class Doing:
    """How a chore of the worker does. `well_at`: when it was last done without a fault; `failures`: in a row since."""

    name: str
    every_s: int
    well_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A control that could not be measured: its reading stays as it was, and becomes old."""

    district_id: int
    control: str
    error: Exception


def look_round(session: Session, district_id: int, page: str, *, now: datetime) -> list[Broken]:
    """Measure what is due in a district, write down what turned, and tell of what must be told. `page`: the address of 点検.

    Again is harmless; of several workers one does it. Gives what could not be measured.
    """
    with atomic(session):
        session.execute(text(f"SET LOCAL statement_timeout = '{MEASURE_MAX}'"))
        if not session.execute(select(func.pg_try_advisory_xact_lock(ROUND_LOCK, district_id))).scalar_one():
            return []
        query = select(ControlReading).where(ControlReading.district_id == district_id).execution_options(populate_existing=True)
        readings = {row.control: row for row in session.scalars(query)}
        broken = []
        for control in CONTROLS:
            before = readings.get(control.name)
            if before is not None and not is_due(before.measured_at, control.every, State(before.state), now):
                continue
            try:
                with session.begin_nested():
                    readings[control.name] = _measure(session, district_id, control, before, now)
            except Exception as error:  # noqa: BLE001  one control that cannot be measured must not blind all the others
                broken.append(Broken(district_id, control.name, error))
        _tell(session, district_id, readings, page, now)
        return broken


def _measure(session: Session, district_id: int, control: Control, row: ControlReading | None, now: datetime) -> ControlReading:
    measured = control.measure(session, district_id, now)
    state = control.judge(measured.figure)
    if row is None or row.state != state:
        turned = {"district_id": district_id, "control": control.name, "state": state, "figure": measured.figure, "turned_at": now}
        session.execute(insert(ControlState).values(turned))
    if row is None:
        row = ControlReading(district_id=district_id, control=control.name, since=now)
        session.add(row)
    elif row.state != state or row.since > now:  # or the clock was set back
        row.since = now
    row.figure, row.facts, row.state, row.measured_at = measured.figure, dict(measured.facts), state, now
    session.flush()
    return row


def _tell(session: Session, district_id: int, readings: dict[str, ControlReading], page: str, now: datetime) -> None:
    last = last_alarms(session, district_id)
    due = []
    for control in CONTROLS:
        row = readings.get(control.name)
        kind = row and due_alarm(State(row.state), row.since, row.measured_at, last.get(control.name), now)
        if row is not None and kind:
            due.append((control, row, kind))
    if not due:
        return
    holders = _holders(session, district_id)
    name = identity.queries.district(session, district_id).name
    for control, row, kind in due:
        told = holders.get(control.owner) or holders.get(FALLBACK, [])
        for person in told:
            _write(session, district_id, name, person, control, row, kind, page, now)
        alarm = {"district_id": district_id, "control": control.name, "kind": kind, "told": len(told), "told_at": now}
        session.execute(insert(ControlAlarm).values(alarm))


def _holders(session: Session, district_id: int) -> dict[str, list[Profile]]:
    """Role → who holds it and has an address."""
    found: dict[str, list[Profile]] = {}
    for grant in identity.queries.grants(session, district_id):
        if grant.merchant_id is None:
            profile = identity.queries.profile(session, district_id, grant.person_id)
            if profile.email is not None:
                found.setdefault(grant.role, []).append(profile)
    return found


def _write(
    session: Session, district_id: int, name: str, to: Profile, control: Control, row: ControlReading, kind: str, page: str, now: datetime
) -> None:
    """The mail has the control's own words and its figure, and nobody's name."""
    assert to.email is not None, to.person_id
    n, unit = readable(row.figure or 0, control.unit)
    facts: dict[str, str | int] = {
        "word_title": control.title,
        "word_says": control.says,
        "word_advice": control.advice,
        "word_unit": titles.CONTROL_UNITS[unit],
        "n": f"{n:,}",
        "page": page,
        "district": name,
    }
    queue_mail(session, district_id, to.email, LETTERS[kind], facts, language=to.language, now=now)


def note_chores(session: Session, doings: Sequence[Doing]) -> None:
    """Write down how this worker's chores do; what another worker has done since counts for more."""
    with atomic(session):
        for each in doings:
            row = {"name": each.name, "every_s": each.every_s, "well_at": each.well_at, "failures": each.failures}
            new = insert(WorkerChore).values(row)
            session.execute(
                new.on_conflict_do_update(
                    index_elements=["name"],
                    set_={name: new.excluded[name] for name in ("every_s", "well_at", "failures")},
                    where=WorkerChore.well_at <= new.excluded.well_at,
                )
            )
        session.execute(delete(WorkerChore).where(WorkerChore.name.not_in([each.name for each in doings])))


def ask_lines(session: Session) -> None:
    """Ask every web process that keeps lines open how long this took to reach it (web/live.py answers), and forget those of yesterday."""
    with atomic(session):
        session.execute(delete(LiveLine).where(LiveLine.answered_at < func.now() - LIVE_LINES))
        moment = session.execute(text("SELECT (1000 * extract(epoch FROM clock_timestamp()))::bigint")).scalar_one()
    session.info["waker"]([f"{WAKE_ASK}{moment}"])
