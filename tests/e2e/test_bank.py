"""銀行照合 in a real browser: the bank's file in, its columns chosen, what belongs together confirmed, and the difference explained."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from association.commands import BankDeposit, deposit
from base.clock import tokyo_day
from tests.e2e.conftest import DESK, Opens
from tests.e2e.test_coupon import is_for_everybody
from tests.e2e.test_main_job import press
from tests.town import Town

pytestmark = pytest.mark.browser


def test_the_bank_beside_the_book(opens: Opens, district: Town) -> None:
    """Two deposits, one of them at the bank; a fee that the book has not: open, with its age, and the difference has a reason."""
    district.clerk().tops_up(district.consumer(), 13_000)
    district.approver().counts(district.clerk(), 13_000)
    for notes in (5, 8):
        deposit(district.session, district.approver().who, BankDeposit({1_000: notes}, uuid4()), now=district.now)
    day = tokyo_day(district.now)
    on = f"{day:%Y/%m/%d}"
    file = f'取引日,お引出し,お預入れ,お取り扱い内容,残高\r\n{on},,"5,000",ｹﾞﾝｷﾝ,"105,000"\r\n{on},440,,ﾃｽｳﾘﾖｳ,"104,560"\r\n'
    desk = opens(DESK, district.clerk().person_id)
    desk.goto("/desk/bank")
    desk.get_by_label("銀行口座の名前").fill("北陸銀行 普通 1234567")
    desk.get_by_label("明細の CSV ファイル").set_input_files({"name": "meisai.csv", "mimeType": "text/csv", "buffer": file.encode("cp932")})
    press(desk, "取り込む")
    expect(desk.get_by_label("入金（お預入れ）")).to_have_value("3")
    is_for_everybody(desk)
    press(desk, "この列で取り込む")
    expect(desk.get_by_role("group", name="同じと思われるもの 1組")).to_contain_text("ほかに候補なし")
    is_for_everybody(desk)
    press(desk, "選んだ組み合わせを確定する")
    explained = desk.get_by_role("group", name="の終わりの預金")
    expect(explained).to_contain_text("100,000")
    expect(desk.get_by_text("差は説明できます")).to_be_visible()
    expect(desk.get_by_role("table", name="銀行の明細（帳簿にない）")).to_contain_text("−440")
    expect(desk.get_by_role("table", name="帳簿の記帳（銀行にない）")).to_contain_text("8,000")
    desk.goto("/desk/bank/matches")
    is_for_everybody(desk)
    district.seals()
    auditor = opens(DESK, district.another_clerk("auditor").person_id)
    auditor.goto("/desk/audit")
    expect(auditor.get_by_role("listitem").filter(has_text="帳簿の預金は、銀行の残高と合い")).to_contain_text("104,560円")
    auditor.get_by_role("link", name="いま数え直す").click()
    expect(auditor.get_by_text("数え直して合っています")).to_be_visible()
    is_for_everybody(auditor)
