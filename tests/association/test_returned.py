"""台帳の再開 at the desk: two people let the log go on, and slips of what is gone are taken in, each once."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

import ledger.commands
import ledger.queries
import merchant.queries
import wallet.commands
import wallet.queries
from association import commands, queries
from association.commands import PresentReceipt
from association.errors import LostInBook, PreparedEpochUnknown, PresentedUnknown, ReceiptNotProved, ReceiptOfThisEpoch, ReceiptPresented
from base.db import atomic
from base.errors import Forbidden
from ledger.errors import FloorPassed, KeyReused, SameHands
from ledger.verify import verify
from tests.association.test_pages import Seat, desk
from tests.lost import goes_on, lose, prepare
from tests.town import Town
from wallet.commands import Pay, ToShop
from wallet.commands.pay import content_of

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


def test_a_lost_payment_is_booked_again_by_two_people(desk: Seat, district: Town) -> None:
    """Exactly as the slip says, once, by another person; both see which payment it was, no till rings, and the settlement counts it."""
    hanako, bakery = district.consumer(coins=3_000), district.shop("湯の花まんじゅう みなと屋")
    key = uuid4()
    lost = lose(district, hanako, bakery, 500, key=key)
    goes_on(district, lost)
    slip = commands.present_receipt(district.session, district.clerk().who, PresentReceipt(lost.slip, "shop"), now=district.now)
    first, second = district.another_clerk("approver"), district.another_clerk("administrator")
    seat, other = desk(first), desk(second)
    news = merchant.queries.arrivals(district.session, district.district_id, bakery.id, b"k" * 32, cursor=None).cursor
    address = f"/desk/books/returned/receipts/{slip}"
    assert "記帳し直す" in seat.sees("/desk/books/returned").text
    asked = seat.presses("/desk/books/returned", address, reason="店主が明細を持参").headers["Location"]
    assert seat.presses("/desk/books/returned", address, reason="もう一度").headers["Location"] == asked
    assert all(words in other.sees(asked).text for words in ("なくなった支払い", "9900-0001", "店主が明細を持参", "500"))
    number = int(re.findall(r"\d+", asked)[-1])
    with pytest.raises(SameHands):
        first.approves(number)
    commands.decline(district.session, second.who, number, reason="金額を見直す", now=district.now)
    again = commands.propose_again(district.session, first.who, slip, reason="見直した")
    assert again != number, "after a refusal it may be proposed anew"
    assert other.presses(f"/desk/approvals/{again}", f"/desk/approvals/{again}/approve").status_code == 303
    assert commands.propose_again(district.session, first.who, slip, reason="三度目") == again
    assert (hanako.coins(), merchant.queries.owed(district.session, district.district_id, bakery.id)) == (2_500, 500)
    (standing,) = ledger.queries.standings(
        district.session, district.district_id, "payable", since=None, until=district.now + timedelta(days=1)
    )
    assert (standing.taken, standing.takings) == (500, 1), "the settlement counts it"
    (sale,) = merchant.queries.sales(district.session, district.district_id, bakery.id)
    assert (sale.kind, sale.amount, sale.lost and sale.lost.number) == ("payment", 500, "9900-0001")
    assert merchant.queries.arrivals(district.session, district.district_id, bakery.id, b"k" * 32, cursor=news).sales == []
    (movement, _) = wallet.queries.latest(district.session, hanako.who, count=2)
    assert (movement.kind, movement.amount, movement.lost) == ("payment", -500, sale.lost)
    page = seat.sees("/desk/books/returned").text
    assert "記帳し直しました" in page and "帳簿にないもの 0件" in page
    assert "二重に記帳されています" not in page


def test_a_phone_that_asks_again_after_a_rebooking_does_not_pay_twice(district: Town) -> None:
    """Its original order under its original key gets the payment that was booked again; so does whoever settles what became of it. Under
    that key nothing else is ever paid, and another order of the same person is paid as ever."""
    hanako, bakery = district.consumer(coins=3_000), district.shop()
    key = uuid4()
    order = Pay(ToShop(bakery.public_number), 500, key)
    lost = lose(district, hanako, bakery, 500, key=key, content=content_of(hanako.who, order))
    goes_on(district, lost)
    slip = commands.present_receipt(district.session, district.clerk().who, PresentReceipt(lost.slip, "shop"), now=district.now)
    number = commands.propose_again(district.session, district.another_clerk("approver").who, slip, reason="明細のとおり")
    district.another_clerk("administrator").approves(number)
    (movement, _) = wallet.queries.latest(district.session, hanako.who, count=2)
    for _ in range(2):
        answer = wallet.commands.pay(district.session, hanako.who, order, now=district.now)
        assert (answer.replayed, answer.transaction_id) == (True, movement.transaction_id)
    booked = ledger.queries.transaction(district.session, district.district_id, movement.transaction_id).lines
    payer, payee = (next(line.account_id for line in booked if line.role == role) for role in ("consumer", "payable"))

    def past_the_door(amount: int, content: bytes) -> ledger.commands.Posted:  # as when both come at the same moment
        with atomic(district.session):
            draft = ledger.commands.Draft("payment", key, content, ledger.commands.transfer(payer, payee, amount))
            return ledger.commands.post(district.session, district.district_id, draft)

    for amount in (500, 2_600):
        assert past_the_door(amount, content_of(hanako.who, order)).transaction_id == movement.transaction_id
        with pytest.raises(KeyReused):
            past_the_door(amount, b"x" * 32)
    with atomic(district.session):
        settled = ledger.commands.close_key(district.session, district.district_id, key)
        assert settled is not None and settled.transaction_id == movement.transaction_id
    assert hanako.coins() == 2_500
    hanako.pays(bakery, 500)
    assert hanako.coins() == 2_000
    assert not list(verify(district.session, lambda *_: None, district_id=district.district_id))


def test_a_lost_top_up_is_booked_again_by_two_people(desk: Seat, district: Town) -> None:
    """As its slip says, once: the customer has the coin, the clerk answers for the cash, and the key of the lost one is taken."""
    hanako, clerk, key = district.consumer(coins=3_000), district.clerk(), uuid4()
    before = clerk.cash()
    lost = lose(district, hanako, district.shop(), 2_000, key=key, clerk=clerk)
    goes_on(district, lost)
    slip = commands.present_receipt(district.session, clerk.who, PresentReceipt(lost.slip, "consumer"), now=district.now)
    first, second = desk(district.another_clerk("approver")), desk(district.another_clerk("administrator"))
    asked = first.presses("/desk/books/returned", f"/desk/books/returned/receipts/{slip}", reason="明細のとおり").headers["Location"]
    assert "なくなったチャージ" in second.sees(asked).text
    assert second.presses(asked, f"{asked}/approve").status_code == 303
    assert (hanako.coins(), clerk.cash(), district.difference()) == (5_000, before + 2_000, 0)
    (movement, _) = wallet.queries.latest(district.session, hanako.who, count=2)
    assert (movement.kind, movement.amount, movement.lost and movement.lost.number) == ("top_up", 2_000, "9900-0001")
    booked = ledger.queries.transaction(district.session, district.district_id, movement.transaction_id).lines
    lines = tuple(ledger.commands.Line(each.account_id, each.amount) for each in booked)
    draft = ledger.commands.Draft("top_up", key, b"x" * 32, lines)
    with pytest.raises(KeyReused):  # past the door, with what is no longer the same order
        ledger.commands.post(district.session, district.district_id, draft)
    district.session.rollback()
    assert "記帳し直しました" in first.sees("/desk/books/returned").text


def test_what_cannot_be_booked_again_is_refused_in_words(district: Town) -> None:
    """The customer has spent the coin; the phone has asked again meanwhile: nothing is booked."""
    hanako, bakery = district.consumer(coins=3_000), district.shop()
    key = uuid4()
    lost = lose(district, hanako, bakery, 2_000, key=key)
    goes_on(district, lost)
    slip = commands.present_receipt(district.session, district.clerk().who, PresentReceipt(lost.slip, "consumer"), now=district.now)
    first, second = district.another_clerk("approver"), district.another_clerk("administrator")
    hanako.pays(bakery, 1_500)
    proposal = commands.propose_again(district.session, first.who, slip, reason="明細のとおり")
    with pytest.raises(FloorPassed):
        second.approves(proposal)
    district.clerk().tops_up(hanako, 2_000)
    hanako.pays(bakery.asks(2_000), key=key)
    with pytest.raises(LostInBook):
        second.approves(proposal)
    with pytest.raises(PresentedUnknown):
        commands.propose_again(district.session, first.who, slip + 1, reason="ない")
    assert hanako.coins() == 1_500
