"""The plan: what the reviewers ask, sums that move while somebody tries a change, and rules that say what they mean."""

from __future__ import annotations

import re

import pytest
from flask import Flask

import subsidy.commands
import subsidy.queries
from subsidy.commands import NewAnswer
from subsidy.errors import AnswerChanged
from subsidy.queries import Change, Costs
from subsidy.rulebook import RULEBOOK
from subsidy.rules.application import Line
from tests.association.test_pages import Desk
from tests.subsidy.group import Group
from tests.subsidy.test_costs import clock, desk, district, group

__all__ = ["clock", "desk", "district", "group"]


def answers(group: Group, item: int, words: str, revision: int = 0) -> None:
    order = (group.town.session, group.who, group.project_id, item, NewAnswer(words))
    subsidy.commands.keep_answer(*order, revision, now=group.town.now)


def test_two_people_answer_one_criterion_and_nothing_is_lost(app: Flask, group: Group) -> None:
    """The second is told, keeps the typed words, sees the first's, and both stand in the history."""
    answers(group, 1, "先の答え")
    with pytest.raises(AnswerChanged):
        answers(group, 1, "古い画面からの答え")
    seat, page = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/review/1"
    told = seat.presses(page, page, revision="0", words="後の答え")
    assert told.status_code == AnswerChanged.status and all(said in told.text for said in ("先の答え", "後の答え", "小谷"))
    assert seat.presses(page, page, revision="1", words="後の答え", figures=["group", "plan"]).status_code == 303
    kept = subsidy.queries.answer_history(group.town.session, group.town.district_id, group.project_id, 1)
    assert [row.words for row in kept] == ["後の答え", "先の答え"]
    assert any("9,425,182円" in figure for figure in kept[0].figures), kept[0].figures


def test_base_points_are_answered_and_extra_points_declined_twice(app: Flask, group: Group) -> None:
    """Six answers are owed before filing; whoever does without an extra point says so twice."""
    assert {"answer_base", "answer_extra"} <= set(group.steps())
    for item in range(1, 7):
        answers(group, item, f"答え{item}")
    assert "answer_base" not in group.steps()
    seat, page = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/review/7"
    assert seat.presses(page, page, is_declined="on").status_code == 422
    assert seat.presses(page, page, is_declined="on", is_sure="on").status_code == 303
    base = f"/group/{group.project_id}/review/2"
    assert seat.presses(base, base, revision="1", is_declined="on", is_sure="on").status_code == 422
    assert "しないことにした" in seat.sees(f"/group/{group.project_id}/review").text


def test_sums_move_while_somebody_types_by_the_same_calculator(app: Flask, group: Group) -> None:
    """Three tablets more: what the script shows is what the page says, and both are the calculator's."""
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/what-if"
    shop = str(group.stands().group[1].id)
    asked = f"member={shop}&item=A-HW-TAB&cost_kind=hardware&amount=30,000&pieces=3"
    live = seat.sees(f"{at}.json?{asked}").json
    tried = Costs(group.stands()).what_if(Change(adds=Line("0", shop, "A-HW-TAB", "hardware", 90_000))).planned
    assert live["total"] == f"{tried.subsidy:,}円" and live["gap"] == f"いまより +{tried.subsidy - 9_425_182:,}円"
    assert "C の上限（A＋B の割合）" in live["caps"]
    page = seat.sees(f"{at}?{asked}").text
    assert all(words in page for words in (live["total"], live["extra"], live["burden"], 'value="30,000"'))
    dear = f"member={shop}&item=A-HW-TAB&cost_kind=hardware&amount=150,000&pieces=3"
    live = seat.sees(f"{at}.json?{dear}").json  # 150,001 are there already: half of it is 75,000 of the 100,000 that a shop may have
    assert (
        "PC・タブレットの上限" in live["caps"]
        and "PC・タブレットの上限" in live["extra"]
        and live["total"] == f"{9_425_182 + 25_000 + 1_667:,}円"
    )
    assert "pc_cap" in Costs(group.stands()).what_if(Change(adds=Line("0", shop, "A-HW-TAB", "hardware", 450_000))).binding
    leaves = "&".join(f"leaves={row.id}" for row in group.stands().group[1:4])
    assert "10者に足りません" in seat.sees(f"{at}.json?{leaves}").json["conditions"]


def test_every_rule_on_a_page_opens_its_sentence(app: Flask, group: Group) -> None:
    """A number is a link to its sentence, its source and how certain it is; no page cites one that is not explained."""
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}"
    rules = seat.sees(f"{at}/rules").text
    for page in ("/", "/costs", "/costs/1", "/members", "/papers", "/calendar", "/what-if", "/review"):
        text = seat.sees(f"{at}{page}").text
        cited = set(re.findall(r"S-\d{2}", text))
        assert cited <= RULEBOOK.keys(), (page, cited - RULEBOOK.keys())
        assert not re.findall(r"(?<![#>])S-\d{2}(?!\"|</a>)", re.sub(r'title="[^"]*"', "", text)), page
    assert 'id="S-30"' in rules and "私たちの読み方。事務局に確かめる" in rules and "500,000" in rules
