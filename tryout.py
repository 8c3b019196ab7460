"""The try-out of `dev.py demo`: a database, the site and the worker of this checkout, until Ctrl-C ends them all.

Logs lie in `.demo/`. The town lies where its database may live (`embedded.place`), and its keys lie beside it: neither
outlives the other, so the next start takes seconds and finds the same town, or says why it cannot.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
import migrations
from base.db import make_engine
from demo import cast
from demo.cards import shown_card
from demo.joining import known
from demo.opening import find_town
from embedded import Server, ServerTrouble, place
from identity.errors import DistrictUnknown
from wallet.queries import CardView

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".demo"
DATABASE = "meguri"
KEYS = ("MEGURI_SECRET_KEY", "MEGURI_MASTER_KEY", "MEGURI_CODE_KEY", "MEGURI_SEAL_KEY")
KEY_FILE = "keys.json"
COLUMNS = "columns"
READY_TIMEOUT_S = 60
OPENING_TIMEOUT_S = 600
"""A minute and a half on a machine that is busy with other things."""
STOP_TIMEOUT_S = 15

SIGN_INS = (
    (cast.CONSUMER, "a consumer"),
    (cast.OWNER, "owner of the shop with the tablet"),
    (cast.ISSUER, "association: issues"),
    (cast.APPROVER, "association: approves"),
    (cast.AUDITOR, "association: audits"),
    (cast.ADMINISTRATOR, "association: administers"),
)

PASSING = ("town", "kernels")
"""Children that end when they are done."""

Children = dict[str, subprocess.Popen[bytes]]


class KeysMissing(ServerTrouble):
    """There is a town, sealed with keys that are not here."""


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
    """A database and the keys that open it; `fresh`: new ones. Keys come first and go last, so that data is never without.

    Raises KeysMissing.
    """
    keys, before = _key_file(server), HOME / KEY_FILE
    if fresh:
        server.drop_database(DATABASE)
        for one in (keys, before):
            one.unlink(missing_ok=True)
        shutil.rmtree(server.folder / COLUMNS, ignore_errors=True)
    elif before.exists() and not keys.exists():  # they used to lie in the checkout
        _write_keys(keys, before.read_text())
        before.unlink()
    is_new = DATABASE not in server.databases()
    if is_new and not keys.exists():
        _write_keys(keys, json.dumps(_new_keys(KEYS), indent=1))
    if is_new:
        server.create_database(DATABASE)
    if not keys.exists():
        raise _without_keys(server)
    _complete_keys(keys)
    migrations.upgrade(server.url("meguri_owner", DATABASE))
    if not _opens(server):
        raise _without_keys(server)


def _opens(server: Server) -> bool:
    """Whether the keys open what is sealed in the town: the name of the first person at its desk will do."""
    try:
        with _reading(server) as session:
            district_id = identity.queries.district_by_slug(session, cast.SLUG).id
            clerk = identity.queries.first_holder(session, district_id, "issuer")
            if clerk is not None:
                identity.queries.nickname(session, district_id, clerk)
    except DistrictUnknown:
        return True
    except InvalidTag:
        return False
    return True


def _without_keys(server: Server) -> KeysMissing:
    return KeysMissing(
        f"The town in {server.folder} was made with other keys, which are gone, so nobody can read it any more. "
        "Begin a new one: python3 dev.py demo --fresh"
    )


def _serve(server: Server, port: int, children: Children) -> int:
    address = f"http://localhost:{port}"
    web = _environment(server, "meguri_web", address) | {"MEGURI_BIND": f"127.0.0.1:{port}"}
    town = _environment(server, "meguri_demo", address)
    _say("starting the site")
    children["web"] = _child("web", web, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
    if not _answers(f"{address}/healthz", children["web"]):
        print(f"The site does not answer. Its last words are in {HOME / 'web.log'}.", file=sys.stderr)
        return 1
    still = {name: value for name, value in web.items() if name != "MEGURI_COLUMNS_FOLDER"}
    # What is made once is not made of half a year, and a coin that has ended is not over while what was paid with it is still booked.
    children["worker"] = _child("worker", still, "-m", "wsgi", "worker", "--without", "expire")
    children["town"] = _child(None, town, "-m", "wsgi", "demo", "fill")
    _say("opening the town")
    if not _answers(f"{address}/demo", children["web"], children["town"], within=OPENING_TIMEOUT_S):
        print(f"The town does not open. The last words are in {HOME}.", file=sys.stderr)
        return 1
    print(_welcome(address, server, _furnished(server, children["town"])), flush=True)
    children["kernels"] = _child("kernels", web, "-m", "wsgi", "analytics", "warm")  # beside: the town is usable already
    while True:
        for name, child in list(children.items()):
            status = child.poll()
            if status is None:
                continue
            if name in PASSING and status == 0:
                del children[name]
                if name == "town":
                    _end([children["worker"]])
                    children["worker"] = _child("worker", web, "-m", "wsgi", "worker")
                break  # the rest in the next round: this list knows the worker of before
            print(f"{name} ended ({status}). Its last words are in {HOME}.", file=sys.stderr)
            return 1
        time.sleep(0.5)


def _welcome(address: str, server: Server, card: CardView | None) -> str:
    people = "\n".join(f"    {each.email:<28} {post}" for each, post in SIGN_INS)
    tills = "\n".join(f"    {shop}: {', '.join(f'{name} {pin}' for name, _, pin in staff)}" for shop, staff in cast.TABLETS.items())
    return f"""
  {address}/demo     phone, tablet and desk side by side: begin here
  {address}/         the consumer's wallet
  {address}/till/    the shop's tablet
  {address}/desk/    the association's desk
  {address}/card     what is on a card, for its number and PIN
  {address}/api/docs the API

  On the stage of /demo everybody is signed in by one button. Elsewhere sign in by mail at {address}/sign-in;
  the code arrives at {address}/demo/mailbox:
{people}
  The PINs at the tablets:
{tills}{_card_words(address, card)}

  The town and its keys: {server.folder}. Logs: {HOME}. Ctrl-C stops everything; the town is kept.
"""


def _card_words(address: str, card: CardView | None) -> str:
    if card is None:
        return ""
    return f"""
  A card, for people without a phone ({cast.CARD_HOLDER.nickname}'s): {card.grouped}, PIN {cast.CARD_PIN}
    Type its number where the tablet reads codes, or at {address}/card."""


def _furnished(server: Server, town: subprocess.Popen[bytes]) -> CardView | None:
    """Wait until the visitor's phone and card have their past, the last thing of an opening: before that they look empty.

    Gives the card that everybody may use; None if somebody has blocked it.
    """
    deadline = time.monotonic() + READY_TIMEOUT_S
    with _reading(server) as session:
        while True:
            found = find_town(session)
            if found is not None and known(session, found.district_id, cast.CARD_HOLDER) is not None:
                held = ledger.queries.balances(session, found.district_id, "consumer", found.people[cast.CONSUMER.mailbox])
                if any(one.series.unit == "yen" and one.entry_count for one in held):
                    return shown_card(session, found.district_id)
            if time.monotonic() > deadline or town.poll() is not None:
                return None
            session.rollback()
            time.sleep(0.1)


@contextmanager
def _reading(server: Server) -> Iterator[Session]:
    """A session as the site's role, with this town's key."""
    engine = make_engine(server.url("meguri_web", DATABASE), pool_size=1)
    try:
        with Session(engine, info={"master_key": base64.b64decode(_keys(server)["MEGURI_MASTER_KEY"])}) as session:
            yield session
    finally:
        engine.dispose()


def _environment(server: Server, role: str, address: str) -> dict[str, str]:
    """The settings of a demo installation, and nothing of the caller's own Meguri or PostgreSQL."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEGURI_", "PG", "PYTHON"))}
    return (
        kept
        | _keys(server)
        | {
            "MEGURI_DATABASE_URL": server.url(role, DATABASE),
            "MEGURI_PUBLIC_URL": address,
            "MEGURI_COLUMNS_FOLDER": str(server.folder / COLUMNS),
            "MEGURI_DEMO": "1",
        }
    )


def _keys(server: Server) -> dict[str, str]:
    """Secrets of this town: made once, kept, so that yesterday's cookies and sealed names still open."""
    return dict(json.loads(_key_file(server).read_text()))


def _key_file(server: Server) -> Path:
    return server.folder / KEY_FILE


def _new_keys(names: Iterable[str]) -> dict[str, str]:
    return {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in names}


def _complete_keys(path: Path) -> None:
    """A town that is older than one of the keys gets that one now."""
    keys = json.loads(path.read_text())
    if missing := [name for name in KEYS if name not in keys]:
        _write_keys(path, json.dumps(keys | _new_keys(missing), indent=1))


def _write_keys(path: Path, text: str) -> None:
    """Whole or not at all, for nobody else to read: a start that is cut off leaves no half a key."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


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
        _end(children.values())


def _end(children: Collection[subprocess.Popen[bytes]]) -> None:
    """They are asked, and made to where they do not."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_TIMEOUT_S
    for child in children:
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


def _answers(address: str, *processes: subprocess.Popen[bytes], within: int = READY_TIMEOUT_S) -> bool:
    """Waits while none of these has failed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and not any(each.poll() for each in processes):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def _say(text: str) -> None:
    print(f"· {text}", flush=True)
