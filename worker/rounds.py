"""How the worker goes about it: a chore in a database transaction of its own, round after round, and who notes how it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

import identity.queries
import ledger.sealer
from association.commands import Doing
from base.clock import system_clock
from base.db import Waker, atomic, make_engine
from base.settings import Settings
from identity.queries import District
from web.logs import log

AWAY = (OperationalError, InterfaceError)


FIRST_ROUND_S, ROUND_S = 5, 60
"""Of the daily controls: soon after the worker began, when it has folded and sealed what it found, then each minute."""


def sessions(settings: Settings, *, pool_size: int) -> Callable[[], Session]:
    """Makes sessions as the role of MEGURI_DATABASE_URL, for whoever works without a web application."""
    engine = make_engine(settings.database_url, pool_size=pool_size)
    info = {
        "waker": Waker(settings.listen_url or settings.database_url),
        "master_key": settings.master_key,
        "columns_folder": settings.columns_folder,
        "analytics_scheduler": settings.analytics_scheduler,
    }
    if settings.seal_key is not None:
        host = settings.public_url.split("://", 1)[1]
        info["seal_keys"] = ledger.sealer.SealKeys(host, settings.seal_key, settings.previous_seal_key)
    return lambda: Session(engine, info=dict(info))


@contextmanager
def alone(settings: Settings) -> Iterator[Session]:
    """The one session of a thread of its own, and its connection, closed when the thread ends."""
    session = sessions(settings, pool_size=1)()
    try:
        yield session
    finally:
        session.close()
        session.get_bind().engine.dispose()


@dataclass(frozen=True, slots=True)
class Chore:
    """What the worker does every `every_s` seconds, in a database transaction of its own; harmless if done twice."""

    name: str
    every_s: int
    do: Callable[[Session, datetime], object]


def do(chore: Chore, session: Session) -> bool:
    """Whether it was done without a fault."""
    try:
        with atomic(session):
            chore.do(session, system_clock())
        return True
    except AWAY as error:
        log.warning("the database is away", chore=chore.name, kind=type(error).__name__)
    except Exception as error:  # noqa: BLE001  one chore that cannot be done must not stop the mail and all the others
        log.error("fault", chore=chore.name, exc_info=error)
    finally:
        session.close()  # gives the connection back; the next chore begins afresh
    return False


class Doings:
    """How the chores of this worker do: whoever does them says so, the watch writes it down. `every_s`: by their names."""

    def __init__(self, every_s: Mapping[str, int]) -> None:
        now = system_clock()
        self._of = {name: Doing(name, seconds, now, 0) for name, seconds in every_s.items()}

    def note(self, name: str, is_well: bool) -> None:
        """This one was just tried, and done without a fault or not."""
        before = self._of[name]
        self._of[name] = replace(before, well_at=system_clock(), failures=0) if is_well else replace(before, failures=before.failures + 1)

    def all(self) -> list[Doing]:
        return list(self._of.values())


def each_round(
    name: str,
    every_s: int,
    does: Callable[[District], Iterable[Callable[[Session, datetime], None]]],
    settings: Settings,
    doings: Doings,
    stop: threading.Event,
) -> None:
    """Round after round all that a chore of the columns does, for each district."""
    with alone(settings) as session:
        wait_s = float(FIRST_ROUND_S)
        while not stop.wait(wait_s):
            wait_s, districts = every_s - time.time() % every_s, list[District]()
            tried = [do(Chore(name, every_s, partial(look_for_districts, districts)), session)]
            tried += [do(Chore(name, every_s, each), session) for district in districts for each in does(district)]
            doings.note(name, all(tried))


def look_for_districts(found: list[District], session: Session, _now: datetime) -> None:
    found.extend(identity.queries.districts(session))
