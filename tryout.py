"""The try-out of `dev.py demo`: a database, the site and the worker of this checkout, until Ctrl-C ends them all.

What it keeps (the town, keys, logs) lies in `.demo/`, so the next start takes seconds and finds the same town.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import migrations
from demo import cast
from embedded import Server, ServerTrouble, place

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".demo"
DATABASE = "meguri"
KEYS = ("MEGURI_SECRET_KEY", "MEGURI_MASTER_KEY", "MEGURI_CODE_KEY")
READY_TIMEOUT_S = 60
STOP_TIMEOUT_S = 15

SIGN_INS = (
    (cast.CONSUMER, "a consumer"),
    (cast.OWNER, "owner of the shop with the tablet"),
    (cast.ISSUER, "association: issues"),
    (cast.APPROVER, "association: approves"),
    (cast.AUDITOR, "association: audits"),
    (cast.ADMINISTRATOR, "association: administers"),
)

Children = dict[str, subprocess.Popen[bytes]]


def main(port: int, *, fresh: bool) -> int:
    """Run it. Returns the exit status: 0 after Ctrl-C, 1 when it cannot start or a part of it died."""
    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, signal.default_int_handler)  # closing the terminal is a Ctrl-C, too
    try:
        HOME.mkdir(mode=0o700, exist_ok=True)
        _say("starting the database")
        with Server(place(HOME / "postgresql")) as server:
            _prepare(server, fresh=fresh)
            with _children() as children:
                return _serve(server, port, children)
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _prepare(server: Server, *, fresh: bool) -> None:
    if fresh:
        server.drop_database(DATABASE)
    if DATABASE not in server.databases():
        server.create_database(DATABASE)
    migrations.upgrade(server.url("meguri_owner", DATABASE))


def _serve(server: Server, port: int, children: Children) -> int:
    address = f"http://localhost:{port}"
    web = _environment(server, "meguri_web", address) | {"MEGURI_BIND": f"127.0.0.1:{port}"}
    town = _environment(server, "meguri_demo", address)
    _say("starting the site")
    children["web"] = _child("web", web, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
    if not _answers(f"{address}/healthz", children["web"]):
        print(f"The site does not answer. Its last words are in {HOME / 'web.log'}.", file=sys.stderr)
        return 1
    children["worker"] = _child("worker", web, "-m", "wsgi", "worker")
    children["town"] = _child(None, town, "-m", "wsgi", "demo", "fill")
    _say("opening the town")
    if not _answers(f"{address}/demo", children["web"]):
        print(f"The town does not open. The last words are in {HOME}.", file=sys.stderr)
        return 1
    print(_welcome(address), flush=True)
    while True:
        for name, child in list(children.items()):
            status = child.poll()
            if status is None:
                continue
            if name == "town" and status == 0:
                del children[name]
                continue
            print(f"{name} ended ({status}). Its last words are in {HOME}.", file=sys.stderr)
            return 1
        time.sleep(0.5)


def _welcome(address: str) -> str:
    people = "\n".join(f"    {each.email:<28} {post}" for each, post in SIGN_INS)
    pins = ", ".join(f"{name} {pin}" for name, _, pin in cast.STAFF)
    return f"""
  {address}/demo     phone, tablet and desk side by side: begin here
  {address}/         the consumer's wallet
  {address}/till/    the shop's tablet
  {address}/desk/    the association's desk
  {address}/api/docs the API

  On the stage of /demo everybody is signed in by one button. Elsewhere sign in by mail at {address}/sign-in;
  the code arrives at {address}/demo/mailbox:
{people}
  The PINs at the tablet: {pins}

  Logs and keys: {HOME}. Ctrl-C stops everything; the town is kept.
"""


def _environment(server: Server, role: str, address: str) -> dict[str, str]:
    """The settings of a demo installation, and nothing of the caller's own Meguri or PostgreSQL."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEGURI_", "PG", "PYTHON"))}
    return kept | _keys() | {"MEGURI_DATABASE_URL": server.url(role, DATABASE), "MEGURI_PUBLIC_URL": address, "MEGURI_DEMO": "1"}


def _keys() -> dict[str, str]:
    """Secrets of this checkout's demo: made once, kept, so that yesterday's cookies and sealed names still open."""
    path = HOME / "keys.json"
    if not path.exists():
        keys = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in KEYS}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(keys, file, indent=1)
    return dict(json.loads(path.read_text()))


@contextmanager
def _children() -> Iterator[Children]:
    """The processes put into the dictionary are asked to end with the block, and made to if they do not."""
    children: Children = {}
    try:
        yield children
    finally:
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave half of it running
        _say("stopping")
        for child in children.values():
            child.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for child in children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _child(log: str | None, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """One of our programs. In a process group of its own: Ctrl-C reaches it through us, in order."""
    output = (HOME / f"{log}.log").open("wb") if log else None
    try:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            process_group=0,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    finally:
        if output:
            output.close()


def _end_with_parent() -> None:
    """Even after kill -9 of the try-out nothing keeps its port: prctl(PR_SET_PDEATHSIG, SIGTERM)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def _say(text: str) -> None:
    print(f"· {text}", flush=True)
