"""補助金を渡す (S-41): what of the fixed amount falls to each member, for the representative receives all of it."""

from __future__ import annotations

from subsidy.rules.grant import Grant
from subsidy.rules.shares import ByCategory, allocate, shares_of


def fixed_shares(fixed: ByCategory, result: Grant) -> dict[str, ByCategory]:
    """The fixed amount by member, category by category, in proportion to what each brought to the result (S-38). Adds up to the yen.

    A category that was fixed with nothing behind it falls to nobody.
    """
    brought = shares_of(result)
    columns = []
    for letter in "abc":
        weights = [getattr(each, letter) for each in brought.values()]
        columns.append(allocate(getattr(fixed, letter) if any(weights) else 0, weights))
    return {member: ByCategory(*parts) for member, parts in zip(brought, zip(*columns, strict=True), strict=True)}
