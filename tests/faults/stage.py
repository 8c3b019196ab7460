"""A whole installation that may be broken: PostgreSQL behind a line, web servers, workers, a district, and clients that live on it.

A *chapter*: clients live, things break, they live on; then everything that they were told is held against the book.
"""

from __future__ import annotations

import base64
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

import migrations
from base.clock import system_clock
from base.db import Waker, atomic, make_engine
from embedded import Server
from identity.commands import NewToken, create_api_token
from identity.permissions import SCOPES
from ledger import commands
from ledger.sealer import SealKeys, seal
from ledger.verify import verify
from tests.conftest import DEBIAN_PROGRAMS
from tests.faults.clients import BOOK_ACTS, PHONE_ACTS, ByBook, BySite, Client, Diary
from tests.faults.history import Call, Finding, Held, Paper, Written, check
from tests.faults.line import Line
from tests.faults.machine import KEYS, ROOT, Handset, until
from tests.faults.watchers import Tablet, Witness
from tests.ledger.conftest import Book
from tests.test_platform_server import kill
from tests.town import SEAL_SEED, Town

DATABASE = "torture"
PROGRAMS = DEBIAN_PROGRAMS if os.environ.get("MEGURI_TEST_SERVER") == "debian" else None
"""Of PostgreSQL: the embedded one's, or Debian's 15, as for all tests."""
AWAY = (OperationalError, InterfaceError, PoolTimeout)
KEYS_OF_THE_LOG = SealKeys("localhost", SEAL_SEED)
COINS = 4_000
"""What every purse begins with: little, so that refusals come too."""


class Program:
    """A web server or a worker: a process group that can be killed and started again."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEGURI_", "PG", "PYTHON"))}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                cwd=ROOT,
                env=kept | self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def signal(self, what: signal.Signals) -> None:
        """To the whole group, workers of gunicorn included."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, what)

    def kill(self) -> None:
        """kill -9 of the whole group."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def children(self) -> list[int]:
        """The processes that it has started."""
        if self._process is None:
            return []
        pid = self._process.pid
        with suppress(FileNotFoundError):
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []


@dataclass
class People:
    """A district as its clients see it, by accounts."""

    district_id: int
    purses: list[int]
    shops: list[int]
    series_id: int
    phones: dict[int, Handset] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)
    tills: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Told:
    """What became of a chapter."""

    calls: list[Call]
    written: int
    findings: list[Finding]

    def count(self, outcome: str) -> int:
        return sum(call.outcome == outcome for call in self.calls)

    @property
    def paid(self) -> int:
        """Payments that were acknowledged."""
        return len({call.key for call in self.calls if call.act == "payment" and call.outcome == "done"})


class Stage:
    """See above. `sites`, `workers`: how many of each; without any the clients knock at the doors of the ledger only."""

    people: People
    paper: Paper
    witness: Witness
    tablets: list[Tablet]

    def __init__(self, folder: Path, *, sites: int = 0, workers: int = 0, seed: int = 0) -> None:
        self.dice = random.Random(seed)
        self.acts = BOOK_ACTS
        self.abandoned = threading.Event()
        self.server = Server(folder, PROGRAMS)
        self.servers = [self.server]  # all that are to be removed
        self.server.start()
        self.line = Line(self.server)
        self.url = self.line.url("meguri_web", DATABASE)
        self.engine = make_engine(self.url, pool_size=20)
        self.log = self.line.folder / "programs.log"
        self.ports = tuple(_free_port() for _ in range(sites))
        gunicorn, worker = ("gunicorn", "-c", "deploy/gunicorn.conf.py"), ("wsgi", "worker")
        self.sites = [Program(gunicorn, self._environment(port), self.log) for port in self.ports]
        self.workers = [Program(worker, self._environment(0), self.log) for _ in range(workers)]
        self.town: Town | None = None
        self.drawer = 10**9
        self.last_hold = 0

    def opens(self) -> None:
        """The database is made, the programs are started, people move in, and somebody looks on."""
        self.server.drop_database(DATABASE)
        self.server.create_database(DATABASE)
        migrations.upgrade(self.server.url("meguri_owner", DATABASE))
        for program in (*self.sites, *self.workers):
            program.start()
        self.people = self._settle_people() if self.sites else self._open_accounts()
        self.paper = self._opening()
        self.witness = Witness(self.people.district_id)
        shops = self._rows("SELECT owner_id, id FROM ledger.account WHERE district_id = :d AND role = 'payable'")
        self.tablets = [Tablet(self.people.district_id, owner, account) for owner, account in [(None, None), *shops]]
        self._watch()
        until(lambda: all(map(answers, self.ports)), "a web server does not start")

    def close(self) -> None:
        """End everything that was started here, and remove it."""
        for program in (*self.sites, *self.workers):
            program.kill()
        if self.town is not None:
            self.town.close()
        self.engine.dispose()
        self.line.close()
        for server in self.servers:
            if server._state() is not None:
                kill(server)  # it is thrown away: nothing is written down any more
                until(lambda server=server: server._state() is None, "the database does not die")
            server.stop()
            shutil.rmtree(server.folder, ignore_errors=True)

    def _environment(self, port: int) -> dict[str, str]:
        keys = KEYS | {"MEGURI_SEAL_KEY": SEAL_SEED}
        return {name: base64.b64encode(key).decode() for name, key in keys.items()} | {
            "MEGURI_DATABASE_URL": self.url,
            "MEGURI_PUBLIC_URL": f"http://localhost:{port}" if port else "http://localhost",
            "MEGURI_DEMO": "1",
            "MEGURI_BIND": f"127.0.0.1:{port}",
            "MEGURI_WORKERS": "1",
        }

    def _open_accounts(self) -> People:
        """A district of plain accounts."""
        new = commands.NewSeries("coin", "コイン", "Coin", system_clock().replace(year=2026, month=1, day=1), None)
        with Session(self.engine) as session, atomic(session):
            series_id = commands.create_series(session, 1, new)
            purses = [commands.open_account(session, 1, "consumer", owner, series_id) for owner in range(1, 7)]
            shops = [commands.open_account(session, 1, "payable", owner, series_id) for owner in range(1, 4)]
        return People(1, purses, shops, series_id)

    def _settle_people(self) -> People:
        """Three with phones, three with cards, three shops with a till each."""
        town = Town(self.engine, system_clock, {"waker": Waker(self.url), "master_key": KEYS["MEGURI_MASTER_KEY"]}).opens()
        people, self.town = People(town.district_id, [], [], town.series_id), town
        admin = town.another_clerk("administrator")
        for _ in range(3):
            phone, holder, shop = town.consumer(), town.card_holder(), town.shop()
            mine, hers = (self._account("consumer", one.person_id, people) for one in (phone, holder))
            shop.till()
            takings = self._account("payable", shop.id, people)
            scopes = [scope for scope in SCOPES if scope != "top_ups:write"]
            token = create_api_token(town.session, admin.who, NewToken("レジ", scopes, merchant_id=shop.id), now=town.now)
            people.purses += [mine, hers]
            people.shops.append(takings)
            people.phones[mine] = Handset(SimpleNamespace(port=self.ports[0]), town, phone)  # type: ignore[arg-type]
            people.cards[hers] = holder.card.text
            people.tills[takings] = (shop.public_number, token)
        return people

    def _account(self, role: str, owner: int, people: People) -> int:
        with Session(self.engine) as session, atomic(session):
            series = 0 if role == "drawer" else people.series_id
            return commands.open_account(session, people.district_id, role, owner, series)

    def _opening(self) -> Paper:
        """The book on paper as it stands before anybody lives."""
        drawer = self._account("drawer", self.drawer, self.people)
        with Session(self.engine) as session, atomic(session):
            for purse in self.people.purses:
                key = commands.hash_command("opening", purse)
                lines = commands.transfer(drawer, purse, COINS)
                commands.post(session, self.people.district_id, commands.Draft("top_up", uuid4(), key, lines))
        self._seal(by_workers=False)
        paper = Paper(frozenset(self.people.purses), size=self._rows("SELECT count(*) FROM ledger.leaf WHERE district_id = :d")[0][0])
        paper.balances.update(self._balances())
        ceiling = "SELECT balance_max FROM ledger.series WHERE district_id = :d AND id = :series"
        paper.ceiling = self._rows(ceiling, series=self.people.series_id)[0][0]
        return paper

    def _rows(self, sql: str, **values: object) -> Sequence[tuple]:  # type: ignore[type-arg]
        with Session(self.engine) as session:
            return [tuple(row) for row in session.execute(text(sql), {"d": self.people.district_id} | values)]

    def _balances(self) -> dict[int, int]:
        """Every account of the district, credit positive, as balance row and unfolded entries give it."""
        return dict(
            self._rows(
                "SELECT a.id, -(a.balance + CASE WHEN a.locked THEN 0 ELSE COALESCE((SELECT sum(e.amount) FROM ledger.entry e WHERE"
                " e.district_id = a.district_id AND e.account_id = a.id AND e.position >= a.folded_below), 0) END)::bigint"
                " FROM ledger.account a WHERE a.district_id = :d"
            )
        )

    def clients(self, diary: Diary) -> list[Client]:
        """Six at the doors of the ledger; with web servers three phones and the counter as well. Clerks and drawers are new each time."""
        people, clients = self.people, []
        for n in range(6):
            self.drawer += 1
            drawer = self._account("drawer", self.drawer, people)
            way = ByBook(self.engine, people.district_id)
            clients.append(
                Client(f"door {n}", way, diary, people.purses, people.shops, [drawer], self.acts, self._dice(), self.abandoned, 0.01)
            )
        if self.town is None:
            return clients
        town = self.town
        clerk, admin = town.another_clerk("issuer"), town.another_clerk("administrator")
        new = NewToken("窓口", ["top_ups:write"], person_id=clerk.person_id)
        desk = create_api_token(town.session, admin.who, new, now=town.now)
        drawer = self._account("drawer", clerk.person_id, people)
        for purse, phone in people.phones.items():
            way_in = BySite(phone, self.ports, people.tills, desk, people.cards)
            clients.append(
                Client(f"phone {purse}", way_in, diary, [purse], people.shops, [], PHONE_ACTS, self._dice(), self.abandoned, 0.02)
            )
        clients.append(
            Client("counter", way_in, diary, list(people.cards), people.shops, [drawer], {"tops_up": 1}, self._dice(), self.abandoned, 0.2)
        )
        town.session.close()
        return clients

    def _dice(self) -> random.Random:
        return random.Random(self.dice.getrandbits(64))

    def as_book(self) -> Book:
        """Another district on the same database, in the words of the ledger's tests."""
        book = Book(self.engine, self.engine)
        book.series_id = book.series()
        return book

    # a chapter

    def chapter(self, breaks: Sequence[Callable[[Stage], None]], *, whole: bool = True) -> Told:
        """Clients live while things break one after the other. `whole`: the product's own `verify` is asked as well."""
        diary, over = Diary(), threading.Event()
        clients = self.clients(diary)
        with ThreadPoolExecutor(len(clients) + 1) as pool:
            running = [pool.submit(client.lives, over) for client in clients]
            running.append(pool.submit(self._look_on, over))
            try:
                self.flows(diary)
                for broken in breaks:
                    threading.Event().wait(self.dice.uniform(0.05, 0.6))
                    broken(self)
                    self.flows(diary)
            except BaseException:
                self.abandoned.set()
                raise
            finally:
                over.set()
            for each in running:
                each.result()
        for client in clients:
            self._asks_again(client, diary)
        return Told(diary.calls, *self._look(diary, whole=whole))

    def flows(self, diary: Diary, count: int = 40) -> None:
        """Until so many calls more were done; a minute and a half without them is a failure."""
        pause, done, deadline = threading.Event(), _done(diary), time.monotonic() + 90
        while _done(diary) < done + count:
            assert time.monotonic() < deadline, f"nobody gets an answer any more; see {self.log}"
            pause.wait(0.02)

    def _asks_again(self, client: Client, diary: Diary) -> None:
        """What was ever unknown, and some of what was not, is asked for once more: the answer must be the same."""
        mine = [call for call in diary.calls if call.client == client.name and call.key is not None]
        unknown = {call.key for call in mine if call.outcome == "unknown"}
        known = list({call.key: call for call in mine if call.outcome in ("done", "closed")}.values())
        some = {call.key for call in self.dice.sample(known, min(3, len(known)))}
        client.asks_again(known, lambda call: call.key in some or call.key in unknown)

    def _look_on(self, over: threading.Event) -> None:
        """Witness and tablets, again and again."""
        while not over.wait(0.1):
            with suppress(*AWAY):
                self._watch()

    def _watch(self) -> None:
        with Session(self.engine) as session:
            for watcher in (self.witness, *self.tablets):
                watcher.looks(session)
                session.commit()

    # the look

    def _look(self, diary: Diary, *, whole: bool) -> tuple[int, list[Finding]]:
        journal, holds = self._journal(), self._holds()
        clock = time.monotonic() - time.time()
        found = check(diary.calls, journal, holds, self.paper, ends=self._balances(), clock=clock)
        self._watch()
        for tablet in self.tablets:
            found += tablet.findings(journal)
        with Session(self.engine) as session:
            found += self.witness.findings(session)
            if whole:
                found += [Finding(one.what, f"district {one.district_id}: {one.subject}") for one in verify(session, lambda _: None)]
        return len(journal), found

    def _seal(self, *, by_workers: bool = True) -> None:
        """Until everything is sealed: by the workers where there are any."""
        sealed = "SELECT count(*) FROM ledger.leaf WHERE district_id = :d"
        open_ones = f"SELECT count(*) - ({sealed}) FROM ledger.transaction WHERE district_id = :d"
        deadline = time.monotonic() + 60
        while self._rows(open_ones)[0][0]:
            assert time.monotonic() < deadline, "nobody seals"
            if self.workers and by_workers:
                threading.Event().wait(0.1)
                continue
            with Session(self.engine) as session, atomic(session):
                seal(session, KEYS_OF_THE_LOG)

    def _journal(self) -> list[Written]:
        self._seal()
        rows = self._rows(
            "SELECT l.place, t.id, t.key, t.kind, extract(epoch FROM t.posted_at)::float8, t.position, t.refers_to, t.hold_id,"
            " t.accounts, t.amounts, e.accounts, e.amounts FROM ledger.leaf l"
            " JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id"
            " LEFT JOIN LATERAL (SELECT array_agg(x.account_id) AS accounts, array_agg(x.amount) AS amounts FROM ledger.entry x"
            " WHERE x.district_id = t.district_id AND x.transaction_id = t.id AND x.account_id = ANY (t.accounts)) e ON true"
            " WHERE l.district_id = :d AND l.place >= :size ORDER BY l.place",
            size=self.paper.size,
        )
        return [
            Written(*facts, dict(zip(accounts, amounts, strict=True)), dict(zip(on or (), real or (), strict=True)))
            for *facts, accounts, amounts, on, real in rows
        ]

    def _holds(self) -> list[Held]:
        rows = self._rows(
            "SELECT h.id, h.account_id, h.amount, h.key, extract(epoch FROM h.placed_at)::float8, extract(epoch FROM h.expires_at)::float8,"
            " extract(epoch FROM x.ended_at)::float8, x.transaction_id FROM ledger.hold h"
            " LEFT JOIN ledger.hold_end x ON x.district_id = h.district_id AND x.hold_id = h.id WHERE h.district_id = :d AND h.id > :last",
            last=self.last_hold,
        )
        holds = [Held(*row) for row in rows]
        self.last_hold = max((hold.number for hold in holds), default=self.last_hold)
        return holds


@contextmanager
def stage(folder: Path, *, sites: int = 0, workers: int = 0, seed: int = 0) -> Iterator[Stage]:
    """A stage that leaves nothing behind, whatever happens on it."""
    there = Stage(folder, sites=sites, workers=workers, seed=seed)
    try:
        there.opens()
        yield there
    finally:
        there.close()


def answers(port: int) -> bool:
    """Whether a web server is there."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/livez")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _done(diary: Diary) -> int:
    return sum(call.outcome == "done" for call in diary.calls)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
