"""A receipt as a paper that is handed over: what it says, whether it is the first, and where its payer finds it with its proof.

The proof itself is for the payer alone: it names accounts by which shops could tell that two customers are one (decision 88).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import ledger.queries
import wallet.queries
from merchant import queries
from merchant.queries import ReceiptCopy, ReceiptRow
from web import papers


def receipt_paper(
    session: Session, district_id: int, row: ReceiptRow, copy: ReceiptCopy | None, *, public_url: str, now: datetime
) -> dict[str, Any]:
    """The data of `till_receipt`. `copy`: which of its papers; None: what the shop keeps for itself."""
    if copy is None:
        return papers.till_receipt(row.content, made_at=now, shops_own=True, on_paper=False)
    copies = queries.copies_of(session, district_id, row.till_id, row.serial)
    payments = queries.payments_of(session, district_id, row)  # of several people each finds it in the own history
    return papers.till_receipt(
        row.content,
        made_at=now,
        again=copy.place - 1,
        addressed=(copy.addressee, copy.purpose) if copy.kind == "ryoshusho" else None,
        beside=queries.beside(row, copies, copy),
        earned=_earned(session, district_id, payments[0], now) if row.kind == "sale" and len(payments) == 1 else None,
        link="" if len(payments) != 1 else f"{public_url}/wallet/history/{payments[0]}/receipt",
    )


def _earned(session: Session, district_id: int, payment_id: int, now: datetime) -> tuple[int, date] | None:
    """Points that a payment out of a wallet earns, and from when they can be spent."""
    lines = ledger.queries.transaction(session, district_id, payment_id).lines
    payers = {line.owner_id for line in lines if line.role == "consumer" and line.unit == 0}
    if len(payers) != 1:
        return None
    found = wallet.queries.earned_of(session, district_id, payers.pop(), payment_id, now=now)
    return None if found is None else (found.points, found.day)
