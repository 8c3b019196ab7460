"""換金 at the desk, at the shop and in the API: forms, papers, who may see what."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

import ledger.queries
import merchant.queries
from identity.commands import NewToken, create_api_token
from tests.association.test_pages import Desk
from tests.association.test_series_that_end import Autumn, demo
from tests.town import Clerk, Shop, Town

__all__ = ["demo"]

Seat = Callable[[Clerk | None], Desk]
PAGES = ("/desk/settlement", "/desk/settlement/terms", "/desk/settlement/proof", "/desk/suspense")


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


def owner_at(app: Flask, town: Town, shop: Shop) -> FlaskClient:
    """The owner's own browser."""
    client = app.test_client()
    assert shop.owner.person_id is not None
    client.set_cookie("meguri_session", town.cookie(shop.owner.person_id), domain=town.host, secure=True)
    return client


def words(pdf: bytes) -> str:
    """The text of a paper without spaces, which a PDF need not keep."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


@pytest.mark.parametrize("role", ["issuer", "approver", "auditor", "administrator"])
@pytest.mark.parametrize("path", PAGES)
def test_everybody_of_the_desk_reads(desk: Seat, district: Town, path: str, role: str) -> None:
    """Before the first terms, and with a run."""
    clerk = district.another_clerk(role)
    assert desk(clerk).sees(path).status_code == 200
    district.settles_by()
    district.consumer(coins=5_000).pays(district.shop(), 700)
    run = district.clerk().submits(district.month_passes())
    seat = desk(district.another_clerk(role))
    assert seat.sees(path).status_code == 200
    assert "700" in seat.sees(f"/desk/settlement/{run.id}").text
    assert seat.sees(f"/desk/settlement/{run.id}.csv").text.count("\n") >= 2


def test_terms_are_set_by_an_administrator_and_versions_stay(desk: Seat, district: Town) -> None:
    """A percentage, a closing day, a pay day; wrong figures are said beside their fields, and nobody else may."""
    form = {"closing": "half_month", "weekday": "0", "pay_after_days": "10", "shift": "previous", "fee": "１．５％"}
    page = "/desk/settlement/terms"
    seat = desk(district.another_clerk("administrator"))
    for wrong in ({"fee": "31"}, {"fee": "1.234"}, {"pay_after_days": "0"}, {"closing": "hourly"}, {"registration_number": "T123"}):
        assert seat.presses(page, page, **(form | wrong)).status_code == 422
    assert seat.presses(page, page, **form, registration_number="T1234567890123").status_code == 303
    assert seat.presses(page, page, **(form | {"fee": "0"})).status_code == 303
    for wrong in ({"scheme": "unclear", "cleared_by": "税理士 田中"}, {"scheme": "agency", "cleared_by": ""}):
        assert seat.presses(page, page, **form, no_money_receipt="true", **wrong).status_code == 422  # nobody has cleared it
    html = seat.sees(page).text
    assert "1.50%" in html
    assert "0.00%" in html
    assert desk(district.approver()).presses(page, page, **form).status_code == 403


def test_a_run_by_pages(app: Flask, desk: Seat, district: Town) -> None:
    """Draft, submit with one shop left out, approve, say that it is paid, confirm; the advice is there for desk and owner, and for
    no other shop."""
    hanako, bakery, inn = district.consumer(coins=9_000), district.shop("湯の花まんじゅう みなと屋"), district.shop("民宿 あおば")
    district.settles_by(fee_bp=150, registration_number="T1234567890123")
    hanako.pays(bakery, 4_321)
    hanako.pays(inn, 1_000)
    assert desk(district.clerk()).presses("/desk/settlement", "/desk/settlement/draft", closing="2026-01-05").status_code == 422
    closes_on = district.month_passes()
    maker, checker = desk(district.clerk()), desk(district.approver())
    page = f"/desk/settlement/draft?closing={closes_on}"
    html = maker.sees(page).text
    assert "初めての振込" in html
    assert "4,321" in html
    form = {"closing": closes_on.isoformat(), "shop": [str(bakery.id)], "listed": [str(bakery.id), str(inn.id)]}
    recounted = maker.presses(page, "/desk/settlement/draft", **form, shown="5235").text
    assert 'name="shown" value="5235"' in html and "選んだ店だけで計算し直しました" in recounted, "what is pressed is what was shown"
    assert 'name="shown" value="4251"' in recounted and "1店へ振り込む額" in recounted and f'value="{inn.id}">' in recounted
    answer = maker.presses(page, "/desk/settlement/draft", **form, shown="4251")
    run = answer.headers["Location"]
    assert maker.sees(page).headers["Location"] == run
    assert maker.presses("/desk/settlement/terms", "/desk/settlement/draft", **form).headers["Location"] == run
    number = run.rpartition("/")[2]
    assert "担当者が外しました" in checker.sees(run).text
    assert checker.sees(f"/desk/approvals/{number}").headers["Location"] == run
    assert maker.presses("/desk/settlement/terms", f"/desk/approvals/{number}/approve").status_code == 403
    assert checker.sees(f"{run}/shops/{bakery.id}/advice.pdf").status_code == 404
    decided = checker.sees(run).text
    assert "1.50%" in decided and "4,251" in decided, "fee and net stand before whoever decides"
    assert "4,251" in checker.sees("/desk/approvals").text, "the queue says what the button says"
    assert "初めての振込" in decided and "確認が必要な店が 1店あります" in decided, "and what the maker was shown to look at"
    district.settles_by(fee_bp=3_000)  # what an administrator sets meanwhile is of later runs
    assert checker.presses(run, f"/desk/approvals/{number}/approve").status_code == 303
    assert checker.sees(f"{run}/shops/{bakery.id}/advice.pdf").status_code == 404
    district.clock.advance(days=20)  # type: ignore[attr-defined]
    maker, checker = desk(district.clerk().signs_in_again()), desk(district.approver().signs_in_again())
    paid_on = re.search(r'name="paid_on"[^>]*value="([0-9-]+)"', maker.sees(run).text)
    assert paid_on
    assert maker.presses(run, f"{run}/payout", paid_on="2020-01-01").status_code == 422
    assert maker.presses(run, f"{run}/payout", paid_on=paid_on[1]).status_code == 303
    back = re.search(r"/desk/approvals/(\d+)/withdraw", maker.sees(run).text)
    assert back and "/withdraw" not in checker.sees(run).text
    assert maker.presses(run, back[0]).status_code == 303 and 'name="paid_on"' in maker.sees(run).text
    assert maker.presses(run, f"{run}/payout", paid_on=paid_on[1]).status_code == 303
    payout = re.search(r"/desk/approvals/(\d+)/approve", checker.sees(run).text)
    assert payout
    assert checker.presses(run, payout[0]).status_code == 303
    district.seals()
    paper = words(checker.sees(f"{run}/shops/{bakery.id}/advice.pdf").data)
    newest = ledger.queries.checkpoint(district.session, district.district_id)
    assert f"台帳の印{newest.size}件{b64encode(newest.root).decode()[:16]}" in paper
    for said in ("支払通知書", "湯の花まんじゅうみなと屋御中", "+4,321", "1.50%", "−64", "−6", "4,251円", "T1234567890123", "適格請求書"):
        assert said in paper, said
    assert f"{closes_on:%Y%m%d}-{bakery.public_number}" in paper
    base = f"https://{district.host}"
    owner, other = owner_at(app, district, bakery), owner_at(app, district, inn)
    html = owner.get("/shop/payouts", base_url=base).text
    link = re.search(r"/shop/payouts/\d+\.pdf", html)
    assert link
    assert "4,251" in html
    assert words(owner.get(link[0], base_url=base).data) == paper
    assert other.get(link[0], base_url=base).status_code == 404
    assert "4,251" not in other.get("/shop/payouts", base_url=base).text


def test_each_payout_says_which_payments_it_is_made_of(district: Town, app: Flask) -> None:
    """Payments and refunds of its days and no others come to what it settled; another shop's is not there."""
    hanako, bakery, inn = district.consumer(coins=9_000), district.shop(), district.shop()
    district.settles_by(fee_bp=100)
    hanako.pays(bakery, 2_000)
    bakery.refunds(hanako.pays(bakery, 700).transaction_id, 200)
    clerk, approver = district.clerk(), district.approver()
    run = clerk.submits(district.month_passes())
    approver.approves(run.id)
    (payout,) = merchant.queries.payouts(district.session, district.district_id, bakery.id)
    lines = merchant.queries.payout_lines(district.session, district.district_id, bakery.id, payout)
    assert [(each.what, each.amount) for each in lines] == [("taken", 2_000), ("taken", 700), ("given_back", -200)]
    assert sum(each.amount for each in lines) == payout.payable - payout.opening == 2_500
    earlier = replace(payout, closes_on=payout.closes_on - timedelta(days=60))
    assert merchant.queries.payout_lines(district.session, district.district_id, bakery.id, earlier) == []
    base, path = f"https://{district.host}", f"/shop/payouts/{payout.transaction_id}"
    owner, other = owner_at(app, district, bakery), owner_at(app, district, inn)
    for each in lines:
        assert each.number in owner.get(path, base_url=base).text
        assert each.number in owner.get(f"{path}.csv", base_url=base, buffered=True).text
    assert other.get(path, base_url=base).status_code == other.get(f"{path}.csv", base_url=base).status_code == 404


def test_without_a_registration_number_the_advice_is_no_invoice(district: Town, app: Flask) -> None:
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by(fee_bp=100)
    hanako.pays(bakery, 2_000)
    clerk, approver = district.clerk(), district.approver()
    run = clerk.submits(district.month_passes())
    approver.approves(run.id)
    district.clock.advance(days=20)  # type: ignore[attr-defined]
    approver.approves(clerk.says_paid(run.id, run.pay_on))
    (payout,) = merchant.queries.payouts(district.session, district.district_id, bakery.id)
    answer = owner_at(app, district, bakery).get(f"/shop/payouts/{payout.transaction_id}.pdf", base_url=f"https://{district.host}")
    assert "適格請求書ではありません" in words(answer.data)


def test_the_tablet_tells_what_is_coming_and_does_not_ring_for_it(app: Flask, district: Town) -> None:
    """入金予定 with its day and the exact yen, in today's list and on a page of its own; a settlement is no sale."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by()
    hanako.pays(bakery, 2_000)
    key = bytes(32)
    before = merchant.queries.arrivals(district.session, district.district_id, bakery.id, key, cursor=None)
    till = bakery.till()
    run = district.clerk().submits(district.month_passes())
    district.approver().approves(run.id)
    news = merchant.queries.arrivals(district.session, district.district_id, bakery.id, key, cursor=before.cursor)
    assert {sale.kind for sale in news.sales} <= {"payment"}
    client = app.test_client()
    client.set_cookie("meguri_till", till.token, domain=district.host, path="/till", secure=True)
    for path in ("/till/sales", "/till/sales/payouts"):
        html = client.get(path, base_url=f"https://{district.host}").text
        assert "2,000" in html
        assert f"{run.pay_on.month}月{run.pay_on.day}日" in html


def test_a_program_reads_its_shops_payouts(app: Flask, district: Town) -> None:
    """With the scope payouts:read, its own shop's only."""
    hanako, bakery, inn = district.consumer(coins=9_000), district.shop(), district.shop("民宿 あおば")
    district.settles_by(fee_bp=100)
    hanako.pays(bakery, 2_000)
    hanako.pays(inn, 300)
    run = district.clerk().submits(district.month_passes(), without=frozenset({inn.id}))
    district.approver().approves(run.id)
    administrator = district.another_clerk("administrator")

    def reads(shop: Shop, *scopes: str) -> object:
        new = NewToken("会計", scopes, merchant_id=shop.id, person_id=None)
        token = create_api_token(district.session, administrator.who, new, now=district.now)
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().get("/api/v1/payouts", base_url=f"https://{district.host}", headers=headers)

    answer = reads(bakery, "payouts:read").json  # type: ignore[attr-defined]
    (item,) = answer["items"]
    assert (item["net"], item["fee"], item["tax"], item["paid_on"]) == (1_978, 20, 2, None)
    assert (item["closes_on"], item["pay_on"], answer["standing"]) == (run.closes_on.isoformat(), run.pay_on.isoformat(), 0)
    other = reads(inn, "payouts:read").json  # type: ignore[attr-defined]
    assert (other["items"], other["standing"]) == ([], 300)
    assert reads(inn, "payments:read").status_code == 403  # type: ignore[attr-defined]


def test_a_late_refund_by_pages(app: Flask, desk: Seat, district: Town, demo: Engine) -> None:
    """The tablet says before the press that it does not reach the customer; the desk proposes, another person approves."""
    autumn = Autumn(district, district.consumer(coins=5_000), district.shop(), demo)
    client, base = app.test_client(), f"https://{district.host}"
    client.set_cookie("meguri_till", autumn.shop.till().token, domain=district.host, path="/till", secure=True)
    asks = client.get(f"/till/sales/{autumn.paid}/refund?amount=250&reason=", base_url=base).text
    assert "このうち 250円は、コインの期限が終わったか" in asks
    refund = autumn.shop.refunds(autumn.paid, 250)
    assert "組合がお預かり" in client.get(f"/till/sales?day={district.today}", base_url=base).text
    maker, checker = desk(district.clerk()), desk(district.approver())
    link = re.search(r"/desk/suspense/\d+", maker.sees("/desk/suspense").text)
    assert link
    assert ledger.queries.payment_number(refund.transaction_id) in maker.sees(link[0]).text, "which refund it is"
    assert maker.presses(link[0], link[0], to="person", reason="").status_code == 422
    approval = maker.presses(link[0], link[0], to="person", reason="本人に連絡した").headers["Location"]
    assert checker.presses(approval, f"{approval}/approve").status_code == 303
    assert autumn.consumer.coins() == 5_250


def test_another_districts_runs_are_not_there(desk: Seat, district: Town, other_district: Town) -> None:
    other_district.settles_by()
    other_district.consumer(coins=5_000).pays(other_district.shop(), 700)
    run = other_district.clerk().submits(other_district.month_passes())
    assert desk(district.clerk()).sees(f"/desk/settlement/{run.id}").status_code == 404
    assert desk(district.clerk()).sees(f"/desk/settlement/{run.id}.csv").status_code == 404
