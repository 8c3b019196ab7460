"""給付 in a real browser: the list is looked at, the bar moves by itself, and who could not get it is named."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import association.commands
from association.commands import NamedLine
from tests.association.test_benefits import Office
from tests.association.test_settlement_browser import is_for_everybody
from tests.e2e.conftest import DESK, PHONE, Opens, address, opens
from tests.town import Town

__all__ = ["address", "opens"]

pytestmark = pytest.mark.browser


def test_a_benefit_is_watched_while_it_is_posted(district: Town, opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at a time, so that there is something to see; one resident is stopped after the approval; 花子 finds it by its name."""
    monkeypatch.setattr("association.commands.benefit_pieces.PIECE_MAX", 2)
    office = Office(district)
    lines = [NamedLine(n, one.person_id, 500 * n, None, "") for n, one in enumerate(office.people, 2)]
    number = office.checks(*lines, NamedLine(9, None, 500, "unknown", "4173592603180000"))
    page = opens(DESK, office.clerk.person_id)
    is_for_everybody(page, f"/desk/benefits/{number}")
    page.get_by_role("button", name="6人の給付を申請する").click()
    expect(page.get_by_role("heading", name="申請の準備をしています")).to_be_visible()
    association.commands.give_benefits(district.session, now=district.now)
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 2)
    office.works()
    expect(page.get_by_text("承認を待っています")).to_be_visible()
    office.approver.approves(office.looks_at(number).proposal_id)
    office.freezes(office.people[4].person_id)
    page.reload()
    association.commands.give_benefits(district.session, now=district.now)
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 2)
    office.works()
    expect(page.get_by_text("1人の分が記帳できていません")).to_be_visible()
    is_for_everybody(page, f"/desk/benefits/{number}?refused=1")
    expect(page.get_by_text("残高が一時停止中です")).to_be_visible()
    phone = opens(PHONE, office.people[0].person_id)
    phone.goto("/wallet/history")
    expect(phone.get_by_text("物価高の給付")).to_be_visible()
