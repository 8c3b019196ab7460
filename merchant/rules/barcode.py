"""JAN codes (EAN-13, EAN-8) as they are printed on goods. Source: GS1 General Specifications, 7.9."""

from __future__ import annotations


def check_digit(digits: str) -> str:
    """The last digit of a code whose other digits are these: weights 3 and 1 from the right."""
    total = sum(int(sign) * (3 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(digits)))
    return str(-total % 10)


def jan(typed: str) -> str | None:
    """The code as it is kept, or None where it is none: 13 or 8 ASCII digits whose last one fits; 12 (UPC-A) get a zero in front."""
    if not (typed.isascii() and typed.isdigit()):
        return None
    code = f"0{typed}" if len(typed) == 12 else typed
    return code if len(code) in (8, 13) and check_digit(code[:-1]) == code[-1] else None
