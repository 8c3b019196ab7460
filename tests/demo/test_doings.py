"""What goes on in the town besides paying: there the first time, not twice, and the books agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

import association.commands
import association.queries
from association.queries import voucher_account
from base.clock import tokyo_day
from demo.cast import APPROVER, ISSUER
from demo.desk_life import PAPER, SAFE_DAYS, SOLD, SPLIT, live_on
from demo.doings import BUYERS, CAMPAIGNS, COMPLAINTS, TAKEN, TOLD, go_on
from demo.offers import CAMPAIGN, COUPON, FIRST, hold
from identity.queries import Principal
from ledger.verify import verify
from tests.demo.conftest import OPENED, Place

pytestmark = pytest.mark.slow


def test_vouchers_benefit_news_and_registers_are_there_and_once(place: Place) -> None:
    """One campaign sells, one is used, one is over with a claim on the town; a benefit, announcements, registers. Again changes nothing."""
    with place.session() as session:
        go_on(session, place.town, now=OPENED)
        who, checker = (Principal(place.town.district_id, place.town.people[one.mailbox], None, one.roles) for one in (ISSUER, APPROVER))

        def seen() -> tuple[object, ...]:
            return (
                [(one.terms.name, one.state, one.units.sold) for one in association.queries.listed_vouchers(session, who, now=OPENED)],
                [(one.name, one.people, one.left_out) for one in association.queries.benefits(session, who)],
                len(association.queries.announcements(session, who)),
                [each.opened_on for each in association.queries.entries_of(session, checker, "complaint")],
            )

        first = seen()
        states = {name: state for name, state, sold in first[0] if sold > 0}  # type: ignore[attr-defined]
        assert states == {CAMPAIGNS[0].name: "over", CAMPAIGNS[1].name: "usable", CAMPAIGNS[2].name: "selling"}
        assert first[1:3] == ([("冬の燃料応援", BUYERS, 2)], len(TOLD)) and len(first[3]) == len(COMPLAINTS)  # type: ignore[arg-type]
        go_on(session, place.town, now=OPENED + timedelta(hours=1))
        assert seen() == first
        while association.commands.expire(session, now=OPENED):
            pass
        association.commands.book_premiums(session, now=OPENED)
        [over] = [one.terms.id for one in association.queries.listed_vouchers(session, who, now=OPENED) if one.state == "over"]
        account = voucher_account(session, who, over, now=OPENED)
        assert account.claimed > 0 and account.figures.expired > 0 and account.figures.difference == 0
        assert [claim.booked for claim in account.claims] == [account.claimed]
        cards = association.queries.standings(session, who, now=OPENED).campaigns
        assert [one.used > 0 for one in cards if one.is_voucher] == [True, True]
        assert sum(1 for one in cards if not one.is_voucher and one.used and one.cost) == len(TAKEN)
        assert list(verify(session, lambda _: None)) == []


def test_the_desk_has_points_gifts_a_case_and_vouchers_of_two_kinds_to_look_at(place: Place) -> None:
    """After the year, through the doors of the product: each once, the safe is counted, and the books agree."""
    with place.session() as session:
        who, checker = (Principal(place.town.district_id, place.town.people[one.mailbox], None, one.roles) for one in (ISSUER, APPROVER))
        live_on(session, place.town, lambda _line: None, now=OPENED)

        def seen() -> tuple[object, ...]:
            vouchers = {one.terms.name: one.units.sold for one in association.queries.listed_vouchers(session, who, now=OPENED)}
            return (
                (vouchers[SPLIT], vouchers[PAPER]),
                [one.terms.name for one in association.queries.listed_programmes(session, who, now=OPENED)],
                [row.shop.name for row in association.queries.open_disputes(session, place.town.district_id) if row.shop],
                len(association.queries.cash_counts(session, checker)),
            )

        first = seen()
        assert first[0][1] == SOLD and first[1] == ["灯ノ沢ポイント"]  # type: ignore[index]
        live_on(session, place.town, lambda _line: None, now=OPENED + timedelta(hours=1))
        assert seen() == first
        later = OPENED + timedelta(days=SAFE_DAYS + 1)
        live_on(session, place.town, lambda _line: None, now=later)
        assert seen()[3] == first[3] + 1  # type: ignore[operator]
        assert list(verify(session, lambda _: None)) == []


def test_a_coupon_and_a_campaign_began_weeks_ago(place: Place) -> None:
    """Used by many in the past, over by now; the campaign goes on. Again changes nothing, and the books agree."""
    with place.session() as session:
        who = Principal(place.town.district_id, place.town.people[ISSUER.mailbox], None, ISSUER.roles)

        def seen() -> tuple[object, ...]:
            [coupon] = [one for one in association.queries.listed_coupons(session, who, now=OPENED) if one.terms.name == COUPON]
            [campaign] = [one for one in association.queries.listed_campaigns(session, who, now=OPENED) if one.terms.name == CAMPAIGN]
            return coupon.state, coupon.terms.first_day, coupon.pieces.used > 300, campaign.state, campaign.terms.begins_at < OPENED - FIRST

        hold(session, place.town, now=OPENED)
        first = seen()
        assert first == ("over", tokyo_day(OPENED) - FIRST, True, "running", True)
        hold(session, place.town, now=OPENED + timedelta(hours=1))
        assert seen() == first
        assert list(verify(session, lambda _: None)) == []
