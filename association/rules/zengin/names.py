"""Names in the signs that banks take: capitals, figures, half-width katakana and a few marks. Numbers in brackets are rules of
rules/settlement.md. Nothing is dropped or guessed: what has no such sign is refused by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

VOICED, HALF_VOICED = "ﾞ", "ﾟ"
KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
MAY_BE_VOICED = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
MAY_BE_HALF_VOICED = frozenset("ﾊﾋﾌﾍﾎ")
ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + KANA + VOICED + HALF_VOICED + " ()-./")
"""Every sign of a name in the file (10)."""

_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_OLD = {"ヲ": "オ", "ヰ": "イ", "ヱ": "エ"}
_DASHES = dict.fromkeys("ー‐‑–—―−－", "-")
_MARKS = {"\u3099": VOICED, "\u309a": HALF_VOICED, "・": "."}
_FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_PLAIN = str.maketrans(_SMALL | _OLD | _DASHES | _MARKS)
_HALF = str.maketrans(dict(zip(_FULL, KANA, strict=True)))
_COMBINING = str.maketrans({"゛": "\u3099", "゜": "\u309a", VOICED: "\u3099", HALF_VOICED: "\u309a"})


class NameWrong(ValueError):
    """A sign that the format does not have. `signs`: each of them once, as they were written."""

    def __init__(self, signs: tuple[str, ...]) -> None:
        super().__init__("".join(signs))
        self.signs = signs


def normalised(name: str) -> str:
    """The name as it stands in the file, one sign a byte (11). May be empty. Raises NameWrong (12)."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name.translate(_COMBINING))).upper()
    katakana = "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in text)
    half = katakana.translate(_PLAIN).translate(_HALF)
    plain = re.sub(r"\s+", " ", half).strip()
    wrong = [sign for before, sign in zip(" " + plain, plain, strict=False) if not _fits(before, sign)]
    if wrong:
        raise NameWrong(tuple(dict.fromkeys(unicodedata.normalize("NFC", sign) for sign in wrong)))
    return plain


def _fits(before: str, sign: str) -> bool:
    if sign == VOICED:
        return before in MAY_BE_VOICED
    if sign == HALF_VOICED:
        return before in MAY_BE_HALF_VOICED
    return sign in ALLOWED


def _answer(question: dict[str, Any]) -> dict[str, object]:
    try:
        text = normalised(question["input"])
    except NameWrong:
        return {"ok": False, "error": "unsupported_character"}
    return {"ok": True, "text": text, "sjis_hex": text.encode("shift_jis").hex().upper()}


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"zengin.names": _answer}
