"""What a shop's printers are, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class TillPrinter(Base):
    """How a till prints. Without a row: the tablet's browser does.

    `way`: browser; server (to `address`, which the operator allows); agent (a program in the shop fetches). `roll`: mm.
    `letters`: picture, or the printer's own kanji. `drawer`: opens at a sale for cash. `auto`: each receipt is printed as it is made.
    """

    __tablename__ = "till_printer"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[int]
    way: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(60))
    roll: Mapped[int] = mapped_column(SmallInteger)
    letters: Mapped[str] = mapped_column(String(8))
    drawer: Mapped[bool]
    auto: Mapped[bool]
    changed_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="till_printer_till_fkey"),
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="till_printer_merchant_fkey"),
        CheckConstraint("way IN ('browser', 'server', 'agent')", name="way_is_known"),
        CheckConstraint("(way = 'server') = (address <> '')", name="server_has_its_address"),
        CheckConstraint("roll IN (58, 80)", name="roll_is_known"),
        CheckConstraint("letters IN ('picture', 'kanji')", name="letters_are_known"),
        CheckConstraint("way <> 'browser' OR NOT (drawer OR auto)", name="browser_waits_for_a_press"),
    )


class PrintJob(Base):
    """One paper on its way to a till's printer: sent once, and again only when somebody says that no paper came out.

    `what`: receipt, report, drawer (opens, nothing is printed) or test; `of_till`, `number`: which receipt or report; `copy_kind`,
    `copy_place`: which of its papers. `state`: queued, sending, sent, failed (surely nothing came out), unknown, dropped. `why`: of a
    failure. `tries`: how often it was fetched. `asked_at`: when it was queued last; what nobody fetches soon is not printed later.
    """

    __tablename__ = "print_job"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    till_id: Mapped[int]
    what: Mapped[str] = mapped_column(String(8))
    of_till: Mapped[int | None]
    number: Mapped[int | None]
    copy_kind: Mapped[str | None] = mapped_column(String(12))
    copy_place: Mapped[int | None]
    kick: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(8), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="print_job_till_fkey"),
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="print_job_merchant_fkey"),
        CheckConstraint("what IN ('receipt', 'report', 'drawer', 'test')", name="what_is_known"),
        CheckConstraint("(what IN ('receipt', 'report')) = (number IS NOT NULL AND of_till IS NOT NULL)", name="names_its_paper"),
        CheckConstraint("num_nulls(copy_kind, copy_place) = CASE WHEN what = 'receipt' THEN 0 ELSE 2 END", name="receipt_has_its_copy"),
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')", name="state_is_known"),
        CheckConstraint("why IN ('', 'away', 'paper', 'cover', 'broken')", name="why_is_known"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        Index("print_jobs_that_wait", "district_id", "till_id", "asked_at", postgresql_where=text("state IN ('queued', 'sending')")),
        Index("print_jobs_of_a_till", "district_id", "till_id", "made_at"),
        Index("print_jobs_by_age", "changed_at"),
    )
