"""Posting: one transaction or many, a key closed for good, and a hold on what will be paid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.commands.drafts import Draft, in_columns, refusals
from ledger.rules import BATCH_MAX, Posted

POST = text(
    "SELECT transaction_id, posted_at, replayed FROM ledger.post(:district_id, CAST(:kinds AS text[]), CAST(:keys AS uuid[]),"
    " ARRAY(SELECT decode(each, 'hex') FROM unnest(CAST(:hashes AS text[])) AS each), CAST(:refers AS bigint[]), CAST(:holds AS bigint[]),"
    " ARRAY(SELECT jsonb_array_elements(CAST(:facts AS jsonb))), CAST(:counts AS int[]), CAST(:accounts AS bigint[]),"
    " CAST(:amounts AS bigint[]), CAST(:posted_at AS timestamptz[]))"
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
    values: dict[str, Any] = in_columns(drafts) | {
        "district_id": district_id,
        "holds": [draft.hold_id for draft in drafts],
        "posted_at": moments if any(moments) else None,
    }
    with refusals():
        rows = session.execute(POST, values).all()
    return [Posted(row.transaction_id, row.posted_at, row.replayed, draft.key) for row, draft in zip(rows, drafts, strict=True)]


def close_key(session: Session, district_id: int, key: UUID) -> Posted | None:
    """Settle an unknown outcome: what the key wrote, or None once it is closed for good. Waits for an original under way.

    The caller must check that what comes back is theirs.
    """
    row = session.execute(
        text("SELECT id, posted_at FROM ledger.close_key(:district_id, :key)"),
        {"district_id": district_id, "key": key},
    ).one_or_none()
    return None if row is None else Posted(row.id, row.posted_at, True, key)


def place_hold(
    session: Session,
    district_id: int,
    account_id: int,
    amount: int,
    *,
    key: UUID,
    command_hash: bytes,
    expires_at: datetime,
    gift: bool = False,
) -> int:
    """Set `amount` (natural, > 0) aside until `expires_at` and give the hold's id; the same key gives the same hold.

    A `gift` is for another person to take by a `transfer` that names it. It counts as passed on at once: raises TransfersOff,
    TransferTooLarge, TransferMonthFull.
    """
    door = "place_gift" if gift else "place_hold"
    with refusals():
        found = session.execute(
            text(f"SELECT ledger.{door}(:district_id, :account_id, :amount, :key, :command_hash, :expires_at)"),
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
