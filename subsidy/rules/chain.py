"""An amount and how it came about: each step is a sum that anybody can do again by hand, the rule it rests on, and the table's values.

A formula has whole yen with separators, fractions as 3/4, the signs + − × / and the words floor, min and max: nothing to translate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from base.yen import grouped


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `yen`: what it comes to; `values`: names in the call's table that it used, for source and certainty."""

    rule: str
    code: str
    formula: str
    yen: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole yen with the chain that made it; the last step comes to `yen`. An empty chain is an amount as it was given."""

    yen: int
    chain: tuple[Step, ...] = ()

    def then(self, rule: str, code: str, formula: str, yen: int, *values: str) -> Amount:
        """The next amount, with one step more."""
        return Amount(yen, (*self.chain, Step(rule, code, formula, yen, values)))


def total(rule: str, code: str, parts: tuple[int, ...] | list[int]) -> Amount:
    """Several amounts added. The chains of the parts stay with the parts."""
    return Amount(0).then(rule, code, " + ".join(map(grouped, parts)) or "0", sum(parts))


def fraction(value: Fraction) -> str:
    """3/4 as `3/4`, 2000000/3 as `2,000,000/3`."""
    return grouped(value.numerator) + (f"/{grouped(value.denominator)}" if value.denominator > 1 else "")
