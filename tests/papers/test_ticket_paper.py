"""紙の商品券 on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from association.rules.tickets import TicketName, grouped_text, spelled, ticket_text
from tests.papers.paper import MADE_AT, words
from web import papers, pdf
from web.papers import PrintedTicket
from web.pdf import PrintedCodeWrong


def booklet(number: int, many: int = 13, local: int = 8) -> list[PrintedTicket]:
    pieces = []
    for ticket in range(many + 1):
        name = TicketName(12, number, ticket)
        says = ticket_text(name, spelled(bytes([number, ticket] * 16)))
        serial = name.serial if ticket else "12-0001"
        pieces.append(PrintedTicket(serial, says, grouped_text(says), ticket == 0, 1 <= ticket <= local))
    return pieces


def paper() -> dict[str, Any]:
    return papers.ticket_booklets(
        booklets=[booklet(1)],
        lot=12,
        face=1_000,
        worth=13_000,
        last_day=date(2027, 2, 25),
        where="すべての加盟店",
        has_parts=True,
        money="湯けむりプレミアム商品券",
        money_en="Steam voucher",
        district="灯ノ沢温泉",
        association="灯ノ沢温泉商店街協同組合",
        contact="案内所 0761-00-0000",
        made_at=MADE_AT,
    )


def test_a_booklet_is_its_cover_its_tickets_and_the_rules() -> None:
    """Every QR is read before the paper is handed out; each ticket says what it is, what it is worth, how long, and its number."""
    first, second = (page.replace(" ", "") for page in words(pdf.render_checked("ticket_booklets", paper())))
    for sentence in ("12-0001-01", "1,000円", "13,000円", "専用券（中小店だけ）", "共通券", "2027年2月25日(木)まで", "1,000円×13枚"):
        assert sentence in first, sentence
    for sentence in ("12-0001-13", "お釣りは出ません。", "灯ノ沢温泉商店街協同組合"):
        assert sentence in second, sentence


def test_a_booklet_with_one_wrong_code_is_not_handed_out() -> None:
    """Two tickets with the same code would be one ticket and a worthless one."""
    data = paper()
    data["booklets"][0][-1]["qr"] = data["booklets"][0][1]["qr"]
    with pytest.raises(PrintedCodeWrong):
        pdf.render_checked("ticket_booklets", data)
