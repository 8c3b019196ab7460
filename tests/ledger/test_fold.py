"""What a shop receives is appended and folded later: exact at every moment, whoever commits when."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import atomic
from ledger import commands, queries
from ledger.errors import FloorPassed, PayableFloorPassed
from tests.ledger.conftest import Book


def fold(book: Book, account: int) -> int:
    with Session(book.engine) as session, atomic(session):
        values = {"district_id": book.district_id, "account_id": account}
        return session.execute(text("SELECT ledger.fold(:district_id, :account_id)"), values).scalar_one()


def folds(book: Book, account: int, entries: int) -> None:
    """Fold until that many are folded: a transaction that writes anywhere in the cluster keeps later ones waiting."""
    deadline = time.monotonic() + 30
    while entries and time.monotonic() < deadline:
        entries -= fold(book, account)
    assert entries == 0


def folded_part(book: Book, account: int) -> int:
    """The balance row as it stands, unfolded entries left out; natural."""
    with Session(book.engine) as session:
        values = {"district_id": book.district_id, "id": account}
        return -session.execute(
            text("SELECT balance FROM ledger.account WHERE district_id = :district_id AND id = :id"), values
        ).scalar_one()


def test_a_fold_changes_no_balance(book: Book) -> None:
    """Before, after and after a second fold the shop has the same; the second fold has nothing to do."""
    hanako, bakery = book.consumer(1_000), book.shop()
    for _ in range(3):
        book.pays(hanako, bakery, 100)
    assert (book.balance(bakery), folded_part(book, bakery)) == (300, 0)
    folds(book, bakery, 3)
    assert (book.balance(bakery), folded_part(book, bakery)) == (300, 300)
    assert fold(book, bakery) == 0


def test_a_payment_that_commits_during_a_fold_is_not_lost(book: Book) -> None:
    """One payment is under way, a later one is committed, the fold runs in between, then the first commits."""
    hanako, taro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    with Session(book.engine) as slow, atomic(slow):
        commands.post(slow, book.district_id, book.draft("payment", hanako, bakery, 100))
        book.pays(taro, bakery, 10)
        assert fold(book, bakery) == 0  # the later one waits, too: nothing above a running transaction is settled
        assert book.balance(bakery) == 10
    assert book.balance(bakery) == 110
    folds(book, bakery, 2)
    assert (book.balance(bakery), folded_part(book, bakery)) == (110, 110)


def test_a_payment_that_rolls_back_during_a_fold_leaves_nothing(book: Book) -> None:
    """The same, but the slow one is given up."""
    hanako, taro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    with Session(book.engine) as slow:
        commands.post(slow, book.district_id, book.draft("payment", hanako, bakery, 100))
        book.pays(taro, bakery, 10)
        slow.rollback()
    folds(book, bakery, 1)
    assert (book.balance(bakery), book.balance(hanako)) == (10, 1_000)


def test_a_late_commit_still_rings(book: Book) -> None:
    """The till looked after the later payment was there and before the earlier one was: it is told of both."""
    hanako, taro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    cursor = book.arrivals(bakery, cursor=None).cursor
    with Session(book.engine) as slow, atomic(slow):
        early = commands.post(slow, book.district_id, book.draft("payment", hanako, bakery, 100))
        late = book.pays(taro, bakery, 10)
        first = book.arrivals(bakery, cursor=cursor)
        assert [entry.transaction_id for entry in first.entries] == [late.transaction_id]
    second = book.arrivals(bakery, cursor=first.cursor)
    assert early.transaction_id in {entry.transaction_id for entry in second.entries}
    third = book.arrivals(bakery, cursor=second.cursor).entries
    assert {entry.transaction_id for entry in third} <= {early.transaction_id, late.transaction_id}  # twice is allowed


def test_a_till_that_was_away_is_told_of_everything(book: Book) -> None:
    """All that happened meanwhile comes in one answer, in the order in which it happened."""
    hanako, bakery = book.consumer(2_000), book.shop()
    cursor = book.arrivals(bakery, cursor=None).cursor
    for _ in range(12):
        book.call(commands.post_many, [book.draft("payment", hanako, bakery, 1) for _ in range(100)])
    arrived = book.arrivals(bakery, cursor=cursor)
    ids = [entry.transaction_id for entry in arrived.entries]
    assert len(ids) == 1_200 and ids == sorted(ids)
    again = book.arrivals(bakery, cursor=arrived.cursor).entries
    assert {entry.transaction_id for entry in again} <= set(ids)


def test_a_shop_pays_from_what_is_not_folded_yet(book: Book) -> None:
    """A refund counts unfolded takings, and meets the floor exactly while payers and folders are at work."""
    series = book.series(payment_max=300_000, balance_max=300_000)
    bakery, payers = book.shop(series), [book.consumer(20_000, series) for _ in range(4)]
    big = book.pays(book.consumer(300_000, series), bakery, 300_000)
    giver = book.call(queries.transaction, big.transaction_id).lines[1].account_id
    book.desk_takes_out(bakery, 300_000)
    jobs = [lambda payer=payer: [book.pays(payer, bakery, 1_000) for _ in range(20)] for payer in payers]

    def refunds() -> int:
        given = 0
        for _ in range(60):
            try:
                book.refunds(big, bakery, giver, 5_000)
                given += 5_000
            except PayableFloorPassed:
                pass
        return given

    answers = book.at_once([*jobs, refunds, lambda: [fold(book, bakery) for _ in range(30)]])
    given = answers[4]
    assert book.balance(bakery) == 80_000 - given >= -100_000
    with pytest.raises(PayableFloorPassed):
        book.refunds(big, bakery, giver, book.balance(bakery) + 100_001)


def test_nobody_is_overdrawn_by_many_at_once(book: Book) -> None:
    """Twelve connections spend one purse of 1,000 in pieces of 150: six succeed."""
    hanako, bakery = book.consumer(1_000), book.shop()
    answers = book.at_once([lambda: book.pays(hanako, bakery, 150)] * 12)
    assert sum(isinstance(answer, FloorPassed) for answer in answers) == 6
    assert (book.balance(hanako), book.balance(bakery)) == (100, 900)
