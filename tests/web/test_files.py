"""CSV that opens with a double click, and codes that cameras read."""

from __future__ import annotations

import pytest

from web.csvfile import rows_to_csv
from web.qr import QUIET_MODULES, modules, qr_svg


def test_csv_opens_in_a_japanese_office() -> None:
    """UTF-8 with its mark, CRLF, numbers without separators."""
    assert rows_to_csv([["店", "円"], ["みなと屋", 1280], [None, -5]]) == "\ufeff店,円\r\nみなと屋,1280\r\n,-5\r\n".encode()


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "\t=1", "＝1+1", "  =1", "\r=1"])
def test_foreign_text_never_becomes_a_formula(text: str) -> None:
    """Whoever names a shop =HYPERLINK(…) finds it as text in the association's spreadsheet."""
    cell = rows_to_csv([[text]]).decode("utf-8-sig")
    assert cell.lstrip('"').startswith("'")


def test_a_code_is_dark_on_white_with_its_quiet_zone() -> None:
    """Four modules of white on each side, in any theme; the label cannot break out of its attribute."""
    rows = modules("https://akari.example.jp/q/7f3a")
    side = len(rows) + 2 * QUIET_MODULES
    svg = qr_svg("https://akari.example.jp/q/7f3a", label='"><script>')
    assert f'viewBox="-4 -4 {side} {side}"' in svg and 'fill="#fff"' in svg
    assert "<script>" not in svg
    assert all(len(row) == len(rows) for row in rows) and rows[0][:7] == [True] * 7
