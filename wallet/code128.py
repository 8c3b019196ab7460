"""Code 128, set C (ISO/IEC 15417): pairs of digits as bars, for hand scanners that read bars only."""

from __future__ import annotations

from dataclasses import dataclass

START_C, STOP = 105, 106
QUIET = 10
"""Blank modules on either side (ISO/IEC 15417, 4.5)."""

# Widths of bar, space, bar, space, bar, space for each value; the stop has a seventh.
WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
    "2331112",
]


@dataclass(frozen=True, slots=True)
class Bars:
    """The dark bars of a symbol as (start, width) in modules, quiet zones counted in `width`."""

    dark: tuple[tuple[int, int], ...]
    width: int


def values(digits: str) -> list[int]:
    """The symbol's values: start, one for each pair of digits, the check character, stop."""
    assert digits.isascii() and digits.isdigit() and len(digits) % 2 == 0, digits
    pairs = [int(digits[place : place + 2]) for place in range(0, len(digits), 2)]
    check = (START_C + sum(place * value for place, value in enumerate(pairs, start=1))) % 103
    return [START_C, *pairs, check, STOP]


def bars(digits: str) -> Bars:
    """An even number of digits as bars."""
    dark = []
    at = QUIET
    for value in values(digits):
        for place, width in enumerate(map(int, WIDTHS[value])):
            if place % 2 == 0:
                dark.append((at, width))
            at += width
    return Bars(tuple(dark), at + QUIET)
