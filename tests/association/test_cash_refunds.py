"""払戻し: coin for cash within the law's caps, or for a reason; one at a time, and never by one person alone."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from association import commands, queries
from association.commands import BankDeposit, CashRefund
from association.errors import OwnWallet, RefundOverCaps, SafeTooLow
from association.queries import BaseFigures, SeriesFigures
from association.rules import base_date_before
from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden, MeguriError
from ledger.errors import FloorPassed
from tests.association.test_base_dates import base_date_passes
from tests.association.test_controls import Watch
from tests.association.test_pages import Seat, desk
from tests.town import Consumer, Town

__all__ = ["desk"]


REPORT = text("""
    INSERT INTO base_date_report (district_id, base_date, figures, log_size, log_root, last_transaction, made_by, made_at)
    VALUES (:district, :day, CAST(:figures AS jsonb), 1, sha256(''), 1, :who, now())
""")


class Counter:
    """Of the base date before 100,000 issued and 90,000 unspent were reported: 20,000 may go back. As much lies in the safe."""

    def __init__(self, town: Town) -> None:
        self.town, self.hanako, self.taro = town, town.consumer(coins=60_000), town.consumer(coins=40_000, nickname="太郎")
        town.approver().counts(town.clerk(), town.clerk().cash())
        self.clerk, self.approver = town.clerk(), town.approver()
        day = base_date_before(tokyo_day(town.now))  # the book goes by the database's clock, so what was before is written, not lived
        coin = SeriesFigures(town.series_id, "あかり", "Akari", "third_party", True, 0, 100_000, 10_000, 90_000)
        figures = BaseFigures(day, base_date_before(day), (coin,), (), 1, 0, "", "", "", "", "")
        values = {"district": town.district_id, "day": day, "who": self.clerk.person_id, "figures": json.dumps(figures.as_json())}
        with atomic(town.session):
            town.session.execute(REPORT, values)

    def asks(self, consumer: Consumer, amount: int, *, ground: str = "caps", paid_from: str = "safe", key: UUID | None = None) -> int:
        order = CashRefund(consumer.person_id, self.town.series_id, amount, paid_from, ground, "転出証明書を見た", key or uuid4())
        return commands.propose_refund(self.town.session, self.clerk.who, order, now=self.town.now)

    @property
    def left(self) -> int:
        return queries.refund_room(self.town.session, self.clerk.who, now=self.town.now).caps.largest


def test_the_caps_hold_whoever_is_quicker(district: Town) -> None:
    """What waits counts as paid; two at once do not both fit; what is declined is free again; a reason of its own is outside."""
    counter = Counter(district)
    assert counter.left == 20_000
    key = uuid4()
    first = counter.asks(counter.hanako, 8_000, key=key)
    assert counter.asks(counter.hanako, 8_000, key=key) == first
    both = district.at_once([lambda: counter.asks(counter.hanako, 7_000), lambda: counter.asks(counter.taro, 7_000)])
    assert sorted(type(each) is RefundOverCaps for each in both) == [False, True]
    assert counter.left == 5_000
    counter.approver.declines(first)
    assert counter.left == 13_000
    counter.approver.approves(counter.asks(counter.taro, 13_000))
    with pytest.raises(RefundOverCaps):
        counter.asks(counter.hanako, 1)
    counter.approver.approves(counter.asks(counter.hanako, 30_000, ground="unavoidable", paid_from="bank"))
    assert counter.left == 0


def test_it_is_recovered_and_nothing_is_lost(district: Town) -> None:
    """Coin and cash are less by the same; the base date and the daily controls count it as recovered."""
    counter, watch = Counter(district), Watch(district)
    counter.approver.approves(counter.asks(counter.hanako, 20_000))
    assert counter.hanako.coins() == 40_000
    assert queries.safe_cash(district.session, counter.clerk.who) == 80_000
    assert watch.looks().of("circulation").figure == 0
    [coin] = watch.of("circulation").facts["coins"]
    assert (coin["refunded"], coin["other"]) == (20_000, 0)
    on = base_date_passes(district)
    figures = queries.base_date_page(district.session, district.approver().signs_in_again().who, on, now=district.now).now
    assert (figures.total.issued, figures.total.recovered, figures.total.unspent, figures.difference) == (100_000, 20_000, 80_000, 0)


def test_who_may_not(district: Town) -> None:
    """Not more than is there, not out of an empty safe, not by one person, not for oneself, not by a cashier of the books alone."""
    counter = Counter(district)
    with pytest.raises(FloorPassed):
        counter.asks(counter.taro, 40_001, ground="unavoidable")
    waits = counter.asks(counter.taro, 40_000, ground="unavoidable")
    hand_over = BankDeposit({10_000: 7}, uuid4())
    commands.deposit(district.session, counter.approver.who, hand_over, now=district.now)
    with pytest.raises(SafeTooLow):
        counter.approver.approves(waits)
    own = Consumer(district, counter.clerk.person_id, counter.clerk.who)
    with pytest.raises(OwnWallet):
        counter.asks(own, 100)
    order = CashRefund(counter.taro.person_id, district.series_id, 100, "safe", "caps", "x", uuid4())
    with pytest.raises(Forbidden):
        commands.propose_refund(district.session, counter.approver.who, order, now=district.now)
    administrator = district.another_clerk("administrator")
    proposal = commands.propose_refund(district.session, administrator.who, order, now=district.now)
    with pytest.raises(MeguriError, match="two_person_rule"):
        administrator.approves(proposal)


def test_the_page_says_what_the_law_leaves(desk: Seat, district: Town) -> None:
    """The clerk sees what may go back, asks, and the approver sees the ground, the reason and both sides."""
    counter = Counter(district)
    seat, here = desk(counter.clerk), f"/desk/people/{counter.hanako.person_id}/refund"
    assert "20,000" in seat.sees(here).text
    form = {"series": district.series_id, "amount": "20,001", "paid_from": "safe", "ground": "caps", "reason": "少しだけ残った"}
    refused = seat.presses(here, here, **form)
    assert refused.status_code in (409, 422) and "あと20,000円" in refused.text
    answer = seat.presses(here, here, **form | {"amount": "20,000"})
    assert answer.status_code == 303
    page = desk(counter.approver).sees(answer.headers["Location"]).text
    assert "少額の払戻し" in page and "少しだけ残った" in page and "お客様とお金を" in page
