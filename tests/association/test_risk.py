"""見てください: from the book to the queue, one answer, one press that stops, and another person who lifts it."""

from __future__ import annotations

import pytest

import identity.commands
from association import commands, queries
from association.errors import FindingNotStoppable, FindingUnknown, LiftByAnother, LimitOutside, TopUpCodeUnreadable
from base.errors import Forbidden
from identity.commands import Browser, open_session
from identity.errors import PinLocked, PinWrong
from ledger.errors import AccountFrozen, PayableFrozen
from merchant.errors import ShopSuspended
from tests.association.test_controls import Watch
from tests.association.test_pages import Seat, desk
from tests.town import CASHIER_PIN, Clerk, Town

__all__ = ["desk"]


def looks(town: Town) -> None:
    town.clock.advance(minutes=1)  # type: ignore[attr-defined]
    commands.look_for_risks(town.session, now=town.now)


def found(town: Town, *, answered: bool = False) -> dict[str, queries.Finding]:
    chair = town.approver().signs_in_again().who
    return {each.rule: each for each in queries.findings(town.session, chair, answered=answered)}


def answers(town: Town, finding: queries.Finding, state: str) -> None:
    chair = town.approver().signs_in_again().who
    commands.answer_finding(town.session, chair, finding.id, state, "町内会の買い出し", now=town.now)


def test_codes_and_pins_that_are_tried_too_often(district: Town) -> None:
    """Wrong codes and wrong PINs are counted by person; the right ones leave nothing. The queue's oldest stands among the controls."""
    hanako, watch = district.consumer(), Watch(district)
    hanako.sets_pin("2580")
    for _ in range(8):
        with pytest.raises(TopUpCodeUnreadable):
            hanako.redeems("ABC")
    for _ in range(5):
        with pytest.raises((PinWrong, PinLocked)):
            identity.commands.check_pin(district.session, hanako.who, "7391", now=district.now)
    looks(district)
    tries = found(district)["tries"]
    assert (tries.subject, tries.figure, tries.state) == (f"person:{hanako.person_id}", 8, "new")
    assert watch.looks(hours=25).of("risks").state == "look"


def test_what_was_explained_stays_away_until_it_grows(district: Town) -> None:
    """Refunds of one cashier: explained once, not shown again the next hour, shown again when there are half as many more."""
    shop = district.shop()
    staff, hanako, till = shop.hires(), district.consumer(coins=20_000), shop.till()

    def gives_back(times: int) -> None:
        for _ in range(times):
            paid = hanako.pays(shop, 100)
            till.refunds(paid.transaction_id, 100, staff_id=staff, pin=CASHIER_PIN)

    gives_back(4)
    looks(district)
    refunds = found(district)["refunds"]
    assert (refunds.figure, refunds.shop.id if refunds.shop else None) == (4, shop.id)
    answers(district, refunds, "explained")
    looks(district)
    assert "refunds" not in found(district) and found(district, answered=True)["refunds"].state == "explained"
    gives_back(2)
    looks(district)
    again = found(district)["refunds"]
    assert (again.id, again.figure, again.state) == (refunds.id, 6, "new")
    seen = queries.finding(district.session, district.approver().signs_in_again().who, again.id)
    assert [(each.state, each.by_rule) for each in seen.said] == [("explained", False), ("new", True)]
    assert len([each for each in seen.evidence if each.kind == "refund"]) == 6


def test_an_owner_who_gives_back_much_alone_is_seen(district: Town) -> None:
    """No second person confirms an owner, and no member of staff is named: it is the shop that is shown, with what was given back."""
    shop, friend = district.shop(), district.consumer(coins=40_000)
    paid = [friend.pays(shop, 10_000).transaction_id for _ in range(3)]
    for each in paid[:2]:
        shop.refunds(each, 10_000)
    shop.refunds(paid[2], 9_999)
    looks(district)
    assert "refunds_of_shop" not in found(district)
    shop.refunds(paid[2], 1)
    looks(district)
    finding = found(district)["refunds_of_shop"]
    assert (finding.figure, finding.facts["percent"], finding.shop.id if finding.shop else None) == (30_000, 100, shop.id)
    seen = queries.finding(district.session, district.approver().signs_in_again().who, finding.id)
    assert [each.amount for each in seen.evidence] == [10_000, 10_000, 9_999, 1]


def test_one_press_stops_a_person_and_another_one_lifts_it(district: Town) -> None:
    """A sudden top-up: nothing can be paid, the money stays, and whoever stopped it cannot lift it alone."""
    hanako, shop, chair = district.consumer(coins=50_000), district.shop(), district.approver()
    looks(district)
    finding = found(district)["top_ups"]
    assert finding.person == hanako.person_id
    with pytest.raises(Forbidden):
        commands.freeze_found(district.session, district.clerk().who, finding.id, "本人に確かめる", now=district.now)
    commands.freeze_found(district.session, chair.signs_in_again().who, finding.id, "本人に確かめる", now=district.now)
    with pytest.raises(AccountFrozen):
        hanako.signs_in_again().pays(shop, 100)
    assert hanako.coins() == 50_000 and found(district, answered=True)["top_ups"].state == "acted"
    with pytest.raises(LiftByAnother):
        commands.unfreeze_person(district.session, chair.signs_in_again().who, hanako.person_id, reason="会った", now=district.now)
    commands.unfreeze_person(district.session, district.clerk().signs_in_again().who, hanako.person_id, reason="会った", now=district.now)
    hanako.signs_in_again().pays(shop, 100)


def test_one_press_stops_a_shop_and_another_one_lets_it_go(desk: Seat, district: Town) -> None:
    """Its owner pays it: what it has taken stays owed, and the one who stopped it cannot let it go again."""
    shop, chair = district.shop(), district.approver().signs_in_again().who
    owner = district.consumer(coins=12_000)
    identity.commands.grant_role(
        district.session, district.another_clerk("administrator").who, owner.person_id, "cashier", merchant_id=shop.id, now=district.now
    )
    for _ in range(2):
        owner.pays(shop, 6_000)
    looks(district)
    finding = found(district)["circular"]
    assert (finding.figure, finding.people) == (12_000, (owner.person_id,))
    commands.freeze_found(district.session, chair, finding.id, "お店に聞く", now=district.now)
    with pytest.raises((ShopSuspended, PayableFrozen)):
        district.consumer(coins=100).pays(shop, 100)
    assert shop.taken() == 12_000
    with pytest.raises(LiftByAnother):
        commands.resume_shop(district.session, chair, shop.id, reason="分かった", now=district.now)
    shop.is_suspended("警察の照会")
    seen = desk(district.another_clerk("approver")).sees(f"/desk/shops/{shop.id}").text
    assert "お店に聞く" in seen and "警察の照会" in seen, "whoever lets it go reads why it was stopped, twice"
    shop.is_resumed()


def test_many_accounts_on_one_device_are_stopped_one_by_one(district: Town) -> None:
    """Four people behind one cookie are shown by number; nobody stops them all by one press."""
    people = [district.consumer(nickname=f"人{number}") for number in range(4)]
    for each in people:
        open_session(district.session, district.district_id, each.person_id, Browser("one phone"), way="email", now=district.now)
    looks(district)
    finding = found(district)["device"]
    assert finding.figure == 4 and finding.people == tuple(sorted(each.person_id for each in people))
    with pytest.raises(FindingNotStoppable):
        commands.freeze_found(district.session, district.approver().signs_in_again().who, finding.id, "見る", now=district.now)


def test_the_administrator_sets_the_limits(desk: Seat, district: Town) -> None:
    """From the next look on, within bounds, and who did it stays on the page. The queue is not for a clerk."""
    admin, hanako = district.another_clerk("administrator"), district.consumer(coins=10_000)
    looks(district)
    assert found(district) == {}
    at_desk = desk(admin)
    page = "/desk/risk/limits"
    assert at_desk.presses(page, page, rule="top_ups", name="yen", value="10").status_code == 422
    assert at_desk.presses(page, page, rule="top_ups", name="yen", value="10,000").status_code == 303
    with pytest.raises(LimitOutside):
        commands.set_risk_limit(district.session, admin.signs_in_again().who, "top_ups", "nothing", 5, now=district.now)
    looks(district)
    finding = found(district)["top_ups"]
    assert finding.person == hanako.person_id
    assert "見てください: 1件" in at_desk.sees("/desk/").text
    assert "いつもより大きなチャージです" in at_desk.sees("/desk/risk").text
    shown = at_desk.sees(f"/desk/risk/{finding.id}").text
    assert f"利用者 {hanako.person_id}" in shown and "花子" not in shown
    assert at_desk.presses(f"/desk/risk/{finding.id}", f"/desk/risk/{finding.id}", state="seen", words="電話する").status_code == 303
    assert found(district)["top_ups"].state == "seen"
    clerk: Clerk = district.clerk()
    assert desk(clerk).sees("/desk/risk").status_code == 403
    with pytest.raises(FindingUnknown):
        queries.finding(district.session, admin.signs_in_again().who, 2**60)
