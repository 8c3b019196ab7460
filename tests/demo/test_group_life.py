"""The try-out has a group of twelve in the middle of its life: there once, and its papers add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

import subsidy.queries
from base.clock import tokyo_day
from demo.cast import GROUP_LEAD
from demo.group_life import DECIDED, LATE, group_lives
from identity.queries import Principal
from subsidy.queries import Costs, Report, Result
from tests.demo.conftest import OPENED, Place

pytestmark = pytest.mark.slow


def test_a_group_of_twelve_waits_for_its_second_report(place: Place) -> None:
    """Decided, bought, proved to the last paper, paid and reported once; three shops are late with the second. Again changes nothing."""
    with place.session() as session:
        who = Principal(place.town.district_id, place.town.people[GROUP_LEAD.mailbox], None, GROUP_LEAD.roles)
        for later in (timedelta(), timedelta(hours=1)):
            group_lives(session, place.town, lambda _line: None, now=OPENED + later)
        [row] = subsidy.queries.projects(session, who, today=tokyo_day(OPENED))
        project = subsidy.queries.standing(session, who, row.id, now=OPENED, today=tokyo_day(OPENED))
        final = Result(Costs(project)).final
        assert row.members == 12 and final is not None and (final.a, final.b, final.c) == DECIDED
        assert project.state == "report1_filed" and len(Report(project, 2).missing) == LATE
        assert {how for _, how, _ in project.wanted} == {"good"} and sum(each.proof.amount for each in project.passing) < sum(DECIDED)
        assert [step.code for step in project.steps] == ["collect_report", "file_report"]
