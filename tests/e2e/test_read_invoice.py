"""請求書を送る: on the phone behind a link, what the PDF says goes into the fields, and the person has the last word."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from subsidy.commands import NewLine
from tests.conftest import TestClock
from tests.e2e.conftest import PHONE, Opens
from tests.e2e.test_main_job import press
from tests.subsidy.group import founded
from tests.subsidy.test_evidence import VENDOR, by_our_own_papers
from tests.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


def test_what_the_invoice_says_stands_in_the_fields_and_can_be_changed(app: Flask, opens: Opens, district: Town, clock: TestClock) -> None:
    """A PDF is chosen: amount, day and number appear, marked as read. The amount is changed, the paper is sent, both figures are kept."""
    group = founded(district)
    shop = group.grows(1)[0]
    group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, functions=("payment",)))
    with app.test_request_context("/"):
        content = by_our_own_papers()
    phone = opens(PHONE)
    phone.goto(f"/asked/{group.asks(shop, 'V_INVOICE:1')}")
    phone.get_by_label("写真か PDF").set_input_files({"name": "seikyu.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(phone.get_by_label("書いてある金額（税込み）")).to_have_value("770000")
    expect(phone.get_by_label("書いてある日付")).to_have_value("2023-08-02")
    expect(phone.get_by_label("請求書の登録番号")).to_have_value(VENDOR)
    expect(phone.get_by_text("読み取り: 770,000円（税抜 700,000円）")).to_be_visible()
    phone.get_by_label("書いてある金額（税込み）").fill("760,000")
    press(phone, "送る", exact=True)
    expect(phone.get_by_text("受け取りました", exact=True)).to_be_visible()
    (paper,) = group.stands().papers
    assert (paper.amount, paper.day, paper.number, paper.proposed.amount) == (760_000, date(2023, 8, 2), VENDOR, 770_000)
