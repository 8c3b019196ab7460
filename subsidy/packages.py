"""The worker makes the packages of applications and result reports, one after the other, in a thread of its own: nothing else waits for it.

Whatever ends it in the middle, the next worker begins that package anew (`commands.packages`); what is half made is never given out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag

from flask import Flask, g
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

import identity.queries
from base.clock import Clock, tokyo_day
from base.db import atomic, done_reading
from base.errors import MeguriError
from identity.queries import Principal
from subsidy import commands, queries
from subsidy.commands import Packing, PackingEnded, PrintedFile
from subsidy.errors import PackageFailed
from subsidy.packing import Piece, pack_into
from subsidy.queries import Costs, Kept, OpenedPaper
from subsidy.views.application_papers import Application, application_pieces
from subsidy.views.filed import filed_pieces
from subsidy.views.result_book import book_pieces, pieces
from subsidy.views.result_papers import Made, must_be_whole
from web.i18n import _, in_language
from web.logs import log

EVERY_S, TELL_S = 1.0, 1.0
CONNECTIONS = 2
"""One reads and tells; the other keeps the book of a filing, all of its volumes in one transaction."""
AWAY = (OperationalError, InterfaceError)


class _Ending(Exception):
    """The worker is told to end."""


class Packers:
    """`app`: for the words on the papers. `noted` hears after each round whether it was done without a fault."""

    def __init__(
        self, sessions: Callable[[], Session], app: Flask, clock: Clock, *, noted: Callable[[bool], None] = lambda _is_well: None
    ) -> None:
        self._sessions, self._app, self._clock, self._noted = sessions, app, clock, noted

    def work(self, stop: Flag) -> None:
        """Until `stop` is set; what is half made then is left to the next worker."""
        wait_s = EVERY_S
        while not stop.wait(wait_s):
            is_well, wait_s = False, EVERY_S
            try:
                wait_s = 0.0 if self.round(stop) else EVERY_S
                is_well = True
            except AWAY as error:
                log.warning("the database is away", chore="packages", kind=type(error).__name__)
            except Exception as error:  # noqa: BLE001  this thread is the only one that does it: it goes on with the next round
                log.error("fault", chore="packages", exc_info=error)
            self._noted(is_well)

    def round(self, stop: Flag) -> bool:
        """Make the package that has waited longest, if there is one; whether there was."""
        with self._sessions() as session:
            packing = commands.take_package(session, PackageFailed.number, now=self._clock())
            if packing is None:
                return False
            try:
                with self._app.app_context(), in_language(packing.language):
                    g.clock = self._clock  # words leave out the year of days of this one
                    self._make(session, packing, stop)
            except PackingEnded:
                session.rollback()
            except _Ending:
                session.rollback()
                with suppress(PackingEnded):
                    commands.lay_package_down(session, packing)
            except AWAY:
                raise  # it is begun anew once the database is back
            except Exception as error:
                session.rollback()
                with suppress(PackingEnded):
                    commands.fail_package(session, packing, error.number if isinstance(error, MeguriError) else PackageFailed.number)
                if not isinstance(error, MeguriError):
                    raise
            return True

    def _make(self, session: Session, packing: Packing, stop: Flag) -> None:
        who = Principal(packing.district_id, packing.asked_by, None, frozenset({"group_lead"}))
        now = self._clock()
        seat = queries.seat_of(session, who, packing.project_id)
        steps, told_at, parts = 0, time.monotonic(), 0

        def opens(paper_id: int) -> OpenedPaper:
            opened = queries.opened_paper(session, who, packing.project_id, paper_id, seat, tokyo_day(now))
            done_reading(session)
            return opened

        def done() -> None:
            nonlocal steps, told_at
            steps += 1
            if stop.is_set():
                raise _Ending
            if time.monotonic() - told_at >= TELL_S:
                commands.tell_package(session, packing, steps, now=self._clock())
                self._noted(True)  # a package of minutes is no worker that hangs
                told_at = time.monotonic()

        def keep(part: bytes) -> None:
            nonlocal parts
            commands.keep_part(session, packing, parts, part, now=self._clock())
            parts += 1

        making = _Making(self._sessions, session, who, packing, now, opens, done)
        content, made_at, digest = (_application if packing.kind == "filing" else _result)(making)
        pack_into(keep, content, made_at=made_at)
        commands.finish_package(session, packing, digest, now=self._clock())


@dataclass(frozen=True, slots=True)
class _Making:
    """What one try at a package has at hand. `opens` gives a file by its number; `done` is called after each step."""

    sessions: Callable[[], Session]
    session: Session
    who: Principal
    packing: Packing
    now: datetime
    opens: Callable[[int], OpenedPaper]
    done: Callable[[], None]


Work = tuple[Iterator[Piece], datetime, bytes]
"""What a package has in it, the moment on it, and the digest of what it is made of."""


def _application(making: _Making) -> Work:
    session, who, packing, now = making.session, making.who, making.packing, making.now
    project = queries.application_to_make(session, who, packing.project_id, now=now, today=tokyo_day(now))
    if kept := queries.kept_filing(session, who.district_id, project, "submitted"):
        return filed_pieces(session, kept, making.opens, making.done), kept.made_at, kept.digest
    contacts = queries.contacts_of(session, who.district_id, project.id)
    found = Application(Costs(project), contacts, identity.queries.district(session, who.district_id), _name(session, packing))
    return application_pieces(found, making.opens, making.done), now, queries.digest_of_application(project, packing.language)


def _result(making: _Making) -> Work:
    session, who, packing, now = making.session, making.who, making.packing, making.now
    found = queries.result_to_make(session, who, packing.project_id, now=now, today=tokyo_day(now))
    must_be_whole(found, without_missing=packing.without_missing)
    made = Made(identity.queries.district(session, who.district_id), now, _name(session, packing))
    digest = queries.digest_of(found, packing.language, without_missing=packing.without_missing)
    kept = queries.kept_filing(session, who.district_id, found.costs.project, "result_filed") if found.filed else None
    if kept is None:
        return pieces(found, making.opens, made, making.done), made.when(found), digest
    book = _kept_book(making.sessions, kept, book_pieces(found, making.opens, made, making.done))
    return filed_pieces(session, kept, making.opens, making.done, book), made.when(found), digest


def _kept_book(sessions: Callable[[], Session], kept: Kept, book: Iterator[Piece]) -> Iterator[Piece]:
    """Each volume is kept with the filing as it is bound; all of them, or none if the worker ends in the middle."""
    with sessions() as keeper, atomic(keeper):
        for number, piece in enumerate(book):
            file = PrintedFile(piece.name, piece.door, piece.content)
            commands.keep_volume(keeper, kept.district_id, kept.fact, number, file)
            yield piece
            del file, piece


def _name(session: Session, packing: Packing) -> str:
    return identity.queries.nickname(session, packing.district_id, packing.asked_by) or _("退会した人")
