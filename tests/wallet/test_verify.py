"""利用明細を確かめる: whoever has a slip can have it checked, with scripts in the browser and without them on the server."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pypdfium2
import pytest
from playwright.sync_api import expect

from ledger.rules.notes import Signer
from ledger.rules.receipt import check, read
from tests.town import SEAL_SEED
from tests.web.axe import serious

GOOD, BAD = "[data-verify-good]", "[data-verify-bad]"


@pytest.fixture
def slip(phone, district) -> bytes:
    """The PDF of 1,280 that Hanako paid and that is sealed."""
    district.clock.now = datetime.now(UTC)
    hanako = district.consumer(coins=8_420)
    paid = hanako.pays(district.shop("湯の花まんじゅう みなと屋"), 1_280)
    address = f"/wallet/history/{paid.transaction_id}.pdf"
    assert attached(phone(hanako).opens(address).data) == []
    district.seals()
    return phone(hanako).opens(address).data


def attached(pdf: bytes) -> list[bytes]:
    """The files that any PDF reader offers to save."""
    document = pypdfium2.PdfDocument(pdf)
    return [bytes(document.get_attachment(number).get_data()) for number in range(document.count_attachments())]


def forged(slip: bytes) -> str:
    """The proof of the slip, with one byte of the transaction changed."""
    (proof,) = attached(slip)
    found = json.loads(proof)
    letter = found["transaction"][60]
    found["transaction"] = found["transaction"][:60] + ("B" if letter == "A" else "A") + found["transaction"][61:]
    return json.dumps(found)


def sends(phone, file: bytes, name: str = "slip.pdf"):
    return phone(None).sends("/verify", {"file": (io.BytesIO(file), name)}, content_type="multipart/form-data")


def test_a_slip_is_one_page_and_carries_its_proof(slip) -> None:
    """Any reader saves it from the PDF; it names the log on paper as well."""
    document = pypdfium2.PdfDocument(slip)
    assert len(document) == 1
    (proof,) = attached(slip)
    origin, size, _ = json.loads(proof)["checkpoint"].split("\n")[:3]
    page = document[0].get_textpage().get_text_bounded()
    assert "/verify" in page and f"{origin} {size}" in page
    proved = check(read(proof.decode()), [Signer(origin, SEAL_SEED).public])
    assert proved.amount == 1_280


def test_the_server_checks_for_a_browser_without_scripts(phone, slip) -> None:
    """The PDF or the proof alone; one changed byte, another file, another town: each says what does not hold."""
    (proof,) = attached(slip)
    for file in (slip, proof):
        answer = sends(phone, file)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert '<section class="card stack" data-verify-good>' in page and '<span data-say="amount">1,280</span>' in page
    for file, reason in (
        (forged(slip).encode(), "not_included"),
        (b"hello", "malformed"),
        (b"%PDF-1.7 ", "no_proof"),
        (b"x" * 1_000_001, "too_large"),
    ):
        answer = sends(phone, file)
        assert answer.status_code == 422
        assert f'<span data-reason="{reason}">' in answer.get_data(as_text=True)
        assert "data-verify-good hidden" in answer.get_data(as_text=True)


def test_a_town_that_has_sealed_nothing_says_so(phone, other_district) -> None:
    """There is no key yet to check with."""
    client = phone(None).client
    page = client.get("/verify", base_url=f"https://{other_district.host}").get_data(as_text=True)
    assert "まだ署名された台帳がありません" in page and "<form" not in page


@pytest.mark.browser
def test_the_browser_checks_and_sends_nothing(hand, slip) -> None:
    """The same answers as the server's; the file does not leave."""
    page = hand(None)
    page.goto("/verify")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    def gives(file: bytes | str, name: str) -> None:
        page.get_by_label("利用明細のPDF").set_input_files(
            {"name": name, "mimeType": "", "buffer": file if isinstance(file, bytes) else file.encode()}
        )
        page.get_by_role("button", name="確かめる").click()

    gives(slip, "slip.pdf")
    expect(page.locator(GOOD)).to_contain_text("1,280円")
    expect(page.locator(GOOD)).to_contain_text("支払い")
    expect(page.locator(GOOD)).to_contain_text("0000-")
    assert serious(page) == []
    for file, reason in ((forged(slip), "not_included"), ("hello", "malformed"), ("%PDF-1.7 ", "no_proof"), ("x" * 1_000_001, "too_large")):
        gives(file, "x")
        expect(page.locator(f"[data-reason={reason}]")).to_be_visible()
        expect(page.locator(GOOD)).to_be_hidden()
    assert serious(page) == []
    gives(attached(slip)[0], "meguri-proof.json")
    expect(page.locator(GOOD)).to_be_visible()
    expect(page.locator(BAD)).to_be_hidden()
    assert sent == []
