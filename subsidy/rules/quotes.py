"""What of a planned line is to be made sure of before it is filed: quotes, registration, reasons, eligibility (S-08, S-15, S-16, S-95)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subsidy.rules.application import Line
from subsidy.rules.calls import Call
from subsidy.rules.costs import net_of, with_tax, without_tax

QUOTES_MIN = 2
TAX, ROUND = 10, 1_000
"""Percent of tax on what is bought here; a price is a round sum in these."""
INELIGIBLE = ("application_fee", "second_hand", "lease", "general_use", "own_trade", "other_payment")
"""What makes a cost ineligible (S-16, assumed): each is asked of every line."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote: its number within the line, and yen without tax."""

    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class TaxDoubt:
    """A quote that may have been typed with its tax: can only be asked. `net`: yen without tax, if so; `like`: a quote that says that."""

    quote: int
    amount: int
    net: int
    like: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was made sure of. See the table `subsidy_line_check`."""

    quote: int | None = None
    why: str = ""
    provider_number: str = ""
    tool_number: str = ""
    reason: str = ""
    clear: tuple[str, ...] = ()
    definition: str = ""


def tax_doubts(quotes: Sequence[Quoted]) -> list[TaxDoubt]:
    """Quotes that are another one with ten percent on it, or that only come to whole thousands once ten percent are taken off."""
    found = []
    for quote in quotes:
        net = without_tax(quote.amount, TAX)
        like = next((each.number for each in quotes if each.amount and quote.amount in with_tax(each.amount, TAX)), None)
        if like is not None or (quote.amount and net % ROUND == 0 and with_tax(net, TAX) == (quote.amount, quote.amount)):
            found.append(TaxDoubt(quote.number, quote.amount, net, like))
    return found


def gaps(line: Line, is_registered: bool | None, quotes: Sequence[Quoted], checked: Checked, call: Call) -> list[str]:
    """What is still open, by code, in the order of the page."""
    return list(_gaps(line, is_registered, quotes, checked, call))


def _gaps(line: Line, is_registered: bool | None, quotes: Sequence[Quoted], checked: Checked, call: Call) -> Iterator[str]:
    item = call.items[line.item]
    if item.sort == "software":
        yield from _of_registration(is_registered, checked, call)
    if item.category != "c" or (item.sort == "office" and net_of(line).yen >= call.duties.office_quote_from):
        yield from _of_quotes(line, quotes, checked)
    if (line.item.endswith("-OTHER") or item.category == "c") and not checked.reason:
        yield "purpose" if item.category == "c" else "reason"
    if set(checked.clear) != set(INELIGIBLE):
        yield "ineligible_unasked"


def _of_registration(is_registered: bool | None, checked: Checked, call: Call) -> Iterator[str]:
    """S-08: asked before quotes are. Where the call wants it, an unregistered tool brings nothing; elsewhere its check is on record."""
    if is_registered is None:
        yield "registration_unasked"
    elif is_registered:
        if not (checked.provider_number and checked.tool_number):
            yield "registration_numbers"
    elif call.duties.registration_required:
        yield "registration_required"
    elif not checked.definition:
        yield "definition_unchecked"


def waits_for_registration(line: Line, is_registered: bool | None, call: Call) -> bool:
    """Whether nobody has said yet if provider and tool of this line are registered: then no quote is asked for."""
    return call.items[line.item].sort == "software" and is_registered is None


def _of_quotes(line: Line, quotes: Sequence[Quoted], checked: Checked) -> Iterator[str]:
    if len(quotes) < QUOTES_MIN:
        yield "quotes_few"
    chosen = next((quote for quote in quotes if quote.number == checked.quote), None)
    if quotes and chosen is None:
        yield "quote_unchosen"
    if chosen is None:
        return
    if chosen.amount > min(quote.amount for quote in quotes) and not checked.why:
        yield "dearer_without_reason"
    if chosen.amount != net_of(line).yen:
        yield "line_differs_from_quote"
