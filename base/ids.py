"""Numbers that people read, type and telephone, and the secrets behind codes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs that nobody confuses: no 0 O, 1 I L."""

HYPHENS = r"\-‐‑‒–—―−ー－ｰ"
"""Whatever a Japanese keyboard or a mail program makes of a hyphen, as it stands in a class of a regular expression."""
_GAPS = re.compile(rf"[\s{HYPHENS}]")


def squeezed(typed: str) -> str:
    """What was typed into a field for a number or a code, as it is compared: half width, without blanks and hyphens of any kind."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", typed))


def check_digit(digits: str) -> str:
    """The Luhn digit (ISO/IEC 7812-1 annex B) that finds any single wrong digit."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def with_check_digit(number: int, width: int) -> str:
    """`number` in `width` digits and its check digit: 42 in 5 gives `000422`."""
    digits = f"{number:0{width}d}"
    return digits + check_digit(digits)


def has_check_digit(text: str) -> bool:
    """Whether `text` is ASCII digits whose last one is the check digit of the others."""
    return len(text) > 1 and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def random_code(length: int) -> str:
    """A secret to be typed by a person: about 4.95 bits a sign."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def pseudonym(key: bytes, *parts: int | str, length: int = 4) -> str:
    """A short name for somebody, the same each time for the same parts, useless without the key."""
    message = "\x1f".join(str(part) for part in parts).encode()
    number = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest(), "big")
    signs = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def fingerprint(secret: str | bytes) -> bytes:
    """SHA-256 of a random secret: what is stored instead of it. Not for anything that a person chose."""
    return hashlib.sha256(secret.encode() if isinstance(secret, str) else secret).digest()
