"""お店の掲示物: a poster, a stand and stickers, as they come out of the printer."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from tests.papers.paper import HARD_NAME, MADE_AT, URL, scan, words
from web import papers, pdf
from web.papers.visitors import VISITORS
from web.qr import modules

MM_PER_INCH, PPI = 25.4, 150


def pack(shop_name: str = "湯の花まんじゅう みなと屋") -> dict[str, Any]:
    return papers.shop_pack(
        url=URL,
        check_word="D4NISO",
        serial=3,
        made_at=MADE_AT,
        shop_name=shop_name,
        shop_name_en="Yunohana Manju Minatoya",
        public_number="123455",
        district="灯ノ沢温泉",
        association="灯ノ沢温泉商店街振興組合",
        money="あかりコイン",
        money_en="Akari coin",
        rules="meguri.example/series",
    )


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf.render_checked("shop_pack", pack())


def test_every_code_of_the_pack_leads_to_the_shop(printed: bytes) -> None:
    """One on the poster, one on each face of the stand, one on each of twelve stickers; each at least 40 mm and 0.6 mm a module."""
    pages = [page.render(scale=PPI / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(printed)]
    read = [scan(page) for page in pages]
    assert [[code.text for code in codes] for codes in read] == [[URL], [URL] * 2, [URL] * 12]
    for codes in read:
        for code in codes:
            side = abs(code.position.top_right.x - code.position.top_left.x) * MM_PER_INCH / PPI
            assert side >= 40 and side / len(modules(URL, "Q")) >= 0.6, side


def test_visitors_find_their_language_on_poster_and_stand(printed: bytes) -> None:
    """Japanese, Chinese and Korean beside the English of the catalogue; every letter is there, none has become 〓."""
    pages = words(printed)
    assert len(pages) == 3 and not any(pdf.MISSING in page for page in pages)
    for said in VISITORS.values():
        for line in (said[key] for key in ("scan", "type", "pay", "check")):
            assert "".join(line.split()) in pages[0], line
            assert set("".join(line.split())) <= set(pages[1]), line  # that face is upside down, and so is the order of its letters
    assert all("あかりコインで支払えます" in page for page in pages[:2])


def test_the_korean_letters_of_the_papers_are_in_the_font() -> None:
    """A changed line needs the font to be made again; what is not in it would be printed as 〓."""
    for said in VISITORS.values():
        for line in said.values():
            assert pdf.MISSING not in pdf.printable(line % {"money": "x"} if "%(" in line else line), line


def test_a_long_and_hard_name_fits_every_paper() -> None:
    """Nothing runs over the page, and rare letters come out right."""
    document = pypdfium2.PdfDocument(pdf.render_checked("shop_pack", pack(HARD_NAME + "灯ノ沢温泉まんじゅう本舗 みなと屋本店")))
    assert len(document) == 3
