"""代理入力: what came on paper. One after the other, or many at once from a spreadsheet; what would become of each of those is found by
doing it and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
from association.commands.calls.applying import Apply, by_key, living, write_application
from association.commands.calls.locks import alone, is_fixed
from association.errors import ApplicationTwice, CallNotYet, CallOver
from association.models import VoucherApplication
from association.queries.calls import Call, applicants_of, compared, one_call
from association.queries.vouchers import VoucherTerms
from base.clock import day_bounds
from base.db import atomic
from base.errors import MeguriError
from identity.commands import authorise, limit_tries
from identity.queries import Principal
from ledger.errors import KeyReused

TYPED_A_MINUTE, LISTS_A_MINUTE = 60, 12


def type_application(session: Session, who: Principal, order: Apply, *, person_id: int | None = None, now: datetime) -> int:
    """代理入力: what came on paper, until the list of the draw is fixed; the same key gives the same number.

    `person_id`: whoever stands at the counter. Raises as `apply_for_voucher`, and ApplicationTwice.
    """
    assert who.person_id is not None, who
    authorise(session, who, "association.keep_applications", subject=f"voucher:{order.voucher_id} type")
    subject = str(who.person_id)
    limit_tries(
        session, "association.type_application", subject, per=timedelta(minutes=1), count=TYPED_A_MINUTE, district_id=who.district_id
    )
    with atomic(session):
        terms, call = one_call(session, who.district_id, order.voucher_id)
        alone(session, who.district_id, terms.id)
        known = _taken_before(session, who, order)
        if known is not None:
            return known
        _must_take_paper(session, who, terms, call, now)
        if person_id is not None:
            identity.queries.profile(session, who.district_id, person_id)
            if living(session, who.district_id, terms.id, person_id) is not None:
                raise ApplicationTwice
        return _write(session, who, terms, call, order, person_id=person_id, now=now)


@dataclass(frozen=True, slots=True)
class TypedPaper:
    """What becomes of one paper. `number`: of its application, 0 where it is refused; `reason`: why somebody must look at it; `like`: the
    numbers of applications of the same campaign that may be the same person's."""

    number: int
    reason: str | None = None
    like: tuple[int, ...] = ()
    refusal: MeguriError | None = None


def rehearse_papers(session: Session, who: Principal, voucher_id: int, papers: Sequence[Apply], *, now: datetime) -> list[TypedPaper]:
    """What `type_papers` would do with them; nothing is kept. Numbers are those that they would get if nobody else applies."""
    _asks(session, who, voucher_id)
    with atomic(session):
        tried = session.begin_nested()
        found = _typed(session, who, voucher_id, papers, now)
        tried.rollback()
    return found


def type_papers(session: Session, who: Principal, voucher_id: int, papers: Sequence[Apply], *, now: datetime) -> list[TypedPaper]:
    """受け付ける: all of them, or none where one is refused. The same keys give the same numbers.

    Raises TooMany, CallUnknown, CallNotYet, CallOver.
    """
    _asks(session, who, voucher_id)
    with atomic(session):
        tried = session.begin_nested()
        found = _typed(session, who, voucher_id, papers, now)
        if any(each.refusal for each in found):
            tried.rollback()
        else:
            tried.commit()
    return found


def _asks(session: Session, who: Principal, voucher_id: int) -> None:
    authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} list of papers")
    subject, minute = str(who.person_id), timedelta(minutes=1)
    limit_tries(session, "association.type_papers", subject, per=minute, count=LISTS_A_MINUTE, district_id=who.district_id)


def _typed(session: Session, who: Principal, voucher_id: int, papers: Sequence[Apply], now: datetime) -> list[TypedPaper]:
    terms, call = one_call(session, who.district_id, voucher_id)
    alone(session, who.district_id, terms.id)
    known = [_taken_before(session, who, order) for order in papers]
    if None in known:
        _must_take_paper(session, who, terms, call, now)
    return [
        _one(session, who, terms, call, order, now) if number is None else TypedPaper(number)
        for order, number in zip(papers, known, strict=True)
    ]


def _one(session: Session, who: Principal, terms: VoucherTerms, call: Call, order: Apply, now: datetime) -> TypedPaper:
    try:
        number = _write(session, who, terms, call, order, person_id=None, now=now)
    except MeguriError as refusal:
        return TypedPaper(0, refusal=refusal)
    row = session.get_one(VoucherApplication, (who.district_id, order.voucher_id, number))
    return TypedPaper(number, row.reason, _alike(session, row, order) if row.reason == "double" else ())


def _write(session: Session, who: Principal, terms: VoucherTerms, call: Call, order: Apply, *, person_id: int | None, now: datetime) -> int:
    return write_application(session, who, terms, call, order, order.says, before=None, person_id=person_id, way="paper", now=now)


def _alike(session: Session, row: VoucherApplication, order: Apply) -> tuple[int, ...]:
    assert order.says is not None, order
    kept = identity.queries.alike(session, row.district_id, applicants_of(row.voucher_id), compared(order.says)).likely
    others = (
        select(VoucherApplication.number)
        .where(VoucherApplication.district_id == row.district_id, VoucherApplication.voucher_id == row.voucher_id)
        .where(VoucherApplication.contact_id.in_(kept), VoucherApplication.number != row.number)
        .order_by(VoucherApplication.number)
    )
    return tuple(session.scalars(others))


def _must_take_paper(session: Session, who: Principal, terms: VoucherTerms, call: Call, now: datetime) -> None:
    """Paper that came in time is typed in later: until the list is fixed or, without a draw, until the sale ends."""
    if now < day_bounds(call.first_day)[0]:
        raise CallNotYet(day=call.first_day)
    if is_fixed(session, who.district_id, terms.id) or now >= day_bounds(terms.sale_last_day)[1]:
        raise CallOver


def _taken_before(session: Session, who: Principal, order: Apply) -> int | None:
    """The number that the paper of this key has got already. Under the campaign's lock. Raises KeyReused."""
    known = session.scalars(select(VoucherApplication).where(*by_key(who.district_id, order.key))).one_or_none()
    if known is None:
        return None
    if known.voucher_id != order.voucher_id or known.way != "paper":
        raise KeyReused
    return known.number
