"""振込先: where shops are paid. Each proposal is a row of its own; from which one holds is derived from the book's decisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopAccount(Base):
    """振込先の口座 that somebody proposed for a shop. Never edited; only an objection is added.

    `sealed`: the account as JSON, with the installation's key and bound to district, shop and row. It is not sealed with a key of
    the shop's own that could be thrown away: to whom a transfer went must stay readable as long as the books are kept.
    """

    __tablename__ = "shop_account"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    proposal_id: Mapped[int]
    sealed: Mapped[bytes]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    stopped_by: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id"),
        CheckConstraint("num_nulls(stopped_by, stopped_at, stop_reason) IN (0, 3)", name="stop_is_whole"),
        Index("accounts_of_a_shop", "district_id", "merchant_id", "id"),
    )


class ShopApplication(Base):
    """加盟の申し込み from the public page. `sealed`: the whole form as JSON; gone once it was declined.

    Taken up, it names the shop that was registered from it; whether that is admitted is the shop's own story.
    """

    __tablename__ = "shop_application"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    sealed: Mapped[bytes | None]
    made_at: Mapped[datetime]
    handled_by: Mapped[int | None]
    handled_at: Mapped[datetime | None]
    merchant_id: Mapped[int | None]
    decline_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("(handled_by IS NULL) = (handled_at IS NULL)", name="handling_is_whole"),
        CheckConstraint("num_nonnulls(merchant_id, decline_reason) = (handled_at IS NOT NULL)::int", name="one_answer"),
        CheckConstraint("(sealed IS NULL) = (decline_reason IS NOT NULL)", name="declined_is_forgotten"),
    )
