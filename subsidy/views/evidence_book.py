"""証憑の綴り as a PDF: each piece laid on its numbered sheets, PDFs page by page and pictures as they are seen."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps
from pypdf import PageObject, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NumberObject, StreamObject

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
AS_IT_IS_MAX = 600_000
"""Bytes of a JPEG that goes into the book as it came; what is larger is written anew, so that a book can still be sent."""
DPI = 200
"""At which a picture is laid."""
BROKEN = (
    *(Image.DecompressionBombError, PyPdfError, ArithmeticError, AttributeError, LookupError),
    *(NotImplementedError, OSError, RecursionError, TypeError, ValueError),
)
"""What reading a foreign file can end in: a broken one fails in whichever part is broken."""
ORIENTATION = 0x0112
"""The EXIF tag; 1 is upright."""
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of so many points across and down, upright."""

    jpeg: bytes
    width: int
    height: int
    is_gray: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """A piece as sheets; none where it cannot be opened, which the book then says. `size_bytes`: what they take, about."""

    pages: tuple[PageObject | Picture, ...]
    size_bytes: int = 0

    @property
    def sheets(self) -> int:
        """At least the one that says that it cannot be opened."""
        return max(1, len(self.pages))


def laid(content: bytes, media: str) -> Laid:
    """The pages of a file that was handed in."""
    try:
        if media != PDF:
            picture = _picture(content)
            return Laid((picture,), len(picture.jpeg))
        opened = PdfWriter(clone_from=io.BytesIO(content))
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
    return Laid(pages, len(content))


def bound(sheets: bytes, pieces: Sequence[Laid]) -> bytes:
    """The book: `sheets` ends with one sheet for each page, or one for a piece without any."""
    writer = PdfWriter(clone_from=io.BytesIO(sheets))
    sheet = iter(writer.pages[-sum(piece.sheets for piece in pieces) :])  # one by one each would be looked for from the first
    before = writer._add_object(_drawn(b"q"))
    for piece in pieces:
        for page in piece.pages or (None,):
            place = next(sheet)
            if isinstance(page, Picture):
                _lay_picture(writer, place, page, before)
            elif page is not None:
                _lay(place, page)
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _lay(sheet: PageObject, page: PageObject) -> None:
    """In the middle, never larger than it was."""
    left, bottom, width, height = _box(page)
    scale, x, y = _place(width, height)
    sheet.merge_transformed_page(page, Transformation().translate(-left, -bottom).scale(scale).translate(x, y))


def _lay_picture(writer: PdfWriter, sheet: PageObject, picture: Picture, before: IndirectObject) -> None:
    """The same without a PDF around it, which would be written and read again for each of a thousand photographs.

    `before`: a drawing that keeps the sheet's own state.
    """
    image = StreamObject()
    image.set_data(picture.jpeg)
    facts = {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode"}
    facts["/ColorSpace"] = "/DeviceGray" if picture.is_gray else "/DeviceRGB"
    image.update({NameObject(name): NameObject(value) for name, value in facts.items()})
    for name, value in (("/Width", picture.width), ("/Height", picture.height), ("/BitsPerComponent", 8)):
        image[NameObject(name)] = NumberObject(value)
    own = sheet.get("/Resources", DictionaryObject()).get_object()  # sheets may share it
    pictures = DictionaryObject(own.get("/XObject", DictionaryObject()).get_object())
    pictures[NameObject("/Piece")] = writer._add_object(image)
    sheet[NameObject("/Resources")] = DictionaryObject({**own, NameObject("/XObject"): pictures})
    width, height = picture.width * 72 / DPI, picture.height * 72 / DPI
    scale, x, y = _place(width, height)
    drawn = _drawn(f"Q q {width * scale:.3f} 0 0 {height * scale:.3f} {x:.3f} {y:.3f} cm /Piece Do Q".encode())
    theirs = sheet["/Contents"].get_object()
    pieces = list(theirs) if isinstance(theirs, ArrayObject) else [sheet.raw_get("/Contents")]
    sheet[NameObject("/Contents")] = ArrayObject([before, *pieces, writer._add_object(drawn)])


def _drawn(content: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(content)
    return stream


def _place(width: float, height: float) -> tuple[float, float, float]:
    """Of something so large, in points: how much smaller it is made, and where its lower left corner lies."""
    room_width, room_height = ROOM[2] - ROOM[0], ROOM[3] - ROOM[1]
    scale = min(1.0, room_width / width, room_height / height)
    return scale, ROOM[0] + (room_width - width * scale) / 2, ROOM[1] + (room_height - height * scale) / 2


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


def _picture(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if _goes_as_it_is(picture, content):
            width, height = picture.size
            picture.draft(picture.mode, (SIDE_MAX // 8, SIDE_MAX // 8))
            picture.load()  # it is whole
            return Picture(content, width, height, picture.mode == "L")
        picture.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a large photograph is unpacked small
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError("too large")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((SIDE_MAX, SIDE_MAX))
        out = io.BytesIO()
        upright.save(out, "JPEG")
        return Picture(out.getvalue(), *upright.size, is_gray=False)


def _goes_as_it_is(picture: Image.Image, content: bytes) -> bool:
    is_upright = picture.getexif().get(ORIENTATION, 1) == 1
    is_plain = picture.format == "JPEG" and picture.mode in ("L", "RGB")
    return is_upright and is_plain and max(picture.size) <= SIDE_MAX and len(content) <= AS_IT_IS_MAX
