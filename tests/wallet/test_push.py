"""スマホへの通知: a browser that wished it is told by the worker, through a service that learns nothing, and the screen says no amount.

The service here is a real HTTPS server that opens what it gets with the browser's own key, as the standard tells a browser to.
"""

from __future__ import annotations

import json
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import association.commands
import identity.commands
import identity.queries
import wallet.commands
from association.queries import Audience, Words
from base.settings import Settings, SettingsWrong, read_settings
from identity.queries import Subscription
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.town import Consumer, Town
from tests.wallet.phones import Served
from tests.web.waiting import wait_for_promise
from tests.webhooks.conftest import Quiet, certificate
from wallet.commands import Wish
from wallet.errors import PushKeysWrong, PushServiceUnknown
from wallet.pusher import Pusher
from wallet.webpush import b64, is_endpoint, point, public_key, sealed, signing_key, unb64

__all__ = ["certificate"]


@dataclass
class Phone:
    """A browser's side: its keys, and what its service brought. `answers`: what the service says next, then always 201."""

    port: int
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"
    got: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def wish(self, *, details: bool = False, language: str = "ja") -> Wish:
        keys = b64(point(self.key.public_key())), b64(self.auth)
        return Wish(Subscription(f"https://{self.host}/push/abc", *keys, language), details)

    def shown(self) -> list[str]:
        return [plain["body"] for _, plain in self.got]

    def opens(self, body: bytes) -> dict[str, str]:
        """RFC 8291 and RFC 8188 from the receiver's side, written once more from their text."""
        salt, size, theirs, rest = body[:16], body[20], body[21 : 21 + body[20]], body[21 + body[20] :]
        assert size == 65
        secret = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        keying = derived(self.auth, secret, b"WebPush: info\0" + point(self.key.public_key()) + theirs, 32)
        key, nonce = derived(salt, keying, b"Content-Encoding: aes128gcm\0", 16), derived(salt, keying, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, rest, None)
        assert plain.endswith(b"\x02")
        return dict(json.loads(plain[:-1]))


def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@pytest.fixture
def phone(certificate: Path, owner_engine: Engine) -> Iterator[Phone]:
    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    mine = Phone(server.server_address[1])

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = mine.answers.pop(0) if mine.answers else 201
            if status == 201:
                mine.got.append(({name.lower(): value for name, value in self.headers.items()}, mine.opens(body)))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server.RequestHandlerClass = Service
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield mine
    server.shutdown()
    server.server_close()
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM push_subscription"))


@pytest.fixture
def worker(
    engine: Engine, session_info: dict[str, object], settings: Settings, clock: TestClock, certificate: Path, phone: Phone
) -> Pusher:
    trust = ssl.create_default_context(cafile=str(certificate))
    allowed = replace(settings, push_hosts=frozenset({phone.host}))
    return Pusher(lambda: Session(engine, info=dict(session_info)), allowed, clock, trust=trust, private_too=True)


def wishes(hanako: Consumer, phone: Phone, **more: object) -> None:
    wish = phone.wish(**more)  # type: ignore[arg-type]
    wallet.commands.subscribe(hanako.town.session, hanako.who, wish, hosts=frozenset({phone.host}), now=hanako.town.now)


def announces(town: Town, title: str = "花火の日") -> None:
    association.commands.announce(town.session, town.clerk().who, Audience("all"), Words(title, "本文"), key=uuid4(), now=town.now)


def test_what_comes_is_told_once_and_says_no_amount(district: Town, phone: Phone, worker: Pusher) -> None:
    """A notice, a payment, a refund: each once, in its own order; what was there before the wish is no news; the title is the town's."""
    hanako, shop = district.consumer(coins=3_000), district.shop("みなと屋")
    wishes(hanako, phone)
    assert worker.round() == 0 and phone.got == []
    announces(district)
    worker.round()
    paid = hanako.pays(shop, 1_280)
    worker.round()
    shop.refunds(paid.transaction_id, 1_280)
    worker.round()
    worker.round()
    assert phone.shown() == ["組合からお知らせが届きました。", "支払いがありました。", "返金がありました。"]
    whole = json.dumps([plain for _, plain in phone.got], ensure_ascii=False)
    assert "1,280" not in whole and "みなと屋" not in whole and "花火" not in whole
    assert [(plain["url"], heads["topic"]) for heads, plain in phone.got] == [
        ("/wallet/inbox", "news"),
        ("/wallet/history", "money"),
        ("/wallet/history", "money"),
    ]


def test_whoever_chose_so_reads_amount_and_title(district: Town, phone: Phone, worker: Pusher) -> None:
    """In their own language, and never the shop's name."""
    hanako = district.consumer(coins=3_000)
    wishes(hanako, phone, details=True, language="en")
    announces(district)
    hanako.pays(district.shop("みなと屋"), 1_280)
    worker.round()
    assert phone.shown() == ["花火の日", "A payment of 1,280 yen was made."]


def test_the_service_knows_who_sends(district: Town, phone: Phone, worker: Pusher, settings: Settings) -> None:
    """The token is signed by the key that the browser was given, for this service alone, for less than a day."""
    hanako = district.consumer()
    wishes(hanako, phone)
    announces(district)
    worker.round()
    token, key = phone.got[0][0]["authorization"].removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    raw = unb64(signature)
    right = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    assert key == public_key(settings.master_key) == public_key(settings.master_key)
    signing_key(settings.master_key).public_key().verify(right, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    said = json.loads(unb64(claims))
    assert said["aud"] == f"https://{phone.host}" and said["sub"] == "https://meguri.test"
    assert 0 < said["exp"] - district.now.timestamp() < 24 * 3600


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(district: Town, phone: Phone, worker: Pusher, status: int) -> None:
    hanako = district.consumer()
    wishes(hanako, phone)
    phone.answers = [status]
    announces(district)
    worker.round()
    assert identity.queries.own_subscriptions(district.session, hanako.who)[0] == 0


def test_a_service_that_stumbles_is_tried_later(district: Town, phone: Phone, worker: Pusher, clock: TestClock) -> None:
    """Not at once again, and nothing is lost; after many tries in vain the browser is forgotten."""
    hanako = district.consumer()
    wishes(hanako, phone)
    phone.answers = [503]
    announces(district)
    worker.round()
    worker.round()
    assert phone.got == []
    clock.advance(minutes=3)
    worker.round()
    assert len(phone.got) == 1
    announces(district, "二つめ")
    phone.answers = [503] * 8
    for _ in range(8):
        worker.round()
        clock.advance(hours=9)
    assert identity.queries.own_subscriptions(district.session, hanako.who)[0] == 0


def test_nobody_is_told_where_nobody_is_signed_in(district: Town, phone: Phone, worker: Pusher) -> None:
    """Signing out ends it, for a phone may be shared or lost; so does taking it back, and leaving."""
    hanako, taro = district.consumer(coins=500), district.consumer()
    wishes(hanako, phone)
    identity.commands.end_sessions(district.session, district.district_id, hanako.person_id, now=district.now)
    announces(district)
    worker.round()
    identity.commands.sweep(district.session, now=district.now)
    assert identity.queries.own_subscriptions(district.session, hanako.who)[0] == 0
    wishes(taro, phone)
    wallet.commands.unsubscribe(district.session, taro.who)
    announces(district)
    worker.round()
    assert phone.got == []


def test_what_is_kept_is_sealed(district: Town, phone: Phone, owner_engine: Engine) -> None:
    """Neither the address nor the keys can be read from the table, and erasing the person erases them."""
    hanako = district.consumer()
    wishes(hanako, phone)
    with owner_engine.connect() as connection:
        [row] = connection.execute(text("SELECT sealed, endpoint_hash FROM push_subscription")).all()
    assert b"localhost" not in row.sealed and b"push" not in row.sealed and len(row.endpoint_hash) == 32
    identity.commands.erase_person(district.session, hanako.who, hanako.person_id, now=district.now)
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM push_subscription")) == 0


def test_only_services_that_the_operator_allowed(district: Town, phone: Phone) -> None:
    """Neither another host nor keys that are none are kept; a dot in front allows what lies below, and nothing beside."""
    hanako = district.consumer()
    with pytest.raises(PushServiceUnknown):
        wallet.commands.subscribe(district.session, hanako.who, phone.wish(), hosts=frozenset({"push.example"}), now=district.now)
    wrong = Wish(replace(phone.wish().subscription, p256dh=b64(b"\x04" + bytes(64))), False)
    with pytest.raises(PushKeysWrong):
        wallet.commands.subscribe(district.session, hanako.who, wrong, hosts=frozenset({phone.host}), now=district.now)
    hosts = frozenset({".notify.example", "push.example"})
    good = ["https://push.example/x", "https://db5p.notify.example/w/?token=a"]
    bad = ["http://push.example/x", "https://push.example:8443/x", "https://evil-notify.example/", "https://notify.example/"]
    bad += ["https://push.example@evil.example/", "https://evil.example/#push.example", "https://push.example.evil/", "x", "https://[::1/"]
    assert [is_endpoint(each, hosts) for each in good + bad] == [True] * 2 + [False] * len(bad)


def test_the_operator_names_the_services() -> None:
    """Off where nothing is said; a dot in front is understood, anything else that is no host is named."""
    assert Settings.__dataclass_fields__["push_hosts"].default == frozenset()
    with pytest.raises(SettingsWrong) as said:
        read_settings({"MEGURI_PUSH_HOSTS": "https://fcm.googleapis.com"})
    assert "MEGURI_PUSH_HOSTS" in str(said.value)
    with pytest.raises(SettingsWrong) as said:
        read_settings({"MEGURI_PUSH_HOSTS": "fcm.googleapis.com, .notify.windows.com"})
    assert "MEGURI_PUSH_HOSTS" not in str(said.value)


def test_the_page_begins_and_ends_it(app: Flask, district: Town, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no service is allowed the page says that the inbox does without; where one is, a press begins and another ends."""
    hanako, seat, page = district.consumer(), Desk(app.test_client(), district, None), "/wallet/settings/notices"
    seat.client.set_cookie("meguri_session", district.cookie(hanako.person_id), domain=district.host, secure=True)
    assert "data-push=" not in seat.sees(page).text and "いつでも読めます" in seat.sees(page).text
    monkeypatch.setitem(app.config, "PUSH_HOSTS", frozenset({phone.host}))
    keys = phone.wish().subscription
    sent = seat.presses(page, page, endpoint=keys.endpoint, p256dh=keys.p256dh, auth=keys.auth)
    assert sent.status_code == 303 and "いま 1台で受け取っています" in seat.sees(page).text
    assert seat.presses(page, f"{page}/end").status_code == 303 and "受け取っています" not in seat.sees(page).text


def test_the_standard_s_own_example() -> None:
    """RFC 8291, appendix A, byte by byte."""
    own = ec.derive_private_key(int.from_bytes(unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1())
    p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    body = sealed(
        b"When I grow up, I want to be a watermelon", p256dh, "BTBZMqHH6r4Tts7J_aSIgg", salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"), own=own
    )
    assert b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.fixture
def whole_chromium(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """The Chromium that people have: its headless shell, which the other tests take for its speed, shows no notices."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("Only the whole Chromium shows notices: apt-get install chromium")
    browser = playwright.chromium.launch(**{**browser_type_launch_args, "executable_path": program})
    yield browser
    browser.close()


@pytest.mark.browser
def test_the_browser_shows_what_the_worker_tells(
    hand: Callable[..., Page], whole_chromium: Browser, served: Served, district: Town
) -> None:
    """The page's press asks nobody before it is pressed; the service worker shows the sentence, a second takes its place."""
    page = hand(district.consumer(), installed=True, by=whole_chromium)
    page.context.grant_permissions(["notifications"])
    served.app.config["PUSH_HOSTS"] = frozenset({"push.example"})
    page.goto("/wallet/settings/notices")
    expect(page.get_by_role("button", name="この端末で受け取る")).to_be_visible()
    assert page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.pushManager.getSubscription())") is None
    line = page.context.new_cdp_session(page)
    found: list[str] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(each["registrationId"] for each in said["registrations"]))
    line.send("ServiceWorker.enable")
    for _ in range(250):
        if not found:
            page.wait_for_timeout(20)
    for body in ("支払いがありました。", "返金がありました。"):
        plain = {"title": "灯ノ沢温泉", "body": body, "url": "/wallet/history", "tag": "money", "lang": "ja"}
        line.send("ServiceWorker.deliverPushMessage", {"origin": served.address, "registrationId": found[-1], "data": json.dumps(plain)})
    shown = "navigator.serviceWorker.ready.then((worker) => worker.getNotifications()).then((all) => all.map((one) => one.body))"
    wait_for_promise(page, f"() => {shown}.then((all) => all.join() === '返金がありました。')")
