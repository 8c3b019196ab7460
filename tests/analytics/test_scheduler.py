"""Months are counted ahead of the pages, here or by workers of Dask, and come out the same."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from distributed import LocalCluster

from analytics.errors import SchedulerAway
from analytics.reports.ahead import ANSWERS as REPORTS
from analytics.reports.ahead import PARTS, ahead
from analytics.reports.edition import edition
from analytics.reports.frame import QUARTER
from analytics.snapshot import Snapshot
from base.settings import SettingsWrong, read_settings
from tests.analytics.test_snapshot import follows, posted
from tests.ledger.conftest import Book

MONTHS = 4
ANSWERS = sum(1 if report.months == QUARTER else MONTHS for report in REPORTS.values())
PIECES = MONTHS * len(PARTS) + ANSWERS
"""The first quarter of the year is over, and each of its months."""


@pytest.fixture
def books(demo_book: Book) -> tuple[Book, Book]:
    """Of two districts."""
    return demo_book, Book(demo_book.engine, demo_book.desk)


@pytest.fixture
def columns(books: tuple[Book, Book], tmp_path: Path) -> Snapshot:
    """In each, four months that are closed and one that runs, in which three people pay at two shops; ten times as much in the second."""
    for factor, book in zip((1, 10), books, strict=True):
        _year(book, factor)
        follows(book, tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    return Snapshot(tmp_path / "here")


def _year(book: Book, factor: int) -> None:
    book.series_id = book.series(valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    people, shops = [book.opens("consumer") for _ in range(3)], [book.shop() for _ in range(2)]
    for person in people:
        posted(book, book.draft("top_up", book.opens("drawer", 0), person, 100_000), datetime(2025, 1, 2, tzinfo=UTC))
    for month in range(1, MONTHS + 2):
        for nth in range(8):
            draft = book.draft("payment", people[nth * month % 3], shops[nth % 2], factor * (10 * nth + month))
            posted(book, draft, datetime(2025, month, 3 + nth // 2, nth, tzinfo=UTC))


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own, on this machine only."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None) as found:
        yield found


def kept(snapshot: Snapshot) -> dict[str, bytes]:
    return {str(path.relative_to(snapshot.folder)): path.read_bytes() for path in snapshot.folder.glob("district-*/partials/*")}


def test_workers_of_dask_make_what_is_made_here_also_where_one_is_killed(
    columns: Snapshot, cluster: LocalCluster, books: tuple[Book, Book]
) -> None:
    """Two districts at once, byte for byte, each month of each report once; who asks again finds nothing to do."""
    there = Snapshot(columns.folder.with_name("there"))
    districts, killed = [book.district_id for book in books], list[int]()
    many = len(districts) * PIECES

    def kill_one(_done: int, _of: int) -> None:
        if not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    assert ahead(columns, districts) == many
    assert ahead(there, districts, scheduler=cluster.scheduler_address, heard=kill_one) == many
    assert killed
    assert kept(there) == kept(columns) and len(kept(there)) == many
    folders = {Path(name).parts[0] for name in kept(there)}
    assert len(folders) == 2 and len(set(kept(there).values())) > PIECES, "what one district paid is not the other's"
    assert ahead(there, districts, scheduler=cluster.scheduler_address) == 0


def test_what_an_older_edition_of_the_program_made_does_not_stay_for_ever(columns: Snapshot, demo_book: Book) -> None:
    assert ahead(columns, [demo_book.district_id]) == PIECES
    made = kept(columns)
    for name in [name for name in made if f"-{edition()}-" in name]:
        (columns.folder / name.replace(edition(), "0123456789ab")).write_bytes(made[name])
    assert len(kept(columns)) > PIECES
    assert ahead(columns, [demo_book.district_id]) == 0
    assert kept(columns) == made


def test_a_scheduler_that_is_away_is_named(columns: Snapshot, demo_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.scheduler.PATIENCE_S", 0.2)
    with pytest.raises(SchedulerAway) as refused:
        ahead(columns, [demo_book.district_id], scheduler="tcp://127.0.0.1:9")
    assert refused.value.facts["address"] == "tcp://127.0.0.1:9" and kept(columns) == {}


@pytest.mark.parametrize("address", ["tcp://192.0.2.1:8786", "tcp://0.0.0.0:8786", "127.0.0.1:8786", "tls://127.0.0.1:8786"])
def test_a_scheduler_stands_on_this_machine(address: str) -> None:
    """Whoever reaches it has its workers run anything."""
    with pytest.raises(SettingsWrong, match="MEGURI_ANALYTICS_SCHEDULER"):
        read_settings({"MEGURI_ANALYTICS_SCHEDULER": address})
