"""商品券 on pages without scripts: four steps, the counter, the statement; and the plan on a phone, in four languages."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

import association.queries
from association.commands import Share
from association.rules import usual_last_day
from base.clock import tokyo_day
from tests.association.test_pages import Seat, desk
from tests.association.test_settlement_pages import words as words_of
from tests.association.test_transfers import banks
from tests.town import Town
from tests.wallet.phones import phone
from tests.wallet.test_pages import text

__all__ = ["desk", "phone"]

FACE = {
    "name": "湯けむり券",
    "name_en": "Steam",
    "price": "10,000",
    "face": "13,000",
    "units": "100",
    "per_person": "3",
    "budget": "300,000",
}
PARTS = {"shops": "small", "association_percent": "40", "funder_1": "灯ノ沢町", "funder_1_percent": "60", "unspent_to": "association"}


OPEN = {"sold_to": "open"}
DRAWN = {"sold_to": "application", "apply_first_day": "2026-02-01", "apply_last_day": "2026-02-01", "draw_day": "2026-02-02"}


def days(district: Town) -> dict[str, str]:
    today = tokyo_day(district.now)
    last = usual_last_day(today)
    return {"sale_first_day": f"{today}", "sale_last_day": f"{today + timedelta(days=9)}", "last_day": f"{last}"}


def test_from_four_steps_to_the_statement(desk: Seat, phone, district: Town) -> None:
    """Wizard, approval, sale at the counter, payment on the phone, claim, money that arrives: what each page says is in the book."""
    clerk, boss = desk(district.clerk()), desk(district.approver())
    page = "/desk/vouchers/new"
    for step in (FACE, days(district), OPEN, PARTS):
        answer = clerk.presses(page, page, **step)
        assert answer.status_code == 303, answer.text
        page = answer.headers["Location"]
    shown = clerk.sees(page).text
    for words in (
        "6か月以内の適用除外です。",
        "300,000",
        "中小店だけ",
        "灯ノ沢町 60%",
        "1口分が使われずに期限を過ぎると",
        "1回だけ切り捨て",
    ):
        assert words in shown
    token, key = (re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("csrf_token", "key"))
    form = {"csrf_token": token, "key": key, "note": "冬の消費喚起"}
    first, again = (clerk.client.post(page, data=form, base_url=clerk.base, headers={"Referer": clerk.base + page}) for _ in range(2))
    place = first.headers["Location"]
    assert again.headers["Location"] == place == clerk.client.get(page, base_url=clerk.base).headers["Location"]
    voucher = int(place.rsplit("/", 1)[1])
    terms = association.queries.one_voucher(district.session, district.district_id, voucher)
    assert "承認を待っています" in clerk.sees(place).text
    approval = boss.sees(f"/desk/approvals/{terms.proposal_id}").text
    assert "冬の消費喚起" in approval and "商品券の内容を見る" in approval and "100口" in approval
    assert boss.presses(f"/desk/approvals/{terms.proposal_id}", f"/desk/approvals/{terms.proposal_id}/approve").status_code == 303

    hanako, bakery = district.consumer(coins=1_000), district.shop()
    sold = district.clerk().sells(hanako, voucher, received=20_000)
    seen = clerk.sees(f"/desk/vouchers/sales/{sold.transaction_id}").text
    assert "13,000" in seen and "お釣り" in seen and "この販売を取り消す" in seen
    home = text(phone(hanako).opens("/wallet/"))
    assert "湯けむり券" in home and "大型店では使えません" in home
    ask = bakery.asks(1_300)
    plan = phone(hanako).opens(f"/wallet/pay/request/{ask.id}")
    assert "湯けむり券 残り 11,700円になります 1,300円" in text(plan) and "「湯けむり券」を使わない" in text(plan)
    without = text(phone(hanako).opens(f"/wallet/pay/request/{ask.id}?without={voucher}"))
    assert "「湯けむり券」を使う（残り 13,000円）" in without and "残高が 300円足りません" in without
    for language, words in (("en", "Do not use"), ("zh-Hant", "不使用"), ("ko", "사용 안 함")):
        assert words in text(phone(hanako).opens(f"/wallet/pay/request/{ask.id}?lang={language}")), language
    paid = text(phone(hanako).sends(f"/wallet/pay/request/{ask.id}", {}))
    assert "支払いました" in paid and hanako.coins(voucher) == 11_700
    assert "商品券の購入" in text(phone(hanako).opens("/wallet/history"))

    report = clerk.sees(f"/desk/vouchers/{voucher}/report?day={tokyo_day(district.now)}").text
    assert "中間の数字です。" in report
    table = clerk.sees(f"/desk/vouchers/{voucher}/report.csv").data.decode("utf-8-sig")
    rows = {row[0]: row[2] for row in csv.reader(io.StringIO(table))}
    assert [rows[name] for name in ("販売額（額面）", "使用額の合計", "中小店", "灯ノ沢町 60%")] == ["13000", "1300", "1300", "180"]
    assert rows["検算（販売額 − 使用額 − 未使用額 − 失効額）"] == "0"
    banks(district)
    paper = clerk.sees(f"/desk/vouchers/{voucher}/report.pdf").data
    said = words_of(paper)
    for word in ("灯ノ沢町御中", f"請求番号{voucher}-", "ホンテン", "メグリシヨウテンガイ", "1234567"):
        assert word in said, word
    pays = f"/desk/vouchers/{voucher}/funders/2"
    owed = clerk.sees(pays).text
    assert "180円の入金を記帳する" in owed and owed.count('data-mirror="amount">180<') == 2  # both sides, before anything is pressed
    assert clerk.presses(pays, pays, amount="180", into="bank").status_code == 303
    assert district.holds("bank") == 180


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        (0, {"face": "10,000"}, "販売額より大きくしてください。"),
        (0, {"units": "0"}, "1口から1,000,000口までにしてください。"),
        (0, {"budget": "299,999"}, "すべて売れるとプレミアムは 300,000円で、予算を超えます。"),
        (0, {"per_person": "24"}, "1人が持てるのは"),
        (1, {"sale_last_day": "2020-01-01"}, "始める日か、それより後の日にしてください。"),
        (1, {"last_day": "2020-01-01"}, "販売のおわり以降の日にしてください。"),
        (2, {"sold_to": "application"}, "日付を入れてください。"),
        (2, DRAWN | {"apply_last_day": "2026-01-01"}, "始める日か、それより後の日にしてください。"),
        (2, DRAWN | {"draw_day": "2026-02-01"}, "申し込みのおわりの翌日からにしてください。"),
        (2, DRAWN | {"apply_last_day": "2999-01-01"}, "より前にしてください。"),
        (2, DRAWN | {"sold_to": "eligible"}, "引換券か名簿のどちらかを選んでください。"),
        (3, {"association_percent": "41"}, "いまは 101%です。"),
        (3, {"shops": "trades"}, "使える業種を選んでください。"),
        (3, {"association_percent": "100", "funder_1": "", "funder_1_percent": "", "unspent_to": "funder"}, "組合の収入にしてください。"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_field(
    desk: Seat, district: Town, step: int, changes: dict[str, str], sentence: str
) -> None:
    """Each step says what is wrong, keeps what was typed, and goes no further."""
    seat, page = desk(district.clerk()), "/desk/vouchers/new"
    for place, fields in enumerate((FACE, days(district), OPEN, PARTS)):
        answer = seat.presses(page, page, **(fields | (changes if place == step else {})))
        if place == step:
            assert (answer.status_code, sentence in answer.text) == (422, True)
            return
        page = answer.headers["Location"]


def test_each_of_two_funders_is_asked_for_its_own_share(desk: Seat, district: Town) -> None:
    """One claim a funder, with its own number; together with the part of the association they are the whole, to the yen."""
    shares = (Share("association", 10), Share("funder", 45, "灯ノ沢町"), Share("funder", 45, "灯ノ沢温泉財団"))
    voucher, hanako, bakery = district.voucher(shares=shares), district.consumer(), district.shop()
    district.clerk().sells(hanako, voucher)
    hanako.pays(bakery.asks(1_305))  # 301 yen of premium: 135.45 for each of the two, 30.1 for the association
    seat = desk(district.clerk())
    page = f"/desk/vouchers/{voucher}"
    assert f'href="{page}/claims/2.pdf"' in seat.sees(f"{page}/report").text
    town, fund = (words_of(seat.sees(f"{page}/claims/{place}.pdf").data) for place in (2, 3))
    for said, to, other, owed, rest in (
        (town, "灯ノ沢町", "灯ノ沢温泉財団", 136, 165),
        (fund, "灯ノ沢温泉財団", "灯ノ沢町", 135, 166),
    ):
        assert f"{to}御中" in said and other not in said
        assert f"ご請求額{owed}円" in said and f"差引の請求額{owed}" in said and f"ほかの負担者の分55%（請求しません）{rest}" in said
    assert f"請求番号{voucher}-2-" in town and f"請求番号{voucher}-3-" in fund
    whole = words_of(seat.sees(f"{page}/report.pdf").data)
    assert "御中" not in whole and "請求番号" not in whole
    assert seat.sees(f"{page}/claims/1.pdf").status_code == 404  # the association bills nobody for its own


def test_the_counter_sells_to_whoever_showed_a_code(desk: Seat, district: Town) -> None:
    """The customer's page leads to the sale; limit and stock stand on it; a second press of the same form sells once."""
    hanako, voucher = district.consumer(), district.voucher()
    seat = desk(district.clerk())
    code = hanako.shows_code()
    counter = seat.presses("/desk/top-up", "/desk/top-up", code=code.text).headers["Location"]
    assert "この人に商品券を売る" in seat.sees(counter).text
    page = "/desk/vouchers/sale?" + counter.split("?", 1)[1]
    shown = seat.sees(page).text
    assert "あと 3口まで（1人 3口、残り 100口）" in re.sub(r"\s+", " ", shown)
    to = re.search(r'name="to" value="([^"]+)"', shown)[1]
    answer = seat.presses(page, "/desk/vouchers/sale", to=to, voucher_id=voucher, units="2", received="30,000")
    assert "10,000" in seat.sees(answer.headers["Location"]).text
    assert hanako.coins(voucher) == 26_000
    seat.presses(page, "/desk/vouchers/sale", to=to, voucher_id=voucher, units="1")
    full = seat.sees(page).text
    assert "1人の上限の 3口を、もう買っています。" in full and 'name="received"' not in full
    assert seat.presses(page, "/desk/vouchers/sale", to=to, voucher_id=voucher, units="1").status_code in (409, 422)
    undo = answer.headers["Location"]
    assert seat.presses(undo, undo + "/undo", reason="口数の間違い").status_code == 303
    assert "お客様に返す現金" in seat.sees(undo).text and hanako.coins(voucher) == 13_000


def test_a_large_shop_is_said_to_be_one(desk: Seat, district: Town) -> None:
    """The registration asks; later it is changed on the shop's page, and whoever only reads is not asked."""
    shop = district.shop()
    page = f"/desk/shops/{shop.id}"
    assert "中小店" in desk(district.clerk()).sees(page).text
    assert desk(district.clerk()).presses(page, page + "/size", size="large").status_code == 303
    assert shop.place().size == "large"
    assert "店の規模を変える" not in desk(district.another_clerk("auditor")).sees(page).text
