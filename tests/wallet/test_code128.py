"""The bars under the code say the same digits, to a reader that is not ours."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from wallet.code128 import WIDTHS, bars, values

MODULE_PX, HEIGHT_PX = 3, 60


@pytest.mark.parametrize("digits", ["000000000000", "417359260318", "999999999999", "902114775836"])
def test_a_scanner_reads_the_digits(digits):
    """Drawn as a picture and read by a barcode reader, the bars give the digits back."""
    drawn = bars(digits)
    picture = Image.new("L", (drawn.width * MODULE_PX, HEIGHT_PX), 255)
    pen = ImageDraw.Draw(picture)
    for at, width in drawn.dark:
        pen.rectangle((at * MODULE_PX, 0, (at + width) * MODULE_PX - 1, HEIGHT_PX), fill=0)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code128)
    assert [code.text for code in found] == [digits]


def test_the_table_is_whole():
    """107 values, each eleven modules wide but the stop, which has thirteen; no two alike."""
    assert len(WIDTHS) == len(set(WIDTHS)) == 107
    assert {sum(map(int, widths)) for widths in WIDTHS[:-1]} == {11}
    assert sum(map(int, WIDTHS[-1])) == 13
    assert values("0102")[:3] == [105, 1, 2]
