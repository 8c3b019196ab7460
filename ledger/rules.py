"""Small pure rules and values of the book."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.words import WORDS

Fact = str | int | None

BATCH_MAX = 1000
"""Transactions in one call of ledger.post: a payer never waits for a whole batch."""


def matching_word(transaction_id: int, key: UUID) -> str:
    """合言葉: two kanji drawn from the payment, equal on both sides of the counter and unknown before it is posted."""
    digest = hashlib.sha256(f"meguri-word-v1:{transaction_id}:{key}".encode()).digest()
    return WORDS[int.from_bytes(digest[:4], "big") % len(WORDS)]


def payment_number(transaction_id: int) -> str:
    """受付番号: the number of a transaction as people read it to each other, in groups of four from the right."""
    digits = f"{transaction_id:08d}"
    head = len(digits) % 4
    groups = [digits[:head]] if head else []
    return "-".join(groups + [digits[place : place + 4] for place in range(head, len(digits), 4)])


@dataclass(frozen=True, slots=True)
class Posted:
    """What the book answered. `replayed`: the key had been answered before, nothing was written now."""

    transaction_id: int
    posted_at: datetime
    replayed: bool
    key: UUID

    @property
    def matching_word(self) -> str:
        return matching_word(self.transaction_id, self.key)

    @property
    def payment_number(self) -> str:
        return payment_number(self.transaction_id)
