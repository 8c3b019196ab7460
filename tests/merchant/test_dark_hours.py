"""What a dark hour leaves to the owner: one press that made two sales, a tablet that is never heard of again, what nobody has paid."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

import association.commands
import association.queries.risk
import identity.commands
import merchant.commands
import merchant.queries
from base.errors import Forbidden, MeguriError
from identity.queries import Post
from merchant.errors import ReturnWrong, TillLogNotWaiting, TillLogOfRevoked, TwinAnswered, TwinUnknown
from merchant.queries import PrinterChoice, ReceiptRow, RegisterChoice, ToLookAt
from merchant.rules.bill import Bill
from merchant.rules.invoice import Line
from tests.merchant.test_later import asks
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, gives_back, sells
from tests.merchant.test_till_logs import Device, close, device, receipts, shop, till
from tests.town import OWNER_PIN, Shop, Town

__all__ = ["device", "shop", "till"]

SMALL = replace(SOUVENIRS, lines=(Line("湯のみ", 1, 500, 10),), articles=(None,))


def look(town: Town, shop: Shop) -> ToLookAt:
    return merchant.queries.to_look_at(town.session, town.district_id, shop.id, now=town.now)


def cash(town: Town, shop: Shop) -> int:
    return merchant.queries.day_of_receipts(receipts(town, shop)).cash


def pressed_twice(device: Device, bill: Bill = SOUVENIRS) -> ReceiptRow:
    """A press that is booked with the network, and kept once more without it; the first receipt."""
    key = uuid4()
    sale = sells(device.till, key=key)
    device.sells(bill, key=key)
    return sale


def answers(shop: Shop, which: merchant.queries.Twin, stands: str, by: Shop | None = None) -> None:
    place = (which.till_id, which.log, which.seq)
    merchant.commands.answer_twin(shop.town.session, (by or shop).owner, shop.id, *place, stands, now=shop.town.now)


def one_after_the_other(device: Device, first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Both have begun before the till's next number is given out, the second while the first waits for it; what each said."""
    town, till = device.town, {"till": f"till_receipt {device.town.district_id} {device.till.id}"}
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND NOT granted"
    )

    def runs(job: Callable[[], object]) -> object:
        try:
            return job()
        except MeguriError as refusal:
            return refusal
        finally:
            town.session.close()

    with ThreadPoolExecutor(2) as pool, Session(town.engine) as holder, Session(town.engine) as watcher:
        holder.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:till, 0))"), till)
        begun = []
        for job in (first, second):
            begun.append(pool.submit(runs, job))
            end = time.monotonic() + 20
            while watcher.scalar(waiting) != len(begun) and not begun[-1].done():
                assert time.monotonic() < end, "it neither waits nor ends"
                time.sleep(0.01)
        holder.rollback()
        return [each.result() for each in begun]


def test_nothing_is_given_back_twice_where_two_are_at_it(district: Town, shop: Shop, device: Device) -> None:
    """The owner takes back what never was while somebody at the till takes the same goods back; and while a tablet's twin comes in."""
    staff_id = shop.hires("店主", role="owner", pin=OWNER_PIN)
    sale = pressed_twice(device, SMALL)
    device.sends()
    (pair,) = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    district.session.commit()
    done = one_after_the_other(
        device, lambda: answers(shop, pair, "offline"), lambda: gives_back(device.till, sale, 2, 1, staff_id=staff_id)
    )
    assert (isinstance(done[1], ReturnWrong), cash(district, shop)) == (True, 500)
    sale = pressed_twice(device)
    district.session.commit()
    done = one_after_the_other(device, device.sends, lambda: gives_back(device.till, sale, 2, 1, staff_id=staff_id))
    assert cash(district, shop) == 500 + 1_280, done


def test_a_return_under_way_is_never_made_twice_by_a_twin(district: Town, shop: Shop, device: Device) -> None:
    """The goods are coming back over the counter as the twin comes in: the owner is asked, and both sales stand until then."""
    staff_id, sale = shop.hires("店主", role="owner", pin=OWNER_PIN), pressed_twice(device)
    district.session.commit()
    one_after_the_other(device, lambda: gives_back(device.till, sale, 2, 1, staff_id=staff_id), device.sends)
    (pair,) = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    assert (pair.back, cash(district, shop)) == (None, 1_280)


def test_what_the_owner_decides_at_the_desk_moves_nothing_at_the_till(district: Town, shop: Shop, device: Device) -> None:
    """No paper and no drawer there. What is sold after all is of its own day: a number that holds since the day after is not named."""
    facts = replace(district.new_shop(), registration_number="T7000012050002")
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    owner, (named,) = shop.owner, merchant.queries.registrations(district.session, shop.place())
    more = {"issues": True, "registrations": [replace(named, first_day=district.today + timedelta(days=1))], "now": district.now}
    merchant.commands.set_register(district.session, owner, shop.id, RegisterChoice(), **more)  # type: ignore[arg-type]
    for bill in (SOUVENIRS, SMALL):
        pressed_twice(device, bill)
    device.sends()
    printer = PrinterChoice("agent", auto=True, drawer=True)
    merchant.commands.set_printer(district.session, owner, shop.id, device.till.id, printer, allowed=(), now=district.now)
    other, same = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    later = district.now + timedelta(days=1)
    for pair, stands in ((same, "both"), (other, "online")):
        place = (pair.till_id, pair.log, pair.seq)
        merchant.commands.answer_twin(district.session, owner, shop.id, *place, stands, now=later)
    made = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today + timedelta(days=1))
    assert [(each.kind, each.total) for each in made] == [("return", 500), ("sale", 1_280)]
    assert made[1].content["shop"]["registration"] is None
    assert merchant.queries.print_jobs(district.session, district.district_id, device.till.id, now=later) == []


def test_what_nobody_has_looked_at_is_never_pushed_off_the_list(
    district: Town, shop: Shop, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many came since that the owner has answered."""
    monkeypatch.setattr("merchant.queries.twins.LISTED_MAX", 1)
    for bill in (SOUVENIRS, SMALL):
        pressed_twice(device, bill)
    device.sends()
    (newest,) = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    assert look(district, shop).twins == 2  # counted all the same
    answers(shop, newest, "both")
    (open_one,) = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    assert (open_one.seq, look(district, shop).twins) == (1, 1)


def test_the_owner_decides_what_one_press_was(district: Town, shop: Shop, device: Device, client: FlaskClient) -> None:
    """The same bill under one key, with the network and without: an owner is told by mail, sees both receipts on the first page and says
    whether it was one sale or two; the drawer follows. A cashier to whom it happens twice in a day is in the association's queue."""
    partner = district.person("女将", "consumer", email="okami@example.jp")
    identity.commands.appoint(district.session, district.district_id, partner, "owner", merchant_id=shop.id, now=district.now)
    for bill in (SOUVENIRS, SMALL):
        pressed_twice(device, bill)
    device.sends()
    assert (cash(district, shop), look(district, shop).twins) == (1_280 + 1_280 + 500, 2)
    desk = Tablet(client, district, owner=shop)
    assert "二重かもしれない会計が 2件あります" in desk.looks("/shop/").text
    sent: list[Post] = []
    while identity.commands.deliver_mail(district.session, sent.append, now=district.now):
        pass
    assert [post.facts["count"] for post in sent if "二重かもしれない会計" in post.letter.subject] == ["2"]
    device.sends()  # what is known already is told once
    assert not identity.commands.deliver_mail(district.session, sent.append, now=district.now)
    other, same = merchant.queries.twins_of_shop(district.session, district.district_id, shop.id)
    page = desk.looks("/shop/tills").text
    assert all(number in page for each in (same, other) for number in (each.online.number, each.offline.number))
    found = association.queries.risk.look(district.session, district.district_id, now=district.now)
    assert [(each.rule, each.figure, each.facts) for each in found] == [("twins", 2, {"yen": 1_780})]

    for _twice in range(2):
        answers(shop, same, "both")
    assert cash(district, shop) == 2 * 1_280 + 1_280 + 500
    answers(shop, other, "offline")
    assert cash(district, shop) == 2 * 1_280 + 500
    assert look(district, shop).twins == 0
    with pytest.raises(TwinAnswered):
        answers(shop, other, "online")
    with pytest.raises(TwinUnknown):
        answers(shop, replace(other, seq=9), "both")
    with pytest.raises(Forbidden):
        answers(shop, other, "offline", by=district.shop("となりの店"))
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


def test_a_tablet_that_was_put_away_leaves_nothing_to_give_up(district: Town, shop: Shop, device: Device) -> None:
    """All is in and it has just been heard: its log is done with it, and the owner is asked for nothing then or later."""
    town = district
    device.sells()
    device.sends()
    merchant.commands.revoke_till(town.session, shop.owner, shop.id, device.till.id, now=town.now + timedelta(minutes=9))
    assert look(town, shop).waiting == 0
    with pytest.raises(TillLogNotWaiting):
        merchant.commands.give_up_log(
            town.session, shop.owner, shop.id, device.till.id, 1, "見当たらない", now=town.now + timedelta(days=9)
        )


def test_requests_of_a_log_that_was_given_up_are_missed_no_longer(district: Town, shop: Shop, device: Device) -> None:
    """Nor those that nobody can pay any more, since what was made after them has ended."""
    town, (_one, two) = district, (asks(device, 1), asks(device, 2))
    merchant.commands.tell_later(town.session, device.till.who, [two], now=town.now)

    def unheard(days: int) -> int:
        later = town.now + timedelta(days=days)
        return len(merchant.queries.unheard_later(town.session, town.district_id, shop.id, now=later))

    assert [unheard(days) for days in (0, 29, 31)] == [1, 1, 0]
    place, later = (town.session, shop.owner, shop.id, device.till.id), town.now + timedelta(days=2)
    merchant.commands.revoke_till(*place, now=later)
    assert unheard(2) == 1
    merchant.commands.give_up_log(*place, 1, "配達の帰りに落とした", now=later)
    assert unheard(2) == 0


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
