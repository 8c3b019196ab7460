"""書きかけ: lists and drafts that nobody goes on with are thrown away by the worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from association.models import Benefit, BenefitLine, CouponDraft, VoucherDraft
from base.db import atomic
from identity.retention import BENEFIT_DRAFTS, DRAFTS


def sweep_drafts(session: Session, *, now: datetime) -> None:
    """Lists of a benefit that nobody was asked about, and drafts of coupons and vouchers that nobody has touched. To be run each hour."""
    with atomic(session):
        unasked = (Benefit.asked_at.is_(None), Benefit.made_at < now - BENEFIT_DRAFTS)
        lists = select(Benefit.district_id, Benefit.id).where(*unasked).with_for_update()
        for district_id, benefit_id in session.execute(lists).all():
            session.execute(delete(BenefitLine).where(BenefitLine.district_id == district_id, BenefitLine.benefit_id == benefit_id))
            session.execute(delete(Benefit).where(Benefit.district_id == district_id, Benefit.id == benefit_id))
        for table in (CouponDraft, VoucherDraft):
            session.execute(delete(table).where(table.saved_at < now - DRAFTS))
