"""The composition root, the only file that knows every package: `create_app` for servers, `main` for the terminal."""

# ruff: noqa: E402
from __future__ import annotations

import gc

gc.disable()  # nothing that is imported goes away again: to look for what might, over and over, takes a sixth of the start

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
from flask import Flask, g, redirect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

import analytics.api
import analytics.cli
import analytics.commands
import analytics.errors
import analytics.reports.ahead
import analytics.snapshot
import analytics.views
import association.api
import association.cli
import association.commands
import association.rules
import association.views
import backup.cli
import demo.cli
import demo.views
import identity.cli
import identity.commands
import identity.letters
import identity.queries
import identity.views
import ledger.cli
import ledger.commands
import ledger.sealer
import merchant.api
import merchant.cli
import merchant.commands
import merchant.courier
import merchant.print_agent
import merchant.printing
import merchant.rules
import merchant.views
import migrations
import subsidy.commands
import subsidy.rules
import subsidy.views
import wallet.api
import wallet.commands
import wallet.pusher
import wallet.views
import wallet.webpush
import web
from association.commands import Doing
from base.clock import Clock, system_clock
from base.db import Waker, atomic, make_engine
from base.errors import MeguriError
from base.settings import Settings, SettingsWrong, read_settings
from identity.permissions import may
from identity.queries import District
from web import api_frame
from web.logs import configure, log

gc.enable()
gc.freeze()  # and nobody looks through it later, so that processes that forked go on sharing it

Rule = Callable[[dict[str, Any]], object]

RULES: dict[str, Rule] = {**association.rules.RULES, **merchant.rules.RULES, **subsidy.rules.RULES}
"""Every pure rule that has vectors, by the name of its vector file."""

AWAY = (OperationalError, InterfaceError)

FIRST_ROUND_S, ROUND_S = 5, 60
"""Of the daily controls: soon after the worker began, when it has folded and sealed what it found, then each minute."""

TRIED_BY_STRANGERS = frozenset(
    {"association_outside.apply_page", "merchant.pair_page", "subsidy_outside.asked", "wallet.card_page", "wallet.lost"}
)
"""Pages whose form anybody may send: their tries are counted by the browser first, so it gets its cookie with the page."""
COLUMNS_S = 20
"""How often the columns follow the book: what is paid is in them within a minute."""

AHEAD_S = 300
"""How often it is looked whether a month has closed."""
FORESEE_S = 300
"""How often somebody looks whether a district's forecasts of today are made: soon after midnight they are, and then that is all."""


def create_app(settings: Settings, clock: Clock = system_clock) -> Flask:
    """The whole product as one application."""
    app = Flask(__name__, static_folder=None)
    if settings.proxies:  # else anybody could claim any address, and every limit by address would be void
        proxies = settings.proxies
        # The host comes with Host, which the proxy sets; a client could write X-Forwarded-Host itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    _set_up_frame(app, settings, clock)
    _add_pages(app, settings)
    _add_api(app)
    return app


def from_environment() -> Flask:
    """What a server runs: `gunicorn 'wsgi:from_environment()'`. Raises SettingsWrong."""
    return create_app(read_settings(os.environ))


def _set_up_frame(app: Flask, settings: Settings, clock: Clock) -> None:
    districts = identity.views.Districts()

    def load_district(session: Session) -> object:
        session.info["master_key"] = settings.master_key
        session.info["columns_folder"] = settings.columns_folder
        return districts.load(session)

    app.config["CODE_KEYS"] = [key for key in (settings.code_key, settings.previous_code_key) if key is not None]
    app.config["WEBHOOK_HOSTS"] = settings.webhook_hosts
    app.config["PRINTERS"] = settings.printers
    app.config["PUSH_HOSTS"] = settings.push_hosts
    app.config["PUSH_KEY"] = wallet.webpush.public_key(settings.master_key)
    web.setup(app, settings, clock, load_district=load_district, load_who=identity.views.load_who)


def _add_pages(app: Flask, settings: Settings) -> None:
    identity.views.setup(app, settings, sign_up=wallet.commands.sign_up, terms="/series")
    identity.views.mark_browsers(app, TRIED_BY_STRANGERS)
    for pages in (
        wallet.views.pages,
        merchant.views.pages,
        association.views.pages,
        association.views.outside,
        subsidy.views.pages,
        subsidy.views.outside,
        analytics.views.pages,
        analytics.views.outside,
        *((demo.views.pages,) if settings.demo else ()),
    ):
        app.register_blueprint(pages)
    app.add_url_rule("/", "front_door", _front_door)


def _front_door() -> Response:
    """Everybody to where they are at home; strangers are asked to sign in on the way."""
    roles: frozenset[str] = g.who.roles
    if "consumer" in roles or not g.who.is_somebody:
        return redirect("/wallet/", 303)
    if not may(roles, None, "association.read") and may(roles, None, "association.read_controls"):
        return redirect("/desk/controls", 303)
    if "group_lead" in roles and not may(roles, None, "association.read"):
        return redirect("/group/", 303)
    return redirect("/shop/" if "owner" in roles else "/desk/", 303)


def _add_api(app: Flask) -> None:
    """A token's principal was found by `load_who` already: for addresses of the API it asks tokens alone."""
    blueprints = (merchant.api.api, wallet.api.api, association.api.api, analytics.api.api)
    api_frame.setup(app, blueprints, lambda _session, _district, _token, _address: g.who)


def open_session(settings: Settings) -> Session:
    """A session for the terminal, as the role of MEGURI_DATABASE_URL."""
    return sessions(settings, pool_size=4)()


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


OFFLINE = {"analytics": analytics.cli.OFFLINE, "ledger": ledger.cli.OFFLINE}


class Verbs(click.Group):
    """Remembers the second word, so that a verb that works offline asks for no settings."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        ctx.meta["is_offline"] = not OFFLINE.get(name or "", frozenset()).isdisjoint(rest[:1])
        return name, command, rest


WITHOUT_SESSION = ("backup", "db", "restore", "rules", "worker", "zengin")


@click.group(cls=Verbs)
@click.pass_context
def meguri(context: click.Context) -> None:
    """Meguri in the terminal. Settings come from the environment, as for the server."""
    if context.meta["is_offline"]:
        return
    if context.invoked_subcommand not in WITHOUT_SESSION:
        context.obj = open_session(read_settings(os.environ))
        context.call_on_close(context.obj.close)


for verb in (
    analytics.cli.commands,
    ledger.cli.commands,
    identity.cli.commands,
    merchant.cli.commands,
    association.cli.controls,
    association.cli.zengin,
    demo.cli.commands,
):
    meguri.add_command(verb)
for verb in (backup.cli.commands, backup.cli.restore_command):  # of the database server alone: neither settings nor session
    meguri.add_command(verb)


@meguri.command("rules")
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """Answer questions to a pure rule: one JSON object a line in, one a line out. Without NAME: list the rules."""
    if name is None:
        click.echo("\n".join(sorted(RULES)))
        return
    if name not in RULES:
        raise click.BadParameter(f"there is no rule {name}; `meguri rules` lists them", param_hint="NAME")
    all_good = True
    for answer in _answers(RULES[name], TextIOWrapper(sys.stdin.buffer, encoding="utf-8")):
        click.echo(json.dumps(answer, ensure_ascii=False))
        all_good = all_good and "error" not in answer
    if not all_good:
        sys.exit(1)


def _answers(rule: Rule, lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """One answer a line, in order. A refusal is an answer of the rule; a line that is no question gets an error."""
    for line in lines:
        if not line.strip():
            continue
        question: Any = None
        try:
            question = json.loads(line)
            yield {"id": question["id"], "answer": rule(question)}
        except (ValueError, KeyError, TypeError) as error:
            name = question.get("id") if isinstance(question, dict) else None
            yield {"id": name, "error": {"code": "bad_question", "detail": f"{type(error).__name__}: {error}"}}


@meguri.group("db")
def db() -> None:
    """The schema. Runs as meguri_owner: MEGURI_OWNER_URL."""


@db.command("upgrade")
@click.argument("revision", default="head")
@click.option("--url", envvar="MEGURI_OWNER_URL", required=True, help="postgresql:// address of meguri_owner")
def db_upgrade(revision: str, url: str) -> None:
    """Bring the schema up to REVISION, or to the newest."""
    migrations.upgrade(url, revision)


@db.command("downgrade")
@click.argument("revision")
@click.option("--url", envvar="MEGURI_OWNER_URL", required=True, help="postgresql:// address of meguri_owner")
@click.confirmation_option(prompt="What the undone versions had stored is lost. Go on?")
def db_downgrade(revision: str, url: str) -> None:
    """Take the schema back to REVISION (`base`: nothing is left)."""
    migrations.downgrade(url, revision)


@dataclass(frozen=True, slots=True)
class Chore:
    """What the worker does every `every_s` seconds, in a database transaction of its own; harmless if done twice."""

    name: str
    every_s: int
    do: Callable[[Session, datetime], object]


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


@meguri.command("worker")
def worker() -> None:
    """Fold and seal the ledger, deliver mail and webhooks, book what expired, watch over all of it; until SIGTERM. Several may run."""
    configure()
    settings, stop = read_settings(os.environ), threading.Event()
    if settings.seal_key is None:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY must be exactly 32 bytes in base64: the worker signs with it")
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda _number, _frame: stop.set())
    session = open_session(settings)
    due = dict.fromkeys(chores(settings), 0.0)
    apart = {"webhooks": 1, "printers": 1, "benefits": 1, "push": wallet.pusher.ROUND_S} | (
        {"columns": COLUMNS_S, "ahead": AHEAD_S, "foresee": FORESEE_S} if settings.columns_folder else {}
    )
    doings = Doings({chore.name: chore.every_s for chore in due} | apart)
    couriers = sessions(settings, pool_size=merchant.courier.AT_ONCE + 1)
    courier = merchant.courier.Courier(couriers, settings, system_clock, noted=partial(doings.note, "webhooks"))
    printing = sessions(settings, pool_size=merchant.printing.AT_ONCE + 1)
    printers = merchant.printing.Printers(printing, create_app(settings), system_clock, noted=partial(doings.note, "printers"))
    tellers = sessions(settings, pool_size=wallet.pusher.AT_ONCE + 1)
    pusher = wallet.pusher.Pusher(tellers, settings, system_clock, noted=partial(doings.note, "push"))
    beside = [
        threading.Thread(target=courier.work, args=(stop,), name="courier"),
        threading.Thread(target=printers.work, args=(stop,), name="printers"),
        threading.Thread(target=pusher.work, args=(stop,), name="push"),
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


@meguri.command("print-agent", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def print_agent(arguments: tuple[str, ...]) -> None:
    """Print the papers of one till on a receipt printer nearby: --server, --token-file, --printer. docs/merchant.md says how."""
    merchant.print_agent.main(arguments)


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
        looked_at: list[int] = []
        doings.note("benefits", _do(Chore("benefits", 1, partial(_give_piece, looked_at)), session))
        wait_s = 0.0 if any(looked_at) else 1.0
    session.close()
    session.get_bind().engine.dispose()


def _give_piece(looked_at: list[int], session: Session, now: datetime) -> None:
    looked_at.append(association.commands.give_benefits(session, now=now))


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


def main() -> None:
    """`meguri …`. A refusal is one line and exit status 1."""
    try:
        meguri(prog_name="meguri")
    except MeguriError as error:
        sys.exit(f"{error.number} {error.code}: {error.text % error.facts}")


if __name__ == "__main__":
    main()
