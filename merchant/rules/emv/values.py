"""What the root tags may hold (rule 12), and what subtags may when we write them (rule 13)."""

from __future__ import annotations

import re
from collections.abc import Callable

YEN = "392"

_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_PERCENTAGE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?", re.ASCII)
_PRINTABLE = re.compile(r"[ -~]+", re.ASCII)


def _ans(longest: int, shortest: int = 1) -> Callable[[str], bool]:
    """Letters, digits and special signs of ASCII: what EMV calls ans."""
    return lambda value: shortest <= len(value) <= longest and _PRINTABLE.fullmatch(value) is not None


def _numeric(length: int) -> Callable[[str], bool]:
    return lambda value: len(value) == length and value.isascii() and value.isdigit()


def _one_of(*allowed: str) -> Callable[[str], bool]:
    return lambda value: value in allowed


def _amount(value: str) -> bool:
    return len(value) <= 13 and _AMOUNT.fullmatch(value) is not None


def _above_zero(value: str) -> bool:
    return _amount(value) and any(sign in "123456789" for sign in value)


def _percentage(value: str) -> bool:
    return _PERCENTAGE.fullmatch(value) is not None and any(sign in "123456789" for sign in value)


ROOT: dict[str, Callable[[str], bool]] = {
    "00": _one_of("01"),
    "01": _one_of("11", "12"),
    **{f"{tag:02d}": _ans(99) for tag in range(2, 26)},
    "52": _numeric(4),
    "53": _numeric(3),
    "54": _above_zero,
    "55": _one_of("01", "02", "03"),
    "56": _amount,
    "57": _percentage,
    "58": _ans(2, 2),
    "59": _ans(25),
    "60": _ans(15),
    "61": _ans(10),
}
"""Tags 26–51, 62, 64 and 80–99 are templates, 65–79 are reserved: any text."""

ADDITIONAL: dict[str, Callable[[str], bool]] = {
    **{f"{tag:02d}": lambda value: len(value) <= 25 for tag in range(1, 9)},
    "09": lambda value: len(value) <= 3 and set(value) <= set("AME"),
    "10": lambda value: len(value) <= 20,
    "11": _ans(3, 3),
}
LANGUAGE: dict[str, Callable[[str], bool]] = {
    "00": _ans(2, 2),
    "01": lambda value: len(value) <= 25,
    "02": lambda value: len(value) <= 15,
}
IDENTIFIER: dict[str, Callable[[str], bool]] = {"00": _ans(32)}


def root_values_hold(values: dict[str, str]) -> bool:
    """Whether each root tag holds what rule 12 allows, alone and together."""
    if not all(ROOT[tag](value) for tag, value in values.items() if tag in ROOT):
        return False
    tip = values.get("55")
    if ("56" in values) != (tip == "02") or ("57" in values) != (tip == "03"):
        return False
    has_decimals = any("." in values.get(tag, "") for tag in ("54", "56"))
    return not (values.get("53") == YEN and has_decimals)


def subtag_rules(tag: str) -> dict[str, Callable[[str], bool]]:
    """What each subtag of a template may hold; a subtag that is not named may hold anything."""
    return {"62": ADDITIONAL, "64": LANGUAGE}.get(tag, IDENTIFIER)
