"""What a phone's live line tells: money that came or went, and questions of shops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import ledger.queries
from identity.queries import Principal
from ledger.queries import Entry
from wallet.queries.consents import ConsentView, waiting_of
from wallet.queries.history import Movement, as_movements

AT_MOST = 50


@dataclass(frozen=True, slots=True)
class News:
    """`movements` oldest first. `mark`: what to give next time. `asks_anew`: whether `asked` is another than last time."""

    movements: tuple[Movement, ...]
    asked: ConsentView | None
    asks_anew: bool
    mark: str


def news(session: Session, who: Principal, mark: str | None, *, now: datetime) -> News:
    """Everything since `mark`; None begins now, with the question that is waiting, if one is.

    Entries of one account are numbered without gaps, so the highest number seen is an exact mark.
    """
    assert who.person_id is not None
    seen, asked_before = _read(mark)
    counts = ledger.queries.entry_counts(session, who.district_id, "consumer", who.person_id)
    fresh = []
    if mark is not None and any(count > seen.get(account, 0) for account, count in counts.items()):
        latest = ledger.queries.entries(session, who.district_id, list(counts), limit=AT_MOST)
        fresh = [entry for entry in latest if entry.position > seen.get(entry.account_id, 0)]
    for account, position in (*counts.items(), *((entry.account_id, entry.position) for entry in fresh)):
        seen[account] = max(seen.get(account, 0), position)  # one that was committed between the two looks is told already
    asked = waiting_of(session, who.district_id, who.person_id, now=now)
    asked_now = str(asked.id) if asked else ""
    return News(
        movements=tuple(reversed(_whole(session, who, fresh))),
        asked=asked,
        asks_anew=asked_now != asked_before,
        mark=mark_of(seen, asked_now),
    )


def _whole(session: Session, who: Principal, fresh: list[Entry]) -> list[Movement]:
    return as_movements(session, who.district_id, fresh, people={}) if fresh else []  # a live line names no people, and has no key to


def _read(mark: str | None) -> tuple[dict[int, int], str]:
    places, _, asked = (mark or "").partition("/")
    seen = {}
    for place in filter(None, places.split("_")):
        account, _, position = place.partition(".")
        if account.isdigit() and position.isdigit():
            seen[int(account)] = int(position)
    return seen, asked


def mark_of(seen: dict[int, int], asked: str = "") -> str:
    """The mark of somebody who has seen so many entries of each account, and this question."""
    return "_".join(f"{account}.{position}" for account, position in sorted(seen.items())) + "/" + asked
