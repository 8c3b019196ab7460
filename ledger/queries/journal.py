"""仕訳帳: journal transactions whole, and the answer that a key got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from base.db import rows
from ledger.errors import KeyClosed, KeyReused, TransactionUnknown
from ledger.queries.finding import EVERYTHING, Wanted, find
from ledger.queries.statements import BACK
from ledger.rules import Fact, Posted, matching_word, payment_number
from ledger.words import WORDS

KEY = """
    SELECT id, posted_at, command_hash, kind FROM ledger.transaction WHERE district_id = %(district_id)s AND key = %(key)s
    UNION ALL
    SELECT t.id, t.posted_at, b.command_hash, t.kind
    FROM ledger.bound_key b JOIN ledger.transaction t ON t.district_id = b.district_id AND t.id = b.transaction_id
    WHERE b.district_id = %(district_id)s AND b.key_hash = sha256(uuid_send(%(key)s))"""


def find_key(session: Session, district_id: int, key: UUID, command_hash: bytes) -> Posted | None:
    """What this key wrote before, so that a door can answer a repeat before it plans anything.

    Raises KeyReused when its content was another, KeyClosed when the key was closed for good.
    """
    for transaction_id, posted_at, content, kind in rows(session, KEY, {"district_id": district_id, "key": key}):
        if kind == "key_closed":
            raise KeyClosed()
        if bytes(content) != command_hash:
            raise KeyReused()
        return Posted(transaction_id, posted_at, True, key)
    return None


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """`amount`: debit positive, in `unit` (0: yen, else pieces of that series). `balance_after`: natural, of consumers only."""

    account_id: int
    role: str
    owner_id: int
    series_id: int
    unit: int
    amount: int
    balance_after: int | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """仕訳: one journal transaction whole. `refunds`: ids of those that gave some of it back; `to_funders`: what of `refunded` went to
    whoever had funded a discount."""

    id: int
    key: UUID
    kind: str
    posted_at: datetime
    refers_to: int | None
    facts: dict[str, Fact]
    lines: tuple[TransactionLine, ...]
    refunded: int
    to_funders: int
    refunds: tuple[int, ...]

    @property
    def amount(self) -> int:
        """The sum of its debits in yen."""
        return sum(line.amount for line in self.lines if line.amount > 0 and line.unit == 0)

    @property
    def in_turn(self) -> tuple[TransactionLine, ...]:
        """Its lines as people read them: of the series that the plan named in its order (fact `turn`), then all others. `lines` stand by
        account."""
        turn = {int(number): place for place, number in enumerate(str(self.facts.get("turn") or "").split())}
        return tuple(sorted(self.lines, key=lambda line: turn.get(line.series_id, len(turn))))

    @property
    def matching_word(self) -> str:
        return matching_word(self.id, self.key)

    @property
    def payment_number(self) -> str:
        return payment_number(self.id)


TRANSACTIONS = f"""
    SELECT t.id, t.key, t.kind, t.posted_at, t.refers_to, t.facts, b.refunded, b.to_funders,
        ARRAY(SELECT r.id FROM ledger.transaction r WHERE r.district_id = t.district_id AND r.refers_to = t.id ORDER BY r.id) AS refunds,
        (SELECT jsonb_agg(jsonb_build_array(l.account_id, a.role, a.owner_id, a.series_id, a.unit, l.amount, (
                SELECT a.sign * e.balance_after FROM ledger.entry e
                WHERE a.role = 'consumer' AND e.district_id = a.district_id AND e.account_id = a.id AND e.transaction_id = t.id
                ORDER BY e.position DESC LIMIT 1)) ORDER BY l.place)  -- from the newest: nearly always it is one of them
         FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS l (account_id, amount, place)
         JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id) AS lines
    FROM ledger.transaction t CROSS JOIN LATERAL ({BACK}) b WHERE t.district_id = :district_id AND t.kind <> 'key_closed'
"""


def _transaction(row: Row[Any]) -> Transaction:
    lines = tuple(TransactionLine(*line) for line in row.lines)
    return Transaction(
        row.id,
        row.key,
        row.kind,
        row.posted_at,
        row.refers_to,
        row.facts,
        lines,
        row.refunded,
        row.to_funders,
        tuple(row.refunds),
    )


TRANSACTION = text(TRANSACTIONS + " AND t.id = :id")


def transaction(session: Session, district_id: int, transaction_id: int) -> Transaction:
    """Raises TransactionUnknown. The caller must check that the asker may see it."""
    row = session.execute(TRANSACTION, {"district_id": district_id, "id": transaction_id}).one_or_none()
    if row is None:
        raise TransactionUnknown(transaction=transaction_id)
    return _transaction(row)


LISTED = text(TRANSACTIONS + " AND t.id = ANY (CAST(:ids AS bigint[])) ORDER BY t.id DESC")


def journal(session: Session, district_id: int, wanted: Wanted = EVERYTHING, *, limit: int = 50) -> list[Transaction]:
    """仕訳帳, newest first: what is as wanted. Costs what is shown and not what the book holds (ledger.queries.finding)."""
    ids = find(session, district_id, wanted, limit=limit)
    return [_transaction(row) for row in session.execute(LISTED, {"district_id": district_id, "ids": ids})]


NEWEST_KEYS = text("""
    SELECT id, key FROM ledger.transaction
    WHERE district_id = :district_id AND posted_at >= :since AND kind <> 'key_closed' ORDER BY posted_at DESC LIMIT :within
""")


def by_word(session: Session, district_id: int, word: str, *, since: datetime, within: int) -> list[Transaction]:
    """What has this 合言葉 of the newest `within` transactions since then, newest first. A word is drawn from number and key and stands in
    no column, so it is made again for each; one of a thousand has the same. Words that are none are not looked for."""
    if word not in WORDS:
        return []
    values = {"district_id": district_id, "since": since, "within": within}
    ids = [row.id for row in session.execute(NEWEST_KEYS, values) if matching_word(row.id, row.key) == word]
    return [_transaction(row) for row in session.execute(LISTED, {"district_id": district_id, "ids": ids})] if ids else []
