"""What is to be posted, as it is planned; and the book's refusals in our words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from base.errors import MeguriError
from ledger.errors import BY_SQLSTATE, BY_SQLSTATE_AND_ROLE
from ledger.rules import Fact


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry. `amount`: int64 in the unit of the account, debit positive."""

    account_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One journal transaction as planned. `command_hash` covers what was asked for, not these lines:
    a repeat is recognised though its plan has changed. `posted_at` is for the demo and for tests only."""

    kind: str
    key: UUID
    command_hash: bytes
    lines: tuple[Line, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    refers_to: int | None = None
    hold_id: int | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Many journal transactions as planned, alike but for whom they credit and how much: one for each of `credits`, in their order.

    `amounts` as in Line, positive. `seed`: 32 bytes, the same for the same list and foretold by nobody; their keys are made of it.
    """

    kind: str
    seed: bytes
    debit: int
    credits: Sequence[int]
    amounts: Sequence[int]
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A kind of value to be opened. Amounts in yen; `valid_until` is the first moment at which it has ended."""

    code: str
    name: str
    name_en: str
    valid_from: datetime
    valid_until: datetime | None
    unit: str = "yen"
    payment_max: int = 100_000
    balance_max: int = 100_000
    transfer_max: int = 0
    ask_above: int = 3_000
    pin_above: int = 10_000
    new_device_max: int = 10_000
    refund_cashier_max: int = 10_000


@dataclass(frozen=True, slots=True)
class Mandate:
    """発行枠: what an approved proposal lets be created against accounts of `first_owner` to `last_owner`, and nothing beyond.

    `most`, in yen: for each `piece` (the series that counts them), in `all`, in a calendar `month` in Tokyo, or in a `day`
    of cash that buys coin (`per`). `once`: a soft
    budget, which one posting may pass by so much. The accounts are promotion and funder, or, with `worth` (yen of each series that one
    piece becomes), premium. `prefix`: of the code of the series that may be created.
    """

    per: str
    most: int
    first_owner: int
    last_owner: int
    once: int | None = None
    piece: int | None = None
    worth: Mapping[int, int] | None = None
    prefix: str | None = None

    def as_fact(self) -> dict[str, object]:
        """As `ledger.lay_mandate` reads it in the facts of a proposal."""
        names = ("per", "most", "first_owner", "last_owner", "once", "piece", "prefix")
        worth = None if self.worth is None else {str(series): yen for series, yen in self.worth.items()}
        return {name: getattr(self, name) for name in names} | {"premium": self.worth is not None, "worth": worth}


def hash_command(*parts: object) -> bytes:
    """SHA-256 over the content of a command (who, what, how much), told apart by type and length.

    Two commands have the same hash only if all parts are equal; the order counts.
    """
    return hashlib.sha256(json.dumps([[type(part).__name__, str(part)] for part in parts], ensure_ascii=False).encode()).digest()


def transfer(debit: int, credit: int, amount: int) -> tuple[Line, Line]:
    """The two lines of a simple transaction between two accounts."""
    return Line(debit, amount), Line(credit, -amount)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the book's own SQLSTATEs into its errors; anything else is a fault and passes through whole."""
    try:
        yield
    except DBAPIError as error:
        said = error.orig
        if not isinstance(said, psycopg.Error) or said.sqlstate not in BY_SQLSTATE:
            raise
        raise refusal(said.sqlstate, said.diag.message_detail) from error


def refusal(state: str, detail: str | None) -> MeguriError:
    """The error of ours that an SQLSTATE of the book's stands for."""
    facts = json.loads(detail or "{}")
    return BY_SQLSTATE_AND_ROLE.get((state, facts.get("role", "")), BY_SQLSTATE[state])(**facts)


def in_columns(drafts: Sequence[Draft]) -> dict[str, Any]:
    """Drafts as the functions take them: a list for each column, the lines of each in ascending order of account id."""
    sorted_lines = [sorted(draft.lines, key=lambda line: line.account_id) for draft in drafts]
    return {
        "kinds": [draft.kind for draft in drafts],
        "keys": [draft.key for draft in drafts],
        "hashes": [draft.command_hash.hex() for draft in drafts],  # an array of bytes is slow for psycopg to write
        "refers": [draft.refers_to for draft in drafts],
        "facts": json.dumps(
            [dict(draft.facts) for draft in drafts], ensure_ascii=False
        ),  # whole: an array of texts costs as much as posting
        "counts": [len(lines) for lines in sorted_lines],
        "accounts": [line.account_id for lines in sorted_lines for line in lines],
        "amounts": [line.amount for lines in sorted_lines for line in lines],
    }
