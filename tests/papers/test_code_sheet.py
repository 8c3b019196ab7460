"""お店のQR, printed."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from PIL import ImageDraw

from tests.papers.paper import HARD_NAME, URL, photograph, scan, sheet, words
from web import pdf
from web.pdf import PrintedCodeWrong
from web.qr import QUIET_MODULES, modules

SIZES: list[Literal["a6", "a4"]] = ["a6", "a4"]
MM_PER_INCH = 25.4
PPI = 200


@pytest.mark.parametrize("size", SIZES)
def test_a_phone_reads_the_printed_sheet(size: Literal["a6", "a4"]) -> None:
    """What comes out of the printer leads to the shop, on the counter and on the wall."""
    paper = photograph(pdf.render_checked("code_sheet", sheet(size)))
    assert [code.text for code in scan(paper)] == [URL]


@pytest.mark.parametrize("size", SIZES)
def test_the_symbol_is_large_enough_for_old_cameras(size: Literal["a6", "a4"]) -> None:
    """At least 40 mm, and 0.6 mm a module on the counter, 1 mm on the wall."""
    corners = scan(photograph(pdf.render("code_sheet", sheet(size)), ppi=PPI))[0].position
    side = (corners.top_right.x - corners.top_left.x) * MM_PER_INCH / PPI
    assert side >= 40
    assert side / len(modules(URL, "Q")) >= {"a6": 0.6, "a4": 1.0}[size]


def test_the_quiet_zone_is_white() -> None:
    """Four modules on each side without any ink: no frame, no words."""
    paper = photograph(pdf.render("code_sheet", sheet()), ppi=PPI)
    corners = scan(paper)[0].position
    left, top, right, bottom = corners.top_left.x, corners.top_left.y, corners.bottom_right.x, corners.bottom_right.y
    quiet = (right - left) * QUIET_MODULES // len(modules(URL, "Q")) - 1
    zone = paper.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    ImageDraw.Draw(zone).rectangle((quiet - 2, quiet - 2, quiet + right - left + 2, quiet + bottom - top + 2), fill=255)
    assert sum(zone.histogram()[:250]) == 0


def test_a_dirty_sheet_still_works() -> None:
    """A soy sauce stain over a ninth of the code: level Q mends it."""
    paper = photograph(pdf.render("code_sheet", sheet()))
    corners = scan(paper)[0].position
    third = (corners.bottom_right.x - corners.top_left.x) // 3
    x, y = corners.top_left.x + third, corners.top_left.y + third
    ImageDraw.Draw(paper).ellipse((x, y, x + third, y + third), fill=60)
    assert [code.text for code in scan(paper)] == [URL]


def test_the_sheet_says_what_to_compare_and_what_to_do() -> None:
    """Shop, district, check word, number, serial and date stand in letters, and the sentence that defeats swapped stickers."""
    (page,) = words(pdf.render("code_sheet", sheet()))
    for sentence in (
        "湯の花まんじゅうみなと屋",
        "灯ノ沢温泉",
        "あかりコインで支払えます",
        "D4NISO",
        "123455",
        "お手元の画面のお店の名前を確かめてください",
        "カメラで読み取る",
        "金額を入れる",
        "「支払う」を押す",
        "003",
        "2026-11-24",
        "meguri.example/series",
    ):
        assert sentence in page


@pytest.mark.parametrize("name", [HARD_NAME, "濵邉齋德祐榮澤瀨", "#panic(1) *b* $x$ \\ <a> @b", "〇" * 48, "ながいなまえ " * 8])
def test_any_name_comes_out_as_it_is_written(name: str) -> None:
    """Letters of names that small fonts lack, signs that look like markup, names that fill two lines."""
    pages = words(pdf.render_checked("code_sheet", sheet(shop_name=name)))
    assert len(pages) == 1
    assert "".join(name.split()) in pages[0]


def test_a_letter_that_no_font_has_is_shown_as_missing() -> None:
    """An emoji in a name does not keep the shop from its sheet."""
    (page,) = words(pdf.render_checked("code_sheet", sheet(shop_name="らーめん🍜一番\u200b\x07")))
    assert "らーめん〓一番" in page


def test_a_sheet_whose_picture_says_something_else_is_not_handed_out() -> None:
    """The server reads its own picture before it offers the download."""
    with pytest.raises(PrintedCodeWrong):
        pdf.render_checked("code_sheet", sheet() | {"code": URL + "x"})
    with pytest.raises(PrintedCodeWrong):
        pdf.render_checked("code_sheet", sheet() | {"qr": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'})


def test_the_same_sheet_is_the_same_file() -> None:
    """Printed again next year, byte for byte; PDF/A with its own fonts, so that it looks the same then."""
    first = pdf.render("code_sheet", sheet())
    assert first == pdf.render("code_sheet", sheet())
    assert b"<pdfaid:part>2</pdfaid:part>" in first
    assert set(re.findall(rb"/FontName ?/[A-Z]{6}\+([A-Za-z]+)", first)) <= {b"NotoSansJP", b"NotoSerifJP"}


def test_english_stands_below_where_there_is_english() -> None:
    """A traveller reads how to pay; without a catalogue nothing is printed twice."""
    data = sheet()
    data["en"] = data["ja"] | {"check": "Check the shop name on your phone"}
    (page,) = words(pdf.render("code_sheet", data))
    assert "Checktheshopnameonyourphone" in page
    assert page.count("カメラで読み取る") == (2 if data["en"]["scan"] != data["ja"]["scan"] else 1)
