"""What is asked for, and what can be wrong with it before any sum is made (the overview's pages on scheme, roles and costs).

All faults are told at once: whoever mends an application mends it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from subsidy.rules.calls import FUNCTIONS, Call, Item

COST_KINDS = {
    "software": ("purchase", "cloud", "introduction"),
    "pc": ("hardware", "hardware_install"),
    "register": ("hardware", "hardware_install"),
    "hardware": ("hardware", "hardware_install"),
    "office": ("office",),
    "expert": ("expert",),
}
"""Which kinds of cost (費目) an item's sort may have."""


@dataclass(frozen=True, slots=True)
class Line:
    """A cost line. `amount`: whole yen, with tax if `tax_included`, `tax_rate` in percent.

    `months`: how many a cloud fee pays for; lines with the same `tool` are one subscription. `functions` of A's software,
    None for the item's own. The three days are of the result report; a line that is only planned has none.
    """

    id: str
    member: str
    item: str
    cost_kind: str
    amount: int
    tax_included: bool = False
    tax_rate: int | None = None
    months: int | None = None
    tool: str | None = None
    functions: tuple[str, ...] | None = None
    ordered: date | None = None
    delivered: date | None = None
    paid: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an application cannot be reckoned: a code of docs/subsidy.md, and the line or member it is about where there is one."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One application (申請) of a group. Ids name legal persons: the same id is the same person.

    `is_result`: costs as they were, to be judged by their days; else a plan. `unreadable`: what whoever read it in could not read
    (text for an amount, a 31 April); such a line stands here with a value in its place and is told with the other faults.
    """

    representative: str
    representative_kind: str
    operates_business: bool
    participants: tuple[str, ...]
    business_types: tuple[int, ...]
    lines: tuple[Line, ...]
    it_providers: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    is_result: bool = False
    grant_decision: date | None = None
    project_end: date | None = None
    unreadable: tuple[Fault, ...] = ()

    @property
    def group(self) -> tuple[str, ...]:
        """Representative and participants, each once, in order."""
        return tuple(dict.fromkeys((self.representative, *self.participants)))


class Refused(ValueError):
    """No sum can be made. `faults`: every reason, sorted by code."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(", ".join(self.codes))

    @property
    def codes(self) -> list[str]:
        """The reasons, each once, sorted."""
        return sorted({fault.code for fault in self.faults})


def size_of(application: Application, call: Call) -> int:
    """How many the group counts (10者以上): members, or participants alone where the call says so."""
    return len(application.group) - (not call.values.representative_counts_in_size)


def check(application: Application, call: Call) -> None:
    """Raise Refused if anything is wrong (rules S-05 to S-25)."""
    faults = (*_group_faults(application, call), *_line_faults(application, call), *_day_faults(application))
    if faults:
        raise Refused(tuple(sorted(set(faults), key=lambda fault: (fault.code, fault.about))))


def _group_faults(application: Application, call: Call) -> Iterator[Fault]:
    values, group = call.values, application.group
    if size_of(application, call) < values.group_min:
        yield Fault("E_GROUP_TOO_SMALL", str(size_of(application, call)))
    listed = Counter((application.representative, *application.participants))
    yield from (Fault("E_DUP_MEMBER", member) for member, times in listed.items() if times > 1)
    yield from (Fault("E_PROVIDER_IN_GROUP", each) for each in application.it_providers if each in group)
    yield from (Fault("E_EXPERT_IN_GROUP", each) for each in application.experts if each in group)
    if application.representative_kind not in values.representative_kinds:
        yield Fault("E_REP_KIND", application.representative_kind)
    if not application.business_types:
        yield Fault("E_NO_BUSINESS_TYPE")
    yield from (Fault("E_BUSINESS_TYPE", str(each)) for each in application.business_types if not 1 <= each <= values.business_types)


def _line_faults(application: Application, call: Call) -> Iterator[Fault]:
    lines, items = application.lines, call.items
    if not lines:
        yield Fault("E_NO_LINES")
    yield from (Fault("E_DUP_LINE", line) for line, times in Counter(line.id for line in lines).items() if times > 1)
    yield from (Fault("E_UNKNOWN_ITEM", line.id) for line in lines if line.item not in items)
    unknown = {line.id for line in lines if line.item not in items}
    yield from (fault for fault in application.unreadable if fault.about not in unknown)
    known = [(line, items[line.item]) for line in lines if line.item in items]
    for line, item in known:
        yield from (Fault(code, line.id) for code in _wrong_with(line, item, application, call))
    if {item.category for _, item in known} == {"c"}:
        yield Fault("E_C_ALONE")


def _wrong_with(line: Line, item: Item, application: Application, call: Call) -> Iterator[str]:
    values = call.values
    is_representatives = line.member == application.representative
    if line.member not in application.group:
        yield "E_UNKNOWN_MEMBER"
    if line.cost_kind not in COST_KINDS[item.sort]:
        yield "E_COST_KIND"
    if not 0 <= line.amount <= values.amount_max:
        yield "E_AMOUNT"
    if line.tax_included and line.tax_rate not in values.tax_rates:
        yield "E_TAX"
    if line.cost_kind == "cloud" and (line.months is None or line.months < 1):
        yield "E_MONTHS"
    if item.function and line.functions is not None and not _are_functions(line.functions, item.function):
        yield "E_FUNCTIONS"
    if item.category == "c" and not is_representatives:
        yield "E_C_NOT_REPRESENTATIVE"
    refused_without_business = {"a"} if values.representative_without_business_holds_b else {"a", "b"}
    if is_representatives and not application.operates_business and item.category in refused_without_business:
        yield "E_REP_NO_BUSINESS"


def _are_functions(given: tuple[str, ...], own: str) -> bool:
    """A tool has at least the function it is named for (概要: デジタル化基盤導入類型)."""
    return own in given and all(each in FUNCTIONS for each in given)


def _day_faults(application: Application) -> Iterator[Fault]:
    """A result is judged between two days; they must be there, in their order."""
    decided, end = application.grant_decision, application.project_end
    if application.is_result and (decided is None or end is None or end < decided):
        yield Fault("E_DATE")
