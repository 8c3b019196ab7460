"""もしも in a browser: the sums move while somebody types, and what cannot be tried is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from subsidy.commands import NewLine
from tests.conftest import TestClock
from tests.e2e.conftest import DESK, Opens
from tests.subsidy.group import founded
from tests.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


def test_three_tablets_are_tried_without_a_button(opens: Opens, district: Town) -> None:
    """450,000 yen of tablets bring 100,000 and meet their cap; with nobody to bear them it is told what is missing."""
    group = founded(district)
    shop = group.grows(9)[0]
    group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 400_000))
    desk = opens(DESK, group.lead.person_id)
    desk.goto(f"/group/{group.project_id}/what-if")
    total, gap = (desk.locator(f"[data-live={name}]") for name in ("total", "gap"))
    expect(total).to_have_text("300,000円")
    desk.get_by_label("だれの経費か").select_option(str(shop))
    desk.get_by_label("1つの金額（税抜き）").fill("150000")
    expect(total).to_have_text("375,000円")
    desk.get_by_label("いくつ").fill("3")
    expect(total).to_have_text("400,000円")
    expect(gap).to_have_text("いまより +100,000円")
    expect(desk.locator("[data-live=extra]")).to_contain_text("PC・タブレットの上限")
    desk.get_by_label("だれの経費か").select_option("")
    expect(desk.locator("[data-live=wrong]")).to_contain_text("だれの経費かを選んでください")
    expect(gap).to_have_text("試していません")
