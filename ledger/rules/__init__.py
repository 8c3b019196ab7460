"""Small pure rules and values of the book. The sealed log has files of its own beside this: `encoding`, `tree`, `notes`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ledger.words import WORDS

Fact = str | int | None

PROPOSAL_LIFE = timedelta(days=14)
"""How long a proposal can be approved: what was right to book then may be wrong after that. ledger.proposal_life() says the same."""

NOBODY = 0
"""The person in whose name the calendar declines."""

BATCH_MAX = 1000
"""Transactions in one call of ledger.post: a payer never waits for a whole batch."""


def matching_word(transaction_id: int, key: UUID) -> str:
    """合言葉: two kanji drawn from the payment, equal on both sides of the counter and unknown before it is posted."""
    digest = hashlib.sha256(f"meguri-word-v1:{transaction_id}:{key}".encode()).digest()
    return WORDS[int.from_bytes(digest[:4], "big") % len(WORDS)]


def cash_of(facts: Mapping[str, Fact]) -> int:
    """Yen in cash that a shop took or gave back beside a transaction: a fact, in no account of the book."""
    cash = facts.get("cash")
    return cash if isinstance(cash, int) else 0


def reached_customer(paid: int, facts: Mapping[str, Fact], refunded: int, to_funders: int) -> int:
    """What of `refunded` yen, which left the shop, the customer got who had paid so many: of a payment with a coupon the rest went
    back to whoever had funded the discount."""
    return min(refunded - (to_funders if facts.get("discount") else 0), paid)


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


@dataclass(frozen=True, slots=True)
class Lost:
    """What a payment that was booked again stands for: the number that it had, and when it was paid."""

    number: str
    posted_at: datetime


def lost_of(facts: Mapping[str, Fact]) -> Lost | None:
    """Of a payment that was lost with a return and booked again; None for any other."""
    return Lost(payment_number(int(str(facts["lost"]))), datetime.fromisoformat(str(facts["lost_at"]))) if facts.get("lost") else None
