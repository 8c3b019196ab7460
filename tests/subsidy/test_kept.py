"""What was filed is handed out byte for byte as it was printed then, whatever becomes of the program and of the group."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Event as Flag

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import subsidy.commands
import web.i18n
from base.db import make_engine
from subsidy import titles
from subsidy.commands import NewFact, Printed, PrintedFile
from subsidy.errors import FilingMoved
from subsidy.models import KeptKey
from subsidy.packages import CONNECTIONS, Packers
from subsidy.packing import SUMS
from subsidy.queries import kept_filing
from subsidy.views import evidence_book
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group
from tests.subsidy.test_packages import files
from tests.subsidy.test_result import clock, desk, group
from tests.town import Clerk, Town, district

__all__ = ["clock", "desk", "district", "group"]

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def packers(app: Flask, district: Town, clock: TestClock) -> Iterator[Packers]:
    """With as many connections as the worker gives them."""
    engine = make_engine(district.session.get_bind().engine.url.render_as_string(hide_password=False), pool_size=CONNECTIONS)
    yield Packers(lambda: Session(engine, info=dict(district.session.info)), app, clock)
    engine.dispose()


@contextmanager
def newer_meguri(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another year's program: other headings, other kinds, another way to lay a picture. What is made now looks otherwise."""
    with monkeypatch.context() as update:
        for module in ("result_papers", "result_book", "application_papers", "application", "effect_papers"):
            update.setattr(f"subsidy.views.{module}._", lambda text, /, **facts: web.i18n._(text, **facts).replace("の", "之"))
        update.setattr(titles, "EVIDENCE", {kind: f"新しい{kind}" for kind in titles.EVIDENCE})
        update.setattr(evidence_book, "DPI", 100)
        yield


def filed(seat: Desk, group: Group, kind: str, day: date) -> None:
    page = f"/group/{group.project_id}/facts"
    assert seat.presses(page, page, kind=kind, day=day.isoformat()).status_code == 303


def test_a_filed_result_outlives_an_update(
    desk: Seat, group: Group, packers: Packers, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Report, workbook and book of evidence, alone and in the package; returned, it is made anew. Its key goes with the files' keys."""
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    names = ("report.pdf", "lines.xlsx", "evidence.pdf", "package.zip")
    before = seat.sees(f"{page}/report.pdf").data
    of_another_moment = Printed("ja", bytes(32), [PrintedFile("x", content=b"x")])
    here = (group.town.session, group.who, group.project_id)
    with pytest.raises(FilingMoved):
        subsidy.commands.note_fact(*here, NewFact("result_filed", date(2024, 2, 1)), of_another_moment, now=clock())
    filed(seat, group, "result_filed", date(2024, 2, 1))
    assert seat.sees(f"{page}/evidence.pdf").status_code == 303 and "まとめています" in seat.sees(page).text
    assert packers.round(Flag()) and not packers.round(Flag())  # it has bound the book
    as_filed = [seat.sees(f"{page}/{name}").data for name in names]
    assert as_filed[0] == before and "控えとして残してあります" in seat.sees(page).text
    told = files(as_filed[3])
    assert told[SUMS].decode().splitlines() == [f"{hashlib.sha256(told[name]).hexdigest()}  {name}" for name in told if name != SUMS]
    assert [told[name] for name in ("01_実績報告書.pdf", "02_経費明細.xlsx", "03_証憑.pdf")] == as_filed[:3]
    clock.advance(days=400)
    with newer_meguri(monkeypatch):
        later = desk(group.lead.signs_in_again())
        assert [later.sees(f"{page}/{name}").data for name in names] == as_filed
        assert [later.sees(f"{page}/{name}?lang=en").data for name in names] == as_filed
        group.notes("result_returned", date(2024, 2, 10))
        assert later.sees(f"{page}/report.pdf").data != as_filed[0]
    group.notes("withdrawn", date(2024, 2, 11))
    clock.now = datetime(2029, 7, 1, 3, tzinfo=UTC)
    subsidy.commands.forget_papers(group.town.session, now=clock())
    assert not group.town.session.scalar(select(func.count()).select_from(KeptKey).filter_by(district_id=group.who.district_id))


def test_a_large_filed_result_comes_from_the_worker_as_it_was(
    desk: Seat, group: Group, packers: Packers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its volumes are kept as they were bound, or none of them where the worker ended in the middle."""
    monkeypatch.setattr("subsidy.queries.packages.AT_ONCE_PIECES", 3)
    monkeypatch.setattr("subsidy.views.result_book.VOLUME_SHEETS", 4)
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    filed(seat, group, "result_filed", date(2024, 2, 1))
    ending = Flag()
    ending.set()
    assert packers.round(ending)
    kept = kept_filing(group.town.session, group.who.district_id, group.stands(), "result_filed")
    assert "これから綴じて" in seat.sees(page).text
    assert kept is not None and not kept.has_book and len(kept.originals) == 6
    assert packers.round(Flag())
    assert "これから綴じて" not in seat.sees(page).text
    as_filed = files(seat.sees(f"{page}/package.zip").data)
    assert [name for name in as_filed if name.startswith("03_")] == ["03_証憑_001-003.pdf", "03_証憑_004-006.pdf"]
    with newer_meguri(monkeypatch):
        subsidy.commands.sweep_packages(group.town.session, now=datetime(2030, 1, 1, tzinfo=UTC))
        seat.presses(page, f"{page}/package")
        assert packers.round(Flag()) and files(seat.sees(f"{page}/package.zip").data) == as_filed


def test_a_filed_application_and_effect_report_outlive_an_update(
    desk: Seat, group: Group, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes afterwards does not change it. An application noted once the call is over was made elsewhere, and is not kept."""
    assert kept_filing(group.town.session, group.who.district_id, group.stands(), "submitted") is None
    clock.now = datetime(2023, 6, 1, 3, tzinfo=UTC)
    group.notes("period_end", None)
    group.notes("decided", None)
    group.notes("submitted", None)
    group.answers(*range(1, 7))
    registry = group.hands_in(group.stands().group[0].id, "D_REGISTRY", PDF, date(2023, 5, 20))
    group.finds(registry)
    seat, page = desk(group.lead.signs_in_again()), f"/group/{group.project_id}/filing"
    filed(seat, group, "submitted", date(2023, 6, 1))
    names = ("application.pdf", "application.xlsx", "roster.pdf", "package.zip")
    as_filed = [seat.sees(f"{page}/{name}").data for name in names]
    shown = seat.sees(page).text
    assert "提出した書類" in shown and "添付/01_灯ノ沢温泉商店街振興組合_履歴事項全部証明書.pdf" in shown
    clock.now = datetime(2025, 5, 1, 3, tzinfo=UTC)
    group.notes("decided", date(2023, 7, 3), (500_000, 0, 0))
    group.finds(registry, is_good=False, words="古い")
    for party in group.stands().reporting:
        for year in (0, 1):
            group.reports(party.id, year, 9_000_000 + year, 5_000_000)
    seat, effect = desk(group.lead.signs_in_again()), f"/group/{group.project_id}/effect/1"
    filed(seat, group, "report1_filed", date(2025, 5, 1))
    reports = ("report.pdf", "report.xlsx", "package.zip")
    reported = [seat.sees(f"{effect}/{name}").data for name in reports]
    clock.advance(days=300)
    with newer_meguri(monkeypatch):
        later = desk(group.lead.signs_in_again())
        assert [later.sees(f"{page}/{name}").data for name in names] == as_filed
        assert [later.sees(f"{effect}/{name}").data for name in reports] == reported
        group.notes("report1_filed", None)
        assert later.sees(f"{effect}/report.pdf").data != reported[0]
