"""Rounds of the worker in a thread of its own. Each sets out to several places at once, and to none while somebody is on the way there, so
that a place that is slow delays nobody else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Flag

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError

from web.logs import log

AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Rounds:
    """`chore`: its name in the log; `at_once`: to how many places at the same time. `noted` hears after each round whether it was done
    without a fault."""

    def __init__(self, chore: str, *, every_s: float, at_once: int, noted: Callable[[bool], None]) -> None:
        self._chore, self._every_s, self._noted = chore, every_s, noted
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=chore)
        self._busy: dict[Hashable, Future[None]] = {}

    def work(self, look: Callable[[], object], stop: Flag) -> None:
        """Look again and again until `stop` is set; what is on its way then is brought to its end."""
        while not stop.wait(self._every_s):
            is_well = False
            try:
                look()
                is_well = True
            except AWAY as error:
                log.warning("the database is away", chore=self._chore, kind=type(error).__name__)
            except Exception as error:  # noqa: BLE001  this thread is the only one that does it: it goes on with the next round
                log.error("fault", chore=self._chore, exc_info=error)
            self._noted(is_well)
        self._pool.shutdown(cancel_futures=True)

    def set_out(self, journeys: Iterable[tuple[Hashable, Callable[[], None]]]) -> list[Future[None]]:
        """Those to a place to which nobody is on the way; of two to one place the first. A place, and what is done there."""
        self._busy = {place: journey for place, journey in self._busy.items() if not journey.done()}
        new: dict[Hashable, Future[None]] = {}
        for place, go in journeys:
            if place not in self._busy and place not in new:
                new[place] = self._pool.submit(go)
        self._busy |= new
        return list(new.values())
