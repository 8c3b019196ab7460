"""What a receipt printer is told, as bytes: ESC/POS, as makers of such printers describe it. Nothing here draws, and nothing connects.

Two ways to print: as a picture, which shows every letter of a name as the paper font has it, and as text in the printer's own
kanji (Shift_JIS), which is quicker on old printers. A head has eight dots a millimetre.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

DOTS = {58: 384, 80: 576}
"""Dots that a head of a roll (mm) prints beside each other: 48 and 72 mm of them."""

COLUMNS = {58: 32, 80: 48}
"""Half-width letters a line."""

BAND = 128
"""Lines of dots a band: cheap printers hold no whole receipt in their memory."""

START = b"\x1b@"
FEED_AND_CUT = b"\x1dVB\x03"
"""A little paper, then a cut that leaves one point: where there is no knife, the paper only moves."""

KICK = b"\x1bp\x00\x19\xfa"
"""A pulse on the first pin, 50 ms: the drawer opens."""

JAPAN = b"\x1bR\x08\x1cC\x01"
"""Japanese signs, and kanji as Shift_JIS."""
KANJI, LATIN = b"\x1c&", b"\x1c."
PLAIN, TALL = b"\x1d!\x00\x1cW\x00", b"\x1d!\x11\x1cW\x01"

MISSING = "〓"
SIMPLER = str.maketrans({"–": "-", "—": "-", "−": "-", "~": "〜", "¥": "円", "髙": "高", "﨑": "崎", "𠮷": "吉"})
"""Signs that the kanji of JIS X 0208 lack, by what everybody reads for them; a picture prints them as they are."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """`rows`: lines of dots from the top, eight a byte, the left one first, 1 is black. `width`: dots, a multiple of 8."""

    width: int
    rows: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text. `right` stands at the right edge; where both do not fit, it moves to a line of its own."""

    left: str
    right: str = ""
    centred: bool = False
    large: bool = False


def picture(bitmap: Bitmap, *, kick: bool = False, cut: bool = True) -> bytes:
    """The bytes that print it in bands (GS v 0). `kick`: open the drawer first, so that change is counted while it prints."""
    parts = [START, KICK if kick else b""]
    across = bitmap.width // 8
    for top in range(0, len(bitmap.rows), BAND):
        band = bitmap.rows[top : top + BAND]
        parts.append(b"\x1dv0\x00" + across.to_bytes(2, "little") + len(band).to_bytes(2, "little") + b"".join(band))
    parts.append(FEED_AND_CUT if cut else b"")
    return b"".join(parts)


def text(lines: Sequence[Text], roll: int, *, kick: bool = False) -> bytes:
    """The bytes that print lines in the printer's own letters. `roll`: 58 or 80 mm."""
    parts = [START, KICK if kick else b"", JAPAN]
    for line in lines:
        columns = COLUMNS[roll] // 2 if line.large else COLUMNS[roll]
        parts.append(TALL if line.large else PLAIN)
        parts += [_encoded(each) + b"\n" for each in laid_out(line, columns)]
    return b"".join([*parts, PLAIN, FEED_AND_CUT])


def laid_out(line: Text, columns: int) -> list[str]:
    """What stands on the paper of one line: broken where it is too long, its right part at the edge."""
    left = _broken(line.left, columns)
    if line.centred:
        return [" " * ((columns - width_of(each)) // 2) + each for each in left]
    if not line.right:
        return left
    gap = columns - width_of(left[-1]) - width_of(line.right)
    if gap >= 1:
        return [*left[:-1], left[-1] + " " * gap + line.right]
    return [*left, " " * max(columns - width_of(line.right), 0) + line.right]


def width_of(words: str) -> int:
    """Half-width columns: a kanji takes two. Signs that may be either are kanji to a Japanese printer."""
    return sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in words)


def _broken(words: str, columns: int) -> list[str]:
    lines, rest = [""], columns
    for sign in words:
        wide = width_of(sign)
        if wide > rest:
            lines.append("")
            rest = columns
        lines[-1] += sign
        rest -= wide
    return lines


def _encoded(words: str) -> bytes:
    """Kanji between FS & and FS ., what is of one byte outside; what JIS lacks is 〓, and so is a control sign: words command nothing."""
    found, in_kanji = [b""], False
    for sign in words.translate(SIMPLER):
        try:
            code = (MISSING if unicodedata.category(sign) == "Cc" else sign).encode("shift_jis")
        except UnicodeEncodeError:
            code = MISSING.encode("shift_jis")
        if (len(code) == 2) != in_kanji:
            in_kanji = not in_kanji
            found.append(KANJI if in_kanji else LATIN)
        found.append(code)
    return b"".join([*found, LATIN if in_kanji else b""])
