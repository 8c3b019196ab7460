"""Who is in the group, and whether it may apply: each condition is met, not met or not yet known, with its rule (S-03 to S-11, S-61, S-62).

Nothing here is refused: a group in the making is always unfinished. What is unknown is never taken for a yes or a no.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from subsidy.rules.calls import Call
from subsidy.rules.frames import Earlier, blocks

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


ERRORS = {
    "twice": "E_DUP_MEMBER",
    "provider": "E_PROVIDER_IN_GROUP",
    "expert": "E_EXPERT_IN_GROUP",
    "duplicate": "E_DUPLICATE_FRAME",
    "twelve_months": "E_WITHIN_12_MONTHS",
}
"""Conditions that stop an application when they are not met, beside those that the calculator tells itself."""


@dataclass(frozen=True, slots=True)
class Party:
    """A legal person in or beside the group. None is not yet known. `earlier`: its applications to other frames, () for none."""

    id: int
    role: str
    is_sole: bool = False
    corporate_number: str | None = None
    is_small: bool | None = None
    is_association_member: bool | None = None
    operates_business: bool | None = None
    has_gbiz_id: bool | None = None
    earlier: tuple[Earlier, ...] | None = None
    left_on: date | None = None

    @property
    def is_in_group(self) -> bool:
        """Representative or participant, and still there."""
        return self.left_on is None and self.role in ("representative", "participant")


@dataclass(frozen=True, slots=True)
class Check:
    """One condition. `who`: the parties that it is about, where it is not met or not yet known. `facts`: figures for its sentence."""

    code: str
    rule: str
    state: str
    who: tuple[int, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def checks(representative_kind: str, business_types: Sequence[int], parties: Sequence[Party], on: date, call: Call) -> list[Check]:
    """Every condition in the order of the rules. `on`: the day of applying, planned or real."""
    group = [party for party in parties if party.is_in_group]
    beside = [party for party in parties if party.left_on is None and not party.is_in_group]
    participants = [party for party in group if party.role == "participant"]
    lead = [party for party in group if party.role == "representative"]
    values = call.values
    return [
        _size(group, participants, call),
        _twice(group),
        _outside("provider", "S-06", group, [party for party in beside if party.role == "provider"]),
        _outside("expert", "S-07", group, [party for party in beside if party.role == "expert"]),
        Check("rep_kind", "S-09", MET if representative_kind in values.representative_kinds else UNMET),
        _each("rep_business", "S-03", lead, "operates_business", no_is_wrong=False),
        _each("small", "S-04", participants, "is_small"),
        Check("types", "S-11", MET if business_types and all(1 <= each <= values.business_types for each in business_types) else UNMET),
        _each("gbiz", "S-10", lead, "has_gbiz_id"),
        *_frames(group, on, call),
    ]


def _size(group: list[Party], participants: list[Party], call: Call) -> Check:
    """S-05. Where it is met only by counting the representative, the other reading is one short: said beside the figure."""
    counted = group if call.values.representative_counts_in_size else participants
    facts = {"count": len(counted), "least": call.values.group_min, "missing": max(call.values.group_min - len(counted), 0)}
    return Check("size", "S-05", MET if len(counted) >= call.values.group_min else UNMET, facts=facts)


def size_is_doubtful(group: int, call: Call) -> bool:
    """Whether the group is large enough only because its representative counts (S-05: a safe plan has one member more)."""
    return call.values.representative_counts_in_size and group == call.values.group_min


def _twice(group: list[Party]) -> Check:
    numbers = Counter(party.corporate_number for party in group if party.corporate_number)
    double = tuple(party.id for party in group if party.corporate_number and numbers[party.corporate_number] > 1)
    return _judged("twice", "S-05", double, _without_number(group))


def _outside(role: str, rule: str, group: list[Party], outside: list[Party]) -> Check:
    """Nobody beside the group is also in it, by corporate number. With nobody beside it yet, there is nothing to compare."""
    inside = {party.corporate_number for party in group if party.corporate_number}
    both = tuple(party.id for party in outside if party.corporate_number in inside)
    if not outside:
        return Check(role, rule, UNKNOWN if role == "provider" else MET)
    return _judged(role, rule, both, _without_number([*outside, *group]))


def _without_number(parties: list[Party]) -> tuple[int, ...]:
    """A body without its number cannot be told from another; a person has none."""
    return tuple(party.id for party in parties if not party.is_sole and not party.corporate_number)


def _judged(code: str, rule: str, wrong: tuple[int, ...], unclear: tuple[int, ...]) -> Check:
    state = UNMET if wrong else UNKNOWN if unclear else MET
    return Check(code, rule, state, wrong or unclear)


def _each(code: str, rule: str, parties: list[Party], name: str, *, no_is_wrong: bool = True) -> Check:
    """Of every one of them the answer is yes; where a no is right as well, only that there is one."""
    answers = {party.id: getattr(party, name) for party in parties}
    wrong = tuple(each for each, answer in answers.items() if answer is False and no_is_wrong)
    return _judged(code, rule, wrong, tuple(each for each, answer in answers.items() if answer is None))


def _frames(group: list[Party], on: date, call: Call) -> Iterator[Check]:
    """S-61 and S-62, both for every member: whoever was not asked is unknown."""
    histories = {str(party.id): party.earlier for party in group if party.earlier is not None}
    found = blocks(on, histories, call)
    unasked = tuple(party.id for party in group if party.earlier is None)
    for code, rule, name in (("duplicate", "S-61", "E_DUPLICATE_FRAME"), ("twelve_months", "S-62", "E_WITHIN_12_MONTHS")):
        stopped = [block for block in found if block.code == name]
        free = [block.allowed_from for block in stopped if block.allowed_from]
        facts = {"free": max(free)} if free else {}
        who = tuple(dict.fromkeys(int(block.member) for block in stopped))
        yield Check(code, rule, UNMET if who else UNKNOWN if unasked else MET, who or unasked, facts)


def is_corporate_number(number: str) -> bool:
    """13 figures, the first of them the check digit of the others (法人番号の指定等に関する省令 2条)."""
    if len(number) != 13 or not (number.isascii() and number.isdigit()):
        return False
    total = sum(int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9
