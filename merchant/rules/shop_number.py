"""The shop's public number: five digits and their check digit, typed where a camera does not help."""

from __future__ import annotations

from typing import ClassVar

from base.ids import has_check_digit, squeezed

DIGITS = 6


class ShopNumberError(Exception):
    """No shop can have this number. `reason` is stable."""

    reason: ClassVar[str]


class NotANumber(ShopNumberError):
    """Letters, or more or fewer than six digits."""

    reason = "bad_format"


class WrongCheckDigit(ShopNumberError):
    """One digit is wrong, or two neighbours changed places."""

    reason = "bad_check_digit"


def read(typed: str) -> str:
    """`１２３-455` as `123455`: full width, spaces and hyphens are taken. Raises NotANumber, WrongCheckDigit."""
    number = squeezed(typed)
    if len(number) != DIGITS or not (number.isascii() and number.isdigit()):
        raise NotANumber
    if not has_check_digit(number):
        raise WrongCheckDigit
    return number
