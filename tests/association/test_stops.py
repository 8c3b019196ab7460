"""非常停止 as people meet it: one person stops, everybody is told calmly, refunds go on, and two people start again."""

from __future__ import annotations

import pytest
from flask import Flask

import ledger.queries
from association import commands, queries
from association.commands import StopOrder
from association.errors import StopOver
from base.errors import Forbidden, MeguriError
from ledger.errors import IssuingStopped, PayingStopped
from tests.association.test_controls import Watch
from tests.association.test_pages import Desk, Seat, desk
from tests.town import Clerk, Town

__all__ = ["desk"]


def stops(town: Town, what: str, series_id: int = 0, *, by: Clerk | None = None) -> int:
    who = (by or town.approver()).signs_in_again().who
    return commands.stop(town.session, who, StopOrder(what, series_id, "不審な支払いが続いた"), now=town.now)


def asks_to_start(town: Town, stop_id: int) -> int:
    return commands.propose_start(town.session, town.approver().signs_in_again().who, stop_id, reason="原因が分かった", now=town.now)


def test_a_stop_of_paying_reaches_every_way_to_pay_and_no_refund(district: Town) -> None:
    """The plan, the phone, the shown code and the keypad say so; money that is owed is given back; topping up goes on."""
    hanako, shop = district.consumer(coins=1_000), district.shop()
    code, earlier = hanako.shows_code(), hanako.pays(shop, 100)
    with pytest.raises(Forbidden):
        stops(district, "paying", by=district.clerk())
    stopped, watch = stops(district, "paying"), Watch(district)
    assert watch.looks().of("stops").state == "act"
    for way in (lambda: hanako.plans(shop, 200), lambda: hanako.pays(shop, 200), lambda: shop.till().scans(code.text, 200)):
        with pytest.raises(PayingStopped):
            way()
    shop.refunds(earlier.transaction_id, 100)
    district.clerk().tops_up(hanako, 500)
    assert hanako.shows_code(), "the code is read at the counter, too"
    proposal = asks_to_start(district, stopped)
    assert asks_to_start(district, stopped) == proposal, "one at a time"
    with pytest.raises(MeguriError, match="two_person_rule"):
        district.approver().approves(proposal)
    with pytest.raises(PayingStopped):
        hanako.pays(shop, 200)
    district.another_clerk("approver").approves(proposal)
    hanako.pays(shop, 200)
    assert hanako.coins() == 1_300 and watch.looks(minutes=2).of("stops").state == "ok"
    with pytest.raises(StopOver):
        asks_to_start(district, stopped)


def test_a_stopped_voucher_is_left_in_the_wallet_and_coin_pays(district: Town) -> None:
    """Only where nothing else is left does the phone say that it is stopped."""
    hanako, shop, voucher = district.consumer(coins=1_000), district.shop(), district.voucher()
    district.clerk().sells(hanako, voucher)
    stops(district, "series", voucher)
    hanako.pays(shop, 1_000)
    assert (hanako.coins(), hanako.coins(voucher)) == (0, 13_000)
    with pytest.raises(PayingStopped):
        hanako.pays(shop, 10)
    with pytest.raises(IssuingStopped):
        district.clerk().sells(hanako, voucher)


def test_everybody_sees_it(desk: Seat, app: Flask, district: Town) -> None:
    """The desk at its first page and among the controls, the till on its keypad, the phone on its first page; with who and why."""
    hanako, shop, chair = district.consumer(coins=1_000), district.shop(), district.approver()
    at_desk = desk(chair)
    assert at_desk.presses("/desk/stops", "/desk/stops", what="series", reason="x").status_code == 422
    assert at_desk.presses("/desk/stops", "/desk/stops", what="paying", reason="不審な支払い").status_code == 303
    phone, till = (Desk(app.test_client(), district, None) for _ in range(2))
    phone.client.set_cookie("meguri_session", district.cookie(hanako.person_id), domain=district.host, secure=True)
    till.client.set_cookie("meguri_till", shop.till().token, domain=district.host, secure=True)
    assert "すべての支払いを止めています" in at_desk.sees("/desk/").text
    assert "不審な支払い" in desk(district.another_clerk("auditor")).sees("/desk/stops").text
    assert "組合が支払いを止めています" in phone.sees("/wallet/").text
    assert 'data-stopped="true"' in till.sees("/till/").text
    assert [each.holds for each in queries.living_stops(district.session, chair.who)] == [True]
    [stop] = ledger.queries.stops(district.session, district.district_id)
    assert at_desk.presses("/desk/stops", f"/desk/stops/{stop.id}/start", reason="直った").status_code == 303
    assert "再開の申請を見る" in at_desk.sees("/desk/stops").text
    assert "止めたものの再開の申請" in at_desk.sees(f"/desk/approvals/{asks_to_start(district, stop.id)}").text
    assert desk(district.another_clerk("auditor")).sees("/desk/stops.xlsx").status_code == 200


def test_whoever_takes_money_is_told_before_it_is_in_their_hand(desk: Seat, district: Town) -> None:
    """A clerk about to take cash, a phone about to be carried to the counter, a till; and the second person reads which coin."""
    hanako, shop, voucher = district.consumer(coins=500), district.shop(), district.voucher()
    stops(district, "issuing")
    clerk, phone, till = desk(district.clerk()), desk(None), desk(None)
    phone.client.set_cookie("meguri_session", district.cookie(hanako.person_id), domain=district.host, secure=True)
    till.client.set_cookie("meguri_till", shop.till().token, domain=district.host, secure=True)
    assert "現金を預からないでください" in clerk.sees("/desk/top-up").text
    assert "チャージを止めています" in phone.sees("/wallet/top-up").text
    number = asks_to_start(district, stops(district, "series", voucher))
    assert "湯けむり商品券" in clerk.sees(f"/desk/approvals/{number}").text
    assert "組合が止めているもの: 湯けむり商品券" in till.sees("/till/").text
