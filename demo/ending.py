"""失効 of the town's coins: what people had left ends at its last midnight, as a worker who had been there would have booked it.

Without it the desk would show what ended months ago as money that people hold: on its first page, in the month and on the base date.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import ledger.commands
import ledger.queries
from base.db import atomic
from demo.opening import Town
from ledger.commands import Draft, hash_command, transfer

NAMESPACE = UUID("5d0c9c1e-0b7a-4f0e-8f6c-6c9b0d1a2e47")
PIECE_MAX = 1_000
"""Accounts that the book takes in one call."""


def end_coin(session: Session, town: Town, series_id: int, *, at: datetime) -> None:
    """Book what is left of a coin as income at `at`, the midnight of its end. Again, nothing is left."""
    with atomic(session):
        income = ledger.commands.open_account(session, town.district_id, "breakage", 0, 0)
    while True:
        with atomic(session):
            piece = ledger.queries.ended_accounts(session, town.district_id, series_id, limit=PIECE_MAX)
            if not piece:
                return
            drafts = [
                Draft(
                    "expiry",
                    uuid5(NAMESPACE, f"{town.district_id} {one.account_id}"),
                    hash_command("demo.expiry", series_id, one.account_id),
                    transfer(one.account_id, income, one.balance),
                    {"series": series_id},
                    posted_at=at,
                )
                for one in piece
            ]
            ledger.commands.post_many(session, town.district_id, drafts)
