"""Which call fits this member: its part of the group beside what other frames give, and nothing guessed about what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from subsidy.commands import NewLine
from subsidy.queries import Costs
from subsidy.rules.others import Fit, fits, frames
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import Group
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


def test_papers_are_due_after_five_years_and_nothing_deletes_them(group: Group, clock: TestClock) -> None:
    """The end of the time of keeping is the lead's to decide on: it is a step, not a job."""
    group.files(date(2023, 6, 1))
    clock.now = datetime(2029, 3, 31, 3, tzinfo=UTC)
    for kind, day, amounts in (
        ("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000)),
        ("period_end", date(2024, 1, 31), None),
        ("withdrawn", date(2023, 8, 1), None),
    ):
        group.notes(kind, day, amounts)
    assert group.steps() == ["keep"]
    clock.now = datetime(2029, 4, 1, 3, tzinfo=UTC)
    assert group.steps() == ["keep_over"]
