"""会計 in a real browser: every page of it for everybody, and the way from a month's trial balance to its close and back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from playwright.sync_api import expect

from base.clock import TOKYO, tokyo_day
from tests.association.test_accounts import last_month, settled
from tests.association.test_series_that_end import demo
from tests.association.test_settlement_browser import is_for_everybody
from tests.e2e.conftest import DESK, Opens, address, opens
from tests.town import Town

__all__ = ["address", "demo", "last_month", "opens"]

pytestmark = pytest.mark.browser


def test_an_accountant_reads_closes_and_asks_to_reopen(district: Town, opens: Opens, last_month: date) -> None:
    """From the side bar through the reports to the account behind a line; then last month is closed, and somebody wants it open again."""
    settled(district)
    today = tokyo_day(datetime.now(TOKYO))
    page = opens(DESK, district.another_clerk("administrator").person_id)
    for path in ("trial-balance", "balance-sheet", "closings", "chart", "chart/safe", "export"):
        is_for_everybody(page, f"/desk/accounts/{path}?first={today}&last={today}")
    page.goto(f"/desk/accounts/trial-balance?first={today}&last={today}")
    page.get_by_role("link", name="未払金（加盟店）").click()
    expect(page.get_by_role("row", name="前から繰越")).to_be_visible()
    is_for_everybody(page, page.url)
    page.get_by_role("link", name="1日の合計").click()
    expect(page.get_by_role("link", name="支払い", exact=True)).to_be_visible()
    page.goto("/desk/accounts/closings")
    page.get_by_role("button", name="を締める").click()
    expect(page.get_by_text("いまの帳簿と同じ")).to_be_visible()
    page.get_by_role("button", name="締めを解く申請").click()
    page.get_by_label("理由").fill("領収書が出てきた")
    page.get_by_role("button", name="申請する").click()
    expect(page.get_by_text("領収書が出てきた")).to_be_visible()
