"""月次締め in the book itself: what a month held is written down, and nothing is added to it, however late it is committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import TOKYO
from base.db import atomic
from ledger import commands, queries
from ledger.errors import BookBusy, MonthClosed, MonthNotOver, MonthsInOrder, NotApproved, SameHands
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import seals

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
MAKER, CHECKER = 71, 72


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=TOKYO)


def tops_up(book: Book, amount: int, when: datetime) -> None:
    book.posts("top_up", book.opens("drawer", 0), book.opens("consumer"), amount, posted_at=when)


def closes(book: Book, month: date) -> int:
    return book.call(commands.close_month, month, MAKER)


def reopens(book: Book, closing: int, *, checker: int = CHECKER) -> None:
    number = book.call(commands.propose, MAKER, "reopen_month", [], facts={"closing": closing})
    book.call(commands.decide, number, checker, approved=True)
    book.call(commands.reopen_month, number)


@contextmanager
def under_way(book: Book, amount: int, when: datetime) -> Iterator[Session]:
    """A top-up of `when` that has been booked and not committed."""
    drawer, consumer = book.opens("drawer", 0), book.opens("consumer")
    with Session(book.engine) as session:
        commands.post(session, book.district_id, book.draft("top_up", drawer, consumer, amount, posted_at=when))
        yield session


def test_a_month_is_written_down_as_it_was(demo_book: Book) -> None:
    """Opening, debit and credit of every role."""
    tops_up(demo_book, 500, at(4, 30, 23))
    tops_up(demo_book, 700, at(5, 1, 0))
    closes(demo_book, APRIL)
    closes(demo_book, MAY)
    may, april = demo_book.call(queries.closings)
    assert [figure[3:] for figure in april.figures if figure[0] == "drawer"] == [(0, 500, 0)]
    assert [figure[3:] for figure in may.figures if figure[0] == "drawer"] == [(500, 700, 0)]
    assert (april.month, april.closed_by, april.reopened_at) == (APRIL, MAKER, None)
    assert demo_book.call(queries.figures_of, {APRIL, MAY}) == {APRIL: april.figures, MAY: may.figures}


def test_nothing_is_dated_into_a_closed_month(demo_book: Book) -> None:
    """The one role that may give moments is refused those of a closed month; the first of the next one is taken."""
    closes(demo_book, APRIL)
    with pytest.raises(MonthClosed):
        tops_up(demo_book, 500, at(4, 30, 23))
    tops_up(demo_book, 500, at(5, 1, 0))


def test_whoever_commits_late_is_waited_for(demo_book: Book) -> None:
    """What was booked in April and not committed is in the close, or there is no close."""
    with under_way(demo_book, 500, at(4, 30)) as late:
        with Session(demo_book.engine) as session, pytest.raises(BookBusy), commands.refusals():
            session.execute(text("SELECT ledger.close_month(:d, :m, 1, interval '0.1 seconds')"), {"d": demo_book.district_id, "m": APRIL})
        assert demo_book.call(queries.closings) == []
        closed, committed = demo_book.at_once([lambda: closes(demo_book, APRIL), lambda: commit_soon(late)])
    assert isinstance(closed, int), closed
    assert committed is None
    (april,) = demo_book.call(queries.closings)
    assert [figure[3:] for figure in april.figures if figure[0] == "drawer"] == [(0, 500, 0)]


def commit_soon(session: Session) -> None:
    session.execute(text("SELECT pg_sleep(0.3)"))
    session.commit()


def test_months_are_closed_in_order_and_once(demo_book: Book) -> None:
    closes(demo_book, APRIL)
    for month, refusal in ((APRIL, MonthClosed), (date(2026, 3, 1), MonthClosed), (JUNE, MonthsInOrder)):
        with pytest.raises(refusal):
            closes(demo_book, month)
    assert [each.month for each in demo_book.call(queries.closings)] == [APRIL]


def test_a_month_that_goes_on_is_not_closed(book: Book) -> None:
    today = datetime.now(UTC).astimezone(TOKYO).date()
    for month in (today.replace(day=1), (today.replace(day=1) + timedelta(days=40)).replace(day=1)):
        with pytest.raises(MonthNotOver):
            closes(book, month)


def test_two_people_open_a_month_again(demo_book: Book) -> None:
    """The newest only; never the one who asked; and then it takes what it did not take before."""
    first, second = closes(demo_book, APRIL), closes(demo_book, MAY)
    with pytest.raises(SameHands):
        reopens(demo_book, second, checker=MAKER)
    number = demo_book.call(commands.propose, MAKER, "reopen_month", [], facts={"closing": second})
    with pytest.raises(NotApproved):
        demo_book.call(commands.reopen_month, number)
    with pytest.raises(MonthsInOrder):
        reopens(demo_book, first)
    reopens(demo_book, second)
    tops_up(demo_book, 500, at(5, 2))
    closes(demo_book, MAY)
    assert [(each.month, each.reopened_at is None) for each in demo_book.call(queries.closings)] == [
        (MAY, True), (MAY, False), (APRIL, True),
    ]  # fmt: skip


def test_a_close_is_never_edited(demo_book: Book, owner_engine: object) -> None:
    closes(demo_book, APRIL)
    with Session(demo_book.engine) as session, pytest.raises(Exception, match="permission denied"), atomic(session):
        session.execute(text("DELETE FROM ledger.closing"))


posted = st.lists(
    st.tuples(st.sampled_from(["top_up", "payment"]), st.integers(1, 900), st.integers(0, 90), st.integers(0, 23)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves=posted, first=st.integers(0, 80), length=st.integers(0, 30))
def test_sums_of_any_period_agree_with_the_entries(
    demo_book: Book, moves: list[tuple[str, int, int, int]], first: int, length: int
) -> None:
    """Opening, debit, credit and the day's totals are what a plain model adds up; by day and in full are the same sums."""
    demo_book.district_id, begin = next_district(demo_book), datetime(2026, 4, 1, tzinfo=TOKYO)
    start, end = begin + timedelta(days=first), begin + timedelta(days=first + length + 1)
    model: list[tuple[datetime, str, int]] = []
    consumer, shop = demo_book.opens("consumer"), demo_book.shop()
    for kind, amount, day, hour in moves:
        when = begin + timedelta(days=day, hours=hour)
        if kind == "top_up":
            demo_book.posts(kind, demo_book.opens("drawer", 0), consumer, amount, posted_at=when)
            model += [(when, "drawer", amount), (when, "consumer", -amount)]
        elif demo_book.balance(consumer) >= amount:
            demo_book.posts(kind, consumer, shop, amount, posted_at=when)
            model += [(when, "consumer", amount), (when, "payable", -amount)]
        if (len(model) + first) % 5 == 0:  # some of it is sealed, some not
            seals(demo_book.engine)
    sums = {each.role: each for each in demo_book.call(queries.role_sums, year=start, start=start, end=end)}
    for role in ("drawer", "consumer", "payable"):
        within = [amount for when, name, amount in model if name == role and start <= when < end]
        before = sum(amount for when, name, amount in model if name == role and when < start)
        seen = sums.get(role)
        assert (before, sum(a for a in within if a > 0), -sum(a for a in within if a < 0)) == (
            (seen.opening, seen.debit, seen.credit) if seen else (0, 0, 0)
        )
        for by_day in (True, False):
            with Session(demo_book.engine) as session:
                lines = list(queries.role_lines(session, demo_book.district_id, role, start=start, end=end, by_day=by_day))
            assert sum(line.debit - line.credit for line in lines) == sum(within)
            assert sum(line.count for line in lines) == len(within)
    with Session(demo_book.engine) as session:
        full = list(queries.movements(session, demo_book.district_id, start=start, end=end, by_day=False))
        days = list(queries.movements(session, demo_book.district_id, start=start, end=end, by_day=True))
    assert added_up(full) == added_up(days)
    assert sum(each.count for each in days) == len(full)


def added_up(movements: list[queries.Movement]) -> dict[tuple[date, str, bool], int]:
    """By day, role and side."""
    totals: dict[tuple[date, str, bool], int] = {}
    for each in movements:
        assert sum(debit - credit for _, debit, credit in each.lines) == 0
        for role, debit, credit in each.lines:
            totals[each.day, role, debit > 0] = totals.get((each.day, role, debit > 0), 0) + debit + credit
    return totals


def next_district(book: Book) -> int:
    """A book of its own for each example."""
    fresh = Book(book.engine, book.desk)
    fresh.owners, book.series_id = book.owners, fresh.series()
    return fresh.district_id
