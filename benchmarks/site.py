"""A whole installation to measure: durable database, gunicorn as in production, one district full of people and tills."""

from __future__ import annotations

import base64
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

import migrations
from base.clock import system_clock
from base.db import Waker, make_engine
from benchmarks.machine import facts
from embedded import Server, place
from tests.town import Consumer, Till, Town

NAMES = ("MEGURI_SECRET_KEY", "MEGURI_MASTER_KEY", "MEGURI_CODE_KEY", "MEGURI_SEAL_KEY")
KEYS = {name: base64.b64encode(f"{name:32.32}".encode()).decode() for name in NAMES}
COINS = 100_000


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is served, and who lives there."""

    host: str
    port: int
    lines_port: int  # where live lines are opened: an instance of its own, as docs/operations/production.md has it
    town: Town
    consumers: list[Consumer]
    tills: list[Till]
    settings: dict[str, str] = field(default_factory=dict)


@contextmanager
def site(consumers: int, shops: int, fill: Callable[[Town, Server], None] | None = None) -> Iterator[Site]:
    """Serve a fresh district; prints the machine's facts. `fill`: what else happens there before. Everything ends with the block."""
    with Server(place(Path(".cache") / "bench")) as server:
        server.drop_database("bench_site")
        server.create_database("bench_site")
        migrations.upgrade(server.url("meguri_owner", "bench_site"))
        url = server.url("meguri_web", "bench_site")
        engine = make_engine(url, pool_size=4)
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        town = Town(engine, system_clock, {"waker": Waker(url), "master_key": base64.b64decode(KEYS["MEGURI_MASTER_KEY"])}).opens()
        people = [town.consumer(coins=COINS) for _ in range(consumers)]
        tills = [town.shop(f"店{number}").till() for number in range(shops)]
        if fill is not None:
            fill(town, server)
        port, lines_port = _free_port(), _free_port()
        settings = {"MEGURI_DATABASE_URL": url, "MEGURI_DEMO": "1", "MEGURI_PUBLIC_URL": f"http://localhost:{port}", **KEYS}
        web = ("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
        with (
            _running(*web, MEGURI_BIND=f"127.0.0.1:{port}", **settings),
            _running(*web, MEGURI_BIND=f"127.0.0.1:{lines_port}", MEGURI_WORKERS="1", **settings),
            _running("-m", "wsgi", "worker", **settings),
        ):
            _wait_until_live(port)
            _wait_until_live(lines_port)
            yield Site(town.host, port, lines_port, town, people, tills, settings)
        town.close()
        engine.dispose()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _running(*arguments: str, **settings: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *arguments], env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_live(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@dataclass
class Phone:
    """One kept connection with its cookies; requests pages as a browser without scripts does."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, Location, body."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        headers = {
            "Host": f"{self.site.host}:{self.site.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://{self.site.host}:{self.site.port}{path}"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def hidden(self, page: str) -> dict[str, str]:
        """The hidden fields of a page."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def percentile(values: list[float], part: int) -> float:
    """In the unit of the values; `part` of 100."""
    return statistics.quantiles(values, n=100)[part - 1]
