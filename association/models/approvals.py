"""承認の決まり: how much one approver decides, and when the passkey must confirm it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ApprovalLimits(Base):
    """In yen of one proposal; NULL: no limit.

    `approver_max`: above it an administrator decides. `passkey_above`: above it the approver's passkey confirms.
    """

    __tablename__ = "approval_limits"
    district_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approver_max: Mapped[int | None]
    passkey_above: Mapped[int | None]
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("approver_max >= 0 AND passkey_above >= 0", name="are_yen"),)
