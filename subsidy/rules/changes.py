"""計画変更: what differs from the plan that was decided on, and which differences the office must approve beforehand.

Source: grant rules in general (一般の交付規程), recalled: what is bought, by whom and in which category is approved; what gets cheaper
is told in the result report. So every `needs` here is [assumed]: the grant rules of the call stand above it (S-90, S-92).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from subsidy.rules.application import Line
from subsidy.rules.costs import net_of

APPROVAL, NOTICE, ADVICE = "approval", "notice", "advice"
"""Before it is done; in the result report; not without the office's word."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. `line` or `party`: what it is about. `before`, `after`: yen without tax, where it has any."""

    code: str
    rule: str
    needs: str
    line: int | None = None
    party: int | None = None
    before: int = 0
    after: int = 0


def differences(before: Sequence[Line], after: Sequence[Line], left: Sequence[int], joined: Sequence[int]) -> list[Difference]:
    """Members first, then lines by number. Lines are those in the plan, then and now."""
    found = [Difference("member_left", "S-92", ADVICE, party=party) for party in left]
    found += [Difference("member_joined", "S-92", APPROVAL, party=party) for party in joined]
    then, now = _by_number(before), _by_number(after)
    for number in sorted(then.keys() | now.keys()):
        found += _of_line(number, then.get(number), now.get(number))
    return found


def _by_number(lines: Sequence[Line]) -> Mapping[int, Line]:
    return {int(line.id): line for line in lines}


def _of_line(number: int, then: Line | None, now: Line | None) -> Iterator[Difference]:
    before, after = (net_of(line).yen if line else 0 for line in (then, now))
    about = {"line": number, "before": before, "after": after}
    if then is None or now is None:
        yield Difference("line_added" if then is None else "line_out", "S-90", APPROVAL, **about)
        return
    if (then.item, then.cost_kind, then.functions or ()) != (now.item, now.cost_kind, now.functions or ()):
        yield Difference("item_changed", "S-90", APPROVAL, **about)
    if then.member != now.member:
        yield Difference("member_changed", "S-90", APPROVAL, **about)
    if then.months != now.months:
        yield Difference("months_changed", "S-21", APPROVAL, **about)
    if after > before:
        yield Difference("amount_up", "S-39", APPROVAL, **about)
    elif after < before:
        yield Difference("amount_down", "S-39", NOTICE, **about)
