"""計画変更: a member that leaves in the middle, what must be approved, and an office that is asked once at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import subsidy.commands
import subsidy.queries
import subsidy.rules.calls
from ledger.errors import KeyReused
from subsidy.commands import NewChange
from subsidy.errors import ChangeAnswered, ChangeWaits, PlanUnready, RulesNotNewer
from subsidy.models import PlanChange
from subsidy.queries import Changes, Costs
from subsidy.rules import RULES
from subsidy.rules.calls import NEWEST
from subsidy.titles import FAULTS
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import Group
from tests.subsidy.test_costs import clock, desk, district, group, keep

__all__ = ["clock", "desk", "district", "group"]


@pytest.fixture
def decided(group: Group, clock: TestClock) -> Group:
    """The example that is reckoned by hand, decided as it was asked for."""
    group.files(date(2023, 6, 1))
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


def test_what_was_filed_is_frozen_and_a_line_changed_afterwards_is_told(app: Flask, group: Group, clock: TestClock) -> None:
    """With errors open nothing is filed; then the sums, their question and the fingerprint stay, whatever is typed later."""
    with pytest.raises(PlanUnready) as told:
        group.notes("submitted", date(2023, 6, 1))
    assert told.value.facts["errors"] == (FAULTS["E_PLAN_UNANSWERED"],)
    group.files(date(2023, 6, 1))
    filing = group.stands().filing
    assert filing and (filing.sums.total, filing.errors, filing.fingerprint) == (9_425_182, (), group.stands().fingerprint)
    assert "lines_changed" not in group.steps()
    keep(group, 1, 1, amount=800_000)
    stands = group.stands()
    assert ("lines_changed", (1,)) in [(step.code, step.facts.get("lines")) for step in stands.steps]
    assert stands.filing.fingerprint == filing.fingerprint != stands.fingerprint
    assert RULES["subsidy.grant"]({"input": stands.filing.asked})["total_subsidy"] == 9_425_182
    found = changes(group)
    assert found.then.subsidy == 9_425_182 and [(each.code, each.line) for each in found.found] == [("amount_up", 1)]
    page = Desk(app.test_client(), group.town, group.lead).sees(f"/group/{group.project_id}/facts").text
    assert "合計 9,425,182円（規則 第1版）" in page and "いまの内容とは違います" in page


def test_the_day_of_filing_is_put_right_after_the_decision_and_the_plan_that_was_filed_stays(decided: Group) -> None:
    """Whoever noted the wrong day notes another; a line that became dearer meanwhile is still a change."""
    keep(decided, 1, 1, amount=800_000)
    told = [(each.code, each.line) for each in changes(decided).found]
    decided.notes("submitted", date(2023, 6, 2))
    found = changes(decided)
    assert [(each.code, each.line) for each in found.found] == told == [("amount_up", 1)]
    assert found.then.subsidy == 9_425_182 and decided.stands().filing.sums.total == 9_425_182


def test_an_answer_of_the_office_reaches_a_project_when_its_lead_takes_it(
    app: Flask, group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sums stand there before; afterwards the new one counts, what was filed stays by the old, and nobody moves twice."""
    group.files(date(2023, 6, 1))
    table = (Path(subsidy.rules.calls.__file__).parent / f"{NEWEST}.toml").read_text("utf-8")
    answer = """
[[version]]
number = 2
since = 2023-06-10
because = "事務局の回答"
[version.values]
b_cap_per_member = { value = 100000, rule = "S-33", source = "事務局の回答 第7号", certainty = "official" }
"""
    (tmp_path / f"{NEWEST}.toml").write_text(table + answer, "utf-8")
    monkeypatch.setattr(subsidy.rules.calls, "FOLDER", tmp_path)
    subsidy.rules.calls.call_of.cache_clear()
    try:
        seat, page = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/settings"
        shown = seat.sees(page).text
        less = 6_569_442 + 1_200_000 + (6_569_442 + 1_200_000) // 15
        assert all(said in shown for said in ("第2版", "9,425,182円", f"{less:,}円", "事務局の回答 第7号", "500,000 → 100,000"))
        assert seat.presses(page, f"{page}/version", version="2", revision="1").status_code == 303
        stands = group.stands()
        assert (stands.call.version, stands.planned.subsidy, stands.filing.version) == (2, less, 1)
        assert changes(group).then.subsidy == 9_425_182
        assert seat.presses(page, f"{page}/version", version="2", revision="2").status_code == RulesNotNewer.status
        assert "規則の版" in seat.sees(page).text
    finally:
        subsidy.rules.calls.call_of.cache_clear()


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
