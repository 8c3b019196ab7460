"""A lead who has never seen the product: every page of the group says at its top what is to be done next, and where."""

from __future__ import annotations

import re

import pytest
from flask import Flask

import subsidy.commands
from identity.queries import nobody
from subsidy.commands import NewFigures, NewLine, NewPaper
from subsidy.errors import FiguresUndecided
from tests.association.test_pages import Desk
from tests.subsidy.group import PDF, Group, founded
from tests.town import Town, district

__all__ = ["district"]

STRIP = re.compile(r'<section class="group-next".*?</section>', re.DOTALL)


@pytest.fixture
def group(district: Town) -> Group:
    found = founded(district)
    found.grows(2)
    return found


@pytest.fixture
def told(app: Flask, district: Town, group: Group):
    desk = Desk(app.test_client(), district, group.lead)

    def told(page: str) -> str:
        found = STRIP.findall(desk.sees(f"/group/{group.project_id}/{page}").text)
        assert len(found) == 1, page
        return found[0]

    return told


def test_every_page_says_one_next_step(group: Group, told) -> None:
    """What can be done on the page itself comes before what comes first in the plan; a list leads on to the line in question."""
    assert "このページですること" in told("costs") and "経費の行を書く" in told("costs")
    assert "次にすること</span>" in told("calendar") and "そのページへ" in told("calendar")
    assert "このページですること" in told("effect/1") and "次にすること</span>" in told("effect/2")
    shop = group.stands().group[1].id
    (number,) = group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, is_registered=True))
    assert f'/quotes/{number}"' in told("quotes")
    assert "このページですること" in told(f"quotes/{number}") and "btn" not in told(f"quotes/{number}")
    assert '/review/1"' in told("review") and "このページですること" in told("review/1") and "（1番）" in told("review/1")
    for page in ("members", "papers", "what-if", "calls", "filing", "changes", "facts", "settings", "rules", "reminders", "tools"):
        told(page)


def test_the_page_behind_a_link_counts_what_is_left_and_says_when_all_has_come(app: Flask, district: Town, group: Group) -> None:
    """A member of seventy sees how many things are asked for; an expert is not asked for papers; a clerk sees no button that is refused."""
    shop = group.stands().group[1].id
    token = group.asks(shop, "D_TAX_RETURN", "D_IDENTITY")
    stranger = Desk(app.test_client(), district, None)
    assert "お願いは4件です。あと3件残っています" in stranger.sees(f"/asked/{token}").text  # the questions are answered
    new = NewPaper("D_IDENTITY", "証.pdf", PDF)
    subsidy.commands.hand_in_by_link(group.town.session, nobody(district.district_id), token, new, now=group.town.now)
    assert "あと2件残っています" in stranger.sees(f"/asked/{token}").text
    early = NewFigures(2, 1, 1, 1, 1)
    with pytest.raises(FiguresUndecided):  # the form offers the base year; of the years after it no report is owed yet
        subsidy.commands.keep_figures_by_link(group.town.session, nobody(district.district_id), token, early, 0, now=group.town.now)
    adviser = group.adds("税理士 星", "expert")
    page = stranger.sees(f"/asked/{group.asks(adviser)}").text
    assert "専門家として" in page and "書類や数字" not in page and "/sign-in?next=/asked/" in page
    clerk = Desk(app.test_client(), district, district.another_clerk("administrator"))
    assert "/seat" not in clerk.sees(f"/asked/{group.asks(adviser)}").text


def test_a_name_is_one_line_whatever_was_sent(app: Flask, district: Town, group: Group) -> None:
    """A name becomes the subject of a mail and a line of a calendar: what stands after a line break never begins one of its own."""
    desk, page = Desk(app.test_client(), district, group.lead), f"/group/{group.project_id}"
    assert desk.presses(f"{page}/members", f"{page}/members", role="participant", name="店\r\nBEGIN:VALARM").status_code == 303
    added = group.stands().parties[-1]
    assert added.name == "店 BEGIN:VALARM"
    group.asks(added.id, "D_IDENTITY")
    days = desk.sees(f"{page}/calendar.ics").text.replace("\r\n ", "")
    assert "（店 BEGIN:VALARM）" in days
