"""The town pays its shops: a newcomer sees real payouts, and can make the next one."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

import association.commands
import association.queries
import merchant.queries
from association.rules.zengin import parse
from base.clock import TOKYO
from demo.cast import APPROVER, ISSUER
from demo.settling import settle_past
from identity.queries import Principal
from ledger.verify import verify
from tests.demo.conftest import Place

pytestmark = pytest.mark.slow


def silent(_line: str) -> None:
    pass


def test_past_closings_are_settled_and_the_newest_is_left_to_the_visitor(place: Place) -> None:
    """Three closing days after the first: two are settled and paid, the third waits at the desk; again changes nothing."""
    desk = Principal(place.town.district_id, place.town.people[ISSUER.mailbox], None, ISSUER.roles, address="demo")
    month = (place.town.first_day + timedelta(days=40)).replace(day=1)
    now = datetime.combine(month.replace(day=1), time(12), TOKYO)
    with place.session() as session:
        assert settle_past(session, place.town, silent, now=now) >= 1
        assert settle_past(session, place.town, silent, now=now) == 0
        runs = association.queries.runs(session, desk)
        assert {run.state for run in runs} == {"paid"}
        assert association.queries.due_closings(session, desk, now=now)
        shops = merchant.queries.shops(session, place.town.district_id, states=("open",))
        paid = [payout for shop in shops for payout in merchant.queries.payouts(session, place.town.district_id, shop.id)]
        assert len(paid) > 20
        assert all(payout.confirmed_at and payout.confirmed_at < now and payout.paid_on == payout.pay_on for payout in paid)
        assert association.queries.proof(session, desk, now.date()).difference == 0
        assert not list(verify(session, lambda _progress: None))


def test_the_visitor_settles_the_newest_and_writes_the_file_for_the_bank(place: Place) -> None:
    """The last run of the past went by file, with every shop's account; the one that waits goes the same way, and can be read back."""
    issuer, approver = (Principal(place.town.district_id, place.town.people[one.mailbox], None, one.roles) for one in (ISSUER, APPROVER))
    now = datetime.now(TOKYO)
    with place.session() as session:
        settle_past(session, place.town, silent, now=now)
        closing = association.queries.due_closings(session, issuer, now=now)[0]
        run = association.commands.submit_run(session, issuer, closing.closes_on, now=now)
        association.commands.approve(session, approver, run, now=now)
        to_pay = association.queries.run(session, issuer, run).to_pay
        soon = datetime.combine(closing.closes_on, time(12), TOKYO) + timedelta(days=1)
        association.commands.write_transfer_file(session, issuer, run, closing.pay_on, now=soon)
        read = parse(association.commands.take_transfer_file(session, issuer, run, now=now).content)
        assert len(read.transfers) == len(to_pay) > 0
        assert read.total == sum(line.yen("net") for line in to_pay)
        assert settle_past(session, place.town, silent, now=now + timedelta(days=30)) >= 0  # the demo starts again a month later
        assert association.queries.run(session, issuer, run).state == "settled"
