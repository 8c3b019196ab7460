"""Who gets which part of an amount, and what is left of a decision at the end (額の確定)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from base.yen import grouped
from subsidy.rules.calls import Call
from subsidy.rules.chain import Amount, fraction, total
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
    eligible = {category: _eligible(grant, category) for category in "bc"}
    weights = {category: [found.get(member, 0) for member in members] for category, found in eligible.items()}
    a = allocate(grant.a_kept.yen, [grant.members[each].subsidy.yen if each in grant.members else 0 for each in members])
    b, c = allocate(grant.b_kept.yen, weights["b"]), allocate(grant.c.subsidy.yen, weights["c"])
    return {member: ByCategory(*parts) for member, *parts in zip(members, a, b, c, strict=True)}


@dataclass(frozen=True, slots=True)
class Part:
    """What of the subsidy falls to a member, category by category, and what it bears itself, each with its chain."""

    a: Amount
    b: Amount
    c: Amount
    burden: Amount


def parts_of(grant: Grant) -> dict[str, Part]:
    """As `shares_of`, each amount with the sum that made it (S-38, S-37)."""
    shares, eligible = shares_of(grant), {letter: _eligible(grant, letter) for letter in "abc"}
    found = {}
    for member, share in shares.items():
        own = grant.members.get(member)
        a = (
            own.subsidy
            if own and grant.a_kept.yen == grant.a.yen
            else _part(grant.a_kept.yen, own.subsidy.yen if own else 0, grant.a.yen, share.a)
        )
        b, c = (
            _part(whole, eligible[letter].get(member, 0), sum(eligible[letter].values()), yen)
            for letter, whole, yen in (("b", grant.b_kept.yen, share.b), ("c", grant.c.subsidy.yen, share.c))
        )
        cost = sum(each.get(member, 0) for each in eligible.values())
        formula = " − ".join(map(grouped, (cost, share.a, share.b, share.c)))
        found[member] = Part(a, b, c, Amount(0).then("S-37", "own_burden", formula, cost - share.total))
    return found


def _eligible(grant: Grant, category: str) -> dict[str, int]:
    """Eligible yen of each member in a category."""
    found: dict[str, int] = {}
    for cost in grant.costs:
        if cost.item.category == category:
            found[cost.line.member] = found.get(cost.line.member, 0) + cost.eligible.yen
    return found


def _part(whole: int, weight: int, weights: int, yen: int) -> Amount:
    """A share by largest remainder: cut, and one yen more where its remainder was among the largest."""
    if not weight:
        return Amount(0)
    more = " + 1" if yen > whole * weight // weights else ""
    return Amount(0).then("S-38", "part", f"floor({grouped(whole)} × {grouped(weight)} / {grouped(weights)}){more}", yen)


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
    return finalise(granted, before_cap(result), call)


def before_cap(result: Grant) -> ByCategory:
    """What a result comes to before the total cap."""
    return ByCategory(result.a.yen, result.b.yen, result.c.subsidy.yen)


def final_amount(granted: ByCategory, result: Grant, call: Call) -> Amount:
    """As `final_of`, the total with its chain: category by category, the lower one each time."""
    actual, done = before_cap(result), final_of(granted, result, call)
    share = f"floor({grouped(done.a + done.b)} × {fraction(call.values.c_share * call.values.c_rate)})"
    steps = Amount(0)
    for letter in "ab":
        had, has = getattr(granted, letter), getattr(actual, letter)
        steps = steps.then("S-39", f"final_{letter}", f"min({grouped(had)}, {grouped(has)})", getattr(done, letter))
    steps = steps.then("S-39", "final_c", f"min({grouped(granted.c)}, {grouped(actual.c)}, {share})", done.c, "c_share", "c_rate")
    whole = total("S-39", "total", [done.a, done.b, done.c])
    return Amount(whole.yen, (*steps.chain, *whole.chain))
