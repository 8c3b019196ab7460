"""非常停止 in the book itself: what is stopped is refused whatever asks, what is owed goes on, and two people start again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import atomic
from ledger import commands, queries
from ledger.errors import IssuingStopped, NotApproved, PayingStopped, SameHands, SeriesUnknown
from tests.ledger.conftest import Book
from tests.ledger.test_post import waits_for_a_lock

CHAIR, DEPUTY = 901, 902


def stop(book: Book, what: str, series_id: int = 0) -> int:
    return book.call(commands.stop, what, series_id, CHAIR, "不審な支払いが続いた")


def starts_again(book: Book, stop_id: int) -> None:
    proposal = book.call(commands.propose, CHAIR, "start_again", [], facts={"stop": stop_id})
    with pytest.raises(NotApproved):
        book.call(commands.start_again, proposal)
    with pytest.raises(SameHands):
        book.call(commands.decide, proposal, CHAIR, approved=True)
    book.call(commands.decide, proposal, DEPUTY, approved=True)
    book.call(commands.start_again, proposal)
    book.call(commands.start_again, proposal)


def test_stopped_paying_is_refused_by_every_door_and_what_is_owed_goes_on(book: Book) -> None:
    """One payment, a batch, a hold, and in a coin that begins meanwhile; a refund and a top-up are booked, and another district pays on."""
    hanako, bakery = book.consumer(1_000), book.shop()
    earlier, key = book.pays(hanako, bakery, 100), uuid4()
    stopped = stop(book, "paying")
    assert stop(book, "paying") == stopped, "again is the same stop"
    doors: list[Callable[[], object]] = [
        lambda: book.pays(hanako, bakery, 200, key=key),
        lambda: book.call(commands.post_many, [book.draft("payment", hanako, bakery, 10) for _ in range(3)]),
        lambda: book.holds(hanako, 300),
    ]
    for door in doors:
        with pytest.raises(PayingStopped):
            door()
    late = book.series()
    taro, stall = book.consumer(500, series_id=late), book.shop(series_id=late)
    with pytest.raises(PayingStopped):
        book.pays(taro, stall, 1)
    assert book.call(commands.post, book.draft("payment", hanako, bakery, 100, key=earlier.key)).replayed, "an answer is given again"
    book.refunds(earlier, bakery, hanako, 40)
    other = Book(book.engine, book.desk)
    other.series_id = other.series()
    other.pays(other.consumer(50), other.shop(), 50)
    starts_again(book, stopped)
    assert book.pays(hanako, bakery, 200, key=key).replayed is False, "a refusal bound no key"
    assert book.pays(taro, stall, 1)
    assert book.balance(hanako) == 740
    with pytest.raises(SeriesUnknown):
        stop(book, "series", book.series_id + 1_000_000)


def test_one_series_stops_whole_and_issuing_leaves_paying_alone(book: Book) -> None:
    """Two stops that overlap: ending one leaves what the other holds."""
    hanako, bakery = book.consumer(1_000), book.shop()
    other = book.series()
    taro, stall = book.consumer(1_000, series_id=other), book.shop(series_id=other)
    one, all_issuing = stop(book, "series", book.series_id), stop(book, "issuing")
    with pytest.raises(PayingStopped):
        book.pays(hanako, bakery, 1)
    book.pays(taro, stall, 1)
    with pytest.raises(IssuingStopped):
        book.posts("top_up", book.opens("drawer", 0), taro, 1)
    starts_again(book, one)
    book.pays(hanako, bakery, 1)
    with pytest.raises(IssuingStopped):
        book.posts("top_up", book.opens("drawer", 0), hanako, 1)
    starts_again(book, all_issuing)
    book.posts("top_up", book.opens("drawer", 0), hanako, 1)
    assert [each.ended_at is not None for each in book.call(queries.stops)] == [True, True]


def test_a_payment_in_flight_is_before_the_stop_and_the_next_one_after(book: Book) -> None:
    """It has read its series and waits for its payer's row while the stop is pressed: it is finished, and nobody waits for anybody."""
    hanako, bakery = book.consumer(1_000), book.shop()
    with Session(book.engine) as holder, ThreadPoolExecutor(1) as pool:
        commands.post(holder, book.district_id, book.draft("payment", hanako, bakery, 100))
        flying = pool.submit(book.pays, hanako, bakery, 200)
        waits_for_a_lock(book)
        stop(book, "paying")
        holder.commit()
        assert flying.result(timeout=10).replayed is False
    with pytest.raises(PayingStopped):
        book.pays(hanako, bakery, 1)
    assert book.balance(hanako) == 700


NEVER_STOPPED = {
    "refund", "reversal", "coupon_refund", "refund_late", "suspense_release", "benefit_return", "cash_refund",  # what is given back
    "expiry", "exclude",  # the calendar
    "point_release", "point_back",  # what was earned before, and what a refund takes back
    "ticket_release",
    "payment_again", "top_up_again", "correction",  # the past, by two people
}  # fmt: skip


def test_every_kind_that_moves_what_people_hold_has_its_switch(book: Book) -> None:
    """Whoever adds a kind says which switch holds it up (`ledger.kind_switch`), or names it here with those that are never stopped."""
    switches = "SELECT name, switch FROM ledger.kind LEFT JOIN ledger.kind_switch ON kind = name"
    moves = f"{switches} WHERE moves && '{{consumer+,consumer-,top_up_code-,voucher_paper+,voucher_paper-}}'"
    with Session(book.engine) as session, atomic(session):
        found = {row.name: row.switch for row in session.execute(text(moves))}
    assert {name for name, switch in found.items() if switch is None} - NEVER_STOPPED == set()
