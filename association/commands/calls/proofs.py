"""Who may apply: 購入引換券 that the town posts itself, so that it hands over no name; or a list that is compared, letter for letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import identity.queries
from association.commands.calls.locks import alone
from association.errors import (
    PurchaseCodeStopped,
    PurchaseCodeUnknown,
    PurchaseCodeUnreadable,
    PurchaseCodeUsed,
    ResidentTaken,
    UnitsTooMany,
)
from association.models import PurchaseCode, VoucherApplication, VoucherResident
from association.queries.calls import CODE_LENGTH, compared, one_call, purchase_code, purchase_code_hash, residents_of
from association.rules.codes import read_code
from association.rules.resident_file import Resident
from base.db import atomic
from identity.commands import NewContact, authorise, forget_contacts, keep_contacts
from identity.queries import Compared, Particulars, Principal
from identity.retention import APPLICANTS

LIVING = ("checking", "accepted")


def make_purchase_codes(session: Session, who: Principal, voucher_id: int, *, pieces: int, units: int, now: datetime) -> None:
    """More 購入引換券, each good for an application of up to `units`. A code is a keyed hash, spelled when it is printed; what is
    stored is a keyed hash of that, so that neither a copy of the database nor a guess finds one. Raises CallUnknown, UnitsTooMany."""
    assert who.person_id is not None and pieces >= 1, who
    with atomic(session):
        authorise(session, who, "association.keep_purchase_codes", subject=f"voucher:{voucher_id} {pieces} x {units}")
        terms, _call = one_call(session, who.district_id, voucher_id)
        if not 1 <= units <= terms.per_person:
            raise UnitsTooMany(units=terms.per_person)
        alone(session, who.district_id, voucher_id)
        mine = (PurchaseCode.district_id == who.district_id, PurchaseCode.voucher_id == voucher_id)
        last = int(session.scalar(select(func.coalesce(func.max(PurchaseCode.place), 0)).where(*mine)) or 0)
        same = {"district_id": who.district_id, "voucher_id": voucher_id, "units": units, "made_by": who.person_id, "made_at": now}
        rows = []
        for place in range(last + 1, last + pieces + 1):
            code = purchase_code(session, who.district_id, voucher_id, place)
            rows.append({**same, "place": place, "code_hash": purchase_code_hash(session, who.district_id, code)})
        session.execute(insert(PurchaseCode), rows)


def stop_purchase_code(session: Session, who: Principal, voucher_id: int, place: int, *, now: datetime) -> None:
    """止める: it was lost or never arrived; another is printed in its place. Again is harmless.

    Raises PurchaseCodeUnknown, PurchaseCodeUsed.
    """
    with atomic(session):
        authorise(session, who, "association.keep_purchase_codes", subject=f"voucher:{voucher_id} stop {place}")
        alone(session, who.district_id, voucher_id)
        mine = (PurchaseCode.district_id == who.district_id, PurchaseCode.voucher_id == voucher_id, PurchaseCode.place == place)
        row = session.scalars(select(PurchaseCode).where(*mine)).one_or_none()
        if row is None:
            raise PurchaseCodeUnknown
        if _used_by(session, who.district_id, voucher_id, place) is not None:
            raise PurchaseCodeUsed
        if row.stopped_at is None:
            row.stopped_by, row.stopped_at = who.person_id, now


def code_place(session: Session, district_id: int, voucher_id: int, typed: str, units: int, *, but: int) -> int:
    """Which of the campaign's codes this is, if application `but` may use it for so many units. Under the campaign's lock.

    Raises PurchaseCodeUnreadable, PurchaseCodeUnknown, PurchaseCodeStopped, PurchaseCodeUsed, UnitsTooMany.
    """
    code = read_code(typed, CODE_LENGTH)
    if code is None:
        raise PurchaseCodeUnreadable
    row = session.get(PurchaseCode, (district_id, purchase_code_hash(session, district_id, code)), populate_existing=True)
    if row is None or row.voucher_id != voucher_id:
        raise PurchaseCodeUnknown
    if row.stopped_at is not None:
        raise PurchaseCodeStopped
    if _used_by(session, district_id, voucher_id, row.place) not in (None, but):
        raise PurchaseCodeUsed
    if units > row.units:
        raise UnitsTooMany(units=row.units)
    return row.place


def take_residents(session: Session, who: Principal, voucher_id: int, found: Sequence[Resident], *, now: datetime) -> int:
    """取り込む: the good lines that are not there yet, each sealed with a key of its own; gives how many. The same file again adds none.

    Who stands in it twice under two spellings stays twice: staff are shown both. Raises CallUnknown.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} list of {len(found)}")
        terms, _call = one_call(session, who.district_id, voucher_id)
        alone(session, who.district_id, voucher_id)
        purpose = residents_of(voucher_id)
        good = [one for one in found if one.wrong is None]
        spelled = [Compared(one.spelling.same, one.spelling.like_name, one.spelling.like_address) for one in good]
        there = identity.queries.are_kept(session, who.district_id, purpose, spelled)
        fresh = [one for one, is_there in zip(good, there, strict=True) if not is_there]
        new = [
            NewContact(Particulars(one.name, one.kana, one.postal, one.address), says)
            for one, says, is_there in zip(good, spelled, there, strict=True)
            if not is_there
        ]
        ids = keep_contacts(session, who.district_id, purpose, new, forget_on=terms.last_day + APPLICANTS + timedelta(days=1))
        same = {"district_id": who.district_id, "voucher_id": voucher_id, "made_by": who.person_id, "made_at": now}
        rows = [{**same, "contact_id": number, "line": one.line} for number, one in zip(ids, fresh, strict=True)]
        if rows:
            session.execute(insert(VoucherResident), rows)
        return len(rows)


def drop_resident(session: Session, who: Principal, voucher_id: int, contact_id: UUID, *, now: datetime) -> None:
    """名簿から外す: somebody who stands there twice, or by mistake; forgotten at once. Again is harmless. Raises ResidentTaken."""
    with atomic(session):
        authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} list drop")
        alone(session, who.district_id, voucher_id)
        row = session.get(VoucherResident, (who.district_id, contact_id), populate_existing=True)
        if row is None or row.voucher_id != voucher_id:
            raise ResidentTaken
        if row.dropped_at is not None:
            return
        if not resident_is_free(session, who.district_id, voucher_id, contact_id, but=0):
            raise ResidentTaken
        row.dropped_by, row.dropped_at = who.person_id, now
        forget_contacts(session, who.district_id, [contact_id])


def listed_resident(session: Session, district_id: int, voucher_id: int, says: Particulars) -> UUID | None:
    """Who of the list this is, to the letter; None where nobody is, or two are."""
    found = identity.queries.alike(session, district_id, residents_of(voucher_id), compared(says)).same
    return found[0] if len(found) == 1 else None


def resident_is_free(session: Session, district_id: int, voucher_id: int, contact_id: UUID, *, but: int) -> bool:
    """Whether somebody of the list has no application but number `but`, and was not taken out."""
    row = session.get(VoucherResident, (district_id, contact_id), populate_existing=True)
    if row is None or row.voucher_id != voucher_id or row.dropped_at is not None:
        return False
    taken = select(VoucherApplication.number).where(
        VoucherApplication.district_id == district_id,
        VoucherApplication.voucher_id == voucher_id,
        VoucherApplication.resident_id == contact_id,
        VoucherApplication.number != but,
        VoucherApplication.state.in_(LIVING),
    )
    return session.scalar(taken.limit(1)) is None


def _used_by(session: Session, district_id: int, voucher_id: int, place: int) -> int | None:
    return session.scalar(
        select(VoucherApplication.number).where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.code_place == place,
            VoucherApplication.state.in_(LIVING),
        )
    )
