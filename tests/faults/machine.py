"""A whole machine of its own: PostgreSQL and gunicorn as processes that can be killed, and a phone that knows neither."""

from __future__ import annotations

import base64
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import migrations
from base.clock import system_clock
from base.db import Waker, make_engine
from embedded import Server, place
from tests.town import Consumer, Town

ROOT = Path(__file__).parent.parent.parent
DATABASE = "faults"
PATIENCE_S = 60
KEYS = {
    "MEGURI_SECRET_KEY": b"forms of a test, signed with this",
    "MEGURI_MASTER_KEY": b"a master key of exactly 32 bytes",
    "MEGURI_CODE_KEY": b"a key for codes, and of 32 bytes",
}


def until(true: Any, what: str) -> None:
    """Wait for something that another process does."""
    moment, deadline = threading.Event(), time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        moment.wait(0.02)


class Machine:
    """Database and site of one installation. Both may be killed and started again."""

    def __init__(self, worker: str, holds: Path) -> None:
        self.server = Server(place(ROOT / ".cache" / f"faults-{worker}"))
        self.holds = holds
        self.server.start()
        self.server.drop_database(DATABASE)
        self.server.create_database(DATABASE)
        migrations.upgrade(self.server.url("meguri_owner", DATABASE))
        self.url = self.server.url("meguri_web", DATABASE)
        self.engine = make_engine(self.url, pool_size=10)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.site: subprocess.Popen[bytes] | None = None

    def town(self) -> Town:
        """A fresh district on this machine."""
        info = {"waker": Waker(self.url), "master_key": KEYS["MEGURI_MASTER_KEY"]}
        return Town(self.engine, system_clock, info).opens()

    def start_site(self) -> None:
        """Start gunicorn, if it does not run, and wait until it answers."""
        if self.site is not None and self.site.poll() is None:
            return
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEGURI_", "PG", "PYTHON"))}
        own = {name: base64.b64encode(key).decode() for name, key in KEYS.items()} | {
            "MEGURI_DATABASE_URL": self.url,
            "MEGURI_PUBLIC_URL": f"http://localhost:{self.port}",
            "MEGURI_DEMO": "1",
            "MEGURI_BIND": f"127.0.0.1:{self.port}",
            "MEGURI_TEST_HOLDS": str(self.holds),
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "tests.faults.held:application"]
        with (self.holds / "site.log").open("ab") as log:
            self.site = subprocess.Popen(command, cwd=ROOT, env=kept | own, stdout=log, stderr=log, start_new_session=True)
        until(self._answers, "the site does not start")

    def kill_site(self) -> None:
        """kill -9 of every process of the site."""
        assert self.site is not None
        os.killpg(self.site.pid, signal.SIGKILL)
        self.site.wait()
        self.site = None

    def kill_serving(self) -> None:
        """kill -9 of the processes that serve. gunicorn, which no request ever reaches, makes new ones: seconds sooner than a start."""
        assert self.site is not None
        serving = [int(pid) for pid in Path(f"/proc/{self.site.pid}/task/{self.site.pid}/children").read_text().split()]
        for pid in serving:
            os.kill(pid, signal.SIGKILL)
        until(lambda: all(_state(pid) == "Z" for pid in serving), "the site does not die")

    def kill_database(self) -> None:
        """kill -9 of the database server."""
        pid = int((self.server.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in _state(pid), "the database does not die")

    def start_database(self) -> None:
        """Start the database again after `kill_database`; it recovers by itself."""
        helper = Server(self.server.folder)
        helper.start()
        helper.stop()  # leaves it running: `server` is still one of its users

    def restart_database(self) -> None:
        """An operator's restart, under the running site."""
        assert self.server.stop(), "somebody else uses this database"
        self.server.start()

    def close(self) -> None:
        if self.site is not None:
            self.kill_site()
        self.engine.dispose()
        self.server.stop()

    def _answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/livez")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: where the phone is sent, or the refusal's code, number and Japanese sentence."""

    status: int
    next: str | None = None
    code: str | None = None
    number: str | None = None
    said: str = ""


@dataclass
class Handset:
    """A consumer's phone on the far side of a network: pages by HTTP, requests that can be held or lost."""

    machine: Machine
    town: Town
    owner: Consumer
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies["meguri_session"] = self.town.cookie(self.owner.person_id)
        self._pool = ThreadPoolExecutor(8)

    def page(self, path: str) -> str:
        """A page as it was drawn."""
        return self._ask("GET", path)[1]

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page at `path`: token, key, amount, plan."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page(path)))

    def sends(self, path: str, fields: dict[str, str], *, hold: str = "") -> Answer:
        """Send a form as the page's script does. `hold`: "before NAME" or "after NAME" (see tests/faults/held.py)."""
        headers = {"X-Hold": hold} if hold else {}
        status, body = self._ask("POST", path, fields, headers)
        json = dict(re.findall(r'"(next|code|number|title)":\s*"([^"]*)"', body))
        return Answer(status, json.get("next"), json.get("code"), json.get("number"), json.get("title", ""))

    def starts(self, path: str, fields: dict[str, str], *, hold: str = "") -> Future[Answer]:
        """`sends`, without waiting. A connection that breaks is an OSError in the future."""
        return self._pool.submit(self.sends, path, fields, hold=hold)

    def asks_what_became(self, fields: dict[str, str]) -> Answer:
        """The question by the key: finds the payment or closes the key."""
        return self.sends(f"/wallet/unknown/{fields['key']}", {"csrf_token": fields["csrf_token"]})

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        host = f"{self.town.host}:{self.machine.port}"
        line = http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=PATIENCE_S)
        sent = {"Host": host, "Accept": "application/json" if fields is not None else "text/html", **(headers or {})}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body=urlencode(fields) if fields is not None else None, headers=sent)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError("the connection broke") from error
        finally:
            line.close()


@dataclass
class Hold:
    """One request held by name."""

    machine: Machine
    name: str = field(default_factory=lambda: uuid4().hex)

    def wait(self) -> None:
        """Until the request stands there."""
        until((self.machine.holds / f"{self.name}.here").exists, "the request was not held")

    def release(self) -> None:
        (self.machine.holds / f"{self.name}.go").touch()
