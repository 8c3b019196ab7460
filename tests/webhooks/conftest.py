"""Somebody's books: a real HTTPS server that writes down what it is told, and a courier that brings it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import merchant.commands
from base.settings import Settings
from identity.queries import Principal
from merchant.commands import WebhookMade
from merchant.courier import Courier
from tests.conftest import TestClock
from tests.town import Shop, Town, district, other_district

__all__ = ["district", "other_district"]

READ_MOST = 100


@dataclass
class Told:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def is_signed_with(self, secret: str) -> bool:
        """As the "Standard Webhooks" specification tells a receiver to check it, written once more from its text."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.{self.body}"
        right = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
        return any(hmac.compare_digest(f"v1,{right}", each) for each in self.headers["webhook-signature"].split(" "))


@dataclass
class Books:
    """The receiver. `answers`: what it says next, then always 200; `before`: what it does before it answers."""

    port: int
    told: list[Told] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    before: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}/meguri?books=1"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def says(self, *statuses: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """What is answered next, one a request."""
        self.answers += [(status, headers or {}, body) for status in statuses]

    def ids(self) -> list[str]:
        return [each.id for each in self.told]


def _handler(books: Books) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            books.told.append(Told(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if books.before is not None:
                books.before(self)
            status, headers, said = books.answers.pop(0) if books.answers else (200, {}, b"")
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost that signs itself, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Quiet(ThreadingHTTPServer):
    """A caller that hangs up is no news."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def books(certificate: Path, owner_engine: Engine) -> Iterator[Books]:
    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    heard = Books(server.server_address[1])
    server.RequestHandlerClass = _handler(heard)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()
    with owner_engine.begin() as connection:  # nobody listens there any more
        connection.execute(text("UPDATE webhook SET ended_at = now() WHERE ended_at IS NULL"))


@dataclass
class Post:
    """The worker's courier, one round at a time, at the test's clock."""

    hire: Callable[[], Courier]
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.courier = self.hire()

    def goes(self) -> None:
        """One round, until everybody is back."""
        for journey in self.courier.round():
            journey.result()


@pytest.fixture
def allowed(settings: Settings, books: Books) -> Settings:
    """The operator lets webhooks go to these books, although they stand in a private network."""
    hosts = frozenset({books.host})
    return replace(settings, webhook_hosts=hosts, webhook_private_hosts=hosts)


@pytest.fixture
def post(engine: Engine, session_info: dict[str, object], allowed: Settings, clock: TestClock, certificate: Path) -> Post:
    trust = ssl.create_default_context(cafile=str(certificate))
    return Post(lambda: Courier(lambda: Session(engine, info=dict(session_info)), allowed, clock, trust=trust, whole_s=1))


def registers(town: Town, who: Principal, shop: Shop | None, books: Books) -> WebhookMade:
    """The owner, or (without a shop) an administrator, lets these books be told."""
    shop_id = shop.id if shop else None
    return merchant.commands.add_webhook(town.session, who, shop_id, books.address, hosts={books.host})
