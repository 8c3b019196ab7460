"""People without a phone and inns that sell coin: a newcomer finds both, made as the association would make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

import association.commands
import association.queries
import ledger.queries
import merchant.queries
import wallet.commands
import wallet.queries
from base.clock import tokyo_day
from demo.agents import ASKS_TO_SELL, EACH_DAY, sell_today
from demo.cards import LOST, LOT, PINS, shown_card
from demo.cast import APPROVER, CARD_HOLDER, CARD_PIN, INN_STAFF, ISSUER, Named
from demo.opening import open_town
from demo.people import CARD_HOLDERS
from demo.shops import AGENTS, MINATOYA
from identity.queries import Principal
from ledger.verify import verify
from tests.demo.conftest import OPENED, Place
from wallet.commands import PayByCode, Taken

pytestmark = pytest.mark.slow


def silent(_line: str) -> None:
    pass


def at_desk(place: Place, one: Named) -> Principal:
    return Principal(place.town.district_id, place.town.people[one.mailbox], None, one.roles, address="demo")


def sold_by(place: Place, now: datetime) -> dict[str, association.queries.AgentStanding]:
    with place.session() as session:
        return {one.shop.name: one.standing for one in association.queries.agents(session, at_desk(place, ISSUER), now=now)}


def test_the_counter_has_given_cards_and_has_blank_ones_left(place: Place) -> None:
    """One printed lot: the neighbours hold theirs, found by name; one has her second, and the page tells how she lost the first."""
    with place.session() as session:
        (lot,) = wallet.queries.card_lots(session, at_desk(place, ISSUER))
        assert (lot.quantity, lot.active, lot.replaced, lot.prints) == (LOT, len(PINS) + 1, 1, 1)
        for name in (*CARD_HOLDERS.values(), CARD_HOLDER.nickname):
            held = wallet.queries.find_cards(session, at_desk(place, ISSUER), name)
            assert [one.holder for one in held if one.card.state == "active"] == [name]
        second = next(one for one in wallet.queries.find_cards(session, at_desk(place, ISSUER), LOST) if one.card.state == "active")
        _held, story = wallet.queries.one_card(session, at_desk(place, ISSUER), second.card.id)
        assert [(event.came, event.note) for event in story] == [("relative", "長女。財布ごとなくした")]


def test_anybody_can_pay_with_the_card_that_the_page_shows(place: Place) -> None:
    """Its number and PIN, typed at a till; the till may show what is left. And the public page tells the same."""
    with place.session() as session:
        card = shown_card(session, place.town.district_id)
        assert card is not None
        nobody = Principal(place.town.district_id, None, None, frozenset(), address="192.0.2.7")
        assert wallet.queries.statement_of(session, place.town.district_id, card).balance == 6_480
        shop = next(shop for shop in merchant.queries.shops(session, place.town.district_id) if shop.name == MINATOYA)
        (till, *_more) = merchant.queries.tills(session, place.town.district_id, shop.id)
        at_till = Principal(place.town.district_id, None, 1, frozenset({"till"}), merchant_id=shop.id, till_id=till.id)
        paid = wallet.commands.pay_by_code(session, at_till, PayByCode(card.number, 480, uuid4(), CARD_PIN), now=OPENED)
        assert isinstance(paid, Taken)
        assert wallet.queries.left_on_card(session, at_till, paid.transaction_id, now=OPENED) == 6_000
        assert wallet.commands.read_card_balance(session, nobody, card.grouped, CARD_PIN).balance == 6_000


def test_inns_are_agents_and_have_sold_coin_today(place: Place) -> None:
    """Two people switched each of them on; what they sold so far today is their debt, and a second look books nothing again."""
    noon = OPENED.replace(hour=3, minute=41)
    before = sold_by(place, noon)
    with place.session() as session:
        series_id = place.town.series_on(tokyo_day(noon))
        assert sell_today(session, place.town.district_id, series_id, now=noon) == 2
        assert sell_today(session, place.town.district_id, series_id, now=noon) == 2
    after = sold_by(place, noon)
    for name, daily_max in AGENTS.items():
        assert after[name].daily_max == daily_max
        assert after[name].sold_today > 0
        assert after[name].debt == before[name].debt + after[name].sold_today
    with place.session() as session:
        evening = noon + timedelta(hours=9)
        assert sell_today(session, place.town.district_id, series_id, now=evening) == len(EACH_DAY)
        decided = ledger.queries.proposals(session, place.town.district_id, waiting=False, purpose="agent")
        assert {one.facts["shop"] for one in decided} == set(AGENTS)
        assert all(one.maker != one.checker for one in decided)
        assert {
            one.name
            for shop in merchant.queries.shops(session, place.town.district_id)
            if shop.name in AGENTS
            for one in merchant.queries.staff(session, place.town.district_id, shop.id)
        } == {name for staff in INN_STAFF.values() for name, _role, _pin in staff}
        assert not list(verify(session, lambda _progress: None))


def test_two_proposals_wait_and_what_was_decided_is_not_asked_again(place: Place) -> None:
    """One more inn and a batch of top-up codes. Declined or approved by the visitor, they stay so at the next start."""
    approver = at_desk(place, APPROVER)
    with place.session() as session:
        waiting = {one.proposal.purpose: one.proposal for one in association.queries.listed_proposals(session, approver, waiting=True)}
        assert set(waiting) == {"agent", "code_issue"}
        assert waiting["agent"].facts["shop"] == ASKS_TO_SELL
        association.commands.decline(session, approver, waiting["agent"].id, reason="来年に", now=OPENED)
        association.commands.approve(session, approver, waiting["code_issue"].id, now=OPENED)
        open_town(session, silent, now=OPENED)
        assert not association.queries.listed_proposals(session, approver, waiting=True)
