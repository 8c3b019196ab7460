"""商品券の紙の券: lots of booklets, booklets that were sold or stopped, tickets that were used."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class TicketLot(Base):
    """束: so many booklets of one campaign, each a unit of it in tickets of `face` yen, first those for small shops. Printed, they
    are worth nothing: a booklet begins to be worth something when it is sold. `secret`: what its tickets are spelled under, sealed;
    None of older ones."""

    __tablename__ = "ticket_lot"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    voucher_id: Mapped[int]
    booklets: Mapped[int]
    face: Mapped[int]
    local_tickets: Mapped[int]
    common_tickets: Mapped[int]
    secret: Mapped[bytes | None]
    key: Mapped[UUID]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher.district_id", "voucher.id"]),
        CheckConstraint("id BETWEEN 1 AND 999999", name="id_has_six_digits"),
        CheckConstraint("booklets BETWEEN 1 AND 9999", name="booklets_have_four_digits"),
        CheckConstraint(
            "local_tickets >= 0 AND common_tickets >= 0 AND local_tickets + common_tickets BETWEEN 1 AND 99", name="tickets_have_two_digits"
        ),
        CheckConstraint("face >= 1", name="face_is_positive"),
        Index("ticket_lot_voucher", "district_id", "voucher_id"),
    )


class Booklet(Base):
    """冊: one that somebody has sold, or stopped; a row comes with the first of both. `id`: who owns its accounts in the book.

    `sale_id`: the sale that stands; `person_id`: who bought it, where they showed a code. Stopped, none of its tickets is taken; what it is
    worth stays and ends with its series.

    `edition`: how often it was printed anew; the newest pays alone. `handed_edition`: the one that its buyer has. `replace_id`: the newest
    proposal to print it anew, until it is handed over or found again.
    """

    __tablename__ = "booklet"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity())
    sale_id: Mapped[int | None]
    person_id: Mapped[int | None]
    stopped_by: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(80))
    edition: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    handed_edition: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    replace_id: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "id"),
        CheckConstraint("0 <= handed_edition AND handed_edition <= edition", name="editions_are_in_order"),
        ForeignKeyConstraint(["district_id", "lot_id"], ["ticket_lot.district_id", "ticket_lot.id"]),
        CheckConstraint("person_id IS NULL OR sale_id IS NOT NULL", name="buyer_has_bought"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL) AND (stopped_at IS NULL) = (reason IS NULL)", name="stop_is_whole"),
        Index("booklet_sale", "district_id", "sale_id", postgresql_where=text("sale_id IS NOT NULL")),
    )


class Ticket(Base):
    """券: one that was used, and by which payment. `release_id`: the newest proposal to let it be used again; once approved, it can."""

    __tablename__ = "ticket"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True)
    booklet: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int]
    release_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "lot_id", "booklet"], ["booklet.district_id", "booklet.lot_id", "booklet.number"]),
        Index("ticket_transaction", "district_id", "transaction_id"),
    )
