"""A party, a link, a fact, a contact as the desk reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from subsidy.models import Fact, Link
from subsidy.models import Party as PartyModel
from subsidy.rules.frames import Earlier
from subsidy.rules.group import Party
from subsidy.rules.progress import DUTIES


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about a party."""

    name: str = ""
    phone: str = ""
    address: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party with its name; `known`: what the rules ask about it. `changed_by`: a person's number, None for the party by its link."""

    id: int
    name: str
    merchant_id: int | None
    left_because: str
    revision: int
    changed_by: int | None
    changed_at: datetime
    has_contact: bool
    known: Party
    made_at: datetime

    @property
    def role(self) -> str:
        """representative, participant, provider or expert."""
        return self.known.role

    def back_in_group(self) -> PartyRow:
        """As it was before it left."""
        return replace(self, known=replace(self.known, left_on=None))


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An address that a party was given."""

    id: int
    party_id: int
    asked: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    ended_at: datetime | None

    def lives(self, now: datetime) -> bool:
        """Whether it still opens."""
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class FactRow:
    """One that was noted, whether it counts or not."""

    id: int
    kind: str
    day: date | None
    amounts: tuple[int, int, int] | None
    words: str
    made_by: int
    made_at: datetime


def party_for_rules(row: PartyModel) -> Party:
    """A party as the rules see it."""
    earlier = None if row.earlier is None else tuple(map(_earlier, row.earlier))
    return Party(
        row.id,
        row.role,
        row.is_sole,
        row.corporate_number,
        row.is_small,
        row.is_association_member,
        row.operates_business,
        row.has_gbiz_id,
        earlier,
        row.left_on,
    )


def party_row(row: PartyModel) -> PartyRow:
    return PartyRow(
        row.id,
        row.name,
        row.merchant_id,
        row.left_because,
        row.revision,
        row.changed_by,
        row.changed_at,
        row.contact is not None,
        party_for_rules(row),
        row.made_at,
    )


def _earlier(told: Mapping[str, Any]) -> Earlier:
    decided = told.get("decided")
    return Earlier(told["year"], told["scheme"], told["status"], date.fromisoformat(decided) if decided else None)


def fact_row(row: Fact) -> FactRow:
    amounts = None if row.a is None or row.b is None or row.c is None else (row.a, row.b, row.c)
    return FactRow(row.id, row.kind, row.day, amounts, row.words, row.made_by, row.made_at)


def duties_done(history: Iterable[FactRow]) -> list[FactRow]:
    """What was done after the project (S-89), oldest first; what was taken back is not there: the one noted last before it."""
    found: dict[str, list[FactRow]] = {kind: [] for kind in DUTIES}
    for row in history:
        if row.kind in found:
            found[row.kind] = [*found[row.kind], row] if row.day else found[row.kind][:-1]
    return sorted((row for rows in found.values() for row in rows), key=lambda row: row.day or date.min)


def link_row(row: Link) -> LinkRow:
    return LinkRow(row.id, row.party_id, tuple(row.asked), row.made_at, row.expires_at, row.seen_at, row.ended_at)
