"""紙の人への手紙: whom the draw has given something, or whose application was refused, and no letter has told them yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

DUE = """
    a.district_id = :district_id AND a.way = 'paper' AND (
        a.state = 'accepted' AND a.given > COALESCE(a.told_given, -1) AND (a.given = 0 OR a.pay_until >= :today)
        OR a.state = 'refused' AND a.told_given IS NULL AND EXISTS (
            SELECT FROM voucher_draw d WHERE d.district_id = a.district_id AND d.voucher_id = a.voucher_id))
"""
"""Of an application `a`: who waits is told once, who got more while there is time to pay, and who was refused once, with the result."""
OF_ALL = text(f"""
    SELECT v.id, v.name, v.name_en, count(*) FROM voucher_application a
    JOIN voucher v ON v.district_id = a.district_id AND v.id = a.voucher_id AND v.sale_last_day >= :today
    WHERE {DUE} GROUP BY v.id, v.name, v.name_en ORDER BY v.id
""")
OF_ONE = text(f"SELECT a.number FROM voucher_application a WHERE {DUE} AND a.voucher_id = :voucher_id ORDER BY a.number")


@dataclass(frozen=True, slots=True)
class LettersDue:
    """How many letters of one campaign wait to be printed and sent."""

    voucher_id: int
    name: str
    name_en: str
    count: int


def letters_due(session: Session, district_id: int, *, today: date) -> list[LettersDue]:
    """By campaign whose sale is not over. For doors that have asked already."""
    return [LettersDue(*row) for row in session.execute(OF_ALL, {"district_id": district_id, "today": today})]


def due_numbers(session: Session, district_id: int, voucher_id: int, *, today: date) -> frozenset[int]:
    """Applications of one campaign by number. For doors that have asked already."""
    values = {"district_id": district_id, "voucher_id": voucher_id, "today": today}
    return frozenset(session.scalars(OF_ONE, values))
