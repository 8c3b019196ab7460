"""All that happens without anybody asking for it: folding and sealing, mail, what falls due, columns and forecasts, and the watch over it.

With `wsgi.py` the only file that knows every package."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

import analytics.commands
import analytics.errors
import analytics.reports.ahead
import analytics.snapshot
import analytics.views
import association.commands
import association.errors
import identity.commands
import identity.letters
import identity.queries
import ledger.commands
import ledger.sealer
import merchant.commands
import merchant.courier
import merchant.printing
import subsidy.commands
import subsidy.packages
import wallet.commands
import wallet.pusher
from association.commands import Doing
from base.clock import system_clock
from base.db import Waker, atomic, make_engine
from base.settings import Settings, SettingsWrong
from identity.queries import District
from web.logs import log

AWAY = (OperationalError, InterfaceError)

FIRST_ROUND_S, ROUND_S = 5, 60
"""Of the daily controls: soon after the worker began, when it has folded and sealed what it found, then each minute."""

COLUMNS_S = 20
"""How often the columns follow the book: what is paid is in them within a minute."""

AHEAD_S = 300
"""How often it is looked whether a month has closed."""

FORESEE_S = 300
"""How often somebody looks whether a district's forecasts of today are made: soon after midnight they are, and then that is all."""


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


@dataclass(frozen=True, slots=True)
class Chore:
    """What the worker does every `every_s` seconds, in a database transaction of its own; harmless if done twice."""

    name: str
    every_s: int
    do: Callable[[Session, datetime], object]


CAN_WAIT = ("expire",)
"""Chores that somebody may leave out for a time: while a town's past is booked, a coin that has ended is not over yet."""


def chores(settings: Settings) -> tuple[Chore, ...]:
    """All that happens without anybody asking for it."""
    return (
        Chore("fold", 1, lambda session, _now: ledger.commands.fold(session)),
        Chore("seal", 1, lambda session, _now: _seal(session)),
        Chore("mail", 5, lambda session, now: identity.letters.deliver_due(session, settings, now=now)),
        Chore("expire", 5, lambda session, now: association.commands.expire(session, now=now)),
        Chore("points", 2, lambda session, now: association.commands.work_points(session, now=now)),
        Chore("premiums", 600, lambda session, now: association.commands.book_premiums(session, now=now)),
        Chore("draws", 60, lambda session, now: association.commands.run_draws(session, now=now)),
        Chore("expire codes", 60, lambda session, now: association.commands.expire_codes(session, now=now)),
        Chore("expire proposals", 60, lambda session, _now: ledger.commands.expire_proposals(session)),
        Chore("deputies", 60, lambda session, now: identity.commands.end_deputies(session, now=now)),
        Chore("names", 60, lambda session, _now: identity.commands.index_nicknames(session)),
        Chore("sweep", 3600, lambda session, now: identity.commands.sweep(session, now=now)),
        Chore("risks", 3600, lambda session, now: association.commands.look_for_risks(session, now=now)),
        Chore("sweep codes", 3600, lambda session, now: wallet.commands.sweep_codes(session, now=now)),
        Chore("sweep drafts", 3600, lambda session, now: association.commands.sweep_drafts(session, now=now)),
        Chore("forget unused", 3600, _forget_unused),
        Chore("sweep forecasts", 3600, lambda session, now: analytics.commands.sweep_forecasts(session, now=now)),
        Chore("sweep bank files", 3600, lambda session, now: association.commands.sweep_bank_files(session, now=now)),
        Chore("sweep webhooks", 3600, lambda session, now: merchant.commands.sweep_webhooks(session, now=now)),
        Chore("group reminders", 3600, lambda session, now: subsidy.commands.send_reminders(session, partial(_address, settings), now=now)),
        Chore("forget group papers", 3600, lambda session, now: subsidy.commands.forget_papers(session, now=now)),
        Chore("sweep group packages", 3600, lambda session, now: subsidy.commands.sweep_packages(session, now=now)),
        Chore("sweep prints", 3600, lambda session, now: merchant.commands.sweep_prints(session, now=now)),
    )


def _address(settings: Settings, host: str | None) -> str:
    """Where a district's pages are: its own host, by the scheme and the port of the installation's address."""
    public = urlsplit(settings.public_url)
    return (
        settings.public_url if host is None else urlunsplit((public.scheme, f"{host}:{public.port}" if public.port else host, "", "", ""))
    )


def _forget_unused(session: Session, now: datetime) -> None:
    for district in identity.queries.districts(session):
        association.commands.warn_unused(session, district.id, now=now)
        association.commands.forget_unused(session, district.id, now=now)


def _seal(session: Session) -> None:
    for sealed in ledger.sealer.seal(session, session.info["seal_keys"]):
        if sealed.is_held:
            log.warning("not signed: the database was returned or moved", district=sealed.district_id, see="meguri ledger compare")
        elif sealed.note is None:
            log.error("not signed: the log has another key", district=sealed.district_id, setting="MEGURI_PREVIOUS_SEAL_KEY")


def run(settings: Settings, app: Flask, *, without: Collection[str] = ()) -> None:
    """Until SIGTERM; several may run. `app` draws what is printed; `without`: chores of CAN_WAIT left to another worker.

    Raises SettingsWrong.
    """
    stop = threading.Event()
    if settings.seal_key is None:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY must be exactly 32 bytes in base64: the worker signs with it")
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda _number, _frame: stop.set())
    session = sessions(settings, pool_size=4)()
    due = {chore: 0.0 for chore in chores(settings) if chore.name not in without}
    apart = {"webhooks": 1, "printers": 1, "benefits": 1, "packages": 1, "push": wallet.pusher.ROUND_S} | (
        {"columns": COLUMNS_S, "ahead": AHEAD_S, "foresee": FORESEE_S} if settings.columns_folder else {}
    )
    doings = Doings({chore.name: chore.every_s for chore in due} | apart)
    couriers = sessions(settings, pool_size=merchant.courier.AT_ONCE + 1)
    courier = merchant.courier.Courier(couriers, settings, system_clock, noted=partial(doings.note, "webhooks"))
    printing = sessions(settings, pool_size=merchant.printing.AT_ONCE + 1)
    printers = merchant.printing.Printers(printing, app, system_clock, noted=partial(doings.note, "printers"))
    tellers = sessions(settings, pool_size=wallet.pusher.AT_ONCE + 1)
    pusher = wallet.pusher.Pusher(tellers, settings, system_clock, noted=partial(doings.note, "push"))
    packers = subsidy.packages.Packers(sessions(settings, pool_size=1), app, system_clock, noted=partial(doings.note, "packages"))
    beside = [
        threading.Thread(target=courier.work, args=(stop,), name="courier"),
        threading.Thread(target=printers.work, args=(stop,), name="printers"),
        threading.Thread(target=pusher.work, args=(stop,), name="push"),
        threading.Thread(target=packers.work, args=(stop,), name="packages"),
        threading.Thread(target=_give, args=(settings, doings, stop), name="benefits"),
        threading.Thread(target=_watch, args=(settings, doings, stop), name="watch"),
        *(
            threading.Thread(target=does, args=(settings, doings, stop), name=name)
            for name, does in (("columns", _keep_columns), ("ahead", _count_months), ("foresee", _foresee))
            if settings.columns_folder
        ),
    ]
    for thread in beside:
        thread.start()
    log.info("working", chores=[chore.name for chore in due])
    while not stop.wait(1 - time.time() % 1):
        for chore, moment in due.items():
            if time.monotonic() >= moment:
                due[chore] = time.monotonic() + chore.every_s - 0.5
                doings.note(chore.name, _do(chore, session))
    session.close()
    for thread in beside:
        thread.join()


def _do(chore: Chore, session: Session) -> bool:
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


def _give(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """給付, piece after piece while there is one, in a thread of its own: sealing and mail wait for none of them."""
    session, wait_s = sessions(settings, pool_size=1)(), 1.0
    while not stop.wait(wait_s):
        looked_at, failed = list[int](), list[association.errors.BenefitFailed]()
        doings.note("benefits", _do(Chore("benefits", 1, partial(_give_piece, looked_at, failed)), session))
        for each in failed:
            _do(Chore("benefits", 1, partial(_set_aside, each)), session)
        wait_s = 0.0 if any(looked_at) or failed else 1.0
    session.close()
    session.get_bind().engine.dispose()


def _give_piece(looked_at: list[int], failed: list[association.errors.BenefitFailed], session: Session, now: datetime) -> None:
    try:
        looked_at.append(association.commands.give_benefits(session, now=now))
    except association.errors.BenefitFailed as error:
        failed.append(error)
        raise


def _set_aside(failed: association.errors.BenefitFailed, session: Session, now: datetime) -> None:
    association.commands.set_benefit_aside(session, failed, now=now)


class _Ended(Exception):
    """The worker ends; what is half done goes on with the next one."""


def _keep_columns(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """The columns for insight follow the book, in a thread of its own: nothing that is counted of them holds it up."""
    _each_round("columns", COLUMNS_S, lambda district: [partial(_follow_book, stop, district.id)], settings, doings, stop)


def _count_months(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """What is made of a month once it is over, in a thread of its own: of a big town that takes minutes."""
    _compile(stop)
    _each_round(
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


def _each_round(
    name: str,
    every_s: int,
    does: Callable[[District], Iterable[Callable[[Session, datetime], None]]],
    settings: Settings,
    doings: Doings,
    stop: threading.Event,
) -> None:
    """Round after round all that a chore of the columns does, for each district."""
    session, wait_s = sessions(settings, pool_size=1)(), float(FIRST_ROUND_S)
    while not stop.wait(wait_s):
        wait_s, districts = every_s - time.time() % every_s, list[District]()
        tried = [_do(Chore(name, every_s, partial(_look_for_districts, districts)), session)]
        tried += [_do(Chore(name, every_s, each), session) for district in districts for each in does(district)]
        doings.note(name, all(tried))
    session.close()
    session.get_bind().engine.dispose()


def _compile(stop: threading.Event) -> None:
    """The kernels, so that no page waits for it, and in a process of its own: the compiler would hold up every thread of this one."""
    with subprocess.Popen([sys.executable, "-m", "analytics.kernels.warm"], cwd=Path(__file__).parent) as compiler:
        while compiler.poll() is None:
            if stop.wait(0.5):
                compiler.terminate()
                return
    if compiler.returncode:
        log.error("kernels not compiled", see="meguri analytics warm", code=compiler.returncode)


def _look_for_districts(found: list[District], session: Session, _now: datetime) -> None:
    found.extend(identity.queries.districts(session))


def _follow_book(stop: threading.Event, district_id: int, session: Session, _now: datetime) -> None:
    def report(_done: int, _of: int) -> None:
        if stop.is_set():
            raise _Ended

    with suppress(_Ended, analytics.errors.ColumnsBusy):
        done = analytics.snapshot.of(session).follow(session, district_id, report=report)
        if done.anew or done.reopened:
            log.warning("columns written again", district=district_id, why=done.anew, closed_months=done.reopened)


def _publish(district_id: int, session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken):
        month = analytics.commands.publish_open_data(session, district_id, now=now)
        if month is not None:
            log.info("open data published", district=district_id, month=f"{month:%Y-%m}")


def _count_ahead(stop: threading.Event, district_id: int, session: Session, _now: datetime) -> None:
    def heard(_done: int, _of: int) -> None:
        if stop.is_set():
            raise _Ended

    columns, scheduler = analytics.snapshot.of(session), session.info["analytics_scheduler"]
    with suppress(_Ended, analytics.errors.ColumnsMissing, analytics.errors.ColumnsBroken):  # it follows meanwhile
        analytics.reports.ahead.ahead(columns, [district_id], scheduler=scheduler, heard=heard)


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


def _foresee(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """What comes, district after district and piece after piece, in a thread of its own: a fault in one leaves the others theirs."""
    session, wait_s = sessions(settings, pool_size=1)(), 12.0 * FIRST_ROUND_S
    while not stop.wait(wait_s):
        wait_s, districts = FORESEE_S - time.time() % FORESEE_S, list[District]()
        tried = [_do(Chore("foresee", FORESEE_S, partial(_look_for_districts, districts)), session)]
        for district in districts:
            while not stop.is_set():
                made = list[int]()
                tried.append(_do(Chore("foresee", FORESEE_S, partial(_foresee_piece, district.id, made)), session))
                if not any(made):
                    break
        doings.note("foresee", all(tried))
    session.close()
    session.get_bind().engine.dispose()


def _foresee_piece(district_id: int, made: list[int], session: Session, now: datetime) -> None:
    with suppress(analytics.errors.ColumnsMissing):
        made.append(analytics.commands.foresee(session, district_id, now=now) or analytics.commands.estimate(session, district_id, now=now))


def _watch(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """日次点検, each minute, in a thread of its own: what is measured delays no chore, and a chore that hangs is seen."""
    session, wait_s, districts = sessions(settings, pool_size=1)(), float(FIRST_ROUND_S), list[District]()
    look = Chore("watch", ROUND_S, lambda session, _now: _look_at_processes(session, doings, districts))
    while not stop.wait(wait_s):
        wait_s = ROUND_S - time.time() % ROUND_S
        _do(look, session)
        for district in districts:
            page = controls_page(settings, district)
            _do(Chore("controls", ROUND_S, partial(_look_round, district.id, page)), session)
    session.close()
    session.get_bind().engine.dispose()


def _look_at_processes(session: Session, doings: Doings, districts: list[District]) -> None:
    """And read which `districts` there are: one may have been opened since."""
    association.commands.note_chores(session, doings.all())
    association.commands.ask_lines(session)
    districts[:] = identity.queries.districts(session)


def _look_round(district_id: int, page: str, session: Session, now: datetime) -> None:
    for broken in association.commands.look_round(session, district_id, page, now=now):
        log.error("fault", control=broken.control, district=district_id, exc_info=broken.error)


def controls_page(settings: Settings, district: District) -> str:
    """The address of a district's page 点検, for a mail."""
    address = urlsplit(settings.public_url)
    port = f":{address.port}" if address.port else ""
    return urlunsplit((address.scheme, f"{district.host}{port}" if district.host else address.netloc, "/desk/controls", "", ""))
