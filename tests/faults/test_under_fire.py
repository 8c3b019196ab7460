"""Everything is killed while people pay, and what they were told is held against the book: `history.py` decides.

The short form of `python3 dev.py torture`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from base.errors import MeguriError
from embedded import place
from ledger import commands
from ledger.errors import FloorPassed, SeriesEnded
from ledger.verify import verify
from tests.faults import breaks, moved_clock
from tests.faults.clients import NO_HOLDS
from tests.faults.machine import ROOT
from tests.faults.stage import DATABASE, Stage, stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bare(worker_id: str) -> Iterator[Stage]:
    """A database of its own, and clients at the doors of the ledger."""
    with stage(place(ROOT / ".cache" / f"fire-{worker_id}"), seed=1) as bare:
        yield bare


def test_web_servers_workers_and_database_are_killed(worker_id: str) -> None:
    """Two web servers and two workers on one database; phones, tills, the counter and clients of the ledger at once. One of each is
    killed, answers are cut off: nobody was told what is not so, and the log goes on from every checkpoint that was seen."""
    with stage(place(ROOT / ".cache" / f"fire-whole-{worker_id}"), sites=2, workers=2, seed=2) as whole:
        told = whole.chapter([breaks.web, breaks.cut, breaks.worker, breaks.postgres])
    assert told.findings == []
    assert told.paid > 30 and told.count("unknown") > 2


def test_a_standby_takes_over(bare: Stage) -> None:
    """Every connection is ended; then the primary is killed under load and its synchronous standby promoted; then one process of the new
    primary is killed. What was acknowledged is there, numbers and positions go on, and the signed checkpoints agree."""
    told = bare.chapter([breaks.terminate, breaks.failover, breaks.backend])
    assert told.findings == []
    assert told.paid > 30 and told.count("unknown") > 2


def test_a_book_that_forgets_is_caught(worker_id: str) -> None:
    """The same with a database that says "done" before it has written: the checker finds what was lost. So it can."""
    with stage(place(ROOT / ".cache" / f"fire-forgets-{worker_id}"), seed=4) as careless:
        with careless.server.admin(DATABASE) as connection:
            connection.execute(f"ALTER DATABASE {DATABASE} SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '5s'")
            connection.execute("SELECT pg_reload_conf()")
        careless.engine.dispose()
        told = careless.chapter([breaks.postgres])
    assert "lost" in {finding.what for finding in told.findings}


def test_the_disk_is_full(worker_id: str) -> None:
    """Neither payments nor the log of PostgreSQL can be written any more, twice, until somebody makes room."""
    folder = place(ROOT / ".cache" / f"fire-disk-{worker_id}")
    try:
        with breaks.small_disk(folder), stage(folder, seed=5) as disk:
            disk.acts = NO_HOLDS
            told = disk.chapter([breaks.full_disk])
            assert "No space left on device" in disk.server.log.read_text()
    except breaks.CannotMount as reason:
        pytest.skip(f"NOT RUN: a full disk was not tried, since this machine lets us mount nothing ({reason})")
    assert told.findings == []
    assert told.paid > 10 and told.count("unknown") > 2


@pytest.fixture
def movable(bare: Stage) -> Iterator[Stage]:
    """The same, and its database's clock can be moved."""
    moved_clock.make_movable(bare.server, DATABASE)
    bare.engine.dispose()
    yield bare
    moved_clock.put_right(bare.server, DATABASE)
    bare.engine.dispose()


def test_the_clock_is_set_back_while_people_pay(movable: Stage) -> None:
    """An hour fast, and put right: payments go on in one order, though their moments do not, and the log is sealed in that order."""
    movable.acts, usual = NO_HOLDS, movable.acts
    told = movable.chapter([breaks.clock_set_back, breaks.clock_set_back])
    movable.acts = usual
    assert told.findings == []
    assert told.paid > 20


def test_the_clock_is_set_back_over_the_end_of_a_coin(movable: Stage) -> None:
    """By a clock that was fast a coin had ended, and what was left of it was booked out. Put right, the coin runs again: nothing can be
    spent twice, a hold of that hour binds until its end, an approval from then is good, and the books agree."""
    book = movable.as_book()
    book.series_id = book.series(valid_until=datetime.now(UTC) + timedelta(minutes=30))
    hanako, taro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    paid = book.pays(hanako, bakery, 300)
    large = book.draft("top_up_large", book.opens("safe", 0), taro, 5_000)
    proposal = book.call(commands.propose, 71, "top_up_large", [large])
    moved_clock.move(movable.server, DATABASE, 3_600)
    with pytest.raises(SeriesEnded):
        book.pays(hanako, bakery, 1)
    book.posts("expiry", hanako, book.opens("breakage", 0), 700)
    book.call(commands.decide, proposal, 72, approved=True)
    moved_clock.move(movable.server, DATABASE, 0)
    with pytest.raises(FloorPassed):
        book.pays(hanako, bakery, 1)
    assert book.pays(hanako, bakery, 300, key=paid.key).transaction_id == paid.transaction_id
    book.call(commands.post_approved, proposal)
    book.holds(taro, 5_500, seconds=60)
    with pytest.raises(FloorPassed):
        book.pays(taro, bakery, 501)
    assert (book.balance(hanako), book.balance(taro), book.balance(bakery)) == (0, 6_000, 300)
    with Session(book.engine) as session:
        assert list(verify(session, lambda _: None, district_id=book.district_id)) == []


def test_a_cursor_from_before_a_crash_misses_nothing(bare: Stage) -> None:
    """A tablet has asked what is new when the power goes. Transaction ids that had left nothing on the disk (refusals) are given again
    afterwards, to payments: it is told of each."""
    book = bare.as_book()
    hanako, bakery = book.consumer(1_000), book.shop()
    with bare.server.admin(DATABASE) as connection:
        (writer,) = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'").fetchone() or (0,)
    os.kill(writer, signal.SIGSTOP)  # it would write down what nobody waits for, within some tenths of a second
    for _ in range(10):
        with suppress(MeguriError):
            book.pays(hanako, bakery, 99_999)
    cursor = book.arrivals(bakery, cursor=None).cursor
    breaks.postgres(bare)
    book.engine.dispose()
    paid = {book.pays(hanako, bakery, 1).transaction_id for _ in range(20)}
    assert paid <= {entry.transaction_id for entry in book.arrivals(bakery, cursor=cursor).entries}
