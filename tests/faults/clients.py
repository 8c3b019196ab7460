"""Clients that pay, give back, top up, set aside, read and settle, all at once, and write down every call with its answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import MeguriError
from ledger import commands, queries
from ledger.commands import Draft, hash_command, transfer
from tests.faults.history import Call
from tests.faults.machine import Handset

PATIENCE_S = 90
MOVING = ("payment", "refund", "top_up")


class NoAnswer(Exception):
    """The line broke, or the answer was "not now": it may have happened or not."""


class Abandoned(Exception):
    """Somebody has stopped the whole: what is unknown stays unknown."""


class Refusal(Exception):
    """The answer was no, with this code."""


@dataclass(frozen=True, slots=True)
class Order:
    """One intention. What it means stands at `Call`."""

    act: str
    accounts: tuple[int, ...]
    amount: int = 0
    key: UUID | None = None
    refers_to: int | None = None
    hold: int | None = None
    seconds: float = 0  # how long a hold lives


@dataclass(frozen=True, slots=True)
class Answer:
    """Done. `number` None: settled, and closed for good."""

    number: int | None = None
    told: int | None = None


class Way(Protocol):
    """How a client reaches the book. Raises NoAnswer and Refusal."""

    def carries_out(self, order: Order) -> Answer: ...


@dataclass
class Diary:
    """What all clients have called for and heard."""

    calls: list[Call] = field(default_factory=list)

    def call(self, client: str, order: Order, way: Way) -> Call:
        """Carry it out and write it down."""
        invoked, outcome, answer, code = time.monotonic(), "done", Answer(), ""
        try:
            answer = way.carries_out(order)
            if order.act == "settle" and answer.number is None:
                outcome = "closed"
        except NoAnswer:
            outcome = "unknown"
        except Refusal as refusal:
            outcome, code = "refused", str(refusal)
        call = Call(
            client,
            order.act,
            invoked,
            time.monotonic(),
            outcome,
            order.accounts,
            order.amount,
            order.key,
            order.refers_to,
            order.hold,
            answer.number,
            answer.told,
            code,
        )
        self.calls.append(call)  # one step of the interpreter: no lock is needed
        return call


@dataclass
class ByBook:
    """Through the doors of the ledger, on a database connection, as the web processes do."""

    engine: Engine
    district_id: int

    def carries_out(self, order: Order) -> Answer:
        try:
            with Session(self.engine) as session, atomic(session):
                return getattr(self, f"_{order.act}")(session, order)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise NoAnswer from error
        except MeguriError as error:
            raise Refusal(error.code) from error

    def _post(self, session: Session, order: Order) -> Answer:
        debit, credit = order.accounts if order.act != "refund" else order.accounts[::-1]
        content = hash_command(order.act, debit, credit, order.amount, order.refers_to, order.hold)
        assert order.key is not None
        draft = Draft(order.act, order.key, content, transfer(debit, credit, order.amount), refers_to=order.refers_to, hold_id=order.hold)
        posted = commands.post(session, self.district_id, draft)
        told = None
        if order.act == "payment" and not posted.replayed:  # still under its lock
            told = queries.balance(session, self.district_id, order.accounts[0])
        return Answer(posted.transaction_id, told)

    _payment = _refund = _top_up = _post

    def _hold(self, session: Session, order: Order) -> Answer:
        assert order.key is not None
        expires = datetime.fromtimestamp(int(order.key) % 2**32, UTC) + timedelta(seconds=order.seconds)
        content = hash_command("hold", order.accounts[0], order.amount)
        return Answer(
            commands.place_hold(
                session, self.district_id, order.accounts[0], order.amount, key=order.key, command_hash=content, expires_at=expires
            )
        )

    def _release(self, session: Session, order: Order) -> Answer:
        assert order.hold is not None
        commands.release_hold(session, self.district_id, order.hold)
        return Answer()

    def _settle(self, session: Session, order: Order) -> Answer:
        assert order.key is not None
        found = commands.close_key(session, self.district_id, order.key)
        return Answer(None if found is None else found.transaction_id)

    def _read(self, session: Session, order: Order) -> Answer:
        return Answer(told=queries.balance(session, self.district_id, order.accounts[0]))

    def _available(self, session: Session, order: Order) -> Answer:
        return Answer(told=queries.available(session, self.district_id, order.accounts[0]))


@dataclass
class BySite:
    """Over HTTP: one person's phone, and the tills and the counter by their tokens. `ports`: the web servers; any of them will do.

    Accounts by what the pages call them: `shops` account → public number and token, `cards` account → the card's QR."""

    phone: Handset
    ports: tuple[int, ...]
    shops: dict[int, tuple[str, str]]
    desk: str
    cards: dict[int, str]
    csrf: str = ""
    at_the_door: threading.Lock = field(default_factory=threading.Lock)

    def carries_out(self, order: Order) -> Answer:
        try:
            return getattr(self, f"_{order.act}")(order)
        except OSError as error:
            raise NoAnswer from error

    def _payment(self, order: Order) -> Answer:
        path = f"/wallet/pay/shop/{self.shops[order.accounts[1]][0]}"
        return Answer(self._done(path, {"amount": str(order.amount), "key": str(order.key)}))

    def _settle(self, order: Order) -> Answer:
        return Answer(self._done(f"/wallet/unknown/{order.key}", {}))

    def _done(self, path: str, fields: dict[str, str]) -> int | None:
        """Where the phone is sent: to a payment that is done, or to where it says that nothing was paid."""
        self.phone.machine.port = random.choice(self.ports)
        with self.at_the_door:
            self._has_a_form()
        answer = self.phone.sends(path, fields | {"csrf_token": self.csrf})
        if answer.status in (502, 503, 504):
            raise NoAnswer
        if answer.status != 200 or answer.next is None:
            raise Refusal(answer.code or f"status {answer.status}")
        found = answer.next.rpartition("/wallet/done/")[2]
        return int(found) if found.isdigit() else None

    def _has_a_form(self) -> None:
        """One after the other: a phone that opens its first two pages at once has the token of the later one."""
        if not self.csrf:
            self.csrf = self.phone.form(f"/wallet/unknown/{uuid4()}").get("csrf_token", "")
            if not self.csrf:
                raise NoAnswer  # the page could not be drawn, and nothing was sent

    def _refund(self, order: Order) -> Answer:
        body = {"payment_id": order.refers_to, "amount": order.amount}
        answer = self._asks("/refunds", self.shops[order.accounts[1]][1], body, order.key)
        return Answer(answer["id"], None if answer["replayed"] else answer["left"])

    def _top_up(self, order: Order) -> Answer:
        body = {"code": self.cards[order.accounts[1]], "amount": order.amount, "series": "akari"}
        return Answer(self._asks("/top-ups", self.desk, body, order.key)["id"])

    def _read(self, order: Order) -> Answer:
        items = self._asks("/balances", self.shops[order.accounts[0]][1])["items"]
        return Answer(told=sum(item["amount"] for item in items))

    def _asks(self, path: str, token: str, body: dict[str, Any] | None = None, key: UUID | None = None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", random.choice(self.ports), timeout=PATIENCE_S)
        headers = {
            "Host": f"{self.phone.town.host}:{self.ports[0]}",
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }
        try:
            if body is None:
                line.request("GET", f"/api/v1{path}", headers=headers)
            else:
                line.request("POST", f"/api/v1{path}", json.dumps(body), headers | {"Idempotency-Key": str(key)})
            answer = line.getresponse()
            said = json.loads(answer.read())
        except (http.client.HTTPException, ValueError) as error:
            raise NoAnswer from error
        finally:
            line.close()
        if answer.status in (429, 502, 503, 504):
            raise NoAnswer
        if answer.status >= 400:
            raise Refusal(said.get("code") or f"status {answer.status}")
        return said


@dataclass
class Client:
    """Does one thing after the other until it is over; never leaves anything unknown behind."""

    name: str
    way: Way
    diary: Diary
    purses: list[int]
    shops: list[int]
    drawers: list[int]
    acts: dict[str, int]  # what it does, and how often
    dice: random.Random
    abandoned: threading.Event
    tempo_s: float = 0.0
    paid: list[Call] = field(default_factory=list)
    holding: list[tuple[int, int]] = field(default_factory=list)
    poor: int | None = None  # a purse that was short a moment ago

    def lives(self, over: threading.Event) -> None:
        while not over.is_set():
            (act,) = self.dice.choices(list(self.acts), list(self.acts.values()))
            getattr(self, f"_{act}")()
            over.wait(self.tempo_s)
        while self.holding:
            self._gives_back()

    def settled(self, order: Order, *, may_close: bool = False) -> Call:
        """Ask until there is an answer: the same again, or, where the client gives up, whether it ever happened."""
        call = self.diary.call(self.name, order, self.way)
        deadline = time.monotonic() + PATIENCE_S
        while call.outcome == "unknown":
            assert time.monotonic() < deadline, f"{self.name}: nobody answers any more"
            if self.abandoned.wait(0.1):
                raise Abandoned
            if may_close and self.dice.random() < 0.4:
                settling = self.diary.call(self.name, replace(order, act="settle"), self.way)
                if settling.outcome == "closed" and self.dice.random() < 0.5:
                    self.settled(order)  # the original comes in late
                if settling.outcome != "unknown":
                    return settling
            else:
                call = self.diary.call(self.name, order, self.way)
        return call

    def _pays(self, *, hold: int | None = None, purse: int | None = None, most: int = 900) -> None:
        purse = purse or self.dice.choice(self.purses)
        order = Order("payment", (purse, self.dice.choice(self.shops)), self.dice.randint(1, most), uuid4(), hold=hold)
        call = self.settled(order, may_close=True)
        if call.outcome == "done" and call.act == "payment":
            self.paid.append(call)
        elif call.code == "insufficient_balance":
            self.poor = purse

    def _refunds(self) -> None:
        if not self.paid:
            return self._pays()
        of = self.dice.choice(self.paid[-20:])
        order = Order("refund", of.accounts, self.dice.randint(1, of.amount), uuid4(), refers_to=of.number)
        self.settled(order)

    def _tops_up(self) -> None:
        purse = self.poor or self.dice.choice(self.purses)
        self.poor = None
        self.settled(Order("top_up", (self.dice.choice(self.drawers), purse), self.dice.randint(300, 2_000), uuid4()))

    def _holds(self) -> None:
        purse, seconds = self.dice.choice(self.purses), self.dice.choice((3, 90))
        key = UUID(int=self.dice.getrandbits(96) << 32 | int(time.time()))  # a repeat asks for the same end
        call = self.settled(Order("hold", (purse,), self.dice.randint(100, 900), key, seconds=seconds))
        if call.outcome == "done" and call.number is not None:
            self.holding.append((purse, call.number))

    def _uses_a_hold(self) -> None:
        if not self.holding:
            return self._holds()
        purse, hold = self.holding.pop(0)
        self._pays(hold=hold, purse=purse, most=100)
        self.settled(Order("release", (purse,), hold=hold))  # of one that was used this changes nothing

    def _gives_back(self) -> None:
        if self.holding:
            purse, hold = self.holding.pop(0)
            self.settled(Order("release", (purse,), hold=hold))

    def _reads(self) -> None:
        self.settled(Order("read", (self.dice.choice(self.purses),)))

    def _looks_what_is_free(self) -> None:
        self.settled(Order("available", (self.dice.choice(self.purses),)))

    def _reads_takings(self) -> None:
        self.settled(Order("read", (self.dice.choice(self.shops),)))

    def _gives_up(self) -> None:
        """Closes a key while its original is on the way: whichever comes first decides, for good."""
        order = Order("payment", (self.dice.choice(self.purses), self.dice.choice(self.shops)), self.dice.randint(1, 300), uuid4())
        with ThreadPoolExecutor(1) as beside:
            original = beside.submit(self.settled, order)
            self.settled(replace(order, act="settle"))
        original.result()
        self.settled(order)

    def _presses_twice(self) -> None:
        """The same payment under the same key, twice at once."""
        order = Order("payment", (self.dice.choice(self.purses), self.dice.choice(self.shops)), self.dice.randint(1, 300), uuid4())
        with ThreadPoolExecutor(1) as beside:
            other = beside.submit(self.settled, order)
            self.settled(order)
        other.result()

    def asks_again(self, calls: list[Call], note: Callable[[Call], bool]) -> None:
        """The same keys once more: the diary gets what is said now."""
        for call in filter(note, calls):
            self.settled(Order(call.act, call.accounts, call.amount, call.key, call.refers_to, call.hold))


BOOK_ACTS = {
    "pays": 42,
    "refunds": 12,
    "tops_up": 15,
    "holds": 4,
    "uses_a_hold": 4,
    "gives_back": 2,
    "reads": 8,
    "looks_what_is_free": 5,
    "reads_takings": 4,
    "gives_up": 3,
    "presses_twice": 3,
}
NO_HOLDS = {act: often for act, often in BOOK_ACTS.items() if act not in ("holds", "uses_a_hold", "gives_back", "looks_what_is_free")}
"""Where the clock is moved, or may stand for long: a hold's end is a moment, and nobody could say which side of it an answer was."""
PHONE_ACTS = {"pays": 60, "refunds": 15, "reads_takings": 12, "gives_up": 3, "presses_twice": 3}
