#!/usr/bin/env python3
"""The print agent: a small program on a computer in the shop. It fetches the papers of one till and prints them on a printer nearby.

One file on the standard library, so that it can be copied to any computer with Python 3.11:
    python3 print_agent.py --server https://town.example.jp --token-file token.txt --printer 192.168.1.50:9100
The server of the town never has to reach into the shop's network: the agent asks, and the printer is told by the agent alone. A till that
runs in a browser of this same computer reaches it without the network, too.
"""

from __future__ import annotations

import argparse
import base64
import ipaddress
import json
import re
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PORT = 9100
CONNECT_S, ASK_S, PRINT_S = 3.0, 1.0, 15.0
ASK_OFFLINE, ASK_PAPER = b"\x10\x04\x02", b"\x10\x04\x04"
ASK_WHEN_DONE = b"\x1dr\x01"
COVER, NO_PAPER = 0x04, 0x60
POLL_S, TIRED_S = 1.0, 10.0
HERE = ("127.0.0.1", 9180)
"""Where a till on this computer finds the agent. A page that came by https may speak to its own computer, and to no other in the shop."""
PAPER = re.compile(r"/paper/[0-9a-f-]{36}\.[0-9]{1,3}", re.ASCII)
PAPER_MAX, REMEMBERED = 2_000_000, 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: sent; failed (surely nothing came out); unknown. `why`: away, paper, cover or broken, else empty."""

    state: str
    why: str = ""


def address_of(text: str) -> tuple[str, int]:
    """`192.168.1.50:9100` or `[fd00::5]:9100`: an address in figures, never a name that somebody else could point elsewhere.

    Raises ValueError.
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(PORT)
    number = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65_535:
        raise ValueError(text)
    return str(number), int(port)


def tell(address: tuple[str, int], content: bytes, *, print_s: float = PRINT_S) -> Outcome:
    """Bring the bytes to a printer, and say what came of it.

    A printer that answers is asked before (is the paper there, is the cover shut) and after (it answers when all before is printed).
    One that never answers has taken the bytes: more it cannot say. A line that breaks once bytes went out leaves it unknown.
    """
    try:
        line = socket.create_connection(address, timeout=CONNECT_S)
    except OSError:
        return Outcome("failed", "away")
    with line:
        try:
            before = _ready(line)
        except OSError:
            return Outcome("failed", "away")
        if isinstance(before, str):
            return Outcome("failed", before)
        try:
            line.settimeout(print_s)
            line.sendall(content)
            if not before:
                line.shutdown(socket.SHUT_WR)
                return Outcome("sent")
            return _printed(line)
        except OSError:
            return Outcome("unknown", "broken")


def _ready(line: socket.socket) -> bool | str:
    """Whether the printer answers at all; why it cannot print, where it says so."""
    offline = _asked(line, ASK_OFFLINE)
    if offline is None:
        return False
    if offline & COVER:
        return "cover"
    paper = _asked(line, ASK_PAPER)
    return "paper" if paper is not None and paper & NO_PAPER else True


def _printed(line: socket.socket) -> Outcome:
    line.sendall(ASK_WHEN_DONE)
    with suppress(TimeoutError):
        if line.recv(1):
            return Outcome("sent")
        return Outcome("unknown", "broken")
    paper = _asked(line, ASK_PAPER)
    return Outcome("unknown", "paper" if paper is not None and paper & NO_PAPER else "broken")


def _asked(line: socket.socket, question: bytes) -> int | None:
    """One byte of status; None where the printer does not answer. Raises OSError where the line is gone."""
    line.settimeout(ASK_S)
    line.sendall(question)
    try:
        answer = line.recv(1)
    except TimeoutError:
        return None
    if not answer:
        raise ConnectionResetError
    return answer[0]


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: the token is this server's, and a redirection would carry it to another one, perhaps in the clear."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Agent:
    """Asks the server for papers of its till. `timeout_s`: of one request."""

    def __init__(self, server: str, token: str, printer: tuple[str, int], *, timeout_s: float = 20.0) -> None:
        parts = urlsplit(server)
        is_here = parts.hostname is not None and (parts.hostname == "127.0.0.1" or f".{parts.hostname}".endswith(".localhost"))
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
            raise ValueError("the server's address must begin with https://")  # else the token could be read on the way
        self._opener = urllib.request.build_opener(_Straight)
        self._server, self._token, self._printer, self._timeout_s = server.rstrip("/"), token, printer, timeout_s
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._alone = threading.Lock()

    def round(self) -> bool:
        """Fetch one paper, print it, tell what came of it. False where nothing waits. Raises OSError without a line."""
        job = self._sent("/print-jobs/take", {})
        if not job:
            return False
        outcome = self.bring(base64.b64decode(job["content"]))
        told = {"tries": job["tries"], "state": outcome.state, "why": outcome.why}
        self._sent(f"/print-jobs/{job['id']}/outcome", told)
        return True

    def bring(self, content: bytes) -> Outcome:
        """One paper after the other, from wherever it came."""
        with self._alone:
            outcome = tell(self._printer, content)
        print(f"{time.strftime('%H:%M:%S')} {outcome.state} {outcome.why}".rstrip(), flush=True)
        return outcome

    def _sent(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._server}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=self._timeout_s) as answer:  # the address is the shop's own choice, checked above
            content = answer.read()
        found: dict[str, Any] = json.loads(content) if content else {}
        return found


class Nearby(ThreadingHTTPServer):
    """Papers of a till on this computer, while the network is gone. Only a page of the town's own address is heard: any other page that is
    open in the browser names another origin. A paper has a name for each try; the same name is answered the same, and printed once."""

    daemon_threads = True

    def __init__(self, agent: Agent, place: tuple[str, int] = HERE) -> None:
        super().__init__(place, _FromTill)
        self.agent = agent
        self._told: dict[str, Outcome] = {}
        self._one = threading.Lock()

    def print_once(self, name: str, content: bytes) -> Outcome:
        """What came of this try; a second one waits for the first."""
        with self._one:
            if name not in self._told:
                self._told[name] = self.agent.bring(content)
                for oldest in list(self._told)[:-REMEMBERED]:
                    del self._told[oldest]
            return self._told[name]


class _FromTill(BaseHTTPRequestHandler):
    """GET asks whether the agent is there; POST /paper/NAME.TRY brings bytes, and is answered with their outcome."""

    server: Nearby

    def do_OPTIONS(self) -> None:
        self._answer(204)

    def do_GET(self) -> None:
        self._answer(204)

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not self._is_ours() or not PAPER.fullmatch(self.path) or not size.isdigit() or not 0 < int(size) <= PAPER_MAX:
            return self._answer(400)
        outcome = self.server.print_once(self.path, self.rfile.read(int(size)))
        self._answer(200, json.dumps(asdict(outcome)).encode())

    def _is_ours(self) -> bool:
        return self.headers.get("Origin") == self.server.agent.origin

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status if self._is_ours() else 403)
        self.send_header("Access-Control-Allow-Origin", self.server.agent.origin)
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Only what was printed is said."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Until it is stopped. A token that the server does not know ends it: it cannot get better by itself."""
    words = argparse.ArgumentParser(prog="print_agent", description="Prints the papers of one till on a receipt printer nearby.")
    words.add_argument("--server", required=True, help="the address of the town's wallet, https://…")
    words.add_argument("--token-file", required=True, help="a file with the token that the owner's page 「プリンター」 has shown")
    words.add_argument("--printer", required=True, type=address_of, help="address in figures, with the port where it is not 9100")
    asked = words.parse_args(arguments)
    with open(asked.token_file, encoding="utf-8") as file:
        agent = Agent(asked.server, file.read().strip(), asked.printer)
    try:
        threading.Thread(target=Nearby(agent).serve_forever, daemon=True).start()
    except OSError as error:  # another agent of this computer has the place
        print(f"tills of this computer cannot print without the network: {error}", file=sys.stderr, flush=True)
    while True:
        wait_s = POLL_S
        try:
            if agent.round():
                continue
        except urllib.error.HTTPError as refusal:
            if refusal.code in (401, 403):
                sys.exit("The server does not know this token. Make a new one on the owner's page.")
            wait_s = TIRED_S
            print(f"{time.strftime('%H:%M:%S')} the server says {refusal.code}", file=sys.stderr, flush=True)
        except OSError as error:
            wait_s = TIRED_S
            print(f"{time.strftime('%H:%M:%S')} no line to the server: {error}", file=sys.stderr, flush=True)
        time.sleep(wait_s)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
