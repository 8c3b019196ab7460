"""A package that is too large to be made while somebody waits: asked for, watched, stopped, and the same one again."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from threading import Event as Flag

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

import subsidy.commands
from subsidy.errors import PackageFailed
from subsidy.packages import Packers
from subsidy.packing import SUMS
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group
from tests.subsidy.test_result import clock, desk, group, prove
from tests.town import Clerk, Town, district

__all__ = ["clock", "desk", "district", "group"]

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def packers(app: Flask, district: Town, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> Packers:
    """Of whom even a small group's package has to be asked."""
    monkeypatch.setattr("subsidy.queries.packages.AT_ONCE_PIECES", 3)
    monkeypatch.setattr("subsidy.views.result_book.VOLUME_SHEETS", 9)
    engine = district.session.get_bind()
    return Packers(lambda: Session(engine, info=dict(district.session.info)), app, clock)


def files(answer: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_large_package_is_made_once_by_the_worker(desk: Seat, group: Group, packers: Packers, clock: TestClock) -> None:
    """The page says that it is being made; pressed twice it is one; its list agrees; only what has changed makes another."""
    prove(group, 2)
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    assert seat.sees(f"{page}/package.zip").location.endswith("/result#files") and "まとめています" not in seat.sees(page).text
    for _press in range(2):
        assert seat.presses(page, f"{page}/package").status_code == 303
    assert "まとめています" in seat.sees(page).text and seat.sees(f"{page}/package/progress").json == {"done": 0, "moves": True}
    assert packers.round(Flag()) and not packers.round(Flag())
    assert "まとめを受け取る（ZIP）" in seat.sees(page).text and seat.sees(f"{page}/package/progress").json == {"done": 0, "moves": False}
    whole = seat.sees(f"{page}/package.zip").data
    held = files(whole)
    told = held.pop(SUMS).decode().splitlines()
    assert told == [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in held.items()] and len(held) == 4 + 12
    books = {name: len(PdfReader(io.BytesIO(held[name])).pages) for name in held if name.startswith("03_")}
    assert books == {"03_証憑_001-007.pdf": 1 + 9, "03_証憑_008-012.pdf": 1 + 5}  # contents, and no more sheets than one volume takes
    clock.advance(minutes=30)
    seat.presses(page, f"{page}/package")
    assert not packers.round(Flag()) and seat.sees(f"{page}/package.zip").data == whole
    group.finds(group.stands().lines[1].proofs[0].id, is_good=True, words="電話で確かめた")
    assert "まとめを受け取る（ZIP）" not in seat.sees(page).text
    seat.presses(page, f"{page}/package")
    assert packers.round(Flag()) and seat.sees(f"{page}/package.zip").data != whole
    clock.advance(days=8)
    subsidy.commands.sweep_packages(group.town.session, now=clock())
    assert desk(group.lead.signs_in_again()).sees(f"{page}/package.zip").status_code == 303


def test_a_package_whose_worker_died_is_begun_anew_and_one_that_is_stopped_is_not_made(
    desk: Seat, group: Group, packers: Packers, clock: TestClock
) -> None:
    """What was half made is never given out; whoever kills three workers is given up, and a press tries again."""
    prove(group, 2)
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    session = group.town.session

    def dies() -> None:
        dead = subsidy.commands.take_package(session, PackageFailed.number, now=clock())
        assert dead is not None
        subsidy.commands.keep_part(session, dead, 0, b"half of it", now=clock())

    seat.presses(page, f"{page}/package")
    dies()
    assert not packers.round(Flag())  # it may still live
    clock.advance(minutes=6)
    assert packers.round(Flag()) and len(files(seat.sees(f"{page}/package.zip").data)) == 4 + 12 + 1
    group.finds(group.stands().lines[1].proofs[0].id, is_good=True, words="電話で確かめた")
    seat.presses(page, f"{page}/package")
    ending = Flag()
    ending.set()
    assert packers.round(ending) and "まとめています" in seat.sees(page).text  # left to the next worker
    seat.presses(page, f"{page}/package/stop")
    assert not packers.round(Flag()) and "まとめています" not in seat.sees(page).text
    seat.presses(page, f"{page}/package")
    for _try in range(3):
        dies()
        clock.advance(minutes=6)
    assert not packers.round(Flag()) and "まとめを作れませんでした（E-8232）" in seat.sees(page).text
    seat.presses(page, f"{page}/package")
    assert packers.round(Flag()) and len(files(seat.sees(f"{page}/package.zip").data)) == 4 + 12 + 1


def test_the_package_of_a_large_application_comes_by_the_same_door(
    desk: Seat, group: Group, packers: Packers, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files as at once, byte for byte; it hides no package of the result report, and neither stops the other."""
    prove(group, 2)
    lead, page = group.stands().group[0].id, f"/group/{group.project_id}/filing"
    for place, kind in enumerate(("D_REGISTRY", "D_CORP_TAX")):
        group.finds(group.hands_in(lead, kind, PDF + b"%d" % place, date(2024, 4, 1)))
    seat = desk(group.lead)
    with monkeypatch.context() as large_ones:
        large_ones.setattr("subsidy.queries.packages.AT_ONCE_PIECES", 200)
        at_once = files(seat.sees(f"{page}/package.zip").data)
    assert any(name.startswith("添付/") for name in at_once)
    assert seat.sees(f"{page}/package.zip").location.endswith("/filing#files")
    assert seat.presses(page, f"{page}/package").status_code == 303
    assert "まとめています" in seat.sees(page).text and "まとめています" not in seat.sees(f"/group/{group.project_id}/result").text
    seat.presses(page, f"/group/{group.project_id}/result/package/stop")
    assert packers.round(Flag()) and "まとめを受け取る（ZIP）" in seat.sees(page).text
    assert files(seat.sees(f"{page}/package.zip").data) == at_once
    stranger = Desk(seat.client, group.town, group.town.another_clerk("group_lead"))
    assert stranger.sees(f"{page}/package.zip").status_code == 404
