"""The agent's token goes to the town's server and nowhere else."""

from __future__ import annotations

import threading
import urllib.error
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from merchant.print_agent import Agent


def test_a_redirection_does_not_carry_the_token_elsewhere() -> None:
    """Whoever answers in the server's place, a box at the entrance of a network for one, learns of other addresses nothing."""
    asked: list[str | None] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/stolen")  # type: ignore[attr-defined]
            self.end_headers()

        def do_GET(self) -> None:
            asked.append(self.headers["Authorization"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        agent = Agent(f"http://127.0.0.1:{server.server_port}", "secret", ("127.0.0.1", 9))
        with pytest.raises(urllib.error.HTTPError):
            agent.round()
        server.shutdown()
    assert asked == []
