"""What every test can ask for: a real PostgreSQL, a database of its own process, sessions, a clock, the application.

The server lives on between runs and is shared by all that run at once; the last one stops it. A template database is
migrated once for each state of `migrations/`; each test process takes a copy. Tests are kept apart by district.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import werkzeug.test
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from psycopg import errors
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from xdist.scheduler import LoadScopeScheduling

import migrations
from analytics.kernels import ready
from base.clock import Clock, day_bounds, system_clock, tokyo_day
from base.db import Waker, driver_url, make_engine
from base.settings import Settings
from dev import CHROMIUM
from embedded import SUPERUSER, Server, place
from web.live import Hub

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

# Speed is for benchmarks/: a busy machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
MIDNIGHT_IS_NEAR = 60  # seconds: no test of the books takes longer
DEBIAN_PROGRAMS = Path("/usr/lib/postgresql/15/bin")


class TestClock:
    """A clock that stands still until the test moves it."""

    __test__ = False

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """By days, hours, minutes, seconds."""
        self.now += timedelta(**duration)


class Together(LoadScopeScheduling):
    """Shares tests out to the processes one by one, but what needs the same slow preparation to one process."""

    PLACES = {
        "tests/analytics/": "kernels",
        "tests/demo/": "town",
        "tests/faults/test_programs.py": "machine",
        "tests/faults/test_server.py": "machine",
        "tests/faults/test_under_fire.py": "fire",
        "tests/web/test_translations.py": "words",
        "tests/web/test_small_catalogues.py": "words",
    }

    def _split_scope(self, nodeid: str) -> str:
        return next((name for place, name in self.PLACES.items() if nodeid.startswith(place)), nodeid)


werkzeug.test.TemporaryFile = lambda _mode: io.BytesIO()  # else a large upload lies in a file that werkzeug's test client never closes


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_collection_finish() -> None:
    """What is imported and collected lives to the end: nobody looks through its third of a million objects for rubbish again. What a
    test makes is looked through as ever, so a line that it forgot to close is still told."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def base_url() -> None:
    """No test shortens its addresses by it. pytest-playwright 0.10 has this fixture as a method, which pytest 10 will refuse."""


@pytest.fixture(scope="session")
def worker_id() -> str:
    """Tells the test processes apart, also where pytest-xdist, which has a fixture of this name, is not there."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@event.listens_for(Session, "after_begin")
def has_read(session: Session, *_: object) -> None:
    session.info["has_read"] = True


@event.listens_for(Session, "after_rollback")
def keeps_nothing(session: Session) -> None:
    session.info.pop("has_read", None)


@event.listens_for(Session, "before_commit")
def only_atomic_writes(session: Session) -> None:
    """A request ends its reading with a commit, so whatever writes outside `atomic` would be kept half done: nothing may. A session that
    asked nothing is not looked at: that would take a connection, maybe while the engine is being closed, and leave it open."""
    if session.info.pop("has_read", False) and session.info.get("depth", 0) == 0 and "waker" in session.info:
        written = session.execute(text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")).scalar_one()
        assert not written, "something was written outside `atomic`"


@pytest.fixture(autouse=True, scope="session")
def kernels_are_ready() -> None:
    """A test waits for the compiler where it must; only people at pages do not."""
    ready.is_ready = lambda: True


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The embedded PostgreSQL 18, or Debian's 15 with MEGURI_TEST_SERVER=debian."""
    debian = os.environ.get("MEGURI_TEST_SERVER") == "debian"
    folder = place(ROOT / ".cache" / ("test-15" if debian else "test-18"))
    with Server(folder, DEBIAN_PROGRAMS if debian else None) as running:
        yield running


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[str]:
    """The name of this process's database: a copy of the migrated template, dropped at the end."""
    _drop_leftovers(server)
    name = f"test_{os.getpid()}"
    copy_of_template(server, name)
    yield name
    server.drop_database(name)


def copy_of_template(server: Server, name: str, template: str | None = None) -> None:
    """A database with the present migrations, or as another one is."""
    server.create_database(name, template=template or _template(server))
    with server.admin() as connection:  # a crash may cost a test database its last moment, and each test is faster for it
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")


def _template(server: Server) -> str:
    """The migrated template of the present migrations; the first test process to need it makes it, the others wait."""
    sources = sorted(path for path in (ROOT / "migrations").rglob("*") if path.suffix in (".py", ".sql"))
    state = hashlib.sha256(b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in sources)).hexdigest()[:16]
    name, unfinished = f"template_{state}", f"unfinished_{state}"
    with server.admin() as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        if name not in server.databases():
            server.drop_database(unfinished)
            server.create_database(unfinished)
            migrations.upgrade(server.url("meguri_owner", unfinished))
            connection.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def _drop_leftovers(server: Server) -> None:
    """Databases of test processes that were killed, and templates of more than a few states ago."""
    names = server.databases()
    for name in names:
        owner = re.fullmatch(r"test_(\d+)\w*", name)
        if owner and not Path(f"/proc/{owner.group(1)}").exists():
            server.drop_database(name)
    with server.admin() as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' ORDER BY oid DESC OFFSET 5").fetchall()
        for (name,) in rows:
            try:
                connection.execute(f"DROP DATABASE IF EXISTS {name}")
            except errors.ObjectInUse:
                continue


@pytest.fixture(scope="session")
def owner_engine(server: Server, database: str) -> Iterator[Engine]:
    """As meguri_owner, who owns every table: to look behind the doors, not to go round them."""
    engine = make_engine(server.url("meguri_owner", database), pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def superuser(server: Server, database: str) -> Iterator[Engine]:
    """As whoever owns the machine: what only they could do."""
    engine = create_engine(driver_url(server.url(SUPERUSER, database)))
    yield engine
    engine.dispose()


def leaves_the_list(superuser: Engine, district_id: int) -> None:
    """A test is over: its district is in the list of districts no more, and its book stays. What works through all districts would
    else take longer with each test that ran before; what looks for series that have ended finds none of its, whatever the next
    test's clock says."""
    with superuser.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM district WHERE id = :d"), {"d": district_id})
        later = (
            "UPDATE ledger.series SET valid_until = valid_until + interval '100 years' WHERE district_id = :d AND valid_until IS NOT NULL"
        )
        connection.execute(text(later), {"d": district_id})


@pytest.fixture(scope="session")
def engine(server: Server, database: str) -> Iterator[Engine]:
    """As meguri_web, with the rights of the application and no more."""
    engine = make_engine(server.url("meguri_web", database), pool_size=40)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def settings(server: Server, database: str) -> Settings:
    """An installation as in production, with fixed keys. Change single values by `dataclasses.replace`."""
    return Settings(
        database_url=server.url("meguri_web", database),
        secret_key=b"forms of a test, signed with this",
        master_key=b"a master key of exactly 32 bytes",
        code_key=b"a key for codes, and of 32 bytes",
        seal_key=b"what signs the sealed log, here:",
        public_url="https://meguri.test",
        smtp_url="smtp://localhost:1",
        mail_from="meguri@meguri.test",
        streams_max=20,
    )


@pytest.fixture(scope="session")
def session_info(settings: Settings) -> dict[str, object]:
    """What the composition root gives each session: `Session(engine, info=dict(session_info))`."""
    return {"waker": Waker(settings.database_url), "master_key": settings.master_key}


@pytest.fixture
def session(engine: Engine, session_info: dict[str, object]) -> Iterator[Session]:
    """A session of meguri_web. What a door commits stays; what the test left open is rolled back."""
    with Session(engine, info=dict(session_info)) as session:
        yield session


@pytest.fixture
def clock() -> TestClock:
    """The present moment, to the second, standing still. The books are dated by the database's clock, which does not: a test that
    would see midnight pass in Tokyo between the two begins after it."""
    left = (day_bounds(tokyo_day(system_clock()))[1] - system_clock()).total_seconds()
    if left < MIDNIGHT_IS_NEAR:
        time.sleep(left)
    return TestClock(datetime.now(UTC).replace(microsecond=0))


class LentClock:
    """The clock of whichever test is running."""

    lent: Clock = staticmethod(system_clock)

    def __call__(self) -> datetime:
        return self.lent()


def _create_app(settings: Settings) -> Flask:
    from wsgi import create_app  # not before it is asked for: the book is tested without the pages round it

    return create_app(settings, LentClock())


@contextmanager
def lent(app: Flask, settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The product for one test, at its clock. Making it takes longer than most tests; what is live in it ends with the test."""
    app.extensions["meguri.clock"].lent = clock
    yield app
    hub: Hub = app.extensions["meguri.hub"]
    assert hub.close(15), "a live line was left open"
    app.extensions["meguri.hub"] = Hub(settings.database_url, hub.engine, settings.streams_max)


@pytest.fixture(scope="session")
def kept_app(settings: Settings) -> Iterator[Flask]:
    """The whole product as in production, made once a process."""
    app = _create_app(replace(settings, pool_size=4))
    app.test_client_class = HttpsClient
    yield app
    app.extensions["meguri.engine"].dispose()


@pytest.fixture
def app(kept_app: Flask, settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The whole product, at this test's clock."""
    with lent(kept_app, settings, clock):
        yield kept_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, at the installation's https address."""
    return app.test_client()


class HttpsClient(FlaskClient):
    """Cookies are Secure, so every request is https unless the test says otherwise."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", "https://meguri.test")
        return super().open(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Site:
    """A served application. `address` is what codes point to, and where passkeys belong: http://localhost:port."""

    address: str
    app: Flask


@dataclass(frozen=True, slots=True)
class Port:
    """The product in demo mode behind a real port, for browsers, streams and clients; made once a process."""

    number: int
    app: Flask
    settings: Settings

    @contextmanager
    def serves(self, host: str, clock: Clock) -> Iterator[Site]:
        """At this name and this clock, until the test is over."""
        self.app.config["PUBLIC_URL"] = address = f"http://{host}:{self.number}"
        with lent(self.app, self.settings, clock):
            yield Site(address, self.app)


def without_fonts(app: Flask) -> WSGIApplication:
    """The product for browsers that download no fonts (`browser_type_launch_args`): reading where 372 slices of them lie would be a
    quarter of what opening a page costs."""

    def serve(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/static/fonts-"):
            start("200 OK", [("Content-Type", "text/css"), ("Cache-Control", "public, max-age=31536000, immutable")])
            return [b""]
        return app(environ, start)

    return serve


@pytest.fixture(scope="session")
def port(settings: Settings) -> Iterator[Port]:
    """Where this process serves the product."""
    settings = replace(settings, demo=True, public_url="http://localhost", pool_size=12, streams_max=50)
    app = _create_app(settings)
    server = make_server("127.0.0.1", 0, without_fonts(app), threaded=True)
    server.daemon_threads = True  # an open stream does not keep the tests from ending
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Port(server.server_port, app, settings)
    server.shutdown()
    server.server_close()
    app.extensions["meguri.engine"].dispose()


@pytest.fixture
def site(port: Port) -> Iterator[Site]:
    """The product at localhost. Its clock is the machine's."""
    with port.serves("localhost", system_clock) as site:
        yield site


expect.set_options(timeout=30_000)  # a page on a busy machine is slow, not wrong: speed is measured in benchmarks/


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, for pytest-playwright's `page`. Root may only run it without its sandbox."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium")
    # Phones and tablets have fonts of their own and download none; here they would be two dozen files a page.
    flags = ["--disable-remote-fonts", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, "executable_path": program, "args": [*browser_type_launch_args.get("args", []), *flags]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser as people in the district have it: the pages speak the browser's language. Whether things move is for the eyes of
    tests/e2e; elsewhere a tenth of the time would go into drawing it."""
    return {**browser_context_args, "locale": "ja-JP", "timezone_id": "Asia/Tokyo", "reduced_motion": "reduce"}
