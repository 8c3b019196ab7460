"""振込先: two people, three days, and a word from the shop that stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, text

import association.commands
import association.queries
import identity.commands
import identity.queries
from association.errors import AccountChangeWaits, AccountNotStoppable
from association.queries import waiting_proposals
from association.queries.bank_details import WAITS, ShopAccounts
from association.rules.zengin import Account
from base.errors import Forbidden
from identity.queries import Principal
from ledger.errors import AlreadyDecided, SameHands
from tests.association.test_pages import Desk
from tests.town import Shop, Town

MARUYA = Account("0991", "ﾕﾉﾏﾁ", "012", "ｴｷﾏｴ", "1", "7654321", "ﾏﾙﾔ")
OTHER = replace(MARUYA, number="0000055")


def owner_of(town: Town, shop: Shop, *, email: str | None = None) -> Principal:
    """Somebody who holds the shop, beside whoever held it before."""
    person = town.person("店主", "consumer", email=email)
    identity.commands.appoint(town.session, town.district_id, person, "owner", merchant_id=shop.id, now=town.now)
    return town.signs_in(person)


def proposes(town: Town, shop: Shop, account: Account, who: Principal | None = None) -> int:
    return association.commands.propose_account(town.session, who or town.clerk().who, shop.id, account, now=town.now)


def standing(town: Town, shop: Shop) -> ShopAccounts:
    return association.queries.accounts_of_shop(town.session, town.district_id, shop.id, now=town.now)


def test_an_account_takes_two_people_and_three_days(district: Town) -> None:
    """Until then the one before holds; the proposer cannot approve, and the owner is told twice."""
    bakery = district.shop()
    owner_of(district, bakery, email="owner@example.jp")
    first = proposes(district, bakery, MARUYA)
    assert proposes(district, bakery, MARUYA) == first
    with pytest.raises(AccountChangeWaits):
        proposes(district, bakery, OTHER)
    both = replace(district.clerk().who, roles=frozenset({"issuer", "approver"}))
    with pytest.raises(SameHands):
        association.commands.approve(district.session, both, first, now=district.now)
    district.approver().approves(first)
    decided = standing(district, bakery).change
    assert decided is not None and decided.state == "coming" and standing(district, bakery).live is None
    assert decided.from_at is not None
    district.clock.now = decided.from_at - timedelta(seconds=1)  # type: ignore[attr-defined]
    assert standing(district, bakery).live is None
    district.clock.now = decided.from_at  # type: ignore[attr-defined]
    live = standing(district, bakery).live
    assert live is not None and live.account == MARUYA
    district.approver().approves(proposes(district, bakery, OTHER))
    assert standing(district, bakery).live == live
    district.clock.advance(days=WAITS.days + 1)  # type: ignore[attr-defined]
    changed = standing(district, bakery)
    assert changed.live is not None and changed.live.account == OTHER and [row.state for row in changed.every] == ["live", "replaced"]
    mails = [post.letter.subject for post in identity.queries.mailbox(district.session, district.district_id)]
    assert [("申請がありました" in each, "承認されました" in each) for each in mails] == [(False, True), (True, False)] * 2


def test_the_owner_stops_what_is_not_theirs(district: Town) -> None:
    """A change that somebody at the desk made up is stopped from the shop, before and after its approval; another shop's owner cannot."""
    bakery, baths = district.shop(), district.shop("外湯 朝霧の湯")
    owner, stranger = owner_of(district, bakery), owner_of(district, baths)
    waiting = proposes(district, bakery, OTHER)
    change = standing(district, bakery).change
    assert change is not None
    for refused in (lambda: proposes(district, bakery, MARUYA, stranger), lambda: stop(district, stranger, change.id)):
        with pytest.raises(Forbidden):
            refused()
    stop(district, owner, change.id)
    assert waiting_proposals(district.session, district.approver().who) == 0, "an objection leaves nothing to approve"
    with pytest.raises(AlreadyDecided):
        district.approver().approves(waiting)
    district.approver().approves(proposes(district, bakery, OTHER))
    change = standing(district, bakery).change
    assert change is not None and change.state == "coming"
    stop(district, owner, change.id)
    district.clock.advance(days=4)  # type: ignore[attr-defined]
    assert standing(district, bakery).live is None
    district.approver().approves(proposes(district, bakery, MARUYA, owner))
    district.clock.advance(days=4)  # type: ignore[attr-defined]
    live = standing(district, bakery).live
    assert live is not None and live.account == MARUYA
    with pytest.raises(AccountNotStoppable):
        stop(district, owner, live.id)


def test_an_owner_takes_back_an_own_proposal_and_no_other(app: Flask, district: Town) -> None:
    """While it waits, from the owner's page; what the desk proposed is not theirs to take back, and a decision stays."""
    bakery = district.shop()
    owner = owner_of(district, bakery)
    assert owner.person_id is not None
    seat = Desk(app.test_client(), district, None)
    seat.client.set_cookie("meguri_session", district.cookie(owner.person_id), domain=district.host, secure=True)
    page = "/shop/payouts/account"

    def take_back() -> int:
        change = standing(district, bakery).change
        assert change is not None
        return seat.presses(page, f"{page}/{change.id}/withdraw").status_code

    proposes(district, bakery, OTHER)
    assert "取り下げる" not in seat.sees(page).text and take_back() == 404
    change = standing(district, bakery).change
    assert change is not None
    stop(district, owner, change.id)
    proposes(district, bakery, MARUYA, owner)
    assert "あなたの申請です" in seat.sees(page).text and take_back() == 303
    assert [row.state for row in standing(district, bakery).every] == ["withdrawn", "stopped"]
    assert waiting_proposals(district.session, district.approver().who) == 0
    district.approver().approves(proposes(district, bakery, MARUYA, owner))
    assert take_back() == 409


def stop(town: Town, who: Principal, account_id: int) -> None:
    association.commands.stop_account(town.session, who, account_id, reason="心あたりがない", now=town.now)


def test_nobody_reads_a_number_in_the_database_the_book_or_the_log(district: Town, superuser: Engine) -> None:
    """Sealed at rest; the proposal, which stays in the book for good, has the end of the number; the access log has none of it."""
    bakery = district.shop()
    number = proposes(district, bakery, MARUYA)
    with superuser.connect() as database:
        dumps = [
            database.execute(text(query), {"district": district.district_id}).scalar_one()
            for query in (
                "SELECT string_agg(encode(sealed, 'escape'), ' ') FROM shop_account WHERE district_id = :district",
                "SELECT string_agg(facts::text, ' ') FROM ledger.proposal WHERE district_id = :district",
                "SELECT string_agg(subject, ' ') FROM access_log WHERE district_id = :district",
            )
        ]
    assert number and all(MARUYA.number not in dump and MARUYA.holder not in dump for dump in dumps)
    assert '"ending": "321"' in dumps[1]


def test_the_form_converts_refuses_and_masks(app: Flask, district: Town) -> None:
    """Japan Post's symbol becomes a branch; kanji are named; the owner's page shows the end of the number only."""
    bakery = district.shop()
    assert bakery.owner.person_id is not None
    seat = Desk(app.test_client(), district, None)
    seat.client.set_cookie("meguri_session", district.cookie(bakery.owner.person_id), domain=district.host, secure=True)
    post = {"symbol": "１２３４０", "post_number": "12345671", "holder": "丸屋"}
    refused = seat.presses("/shop/payouts/account", "/shop/payouts/account", **post)
    assert refused.status_code == 422 and "銀行で使えない文字があります: 丸 屋" in refused.text
    assert seat.presses("/shop/payouts/account", "/shop/payouts/account", **post | {"holder": "まるや　ショップ"}).status_code == 303
    shown = seat.sees("/shop/payouts/account").text
    assert "ﾏﾙﾔ ｼﾖﾂﾌﾟ" in shown and "****567" in shown and "1234567" not in shown
    change = standing(district, bakery).change
    assert change is not None and change.account.place == ("9900", "238", "1", "1234567")
    assert "振込先の変更" in seat.sees("/shop/payouts").text
    clerk = Desk(app.test_client(), district, district.clerk())
    assert "1234567" in clerk.sees(f"/desk/shops/{bakery.id}/account").text
    assert clerk.sees(f"/desk/approvals/{change.proposal_id}").status_code == 200
    auditor = Desk(app.test_client(), district, district.another_clerk("auditor"))
    assert auditor.sees(f"/desk/shops/{bakery.id}/account").status_code == 403
