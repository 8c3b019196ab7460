"""Who may apply: the list with whoever is, or may be, the same, and 購入引換券."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
from association.models import PurchaseCode, VoucherApplication, VoucherCall, VoucherResident
from association.queries.calls.applications import Applied, applicants_of, application_numbered, compared, particulars_of
from association.queries.lot_secrets import code_under, opened_secret
from association.queries.vouchers import one_voucher
from association.rules.codes import spelled
from identity.commands import authorise
from identity.queries import Particulars, Principal
from identity.vault import vault

CODE_LENGTH = 20
"""Signs of a 購入引換券: 94 bits and a check sign."""
CODE_SECRET = "association.purchase_codes"


def residents_of(voucher_id: int) -> str:
    return f"voucher {voucher_id} residents"


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody who is, or may be, the same person: of the list (`line`) or another application (`number`). `is_taken`: has applied."""

    contact_id: UUID
    says: Particulars
    is_same: bool
    by_name: bool
    by_address: bool
    line: int | None = None
    number: int | None = None
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """An application opened, with whoever stands beside it. `says`: None where nothing was asked, or its time is over."""

    applied: Applied
    says: Particulars | None
    residents: tuple[Beside, ...]
    others: tuple[Beside, ...]


def look_at_application(session: Session, who: Principal, voucher_id: int, number: int) -> Looked:
    """With name and address: on record each time. Raises VoucherApplicationUnknown."""
    authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} application:{number}")
    applied = application_numbered(session, who.district_id, voucher_id, number)
    says = particulars_of(session, who.district_id, [applied]).get(number)
    if says is None:
        return Looked(applied, None, (), ())
    listed = _beside(session, who.district_id, residents_of(voucher_id), says)
    lines = {row.contact_id: row for row in _residents(session, who.district_id, voucher_id, [one.contact_id for one in listed])}
    taken = _taken(session, who.district_id, voucher_id, number)
    residents = tuple(
        replace(one, line=lines[one.contact_id].line, is_taken=one.contact_id in taken) for one in listed if one.contact_id in lines
    )
    near = [one for one in _beside(session, who.district_id, applicants_of(voucher_id), says) if one.by_name]
    numbers = _numbers(session, who.district_id, voucher_id, [one.contact_id for one in near])
    others = [replace(one, number=numbers[one.contact_id], is_taken=True) for one in near if numbers.get(one.contact_id, number) != number]
    return Looked(applied, says, residents, tuple(others))


@dataclass(frozen=True, slots=True)
class ListedResident:
    """One line of the list."""

    contact_id: UUID
    line: int
    says: Particulars | None


def resident_doubles(session: Session, who: Principal, voucher_id: int) -> list[tuple[ListedResident, ...]]:
    """Who stands in the list twice under two spellings, to be looked at: on record each time."""
    authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} list")
    groups = identity.queries.likely_doubles(session, who.district_id, residents_of(voucher_id))
    ids = [contact_id for group in groups for contact_id in group]
    living = {row.contact_id: row.line for row in _residents(session, who.district_id, voucher_id, ids)}
    says = identity.queries.particulars(session, who.district_id, list(living))
    shown = [tuple(ListedResident(each, living[each], says.get(each)) for each in group if each in living) for group in groups]
    return sorted((tuple(sorted(group, key=lambda one: one.line)) for group in shown if len(group) > 1), key=lambda group: group[0].line)


@dataclass(frozen=True, slots=True)
class PurchaseSlip:
    """A 購入引換券 with its signs. `state`: left, used or stopped."""

    place: int
    code: str
    units: int
    state: str


def purchase_code(session: Session, district_id: int, voucher_id: int, place: int) -> str:
    """The signs of one, derived under the master key and the campaign's secret: they stand nowhere. For doors that have asked already."""
    call = session.get_one(VoucherCall, (district_id, voucher_id))
    if call.code_secret is None:  # a campaign that was made before it had one
        return spelled(vault(session).keyed_hash("association.purchase_code", district_id, voucher_id, place), CODE_LENGTH)
    secret = opened_secret(session, call.code_secret, CODE_SECRET, district_id, voucher_id)
    return spelled(code_under(secret, district_id, voucher_id, place), CODE_LENGTH)


def purchase_code_hash(session: Session, district_id: int, code: str) -> bytes:
    """What is stored of it."""
    return vault(session).keyed_hash("association.purchase_code found", district_id, code)


def purchase_codes(session: Session, who: Principal, voucher_id: int, *, part: int | None = None) -> list[PurchaseSlip]:
    """All of a campaign with their signs, for printing: on record each time. `part`: which hundred is printed; None: all, as a file."""
    about = f"{_taking(voucher_id)} {'all' if part is None else part}"
    authorise(session, who, "association.print_codes", subject=about)
    used = set(
        session.scalars(
            select(VoucherApplication.code_place).where(
                VoucherApplication.district_id == who.district_id,
                VoucherApplication.voucher_id == voucher_id,
                VoucherApplication.code_place.is_not(None),
                VoucherApplication.state.in_(("checking", "accepted")),
            )
        )
    )
    mine = (PurchaseCode.district_id == who.district_id, PurchaseCode.voucher_id == voucher_id)
    return [
        PurchaseSlip(
            row.place,
            purchase_code(session, who.district_id, voucher_id, row.place),
            row.units,
            "stopped" if row.stopped_at else "used" if row.place in used else "left",
        )
        for row in session.scalars(select(PurchaseCode).where(*mine).order_by(PurchaseCode.place))
    ]


@dataclass(frozen=True, slots=True)
class CodesTaken:
    """Somebody has taken the signs of codes away. `part`: which hundred, as PDF; None: all of them, as a file for letters."""

    at: datetime
    name: str | None
    part: int | None


def purchase_codes_taken(session: Session, who: Principal, voucher_id: int) -> list[CodesTaken]:
    """Each time, the first one first, as the log has it: posted twice, one code reaches two households. Raises VoucherUnknown."""
    authorise(session, who, "association.look_at_purchase_codes", subject=f"voucher:{voucher_id} page")
    since = one_voucher(session, who.district_id, voucher_id).made_at
    rows = identity.queries.done_so_far(session, who.district_id, "association.print_codes", _taking(voucher_id), since=since)
    names = identity.queries.nicknames(session, who.district_id, {person for _at, person, _on in rows if person is not None})
    return [
        CodesTaken(at, names.get(person or 0), int(last) if (last := about.rpartition(" ")[2]).isdigit() else None)
        for at, person, about in rows
    ]


def _taking(voucher_id: int) -> str:
    return f"voucher:{voucher_id} purchase codes"


def _residents(session: Session, district_id: int, voucher_id: int, ids: Collection[UUID]) -> list[VoucherResident]:
    living = (VoucherResident.district_id == district_id, VoucherResident.voucher_id == voucher_id, VoucherResident.dropped_at.is_(None))
    return list(session.scalars(select(VoucherResident).where(*living, VoucherResident.contact_id.in_(ids))))


def _taken(session: Session, district_id: int, voucher_id: int, but: int) -> set[UUID]:
    rows = session.scalars(
        select(VoucherApplication.resident_id).where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.number != but,
            VoucherApplication.resident_id.is_not(None),
            VoucherApplication.state.in_(("checking", "accepted")),
        )
    )
    return {each for each in rows if each is not None}


def _numbers(session: Session, district_id: int, voucher_id: int, ids: Collection[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(VoucherApplication.contact_id, VoucherApplication.number).where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.contact_id.in_(ids),
            VoucherApplication.state.in_(("checking", "accepted")),
        )
    )
    return {row.contact_id: row.number for row in rows}


def _beside(session: Session, district_id: int, purpose: str, says: Particulars) -> list[Beside]:
    found = identity.queries.alike(session, district_id, purpose, compared(says))
    ids = [*found.by_name, *(each for each in found.by_address if each not in found.by_name)]
    opened = identity.queries.particulars(session, district_id, ids)
    return [
        Beside(each, opened[each], each in found.same, each in found.by_name, each in found.by_address) for each in ids if each in opened
    ]
