"""What a dark hour leaves to the owner: one press that made two sales, a tablet that is never heard of again, what nobody has paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

import association.commands
import association.queries.risk
import merchant.commands
import merchant.queries
from base.errors import Forbidden
from merchant.errors import TillLogNotWaiting, TillLogOfRevoked, TwinAnswered, TwinUnknown
from merchant.queries import ToLookAt
from merchant.rules.invoice import Line
from tests.merchant.test_later import asks
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, sells
from tests.merchant.test_till_logs import Device, close, device, receipts, shop, till
from tests.town import Shop, Town

__all__ = ["device", "shop", "till"]


def look(town: Town, shop: Shop) -> ToLookAt:
    return merchant.queries.to_look_at(town.session, town.district_id, shop.id, now=town.now)


def cash(town: Town, shop: Shop) -> int:
    return merchant.queries.day_of_receipts(receipts(town, shop)).cash


def test_the_owner_decides_what_one_press_was(district: Town, shop: Shop, device: Device, client: FlaskClient) -> None:
    """The same bill under one key, with the network and without: the owner sees both receipts on the first page and says whether it was
    one sale or two; the drawer follows. A cashier to whom it happens twice in a day is in the association's queue."""
    for bill in (SOUVENIRS, replace(SOUVENIRS, lines=(Line("湯のみ", 1, 500, 10),), articles=(None,))):
        key = uuid4()
        sells(device.till, key=key)
        device.sells(bill, key=key)
    device.sends()
    assert (cash(district, shop), look(district, shop).twins) == (1_280 + 1_280 + 500, 2)
    desk = Tablet(client, district, owner=shop)
    assert "二重かもしれない会計が 2件あります" in desk.looks("/shop/").text
    other, same = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    page = desk.looks("/shop/tills").text
    assert all(number in page for each in (same, other) for number in (each.online.number, each.offline.number))
    found = association.queries.risk.look(district.session, district.district_id, now=district.now)
    assert [(each.rule, each.figure, each.facts) for each in found] == [("twins", 2, {"yen": 1_780})]

    def answers(which: merchant.queries.Twin, stands: str, by: Shop = shop) -> None:
        place = (which.till_id, which.log, which.seq)
        merchant.commands.answer_twin(district.session, by.owner, shop.id, *place, stands, now=district.now)

    for _twice in range(2):
        answers(same, "both")
    assert cash(district, shop) == 2 * 1_280 + 1_280 + 500
    answers(other, "offline")
    assert cash(district, shop) == 2 * 1_280 + 500
    assert look(district, shop).twins == 0
    with pytest.raises(TwinAnswered):
        answers(other, "online")
    with pytest.raises(TwinUnknown):
        answers(replace(other, seq=9), "both")
    with pytest.raises(Forbidden):
        answers(other, "offline", by=district.shop("となりの店"))
    assert "つながらない間の1件と決めました" in desk.looks("/shop/tills").text


def test_a_lost_tablet_ends_its_series_where_it_was_last_heard_of(district: Town, shop: Shop, device: Device, client: FlaskClient) -> None:
    """Nobody knows what it keeps. After a day of silence the owner sees from which number on, and gives it up with a reason: the next
    day's report and the books name the number, and what the tablet sends when it is found is booked nowhere."""
    town, other = district, shop.another_till()
    device.sells()
    device.sends()
    device.sells()
    lost = (town.session, shop.owner, shop.id, device.till.id, 1, "配達の帰りに落とした")
    with pytest.raises(TillLogNotWaiting):
        merchant.commands.give_up_log(*lost, now=town.now)
    later = town.now + timedelta(days=2)
    (row,) = merchant.queries.logs_of_shop(town.session, town.district_id, shop.id, now=later)
    assert (row.missing, row.waits, row.heard_at, row.number(2)[-9:]) == (0, True, town.now, "O1-000002")
    who = replace(device.till.who, person_id=None, session_id=None, till_id=None, merchant_id=None, staff_id=None, roles=frozenset())
    merchant.commands.revoke_till(town.session, shop.owner, shop.id, device.till.id, now=later)
    merchant.commands.give_up_log(*lost, now=later)
    assert isinstance(device.sends(device.kept, who=who).stopped, TillLogOfRevoked)
    assert len(receipts(district, shop)) == 1
    sells(other)
    report = close(other, 1, 0)
    assert report.content["lost"] == [[row.number(2), "配達の帰りに落とした"]]
    desk = Tablet(client, district, owner=shop)
    assert row.number(2) in desk.looks("/shop/books").text
    assert f"{row.number(2)} から後を紛失として閉じました" in desk.looks("/shop/tills").text


def test_a_request_that_must_exist_is_missed(district: Town, shop: Shop, device: Device, client: FlaskClient) -> None:
    """A phone brought the third: two others must be somewhere. Back with the network they are listed with what is at risk in yen."""
    tokens = [asks(device, number) for number in (1, 2, 3)]
    merchant.commands.tell_later(district.session, device.till.who, tokens[2:], now=district.now)
    desk = Tablet(client, district, owner=shop)
    till_id = device.till.id
    assert f"{till_id}-Q1-001、{till_id}-Q1-002" in desk.looks("/shop/tills").text
    seen = look(district, shop)
    assert (seen.unpaid, seen.unpaid_yen, seen.unheard, seen.ending) == (1, 760, 2, 0)
    assert "まだ知らせの届かないQRが 2件" in desk.looks("/shop/").text
    merchant.commands.tell_later(district.session, device.till.who, tokens, now=district.now)
    assert (look(district, shop).unheard, look(district, shop).unpaid_yen) == (0, 2_280)
