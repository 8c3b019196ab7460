"""申請: what was laid before a second person, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from ledger.errors import KeyReused, ProposalUnknown
from ledger.queries.journal import TransactionLine
from ledger.rules import NOBODY, PROPOSAL_LIFE, Fact, matching_word, payment_number

FALLEN = ("declined", "withdrawn", "lapsed")
"""How a proposal comes to nothing: sent back by a second person, taken back by its maker, or nobody decided in time."""


@dataclass(frozen=True, slots=True)
class ProposalItem:
    """One transaction as proposed. `transaction_id`: what it became; None as long as it is not posted.

    `is_void`: its key was closed, so it never will be.
    """

    key: UUID
    kind: str
    facts: dict[str, Fact]
    lines: tuple[TransactionLine, ...]
    transaction_id: int | None
    is_void: bool

    @property
    def is_open(self) -> bool:
        """Neither posted nor void."""
        return self.transaction_id is None and not self.is_void

    @property
    def matching_word(self) -> str | None:
        """合言葉, once it is posted."""
        return None if self.transaction_id is None else matching_word(self.transaction_id, self.key)

    @property
    def payment_number(self) -> str | None:
        """受付番号, once it is posted."""
        return None if self.transaction_id is None else payment_number(self.transaction_id)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`approved`: None while nobody has decided. `maker`, `checker`: persons.

    A list too long to be read line by line says in its facts how much it is in `total`; its `items` are not here.
    """

    id: int
    purpose: str
    maker: int
    proposed_at: datetime
    facts: dict[str, Fact]
    checker: int | None
    approved: bool | None
    note: str | None
    decided_at: datetime | None
    items: tuple[ProposalItem, ...]
    is_withdrawn: bool
    """Taken back by its maker."""

    @property
    def is_waiting(self) -> bool:
        return self.approved is None

    @property
    def is_expired(self) -> bool:
        """Declined by the calendar: nobody decided in time."""
        return self.outcome == "lapsed"

    @property
    def outcome(self) -> str:
        """waiting, approved, or one of FALLEN."""
        if self.approved is None:
            return "waiting"
        return "approved" if self.approved else _fell(self.checker, self.is_withdrawn)

    @property
    def ends_at(self) -> datetime:
        """From then on it cannot be approved."""
        return self.proposed_at + PROPOSAL_LIFE

    @property
    def amount(self) -> int:
        """Yen that it would move. What one of its transactions puts onto an account and another takes off again is counted once."""
        total = self.facts.get("total")
        if isinstance(total, int):
            return total
        moved: Counter[int] = Counter()
        for item in self.items:
            for line in item.lines:
                moved[line.account_id] += line.amount if line.unit == 0 else 0
        return sum(amount for amount in moved.values() if amount > 0)

    @property
    def at_stake(self) -> int:
        """Yen that it would move, or that what it begins would cost at most (`worst`): what a limit of approval looks at."""
        worst = self.facts.get("worst")
        return max(self.amount, worst if isinstance(worst, int) else 0)


PLAN = """
    SELECT p.id, p.purpose, p.maker, p.proposed_at, p.facts, d.checker, d.approved, d.note, d.decided_at,
        COALESCE(d.withdrawn, false) AS withdrawn,
        (SELECT jsonb_agg(jsonb_build_array(i.key, i.kind, i.facts, t.id, t.kind, {lines}) ORDER BY i.place)
         FROM ledger.proposal_item i LEFT JOIN ledger.transaction t ON t.district_id = i.district_id AND t.key = i.key
         WHERE i.district_id = p.district_id AND i.proposal_id = p.id AND NOT jsonb_exists(p.facts, 'total')) AS items
    FROM ledger.proposal p LEFT JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id
    WHERE p.district_id = :district_id
"""
LINES = """(
                SELECT jsonb_agg(jsonb_build_array(l.account_id, a.role, a.owner_id, a.series_id, a.unit, l.amount, NULL) ORDER BY l.place)
                FROM unnest(i.accounts, i.amounts) WITH ORDINALITY AS l (account_id, amount, place)
                JOIN ledger.account a ON a.district_id = i.district_id AND a.id = l.account_id)"""
PROPOSALS = PLAN.format(lines=LINES)
OUTLINES = PLAN.format(lines="NULL")


def proposals(
    session: Session, district_id: int, *, waiting: bool | None = None, purpose: str | None = None, limit: int = 50
) -> list[Proposal]:
    """Proposals, the newest first. `waiting`: only those that nobody has decided, or only those that somebody has, by when."""
    sql = PROPOSALS
    if waiting is not None:
        sql += f" AND d.proposal_id IS {'NULL' if waiting else 'NOT NULL'}"
    if purpose is not None:
        sql += " AND p.purpose = :purpose"
    order = f" ORDER BY {'d.decided_at DESC, ' if waiting is False else ''}p.id DESC LIMIT :limit"
    values = {"district_id": district_id, "purpose": purpose, "limit": limit}
    return [_proposal(row) for row in session.execute(text(sql + order), values)]


def count_waiting(session: Session, district_id: int, *, but_of: int | None) -> int:
    """How many proposals nobody has decided, those of one person left out. Looks at no line of them: a badge asks on every page."""
    sql = """
        SELECT count(*) FROM ledger.proposal p
        WHERE p.district_id = :district_id AND p.maker IS DISTINCT FROM CAST(:but_of AS bigint)
          AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = p.district_id AND d.proposal_id = p.id)
    """
    return int(session.execute(text(sql), {"district_id": district_id, "but_of": but_of}).scalar_one())


def one_proposal(session: Session, district_id: int, proposal_id: int) -> Proposal:
    """Raises ProposalUnknown."""
    row = session.execute(text(PROPOSALS + " AND p.id = :id"), {"district_id": district_id, "id": proposal_id}).one_or_none()
    if row is None:
        raise ProposalUnknown
    return _proposal(row)


def outlines(session: Session, district_id: int, proposal_ids: Collection[int]) -> dict[int, Proposal]:
    """Many proposals at once, by number, with the facts of their items and what became of them, but without their lines."""
    if not proposal_ids:
        return {}
    rows = session.execute(
        text(OUTLINES + " AND p.id = ANY (CAST(:ids AS bigint[]))"), {"district_id": district_id, "ids": list(proposal_ids)}
    )
    return {row.id: _proposal(row) for row in rows}


def find_proposal(session: Session, district_id: int, key: UUID, command_hash: bytes) -> int | None:
    """The proposal that carries this key, so that a repeat is answered before it is planned. Raises KeyReused for other content."""
    row = session.execute(
        text("SELECT proposal_id, command_hash FROM ledger.proposal_item WHERE district_id = :district_id AND key = :key"),
        {"district_id": district_id, "key": key},
    ).one_or_none()
    if row is not None and bytes(row.command_hash) != command_hash:
        raise KeyReused
    return None if row is None else int(row.proposal_id)


def item_keys(session: Session, district_id: int, proposal_id: int, places: Sequence[int]) -> dict[int, UUID]:
    """Place → the key of the transaction that stands there in a proposal."""
    items = text(
        "SELECT place, key FROM ledger.proposal_item"
        " WHERE district_id = :district_id AND proposal_id = :proposal_id AND place = ANY (CAST(:places AS int[]))"
    )
    values = {"district_id": district_id, "proposal_id": proposal_id, "places": list(places)}
    return {row.place: row.key for row in session.execute(items, values)}


def outcomes(session: Session, district_id: int, proposal_ids: Collection[int]) -> dict[int, bool]:
    """Proposal → approved (True) or declined (False); one that still waits is not among them."""
    rows = session.execute(
        text(
            "SELECT proposal_id, approved FROM ledger.decision"
            " WHERE district_id = :district_id AND proposal_id = ANY (CAST(:ids AS bigint[]))"
        ),
        {"district_id": district_id, "ids": list(proposal_ids)},
    )
    return {row.proposal_id: row.approved for row in rows}


def fallen(session: Session, district_id: int, proposal_ids: Collection[int]) -> dict[int, str]:
    """Proposal → how it came to nothing (FALLEN); one that waits or was approved is not among them. Looks at no line of theirs."""
    if not proposal_ids:
        return {}
    rows = session.execute(
        text(
            "SELECT proposal_id, checker, withdrawn FROM ledger.decision"
            " WHERE district_id = :district_id AND proposal_id = ANY (CAST(:ids AS bigint[])) AND NOT approved"
        ),
        {"district_id": district_id, "ids": list(proposal_ids)},
    )
    return {row.proposal_id: _fell(row.checker, row.withdrawn) for row in rows}


def _fell(checker: int | None, is_withdrawn: bool) -> str:
    return "withdrawn" if is_withdrawn else "lapsed" if checker == NOBODY else "declined"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a second person said to a proposal, and when. `checker`: 0 where nobody did: its maker took it back, or its time was over."""

    approved: bool
    checker: int
    decided_at: datetime
    outcome: str
    """approved, or one of FALLEN."""


def decisions(session: Session, district_id: int, proposal_ids: Collection[int]) -> dict[int, Decision]:
    """Proposal → its decision; one that still waits is not among them. Looks at no line of theirs."""
    rows = session.execute(
        text(
            "SELECT proposal_id, approved, checker, decided_at, withdrawn FROM ledger.decision"
            " WHERE district_id = :district_id AND proposal_id = ANY (CAST(:ids AS bigint[]))"
        ),
        {"district_id": district_id, "ids": list(proposal_ids)},
    )
    return {
        row.proposal_id: Decision(
            row.approved, row.checker, row.decided_at, "approved" if row.approved else _fell(row.checker, row.withdrawn)
        )
        for row in rows
    }


def _proposal(row: Row[Any]) -> Proposal:
    items = tuple(
        ProposalItem(
            key=UUID(key),
            kind=kind,
            facts=facts,
            lines=tuple(TransactionLine(*line) for line in lines or ()),
            transaction_id=None if became == "key_closed" else posted,
            is_void=became == "key_closed",
        )
        for key, kind, facts, posted, became, lines in row.items or ()
    )
    return Proposal(
        row.id,
        row.purpose,
        row.maker,
        row.proposed_at,
        row.facts,
        row.checker,
        row.approved,
        row.note,
        row.decided_at,
        items,
        row.withdrawn,
    )
