"""`dev.py demo` itself: the database, the site, the worker and the town of this checkout, in a home of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from embedded import place

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
START = "import sys, pathlib, tryout; tryout.HOME = pathlib.Path(sys.argv[1]); sys.exit(tryout.main(int(sys.argv[2]), fresh=False))"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where this try-out keeps its town; its database's folder goes with it."""
    yield tmp_path / "home"
    shutil.rmtree(place(tmp_path / "home" / "postgresql"), ignore_errors=True)


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""


@pytest.mark.slow
def test_from_nothing_to_a_usable_page_and_to_the_end(home: Path) -> None:
    """A newcomer's first minute: it says where to go, the stage is there with a shop and a person, and Ctrl-C leaves nothing behind."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", START, str(home), str(port)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        try:
            deadline = time.monotonic() + PATIENCE_S
            said: list[str] = []
            assert demo.stdout is not None
            while not any("/demo/mailbox" in line for line in said):
                line = demo.stdout.readline()
                assert line and time.monotonic() < deadline, said
                said.append(line)
            assert "花子" in page(f"http://localhost:{port}/demo") or "みなと屋" in page(f"http://localhost:{port}/demo")
        finally:
            demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0, "something still answers"
    assert not list(place(home / "postgresql").rglob("postmaster.pid"))
