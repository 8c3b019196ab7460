"""台帳の再開 at the desk: two people let the log go on, and slips of what is gone are taken in, each once."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

import ledger.queries
from association import commands, queries
from association.commands import PresentReceipt
from association.errors import PreparedEpochUnknown, ReceiptNotProved, ReceiptOfThisEpoch, ReceiptPresented
from base.errors import Forbidden
from ledger.errors import SameHands
from tests.association.test_pages import Seat, desk
from tests.lost import goes_on, lose, prepare
from tests.town import Town

__all__ = ["desk"]


def test_two_people_let_the_log_go_on(desk: Seat, district: Town, superuser: Engine) -> None:
    """The desk sees that nothing is signed; one proposes with a reason, cannot decide it, another does; then it is signed."""
    hanako, bakery = district.consumer(coins=3_000), district.shop()
    lost = lose(district, hanako, bakery, 500)
    with superuser.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE ledger.log_place SET place = '1/1' WHERE district_id = :d"), {"d": district.district_id})
    first = district.another_clerk("approver")
    seat = desk(first)
    assert "台帳の署名が止まっています" in seat.sees("/desk/").text
    assert "運用担当が用意すると" in seat.sees("/desk/books/returned").text
    prepared = prepare(district, lost)
    page = seat.sees("/desk/books/returned").text
    assert "11月26日(木) 12:40" in page and "多くて3件" in page
    asked = seat.presses("/desk/books/returned", f"/desk/books/returned/epochs/{prepared}", reason="ディスクの故障")
    assert asked.status_code == 303
    shown = seat.sees(asked.headers["Location"]).text
    assert all(words in shown for words in ("台帳を再開する申請", "2026-11-26 12:40", "多くて3件", "ディスクの故障"))
    again = seat.presses("/desk/books/returned", f"/desk/books/returned/epochs/{prepared}", reason="もう一度")
    assert again.headers["Location"] == asked.headers["Location"]
    proposal = int(re.findall(r"\d+", asked.headers["Location"])[-1])
    with pytest.raises(SameHands):
        first.approves(proposal)
    second = desk(district.another_clerk("administrator"))
    assert second.presses(asked.headers["Location"], f"{asked.headers['Location']}/approve").status_code == 303
    district.seals()
    page = second.sees("/desk/books/returned").text
    assert "署名しています" in page and "2期：11月26日(木) 12:40の時点に戻し" in page
    assert "台帳の署名が止まっています" not in second.sees("/desk/").text
    with pytest.raises(PreparedEpochUnknown):
        commands.propose_epoch(district.session, district.approver().who, prepared, reason="遅れた")


def test_a_slip_of_what_is_gone_is_taken_in_once(desk: Seat, district: Town) -> None:
    """It says what it is of, and that the book has no such thing; one that is still in the book says so; others are refused."""
    hanako, bakery = district.consumer(coins=3_000), district.shop("湯の花まんじゅう みなと屋")
    key = uuid4()
    lost = lose(district, hanako, bakery, 500, key=key)
    clerk = district.clerk().who

    def presents(file: bytes) -> int:
        return commands.present_receipt(district.session, clerk, PresentReceipt(file, "shop"), now=district.now)

    with pytest.raises(ReceiptOfThisEpoch):
        presents(lost.old_slip)
    goes_on(district, lost)
    seat = desk(district.clerk())
    file = (io.BytesIO(lost.slip), "meguri-proof.json")
    assert seat.presses("/desk/books/returned", "/desk/books/returned/receipts", file=file, presenter="consumer").status_code == 303
    page = seat.sees("/desk/books/returned").text
    assert all(words in page for words in ("帳簿にありません", "500", "みなと屋", f"利用者 {hanako.person_id}", "9900-0001", "支払い"))
    with pytest.raises(ReceiptPresented):
        presents(lost.slip)
    presents(lost.old_slip)
    standings = [(each.standing, each.amount, each.presenter) for each in queries.presented_receipts(district.session, clerk)]
    assert standings == [("same", 3_000, "shop"), ("missing", 500, "consumer")]
    paid = hanako.pays(bakery, 100)
    district.seals()
    new = ledger.queries.receipt(district.session, district.district_id, paid.transaction_id)
    assert new is not None
    with pytest.raises(ReceiptOfThisEpoch):
        presents(ledger.queries.write_receipt(new).encode())
    with pytest.raises(ReceiptNotProved, match="not_included"):
        presents(lost.slip.replace(b'"place": ', b'"place": 1'))
    hanako.pays(bakery.asks(500), key=key)
    assert queries.presented_receipts(district.session, clerk)[1].standing == "again", "the phone that lost the answer asked again"
    auditor = district.another_clerk("auditor").who
    with pytest.raises(Forbidden):
        commands.present_receipt(district.session, auditor, PresentReceipt(lost.slip, "shop"), now=district.now)
    assert "9900-0001" in seat.sees("/desk/books/returned/receipts.csv").text
