"""日次点検: how the chores do, and each district's round of controls."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

import association.commands
import identity.queries
from base.settings import Settings
from identity.queries import District
from web.logs import log
from worker.due import address
from worker.rounds import FIRST_ROUND_S, ROUND_S, Chore, Doings, alone, do


def keep_watch(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """日次点検, each minute, in a thread of its own: what is measured delays no chore, and a chore that hangs is seen."""
    with alone(settings) as session:
        wait_s, districts = float(FIRST_ROUND_S), list[District]()
        look = Chore("watch", ROUND_S, lambda session, _now: _look_at_processes(session, doings, districts))
        while not stop.wait(wait_s):
            wait_s = ROUND_S - time.time() % ROUND_S
            do(look, session)
            for district in districts:
                page = f"{address(settings, district.host)}/desk/controls"
                do(Chore("controls", ROUND_S, partial(_look_round, district.id, page)), session)


def _look_at_processes(session: Session, doings: Doings, districts: list[District]) -> None:
    """And read which `districts` there are: one may have been opened since."""
    association.commands.note_chores(session, doings.all())
    association.commands.ask_lines(session)
    districts[:] = identity.queries.districts(session)


def _look_round(district_id: int, page: str, session: Session, now: datetime) -> None:
    for broken in association.commands.look_round(session, district_id, page, now=now):
        log.error("fault", control=broken.control, district=district_id, exc_info=broken.error)
