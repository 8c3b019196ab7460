"""Live pages: server-sent events (HTML standard, 9.2), woken by PostgreSQL's LISTEN.

One connection a process listens; each open stream is a thread that waits without a database connection.
A wake-up says only that there may be news: what the news is, the stream reads from the database itself, and
it looks by itself, too: each second while the hub's line is down, else each thirty. So a lost wake-up costs seconds
and never an event; a web process that starts wakes all, since one that was killed may not have come to it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import Any

import psycopg
from flask import Response, current_app, g, request, stream_with_context
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from base.db import WAKE_ALL, WAKE_ASK, WAKE_CHANNEL, done_reading
from base.errors import MeguriError
from web.errors import StreamsFull
from web.logs import log

Event = tuple[str | int | None, str, dict[str, Any]]
Produce = Callable[[Session, str | None, Set[str]], Iterable[Event]]

POLL_S = 1.0  # while nobody listens
SAFETY_S = 30.0  # while the hub listens: for what nobody has thought of
EACH_MAX = 6  # lines of one person or tablet in a process: pages in several tabs, and one that the server has not seen go
KEPT_FOR_FIRST = 4  # a quarter of the places is kept for tablets: they take money by this line
BEAT_S = 5.0  # tells the page that line and book are alive, and keeps proxies from closing it (they allow 60 s)
RETRY_MS = 1500
RECONNECT_S = 1.0
EVERYTHING: Set[str] = frozenset()
ANSWER = """
    INSERT INTO live_line (process, lines, heard_ms, slowest_ms, answered_at)
    SELECT w.process, w.lines, GREATEST((1000 * extract(epoch FROM clock_timestamp()))::bigint - w.sent_ms - w.ago_ms, 0), w.slowest_ms,
        clock_timestamp()
    FROM (VALUES (%s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint)) AS w (process, lines, sent_ms, ago_ms, slowest_ms)
    ON CONFLICT (process) DO UPDATE SET lines = excluded.lines, heard_ms = excluded.heard_ms, slowest_ms = excluded.slowest_ms,
        answered_at = excluded.answered_at
"""
AWAY = (OperationalError, InterfaceError, PoolTimeout)


class News:
    """What one stream is woken by."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._topics: set[str] = set()
        self.told_at = 0.0  # of time.monotonic(): when the first was told that nobody has taken yet
        self.is_over = False

    @property
    def is_there(self) -> bool:
        return self._event.is_set()

    def tell(self, *topics: str) -> None:
        """There may be news of `topics`; of none in particular: of everything."""
        if not self.is_there:
            self.told_at = time.monotonic()
        self._topics.update(topics)
        self._event.set()

    def take(self) -> Set[str]:
        """The topics of which there may be news; empty: of everything. From now on it waits for the next."""
        self._event.clear()
        told, self._topics = self._topics, set()
        return told

    def wait(self, most_s: float) -> None:
        self._event.wait(most_s)


class Hub:
    """Knows which streams of this process wait for which topic, and listens for them all.

    `engine`: where they look. Connections of their own, so that a ring does not wait behind the payments of others.
    """

    def __init__(self, listen_url: str, engine: Engine, streams_max: int) -> None:
        self.engine = engine
        self._listen_url = listen_url
        self._streams_max = streams_max
        self._lock = threading.Condition()
        self._waiting: dict[str, set[News]] = {}
        self._open = 0
        self._held: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._listening = False
        self._slowest_s = 0.0
        self._process = 0

    @property
    def open_streams(self) -> int:
        return self._open

    def join(self, topics: Sequence[str], holder: str, *, first: bool) -> News:
        """What tells of news of these topics.

        Raises StreamsFull beyond the process's limit, beyond what one `holder` may open, and for those who are not
        `first` also when only the places kept for these are left.
        """
        news = News()
        with self._lock:
            places = self._streams_max if first else self._streams_max - self._streams_max // KEPT_FOR_FIRST
            if self._open >= places or self._held[holder] >= EACH_MAX:
                raise StreamsFull()
            self._open += 1
            self._held[holder] += 1
            for topic in topics:
                self._waiting.setdefault(topic, set()).add(news)
            if self._thread is None:  # started late, so that a pre-forking server has one in each worker
                self._thread = threading.Thread(target=self._listen, name="live hub", daemon=True)
                self._thread.start()
        return news

    def leave(self, topics: Sequence[str], holder: str, news: News) -> None:
        """The stream is closed: nobody wakes it any more. Again is harmless."""
        with self._lock:
            if news.is_over:
                return
            news.is_over = True
            self._open -= 1
            self._held[holder] -= 1
            if not self._held[holder]:
                del self._held[holder]
            self._lock.notify_all()
            for topic in topics:
                waiting = self._waiting.get(topic, set())
                waiting.discard(news)
                if not waiting:
                    self._waiting.pop(topic, None)

    @property
    def is_listening(self) -> bool:
        """Whether wake-ups can reach this process now."""
        return self._listening

    def wake(self, topic: str) -> None:
        """Wake every stream that waits for `topic`."""
        if topic == WAKE_ALL:
            self._wake_all()
            return
        if topic.startswith(WAKE_ASK) and topic[len(WAKE_ASK) :].isdecimal():
            sent_ms, heard = int(topic[len(WAKE_ASK) :]), time.monotonic()
            threading.Thread(target=self._answer, args=(self._process, sent_ms, heard), name="live answer", daemon=True).start()
            return
        with self._lock:
            for news in self._waiting.get(topic, ()):
                news.tell(topic)

    def _wake_all(self) -> None:
        with self._lock:
            for waiting in self._waiting.values():
                for news in waiting:
                    news.tell(*self._waiting)

    def wrote(self, told_at: float) -> None:
        """A stream that was told at `told_at` has given its page what there was."""
        self._slowest_s = max(self._slowest_s, time.monotonic() - told_at)

    def _answer(self, process: int, sent_ms: int, heard: float) -> None:
        """Write down how long a wake-up took to here, and the longest since the answer before from there to a page.

        By a connection of its own, once a minute: the line that listens must miss nothing, and payments have the pool.
        """
        slowest_ms, self._slowest_s = int(self._slowest_s * 1_000), 0.0
        try:
            with psycopg.connect(self._listen_url, autocommit=True, application_name="meguri live answer", connect_timeout=5) as connection:
                connection.execute(ANSWER, (process, self._open, sent_ms, int((time.monotonic() - heard) * 1_000), slowest_ms))
        except psycopg.Error as error:
            log.warning("live hub cannot answer", kind=type(error).__name__)

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def close(self, wait_s: float = 0) -> bool:
        """Stop listening and end every stream; waits up to `wait_s` for them and tells whether all are gone."""
        self._closed.set()
        self._wake_all()
        with self._lock:
            all_gone = self._lock.wait_for(lambda: self._open == 0, wait_s)
        self.engine.dispose()
        return all_gone

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with psycopg.connect(
                    self._listen_url, autocommit=True, application_name="meguri live hub", connect_timeout=5
                ) as connection:
                    self._process = connection.info.backend_pid
                    connection.execute(f"LISTEN {WAKE_CHANNEL}")
                    self._listening = True
                    self._wake_all()  # whatever was said while nobody listened
                    while not self._closed.is_set():
                        for notice in connection.notifies(timeout=POLL_S):
                            self.wake(notice.payload)
            except psycopg.Error as error:
                self._listening = False
                self._wake_all()  # they see for themselves whether the book answers
                log.warning("live hub lost its line", kind=type(error).__name__)
                self._closed.wait(RECONNECT_S)  # streams look by themselves until the server is back


def _written(event: Event) -> str:
    event_id, name, data = event
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


def _beat() -> str:
    now = current_app.extensions["meguri.clock"]()
    return _written((None, "beat", {"now": int(now.timestamp() * 1000)}))


def _look(hub: Hub, produce: Produce, last_id: str | None, woken: Set[str]) -> list[Event]:
    """Everything new since `last_id`, read with a connection that is given back at once."""
    with Session(hub.engine) as session:
        return list(produce(session, last_id, woken))


def _events(hub: Hub, news: News, produce: Produce, last_id: str | None) -> Iterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    look_at = beat_at = 0.0
    while not hub.closed:
        now, said = time.monotonic(), []
        try:
            if news.is_there or now >= look_at or not hub.is_listening:
                told_at, told = news.told_at if news.is_there else None, news.take()
                woken = told if now < look_at and hub.is_listening else EVERYTHING
                look_at = 0.0  # until the look has succeeded
                for event in _look(hub, produce, last_id, woken):
                    last_id = str(event[0]) if event[0] is not None else last_id
                    said.append(_written(event))
                look_at = now + SAFETY_S
                if told_at is not None:
                    hub.wrote(told_at)
            if now >= beat_at:  # the book answers: it was looked into just now, or the hub is listening to it
                beat_at = now + BEAT_S
                said.append(_beat())
        except AWAY:
            said.append(_written((None, "away", {})))
        except MeguriError as error:
            yield _written((None, "end", {"code": error.code, "number": error.number}))
            return
        if said:
            yield "".join(said)  # one piece a look: each is a write of its own to the network
        news.wait(BEAT_S if hub.is_listening and look_at else POLL_S)


def stream(topics: Sequence[str], produce: Produce, *, holder: str, first: bool = False) -> Response:
    """A response that stays open and sends what `produce` finds.

    `produce(session, last_id, woken)` gives (id, event name, data) for everything after `last_id` (None: from now on).
    It is called at once, after each wake-up of a topic, and each few seconds; it never waits. `woken`: the topics that
    may have news; empty: it looks at everything. When it raises a
    refusal (the tablet was revoked, the session ended) the page is told (`end`) and the stream closes.

    Besides its own events the page gets `beat` with the server's time each 5 s while the book answers,
    and `away` while it does not. Raises StreamsFull (503) beyond MEGURI_STREAMS_MAX, of which a quarter is kept for lines
    that are `first`, and beyond what one `holder` may open.
    """
    hub: Hub = current_app.extensions["meguri.hub"]
    last_id = request.headers.get("Last-Event-ID") or request.args.get("after") or None
    news = hub.join(topics, holder, first=first)
    done_reading(g.session)  # the request's connection goes back: the stream holds none while it waits

    def leave() -> None:
        hub.leave(topics, holder, news)

    def events() -> Iterator[str]:
        try:
            yield from _events(hub, news, produce, last_id)
        finally:
            leave()  # a server may forget to close a response whose client is gone, but never to let go of it

    response = Response(stream_with_context(events()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(leave)  # also where nothing was ever read
    return response
