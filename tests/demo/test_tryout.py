"""`dev.py demo` itself: the database, the site, the worker and the town of this checkout, in a home of its own."""

from __future__ import annotations

import base64
import json
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

import identity.commands
import tryout
from base.clock import system_clock
from base.db import atomic
from demo import cast
from demo.joining import join
from embedded import Server, place
from identity.commands import NewDistrict
from identity.errors import DistrictUnknown
from identity.queries import district_by_slug

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
START = "import sys, pathlib, tryout; tryout.HOME = pathlib.Path(sys.argv[1]); sys.exit(tryout.main(int(sys.argv[2]), fresh=False))"

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where this try-out keeps its logs; its database's folder goes with it."""
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    shutil.rmtree(place(folder / "postgresql"), ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def started(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The demo, as from a terminal; Ctrl-C ends it."""
    with subprocess.Popen(
        [sys.executable, "-c", START, str(home), str(port)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        try:
            yield demo
        finally:
            demo.send_signal(signal.SIGINT)  # nothing, to one that has ended


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""


def test_from_nothing_to_a_usable_page_and_to_the_end(home: Path, port: int) -> None:
    """A newcomer's first minute: it says where to go and which card to try, the stage is there, and Ctrl-C leaves nothing behind."""
    with started(home, port) as demo:
        deadline = time.monotonic() + PATIENCE_S
        said: list[str] = []
        assert demo.stdout is not None
        while not any("Ctrl-C" in line for line in said):
            line = demo.stdout.readline()
            assert line and time.monotonic() < deadline, said
            said.append(line)
        card = re.search(r"A card, .*: (\d{4} \d{4} \d{4} \d{4}), PIN \d{4}", "".join(said))
        assert card, said
        stage = page(f"http://localhost:{port}/demo")
        assert "みなと屋" in stage
        assert card[1] in stage
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
    assert demo.wait(30) == 0, rest
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0, "something still answers"
    assert not list(place(home / "postgresql").rglob("postmaster.pid"))


def test_a_town_and_its_keys_live_and_die_together(home: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys among the logs (an earlier layout) move beside the town. Without its keys a town is not started but named, and so
    is one beside other keys; --fresh throws both away."""
    monkeypatch.setattr(tryout, "HOME", home)
    keys, before = place(home / "postgresql") / "keys.json", home / "keys.json"
    with Server(place(home / "postgresql")) as server:
        tryout._prepare(server, fresh=False)
        with tryout._reading(server) as session, atomic(session):
            district = NewDistrict(cast.SLUG, "灯ノ沢温泉", "Hinosawa Onsen", cast.ASSOCIATION, cast.CONTACT)
            join(session, identity.commands.create_district(session, district), cast.ISSUER, now=system_clock())

        text = keys.read_text()
        keys.rename(before)
        tryout._prepare(server, fresh=False)
        assert (keys.read_text(), keys.stat().st_mode & 0o777, before.exists()) == (text, 0o600, False)

        keys.unlink()
        with started(home, port) as demo:
            said, _nothing = demo.communicate(timeout=PATIENCE_S)
        assert demo.returncode == 1
        assert "made with other keys" in said
        assert "python3 dev.py demo --fresh" in said
        assert not keys.exists(), "keys that open nothing"

        keys.write_text(json.dumps({name: base64.b64encode(secrets.token_bytes(32)).decode() for name in tryout.KEYS}))
        with pytest.raises(tryout.KeysMissing):
            tryout._prepare(server, fresh=False)
        other = keys.read_text()
        tryout._prepare(server, fresh=True)
        assert keys.read_text() not in (text, other)
        with tryout._reading(server) as session, pytest.raises(DistrictUnknown):
            district_by_slug(session, cast.SLUG)


def test_an_older_town_gets_the_key_that_it_lacks(tmp_path: Path) -> None:
    """Who updates keeps the town: its keys stay as they are, and the one that is new is drawn once."""
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({name: name for name in tryout.KEYS[:-1]}))
    tryout._complete_keys(path)
    found = json.loads(path.read_text())
    assert {name: found[name] for name in tryout.KEYS[:-1]} == {name: name for name in tryout.KEYS[:-1]}
    assert len(base64.b64decode(found[tryout.KEYS[-1]])) == 32
    tryout._complete_keys(path)
    assert json.loads(path.read_text()) == found
