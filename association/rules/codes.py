"""チャージ券: a secret as a person types it, signs that nobody confuses, the last of which finds a slip."""

from __future__ import annotations

import re

from base.ids import ALPHABET, squeezed

LENGTH = 20
"""Of codes that are made now: 19 signs, 94 bits, and a check sign."""
OLD_LENGTH = 16
"""Of codes printed earlier, with 74 bits; they are read until their last day."""
BASE = len(ALPHABET)


def spelled(secret: bytes, length: int = LENGTH) -> str:
    """A code of `length` signs from 32 secret bytes, the check sign included."""
    number, signs = int.from_bytes(secret, "big"), []
    for _ in range(length - 1):
        number, place = divmod(number, BASE)
        signs.append(ALPHABET[place])
    return "".join(signs) + _check("".join(signs))


def read_code(typed: str, *lengths: int) -> str | None:
    """The code in what was typed or scanned: any case and width, with or without hyphens. None where it cannot be one of these lengths."""
    code = re.sub(r"[_.]", "", squeezed(typed)).upper()
    if len(code) not in lengths or any(sign not in ALPHABET for sign in code) or _check(code[:-1]) != code[-1]:
        return None
    return code


def grouped_code(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _check(signs: str) -> str:
    """The sign that makes the weighted sum of all zero modulo 31: a prime, so any one wrong sign and any two swapped are found."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=2))
    return ALPHABET[-total % BASE]
