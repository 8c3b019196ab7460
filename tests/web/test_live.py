"""The live line, on a real server and a real PostgreSQL: quick, complete, honest, and cheap to keep open."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import WAKE_ALL, WAKE_ASK, Waker, atomic, wake
from base.settings import Settings
from embedded import Server
from tests.web.conftest import NOWHERE, Served, serve, small_app
from web import live
from web.errors import PageUnknown

PATIENCE_S = 30


@dataclass
class News:
    """What the test's shop has to tell: numbered sentences."""

    said: list[str] = field(default_factory=list)
    looks: int = 0
    over: bool = False

    def since(self, session: Session, last_id: str | None) -> Iterator[live.Event]:
        self.looks += 1
        session.execute(text("SELECT 1"))
        if self.over:
            raise PageUnknown()
        for number in range(int(last_id or 0), len(self.said)):
            yield number + 1, "said", {"text": self.said[number]}


@pytest.fixture
def news(served: Served, settings: Settings) -> News:
    """A stream of the small application: /events, woken by the topic t1."""
    told = News()
    add_stream(served.app, told)
    served.app.extensions["test.waker"] = Waker(settings.database_url)
    return told


def add_stream(app: Flask, told: News) -> None:
    def produce(session: Session, last_id: str | None, _woken: object) -> Iterable[live.Event]:
        return told.since(session, last_id)

    @app.get("/events")
    def events() -> Response:
        return live.stream(["t1"], produce, holder=request.args.get("holder", secrets.token_hex(4)), first="first" in request.args)


class Listener:
    """A page that listens: reads the stream line by line in a thread of its own."""

    def __init__(self, served: Served, path: str = "/events", **headers: str) -> None:
        place = urlsplit(served.address)
        self.connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=PATIENCE_S)
        self.connection.request("GET", path, headers={"Host": place.netloc, **headers})
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.events: list[tuple[str | None, str, dict[str, Any], float]] = []
        self.lines: list[str] = []
        self.arrived = threading.Condition()
        self.ended = threading.Event()
        if self.answer.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event_id, name = None, "message"
        try:
            for raw in self.answer:
                line = raw.decode().rstrip("\n")
                self.lines.append(line)
                key, _, value = line.partition(": ")
                if key == "id":
                    event_id = value
                elif key == "event":
                    name = value
                elif key == "data":
                    with self.arrived:
                        self.events.append((event_id, name, json.loads(value), time.monotonic()))
                        self.arrived.notify_all()
                    event_id, name = None, "message"
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            return  # the test hung up
        finally:
            self.ended.set()

    def hears(self, name: str, count: int = 1) -> list[tuple[str | None, dict[str, Any], float]]:
        """The first `count` events of that name, as soon as they are there."""

        def found() -> list[tuple[str | None, dict[str, Any], float]]:
            return [(event_id, data, at) for event_id, kind, data, at in self.events if kind == name]

        with self.arrived:
            assert self.arrived.wait_for(lambda: len(found()) >= count, PATIENCE_S), (name, count, self.events)
        return found()[:count]

    def hangs_up(self) -> None:
        assert self.socket is not None
        self.socket.shutdown(socket.SHUT_RDWR)  # closing would wait for the thread that reads
        assert self.ended.wait(PATIENCE_S)
        self.answer.close()


def tell(served: Served, news: News, sentence: str) -> float:
    """Commit something and wake the stream as a door does; gives the moment of the commit."""
    engine = served.app.extensions["meguri.engine"]
    with Session(engine, info={"waker": served.app.extensions["test.waker"]}) as session, atomic(session):
        session.execute(text("SELECT 1"))
        news.said.append(sentence)
        wake(session, "t1")
    return time.monotonic()


def test_news_arrive_at_once(served: Served, news: News) -> None:
    """A ring follows its commit in well under the second that polling would take."""
    page = Listener(served)
    page.hears("beat")
    delays = []
    for number in range(5):
        at = tell(served, news, f"news {number}")
        delays.append(page.hears("said", number + 1)[-1][2] - at)
    assert sorted(delays)[2] < 0.3, delays
    assert [data["text"] for _id, data, _at in page.hears("said", 5)] == [f"news {number}" for number in range(5)]
    page.hangs_up()


def test_the_stream_says_how_to_be_read(served: Served, news: News) -> None:
    """Not kept, not buffered by a proxy, with the time to wait before coming back and the server's clock."""
    page = Listener(served)
    (_id, beat, _at), *_ = page.hears("beat")
    assert page.answer.headers["Content-Type"].startswith("text/event-stream")
    assert page.answer.headers["X-Accel-Buffering"] == "no" and page.answer.headers["Cache-Control"] == "no-store"
    assert page.lines[0] == f"retry: {live.RETRY_MS}"
    assert abs(beat["now"] - time.time() * 1000) < 5_000
    page.hangs_up()


@pytest.mark.parametrize("by", ["header", "address"])
def test_a_page_that_comes_back_misses_nothing(served: Served, news: News, by: str) -> None:
    """After a lost connection the page names the last thing it saw, and gets everything since, once."""
    news.said += ["one", "two", "three"]
    page = Listener(served, **{"Last-Event-ID": "1"}) if by == "header" else Listener(served, "/events?after=1")
    assert [(event_id, data["text"]) for event_id, data, _at in page.hears("said", 2)] == [("2", "two"), ("3", "three")]
    page.hangs_up()


@pytest.mark.usefixtures("impatient")
def test_news_without_a_wake_up_are_found(served: Served, news: News) -> None:
    """A lost wake-up costs the time to the next look, never an event."""
    page = Listener(served)
    page.hears("beat")
    news.said.append("unheard")
    at = time.monotonic()
    assert page.hears("said")[0][2] - at < 2.5
    page.hangs_up()


def test_a_server_that_starts_lets_all_lines_look(served: Served, news: News) -> None:
    """The one before may have been killed after the commit and before the wake-up."""
    page = Listener(served)
    page.hears("beat")
    tell(served, news, "heard")
    page.hears("said")
    news.said.append("never announced")
    served.app.extensions["meguri.waker"]([WAKE_ALL])
    assert page.hears("said", 2)[1][1]["text"] == "never announced"
    page.hangs_up()


def test_a_process_that_is_asked_says_how_quick_its_lines_are(served: Served, news: News, session: Session) -> None:
    """Once a minute the worker asks: what is answered is the way of a wake-up, by the database's own clock, and on to the page."""
    page = Listener(served)
    page.hears("beat")
    tell(served, news, "heard")
    page.hears("said")
    sent = session.execute(text("SELECT (1000 * extract(epoch FROM clock_timestamp()))::bigint")).scalar_one()
    row = None
    answers = text("SELECT heard_ms, slowest_ms FROM live_line WHERE answered_at > to_timestamp(:sent / 1000.0) AND lines = 1")  # others: 0
    moment, deadline = threading.Event(), time.monotonic() + PATIENCE_S
    while row is None and time.monotonic() < deadline:
        served.app.extensions["meguri.waker"]([f"{WAKE_ASK}{sent}"])  # again: what is asked while the hub has no line is lost
        row = session.execute(answers, {"sent": sent}).one_or_none()
        session.commit()
        moment.wait(0.02)
    assert row is not None
    assert 0 <= row.heard_ms < 2_000 and 0 <= row.slowest_ms < 2_000
    page.hangs_up()


HUB = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'meguri live hub'"


def test_the_hub_comes_back_after_its_line_is_cut(served: Served, news: News, server: Server, database: str) -> None:
    """PostgreSQL restarts: the stream goes on by itself, and wake-ups are quick again once the hub has reconnected."""
    page = Listener(served)
    page.hears("beat")
    moment, deadline = threading.Event(), time.monotonic() + PATIENCE_S
    with server.admin() as admin:
        while not admin.execute(HUB, (database,)).fetchall():  # the first beat may come before the hub has its line
            assert time.monotonic() < deadline
            moment.wait(0.02)
    delays = []
    for number in range(12):
        at = tell(served, news, f"news {number}")
        delays.append(page.hears("said", number + 1)[-1][2] - at)
        if number > 2 and delays[-1] < 0.3 and delays[-2] < 0.3:
            break
    assert max(delays) < 2.5 and delays[-1] < 0.3, delays
    page.hangs_up()


def test_a_waiting_stream_holds_no_connection(served: Served, news: News) -> None:
    """Three pages look on over a pool of one connection, and who wants to pay still gets it: nobody waits for lookers."""
    assert served.app.extensions["meguri.engine"].pool.size() == 1
    pages = [Listener(served) for _page in range(3)]
    for page in pages:
        page.hears("beat")
    started = time.monotonic()
    assert [tell(served, news, f"payment {number}") for number in range(20)]
    assert time.monotonic() - started < 3
    for page in pages:
        page.hears("said", 20)
        page.hangs_up()


def test_more_streams_than_allowed_are_told_when_to_come_back(served: Served, news: News, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fourth of three gets 503 with Retry-After; once a page leaves, its place is free at the next beats."""
    monkeypatch.setattr(live, "BEAT_S", 0.5)
    pages = [Listener(served) for _page in range(3)]
    for page in pages:
        page.hears("beat")
    refused = Listener(served, Accept="text/event-stream")
    assert (refused.answer.status, refused.answer.headers["Retry-After"]) == (503, "5")
    refused.answer.close()
    pages[0].hangs_up()
    hub = served.app.extensions["meguri.hub"]
    until = time.monotonic() + PATIENCE_S
    while hub.open_streams == 3 and time.monotonic() < until:
        pages[1].hears("beat", sum(kind == "beat" for _id, kind, _data, _at in pages[1].events) + 1)
    assert hub.open_streams == 2
    for page in pages[1:]:
        page.hangs_up()


def test_nobody_takes_the_lines_of_others(served: Served, news: News, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person opens so many and no more; and the last places are kept for tablets."""
    monkeypatch.setattr(live, "EACH_MAX", 1)
    monkeypatch.setattr(live, "KEPT_FOR_FIRST", 3)
    one, two = Listener(served, "/events?holder=hanako"), Listener(served, "/events?holder=taro")
    again, third = Listener(served, "/events?holder=hanako"), Listener(served, "/events?holder=jiro")
    tablet = Listener(served, "/events?holder=till&first=1")
    assert [line.answer.status for line in (one, two, again, third, tablet)] == [200, 200, 503, 503, 200]
    for line in (one, two, tablet):
        line.hears("beat")
        line.hangs_up()


@pytest.mark.usefixtures("impatient")
def test_who_may_no_longer_listen_is_told_and_let_go(served: Served, news: News) -> None:
    """A revoked tablet hears `end` with the reason at the next look, and the stream closes."""
    page = Listener(served)
    page.hears("beat")
    news.over = True
    (_id, data, _at), *_ = page.hears("end")
    assert data == {"code": "page_unknown", "number": "E-1103"}
    assert page.ended.wait(PATIENCE_S)


def test_a_stream_says_when_the_book_is_away() -> None:
    """Without its database the line stays open and says so; no beat pretends that all is well."""
    app = small_app(NOWHERE)
    add_stream(app, News())
    running = serve(app)
    page = Listener(next(running))
    assert page.hears("away", 2)
    assert not any(name == "beat" for _id, name, _data, _at in page.events)
    page.hangs_up()
    next(running, None)
