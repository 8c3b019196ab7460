"""Which call fits this member: its part of the group beside what other frames give, and nothing guessed about what is not known."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

import subsidy.commands
import subsidy.queries
from base.clock import tokyo_day
from subsidy.commands import NewLine, NewParty
from subsidy.errors import PaperForgotten, PapersOver
from subsidy.models import Party
from subsidy.queries import Contact, Costs
from subsidy.rules.others import Fit, fits, frames
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group, founded
from tests.subsidy.test_costs import clock, desk, district, group

__all__ = ["clock", "desk", "district", "group"]


def test_each_member_sees_its_part_beside_other_frames(app: Flask, group: Group) -> None:
    """700,000 of software and a tablet: 597,222 in the group and alone, 350,000 at one half; a large one is cut at the frame's end."""
    first, second = group.stands().group[1:3]
    group.buys(NewLine(second.id, "A-SW-ACC", "cloud", "会計", 4_800_000, months=24))
    costs = Costs(group.stands())
    lines = [row.line for row in costs.rows]
    told = fits(str(first.id), lines, costs.planned.grant, costs.project.call)
    assert told == [
        Fit("group", 597_222),
        Fit("digital_base", 597_222),
        Fit("normal_a", 350_000),
        Fit("normal_b", 0, "small"),
        Fit("multi_2026", None),
    ]
    large = fits(str(second.id), lines, costs.planned.grant, costs.project.call)
    assert large[2:4] == [Fit("normal_a", 1_499_999, "large"), Fit("normal_b", 1_550_000)]  # (700,000 + 12 of 24 months) at one half
    page = Desk(app.test_client(), group.town, group.lead).sees(f"/group/{group.project_id}/calls").text
    assert all(said in page for said in ("350,000", "下限に届かない", "まだ分からない", "公式サイト（いまの公募）"))


def test_every_value_of_a_frame_has_its_source() -> None:
    assert all(told.source and told.certainty for frame in frames() for told in frame.told.values())
    assert not any(isinstance(told.value, int) for frame in frames() if frame.kind == "unknown" for told in frame.told.values())


def test_when_their_time_is_over_the_files_of_a_group_cannot_be_opened(group: Group, clock: TestClock) -> None:
    """Five years, and ninety days in which the lead may name a later one; then the keys go, and what came when from whom stays."""
    here = (group.town.session, group.who, group.project_id)
    group.files(date(2023, 6, 1))
    paper = group.hands_in(group.stands().group[1].id, "D_IDENTITY")

    def opens() -> bool:
        subsidy.commands.forget_papers(group.town.session, now=clock())
        try:
            return bool(subsidy.queries.open_paper(*here, paper, today=tokyo_day(clock())).content)
        except PaperForgotten:
            return False

    clock.now = datetime(2029, 3, 31, 3, tzinfo=UTC)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    group.notes("period_end", date(2024, 1, 31))
    clock.now = datetime(2030, 1, 1, 3, tzinfo=UTC)
    assert opens()  # a report is owed: nothing goes
    group.notes("withdrawn", date(2023, 8, 1))
    clock.now = datetime(2029, 3, 31, 3, tzinfo=UTC)
    assert group.steps() == ["keep"]
    clock.now = datetime(2029, 4, 1, 3, tzinfo=UTC)
    assert [(step.code, step.due) for step in group.stands().steps] == [("keep_over", date(2029, 6, 29))]
    group.notes("keep_longer", date(2030, 3, 31))
    clock.now = datetime(2030, 6, 28, 3, tzinfo=UTC)
    assert opens() and group.steps() == ["keep_over"]
    clock.now = datetime(2030, 6, 29, 3, tzinfo=UTC)
    assert not opens() and group.steps() == ["forgotten"]
    (row,) = [row for row in group.stands().papers if row.id == paper]
    assert row.sha256 == hashlib.sha256(PDF).digest()
    assert subsidy.commands.forget_papers(group.town.session, now=clock()) == 0  # again finds nothing
    shop, kept = group.stands().group[1].id, len(group.stands().papers)
    with pytest.raises(PapersOver):  # it would be closed for good within the hour
        group.hands_in(shop, "D_IDENTITY")
    assert len(group.stands().papers) == kept
    group.notes("keep_longer", date(2031, 3, 31))
    assert subsidy.queries.open_paper(*here, group.hands_in(shop, "D_IDENTITY"), today=tokyo_day(clock())).content == PDF


def test_whoever_was_to_be_reached_is_forgotten_where_no_paper_ever_came(group: Group, clock: TestClock) -> None:
    bare = founded(group.town, name="紙のない事業")
    contact = Contact("山田", "0761-00-0000", "加賀市（見本）")
    where = (group.town.session, bare.who, bare.project_id)
    subsidy.commands.add_party(*where, "participant", NewParty("店", True, contact=contact), now=clock())
    clock.now = datetime(2024, 4, 2, 3, tzinfo=UTC)  # the call is over: what was done elsewhere is noted
    bare.notes("submitted", date(2023, 6, 1))
    bare.notes("decided", date(2023, 7, 3), (500_000, 0, 0))
    bare.notes("period_end", date(2024, 1, 31))
    bare.notes("withdrawn", date(2024, 2, 1))
    kept = select(func.count()).where(Party.project_id == bare.project_id, Party.contact.is_not(None))
    for day, left in ((date(2029, 6, 28), 1), (date(2029, 6, 29), 0)):
        clock.now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        subsidy.commands.forget_papers(group.town.session, now=clock())
        assert group.town.session.scalar(kept) == left
