"""The door that writes the book. Python says what to post, `ledger.post` decides whether it may be.

Nothing here commits: whoever opened the database transaction (`base.db.atomic`) ends it, so a payment and what
belongs to it live or die together. A refusal ends that transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ledger.errors import BY_SQLSTATE, BY_SQLSTATE_AND_ROLE
from ledger.rules import BATCH_MAX, Fact, Posted

__all__ = [
    "Draft", "Fact", "Line", "NewSeries", "Posted", "begin_epoch", "close_key", "close_month", "create_series", "decide", "fold",
    "hash_command", "open_account", "open_accounts", "place_hold", "post", "post_approved", "post_many", "prepare_epoch", "propose",
    "refusals", "release_hold", "reopen_month", "resume_log", "set_account_state", "set_owner_state", "take_piece", "transfer",
]  # fmt: skip


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
        state, detail = said.sqlstate, json.loads(said.diag.message_detail or "{}")
        raise BY_SQLSTATE_AND_ROLE.get((state, detail.get("role", "")), BY_SQLSTATE[state])(**detail) from error


POST = text(
    "SELECT transaction_id, posted_at, replayed FROM ledger.post(:district_id, CAST(:kinds AS text[]), CAST(:keys AS uuid[]),"
    " CAST(:hashes AS bytea[]), CAST(:refers AS bigint[]), CAST(:holds AS bigint[]), CAST(CAST(:facts AS text[]) AS jsonb[]),"
    " CAST(:counts AS int[]), CAST(:accounts AS bigint[]), CAST(:amounts AS bigint[]), CAST(:posted_at AS timestamptz[]))"
)


PAY = text(
    "SELECT transaction_id, posted_at, replayed FROM ledger.pay(:district_id, :kind, :key, :hash, CAST(:facts AS jsonb),"
    " CAST(:payer AS bigint), CAST(:payee AS bigint), CAST(:amount AS bigint))"
)


def post(session: Session, district_id: int, draft: Draft) -> Posted:
    """Write one balanced journal transaction, or give back what its key wrote before: one round trip.

    Raises any error of `ledger.errors`; nothing is written then, and the database transaction is over.
    """
    if draft.kind != "payment" or len(draft.lines) != 2 or draft.hold_id or draft.posted_at or draft.refers_to:
        return post_many(session, district_id, [draft])[0]
    payer, payee = sorted(draft.lines, key=lambda line: -line.amount)
    if payer.amount != -payee.amount:
        return post_many(session, district_id, [draft])[0]
    values = {
        "district_id": district_id,
        "kind": draft.kind,
        "key": draft.key,
        "hash": draft.command_hash,
        "facts": json.dumps(dict(draft.facts), ensure_ascii=False),
        "payer": payer.account_id,
        "payee": payee.account_id,
        "amount": payer.amount,
    }
    with refusals():
        row = session.execute(PAY, values).one()
    return Posted(row.transaction_id, row.posted_at, row.replayed, draft.key)


def post_many(session: Session, district_id: int, drafts: Sequence[Draft]) -> list[Posted]:
    """Write up to 1,000 journal transactions in order, all or none. Answers in the same order."""
    assert 0 < len(drafts) <= BATCH_MAX, len(drafts)
    moments = [draft.posted_at for draft in drafts]
    values: dict[str, Any] = _in_columns(drafts) | {
        "district_id": district_id,
        "holds": [draft.hold_id for draft in drafts],
        "posted_at": moments if any(moments) else None,
    }
    with refusals():
        rows = session.execute(POST, values).all()
    return [Posted(row.transaction_id, row.posted_at, row.replayed, draft.key) for row, draft in zip(rows, drafts, strict=True)]


def _in_columns(drafts: Sequence[Draft]) -> dict[str, Any]:
    """Drafts as the functions take them: a list for each column, the lines of each in ascending order of account id."""
    sorted_lines = [sorted(draft.lines, key=lambda line: line.account_id) for draft in drafts]
    return {
        "kinds": [draft.kind for draft in drafts],
        "keys": [draft.key for draft in drafts],
        "hashes": [draft.command_hash for draft in drafts],
        "refers": [draft.refers_to for draft in drafts],
        "facts": [json.dumps(dict(draft.facts), ensure_ascii=False) for draft in drafts],
        "counts": [len(lines) for lines in sorted_lines],
        "accounts": [line.account_id for lines in sorted_lines for line in lines],
        "amounts": [line.amount for lines in sorted_lines for line in lines],
    }


def close_key(session: Session, district_id: int, key: UUID) -> Posted | None:
    """Settle an unknown outcome: what the key wrote, or None once it is closed for good. Waits for an original under way.

    The caller must check that what comes back is theirs.
    """
    row = session.execute(
        text("SELECT id, posted_at FROM ledger.close_key(:district_id, :key)"),
        {"district_id": district_id, "key": key},
    ).one_or_none()
    return None if row is None else Posted(row.id, row.posted_at, True, key)


def open_account(session: Session, district_id: int, role: str, owner_id: int, series_id: int) -> int:
    """The id of the account with this role, owner and series (0 for plain yen), opened now if it was not there."""
    with refusals():
        return int(
            session.execute(
                text("SELECT ledger.open_account(:district_id, :role, :owner_id, :series_id)"),
                {
                    "district_id": district_id,
                    "role": role,
                    "owner_id": owner_id,
                    "series_id": series_id,
                },
            ).scalar_one()
        )


def open_accounts(session: Session, district_id: int, role: str, owner_ids: Sequence[int], series_id: int) -> list[int]:
    """The same for many owners in one statement, in their order."""
    values = {"district_id": district_id, "role": role, "owner_ids": list(owner_ids), "series_id": series_id}
    many = text(
        "SELECT ledger.open_account(:district_id, :role, owner_id, :series_id)"
        " FROM unnest(CAST(:owner_ids AS bigint[])) WITH ORDINALITY AS o (owner_id, place) ORDER BY place"
    )
    with refusals():
        return list(session.execute(many, values).scalars())


def set_account_state(session: Session, district_id: int, account_id: int, state: str) -> None:
    """'open', 'frozen' (nothing moves, the balance stays) or 'closed' (for good)."""
    with refusals():
        session.execute(
            text("SELECT ledger.set_account_state(:district_id, :account_id, :state)"),
            {"district_id": district_id, "account_id": account_id, "state": state},
        )


def set_owner_state(session: Session, district_id: int, role: str, owner_id: int, state: str) -> None:
    """The same for all accounts of an owner in a role, and for those that are opened later. 'closed' is never undone."""
    with refusals():
        session.execute(
            text("SELECT ledger.set_owner_state(:district_id, :role, :owner_id, :state)"),
            {"district_id": district_id, "role": role, "owner_id": owner_id, "state": state},
        )


def create_series(session: Session, district_id: int, new: NewSeries) -> int:
    """Open a series and give its id. Raises SeriesExists, SeriesWrong."""
    names = [
        "code",
        "name",
        "name_en",
        "unit",
        "valid_from",
        "valid_until",
        "payment_max",
        "balance_max",
        "transfer_max",
        "ask_above",
        "pin_above",
        "new_device_max",
        "refund_cashier_max",
    ]
    gaps = ", ".join(f":{name}" for name in names)
    with refusals():
        found = session.execute(
            text(f"SELECT ledger.create_series(:district_id, {gaps})"),
            {"district_id": district_id} | {name: getattr(new, name) for name in names},
        )
    session.info.pop("ledger.series", None)  # what this session has read of them (ledger/queries/series.py) is old now
    return int(found.scalar_one())


def place_hold(
    session: Session,
    district_id: int,
    account_id: int,
    amount: int,
    *,
    key: UUID,
    command_hash: bytes,
    expires_at: datetime,
) -> int:
    """Set `amount` (natural, > 0) aside until `expires_at` and give the hold's id; the same key gives the same hold."""
    with refusals():
        found = session.execute(
            text("SELECT ledger.place_hold(:district_id, :account_id, :amount, :key, :command_hash, :expires_at)"),
            {
                "district_id": district_id,
                "account_id": account_id,
                "amount": amount,
                "key": key,
                "command_hash": command_hash,
                "expires_at": expires_at,
            },
        )
    return int(found.scalar_one())


def release_hold(session: Session, district_id: int, hold_id: int) -> bool:
    """Give the held value back; False when it had ended already. Raises HoldUnknown."""
    with refusals():
        found = session.execute(
            text("SELECT ledger.release_hold(:district_id, :hold_id)"),
            {"district_id": district_id, "hold_id": hold_id},
        )
    return bool(found.scalar_one())


PROPOSE = text(
    "SELECT ledger.propose(:district_id, :maker, :purpose, CAST(:about AS jsonb), CAST(:kinds AS text[]), CAST(:keys AS uuid[]),"
    " CAST(:hashes AS bytea[]), CAST(:refers AS bigint[]), CAST(CAST(:facts AS text[]) AS jsonb[]),"
    " CAST(:counts AS int[]), CAST(:accounts AS bigint[]), CAST(:amounts AS bigint[]), CAST(:at AS timestamptz))"
)


def propose(
    session: Session,
    district_id: int,
    maker: int,
    purpose: str,
    drafts: Sequence[Draft],
    *,
    facts: Mapping[str, Fact] | None = None,
    at: datetime | None = None,
) -> int:
    """Lay transactions before a second person and give the proposal's number. Nothing moves yet.

    `maker`: the person who proposes, and who can never decide. `at` is for the demo and for tests only.
    Raises KeyReused when one of the keys was proposed before.
    """
    about = json.dumps(dict(facts or {}))
    values = _in_columns(drafts) | {"district_id": district_id, "maker": maker, "purpose": purpose, "about": about, "at": at}
    with refusals():
        return int(session.execute(PROPOSE, values).scalar_one())


def decide(
    session: Session,
    district_id: int,
    proposal_id: int,
    checker: int,
    *,
    approved: bool,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """Record the one decision on a proposal; `at` is for the demo and for tests only. Raises ProposalUnknown, SameHands, AlreadyDecided."""
    values = {"district_id": district_id, "proposal_id": proposal_id, "checker": checker, "approved": approved, "note": note, "at": at}
    with refusals():
        session.execute(
            text("SELECT ledger.decide(:district_id, :proposal_id, :checker, :approved, :note, CAST(:at AS timestamptz))"), values
        )


def post_approved(
    session: Session, district_id: int, proposal_id: int, *, first: int = 1, limit: int = BATCH_MAX, posted_at: datetime | None = None
) -> list[Posted]:
    """Post the proposal's transactions, in order, from place `first` on. Again is harmless: each key answers once.

    `posted_at` is for the demo and for tests only.
    Raises NotApproved, and whatever the book says to one of them: nothing of this piece is written then.
    """
    rows = session.execute(
        text(
            "SELECT kind, key, command_hash, refers_to, facts, accounts, amounts FROM ledger.proposal_item"
            " WHERE district_id = :district_id AND proposal_id = :proposal_id AND place >= :first ORDER BY place LIMIT :limit"
        ),
        {"district_id": district_id, "proposal_id": proposal_id, "first": first, "limit": limit},
    ).all()
    drafts = [
        Draft(
            row.kind,
            row.key,
            bytes(row.command_hash),
            tuple(map(Line, row.accounts, row.amounts)),
            row.facts,
            row.refers_to,
            None,
            posted_at,
        )
        for row in rows
    ]
    return post_many(session, district_id, drafts) if drafts else []


def close_month(session: Session, district_id: int, month: date, person_id: int) -> int:
    """月次締め of the month that begins on `month`: what it holds is written down, and nothing can be added. Gives the close's number.

    Waits some seconds for what is under way. Raises MonthClosed, MonthsInOrder, MonthNotOver, BookBusy.
    """
    values = {"district_id": district_id, "month": month, "person_id": person_id}
    with refusals():
        return int(session.execute(text("SELECT ledger.close_month(:district_id, :month, :person_id)"), values).scalar_one())


def reopen_month(session: Session, district_id: int, proposal_id: int) -> None:
    """Open the newest closed month again, as an approved proposal of the purpose `reopen_month` names it (`closing` in its facts).

    Again is harmless. Raises NotApproved, MonthsInOrder.
    """
    with refusals():
        session.execute(text("SELECT ledger.reopen_month(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})


def resume_log(session: Session, district_id: int) -> None:
    """Nothing is missing: the held log of a district is signed on, in this place. Harmless where it is not held."""
    session.execute(text("SELECT ledger.resume_log(:district_id)"), {"district_id": district_id})


def prepare_epoch(session: Session, district_id: int, *, size: int, largest: int, returned_to: datetime, public_key: str) -> int:
    """Lay a new epoch ready for two people, and give its number: the log goes on from the checkpoint of `size`. Raises EpochWrong.

    `largest`: the largest size that anybody is known to have seen signed. `public_key`: who signs from then on.
    """
    values = {"district_id": district_id, "size": size, "largest": largest, "returned_to": returned_to, "public_key": public_key}
    with refusals():
        return int(
            session.execute(
                text("SELECT ledger.prepare_epoch(:district_id, :size, :largest, :returned_to, :public_key)"), values
            ).scalar_one()
        )


def begin_epoch(session: Session, district_id: int, proposal_id: int) -> None:
    """The prepared epoch that an approved proposal of the purpose `new_epoch` names (`epoch` in its facts); the sealer signs it.

    Again is harmless. Raises NotApproved, EpochWrong.
    """
    with refusals():
        session.execute(text("SELECT ledger.begin_epoch(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})


def take_piece(session: Session, district_id: int, series_id: int) -> int | None:
    """The account of a stock shard that holds a piece of this coupon, locked until the commit; None: all have been given out."""
    values = {"district_id": district_id, "series_id": series_id}
    found = session.execute(text("SELECT ledger.take_piece(:district_id, :series_id)"), values).scalar_one()
    return None if found is None else int(found)


def fold(session: Session, *, limit: int = 200) -> int:
    """Fold what was appended, of at most `limit` accounts; gives the number of entries folded. For the worker, each second."""
    due = session.execute(
        text("SELECT district_id, account_id FROM ledger.to_fold(:limit)"),
        {"limit": limit},
    ).all()
    folded = 0
    for row in due:
        folded += session.execute(text("SELECT ledger.fold(:district_id, :account_id)"), row._asdict()).scalar_one()
    return folded
