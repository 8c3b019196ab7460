"""招待: what an outside expert may see of a project, until when. The lead chooses it part by part; without one an expert sees nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PARTS = ("plan", "members", "costs", "papers", "evidence", "reports")
"""`papers` are the members' documents and `evidence` what proves a cost line, both with their files."""


def with_their_pages(parts: Iterable[str]) -> frozenset[str]:
    """Evidence stands beside its cost line: whoever is invited to it sees the costs."""
    found = frozenset(parts)
    return found | {"costs"} if "evidence" in found else found


@dataclass(frozen=True, slots=True)
class Invitation:
    """`until`: the last day on which it opens anything. No parts: it was ended."""

    parts: frozenset[str]
    until: date

    def lives(self, day: date) -> bool:
        """Whether anything is open on that day."""
        return bool(self.parts) and day <= self.until

    def shows(self, parts: Iterable[str], day: date) -> bool:
        """Whether all of these parts are open on that day."""
        return self.lives(day) and self.parts.issuperset(parts)
