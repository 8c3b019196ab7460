"""点検 as it is read: what was measured last, worst first, and the history. Nothing is measured here, so it is there at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.queries
from association.models import ControlAlarm, ControlReading, ControlState
from association.queries.controls.registry import CONTROLS, Control
from association.rules.controls import WORST_FIRST, State, is_late, readable
from identity.commands import authorise
from identity.queries import District, Principal

HISTORY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Standing:
    """One control as it stands. `raw` in the control's unit, `figure` the same in `unit`, readable.

    `is_late`: not measured while others were.
    `told_at`: when the people who must act were told of it last, while it lasts.
    """

    control: Control
    state: State
    raw: int | None
    figure: int | None
    unit: str
    facts: Mapping[str, Any]
    since: datetime | None
    measured_at: datetime | None
    is_late: bool
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Round:
    """All controls of a district, worst first. `measured_at`: the newest reading; None: there was no round yet.

    `stands_still`: nobody measures any more, so what is shown is of then.
    """

    standings: tuple[Standing, ...]
    measured_at: datetime | None
    stands_still: bool

    def of(self, *states: State) -> tuple[Standing, ...]:
        return tuple(each for each in self.standings if each.state in states)

    def named(self, name: str) -> Standing:
        """One of them."""
        return next(each for each in self.standings if each.control.name == name)

    @property
    def to_act(self) -> tuple[Standing, ...]:
        return self.of(State.act)

    @property
    def to_look(self) -> tuple[Standing, ...]:
        return self.of(State.look)

    @property
    def is_well(self) -> bool:
        """Nobody need act or look, as far as it is known."""
        return not self.stands_still and not self.to_act and not self.to_look

    @property
    def must_act(self) -> bool:
        return self.stands_still or bool(self.to_act)


@dataclass(frozen=True, slots=True)
class Turn:
    """A control in one state, from `since` to `until` (None: it lasts). `told`: how many alarms went out meanwhile."""

    control: Control | None
    name: str
    state: State
    figure: int | None
    unit: str
    since: datetime
    until: datetime | None
    told: int


def round_of(session: Session, who: Principal, *, now: datetime) -> Round:
    """What was measured last."""
    authorise(session, who, "association.read_controls")
    return _round(session, who.district_id, now)


def rounds(session: Session, *, now: datetime) -> list[tuple[District, Round]]:
    """The same of every district, for whoever runs the installation."""
    return [(district, _round(session, district.id, now)) for district in identity.queries.districts(session)]


def turns(session: Session, who: Principal, *, now: datetime) -> list[Turn]:
    """When what was in which state in the last ninety days, the newest first; the first time that a control was well is no turn."""
    authorise(session, who, "association.read_controls")
    query = select(ControlState).where(ControlState.district_id == who.district_id).order_by(ControlState.control, ControlState.id)
    alarms = session.scalars(select(ControlAlarm).where(ControlAlarm.district_id == who.district_id, ControlAlarm.kind != "well")).all()
    known = {control.name: control for control in CONTROLS}
    found = []
    for name, group in groupby(session.scalars(query), key=lambda row: row.control):
        rows = list(group)
        for place, row in enumerate(rows):
            until = rows[place + 1].turned_at if place + 1 < len(rows) else None
            told = sum(
                1 for each in alarms if each.control == name and row.turned_at <= each.told_at and (not until or each.told_at < until)
            )
            if (until or now) >= now - HISTORY and not (place == 0 and row.state == State.ok):
                found.append(_turn(known.get(name), row, until, told))
    return sorted(found, key=lambda turn: turn.since, reverse=True)


def _turn(control: Control | None, row: ControlState, until: datetime | None, told: int) -> Turn:
    figure, unit = _figure(control, row.figure)
    return Turn(control, row.control, State(row.state), figure, unit, row.turned_at, until, told)


def _figure(control: Control | None, figure: int | None) -> tuple[int | None, str]:
    if control is None or figure is None:
        return figure, "" if control is None else control.unit
    return readable(figure, control.unit)


def _round(session: Session, district_id: int, now: datetime) -> Round:
    query = select(ControlReading).where(ControlReading.district_id == district_id).execution_options(populate_existing=True)
    readings = {row.control: row for row in session.scalars(query)}
    told = last_alarms(session, district_id)
    newest = max((row.measured_at for row in readings.values()), default=None)
    standings = [_standing(control, readings.get(control.name), told.get(control.name), newest or now) for control in CONTROLS]
    stands_still = newest is None or is_late(newest, timedelta(), now)
    order = {state: place for place, state in enumerate(WORST_FIRST)}
    return Round(tuple(sorted(standings, key=lambda each: order[each.state])), newest, stands_still)


def _standing(control: Control, row: ControlReading | None, told: tuple[str, datetime] | None, newest: datetime) -> Standing:
    """One that was not measured while others were is one that somebody must look at, whatever it said then."""
    if row is None:
        return Standing(control, State.unknown, None, None, control.unit, {}, None, None, False, None)
    late = is_late(row.measured_at, control.every, newest)
    state = State(row.state)
    if late and state in (State.ok, State.unknown):
        state = State.look
    figure, unit = _figure(control, row.figure)
    told_at = told[1] if told is not None and told[0] != "well" else None
    return Standing(control, state, row.figure, figure, unit, row.facts, row.since, row.measured_at, late, told_at)


def last_alarms(session: Session, district_id: int) -> dict[str, tuple[str, datetime]]:
    """What was told last of each control, and when."""
    newest = select(func.max(ControlAlarm.id)).where(ControlAlarm.district_id == district_id).group_by(ControlAlarm.control)
    rows = session.scalars(select(ControlAlarm).where(ControlAlarm.district_id == district_id, ControlAlarm.id.in_(newest)))
    return {row.control: (row.kind, row.told_at) for row in rows}
