"""A telephone number as people say and type it, made one string of digits: what two of them are compared by."""

from __future__ import annotations

import re
import unicodedata

from base.ids import HYPHENS

WHOLE = 10
"""A Japanese number has ten or eleven digits with its leading 0."""
_BETWEEN = re.compile(rf"[\s{HYPHENS}()./・]")
_JAPAN = re.compile(r"^\+810?")


def plain_telephone(typed: str) -> str | None:
    """09012345678 of ０９０－１２３４ー５６７８, (090) 1234 5678 or +81 90-1234-5678. None: there is more in it than a number."""
    plain = _JAPAN.sub("0", _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)))
    return plain if re.fullmatch(r"[0-9]+", plain) else None


def is_called(telephone: str, asked: str) -> bool:
    """Whether a telephone number as somebody wrote it down is the one that was asked for (plain_telephone): whole, or by its end."""
    known = plain_telephone(telephone)
    return known is not None and (known == asked if len(asked) >= WHOLE else known.endswith(asked))
