"""振込の戻り: which transfers came back, which accounts must be checked, and what is not charged a second time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.models import TransferReturn


def returns_of_run(session: Session, district_id: int, run_id: int) -> Mapping[int, bool]:
    """Shop → whether its return is approved; one that was declined is none. For doors that have asked already."""
    return returns_of_runs(session, district_id, [run_id]).get(run_id, {})


def returns_of_runs(session: Session, district_id: int, run_ids: Collection[int]) -> dict[int, dict[int, bool]]:
    """The same of many runs, by run."""
    mine = (TransferReturn.district_id == district_id, TransferReturn.run_id.in_(run_ids))
    rows = session.scalars(select(TransferReturn).where(*mine).order_by(TransferReturn.id)).all()
    decided = book.outcomes(session, district_id, [row.id for row in rows]) if rows else {}
    found: dict[int, dict[int, bool]] = {}
    for row in rows:
        if decided.get(row.id) is not False:
            found.setdefault(row.run_id, {})[row.merchant_id] = decided.get(row.id) is True
    return found


def accounts_to_check(session: Session, district_id: int) -> frozenset[int]:
    """Accounts from which a transfer came back (28), also before the second person has said so; declined, it was a mistake."""
    rows = session.execute(select(TransferReturn.id, TransferReturn.account_id).where(TransferReturn.district_id == district_id)).all()
    decided = book.outcomes(session, district_id, [row.id for row in rows]) if rows else {}
    return frozenset(row.account_id for row in rows if row.account_id is not None and decided.get(row.id) is not False)


def feeless(session: Session, district_id: int, *, until: datetime) -> dict[int, int]:
    """Shop → yen of its payable that came back from the bank and has not been settled again: the fee on it was paid before.

    Each settlement writes down how much of its payable was free of the fee; what is left is free the next time.
    """
    rows = session.scalars(select(TransferReturn).where(TransferReturn.district_id == district_id)).all()
    decided = book.decisions(session, district_id, [row.id for row in rows]) if rows else {}
    found: dict[int, int] = {}
    for row in rows:
        decision = decided.get(row.id)
        if decision is not None and decision.approved and decision.decided_at < until:
            found[row.merchant_id] = found.get(row.merchant_id, 0) + row.amount - row.charge
    for merchant_id in found:
        settled = merchant.queries.payouts(session, district_id, merchant_id)
        found[merchant_id] -= sum(int(payout.facts.get("feeless") or 0) for payout in settled)
    return found
