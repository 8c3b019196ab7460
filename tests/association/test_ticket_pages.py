"""紙の券 on the desk's pages without scripts: a lot is printed, a booklet sold, a heap taken, a ticket let go again."""

from __future__ import annotations

import association.queries
from tests.association.test_pages import Seat, desk
from tests.association.test_tickets import Paper
from tests.papers.paper import words
from tests.town import Town
from tests.wallet.test_pages import text

__all__ = ["desk"]
TICKETS = "/desk/vouchers/tickets"


def test_from_the_print_to_the_statement(desk: Seat, district: Town) -> None:
    """What each page says is in the book; what is sold is not printed again; the second person decides about a ticket's return."""
    clerk, boss, paper = desk(district.clerk()), desk(district.approver()), Paper(district)
    lots = f"/desk/vouchers/{paper.id}/tickets"
    assert clerk.presses(lots, lots, booklets="3", face="500").status_code == 303
    assert "500円 × 26枚" in text(clerk.sees(lots))
    assert "割り切れ" in text(clerk.presses(lots, lots, booklets="3", face="3000"))
    sale = f"{TICKETS}/sale"
    sold = clerk.presses(sale, sale, codes=f"{paper.text(1, 0)}\n{paper.text(2, 0)}\n", received="30,000").headers["Location"]
    page = text(clerk.sees(sold))
    assert "26,000" in page and f"{paper.lot}-0001、{paper.lot}-0002" in page and "お釣り 10,000" in page
    assert f"冊 {paper.lot}-0002 は、もう販売しています" in text(clerk.presses(sale, sale, codes=paper.text(2, 5)))
    before = clerk.sees(lots).text
    printed = " ".join(words(clerk.sees(f"{TICKETS}/{paper.lot}.pdf").data)).replace(" ", "")
    again = "もう一度印刷すると、同じ券が2枚できます。"
    assert again not in before and again in clerk.sees(lots).text
    assert f"{paper.lot}-0003-13" in printed and f"{paper.lot}-0002-01" not in printed
    heap = f"{TICKETS}/heap?shop={paper.small.id}"
    codes = f"{paper.text(1, 1)}\n{paper.text(1, 9)}"
    place = clerk.presses(heap, f"{TICKETS}/heap", codes=codes, shop=str(paper.small.id)).headers["Location"]
    assert f"{paper.lot}-0001-09" in text(clerk.sees(place)) and paper.small.taken() == 2_000
    approval = clerk.presses(place, place, tickets=[f"{paper.lot}-0001-09"], reason="読み間違い").headers["Location"]
    assert "読み間違い" in text(boss.sees(approval))
    assert boss.presses(approval, f"{approval}/approve").status_code == 303
    assert "また使えます" in text(clerk.sees(place)) and paper.small.taken() == 1_000
    assert clerk.presses(lots, f"{lots}/stop", booklet=f"{paper.lot}-0002", reason="紛失").status_code == 303
    assert "使われていない額 13,000円" in text(boss.sees(lots))
    proposal = clerk.presses(lots, f"{lots}/replace", booklet=f"{paper.lot}-0002").headers["Location"]
    assert f"{paper.lot}-0002" in text(boss.sees(proposal)) and "13,000" in text(boss.sees(proposal))
    assert boss.presses(proposal, f"{proposal}/approve").status_code == 303 and "新しい券を印刷する" in text(clerk.sees(lots))
    anew = " ".join(words(clerk.presses(lots, f"{lots}/print", booklet=f"{paper.lot}-0002").data)).replace(" ", "")
    assert f"{paper.lot}-0002-13" in anew and f"{paper.lot}-0001" not in anew
    assert clerk.presses(lots, f"{lots}/hand-over", booklet=f"{paper.lot}-0002").status_code == 303
    assert clerk.presses(lots, f"{lots}/stop", booklet=f"{paper.lot}-0002", reason="紛失").status_code == 303
    assert boss.presses(lots, f"{lots}/go", booklet=f"{paper.lot}-0002").status_code == 303
    assert association.queries.stopped_booklets(district.session, district.clerk().who, paper.id) == []
    report = text(clerk.sees(f"/desk/vouchers/{paper.id}/report"))
    assert "うち紙の券 2 26,000" in report and "うち紙の券 25,000" in report
