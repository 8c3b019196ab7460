"""催促: who was reminded of what, and how; a row for every mail, for every letter that is to be printed, and for its printing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_party, of_project


class Reminder(Base):
    """`occasion`: the same for ever for one date or one link, so that nobody is told twice. `link_id`: the page that was behind it.

    `way`: mail, letter (has no address: is to be printed), printed. `made_by`: None for what went out by itself.
    """

    __tablename__ = "subsidy_reminder"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(Text, primary_key=True)
    way: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Date)
    link_id: Mapped[int | None]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        of_party(),
        ForeignKeyConstraint(["district_id", "link_id"], ["subsidy_link.district_id", "subsidy_link.id"]),
        CheckConstraint("way IN ('mail', 'letter', 'printed')", name="way_is_known"),
        CheckConstraint("occasion <> '' AND code <> ''", name="says_of_what"),
    )
