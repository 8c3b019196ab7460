"""What is made of the columns, each in a thread of its own: that they follow the book, what closes with a month, what comes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

import analytics.commands
import analytics.errors
import analytics.reports.ahead
import analytics.snapshot
import analytics.views
from base.settings import Settings
from identity.queries import District
from web.logs import log
from worker.rounds import FIRST_ROUND_S, Chore, Doings, alone, do, each_round, look_for_districts

COLUMNS_S = 20
"""How often the columns follow the book: what is paid is in them within a minute."""


AHEAD_S = 300
"""How often it is looked whether a month has closed."""


FORESEE_S = 300
"""How often somebody looks whether a district's forecasts of today are made: soon after midnight they are, and then that is all."""


def keep_columns(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """The columns for insight follow the book, in a thread of its own: nothing that is counted of them holds it up."""
    each_round("columns", COLUMNS_S, lambda district: [partial(_follow_book, stop, district.id)], settings, doings, stop)


def _follow_book(stop: threading.Event, district_id: int, session: Session, _now: datetime) -> None:
    def report(_done: int, _of: int) -> None:
        if stop.is_set():
            raise _Ended

    with suppress(_Ended, analytics.errors.ColumnsBusy):
        done = analytics.snapshot.of(session).follow(session, district_id, report=report)
        if done.anew or done.reopened:
            log.warning("columns written again", district=district_id, why=done.anew, closed_months=done.reopened)


class _Ended(Exception):
    """The worker ends; what is half done goes on with the next one."""


def count_months(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """What is made of a month once it is over, in a thread of its own: of a big town that takes minutes."""
    _compile(stop)
    each_round(
        "ahead",
        AHEAD_S,
        lambda district: [
            partial(_count_ahead, stop, district.id),
            partial(_publish, district.id),
            partial(_keep_paper, district),
            partial(_count_catchment, district.id),
        ],
        settings,
        doings,
        stop,
    )


def _compile(stop: threading.Event) -> None:
    """The kernels, so that no page waits for it, and in a process of its own: the compiler would hold up every thread of this one."""
    with subprocess.Popen([sys.executable, "-m", "analytics.kernels.warm"], cwd=Path(__file__).parent.parent) as compiler:
        while compiler.poll() is None:
            if stop.wait(0.5):
                compiler.terminate()
                return
    if compiler.returncode:
        log.error("kernels not compiled", see="meguri analytics warm", code=compiler.returncode)


def _count_ahead(stop: threading.Event, district_id: int, session: Session, _now: datetime) -> None:
    def heard(_done: int, _of: int) -> None:
        if stop.is_set():
            raise _Ended

    columns, scheduler = analytics.snapshot.of(session), session.info["analytics_scheduler"]
    with suppress(_Ended, analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken):  # it follows meanwhile
        analytics.reports.ahead.ahead(columns, [district_id], scheduler=scheduler, heard=heard)


def _publish(district_id: int, session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken):
        month = analytics.commands.publish_open_data(session, district_id, now=now)
        if month is not None:
            log.info("open data published", district=district_id, month=f"{month:%Y-%m}")


def _keep_paper(district: District, session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken, analytics.errors.PeriodNotOver):
        paper = analytics.views.month.keep_newest(session, district, now=now)
        if paper is not None:
            log.info("the month's report is kept", district=district.id, month=f"{paper.month:%Y-%m}", sha256=paper.digest)


def _count_catchment(district_id: int, session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken):
        month = analytics.commands.count_catchment(session, district_id, now=now)
        if month is not None:
            log.info("where customers come from is counted", district=district_id, month=f"{month:%Y-%m}")


def foresee(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """What comes, district after district and piece after piece, in a thread of its own: a fault in one leaves the others theirs."""
    with alone(settings) as session:
        wait_s = 12.0 * FIRST_ROUND_S
        while not stop.wait(wait_s):
            wait_s, districts = FORESEE_S - time.time() % FORESEE_S, list[District]()
            tried = [do(Chore("foresee", FORESEE_S, partial(look_for_districts, districts)), session)]
            for district in districts:
                while not stop.is_set():
                    made = list[int]()
                    tried.append(do(Chore("foresee", FORESEE_S, partial(_foresee_piece, district.id, made)), session))
                    if not any(made):
                        break
            doings.note("foresee", all(tried))


def _foresee_piece(district_id: int, made: list[int], session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing):
        made.append(analytics.commands.foresee(session, district_id, now=now) or analytics.commands.estimate(session, district_id, now=now))
