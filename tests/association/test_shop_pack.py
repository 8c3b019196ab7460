"""お店の掲示物 at the desk: printed the moment a shop is admitted, and never at the cost of the code that hangs there."""

from __future__ import annotations

import pypdfium2

import merchant.queries
from tests.association.test_pages import Seat, desk
from tests.papers.paper import scan, words
from tests.town import Town

__all__ = ["desk"]


def test_a_shop_that_was_just_admitted_gets_its_pack(desk: Seat, district: Town) -> None:
    """One press makes the first code and hands the paper out; every code on it leads to the shop. Another print changes nothing."""
    applied = district.applicant()
    approver, page = desk(district.approver()), f"/desk/shops/{applied.id}"
    assert "掲示物を印刷する" not in approver.sees(page).text
    approver.presses(page, f"{page}/approve", reason="店舗を訪ねて確かめた")
    sent = approver.presses(page, f"{page}/pack")
    assert sent.status_code == 303
    answer = approver.sees(sent.headers["Location"])
    assert answer.mimetype == "application/pdf" and f"qr-{applied.public_number}-pack.pdf" in answer.headers["Content-Disposition"]
    picture = pypdfium2.PdfDocument(answer.data)[1].render(scale=2).to_pil().convert("L")
    first = {code.text for code in scan(picture)}
    assert len(first) == 1 and "/q/" in first.pop()
    assert "PaywithAkaricoin" in words(answer.data)[0]
    again = approver.sees(approver.presses(page, f"{page}/pack").headers["Location"])
    assert again.data == answer.data


def test_only_the_desk_and_the_shop_itself_print_it(desk: Seat, district: Town) -> None:
    """An auditor does not; nor anybody for a shop that is not admitted, or of another code than the one that stands."""
    applied, auditor = district.applicant(), desk(district.another_clerk("auditor"))
    page = f"/desk/shops/{applied.id}"
    assert auditor.sees(f"{page}/pack.pdf").status_code == 403
    clerk = desk(district.clerk())
    assert clerk.presses(page, f"{page}/pack").status_code == 409
    assert clerk.sees(f"{page}/pack.pdf").status_code == 404
    assert merchant.queries.code_sheet(district.session, district.district_id, applied.id, public_url="https://x", key=b"k" * 32) is None
