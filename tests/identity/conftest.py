"""A village for the tests of identity: its district, its people, and the browsers that they hold."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from base.clock import Clock
from identity import commands, queries
from identity.commands import Browser, NewDistrict, NewPerson, Opened, Site
from identity.queries import Principal
from tests.conftest import leaves_the_list

ORIGIN = "http://localhost:8000"


@dataclass
class Village:
    """One district. `browser()` is a browser that nobody has used; a person signs in with `comes()`."""

    session: Session
    clock: Clock
    owner: Engine
    id: int = 0
    site: Site = field(default_factory=lambda: Site(ORIGIN, "灯ノ沢温泉"))

    def __post_init__(self) -> None:
        slug = f"v{uuid4().hex[:12]}"
        new = NewDistrict(slug, "灯ノ沢温泉", "Hinosawa Onsen", "灯ノ沢温泉商店街協同組合", "案内所", host=f"{slug}.example")
        self.id = commands.create_district(self.session, new)
        self.host = f"{slug}.example"

    @property
    def now(self) -> datetime:
        return self.clock()

    def person(self, nickname: str = "花子", *roles: str, email: str | None = None) -> int:
        """Somebody who has signed up, a consumer if not said otherwise."""
        new = NewPerson(nickname, email=email, roles=frozenset(roles or ("consumer",)))
        return commands.sign_up(self.session, self.id, new, now=self.now)

    def opens(self, person_id: int, *, device: str | None = None, way: str = "email") -> Opened:
        """A fresh session of this person, on a known device or a new one."""
        return commands.open_session(
            self.session, self.id, person_id, Browser(device, "iPhone · Safari", "192.0.2.1"), way=way, now=self.now
        )

    def who(self, opened: Opened | str) -> Principal:
        """Whoever a cookie makes them."""
        token = opened if isinstance(opened, str) else opened.token
        return queries.principal_for_cookie(self.session, token, self.now, district_id=self.id, address="192.0.2.1")

    def comes(self, nickname: str = "花子", *roles: str, email: str | None = None) -> Principal:
        """Somebody new, signed in on their first device."""
        return self.who(self.opens(self.person(nickname, *roles, email=email)))

    def behind(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """What the tables' owner sees or changes, round the doors."""
        with self.owner.begin() as connection:
            answer = connection.execute(text(statement), {"d": self.id, **values})
            return [tuple(row) for row in answer] if answer.returns_rows else []


@pytest.fixture
def village(session: Session, clock: Clock, owner_engine: Engine, superuser: Engine) -> Iterator[Village]:
    """A district of its own for this test."""
    village = Village(session, clock, owner_engine)
    yield village
    session.rollback()
    leaves_the_list(superuser, village.id)


@pytest.fixture
def next_village(
    engine: Engine, session_info: dict[str, object], clock: Clock, owner_engine: Engine, superuser: Engine
) -> Iterator[Village]:
    """A second district: nothing of the first may work here."""
    with Session(engine, info=dict(session_info)) as session:
        village = Village(session, clock, owner_engine)
        yield village
    leaves_the_list(superuser, village.id)


class MailServer(threading.Thread):
    """As much of SMTP (RFC 5321) as a client needs to hand over one mail after the other."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("localhost", 0))
        self.port: int = self.listener.getsockname()[1]
        self.received: list[tuple[list[str], bytes]] = []

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed: the test is over
            with connection, connection.makefile("rb") as lines:
                self._talk(connection, lines)

    def _talk(self, connection: socket.socket, lines: BufferedReader) -> None:
        recipients: list[str] = []
        connection.sendall(b"220 test\r\n")
        for line in lines:
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipients.append(line.decode().split("<")[1].split(">")[0])
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                self.received.append((recipients, b"".join(iter(lines.readline, b".\r\n"))))
                recipients = []
            connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server on this machine that keeps what it is given."""
    server = MailServer()
    server.start()
    yield server
    server.listener.shutdown(socket.SHUT_RDWR)
    server.listener.close()
    server.join(2)
