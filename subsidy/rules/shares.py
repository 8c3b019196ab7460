"""Who gets which part of an amount, and what is left of a decision at the end (額の確定)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subsidy.rules.calls import Call
from subsidy.rules.grant import Grant, share_of


@dataclass(frozen=True, slots=True)
class ByCategory:
    """Subsidy by category, whole yen."""

    a: int
    b: int
    c: int

    @property
    def total(self) -> int:
        """All three, yen."""
        return self.a + self.b + self.c


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """`total` yen over `weights` to the yen, by the method of largest remainders (Hamilton, 1792), ties to the earlier (S-38).

    Raises ValueError for a negative number, or yen that nobody has weight for.
    """
    whole = sum(weights)
    if total < 0 or any(weight < 0 for weight in weights) or (total and not whole):
        raise ValueError("shares are of 0 yen or more, over weights of 0 or more that are not all 0")
    shares = [total * weight // whole if whole else 0 for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole) if whole else 0)
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares


def shares_of(grant: Grant) -> dict[str, ByCategory]:
    """The subsidy of each member that has a line which stands; together they are the total to the yen (S-38).

    B and C by eligible cost. A under the total cap is each member's own; a cut of it is borne by A *subsidy*, not by cost: by cost,
    a member whose dear tool has one function would owe more of the cut than it has.
    """
    members = list(dict.fromkeys(cost.line.member for cost in grant.costs))
    weights = {
        category: [
            sum(cost.eligible.yen for cost in grant.costs if cost.line.member == member and cost.item.category == category)
            for member in members
        ]
        for category in "bc"
    }
    a = allocate(grant.a_kept.yen, [grant.members[each].subsidy.yen if each in grant.members else 0 for each in members])
    b, c = allocate(grant.b_kept.yen, weights["b"]), allocate(grant.c.subsidy.yen, weights["c"])
    return {member: ByCategory(*parts) for member, *parts in zip(members, a, b, c, strict=True)}


def burdens(grant: Grant) -> dict[str, int]:
    """自己負担 of each member that has a line which stands: its eligible cost without its part of the subsidy, yen (S-37)."""
    shares = shares_of(grant)
    eligible = dict.fromkeys(shares, 0)
    for cost in grant.costs:
        eligible[cost.line.member] += cost.eligible.yen
    return {member: yen - shares[member].total for member, yen in eligible.items()}


def finalise(granted: ByCategory, actual: ByCategory, call: Call) -> ByCategory:
    """The final amount (S-39): in each category the lower of decision and recomputed subsidy, and C's share taken again.

    Room never moves from one category to another. `actual` may be before or after the total cap, and that matters, see `final_of`.
    """
    a, b = min(granted.a, actual.a), min(granted.b, actual.b)
    return ByCategory(a, b, min(granted.c, actual.c, share_of(a + b, call).yen))


def final_of(granted: ByCategory, result: Grant, call: Call) -> ByCategory:
    """The final amount of a result report: A and B *before* the total cap are held against the decision, which lies under it already.

    With the figures after the cap, more cost would give less: granted 28,000,000 and 2,000,000, A overspent to 29,000,000, so B keeps
    1,000,000 of the cap, and of the decision 28,000,000 + 1,000,000 would be left. The law's text names no such loss.
    """
    return finalise(granted, ByCategory(result.a.yen, result.b.yen, result.c.subsidy.yen), call)
