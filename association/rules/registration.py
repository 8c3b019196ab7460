"""登録番号 of the invoice system: T and thirteen figures, the first of which checks the others. Numbers in brackets: rules/invoice.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any


def plain_number(typed: str) -> str:
    """As somebody meant it: width, capitals, blanks and hyphens aside (10)."""
    return re.sub(r"[\sー−‐–—-]", "", unicodedata.normalize("NFKC", typed)).upper()


def fault(number: str) -> str | None:
    """bad_format, bad_check_digit or None (9, 10). For a sole proprietor a wrong check digit is a warning only (11)."""
    if not re.fullmatch(r"T[0-9]{13}", number, re.ASCII):
        return "bad_format"
    check, base = int(number[1]), [int(figure) for figure in reversed(number[2:])]
    weighed = sum(figure * (1 if place % 2 == 0 else 2) for place, figure in enumerate(base))
    return None if check == 9 - weighed % 9 else "bad_check_digit"


def _answer(question: dict[str, Any]) -> dict[str, object]:
    number = question["input"]
    wrong = fault(number)
    return {"ok": True, "corporate_number": number[1:]} if wrong is None else {"ok": False, "error": wrong}


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"invoice.registration_numbers": _answer}
