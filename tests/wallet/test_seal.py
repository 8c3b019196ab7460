"""The seal on a slip: the phone itself checks that what it paid stands in the sealed log, and that the log only grows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from ledger.rules.notes import Checkpoint, Signer, sign
from ledger.rules.receipt import check, read
from tests.lost import goes_on, lose
from tests.town import SEAL_SEED, Town
from tests.web.axe import serious

GOOD, BAD = "[data-seal-good]", "[data-seal-bad]"


@pytest.fixture
def paid(district: Town):
    """Hanako has paid 1,280."""
    district.clock.now = datetime.now(UTC)
    hanako = district.consumer(coins=8_420)
    return hanako, hanako.pays(district.shop("湯の花まんじゅう みなと屋"), 1_280)


def kept(page):
    return page.evaluate("() => JSON.parse(localStorage.getItem('meguri.log'))")


def test_the_proof_of_a_payment_is_for_whoever_paid_it(phone, district, paid) -> None:
    """Not sealed yet: 202. Then proof and log, at one checkpoint; nobody else's phone gets it."""
    hanako, receipt = paid
    address = f"/wallet/history/{receipt.transaction_id}/proof"
    early = phone(hanako).asks(address)
    assert (early.status_code, early.json) == (202, {"waiting": True})
    district.seals()
    answer = phone(hanako).asks(f"{address}?seen=0").json
    assert answer["receipt"]["checkpoint"] == answer["log"]["checkpoint"] and answer["log"]["consistency"] == []
    signer = Signer(answer["log"]["key"].split("+")[0], SEAL_SEED)
    assert check(read(json.dumps(answer["receipt"])), [signer.public]).transaction.transaction_id == receipt.transaction_id
    for seen in ("999999999999", "-1", "x", "9" * 40):
        assert phone(hanako).asks(f"{address}?seen={seen}").json["log"]["consistency"] is None
    assert phone(district.consumer()).asks(address).status_code == 404
    assert phone(None).asks(address).status_code == 401


@pytest.mark.browser
def test_the_done_page_gets_its_seal_when_there_is_one(hand, district, paid) -> None:
    """It waits quietly, checks by itself, and remembers what it saw; the page that explains it says so."""
    hanako, receipt = paid
    page = hand(hanako)
    page.goto(f"/wallet/done/{receipt.transaction_id}")
    expect(page.locator(GOOD)).to_be_hidden()
    district.seals()
    expect(page.locator(GOOD)).to_be_visible()
    expect(page.locator(GOOD)).to_contain_text("台帳に刻まれました")
    expect(page.locator(BAD)).to_be_hidden()
    assert serious(page) == []
    size = kept(page)["note"].split("\n")[1]
    page.locator(GOOD).click()
    expect(page.locator("[data-seal-size]")).to_have_text(f"{int(size):,}件")
    assert serious(page) == []


@pytest.mark.browser
def test_the_next_slip_must_go_on_from_the_last(hand, district, paid) -> None:
    """The phone asks for the way from what it saw, and keeps the newer one."""
    hanako, receipt = paid
    district.seals()
    page = hand(hanako)
    page.goto(f"/wallet/history/{receipt.transaction_id}")
    expect(page.locator(GOOD)).to_be_visible()
    before = kept(page)
    again = hanako.pays(district.shop(), 100)
    district.seals()
    with page.expect_request(f"**/proof?seen={before['note'].split(chr(10))[1]}"):
        page.goto(f"/wallet/history/{again.transaction_id}")
    expect(page.locator(GOOD)).to_be_visible()
    assert int(kept(page)["note"].split("\n")[1]) > int(before["note"].split("\n")[1]) and kept(page)["key"] == before["key"]


@pytest.mark.browser
def test_a_phone_that_saw_another_past_raises_the_alarm(hand, district, paid) -> None:
    """It says what to do, keeps both checkpoints, also on the explaining page, until its owner has been to the counter."""
    hanako, receipt = paid
    district.seals()
    page = hand(hanako)
    page.goto(f"/wallet/history/{receipt.transaction_id}")
    expect(page.locator(GOOD)).to_be_visible()
    seen = kept(page)
    real = Checkpoint.read(seen["note"])
    another = sign(Checkpoint(real.origin, real.size - 1, b"another past, which was signed,,").text, [Signer(real.origin, SEAL_SEED)])
    page.evaluate("(log) => localStorage.setItem('meguri.log', JSON.stringify(log))", {**seen, "note": another})
    page.goto(f"/wallet/done/{receipt.transaction_id}")
    expect(page.locator(BAD)).to_contain_text("案内所 0761-00-0000")
    expect(page.locator("[data-seal-facts]")).to_contain_text("forked")
    expect(page.locator(GOOD)).to_be_hidden()
    assert serious(page) == []
    assert kept(page)["note"] == another
    page.goto("/seal")
    expect(page.locator(BAD)).to_be_visible()
    page.get_by_role("button", name="覚え直す").click()
    expect(page.locator(BAD)).to_be_hidden()
    page.goto(f"/wallet/history/{receipt.transaction_id}")
    expect(page.locator(GOOD)).to_be_visible()
    assert kept(page)["note"] == seen["note"]


@pytest.mark.browser
def test_a_phone_is_told_once_that_the_ledger_was_returned(hand, district, paid) -> None:
    """It saw three records more. Without the signed note it alarms; with it, it says from when and how many, waits for a press, and goes
    on; what it saw before stays as evidence."""
    hanako, receipt = paid
    lost = lose(district, hanako, district.shop(), 500)
    page = hand(hanako)
    address = f"/wallet/history/{receipt.transaction_id}"
    page.goto("/seal")
    page.evaluate("(log) => localStorage.setItem('meguri.log', JSON.stringify(log))", {"key": lost.key, "note": lost.note})
    page.goto(address)
    expect(page.locator("[data-seal-facts]")).to_contain_text("shorter")
    goes_on(district, lost)
    page.goto(address)
    box = page.locator("[data-seal-epoch]")
    expect(box).to_contain_text("11月26日 12:40の時点に戻し")
    expect(box).to_contain_text("多くて3件")
    expect(box).to_contain_text("案内所 0761-00-0000")
    expect(page.locator("[data-epoch-key]")).to_be_hidden()
    expect(page.locator(GOOD)).to_be_hidden()
    expect(page.locator(BAD)).to_be_hidden()
    assert serious(page) == []
    box.get_by_role("button", name="わかりました").click()
    expect(page.locator(GOOD)).to_be_visible()
    expect(box).to_be_hidden()
    assert kept(page)["before"] == [lost.note] and "\nepoch 2\n" in kept(page)["note"]
    page.goto("/seal")
    expect(page.locator(BAD)).to_be_hidden()
    page.get_by_text("組合が台帳を戻す前に").click()
    expect(page.locator("pre")).to_contain_text(lost.note.split("\n")[2])


@pytest.mark.browser
def test_the_seal_is_of_this_very_payment(hand, district, paid) -> None:
    """A page that shows another amount than the book gets no seal but the alarm."""
    hanako, receipt = paid
    district.seals()
    page = hand(hanako)
    address = f"/wallet/history/{receipt.transaction_id}"
    page.add_init_script("addEventListener('DOMContentLoaded', () => { document.querySelector('[data-seal]').dataset.amount = '980'; })")
    page.goto(address)
    expect(page.locator("[data-seal-facts]")).to_contain_text("other_transaction")
