"""What one person passes on to another: off at first, counted by the book when it is made, never beyond the law."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from association.rules.deposit import transfer_refused
from base.db import atomic
from base.errors import MeguriError
from ledger import commands, queries
from ledger.commands import Draft, Line, hash_command
from ledger.errors import (
    AccountFrozen,
    CeilingPassed,
    FloorPassed,
    HoldEnded,
    HoldUnknown,
    NotApproved,
    SeriesWrong,
    TransferMonthFull,
    TransfersOff,
    TransferTooLarge,
    Unbalanced,
)
from tests.ledger.conftest import Book

MAKER, CHECKER = 1, 2


def allows(book: Book, once: int = 100_000, month: int = 300_000, series_id: int | None = None) -> int:
    """Two people let this coin be passed on; gives the proposal."""
    facts = {"series": series_id or book.series_id, "once": once, "monthly": month}
    number = book.call(commands.propose, MAKER, "transfers", [], facts=facts)
    book.call(commands.decide, number, CHECKER, approved=True)
    book.call(commands.allow_transfers, number)
    return number


def gives(book: Book, giver: int, amount: int, *, seconds: float = 3_600) -> int:
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return book.call(commands.place_hold, giver, amount, key=uuid4(), command_hash=hash_command(1), expires_at=until, gift=True)


def sends(book: Book, giver: int, receiver: int, amount: int, **more: object):
    return book.posts("transfer", giver, receiver, amount, **more)


def sibling(book: Book, account: int, series_id: int) -> int:
    """The account of the same person in another coin."""
    with Session(book.engine) as session:
        owner = session.execute(text("SELECT owner_id FROM ledger.account WHERE id = :id"), {"id": account}).scalar_one()
    return book.call(commands.open_account, "consumer", owner, series_id)


def test_nobody_passes_anything_on_before_two_people_allow_it(book: Book) -> None:
    """Off at first; what nobody approved, or is beyond the law, opens nothing; one person stops it, and the old approval is used up."""
    hanako, taro = book.consumer(5_000), book.consumer()
    for attempt in (lambda: sends(book, hanako, taro, 100), lambda: gives(book, hanako, 100)):
        with pytest.raises(TransfersOff):
            attempt()
    waiting = book.call(commands.propose, MAKER, "transfers", [], facts={"series": book.series_id, "once": 100, "monthly": 100})
    with pytest.raises(NotApproved):
        book.call(commands.allow_transfers, waiting)
    with pytest.raises(SeriesWrong):
        allows(book, once=100_001)
    with pytest.raises(SeriesWrong):
        allows(book, month=300_001)
    for code in ("voucher_autumn", "point_autumn"):
        with pytest.raises(SeriesWrong):
            allows(book, series_id=book.series(code=code))
    approved = allows(book)
    sends(book, hanako, taro, 100)
    gift = gives(book, hanako, 100)
    book.call(commands.stop_transfers, book.series_id)
    for attempt in (lambda: sends(book, hanako, taro, 100), lambda: sends(book, hanako, taro, 100, hold_id=gift)):
        with pytest.raises(TransfersOff):
            attempt()
    with pytest.raises(SeriesWrong):
        book.call(commands.allow_transfers, approved)
    assert (book.balance(hanako), book.balance(taro)) == (4_900, 100)


def test_a_gift_waits_on_a_hold_and_counts_once(book: Book) -> None:
    """It lowers what the giver can spend, counts when it is made, not when it is taken, and not again when it goes back."""
    allows(book, once=1_000, month=2_000)
    hanako, taro = book.consumer(5_000), book.consumer()
    owner = _owner(book, hanako)
    taken, back = gives(book, hanako, 1_000), gives(book, hanako, 600)
    assert (book.available(hanako), _passed(book, owner)) == (3_400, 1_600)
    sends(book, hanako, taro, 1_000, hold_id=taken)
    assert book.call(commands.release_hold, back)
    assert (book.available(hanako), book.balance(taro), _passed(book, owner)) == (4_000, 1_000, 1_600)
    for hold in (taken, back):
        with pytest.raises(HoldEnded):
            sends(book, hanako, taro, 600, hold_id=hold)
    with pytest.raises(TransferMonthFull) as refused:
        gives(book, hanako, 401)
    assert refused.value.facts == {"left": 400, "limit": 2_000}
    with pytest.raises(TransferTooLarge):
        sends(book, hanako, taro, 1_001)
    late = gives(book, hanako, 400, seconds=0.3)
    with Session(book.engine) as session:
        session.execute(text("SELECT pg_sleep(0.4)"))
    with pytest.raises(HoldEnded):
        sends(book, hanako, taro, 400, hold_id=late)
    assert book.available(hanako) == 4_000


def test_a_month_is_counted_over_all_balances_of_a_person_whatever_comes_at_once(book: Book) -> None:
    """Twenty gifts and transfers at once, out of two coins: as many go through as the month has room for, and no more."""
    other = book.series()
    allows(book, month=100_000)
    allows(book, month=100_000, series_id=other)
    hanako, taro = book.consumer(60_000), book.consumer()
    second, his = sibling(book, hanako, other), sibling(book, taro, other)
    book.posts("top_up", book.opens("drawer", 0), second, 60_000)
    jobs = [lambda: sends(book, hanako, taro, 10_000), lambda: gives(book, second, 10_000), lambda: sends(book, second, his, 10_000)] * 7
    answers = book.at_once(jobs, threads=8)
    refused = {type(one) for one in answers if isinstance(one, MeguriError)}
    assert refused <= {TransferMonthFull, FloorPassed}
    assert sum(not isinstance(one, MeguriError) for one in answers) == 10
    assert _passed(book, _owner(book, hanako)) == 100_000


def test_what_somebody_passes_on_from_two_balances_is_counted_one_after_the_other(book: Book) -> None:
    """While one is not committed, the other waits: neither has seen the other, and together they would pass the month."""
    other = book.series()
    allows(book, month=100_000)
    allows(book, month=100_000, series_id=other)
    hanako, taro = book.consumer(60_000), book.consumer()
    second = sibling(book, hanako, other)
    book.posts("top_up", book.opens("drawer", 0), second, 60_000)

    with Session(book.engine) as slow:
        commands.post(slow, book.district_id, book.draft("transfer", hanako, taro, 60_000))
        with pytest.raises(OperationalError, match="lock"), Session(book.engine) as session:
            _gives_at_once(session, book, second)
        slow.commit()
    with pytest.raises(TransferMonthFull):
        gives(book, second, 60_000)


def _gives_at_once(session: Session, book: Book, giver: int) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    session.execute(text("SET LOCAL lock_timeout = '100ms'"))
    commands.place_hold(session, book.district_id, giver, 60_000, key=uuid4(), command_hash=hash_command(1), expires_at=until, gift=True)


def test_what_a_receiver_cannot_take_is_refused_and_nothing_goes_round_the_count(book: Book) -> None:
    """Ceiling, standing, an answered key; several payers in one, or many in one call, are counted as well."""
    allows(book, once=50_000, month=60_000)
    hanako, taro, jiro = book.consumer(90_000), book.consumer(90_000), book.consumer()
    with pytest.raises(CeilingPassed):
        sends(book, hanako, taro, 20_000)
    key = uuid4()
    first = sends(book, hanako, jiro, 50_000, key=key)
    assert sends(book, hanako, jiro, 50_000, key=key).transaction_id == first.transaction_id  # though the month has no room for it
    many = [book.draft("transfer", hanako, jiro, 6_000) for _ in range(2)]
    with pytest.raises(TransferMonthFull):
        book.call(commands.post_many, many)
    with pytest.raises(HoldUnknown):  # the receiver's gift was counted for the receiver
        sends(book, hanako, taro, 10_000, hold_id=gives(book, taro, 10_000))
    three = Draft("transfer", uuid4(), hash_command(3), (Line(hanako, 1), Line(taro, 1), Line(jiro, -2)))
    with pytest.raises(Unbalanced):
        book.call(commands.post, three)
    book.call(commands.set_account_state, jiro, "frozen")
    with pytest.raises(AccountFrozen):
        sends(book, hanako, jiro, 1)
    with Session(book.engine) as session, atomic(session):  # a month ago is another month
        moment = datetime.now(UTC) - timedelta(days=31)
        values = {"d": book.district_id, "o": _owner(book, hanako), "at": moment}
        assert session.execute(text("SELECT ledger.passed_on(:d, :o, :at)"), values).scalar_one() == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(amounts=st.lists(st.sampled_from([1, 99_999, 100_000, 100_001, 50_000]), min_size=3, max_size=6))
def test_the_book_says_what_the_rule_says(book: Book, amounts: list[int]) -> None:
    """With the law's own limits the book refuses exactly what the published rule refuses."""
    rich = book.series(balance_max=300_000)
    allows(book, series_id=rich)
    sent: list[int] = []
    giver = book.consumer(300_000, rich)
    for amount in amounts:
        reason = transfer_refused(sent, amount)
        receiver = book.consumer(0, rich)
        try:
            sends(book, giver, receiver, amount)
            book.posts("top_up", book.opens("drawer", 0), giver, amount)  # the giver always has enough, so that only the limits say no
            sent.append(amount)
            said = None
        except TransferTooLarge:
            said = "over_single_limit"
        except TransferMonthFull:
            said = "over_month_limit"
        assert said == reason


def _owner(book: Book, account: int) -> int:
    with Session(book.engine) as session:
        found = session.execute(text("SELECT owner_id FROM ledger.account WHERE id = :id"), {"id": account})
        return int(found.scalar_one())


def _passed(book: Book, owner: int) -> int:
    return book.call(queries.passed_on, owner)
