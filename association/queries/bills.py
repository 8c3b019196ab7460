"""負担者への請求: what each funder owes, by campaign. A refund after it has paid is a credit here; nobody else's bill changes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.rules.bills import asked_for
from identity.commands import authorise
from identity.queries import Principal

LINES = text("""
    SELECT f.id, f.name AS funder, l.what, l.number, l.name, l.name_en, l.account_id
    FROM funder f
    JOIN (
        SELECT p.district_id, p.funder_id, 'coupon' AS what, c.id AS number, c.name, c.name_en, p.account_id
        FROM coupon_share p JOIN coupon c ON c.district_id = p.district_id AND c.id = p.coupon_id
        UNION ALL
        SELECT p.district_id, p.funder_id, 'voucher', v.id, v.name, v.name_en, p.account_id
        FROM voucher_share p JOIN voucher v ON v.district_id = p.district_id AND v.id = p.voucher_id
        UNION ALL
        SELECT p.district_id, p.funder_id, 'points', m.id, m.name, m.name_en, p.account_id
        FROM point_share p JOIN (
            SELECT 'programme' AS of, district_id, id, name, name_en FROM point_programme
            UNION ALL SELECT 'campaign', district_id, id, name, name_en FROM point_campaign
            UNION ALL SELECT 'event', district_id, id, name, name_en FROM point_event
        ) m ON m.district_id = p.district_id AND m.id = p.of_id AND m.of = p.of
        UNION ALL
        SELECT b.district_id, b.funder_id, 'benefit', b.id, b.name, b.name_en, b.account_id FROM benefit b
    ) l ON l.district_id = f.district_id AND l.funder_id = f.id AND l.account_id IS NOT NULL
    WHERE f.district_id = :district_id AND (CAST(:funder_id AS bigint) IS NULL OR f.id = :funder_id)
    ORDER BY f.name, f.id, l.what, l.number, l.account_id
""")


@dataclass(frozen=True, slots=True)
class BillLine:
    """One campaign, benefit or way to give points. `owed` in yen; below zero: the funder has paid more than it cost, after a refund."""

    what: str
    number: int
    name: str
    name_en: str
    account_id: int
    owed: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What one funder is asked for next."""

    funder_id: int
    name: str
    lines: tuple[BillLine, ...]

    @property
    def owed(self) -> int:
        return sum(max(0, line.owed) for line in self.lines)

    @property
    def credit(self) -> int:
        return -sum(min(0, line.owed) for line in self.lines)

    @property
    def asked(self) -> int:
        return asked_for([line.owed for line in self.lines])

    @property
    def carried(self) -> int:
        """What stays in credit after this bill, for the one after it."""
        return max(0, self.credit - self.owed)


def bills(session: Session, who: Principal) -> list[Bill]:
    """Every funder's next bill, by name. What vouchers and points cost is booked each night, and counted from then on."""
    authorise(session, who, "association.read")
    return bills_of(session, who.district_id)


def bills_of(session: Session, district_id: int, funder_id: int | None = None) -> list[Bill]:
    """The same without a role check, of one funder if asked so: for doors that made their own."""
    found: dict[tuple[int, str], list[BillLine]] = {}
    for row in session.execute(LINES, {"district_id": district_id, "funder_id": funder_id}):
        owed = book.balance(session, district_id, row.account_id)
        line = BillLine(row.what, row.number, row.name, row.name_en, row.account_id, owed)
        found.setdefault((row.id, row.funder), []).append(line)
    return [Bill(number, name, tuple(lines)) for (number, name), lines in found.items()]
