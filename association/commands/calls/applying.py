"""申し込む on the phone; changed until the end, withdrawn, decided on, and linked at the counter. What came on paper: papers.py.

Who somebody is, is asked only as far as the campaign asks; what may be the same person twice is laid before staff, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import identity.queries
from association.commands.announcements import tell_applicants
from association.commands.calls.locks import alone, is_fixed
from association.commands.calls.proofs import code_place, listed_resident, resident_is_free
from association.commands.calls.words import told_accepted, told_refused, told_withdrawn
from association.commands.keys import own_key
from association.errors import (
    ApplicantOutside,
    ApplicationDecided,
    ApplicationTwice,
    CallNotYet,
    CallOver,
    ResidentTaken,
    UnitsTooMany,
    VoucherApplicationUnknown,
)
from association.models import VoucherApplication
from association.queries.calls import (
    Applied,
    Call,
    applicants_of,
    application_numbered,
    bought_units,
    call_of,
    compared,
    next_number,
    one_call,
)
from association.queries.vouchers import VoucherTerms, voucher_terms
from association.rules.spelling import lies_in
from base.clock import day_bounds
from base.db import atomic
from identity.commands import NewContact, authorise, forget_contacts, keep_contacts, limit_tries
from identity.queries import Particulars, Principal
from identity.retention import APPLICANTS
from ledger.errors import KeyReused

TRIES_A_MINUTE = 10


@dataclass(frozen=True, slots=True)
class Apply:
    """What is asked for. `says`: name and address, where the campaign asks for them; `code`: a 購入引換券, as typed."""

    voucher_id: int
    units: int
    says: Particulars | None
    code: str
    key: UUID


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a look at the proof gave: whether somebody must look (`reason`), and whom or what it used up."""

    reason: str | None = None
    resident_id: UUID | None = None
    code_place: int | None = None


def apply_for_voucher(session: Session, who: Principal, order: Apply, *, now: datetime) -> int:
    """申し込む, or change what was asked for; gives the number of the application, which stays. Ten tries a minute.

    Raises TooMany, CallUnknown, CallNotYet, CallOver, UnitsTooMany, ApplicantOutside, ApplicationDecided and, of a code,
    PurchaseCodeUnreadable, PurchaseCodeUnknown, PurchaseCodeUsed, PurchaseCodeStopped: nothing is written then.
    """
    assert who.person_id is not None, who
    authorise(session, who, "association.apply_voucher", subject=f"voucher:{order.voucher_id}")
    subject = str(who.person_id)
    limit_tries(session, "association.apply_voucher", subject, per=timedelta(minutes=1), count=TRIES_A_MINUTE, district_id=who.district_id)
    with atomic(session):
        terms, call = one_call(session, who.district_id, order.voucher_id)
        alone(session, who.district_id, terms.id)
        _must_be_open(session, who, call, now)
        before = living(session, who.district_id, terms.id, who.person_id)
        if before is not None and before.state == "refused":
            raise ApplicationDecided
        says = order.says if call.asks_names else None
        return write_application(session, who, terms, call, order, says, before=before, person_id=who.person_id, way="phone", now=now)


def withdraw_application(session: Session, who: Principal, voucher_id: int, number: int, *, now: datetime) -> None:
    """取り下げる, or after the draw 辞退する: name and address are forgotten at once, units go down the list. Again is harmless.

    One's own, or as staff: then the applicant's wallet is told. Without a draw, whoever has bought by it has used up their slip or their
    line of the list, and cannot leave it to another. Raises CallUnknown, VoucherApplicationUnknown, ApplicationDecided.
    """
    with atomic(session):
        row = session.get(VoucherApplication, (who.district_id, voucher_id, number))
        if row is None:
            raise VoucherApplicationUnknown
        own = row.person_id is not None and row.person_id == who.person_id and who.has("consumer")
        command = "association.apply_voucher" if own else "association.keep_applications"
        authorise(session, who, command, subject=f"voucher:{voucher_id} application:{number} withdraw")
        alone(session, who.district_id, voucher_id)
        session.refresh(row)
        call = call_of(session, who.district_id, voucher_id)
        if call is not None and call.way == "eligible":
            _must_not_have_bought(session, row)
        if row.contact_id is not None:
            forget_contacts(session, who.district_id, [row.contact_id])
        if row.state == "withdrawn":
            return
        row.state, row.contact_id, row.changed_at = "withdrawn", None, now
        if not own and row.person_id is not None and who.person_id is not None:
            [terms] = voucher_terms(session, who.district_id, [voucher_id])
            key = own_key(session, "application withdrawn", who.district_id, voucher_id, number)
            tell_applicants(session, who.district_id, [row.person_id], told_withdrawn(terms), key=key, made_by=who.person_id, now=now)


def decide_application(
    session: Session,
    who: Principal,
    voucher_id: int,
    number: int,
    *,
    accept: bool,
    resident_id: UUID | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """受け付ける or 断る, after somebody has looked: until the list of the draw is fixed. `resident_id`: whom of the list it is.

    The applicant's wallet is told. Raises CallUnknown, VoucherApplicationUnknown, ApplicationDecided, CallOver, ResidentTaken.
    """
    with atomic(session):
        decision = "accept" if accept else "refuse"
        authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} application:{number} {decision}")
        terms, call = one_call(session, who.district_id, voucher_id)
        alone(session, who.district_id, voucher_id)
        row = session.get(VoucherApplication, (who.district_id, voucher_id, number), populate_existing=True)
        if row is None:
            raise VoucherApplicationUnknown
        if row.state == "withdrawn":
            raise ApplicationDecided
        if call.way == "application" and is_fixed(session, who.district_id, voucher_id):
            raise CallOver
        if not accept or resident_id != row.resident_id:
            _must_not_have_bought(session, row)
        if accept and resident_id is not None and not resident_is_free(session, who.district_id, voucher_id, resident_id, but=number):
            raise ResidentTaken
        if accept and row.code_place is not None and row.state == "refused":
            raise ApplicationDecided  # its code may have been used by another since
        row.state, row.reason = ("accepted", None) if accept else ("refused", reason)
        row.resident_id = resident_id if accept else None
        row.decided_by, row.decided_at, row.changed_at = who.person_id, now, now
        if row.person_id is not None:
            key = own_key(session, "application decided", who.district_id, voucher_id, number, now.isoformat())
            words = told_accepted(terms) if accept else told_refused(terms)
            tell_applicants(session, who.district_id, [row.person_id], words, key=key, made_by=who.person_id or terms.made_by, now=now)


def link_application(session: Session, who: Principal, voucher_id: int, number: int, person_id: int, *, now: datetime) -> Applied:
    """The holder of a paper application stands at the counter with a card or a phone: from now on it is this person's. Again is harmless.

    Raises CallUnknown, VoucherApplicationUnknown, ApplicationDecided, ApplicationTwice.
    """
    with atomic(session):
        subject = f"voucher:{voucher_id} application:{number} person:{person_id}"
        authorise(session, who, "association.keep_applications", subject=subject)
        one_call(session, who.district_id, voucher_id)
        alone(session, who.district_id, voucher_id)
        row = session.get(VoucherApplication, (who.district_id, voucher_id, number), populate_existing=True)
        if row is None:
            raise VoucherApplicationUnknown
        if row.person_id != person_id:
            if row.way != "paper" or row.person_id is not None or row.state != "accepted":
                raise ApplicationDecided
            identity.queries.profile(session, who.district_id, person_id)
            if living(session, who.district_id, voucher_id, person_id) is not None:
                raise ApplicationTwice
            row.person_id, row.changed_at = person_id, now
            session.flush()
        return application_numbered(session, who.district_id, voucher_id, number)


def write_application(
    session: Session,
    who: Principal,
    terms: VoucherTerms,
    call: Call,
    order: Apply,
    says: Particulars | None,
    *,
    before: VoucherApplication | None,
    person_id: int | None,
    way: str,
    now: datetime,
) -> int:
    """Under the campaign's lock: what was asked before is replaced, its number stays. Refuses before anything is written."""
    assert who.person_id is not None
    if not 1 <= order.units <= terms.per_person:
        raise UnitsTooMany(units=terms.per_person)
    if call.asks_names and (says is None or not says.name or not says.address):
        raise ApplicantOutside(area=call.area)
    if says is not None and not lies_in(says.address, call.area):
        raise ApplicantOutside(area=call.area)
    number = next_number(session, who.district_id, terms.id) if before is None else before.number
    proof = _proved(session, who.district_id, terms, call, order, says, but=number)
    if before is not None and (proof.code_place, proof.resident_id) != (before.code_place, before.resident_id):
        _must_not_have_bought(session, before)
    if before is not None and before.contact_id is not None:
        forget_contacts(session, who.district_id, [before.contact_id])
    contact = None
    if says is not None:
        purpose, until = applicants_of(terms.id), terms.last_day + APPLICANTS + timedelta(days=1)
        new = NewContact(says, compared(says), person_id)
        [contact] = keep_contacts(session, who.district_id, purpose, [new], forget_on=until)
    if before is None and session.scalar(select(VoucherApplication.number).where(*by_key(who.district_id, order.key))) is not None:
        raise KeyReused  # an old page, of an application that was withdrawn since
    row = before or VoucherApplication(
        district_id=who.district_id,
        voucher_id=terms.id,
        number=number,
        way=way,
        person_id=person_id,
        made_by=who.person_id,
        made_at=now,
        key=order.key,
    )
    row.units, row.contact_id, row.changed_at = order.units, contact, now
    row.state, row.reason = "checking" if proof.reason else "accepted", proof.reason
    row.resident_id, row.code_place, row.decided_by, row.decided_at = proof.resident_id, proof.code_place, None, None
    session.add(row)
    session.flush()
    return number


def _proved(
    session: Session, district_id: int, terms: VoucherTerms, call: Call, order: Apply, says: Particulars | None, *, but: int
) -> _Proof:
    if call.proof == "code":
        return _Proof(code_place=code_place(session, district_id, terms.id, order.code, order.units, but=but))
    assert says is not None
    if call.proof == "list":
        found = listed_resident(session, district_id, terms.id, says)
        if found is None:
            return _Proof("unlisted")
        return _Proof(resident_id=found) if resident_is_free(session, district_id, terms.id, found, but=but) else _Proof("double")
    alike = identity.queries.alike(session, district_id, applicants_of(terms.id), compared(says)).likely
    others = select(VoucherApplication.number).where(
        VoucherApplication.district_id == district_id,
        VoucherApplication.voucher_id == terms.id,
        VoucherApplication.contact_id.in_(alike),
        VoucherApplication.number != but,
        VoucherApplication.state.in_(("checking", "accepted")),
    )
    return _Proof("double" if session.scalar(others.limit(1)) is not None else None)


def _must_not_have_bought(session: Session, row: VoucherApplication) -> None:
    """Raises ApplicationDecided: what has bought, a slip or a line of the list, stays used up, and nobody buys by it once more.

    Under the campaign's lock, for which sales wait.
    """
    [terms] = voucher_terms(session, row.district_id, [row.voucher_id])
    if row.state == "accepted" and bought_units(session, row.district_id, terms, row.person_id):
        raise ApplicationDecided


def _must_be_open(session: Session, who: Principal, call: Call, now: datetime) -> None:
    if now < day_bounds(call.first_day)[0]:
        raise CallNotYet(day=call.first_day)
    if not call.is_open(now) or is_fixed(session, who.district_id, call.voucher_id):
        raise CallOver


def by_key(district_id: int, key: UUID) -> tuple[ColumnElement[bool], ...]:
    return VoucherApplication.district_id == district_id, VoucherApplication.key == key


def living(session: Session, district_id: int, voucher_id: int, person_id: int) -> VoucherApplication | None:
    return session.scalars(
        select(VoucherApplication)
        .where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.person_id == person_id,
            VoucherApplication.state != "withdrawn",
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
