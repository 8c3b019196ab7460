"""Dates of the calendar that stand beside those of the project itself: of papers, links, lines, members and transfers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from base.clock import tokyo_day
from subsidy.queries.lines import LineRow
from subsidy.queries.papers import PaperRow
from subsidy.queries.passing import Passing
from subsidy.queries.rows import LinkRow
from subsidy.rules.calls import Call
from subsidy.rules.frames import Earlier, blocks
from subsidy.rules.progress import Dated, certificate_ends
from subsidy.rules.wanted import CERTIFICATES

NameOf = Callable[[int], str]


def certificates_end(papers: Sequence[PaperRow], call: Call, name_of: NameOf) -> list[Dated]:
    """The last day of each certificate that the application hands in."""
    return [
        Dated(certificate_ends(paper.issued_on, call), "certificate_ends", "S-54", about=name_of(paper.party_id))
        for paper in papers
        if paper.issued_on is not None and paper.kind in CERTIFICATES
    ]


def may_apply(earlier: Mapping[int, Sequence[Earlier]], on: date, call: Call, name_of: NameOf) -> list[Dated]:
    """Members who wait after a decision of the year before, and the first day on which each may apply."""
    found = blocks(on, {str(party): told for party, told in earlier.items()}, call)
    return [Dated(each.allowed_from, "may_apply", "S-62", about=name_of(int(each.member))) for each in found if each.allowed_from]


def planned_days(lines: Sequence[LineRow]) -> list[Dated]:
    """One date for all lines that are meant to be ordered, delivered or paid on it, by their numbers."""
    found: dict[tuple[date, str], list[int]] = {}
    for row in lines:
        for what, day in row.awaited:
            found.setdefault((day, f"plan_{what}"), []).append(row.number)
    return [Dated(day, code, "S-24", about=", ".join(map(str, numbers))) for (day, code), numbers in found.items()]


def links_end(links: Sequence[LinkRow], now: datetime, name_of: NameOf) -> list[Dated]:
    """One date for all links that end on it, by whom they stand for. No rule of the call says it: it is ours."""
    ends: dict[date, dict[str, None]] = {}
    for link in links:
        if link.lives(now):
            ends.setdefault(tokyo_day(link.expires_at), {})[name_of(link.party_id)] = None
    return [Dated(day, "link_ends", "", about="、".join(names)) for day, names in ends.items()]


def shares_passed(passing: Sequence[Passing], name_of: NameOf) -> list[Dated]:
    """One date for all members that were given their part on it (S-41)."""
    given: dict[date, list[str]] = {}
    for each in passing:
        if each.proof is not None and each.proof.day is not None:
            given.setdefault(each.proof.day, []).append(name_of(each.party_id))
    return [Dated(day, "share_passed", "S-41", about="、".join(names)) for day, names in given.items()]
