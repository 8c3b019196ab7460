"""証憑の綴り as a PDF: each piece laid on its numbered sheets, PDFs page by page and pictures as they are seen."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps
from pypdf import PageObject, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from subsidy.rules.files import PDF

ROOM = (48.0, 74.0, 547.0, 760.0)
"""Of an A4 sheet, in points: left, bottom, right and top of what lies between number and hash."""
SHEETS_MAX = 60
"""Of one piece; whoever scanned a whole manual has the rest of it in the package."""
SIDE_MAX = 2_000
PIXELS_MAX = 40_000_000
"""Of a picture as it is unpacked: a few kilobytes can claim to be a wall of it."""
DRAWN_MAX = 4_000_000
"""Bytes of what the sheets of a piece draw, unpacked; scans draw a few hundred, for a picture each."""
BROKEN = (
    *(Image.DecompressionBombError, PyPdfError, ArithmeticError, AttributeError, LookupError),
    *(NotImplementedError, OSError, RecursionError, TypeError, ValueError),
)
"""What reading a foreign file can end in: a broken one fails in whichever part is broken."""
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Laid:
    """A piece as sheets; none where it cannot be opened, which the book then says."""

    pages: tuple[PageObject, ...]


def laid(content: bytes, media: str) -> Laid:
    """The pages of a file that was handed in."""
    try:
        opened = PdfWriter(clone_from=io.BytesIO(content if media == PDF else _picture(content)))
        pages = tuple(opened.pages[place] for place in range(min(len(opened.pages), SHEETS_MAX)))
        _few(pages)
        for page in pages:
            page.transfer_rotation_to_content()
            _box(page)
            contents = page.get_contents()
            if contents is not None:
                len(contents.operations)  # read now what is merged later
    except BROKEN:  # the sheet says so, and the package has the original
        return Laid(())
    return Laid(pages)


def bound(sheets: bytes, pieces: Sequence[Laid]) -> bytes:
    """The book: `sheets` ends with one sheet for each page, or one for a piece without any."""
    writer = PdfWriter(clone_from=io.BytesIO(sheets))
    place = len(writer.pages) - sum(max(1, len(piece.pages)) for piece in pieces)
    for piece in pieces:
        for page in piece.pages:
            _lay(writer.pages[place], page)
            place += 1
        place += not piece.pages
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _lay(sheet: PageObject, page: PageObject) -> None:
    """In the middle, never larger than it was."""
    left, bottom, width, height = _box(page)
    room_width, room_height = ROOM[2] - ROOM[0], ROOM[3] - ROOM[1]
    scale = min(1.0, room_width / width, room_height / height)
    x, y = ROOM[0] + (room_width - width * scale) / 2, ROOM[1] + (room_height - height * scale) / 2
    sheet.merge_transformed_page(page, Transformation().translate(-left, -bottom).scale(scale).translate(x, y))


def _box(page: PageObject) -> tuple[float, float, float, float]:
    """Left, bottom, width, height. Raises ValueError for a page without a surface."""
    box = page.cropbox
    width, height = float(box.width), float(box.height)
    if width <= 0 or height <= 0:
        raise ValueError("a page without a surface")
    return float(box.left), float(box.bottom), width, height


def _few(pages: Sequence[PageObject]) -> None:
    """Raises ValueError for more than anybody draws by hand: reading it would take minutes and a gigabyte."""
    drawn = 0
    for page in pages:
        contents = page.get_contents()
        drawn += 0 if contents is None else len(contents.get_data())
        if drawn > DRAWN_MAX:
            raise ValueError("too much is drawn")


def _picture(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        picture.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a large photograph is unpacked small
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError("too large")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((SIDE_MAX, SIDE_MAX))
        out = io.BytesIO()
        upright.save(out, "PDF", resolution=200.0)
        return out.getvalue()
