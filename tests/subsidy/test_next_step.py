"""A lead who has never seen the product: every page of the group says at its top what is to be done next, and where."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from subsidy.commands import NewLine
from tests.association.test_pages import Desk
from tests.subsidy.group import Group, founded
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
