"""One thing at a time in a campaign: numbers without gaps, one application a code, and no sale while units go down the list."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from association.models import VoucherDraw

ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
BESIDE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:what, 0))")


def alone(session: Session, district_id: int, voucher_id: int) -> None:
    """Whoever applies, decides or draws waits for one another."""
    session.execute(ALONE, {"what": f"association.call {district_id} {voucher_id}"})


def beside(session: Session, district_id: int, voucher_id: int) -> None:
    """Sales go on side by side, but not while the draw moves units."""
    session.execute(BESIDE, {"what": f"association.call {district_id} {voucher_id}"})


def is_fixed(session: Session, district_id: int, voucher_id: int) -> bool:
    """Whether the draw's list stands, under the lock."""
    return session.get(VoucherDraw, (district_id, voucher_id), populate_existing=True) is not None
