"""加盟店: one person puts a shop forward, another admits it; a stopped shop takes nothing, and nothing is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from association import commands, queries
from base.errors import Forbidden
from ledger.errors import PayableFrozen, SameHands
from merchant.errors import ShopStateForbidden, ShopSuspended, ShopUnknown
from tests.town import Town


def approve(district: Town, merchant_id: int, *, by: object = None) -> object:
    who = (by or district.approver()).who  # type: ignore[attr-defined]
    return commands.approve_shop(district.session, who, merchant_id, admission_check="店舗を訪ねた", now=district.now)


def test_a_shop_waits_until_a_second_person_has_looked(district: Town) -> None:
    """柴田 puts みなと屋 forward, 宮下 admits it, and both stand on record."""
    applied = district.applicant()
    assert applied.state == "applied"
    approve(district, applied.id)
    listed = queries.listed_shops(district.session, district.approver().who)[0]
    assert listed.shop.state == "open" and listed.admission is not None
    assert (listed.admission.registered_by_name, listed.admission.decided_by_name) == ("柴田", "宮下")
    assert listed.admission.admission_check == "店舗を訪ねた"


def test_nobody_admits_their_own_applicant(district: Town) -> None:
    """Not even the administrator, who may do both."""
    admin = district.another_clerk("administrator")
    applied = commands.register_shop(district.session, admin.who, district.new_shop(), now=district.now)
    with pytest.raises(SameHands):
        approve(district, applied.id, by=admin)
    approve(district, applied.id)


def test_the_database_itself_wants_two_persons(district: Town, owner_engine: Engine) -> None:
    """A hole in the pages cannot admit a shop alone: the table says no."""
    applied = district.applicant()
    sql = "UPDATE shop_admission SET decided_by = registered_by, decided_at = now() WHERE district_id = :d AND merchant_id = :m"
    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match="two_persons"):
        connection.execute(text(sql), {"d": district.district_id, "m": applied.id})


def test_admitting_twice_is_once(district: Town) -> None:
    """A second press changes nothing, and the first decision stays on record."""
    applied = district.applicant()
    approve(district, applied.id)
    approve(district, applied.id, by=district.another_clerk("approver", nickname="大谷"))
    admission = queries.listed_shops(district.session, district.approver().who)[0].admission
    assert admission is not None and admission.decided_by_name == "宮下"


def test_an_applicant_takes_no_money(district: Town) -> None:
    """Before it is admitted, nobody can pay it."""
    hanako, applied = district.consumer(coins=1_000), district.applicant()
    with pytest.raises((ShopUnknown, ShopSuspended)):
        hanako.pays(district.as_shop(applied), 500)
    assert hanako.coins() == 1_000


def test_a_stopped_shop_takes_nothing_and_loses_nothing(district: Town) -> None:
    """What it has taken stays owed; after it is let in again, payments go on."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hanako.pays(bakery, 300)
    bakery.is_suspended()
    with pytest.raises((ShopSuspended, PayableFrozen)):
        hanako.pays(bakery, 300)
    assert bakery.taken() == 300
    bakery.is_resumed()
    hanako.pays(bakery, 300)
    assert (hanako.coins(), bakery.taken()) == (400, 600)


def test_the_tills_are_told_at_once(district: Town) -> None:
    """A stopped shop's tablets say so without being touched."""
    bakery = district.shop()
    district.woken.clear()
    bakery.is_suspended()
    assert district.woken == [f"d{district.district_id}:m{bakery.id}"]


def test_resuming_is_no_way_round_the_second_person(district: Town) -> None:
    """A shop that was never admitted cannot be resumed, nor stopped, nor approved out of a stop."""
    applied = district.applicant()
    who = district.approver().who
    with pytest.raises(ShopStateForbidden):
        commands.resume_shop(district.session, who, applied.id, reason="確認", now=district.now)
    with pytest.raises(ShopStateForbidden):
        commands.suspend_shop(district.session, who, applied.id, reason="確認", now=district.now)
    bakery = district.shop()
    bakery.is_suspended()
    with pytest.raises(ShopStateForbidden):
        approve(district, bakery.id)


def test_an_application_can_be_taken_back_or_turned_down(district: Town) -> None:
    """By whoever put it forward, or by an approver; then it is over."""
    mine, theirs = district.applicant("甲"), district.applicant("乙")
    commands.decline_shop(district.session, district.clerk().who, mine.id, reason="取り下げ", now=district.now)
    commands.decline_shop(district.session, district.approver().who, theirs.id, reason="書類の不足", now=district.now)
    for shop in (mine, theirs):
        with pytest.raises(ShopStateForbidden):
            approve(district, shop.id)
    bakery = district.shop()
    with pytest.raises(ShopStateForbidden):
        commands.decline_shop(district.session, district.approver().who, bakery.id, reason="済んだもの", now=district.now)


@pytest.mark.parametrize("role", ["issuer", "auditor", "consumer"])
def test_only_approvers_decide(district: Town, role: str) -> None:
    """承認, 停止 and 再開 take the approver's role."""
    applied, bakery, other = district.applicant("甲"), district.shop(), district.another_clerk(role, nickname="岡")
    with pytest.raises(Forbidden):
        approve(district, applied.id, by=other)
    for command in (commands.suspend_shop, commands.resume_shop, commands.decline_shop):
        with pytest.raises(Forbidden):
            command(district.session, other.who, bakery.id, reason="確認", now=district.now)


def test_shops_of_the_neighbours_are_unknown_here(district: Town, other_district: Town) -> None:
    """Every door with another district's id says that there is no such shop, and changes nothing there."""
    waiting, bakery = other_district.applicant("甲"), other_district.shop()
    who = district.approver().who
    for number in (waiting.id, bakery.id):
        with pytest.raises(ShopUnknown):
            approve(district, number)
        for command in (commands.suspend_shop, commands.resume_shop, commands.decline_shop):
            with pytest.raises(ShopUnknown):
                command(district.session, who, number, reason="確認", now=district.now)
    states = {each.shop.name: each.shop.state for each in queries.listed_shops(other_district.session, other_district.approver().who)}
    assert states == {"甲": "applied", "みなと屋": "open"}
    assert queries.listed_shops(district.session, who) == []
