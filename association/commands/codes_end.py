"""チャージ券の期限切れ: what is left of a batch after its last day is booked out by the worker, batch by batch.

Codes that were sold become income, as coin that expires does; codes that were a prize have cost nothing after all, and go back
to the cost of promotion. A code that somebody has laid down to be cancelled waits for that decision.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.keys import own_key
from association.models import CodeBatch, TopUpCode
from base.clock import tokyo_day
from base.db import atomic

BATCHES_MAX = 10
"""Batches of a round: somebody who redeems a code waits for no more than these."""


def expire_codes(session: Session, *, now: datetime, limit: int = BATCHES_MAX) -> int:
    """Book the end of what is left of up to `limit` batches whose last day is over at `now`, in all districts; gives how many codes.

    For the worker: again is harmless, and cut off it has done nothing of this round and goes on the next time.
    """
    booked, batches = 0, 0
    with atomic(session):
        over = select(CodeBatch).where(CodeBatch.last_day < tokyo_day(now), CodeBatch.cleared_at.is_(None)).order_by(CodeBatch.last_day)
        mine = over.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        for batch in session.scalars(mine).all():
            if batches < limit:
                ended = _expire(session, batch, now)
                booked, batches = booked + ended, batches + (ended > 0)
    return booked


def _expire(session: Session, batch: CodeBatch, now: datetime) -> int:
    issued = read.outcomes(session, batch.district_id, [batch.proposal_id]).get(batch.proposal_id)
    if issued is None:
        return 0  # somebody may still approve it
    codes = left_of(session, batch) if issued else []
    if codes:
        _book(session, batch, codes)
    if not issued or read.balance(session, batch.district_id, batch.account_id) == 0:
        batch.cleared_at = now
    return len(codes)


def _book(session: Session, batch: CodeBatch, codes: list[TopUpCode]) -> None:
    goes_to = "promotion" if batch.paid_from == "promotion" else "breakage"
    places = [code.place for code in codes]
    draft = book.Draft(
        kind="code_expiry",
        key=own_key(session, "code expiry", batch.district_id, batch.id, places[0]),  # a code ends once
        command_hash=book.hash_command("association.expire_codes", batch.id, *places),
        lines=book.transfer(batch.account_id, book.open_account(session, batch.district_id, goes_to, 0, 0), batch.face_value * len(codes)),
        facts={"batch": batch.id, "pieces": len(codes)},
    )
    posted = book.post(session, batch.district_id, draft)
    for code in codes:
        code.expiry_id = posted.transaction_id


def left_of(session: Session, batch: CodeBatch, place: int | None = None) -> list[TopUpCode]:
    """Codes that are neither used, expired nor cancelled nor laid down to be, locked: whoever redeems one waits."""
    query = select(TopUpCode).where(TopUpCode.district_id == batch.district_id, TopUpCode.batch_id == batch.id)
    if place is not None:
        query = query.where(TopUpCode.place == place)
    rows = session.scalars(query.order_by(TopUpCode.place).with_for_update().execution_options(populate_existing=True)).all()
    asked = {row.cancel_proposal_id for row in rows if row.cancel_proposal_id is not None}
    outcomes = read.outcomes(session, batch.district_id, asked)
    return [
        row
        for row in rows
        if row.transaction_id is None
        and row.expiry_id is None
        and (row.cancel_proposal_id is None or outcomes.get(row.cancel_proposal_id) is False)
    ]
