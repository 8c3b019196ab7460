"""今夜・今週・月次: lists that are right by themselves, the bank as one equation, and the pack of the month with the same figures."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pypdfium2
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import association.commands
import association.queries
from association.rules.accounts import DEFAULTS, Sum, trial_lines
from association.rules.treasury import bank_equation
from base.clock import day_bounds, tokyo_day
from tests.association.test_bank_details import MARUYA
from tests.association.test_pages import Desk
from tests.association.test_transfers import banks, has_account
from tests.town import Clerk, Town

ROLES = [account.role for account in DEFAULTS if account.role != "retained"]


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(ROLES), st.integers(1, 10**9), st.booleans()), max_size=40))
def test_the_bank_is_peoples_shops_and_our_own_money_whatever_was_booked(moves: list[tuple[str, str, int, bool]]) -> None:
    """Each term is counted for itself, and they meet, in this year's entries and in those of earlier ones."""
    sums = []
    for debit, credit, amount, was_before in moves:
        opening = amount if was_before else 0
        now = 0 if was_before else amount
        sums += [Sum(debit, opening, opening, now, 0), Sum(credit, -opening, -opening, 0, now)]
    found = bank_equation(trial_lines(list(DEFAULTS), sums))
    assert found.difference == 0 and found.bank == found.outstanding + found.payables + found.own


def seat(app: Flask, town: Town, clerk: Clerk) -> Desk:
    return Desk(app.test_client(), town, clerk)


def open_lines(page: str) -> list[str]:
    """The titles of what is not done, in order; a line that shouts begins with !."""
    part = page.partition('class="rows todo treasury"')[2].partition("</ul>")[0]
    lines = part.split("<li")[1:]
    return [
        ("!" if "treasury__alarm" in line else "") + re.sub(r"<[^>]+>", "", line.partition("<b>")[2].partition("</b>")[0]) for line in lines
    ]


def test_an_evening_ends_when_the_book_says_so(app: Flask, district: Town) -> None:
    """A drawer with cash, a count that is 200 short, a proposal: each line comes and goes with the book. Whoever owns the drawer is not
    asked to count it."""
    clerk, approver = district.clerk(), district.approver()
    assert "今日の仕事は終わりです。" in seat(app, district, approver).sees("/desk/treasury").text
    clerk.tops_up(district.consumer(), 5_000)
    page = seat(app, district, approver).sees("/desk/treasury").text
    assert open_lines(page) == ["柴田の引き出しを数えて閉める"] and "今日の仕事は終わりです。" not in page
    assert "ほかの人が数えます" in seat(app, district, clerk).sees("/desk/treasury").text
    approver.counts(clerk, 4_800, reason="お釣りを間違えた")
    page = seat(app, district, approver).sees("/desk/treasury").text
    assert open_lines(page) == ["柴田の過不足", "金庫の現金"]
    assert "今日の仕事は終わりです。" in page and "引き出しはすべて閉まっています" in page and "お釣りを間違えた" in page
    association.commands.propose_account(district.session, clerk.who, district.shop().id, MARUYA, now=district.now)
    assert "振込先" in open_lines(seat(app, district, approver).sees("/desk/treasury").text)[0]


def test_a_week_from_the_closing_day_to_the_banks_payment(app: Flask, district: Town) -> None:
    """To put forward, to approve, file to write, to fetch, fetched once, fetched twice and loud, to confirm, paid."""
    hanako, bakery, clerk, approver = district.consumer(coins=9_000), district.shop(), district.clerk(), district.approver()
    district.settles_by(pay_after_days=1)
    banks(district, lead_days=0)
    has_account(district, (bakery, MARUYA))
    hanako.pays(bakery, 4_000)
    closes_on = district.month_passes()
    closing = f"{closes_on.month}月{closes_on.day}日"

    def sees(who: Clerk) -> list[str]:
        lines = open_lines(seat(app, district, who).sees("/desk/treasury/week").text)
        return [line for line in lines if closing in line]

    assert [line.partition("締め")[2] for line in sees(clerk)] == ["の換金を申請する"]
    run = clerk.submits(closes_on)
    assert [line.partition("締め")[2] for line in sees(approver)] == ["の換金の承認"]
    approver.approves(run.id)
    assert [line.partition("締め")[2] for line in sees(clerk)] == ["の振込データを作る"]
    association.commands.write_transfer_file(district.session, clerk.who, run.id, run.pay_on, now=district.now)
    assert [line.partition("締め")[2] for line in sees(clerk)] == ["の振込データを受け取る"]
    association.commands.take_transfer_file(district.session, clerk.who, run.id, now=district.now)
    assert [line.partition("締め")[2] for line in sees(clerk)] == [
        "を振込済みにする" if run.pay_on <= tokyo_day(district.now) else "の振込を待っています"
    ]
    association.commands.take_transfer_file(district.session, clerk.who, run.id, now=district.now)
    assert sees(clerk)[0].startswith("!") and "2回" in sees(clerk)[0]
    district.clock.now = day_bounds(run.pay_on)[0] + timedelta(hours=12)  # type: ignore[attr-defined]
    payout = clerk.says_paid(run.id, run.pay_on)
    assert [line.partition("締め")[2] for line in sees(approver)] == ["の振込の確認"]
    approver.approves(payout)
    assert sees(clerk) == [] and "振込は済みました" in seat(app, district, clerk).sees("/desk/treasury/week").text


@pytest.mark.parametrize("role", ["issuer", "approver", "auditor", "administrator"])
def test_everybody_of_the_desk_reads_all_three(app: Flask, district: Town, role: str) -> None:
    """An empty district, and in English without a Japanese sentence."""
    mine = seat(app, district, district.another_clerk(role))
    for page in ("/desk/treasury", "/desk/treasury/week", "/desk/treasury/month", "/desk/treasury/month.pdf"):
        assert mine.sees(page).status_code == 200
    assert "Tonight" in mine.sees("/desk/treasury?lang=en").text


def figures(pdf: bytes) -> str:
    """All that a paper says, without spaces."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


def test_the_pack_of_a_month_says_what_its_pages_say(app: Flask, district: Town) -> None:
    """Top-ups, payments, a count with a difference and a settlement: the page's equation, the statements' lines and the paper's are
    the same; closed, the month's line is done."""
    clerk, approver, bakery = district.clerk(), district.approver(), district.shop("湯の花まんじゅう みなと屋")
    hanako = district.consumer()
    district.settles_by(fee_bp=100)
    clerk.tops_up(hanako, 9_000)
    hanako.pays(bakery, 3_210)
    approver.counts(clerk, 8_900, reason="お釣りを間違えた")
    closes_on = district.month_passes()
    first = closes_on.replace(day=1)
    run = clerk.submits(closes_on)
    approver.approves(run.id)
    mine = seat(app, district, approver)
    page = mine.sees(f"/desk/treasury/month?month={first}").text
    terms = [int(value) for value in re.findall(r'equation__body"><span[^>]*>[^<]*</span><data[^>]*value="(-?\d+)"', page)]
    assert (
        len(terms) == 4 and terms[0] == sum(terms[1:]) and terms[1:3] == [5_790, 3_210 - 35]
    )  # the fee and its tax are ours once it is settled
    assert any("月を締める" in line for line in open_lines(page)) and any("締めの換金" in line for line in open_lines(page))
    proofs = re.findall(r'href="([^"]+)"', page.partition('class="equation"')[2].partition("</ol>")[0])
    assert len(proofs) >= 4 and all(mine.sees(unescape(proof)).status_code == 200 for proof in proofs)
    paper = figures(mine.sees(f"/desk/treasury/month.pdf?month={first}").data)
    for term in terms:
        assert f"{abs(term):,}円" in paper
    for name in ("trial-balance", "balance-sheet", "income-statement"):
        table = mine.sees(f"/desk/accounts/{name}.csv?first={first}&last={closes_on}").data.decode("utf-8-sig")
        for cells in list(csv.reader(io.StringIO(table)))[1:]:
            for place, cell in enumerate(cells):
                written = f"{int(cell):,}" if place and re.fullmatch(r"-?\d+", cell) else cell
                assert "".join(written.replace("-", "−").split()) in paper.replace("-", "−"), (name, cell)
    assert "みなと屋" not in paper and "お釣りを間違えた" in paper and f"{run.total('net'):,}" in paper
    assert "台帳の根" in paper and "監事" in paper
    before = (first - timedelta(days=1)).replace(day=1)
    association.commands.close_month(district.session, approver.who, before)
    assert "この月は締めました" in mine.sees(f"/desk/treasury/month?month={before}").text
    assert "月次締め締めました" in figures(mine.sees(f"/desk/treasury/month.pdf?month={before}").data)
