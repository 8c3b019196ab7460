"""利用明細 on paper: one movement, a month."""

from __future__ import annotations

from datetime import date, timedelta

from tests.papers.paper import HARD_NAME, MADE_AT, issuer, words
from web import papers, pdf
from web.papers import StatementRow

NOVEMBER = date(2026, 11, 1)


def payment(n: int, *, kind: str = "支払い", amount: int | None = None, balance: int | None = None, refunded: int = 0) -> StatementRow:
    return StatementRow(
        posted_at=MADE_AT + timedelta(hours=n),
        kind=kind,
        what="酒の山田" if kind == "支払い" else "",
        amount=-(100 + n) if amount is None else amount,
        number=f"{n:04d}-0000",
        series="あかりコイン",
        balance_after=balance,
        refunded=refunded,
    )


def test_a_month_of_any_length_has_its_head_and_number_on_each_page() -> None:
    """A busy month runs over many pages; none of them is a heap of figures without a head."""
    rows = [payment(n) for n in range(120)]
    pages = words(
        pdf.render("statement", papers.statement(**issuer(), holder="はなこ", first=NOVEMBER, rows=rows, spent=1_800, received=10_000))
    )
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in page
        assert "灯ノ沢温泉商店街振興組合" in page
        assert "金額（円）" in page or number == len(pages)
    everything = "".join(pages)
    assert all(row.number in everything for row in rows)


def test_the_totals_are_of_the_whole_month() -> None:
    """What came in, what went out, and each kind with its count."""
    rows = [
        payment(1, kind="チャージ", amount=10_000, balance=10_000),
        payment(2, amount=-1_280, balance=8_720, refunded=200),
        payment(3, amount=-720),
        payment(4, kind="返金", amount=200, balance=8_200),
    ]
    (page,) = words(
        pdf.render("statement", papers.statement(**issuer(), holder="はなこ", first=NOVEMBER, rows=rows, spent=1_800, received=10_000))
    )
    for words_of_it in (
        "2026年11月",
        "はなこ様",
        "使った金額（返金を差し引き）1,800円",
        "入った金額10,000円",
        "チャージの合計1件+10,000円",
        "支払いの合計2件−2,000円",
        "返金の合計1件+200円",
    ):
        assert words_of_it in page
    assert "返金済み200円" in page
    assert "11/2414:41" in page


def test_a_month_without_movements_says_so() -> None:
    """An empty paper is not a broken one."""
    (page,) = words(pdf.render("statement", papers.statement(**issuer(), holder="", first=NOVEMBER, rows=[], spent=0, received=0)))
    assert "この月の利用はありません。" in page
    assert "様" not in page


def test_a_slip_has_all_that_people_ask_for() -> None:
    """When, where, how much, from what, and the two words by which a payment is found again."""
    slip = papers.payment_slip(
        **issuer(),
        kind="支払い",
        amount=1_280,
        posted_at=MADE_AT,
        number="0012-4418",
        word="若竹",
        lines=[("商品券", 1_000), ("あかりコイン", 280)],
        shop=HARD_NAME,
        shop_address="灯ノ沢温泉 湯元通り 3-2",
        given_back=[(MADE_AT + timedelta(hours=2), "0012-4501", 200)],
    )
    (page,) = words(pdf.render("payment_slip", slip))
    for words_of_it in (
        "1,280円",
        HARD_NAME,
        "2026年11月24日(火)12:41:10",
        "0012-4418",
        "若竹",
        "商品券1,000円",
        "あかりコイン280円",
        "0012-4501",
        "200円",
    ):
        assert words_of_it in page


def test_a_top_up_has_a_slip_without_a_shop() -> None:
    """Cash over the counter: nobody's name but the association's."""
    slip = papers.payment_slip(
        **issuer(), kind="チャージ", amount=5_000, posted_at=MADE_AT, number="0012-4419", word="山吹", lines=[("あかりコイン", 5_000)]
    )
    (page,) = words(pdf.render("payment_slip", slip))
    assert "チャージ" in page
    assert "返金" not in page


def test_no_paper_of_ours_can_be_taken_for_a_tax_invoice() -> None:
    """Each says that it is none, and carries no rate and no tax."""
    slip = papers.payment_slip(**issuer(), kind="支払い", amount=1, posted_at=MADE_AT, number="1", word="朝霧", lines=[("あかりコイン", 1)])
    month = papers.statement(**issuer(), holder="", first=NOVEMBER, rows=[payment(1)], spent=0, received=0)
    for page in words(pdf.render("payment_slip", slip)) + words(pdf.render("statement", month)):
        assert "適格請求書ではありません。" in page
        assert "%" not in page
        assert "登録番号" not in page
        assert page.count("税") == page.count("消費税の控除には")


def test_the_same_statement_is_the_same_file() -> None:
    """Whoever downloads it twice has one paper, not two."""
    data = papers.statement(**issuer(), holder="はなこ", first=NOVEMBER, rows=[payment(n) for n in range(40)], spent=0, received=0)
    assert pdf.render("statement", data) == pdf.render("statement", data)
