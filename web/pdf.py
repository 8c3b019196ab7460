"""Papers: Typst templates of web/papers, filled with data and set in fonts that come with the program.

Data goes in as JSON, never as template text, so that a shop's name cannot become markup. The same data give
the same bytes. Why these fonts: docs/decisions/0002-paper-font.md.
"""

from __future__ import annotations

import io
import json
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_jp
from flask import g, has_request_context

from base.db import done_reading
from base.errors import N_, MeguriError

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "papers"
VISITORS_FONT = TEMPLATES / "fonts" / "NotoSansKR-visitors.otf"
_DRAWING = threading.Lock()
STANDARD = "a-2b"
"""PDF/A: a paper kept for years opens the same then (ISO 19005-2)."""
WITH_FILES = "a-3b"
"""The same, with files attached (ISO 19005-3)."""
PICTURE_PPI = 200
SHEET_PPI = 120
"""For sheets of many codes: three dots a module are enough to read one, and five hundred are read in seconds."""
MISSING = "〓"
"""下駄: what Japanese printers set where a letter is missing."""


class PrintedCodeWrong(MeguriError):
    """The code on the picture reads otherwise than it must, or not at all. The paper is not handed out."""

    code = "printed_code_wrong"
    number = "E-1120"
    text = N_("印刷用のQRを確かめられなかったため、出しませんでした。運営団体に連絡してください。")


def render(template: str, data: Mapping[str, Any], *, proof: str | None = None, is_tagged: bool = True) -> bytes:
    """The PDF of `web/papers/<template>.typ`. `data`: what web.papers makes; `made_at` in it dates the file.

    `proof`: what the template attaches as a file, as it is. `is_tagged`: with its structure for screen readers; of no use where other
    people's sheets are laid into it, and four fifths of what is then to be read.
    """
    if proof is None:
        return _compiled(template, data, format="pdf", pdf_standards=[STANDARD], pdf_tags=is_tagged)[0]
    return _compiled(template, data, {"proof": proof}, format="pdf", pdf_standards=[WITH_FILES])[0]


def render_checked(template: str, data: Mapping[str, Any]) -> bytes:
    """As `render`, for a paper with codes: its pictures are read first and must say `data["code"]`, or all of `data["codes"]` (qr.md 34).

    Raises PrintedCodeWrong.
    """
    wanted = data["codes"] if "codes" in data else [data["code"]]
    pages = _compiled(template, data, format="png", ppi=PICTURE_PPI if len(wanted) == 1 else SHEET_PPI)
    if sorted(code for page in pages for code in read_codes(page)) != sorted(wanted):
        raise PrintedCodeWrong
    return render(template, data)


def picture(template: str, data: Mapping[str, Any], *, ppi: float = PICTURE_PPI) -> bytes:
    """The first page as PNG."""
    return _compiled(template, data, format="png", ppi=ppi)[0]


def read_codes(png: bytes) -> list[str]:
    """What the QR codes on a picture say."""
    import zxingcpp  # these four are slow to load, and only whoever makes a paper needs them
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found]


def printable(text: str) -> str:
    """`text` as the fonts can set it: letters that they lack become 〓, control signs vanish.

    Emoji and the rarest kanji are all that it hits; a PDF/A file must not refer to a letter that is not there.
    """
    letters = _letters()
    return "".join(
        sign if ord(sign) in letters else MISSING
        for sign in unicodedata.normalize("NFC", text)
        if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Mn")
    )


def _compiled(template: str, data: Mapping[str, Any], more: Mapping[str, str] = MappingProxyType({}), **options: Any) -> list[bytes]:
    """One PDF, or a picture for each page. One at a time in a process, and without a connection: payments go before papers."""
    import typst

    if has_request_context() and "session" in g:
        done_reading(g.session)
    with _DRAWING:
        made = typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False), **more},
            timestamp=int(datetime.fromisoformat(data["made_at"]).timestamp()),
            **options,
        )
    return made if isinstance(made, list) else [made]


def _printable(value: Any) -> Any:
    """`printable` all the way down."""
    match value:
        case str():
            return printable(value)
        case Mapping():
            return {name: _printable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_printable(inner) for inner in value]
        case _:
            return value


@cache
def _fonts() -> typst.Fonts:
    """The paper's fonts and no others: a paper looks the same on every machine."""
    import typst

    folders = [str(pylopdf_fonts_jp.sans_path().parent), str(VISITORS_FONT.parent)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def _letters() -> frozenset[int]:
    """What can be set: the code points of the sans, which every text falls back to, and the few letters of visitors' languages."""
    from fontTools.ttLib import TTFont

    found = {ord("\n")}
    for path in (pylopdf_fonts_jp.sans_path(), VISITORS_FONT):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)
