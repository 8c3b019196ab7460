"""チャージ券 and 入金票 on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.queries import SignedCheckpoint
from tests.papers.paper import MADE_AT, photograph, scan, words
from web import papers, pdf
from web.pdf import PrintedCodeWrong
from web.qr import modules, quick_modules

CODES = [(place, f"7XW{place % 8 + 2}-9NQR-EWKB-VV2N") for place in range(1, 9)]
ADDRESS = "https://akari.example.jp/wallet/redeem"


def codes(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "address": ADDRESS,
        "codes": CODES,
        "batch": 3,
        "face_value": 1_000,
        "last_day": date(2027, 2, 24),
        "money": "あかりコイン",
        "money_en": "Akari coin",
        "district": "灯ノ沢温泉",
        "association": "灯ノ沢温泉商店街振興組合",
        "contact": "案内所 0120-000-000",
        "made_at": MADE_AT,
    }
    return papers.top_up_codes(**(usual | changes))


def test_a_phone_reads_every_code_of_the_sheet() -> None:
    """Each leads to the page that redeems it, with its signs below for who has no camera."""
    paper = pdf.render_checked("top_up_codes", codes())
    assert sorted(code.text for code in scan(photograph(paper))) == sorted(f"{ADDRESS}/{code.replace('-', '')}" for _, code in CODES)
    (page,) = words(paper)
    facts = ("3-0001", "1,000円", "2027年2月24日(水)まで", "あかりコインチャージ券", "1回だけ使えます")
    for sentence in (*(code for _, code in CODES), *facts):
        assert sentence in page.replace(" ", ""), sentence


def test_eleven_codes_are_two_pages() -> None:
    many = [(place, f"{place:04d}-9NQR-EWKB-VV2N") for place in range(1, 12)]
    assert len(words(pdf.render_checked("top_up_codes", codes(codes=many)))) == 2


def test_a_sheet_with_one_wrong_code_is_not_handed_out() -> None:
    """Wherever it is: the last one is read as the first one is."""
    data = codes()
    data["pieces"][-1]["qr"] = data["pieces"][0]["qr"]
    with pytest.raises(PrintedCodeWrong):
        pdf.render_checked("top_up_codes", data)


@pytest.mark.parametrize(("says", "level"), [(ADDRESS, "M"), ("M2HB5D7QKZ4XW2NAPLR6TCYE3VSUGJOF", "Q")])
def test_the_quick_way_draws_codes_as_large_as_the_other(says: str, level: str) -> None:
    """What stands on a top-up code and on a card: same version, so the same size of a module on paper."""
    assert len(quick_modules(says, level)) == len(modules(says, level))


def test_the_deposit_slip_is_one_page() -> None:
    """Every kind of money stands on it, with the sum, who counted, and two places for a stamp."""
    found = {10_000: 3, 1_000: 2, 500: 1}
    pieces = [(value, found.get(value, 0)) for value in (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)]
    paper = papers.deposit_slip(
        district="灯ノ沢温泉",
        association="灯ノ沢温泉商店街振興組合",
        contact="案内所 0120-000-000",
        amount=32_500,
        pieces=pieces,
        counted_at=MADE_AT,
        counted_by="宮下",
        number=4,
        note="北陸銀行",
        made_at=MADE_AT,
        anchor=SignedCheckpoint(12_345, bytes(range(32)), "", MADE_AT),
    )
    (page,) = words(pdf.render("deposit_slip", paper))
    for sentence in ("32,500円", "10,000円札", "30,000", "1円玉", "宮下", "北陸銀行", "銀行の受領印", "台帳の印12,345件AAECAwQFBgcICQoL"):
        assert sentence in page, sentence
