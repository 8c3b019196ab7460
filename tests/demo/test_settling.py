"""The town pays its shops: a newcomer sees real payouts, and can make the next one."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

import association.queries
import merchant.queries
from base.clock import TOKYO
from demo.cast import ISSUER
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
