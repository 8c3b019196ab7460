"""The desk's coupon pages without scripts: five steps, a kept draft, refusals beside the field, and who may what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import association.commands
import association.queries
import ledger.queries
from association.schemas import CouponSchema
from base.clock import tokyo_day
from tests.association.test_pages import Desk, Seat, desk
from tests.town import Town

__all__ = ["desk"]


WEEKDAYS = {"days": ["0", "1", "2", "3", "4"], "from_minute": "11:00", "until_minute": "24:00"}


def fills_in(seat: Desk, district: Town, *, off: Mapping[str, str] = {}, conditions: Mapping[str, Any] = WEEKDAYS) -> str:
    """The first four steps; gives the address of the last."""
    today = tokyo_day(district.now)
    steps = (
        {"name": "朝風呂の日", "name_en": "Morning bath day", "amount_off": "150", "min_spend": "1,000", **off},
        conditions,
        {"pieces": "500", "per_person": "2", "first_day": today.isoformat(), "last_day": (today + timedelta(days=9)).isoformat()},
        {"association_percent": "60", "funder_1": "灯ノ沢町", "funder_1_percent": "40", "lands_in": district.series_id},
    )
    page = "/desk/coupons/new"
    for step in steps:
        answer = seat.presses(page, page, **step)
        assert answer.status_code == 303, answer.text
        page = answer.headers["Location"]
    return page


def test_five_steps_and_a_press(desk: Seat, district: Town) -> None:
    """The last page shows everything; two presses propose once and both lead to the coupon, as does going back."""
    seat = desk(district.clerk())
    last = fills_in(seat, district)
    shown = seat.sees(last).text
    for words in ("朝風呂の日", "500枚", "75,000", "45,000", "30,000"):
        assert words in shown
    token, key = (re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("csrf_token", "key"))
    form = {"csrf_token": token, "key": key, "note": "湯の日に合わせて"}
    places = {
        seat.client.post(last, data=form, base_url=seat.base, headers={"Referer": seat.base + last}).headers["Location"] for _ in range(2)
    }
    [place] = places | {seat.client.get(last, base_url=seat.base).headers["Location"]}
    assert "承認を待っています" in seat.sees(place).text
    assert "下書き</h2>" not in seat.sees("/desk/coupons").text
    approval = desk(district.approver()).sees(f"/desk/approvals/{district.proposal_of(int(place.rsplit('/', 1)[1]))}").text
    for words in ("湯の日に合わせて", "75,000円", "500枚"):
        assert words in approval


@pytest.mark.parametrize(("off", "bill"), [({}, 1_000), ({"percent": "30", "min_spend": "200"}, 500)])
def test_the_entries_that_the_last_page_names_are_those_that_are_booked(desk: Seat, district: Town, off: dict[str, str], bill: int) -> None:
    """Taken, used at the smallest bill that takes all that a piece can, and given back: the same sums on the same sides."""
    seat, hanako, shop = desk(district.clerk()), district.consumer(coins=5_000), district.shop()
    last = fills_in(seat, district, off=off, conditions={})
    shown = seat.sees(last).text
    coupon = int(seat.presses(last, last, key=uuid4(), note="").headers["Location"].rsplit("/", 1)[1])
    district.approver().approves(district.proposal_of(coupon))
    taken = hanako.claims(coupon).transaction_id
    paid = hanako.pays(shop, bill, coupon=coupon).transaction_id
    back = shop.refunds(paid, bill - 150).transaction_id
    for words, number in (("1枚もらわれたとき", taken), ("1枚使われたとき", paid), ("その全額を返金したとき", back)):
        lines = ledger.queries.transaction(district.session, district.district_id, number).lines
        assert sides(shown, words) == sorted(each.amount for each in lines)


def sides(page: str, caption: str) -> list[int]:
    """The sums of the table of entries that is called so: debit positive, yen and pieces alike."""
    [table] = re.findall(rf"<caption>[^<]*{caption}</caption>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r'<td class="num">([^<]*)</td><td class="num">([^<]*)</td>', re.sub(r"\s*\n\s*", "", table))
    return sorted(int(re.sub(r"\D", "", debit or credit)) * (1 if debit else -1) for debit, credit in rows)


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        (1, {"min_spend": "150"}, "割引額より大きくしてください。"),
        (2, {"where": "these"}, "使えるお店を選んでください。"),
        (2, {"where": "trades"}, "使える業種を選んでください。"),
        (3, {"valid_days": "7", "per_person": "2"}, "1人1枚にしてください。"),
        (3, {"valid_days": "366"}, "1日から365日までにしてください。"),
        (1, {"amount_off": "15.5"}, "金額は数字だけで"),
        (3, {"last_day": "2020-01-01"}, "始める日か、それより後の日にしてください。"),
        (3, {"per_person": "501"}, "1枚から100枚までにしてください。"),
        (3, {"pieces": "1", "per_person": "2"}, "全部の枚数までにしてください。"),
        (1, {"percent": "100"}, "1%から99%までにしてください。"),
        (2, {"from_minute": "18:00", "until_minute": "17:00"}, "始まりの時刻より後にしてください。"),
        (2, {"visit": "pair", "within_days": "3"}, "先に支払うお店を選んでください。"),
        (2, {"way": "receipt"}, "支払いのあとに渡すクーポンは"),
        (4, {"association_percent": "59"}, "いまは 99%です。"),
        (4, {"funder_1": ""}, "両方を入れてください。"),
        (4, {"funder_2": "灯ノ沢町", "funder_2_percent": "1"}, "同じ負担者が2度あります。"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence(
    desk: Seat, district: Town, step: int, changes: dict[str, str], sentence: str
) -> None:
    """The form is shown again with what was typed, and the draft keeps what it had."""
    seat = desk(district.clerk())
    page = re.sub(r"\d+$", str(step), fills_in(seat, district))
    html = seat.sees(page).text
    typed = dict(re.findall(r'<input[^>]*value="([^"]*)"[^>]*name="([^"]+)"', html))
    typed = {name: value for value, name in typed.items()} | dict(re.findall(r'name="(lands_in)" value="([^"]*)"', html))
    answer = seat.presses(
        page, page, **({name: value for name, value in typed.items() if name not in ("csrf_token", "shops", "where")} | changes)
    )
    assert (answer.status_code, sentence in answer.text) == (422, True), answer.text[:3000]


def test_shops_are_chosen_by_pasting_their_numbers(desk: Seat, district: Town) -> None:
    """A column of a spreadsheet, with its head, in full width, without its zeros; a number of nobody is named, and nothing is kept."""
    seat, bath, inn = desk(district.clerk()), district.shop("外湯"), district.shop("宿")
    first = {"name": "朝風呂", "name_en": "Bath", "amount_off": "150", "min_spend": "400"}
    page = seat.presses("/desk/coupons/new", "/desk/coupons/new", **first).headers["Location"]
    wrong = seat.presses(page, page, pasted="番号\n999999")
    assert wrong.status_code == 422 and "999999" in wrong.text
    wide = bath.place().public_number.lstrip("0").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert seat.presses(page, page, pasted=f"番号\n{wide}", shops=str(inn.id)).status_code == 303
    assert len(re.findall(r'name="shops" value="\d+" checked', seat.sees(page).text)) == 2


def test_shops_of_a_point_campaign_are_pasted_likewise(desk: Seat, district: Town) -> None:
    """A column of numbers, added to what was ticked; the next page sends all of them on. A number of nobody is told beside the field."""
    district.points()
    seat, bath, inn, _other = desk(district.clerk()), district.shop("外湯"), district.shop("宿"), district.shop("店")
    form = {"name": "3倍", "name_en": "Triple", "times": "3", "budget": "1000", "days": "0", "association_percent": "100"}
    form |= {"first_day": district.today.isoformat(), "last_day": district.today.isoformat(), "shops": str(inn.id)}
    new, confirm = "/desk/points/campaigns/new", "/desk/points/campaigns/confirm"
    wrong = seat.presses(new, confirm, **form, pasted="番号\n999999")
    assert wrong.status_code == 422 and "999999" in wrong.text
    shown = seat.presses(new, confirm, **form, pasted=f"番号\n{bath.place().public_number.lstrip('0')}").text
    assert set(re.findall(r'name="shops" value="(\d+)"', shown)) == {str(bath.id), str(inn.id)}


def test_a_draft_of_before_keeps_its_shops(desk: Seat, district: Town) -> None:
    """Kept when shops could only be ticked one by one: its step shows the same choice, and so does what is proposed."""
    seat, bath = desk(district.clerk()), district.shop("外湯")
    last = fills_in(seat, district)
    number = int(last.split("/")[-2])
    kept = {"only_some": True, "shops": [bath.id]}
    association.commands.save_draft(district.session, district.clerk().who, kept, draft_id=number, now=district.now)
    draft = association.queries.coupon_draft(district.session, district.clerk().who, number)
    new = CouponSchema().load({name: value for name, value in draft.fields.items() if name != "where"})
    assert (new.shops, new.shop_class) == ((bath.id,), "all")


def test_a_step_too_far_leads_back(desk: Seat, district: Town) -> None:
    """Whoever opens the last step of a draft that has only its first is led to the third, for conditions may all be left as they are."""
    seat = desk(district.clerk())
    fields = {"name": "a", "name_en": "a", "amount_off": "10", "min_spend": "100"}
    second = seat.presses("/desk/coupons/new", "/desk/coupons/new", **fields).headers["Location"]
    assert seat.sees(re.sub(r"\d+$", "5", second)).headers["Location"].endswith("/3")
    assert seat.presses("/desk/coupons", second.rsplit("/", 1)[0] + "/drop").status_code == 303
    assert seat.sees(second).status_code == 404


def test_costs_as_csv(desk: Seat, district: Town) -> None:
    """A row a coupon and payer, from the book."""
    hanako, bakery, coupon = district.consumer(coins=3_000), district.shop(), district.coupon(name="=SUM(1)")
    hanako.claims(coupon)
    hanako.pays(bakery, 1_000, coupon=coupon)
    rows = list(csv.reader(io.StringIO(desk(district.another_clerk("auditor")).sees("/desk/coupons/costs.csv").data.decode("utf-8-sig"))))
    assert rows[1] == ["'=SUM(1)", "配布中", "組合", "100", "200", "1", "200", "0", "0"]


def test_who_may_what(desk: Seat, district: Town) -> None:
    """An auditor reads; only who may make one sees the form; only an approver ends one."""
    coupon = district.coupon()
    auditor, issuer = desk(district.another_clerk("auditor")), desk(district.clerk())
    assert auditor.sees(f"/desk/coupons/{coupon}").status_code == 200
    assert auditor.sees("/desk/coupons/new").status_code == 403
    assert "途中で終わらせる" not in issuer.sees(f"/desk/coupons/{coupon}").text
    assert issuer.presses("/desk/coupons/new", f"/desk/coupons/{coupon}/end", reason="x").status_code == 403
    boss = desk(district.approver())
    assert boss.presses(f"/desk/coupons/{coupon}", f"/desk/coupons/{coupon}/end", reason="予算").status_code == 303
    assert "途中で終了" in boss.sees(f"/desk/coupons/{coupon}").text
    assert issuer.sees(f"/desk/coupons/{coupon}/funders/1").status_code == 404
    assert issuer.sees("/desk/coupons/999999999").status_code == 404


def test_every_page_opens_in_english(desk: Seat, district: Town) -> None:
    """List, steps, coupon, approval, books: no Japanese sentence is left over in their frames."""
    hanako, bakery, coupon = district.consumer(coins=3_000), district.shop(), district.coupon()
    hanako.claims(coupon)
    hanako.pays(bakery, 1_000, coupon=coupon)
    seat = desk(district.another_clerk("administrator"))
    last = fills_in(seat, district)
    for path in ("/desk/coupons", "/desk/coupons/new", last, f"/desk/coupons/{coupon}", "/desk/books", "/desk/"):
        assert '<html lang="en"' in seat.sees(f"{path}?lang=en").text


def test_a_poster_is_printed_and_a_draft_rehearsed(desk: Seat, district: Town) -> None:
    """The sheet's code, read from its picture, opens the claim and nothing else; the rehearsal of an empty town says so."""
    seat, coupon = desk(district.clerk()), district.coupon(300, percent=10, way="poster")
    answer = seat.sees(f"/desk/coupons/{coupon}/poster.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert "使う人が10人に届きませんでした" in seat.sees(re.sub(r"\d+$", "rehearsal", fills_in(seat, district))).text
    for table in ("days", "shops"):
        assert seat.sees(f"/desk/coupons/{coupon}/{table}.csv").status_code == 200
