"""点検: what the controls measured, when they turned, who was told, and how the worker and the open pages are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ControlReading(Base):
    """点検: what a control measured last. `figure` in the control's unit; None: nothing there can be known, state `unknown`.

    `since`: when it turned to this state. `facts`: what the figure is made of, for the page.
    """

    __tablename__ = "control_reading"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    control: Mapped[str] = mapped_column(Text, primary_key=True)
    figure: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    measured_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'look', 'act', 'unknown')", name="state_is_known"),
        CheckConstraint("(state = 'unknown') = (figure IS NULL)", name="unknown_means_no_figure"),
        CheckConstraint("measured_at >= since", name="measured_since_it_turned"),
    )


class ControlState(Base):
    """A control that turned from one state to another. Never edited: an auditor reads here when what was wrong, and for how long."""

    __tablename__ = "control_state"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    control: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    figure: Mapped[int | None]
    turned_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("state IN ('ok', 'look', 'act', 'unknown')", name="state_is_known"),)


class ControlAlarm(Base):
    """That people were told of a control: it must be acted on (`act`), must be still (`still`), is well again (`well`). Never edited.

    `told`: how many; 0 where nobody who must act has an address.
    """

    __tablename__ = "control_alarm"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    control: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    told: Mapped[int]
    told_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind IN ('act', 'still', 'well')", name="kind_is_known"),
        Index("control_alarm_newest", "district_id", "control", "id"),
    )


class WorkerChore(Base):
    """A chore of the worker, of the installation and so of no district. `well_at`: when it was last done without a fault.

    `failures`: in a row since.
    """

    __tablename__ = "worker_chore"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    every_s: Mapped[int]
    well_at: Mapped[datetime]
    failures: Mapped[int]
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_are_counted"),)


class LiveLine(Base):
    """A web process that listens for the wake-ups of open pages, by its connection's number at the server, and its newest answer.

    `heard_ms`: how long a wake-up was on its way to it, `slowest_ms`: the longest since the answer before from there to a page.
    Written by web/live.py.
    """

    __tablename__ = "live_line"
    process: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[int]
    heard_ms: Mapped[int]
    slowest_ms: Mapped[int]
    answered_at: Mapped[datetime]
