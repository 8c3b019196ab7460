"""Whole yen as people write and read them. Amounts are int everywhere; a float never is one."""

from __future__ import annotations

import re
import unicodedata

YEN_MAX = 2**53 - 1
"""Beyond this a browser no longer counts exactly; no amount of the product comes near it."""

_DIGITS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")


def parse_yen(text: str) -> int | None:
    """What a person typed, as whole yen: half or full width digits, separators and 円 allowed.

    None for anything else (sign, fraction, letters, more than YEN_MAX): the caller names the error.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("円").removeprefix("¥").strip()
    if not _DIGITS.fullmatch(plain):
        return None
    digits = plain.replace(",", "")
    if len(digits) > 16 or int(digits) > YEN_MAX:
        return None
    return int(digits)


def grouped(amount: int) -> str:
    """1234567 as `1,234,567`; a negative amount carries U+2212, as the screens do."""
    return f"{amount:,}".replace("-", "−")
