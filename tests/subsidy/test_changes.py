"""計画変更: a member that leaves in the middle, what must be approved, and an office that is asked once at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import subsidy.commands
import subsidy.queries
from ledger.errors import KeyReused
from subsidy.commands import NewChange
from subsidy.errors import ChangeAnswered, ChangeWaits
from subsidy.models import PlanChange
from subsidy.queries import Changes, Costs
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import Group
from tests.subsidy.test_costs import clock, desk, district, group, keep

__all__ = ["clock", "desk", "district", "group"]


@pytest.fixture
def decided(group: Group, clock: TestClock) -> Group:
    """The example that is reckoned by hand, decided as it was asked for."""
    group.notes("submitted", date(2023, 6, 1))
    clock.advance(days=40)
    group.notes("decided", date(2023, 7, 3), (6_569_442, 2_266_667, 589_073))
    group.notes("period_end", date(2024, 1, 31))
    clock.advance(days=1)
    return group


def leaves(group: Group, *names: str) -> None:
    for row in group.stands().group:
        if row.name in names:
            day = group.town.now.date()
            subsidy.commands.party_leaves(group.town.session, group.who, group.project_id, row.id, day, "閉店", now=group.town.now)


def changes(group: Group) -> Changes:
    return subsidy.queries.changes(group.town.session, group.who, Costs(group.stands()))


def test_a_member_leaves_and_everybody_sees_what_it_does(app: Flask, decided: Group) -> None:
    """Its lines fall out, B's cap falls by 500,000, C by its share, and each own burden stands before and after."""
    assert changes(decided).found == []
    leaves(decided, "1番の店")
    found = changes(decided)
    assert [(each.code, each.needs) for each in found.found] == [("member_left", "advice")]
    assert (found.then.subsidy, found.then.parts.c, found.then.grant.b_cap) == (9_425_182, 589_073, 6_000_000)
    now = found.costs.planned
    assert (now.parts.a, now.grant.b_cap, now.parts.c) == (6_569_442 - 597_222, 5_500_000, (6_569_442 - 597_222 + 2_266_667) // 15)
    gone = next(row.id for row in decided.stands().parties if row.name == "1番の店")
    lead = decided.stands().group[0].id
    assert found.burdens[gone] == (850_001 - 597_222, 0) and found.burdens[lead][1] - found.burdens[lead][0] == 589_073 - now.parts.c
    page = Desk(app.test_client(), decided.town, decided.lead).sees(f"/group/{decided.project_id}/changes").text
    assert all(said in page for said in ("1番の店が抜けた", "6,000,000 → 5,500,000", "すぐに相談")) and "者を割りました" not in page


def test_nine_members_stop_the_project(app: Flask, decided: Group) -> None:
    leaves(decided, "1番の店", "2番の店", "3番の店")
    page = Desk(app.test_client(), decided.town, decided.lead).sees(f"/group/{decided.project_id}/changes").text
    assert "構成員が 9者になり、10者を割りました" in page
    assert "ask_office" in decided.steps()


def test_a_change_is_asked_once_and_what_was_approved_is_the_new_plan(app: Flask, decided: Group) -> None:
    """Dearer and swapped lines need approval, cheaper ones a word in the report; the second request waits for the first answer."""
    keep(decided, 1, 1, amount=800_000)
    keep(decided, 2, 1, amount=100_000)
    keep(decided, 4, 1, is_out=True)
    assert [(each.code, each.line, each.needs) for each in changes(decided).found] == [
        ("amount_up", 1, "approval"),
        ("amount_down", 2, "notice"),
        ("line_out", 4, "approval"),
    ]
    seat, page = Desk(app.test_client(), decided.town, decided.lead), f"/group/{decided.project_id}/changes"
    assert seat.presses(page, page, words="").status_code == 422
    assert seat.presses(page, page, words="機種の入れ替え", day="2023-07-05").status_code == 303
    assert decided.stands().state == "change_requested"
    (asked,) = changes(decided).asked
    assert (asked.before.total, asked.after.total) == (9_425_182, Costs(decided.stands()).planned.subsidy) and len(asked.said) == 3
    again = NewChange(date(2023, 7, 5), "もう一つ", (), asked.before, asked.after, uuid4())
    with pytest.raises(ChangeWaits):
        subsidy.commands.ask_change(decided.town.session, decided.who, decided.project_id, again, now=decided.town.now)
    kept = decided.town.session.scalar(select(PlanChange.key).where(PlanChange.district_id == decided.town.district_id))
    other = replace(again, key=kept)
    with pytest.raises(KeyReused):
        subsidy.commands.ask_change(decided.town.session, decided.who, decided.project_id, other, now=decided.town.now)
    assert seat.presses(page, f"{page}/1", verdict="approved", day="2023-07-09", words="承認第3号").status_code == 303
    assert decided.stands().state == "running" and changes(decided).found == []
    told = {"is_approved": False, "day": date(2023, 7, 10), "words": ""}
    with pytest.raises(ChangeAnswered):
        subsidy.commands.answer_change(decided.town.session, decided.who, decided.project_id, 1, **told, now=decided.town.now)
