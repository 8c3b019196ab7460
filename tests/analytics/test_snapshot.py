"""The book as columns: everything once, the same bytes whoever wrote them and when, and a clear result for odd books."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import merchant.queries
import worker
from analytics import cli, snapshot
from analytics.errors import ColumnsBroken, ColumnsBusy, ColumnsMissing, ColumnsOff
from analytics.snapshot import CLASSES, KINDS, Columns, Followed, Month, Snapshot, blocks, files, schema, writing
from association.commands import Share
from base.db import atomic
from ledger import commands
from ledger.commands import Draft
from tests.ledger.conftest import Book
from tests.ledger.test_parts import Kept, kept  # noqa: F401
from tests.ledger.test_sealer import seals
from tests.town import Town

ALWAYS = date(2020, 1, 1), date(2030, 1, 1)


def follows(book: Book, folder: Path, **how: bool) -> Followed:
    seals(book.engine)
    with Session(book.engine) as session:
        return Snapshot(folder).follow(session, book.district_id, **how)


def reads(book: Book, folder: Path) -> Columns:
    return Snapshot(folder).read(book.district_id, *ALWAYS)


def written(folder: Path) -> dict[str, bytes]:
    """Each file but the lock, by name."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


def payments(columns: Columns) -> list[tuple[int, ...]]:
    """consumer, shop, yen, discount; in their order."""
    return [row for month in columns.months for row in zip(*(each.tolist() for each in month.payments[2:6]), strict=True)]


def flows(columns: Columns) -> list[tuple[str, str, str, int]]:
    return [
        (KINDS[kind], CLASSES[source], CLASSES[target], yen)
        for month in columns.months
        for kind, source, target, yen in zip(
            *(each.tolist() for each in (month.flows.kind, month.flows.source_class, month.flows.target_class, month.flows.yen)),
            strict=True,
        )
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "columns"


def test_what_was_paid_and_given_back_is_in_the_columns_once(book: Book, folder: Path) -> None:
    """Codes in the order in which the log first names somebody; a refund names its payment; what else moved yen is a flow."""
    hanako, taro, bakery, florist = book.consumer(1_000), book.consumer(2_000), book.shop(), book.shop()
    paid = book.pays(taro, florist, 300)
    book.pays(hanako, bakery, 500)
    book.refunds(paid, florist, taro, 100)
    book.call(commands.close_key, uuid4())
    assert follows(book, folder) == Followed(6, 6, None, ())
    columns = reads(book, folder)
    assert payments(columns) == [(1, 0, 300, 0), (0, 1, 500, 0)]
    (month,) = columns.months
    assert [each.tolist() for each in month.refunds[2:]] == [[1], [0], [100], [0], [0], month.payments.seq[:1].tolist()]
    assert flows(columns) == [("top_up", "drawer", "consumer", 1_000), ("top_up", "drawer", "consumer", 2_000)]
    assert (columns.consumers, columns.shops, columns.size) == (2, 2, 6)
    assert month.payments.yen.dtype == np.int64 and month.payments.consumer.dtype == np.int32 and not month.payments.yen.flags.writeable


def test_columns_written_bit_by_bit_are_those_written_at_once(
    book: Book, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, with people, shops and a second coin that come later, in pieces of three transactions, and when written anew; the
    running month lies in several blocks."""
    monkeypatch.setattr(blocks, "SMALL", 2)
    monkeypatch.setattr(blocks, "GREAT", 8)
    people = [book.consumer(1_000) for _ in range(3)]
    shops = [book.shop() for _ in range(2)]
    follows(book, folder)
    paid = [book.pays(person, shops[nth % 2], 10 + nth) for nth, person in enumerate(people * 2)]
    follows(book, folder)
    monkeypatch.setattr(writing, "PIECE", 3)
    other = book.series()
    book.pays(book.consumer(500, other), book.shop(other), 77)
    book.refunds(paid[0], shops[0], people[0], 5)
    follows(book, folder)
    bit_by_bit = written(folder)
    assert len([name for name in bit_by_bit if name.startswith("payments-")]) > 2
    monkeypatch.setattr(writing, "PIECE", 1_000)
    follows(book, tmp_path / "at once")
    assert bit_by_bit == written(tmp_path / "at once")
    assert follows(book, folder, rebuild=True).anew == "asked"
    assert bit_by_bit == written(folder)
    assert follows(book, folder).added == 0
    assert bit_by_bit == written(folder)


def test_a_round_writes_what_came_in_and_leaves_the_rest_of_the_month(
    old_book: Book, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were paid before in the running month: their files are not touched. Once the month is closed it is one file, and so it
    is whoever wrote it."""
    monkeypatch.setattr(blocks, "SMALL", 4)
    monkeypatch.setattr(blocks, "GREAT", 16)
    book = old_book
    hanako, bakery, june = book.opens("consumer"), book.shop(), datetime(2025, 6, 10, tzinfo=UTC)
    posted(book, book.draft("top_up", book.opens("drawer", 0), hanako, 1_000), june)

    def files_of_june() -> set[tuple[str, int]]:
        return {(path.name, path.stat().st_ino) for path in folder.rglob("payments-2025-06-*.arrow")}

    for nth in range(43):  # a great block, a small one, and a part of another
        posted(book, book.draft("payment", hanako, bakery, 1 + nth % 7), june - timedelta(seconds=nth % 5))
        if nth in (20, 30, 41):
            follows(book, folder)
            before = files_of_june()
    follows(book, folder)
    assert len(before) == 5 and len(files_of_june() - before) == 1 and len(before - files_of_june()) == 1
    columns = reads(book, folder)
    at, seq = columns.months[0].payments.at, columns.months[0].payments.seq
    assert len(seq) == 43 and list(zip(at, seq, strict=True)) == sorted(zip(at, seq, strict=True))
    posted(book, book.draft("payment", hanako, bakery, 1), june + timedelta(days=30))
    follows(book, folder)
    assert len(files_of_june()) == 1 and len(reads(book, folder).months[0].payments.seq) == 43
    follows(book, tmp_path / "at once")
    assert written(folder) == written(tmp_path / "at once")


def test_payments_come_in_while_a_month_that_has_closed_is_counted(old_book: Book, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting takes as long as it takes: what is paid meanwhile is in the columns with the next round."""
    book, stop, counting, go_on = old_book, Event(), Event(), Event()
    people, bakery = [book.opens("consumer") for _ in range(20)], book.shop()
    for person in people:
        posted(book, book.draft("top_up", book.opens("drawer", 0), person, 1_000), datetime(2025, 6, 1, tzinfo=UTC))
    for nth in range(100):
        moment = datetime(2025, 6, 10, tzinfo=UTC) + timedelta(hours=nth)
        posted(book, book.draft("payment", people[nth % 20], bakery, 1), moment)
    posted(book, book.draft("payment", people[0], bakery, 1), datetime(2025, 7, 10, tzinfo=UTC))
    seals(book.engine)
    count = worker.columns.analytics.reports.ahead.ahead

    def slowly(*given: Any, **how: Any) -> int:
        counting.set()
        go_on.wait(60)
        return count(*given, **how)

    monkeypatch.setattr(worker.columns.analytics.reports.ahead, "ahead", slowly)
    monkeypatch.setattr(worker.columns, "_compile", lambda _stop: None)
    monkeypatch.setattr(worker.rounds, "sessions", lambda _settings, pool_size: lambda: Session(book.engine, info=info))
    monkeypatch.setattr(worker.rounds, "look_for_districts", lambda found, *_: found.append(SimpleNamespace(id=book.district_id)))
    for module, name in ((worker.rounds, "FIRST_ROUND_S"), (worker.columns, "COLUMNS_S"), (worker.columns, "AHEAD_S")):
        monkeypatch.setattr(module, name, 0.1)
    info = {"columns_folder": folder, "analytics_scheduler": None}
    doings = worker.Doings({"columns": 1, "ahead": 1})
    threads = [Thread(target=does, args=(None, doings, stop)) for does in (worker.columns.keep_columns, worker.columns.count_months)]
    for thread in threads:
        thread.start()
    try:
        assert counting.wait(60)
        posted(book, book.draft("payment", people[1], bakery, 777), datetime(2025, 7, 11, tzinfo=UTC))
        seals(book.engine)
        until = monotonic() + 60
        while not any(row[2] == 777 for row in (payments(reads(book, folder)) if any(folder.rglob(files.PAGE)) else [])):
            assert monotonic() < until and counting.is_set() and not go_on.is_set()
            stop.wait(0.05)
        go_on.set()
        while not any(folder.rglob("report-people-*")):
            assert monotonic() < until
            stop.wait(0.05)
    finally:
        stop.set()
        go_on.set()
        for thread in threads:
            thread.join()


def test_who_commits_late_is_neither_lost_nor_doubled(book: Book, folder: Path) -> None:
    """A payment with a lower number is committed after others were sealed and read: it stands at its moment, behind them in the log."""
    hanako, taro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    with Session(book.engine) as slow, atomic(slow):
        commands.post(slow, book.district_id, book.draft("payment", hanako, bakery, 111))
        book.pays(taro, bakery, 222)
        follows(book, folder)
        assert payments(reads(book, folder)) == [(1, 0, 222, 0)]
    follows(book, folder)
    columns = reads(book, folder)
    assert sorted(payments(columns)) == [(0, 0, 111, 0), (1, 0, 222, 0)]
    at, seq = columns.months[0].payments.at, columns.months[0].payments.seq
    assert list(zip(at, seq, strict=True)) == sorted(zip(at, seq, strict=True)) and set(seq.tolist()) == {2, 3}


@pytest.fixture
def old_book(demo_book: Book) -> Book:
    """A book whose clock the test sets, with a coin that has run for years."""
    demo_book.series_id = demo_book.series(valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    return demo_book


def posted(book: Book, draft: Draft, moment: datetime) -> int:
    return book.call(
        commands.post, Draft(draft.kind, draft.key, draft.command_hash, draft.lines, draft.facts, draft.refers_to, posted_at=moment)
    ).transaction_id


def test_months_are_tokyo_s_and_odd_moments_have_a_place(old_book: Book, folder: Path) -> None:
    """29 February, the first second of March in Tokyo, a year without anything, a thousand yen in one second, and a refund that a wrong
    clock has put before its payment."""
    book = old_book
    hanako, bakery = book.opens("consumer"), book.shop()
    leap = datetime(2024, 2, 29, 14, 59, 59, 999_999, tzinfo=UTC)  # 23:59:59 in Tokyo
    moments = [leap, leap + timedelta(microseconds=1), *[datetime(2025, 4, 1, tzinfo=UTC)] * 3]
    posted(book, book.draft("top_up", book.opens("drawer", 0), hanako, 1_000), datetime(2024, 1, 31, 15, tzinfo=UTC))
    numbers = [posted(book, book.draft("payment", hanako, bakery, 10 + nth), moment) for nth, moment in enumerate(moments)]
    refund = book.draft("refund", bakery, hanako, 5, refers_to=numbers[-1])
    posted(book, refund, datetime(2025, 3, 31, 14, 59, 59, tzinfo=UTC))
    follows(book, folder)
    columns = reads(book, folder)
    assert [(month.first, len(month.payments.yen), len(month.refunds.yen)) for month in columns.months] == [
        (date(2024, 2, 1), 1, 0),
        (date(2024, 3, 1), 1, 0),
        (date(2025, 3, 1), 0, 1),
        (date(2025, 4, 1), 3, 0),
    ]
    assert columns.months[-1].payments.seq.tolist() == [3, 4, 5] and columns.months[-2].refunds.of.tolist() == [5]
    assert [month.is_closed for month in columns.months] == [True, True, False, False]
    part = Snapshot(folder).read(book.district_id, date(2024, 2, 29), date(2024, 3, 1))
    assert [len(month.payments.yen) for month in part.months] == [1] and not part.months[0].is_whole
    assert Snapshot(folder).read(book.district_id, date(2024, 6, 1), date(2025, 1, 1)).months == ()


def test_a_closed_month_never_changes_and_what_was_made_of_it_is_kept(old_book: Book, folder: Path) -> None:
    """While the running month grows. What comes to a closed month all the same (a wrong clock) is said, and all of it made anew."""
    book, made = old_book, []
    hanako, bakery, june, july = book.opens("consumer"), book.shop(), datetime(2025, 6, 10, tzinfo=UTC), datetime(2025, 7, 10, tzinfo=UTC)

    def total(month: Month) -> dict[str, np.ndarray]:
        made.append(month.first)
        return {"yen": np.array([month.payments.yen.sum()])}

    def sums() -> list[int]:
        return [int(month.partial("total", 1, total)["yen"][0]) for month in reads(book, folder).months]

    posted(book, book.draft("top_up", book.opens("drawer", 0), hanako, 1_000), june)
    posted(book, book.draft("payment", hanako, bakery, 10), june)
    posted(book, book.draft("payment", hanako, bakery, 20), july)
    follows(book, folder)
    june_files = {name: path.stat().st_ino for name in written(folder) for path in folder.rglob(name) if "2025-06" in name}
    assert len(june_files) == 2 and sums() == sums() == [10, 20]
    assert made == [date(2025, 6, 1), date(2025, 7, 1), date(2025, 7, 1)]
    posted(book, book.draft("payment", hanako, bakery, 30), july)
    assert follows(book, folder).reopened == ()
    assert all((folder / f"district-{book.district_id}" / name).stat().st_ino == inode for name, inode in june_files.items())
    assert sums() == [10, 50]
    assert made.count(date(2025, 6, 1)) == 1
    posted(book, book.draft("payment", hanako, bakery, 40), june)
    assert follows(book, folder).reopened == ("2025-06",)
    assert sums() == [50, 50]
    (partial,) = folder.rglob("*.npz")
    partial.write_bytes(b"cut off")
    assert sums() == [50, 50]


def test_an_empty_district_has_empty_columns(book: Book, folder: Path) -> None:
    """Before anything was written that is said; then there are no months."""
    with pytest.raises(ColumnsMissing):
        reads(book, folder)
    assert follows(book, folder) == Followed(0, 0, None, ())
    columns = reads(book, folder)
    assert (columns.months, columns.consumers, columns.shops, columns.latest) == ((), 0, 0, None)


def test_a_writer_that_is_cut_off_leaves_the_old_state(book: Book, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any of its writes; the next one goes on, and nothing is left over. Two at once: the second is told."""
    hanako, bakery = book.consumer(1_000), book.shop()
    book.pays(hanako, bakery, 1)
    follows(book, folder)
    before, real = written(folder), files.write_bytes
    book.pays(hanako, bakery, 2)
    seals(book.engine)
    for left in range(2):
        rest = iter(range(left))

        def cut_off(path: Path, content: bytes, rest: Iterator[int] = rest) -> None:
            if next(rest, None) is None:
                path.with_name(path.name + files.UNFINISHED).write_bytes(b"half")
                raise KeyboardInterrupt
            real(path, content)

        monkeypatch.setattr(files, "write_bytes", cut_off)
        with pytest.raises(KeyboardInterrupt):
            follows(book, folder)
        monkeypatch.setattr(files, "write_bytes", real)
        assert before.items() <= written(folder).items()
        assert payments(reads(book, folder)) == [(0, 0, 1, 0)]
    follows(book, folder)
    assert payments(reads(book, folder)) == [(0, 0, 1, 0), (0, 0, 2, 0)]
    assert set(written(folder)) == files.files_of(files.read_page(folder / f"district-{book.district_id}")) | {files.PAGE}
    with files.only_writer(folder / f"district-{book.district_id}"), pytest.raises(ColumnsBusy):
        follows(book, folder)


def test_a_damaged_file_is_said_and_mended(book: Book, folder: Path) -> None:
    """Whoever reads hears that it is being written again; the next round writes all of it anew."""
    book.pays(book.consumer(1_000), book.shop(), 1)
    follows(book, folder)
    whole = written(folder)
    next(folder.rglob("payments-*")).write_bytes(b"ARROW1")
    with pytest.raises(ColumnsBroken):
        reads(book, folder)
    book.pays(book.consumer(1_000), book.shop(), 1)
    assert follows(book, folder).anew == "broken"
    assert len(payments(reads(book, folder))) == 2
    rotten = next(folder.rglob("payments-*"))
    rotten.write_bytes(rotten.read_bytes().replace((1).to_bytes(8, "little"), (2).to_bytes(8, "little"), 1))
    book.pays(book.consumer(1_000), book.shop(), 1)
    assert follows(book, folder).anew == "broken"
    assert [row[2] for row in payments(reads(book, folder))] == [1, 1, 1]
    next(folder.rglob("columns.json")).write_bytes(b"{}")
    with pytest.raises(ColumnsBroken):
        reads(book, folder)
    assert follows(book, folder).anew == "broken"
    assert whole.keys() < written(folder).keys() | whole.keys()


def test_a_book_that_went_back_is_noticed(book: Book, folder: Path, superuser: Engine) -> None:
    """Returned to an earlier state, it is shorter, or goes on with other payments; either way the columns are written anew."""
    hanako, bakery = book.consumer(1_000), book.shop()
    for nth in range(4):
        book.pays(hanako, bakery, 1 + nth)
    follows(book, folder)
    with superuser.connect() as connection, Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        here = {"d": book.district_id}
        connection.execute(text("DELETE FROM ledger.leaf WHERE district_id = :d AND place = 4"), here)
        assert Snapshot(folder).follow(session, book.district_id).anew == "book_went_back"
        assert [row[2] for row in payments(reads(book, folder))] == [1, 2, 3]
        assert Snapshot(folder).follow(session, book.district_id).anew is None
        connection.execute(text("DELETE FROM ledger.leaf WHERE district_id = :d AND place = 3"), here)
        another = "SELECT district_id, 3, id, sha256('another') FROM ledger.transaction WHERE district_id = :d ORDER BY id DESC LIMIT 1"
        connection.execute(text(f"INSERT INTO ledger.leaf {another}"), here)
        assert Snapshot(folder).follow(session, book.district_id).anew == "book_went_back"
        assert [row[2] for row in payments(reads(book, folder))] == [1, 2, 4]
    follows(book, folder)
    assert [row[2] for row in payments(reads(book, folder))] == [1, 2, 3, 4]


def test_a_book_that_is_cut_into_parts_is_the_same_book(kept: Kept, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    """Old entries stand elsewhere afterwards; the columns go on, and are those that are written from nothing."""
    book = kept.book
    hanako, bakery = book.consumer(1_000), book.shop()
    book.pays(hanako, bakery, 1)
    follows(book, folder)
    kept.cuts()
    book.pays(hanako, bakery, 2)
    done = follows(book, folder)
    assert (done.added, done.anew) == (1, None)
    follows(book, tmp_path / "at once")
    assert written(folder) == written(tmp_path / "at once")


def test_the_worker_follows_and_ends_between_two_pieces(book: Book, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece is kept; who is asked to end ends after one, and the next worker goes on, also when a coin begins while it works."""
    hanako, bakery, stop = book.consumer(1_000), book.shop(), Event()
    for _ in range(4):
        book.pays(hanako, bakery, 1)
    seals(book.engine)
    monkeypatch.setattr(writing, "PIECE", 2)
    with Session(book.engine, info={"columns_folder": folder}) as session:
        stop.set()
        worker.columns._follow_book(stop, book.district_id, session, datetime.now(UTC))
        assert len(payments(reads(book, folder))) == 1
        stop.clear()
        worker.columns._follow_book(stop, book.district_id, session, datetime.now(UTC))
        assert len(payments(reads(book, folder))) == 4
        other = book.series()
        book.pays(book.consumer(1_000, other), book.shop(other), 1)
        seals(book.engine)
        worker.columns._follow_book(stop, book.district_id, session, datetime.now(UTC))
        assert len(payments(reads(book, folder))) == 5


def test_the_folder_is_private_and_says_nothing_of_a_person(book: Book, folder: Path) -> None:
    """Numbers of accounts and codes; whoever owns an account is not in it."""
    folder.mkdir(mode=0o755)
    owners = [9_000_000_000 + nth for nth in range(3)]
    people = [book.call(commands.open_account, "consumer", owner, book.series_id) for owner in owners]
    for person in people:
        book.posts("top_up", book.opens("drawer", 0), person, 100)
    follows(book, folder)
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    whole = b"".join(written(folder).values())
    assert not any(owner.to_bytes(8, "little") in whole for owner in owners)


def test_every_role_and_kind_of_the_book_has_a_number(session: Session) -> None:
    """Whoever adds one to the book adds it to the columns, at the end, and counts their format up."""
    for table, known in (("role", CLASSES), ("kind", KINDS)):
        there = set(session.execute(text(f"SELECT name FROM ledger.{table}")).scalars())
        assert there == set(known[1:])
        assert len(known) == len(set(known))
    assets = session.execute(text("SELECT name FROM ledger.role WHERE sign = 1")).scalars()
    assert set(assets) == {CLASSES[each] for each in schema.ASSETS}


def test_the_page_of_the_columns_is_true(book: Book, folder: Path) -> None:
    """Outsiders find each column of each file, with its type, and the number of each class and kind."""
    book.pays(book.consumer(1_000), book.shop(), 1)
    follows(book, folder)
    text_of = (Path(__file__).parent.parent.parent / "docs" / "reference" / "columns.md").read_text(encoding="utf-8")
    explained: dict[str, set[str]] = {}
    for table, names in re.findall(r"^\| (\w+) \| ((?:`\w+`(?:, )?)+) \|", text_of, re.MULTILINE):
        explained.setdefault(table, set()).update(re.findall(r"`(\w+)`", names))
    there = {table: set(kind._fields) for table, kind in schema.TABLES.items()}
    here = folder / f"district-{book.district_id}"
    there |= {name: set(files.read_table(here, entry)) for name, entry in json.loads((here / files.PAGE).read_text())["tables"].items()}
    assert there == explained
    for names in (CLASSES, KINDS):
        assert all(f"{number} `{name}`" in text_of for number, name in enumerate(names) if number)


def test_a_town_from_the_terminal(district: Town, folder: Path) -> None:
    """Its columns by its short name, from nothing where that is asked for. A coupon's part, also the shop's own, is in the price, and falls
    away with it to the yen when it is given back in three parts; a shop knows its customers by the
    names that its tablet shows, and by no other shop's; without a folder that is said."""
    hanako, bakery, florist = district.consumer(3_000), district.shop(), district.shop("花の木")
    coupon = district.coupon(shares=(Share("association", 70), Share("shop", 30)))
    hanako.claims(coupon)
    paid = hanako.pays(bakery, 1_000, coupon=coupon)
    hanako.pays(florist, 500)
    for amount in (333, 1, 466):
        bakery.refunds(paid.transaction_id, amount)
    district.seals()
    session, slug = district.session, district.host.removesuffix(".localhost")
    session.info["columns_folder"] = folder
    for words, said in ((["--district", slug], "transactions"), (["--rebuild", "--district", slug], "written anew")):
        told = CliRunner().invoke(cli.commands, ["snapshot", *words], obj=session, catch_exceptions=False)
        assert slug in told.output and said in told.output and told.exit_code == 0
    columns = snapshot.of(session).read(district.district_id, *ALWAYS)
    bakery_code = columns.shop_code(bakery.id)
    assert payments(columns) == [(0, bakery_code, 1_000, 200), (0, columns.shop_code(florist.id), 500, 0)]
    refunds = columns.months[0].refunds
    stays = [140 * left // 800 + 60 * left // 800 for left in (800, 467, 466, 0)]
    assert refunds.discount.tolist() == [before - after for before, after in pairwise(stays)]
    assert (refunds.yen - refunds.discount).tolist() == [333, 1, 466] and int(refunds.yen.sum()) == 1_000
    moved, held = columns.movements(columns.months[0]), np.zeros(columns.consumers + columns.shops, np.int64)
    for sides, sign in ((moved.source, -1), (moved.target, 1)):
        np.add.at(held, sides[sides != snapshot.OUTSIDE], sign * moved.yen[sides != snapshot.OUTSIDE])
    assert held.tolist() == [hanako.coins(), bakery.taken(), florist.taken()] and int(moved.spent.sum()) == 500
    register = merchant.queries.merchant(session, district.district_id, bakery.id)
    row = columns.shop_rows[0 if bakery_code is None else bakery_code]
    assert (row.number, row.trade, row.size) == (register.public_number, register.trade, register.size) and row.opened is not None
    with pytest.raises(ColumnsOff):
        snapshot.of(Session(district.engine))
