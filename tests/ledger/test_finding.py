"""Any transaction is found by day, kind, amount, series and shop, in pages, whatever of the book is sealed already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from base.clock import day_bounds, tokyo_day
from ledger import commands, queries
from ledger.queries import Transaction, Wanted, finding
from ledger.queries.finding import find
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import seals

MORNING = datetime(2026, 3, 1, 1, tzinfo=UTC)


@pytest.fixture
def lived(demo_book: Book) -> Book:
    """Forty days of two series and three shops. A third is sealed well, a third still within the sealer's mark, the rest not at all;
    what is posted late in an evening may have a lower number than the morning before it."""
    book, dice = demo_book, Random(7)
    series = [book.series_id, book.series()]
    hanako = {each: book.consumer(series_id=each) for each in series}
    shops = {each: [book.shop(each) for _ in range(3)] for each in series}
    for each in series:
        book.posts("top_up", book.opens("drawer", 0), hanako[each], 40_000, posted_at=MORNING)
    for number in range(150):
        at = MORNING + timedelta(days=number * 40 // 150, hours=dice.choice([0, 3, 13.9, 14.5, 26]))
        each = dice.choice(series)
        amount = dice.choice([100, 120, 500, 777])
        if number % 5 == 0:
            book.posts("top_up", book.opens("drawer", 0), hanako[each], 400, posted_at=at)
        elif number % 7 == 0:
            paid = book.pays(hanako[each], shops[each][0], 700, posted_at=at)
            book.refunds(paid, shops[each][0], hanako[each], min(amount, 500), posted_at=at + timedelta(hours=1))
        else:
            book.pays(hanako[each], dice.choice(shops[each]), amount, posted_at=at)
        if number == 50:
            for _ in range(3):
                seals(book.engine)
            book.call(lambda session, _district: commands.fold(session))
        if number == 100:
            seals(book.engine)
    return book


def everything(session: Session, book: Book) -> list[Transaction]:
    """The whole journal, newest first, by a way of its own."""
    ids = session.execute(text("SELECT id FROM ledger.transaction WHERE district_id = :d ORDER BY id DESC"), {"d": book.district_id})
    return [queries.transaction(session, book.district_id, each) for each in ids.scalars()]


def is_as(one: Transaction, wanted: Wanted) -> bool:
    return (
        (wanted.since is None or one.posted_at >= wanted.since)
        and (wanted.until is None or one.posted_at < wanted.until)
        and (wanted.kinds is None or one.kind in wanted.kinds)
        and any((wanted.least or 0) <= each <= (wanted.most or 10**9) for each in {one.amount, *(abs(line.amount) for line in one.lines)})
        and (wanted.series_id is None or wanted.series_id in {line.series_id for line in one.lines})
        and (wanted.account_ids is None or bool({line.account_id for line in one.lines} & set(wanted.account_ids)))
        and (wanted.below is None or one.id < wanted.below)
    )


def questions(journal: list[Transaction], dice: Random) -> Iterator[Wanted]:
    """Each condition alone, and any of them together, with values that are there and such that are not."""
    accounts = sorted({line.account_id for one in journal for line in one.lines})
    values = {
        "since": [MORNING + timedelta(days=days, hours=5) for days in range(-1, 42, 3)],
        "until": [MORNING + timedelta(days=days, hours=14) for days in range(-1, 42, 3)],
        "kinds": [("payment",), ["refund"], ["refund", "top_up"], ["payout"]],
        "amounts": [(each, each) for each in (100, 500, 700, 777, 400, 5)]
        + [(101, 499), (500, None), (None, 120), (701, 776), (1, 10**6), (778, 39_999), (501, 40_000)],
        "series_id": sorted({line.series_id for one in journal for line in one.lines} - {0}),
        "account_ids": [[each] for each in accounts] + [accounts[:3], [0]],
        "below": [journal[60].id, journal[-1].id],
    }
    for name, choices in values.items():
        yield from (asks({name: choice}) for choice in choices)
    for _ in range(120):
        names = dice.sample(sorted(values), dice.randint(2, 4))
        yield asks({name: dice.choice(values[name]) for name in names})


def asks(chosen: dict[str, Any]) -> Wanted:
    least, most = chosen.pop("amounts", (None, None))
    return Wanted(**chosen, least=least, most=most)


@pytest.mark.parametrize(
    ("few", "looked_through"), [(0, finding.LOOKED_THROUGH), (0, 20), (finding.FEW, 0)], ids=["busy", "busy, and found late", "quiet"]
)
def test_a_search_finds_what_is_there_and_nothing_else(lived: Book, monkeypatch: pytest.MonkeyPatch, few: int, looked_through: int) -> None:
    """Against the whole journal looked through one by one; and page by page as in one go. What is common is looked for in other ways."""
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding, "LOOKED_THROUGH", looked_through)
    with Session(lived.engine) as session:
        journal = everything(session, lived)
        dice = Random(11)
        for wanted in questions(journal, dice):
            expected = [one.id for one in journal if is_as(one, wanted)]
            assert find(session, lived.district_id, wanted, limit=1_000) == expected, wanted
            pages: list[int] = []
            while page := find(session, lived.district_id, replace(wanted, below=pages[-1] if pages else wanted.below), limit=17):
                pages += page
            assert pages == expected, wanted
        assert find(session, 0, Wanted(), limit=10) == []


EVERY_ENTRY = text("""
    SELECT a.role, a.series_id, sum(e.amount)::bigint FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at <= :at
    WHERE a.district_id = :district_id GROUP BY 1, 2""")
SUMS = text("""SELECT role, series_id, before_year, opening, debit, credit FROM ledger.sums(:district_id, :year, :start, :end)
    WHERE unit = 0 ORDER BY role, series_id""")


def test_any_past_moment_is_what_its_entries_add_up_to(lived: Book) -> None:
    """Trial balance, sums and general ledger are read from days and what is not sealed; every entry added up says the same."""
    dice, here = Random(5), {"district_id": lived.district_id}
    with Session(lived.engine) as session:
        journal = everything(session, lived)
        moments = [one.posted_at for one in dice.sample(journal, 12)]
        moments += [MORNING + timedelta(days=day, hours=hour) for day in (-2, 3, 21, 41, 60) for hour in (14, 14.5)]
        moments += [day_bounds(tokyo_day(MORNING) + timedelta(days=day))[0] - timedelta(microseconds=1) for day in (2, 13, 30)]
        for at in moments:
            plain = {(role, series): total for role, series, total in session.execute(EVERY_ENTRY, here | {"at": at})}
            seen = queries.trial_balance(session, lived.district_id, at=at)
            assert {(row.role, row.series_id): row.debit - row.credit for row in seen if row.debit or row.credit} == {
                each: total for each, total in plain.items() if total
            }
        for _ in range(12):
            year, start, end = sorted(dice.sample(moments, 3))
            found = queries.role_sums(session, lived.district_id, year=year, start=start, end=end)
            assert found == [queries.RoleSum(*row) for row in session.execute(SUMS, here | {"year": year, "start": start, "end": end})]
        assert queries.counted(session, lived.district_id) == queries.trial_balance(session, lived.district_id)
        start, end = day_bounds(tokyo_day(MORNING) + timedelta(days=2), tokyo_day(MORNING) + timedelta(days=33))
        for role in ("consumer", "payable", "drawer"):
            for series_id in (0, lived.series_id):
                lines = [
                    list(queries.role_lines(session, lived.district_id, role, start=start, end=end, series_id=series_id, by_day=by_day))
                    for by_day in (True, False)
                ]
                days: dict[date, list[queries.RoleLine]] = {}
                for line in lines[1]:
                    days.setdefault(line.day, []).append(line)
                assert [(each.day, each.transaction_id, each.count, each.debit, each.credit) for each in lines[0]] == [
                    (day, max(e.transaction_id for e in of), len(of), sum(e.debit for e in of), sum(e.credit for e in of))
                    for day, of in sorted(days.items())
                ]


def test_what_each_day_moved(lived: Book, superuser: Engine) -> None:
    """The lists of what is sealed and the rest together; made anew they are the same."""
    with Session(lived.engine) as session:
        journal = everything(session, lived)
        for series_id in (0, lived.series_id):
            counts: Counter[tuple[object, str]] = Counter()
            amounts: Counter[tuple[object, str]] = Counter()
            for one in journal:
                if series_id in {0, *(line.series_id for line in one.lines)}:
                    counts[tokyo_day(one.posted_at), one.kind] += 1
                    amounts[tokyo_day(one.posted_at), one.kind] += one.amount
            first, last = tokyo_day(MORNING), tokyo_day(MORNING + timedelta(days=60))
            totals = queries.day_totals(session, lived.district_id, first, last, series_id=series_id)
            found = {(day, kind): total for day, kinds in totals.items() for kind, total in kinds.items()}
            assert {each: total.count for each, total in found.items()} == counts
            assert {each: total.amount for each, total in found.items()} == amounts
    with superuser.connect() as connection:
        lists = [
            text(f"SELECT * FROM ledger.{name} ORDER BY 1, 2, 3, {fourth}")
            for name, fourth in (("contents", 4), ("amount", 3), ("role_day", 4))
        ]
        before = [connection.execute(each).all() for each in lists]
        connection.execute(text("SELECT ledger.rebuild_lists()"))
        assert [connection.execute(each).all() for each in lists] == before and all(before)
        connection.rollback()
