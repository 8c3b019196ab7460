"""What the register stores: articles, and how a shop's receipts are made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Article(Base):
    """品目: what a press on the till sells. One that is over stays, for the receipts that name it."""

    __tablename__ = "article"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    key: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    reading: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(30))
    price: Mapped[int | None]  # yen; None: typed at the till
    tax_inside: Mapped[bool]
    rate: Mapped[int] = mapped_column(SmallInteger)  # percent
    eat_in: Mapped[bool]  # of a reduced article: eaten here, the standard rate applies
    eat_in_price: Mapped[int | None]
    barcode: Mapped[str | None] = mapped_column(String(13))
    place: Mapped[int]  # order on the till, small first
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="article_merchant_fkey"),
        UniqueConstraint("district_id", "key", name="article_district_id_key_key"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("rate IN (0, 8, 10)", name="rate_is_known"),
        CheckConstraint("price BETWEEN 0 AND 9999999 AND eat_in_price BETWEEN 0 AND 9999999", name="price_is_seven_digits"),
        CheckConstraint("NOT eat_in OR rate = 8", name="eat_in_raises_the_reduced_rate"),
        CheckConstraint("eat_in_price IS NULL OR (eat_in AND price IS NOT NULL)", name="eat_in_price_has_its_rate"),
        CheckConstraint("barcode ~ '^([0-9]{8}|[0-9]{13})$'", name="barcode_is_jan"),
        Index("one_article_a_barcode", "district_id", "merchant_id", "barcode", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("articles_of_a_shop", "district_id", "merchant_id", "place", "id", postgresql_where=text("ended_at IS NULL")),
    )
