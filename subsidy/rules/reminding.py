"""催促: of what a party is reminded today, made from dates and open links alone. Each occasion has a key, and nobody is told twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from subsidy.rules.calls import Call
from subsidy.rules.outlook import BASE
from subsidy.rules.progress import Facts, is_over, mend_by, state

BEFORE = (7, 30)
"""Days before a date on which it is said, the last first."""
UNANSWERED = (25, 7)
"""Days after which a link is brought to mind again, the last first; it lives for thirty."""


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A living link of which something has not come yet."""

    id: int
    party: int
    made_on: date


@dataclass(frozen=True, slots=True)
class Occasion:
    """`code`: figures, link, or the lead's date (DATES of titles). `key`: the same for ever, so that it is told once."""

    party: int
    code: str
    key: str
    due: date | None = None


def occasions(
    facts: Facts, missing: Mapping[int, Sequence[int]], links: Sequence[OpenLink], lead: int, today: date, call: Call
) -> list[Occasion]:
    """All that is to be said today. `missing`: by year that is asked for, the members whose figures are not there."""
    if is_over(facts):
        return []
    return [*_figures(facts, missing, today, call), *_links(links, today), *_dates(facts, lead, today, call)]


def _figures(facts: Facts, missing: Mapping[int, Sequence[int]], today: date, call: Call) -> Iterator[Occasion]:
    """A member is told once of one last day, however many years it still has to say."""
    told: set[int] = set()
    for year in sorted(missing):
        planned = facts.get("filing_planned")
        early = year == BASE and planned is not None and "submitted" not in facts
        due = planned.day if early and planned else call.values.reports[max(year, 1) - 1].file_to
        for party in missing[year] if (days := _threshold(due, today)) else ():
            if party not in told:
                told.add(party)
                yield Occasion(party, "figures", f"figures:{due}:{days}", due)


def _links(links: Sequence[OpenLink], today: date) -> Iterator[Occasion]:
    for link in links:
        waited = next((days for days in UNANSWERED if today - link.made_on >= timedelta(days=days)), None)
        if waited:
            yield Occasion(link.party, "link", f"link:{link.id}:{waited}")


def _dates(facts: Facts, lead: int, today: date, call: Call) -> Iterator[Occasion]:
    """Those of the lead: what is noted, and not done yet; a report only once the grant was decided."""
    ahead = [(kind, facts[kind].day, done) for kind, done in DONE_BY.items() if kind in facts]
    if state(facts) == "result_returned" and (due := mend_by(facts)):
        ahead.append(("mend_due", due, "fixed"))
    if "decided" in facts:
        ahead += [(f"report{n}", report.file_to, f"report{n}_filed") for n, report in enumerate(call.values.reports, start=1)]
    for code, due, done in ahead:
        if done not in facts and (days := _threshold(due, today)):
            yield Occasion(lead, code, f"{code}:{due}:{days}", due)


DONE_BY = {"filing_planned": "submitted", "period_end": "result_filed", "result_due": "result_filed"}
"""Dates that lie ahead, and the fact after which nobody needs to be told of them."""


def _threshold(due: date, today: date) -> int | None:
    """Which of the moments before a date has come; None where it is too early, or the date has passed."""
    left = (due - today).days
    return next((days for days in BEFORE if 0 <= left <= days), None)
