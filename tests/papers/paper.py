"""Papers as a reader has them: text, pages and codes taken back out of the PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import pypdfium2
import zxingcpp
from PIL import Image

from web import papers

MADE_AT = datetime(2026, 11, 24, 3, 41, 10, tzinfo=UTC)  # 12:41:10 in Tokyo
URL = "https://akari.example.jp/q/AQEAAAAAAAAAAAAAAAAAAAAAoT7GH5gKMAI"
HARD_NAME = "㈱髙﨑𠮷野家①番館"


def sheet(size: Literal["a6", "a4"] = "a6", *, shop_name: str = "湯の花まんじゅう みなと屋", url: str = URL) -> dict[str, Any]:
    return papers.code_sheet(
        size=size,
        url=url,
        check_word="D4NISO",
        serial=3,
        made_at=MADE_AT,
        shop_name=shop_name,
        shop_name_en="Yunohana Manju Minatoya",
        public_number="123455",
        district="灯ノ沢温泉",
        association="灯ノ沢温泉商店街振興組合",
        money="あかりコイン",
        rules="meguri.example/series",
    )


def issuer() -> dict[str, Any]:
    return {"district": "灯ノ沢温泉", "association": "灯ノ沢温泉商店街振興組合", "contact": "案内所 0120-000-000", "made_at": MADE_AT}


def words(pdf: bytes) -> list[str]:
    """The text of each page without spaces, which a PDF need not keep."""
    document = pypdfium2.PdfDocument(pdf)
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def photograph(pdf: bytes, *, ppi: int = 200) -> Image.Image:
    """The first page in grey."""
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=ppi / 72).to_pil()
    return picture.convert("L")


def scan(image: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)))
