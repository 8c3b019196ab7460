"""What the call gives at most (上限見込額) for an application, each amount with the chain of sums that made it.

Source: 「令和4年度補正予算の概要」補助対象経費（A）（B）（C） and デジタル化基盤導入類型; values and doubts in subsidy/rules/calls.
All rates are 以内 (within): the office may grant less. Order: check, days, hardware alone, tax, months, add, rate, cap, cut; each rate is
cut to whole yen once.

More eligible cost never gives less subsidy, and the parts make the total. What is no exception to that, but looks like one:
- A new cloud line that stands before another of the same tool takes months from it (S-21). It then brings more cost and less
  *eligible* cost, so the subsidy may fall.
- At a full total cap one category gives way to the other (S-34). The total stays; see `final_of` for what follows at the end.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from base.yen import grouped
from subsidy.rules.application import Application, check, size_of
from subsidy.rules.calls import FUNCTIONS, Call
from subsidy.rules.chain import Amount, fraction, total
from subsidy.rules.costs import Cost, Excluded, costs_of


@dataclass(frozen=True, slots=True)
class MemberA:
    """A (基盤導入経費) of one member: cost and subsidy of IT tools, PCs and registers. `it_cap`: 0 without A software."""

    functions: tuple[str, ...]
    it_cost: Amount
    it_cap: int
    it: Amount
    pc_cost: Amount
    pc: Amount
    register_cost: Amount
    register: Amount
    subsidy: Amount


@dataclass(frozen=True, slots=True)
class ShareC:
    """C (事務費・専門家費): the three limits and the lowest of them."""

    cost: Amount
    by_rate: Amount
    by_share: Amount
    by_ceiling: int
    subsidy: Amount


@dataclass(frozen=True, slots=True)
class Grant:
    """What comes out. `a` and `b` are before the total cap, `a_kept` and `b_kept` after it; all yen are whole and 0 or more."""

    group_size: int
    costs: tuple[Cost, ...]
    excluded: tuple[Excluded, ...]
    members: dict[str, MemberA]
    a: Amount
    b_cost: Amount
    b_cap: int
    b: Amount
    a_kept: Amount
    b_kept: Amount
    c: ShareC
    eligible: Amount
    subsidy: Amount
    own_burden: Amount
    warnings: tuple[tuple[str, str], ...]


def grant(application: Application, call: Call, dropped: AbstractSet[str] = frozenset()) -> Grant:
    """The subsidy of an application. Raises Refused with every reason. `dropped`: lines taken out beforehand, see what_if."""
    check(application, call)
    costs, excluded = costs_of(application, call, dropped)
    of_a = _of_a(costs)
    members = {name: member_a(of_a[name], call) for name in application.group if name in of_a}
    a = total("S-30", "a", [each.subsidy.yen for each in members.values()])
    b_cost = total("S-33", "b_cost", [each.eligible.yen for each in costs if each.item.category == "b"])
    b_cap, b = b_of(b_cost, len(application.group), call)
    a_kept, b_kept = keep(a, b, call)
    c_cost = total("S-35", "c_cost", [each.eligible.yen for each in costs if each.item.category == "c"])
    c = c_of(c_cost, a_kept.yen + b_kept.yen, call)
    eligible = total("S-37", "eligible", [cost.eligible.yen for cost in costs])
    subsidy = total("S-40", "total", [a_kept.yen, b_kept.yen, c.subsidy.yen])
    burden = Amount(0).then("S-37", "own_burden", f"{grouped(eligible.yen)} − {grouped(subsidy.yen)}", eligible.yen - subsidy.yen)
    size, warnings = size_of(application, call), tuple(_warnings(application, of_a, call))
    return Grant(size, costs, excluded, members, a, b_cost, b_cap, b, a_kept, b_kept, c, eligible, subsidy, burden, warnings)


def it_subsidy(cost: Amount, functions: int, call: Call) -> Amount:
    """IT tools of one member (S-30): the subsidy up to 500,000 at 3/4, what is above at 2/3, capped by the number of functions.

    The knee in cost is 500,000 ÷ 3/4 = 666,666.67 yen. `functions` 0 gives 0.
    """
    values = call.values
    if not functions:
        return cost.then("S-30", "no_software", "0", 0)
    knee = values.a_low_subsidy_max / values.a_low_rate
    if cost.yen <= knee:
        formula = f"floor({fraction(values.a_low_rate)} × {grouped(cost.yen)})"
        tiered = cost.then("S-30", "low_rate", formula, floor(values.a_low_rate * cost.yen), "a_low_rate")
    elif values.a_high_rate_on_whole:
        formula = f"floor({fraction(values.a_high_rate)} × {grouped(cost.yen)})"
        yen = floor(values.a_high_rate * cost.yen)
        tiered = cost.then("S-30", "high_rate", formula, yen, "a_high_rate", "a_high_rate_on_whole")
    else:
        above = f"({grouped(cost.yen)} − {fraction(knee)}) × {fraction(values.a_high_rate)}"
        yen = floor(values.a_low_subsidy_max + (cost.yen - knee) * values.a_high_rate)
        names = ("a_low_rate", "a_low_subsidy_max", "a_high_rate", "a_high_rate_on_whole")
        tiered = cost.then("S-30", "two_rates", f"floor({grouped(values.a_low_subsidy_max)} + {above})", yen, *names)
    cap = "a_cap_one_function" if functions == 1 else "a_cap_two_functions"
    return _capped(tiered, it_cap(functions, call), "S-30", "cap", cap, "functions_across_tools")


def it_cap(functions: int, call: Call) -> int:
    """The most that one member's IT tools get, by how many of the four functions they have."""
    return (0, call.values.a_cap_one_function, call.values.a_cap_two_functions)[min(functions, 2)]


def functions_of(costs: list[Cost]) -> list[tuple[str, ...]]:
    """The functions of each A software line among `costs`, zero-yen lines included."""
    return [cost.line.functions or (cost.item.function,) for cost in costs if cost.item.category == "a" and cost.item.sort == "software"]


def counted_functions(costs: list[Cost], call: Call) -> tuple[str, ...]:
    """Which functions count for a member: those of all its tools, or of its richest one where the call counts by product."""
    each = functions_of(costs)
    names = (
        {name for tool in each for name in tool}
        if call.values.functions_across_tools
        else set(max(each, key=lambda x: len(set(x)), default=()))
    )
    return tuple(name for name in FUNCTIONS if name in names)


def member_a(costs: list[Cost], call: Call) -> MemberA:
    """A of one member from its own lines (S-30, S-31)."""
    values, functions = call.values, counted_functions(costs, call)
    it_cost, pc_cost, register_cost = (
        total(rule, code, [cost.eligible.yen for cost in costs if cost.item.sort == code])
        for rule, code in (("S-30", "software"), ("S-31", "pc"), ("S-31", "register"))
    )
    it = it_subsidy(it_cost, len(functions), call)
    pc = _capped(_at(pc_cost, values.a_pc_rate, "S-31", "a_pc_rate"), values.a_pc_cap, "S-31", "cap", "a_pc_cap")
    register = _capped(
        _at(register_cost, values.a_register_rate, "S-31", "a_register_rate"), values.a_register_cap, "S-31", "cap", "a_register_cap"
    )
    subsidy = total("S-30", "member", [it.yen, pc.yen, register.yen])
    return MemberA(functions, it_cost, it_cap(len(functions), call), it, pc_cost, pc, register_cost, register, subsidy)


def b_of(cost: Amount, group: int, call: Call) -> tuple[int, Amount]:
    """B of an application (S-33, 概要: 50万円×グループ構成員数) with so many members: its cap, and the subsidy before the total cap."""
    cap = call.values.b_cap_per_member * (group - (not call.values.representative_counts_in_b_cap))
    names = ("b_cap_per_member", "representative_counts_in_b_cap")
    return cap, _capped(_at(cost, call.values.b_rate, "S-33", "b_rate"), cap, "S-33", "cap", *names)


def keep(a: Amount, b: Amount, call: Call) -> tuple[Amount, Amount]:
    """A and B under their common cap (S-34): one is kept first, the other has the room that is left."""
    cap, names = call.values.ab_cap, ("ab_cap", "ab_kept_first")
    first, second = (a, b) if call.values.ab_kept_first == "a" else (b, a)
    kept = _capped(first, cap, "S-34", "total_cap", *names)
    rest = cap - kept.yen
    formula = f"min({grouped(second.yen)}, {grouped(cap)} − {grouped(kept.yen)})"
    left = second if second.yen <= rest else second.then("S-34", "total_cap", formula, rest, *names)
    return (kept, left) if call.values.ab_kept_first == "a" else (left, kept)


def share_of(ab: int, call: Call) -> Amount:
    """What A and B of `ab` yen together allow for C (S-35): (A+B) × 10% × 2/3, cut once."""
    part = call.values.c_share * call.values.c_rate
    return Amount(0).then("S-35", "share", f"floor({grouped(ab)} × {fraction(part)})", floor(ab * part), "c_share", "c_rate")


def c_of(cost: Amount, ab: int, call: Call) -> ShareC:
    """C beside A and B of `ab` yen (S-35)."""
    by_rate, by_share, ceiling = _at(cost, call.values.c_rate, "S-35", "c_rate"), share_of(ab, call), call.values.c_cap
    lowest = min(by_rate.yen, by_share.yen, ceiling)
    formula = f"min({grouped(by_rate.yen)}, {grouped(by_share.yen)}, {grouped(ceiling)})"
    return ShareC(cost, by_rate, by_share, ceiling, by_rate.then("S-35", "lowest", formula, lowest, "c_share", "c_cap"))


def _at(cost: Amount, rate: Fraction, rule: str, name: str) -> Amount:
    return cost.then(rule, "rate", f"floor({fraction(rate)} × {grouped(cost.yen)})", floor(rate * cost.yen), name)


def _capped(amount: Amount, cap: int, rule: str, code: str, *names: str) -> Amount:
    """The step is shown only where the cap cuts."""
    return amount if amount.yen <= cap else amount.then(rule, code, f"min({grouped(amount.yen)}, {grouped(cap)})", cap, *names)


def _of_a(costs: tuple[Cost, ...]) -> dict[str, list[Cost]]:
    """A's lines by member; who has none is not in it."""
    found: dict[str, list[Cost]] = {}
    for cost in costs:
        if cost.item.category == "a":
            found.setdefault(cost.line.member, []).append(cost)
    return found


def _warnings(application: Application, of_a: dict[str, list[Cost]], call: Call) -> list[tuple[str, str]]:
    """(code, member): a participant without an A line (S-04), a second function that only a free tool brings (S-30)."""
    found = []
    for member in application.participants:
        if member not in of_a:
            found.append(("W_IDLE_PARTICIPANT", member))
    for member in application.group:
        own = of_a.get(member, [])
        paid = [cost for cost in own if cost.eligible.yen]
        if len(counted_functions(own, call)) > 1 >= len(counted_functions(paid, call)):
            found.append(("W_FREE_FUNCTION", member))
    return found
