"""申し込み: one person's, and how all of a campaign stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
from association.errors import CallUnknown, VoucherApplicationUnknown
from association.models import VoucherApplication
from association.queries.calls.terms import Call, call_of
from association.queries.ticket_lots import booklets_of
from association.queries.vouchers import VoucherTerms, bought, voucher_terms
from association.rules.spelling import spelling
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Compared, Particulars, Principal

APPLICATIONS_PAGE = 50


@dataclass(frozen=True, slots=True)
class Applied:
    """An application. `state`: checking, accepted, refused or withdrawn; `given`: units by the draw, None before it."""

    voucher_id: int
    number: int
    way: str
    person_id: int | None
    contact_id: UUID | None
    units: int
    state: str
    reason: str | None
    resident_id: UUID | None
    code_place: int | None
    made_at: datetime
    rank: int | None
    given: int | None
    pay_until: date | None

    def waits(self) -> bool:
        """Whether it is further down the list than there are units."""
        return self.state == "accepted" and self.given is not None and self.given < self.units


def applicants_of(voucher_id: int) -> str:
    """For what their contacts are kept."""
    return f"voucher {voucher_id} applicants"


def compared(says: Particulars) -> Compared:
    """How a name and an address are compared."""
    spelled_so = spelling(says.name, says.address)
    return Compared(spelled_so.same, spelled_so.like_name, spelled_so.like_address)


def application_of_person(session: Session, district_id: int, voucher_id: int, person_id: int) -> Applied | None:
    """Their living application. For doors that have asked already."""
    row = session.scalars(
        select(VoucherApplication).where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.person_id == person_id,
            VoucherApplication.state != "withdrawn",
        )
    ).one_or_none()
    return None if row is None else _applied(row)


@dataclass(frozen=True, slots=True)
class MyCall:
    """A campaign as one wallet sees it. `state`: upcoming, open, closed, and for who applied checking, refused, accepted (nothing is
    drawn yet), won, waiting, bought or late."""

    terms: VoucherTerms
    call: Call
    application: Applied | None
    bought: int
    state: str

    @property
    def left(self) -> int:
        """Units that can be paid for now."""
        return max((self.application.given or 0) - self.bought, 0) if self.application and self.state == "won" else 0


CALLS_NOW = text("""
    SELECT c.voucher_id FROM voucher_call c JOIN voucher v ON v.district_id = c.district_id AND v.id = c.voucher_id
    WHERE c.district_id = :district_id AND v.sale_last_day >= :today ORDER BY c.last_day, c.voucher_id
""")


def calls_for(session: Session, district_id: int, person_id: int, *, now: datetime) -> list[MyCall]:
    """Every campaign with applications whose sale is not over; one small statement where there is none. For doors that have asked."""
    ids = list(session.scalars(CALLS_NOW, {"district_id": district_id, "today": tokyo_day(now)}))
    on_sale = book.units(session, district_id) if ids else {}
    terms = voucher_terms(session, district_id, ids) if ids else []
    return [my_call(session, district_id, one, person_id, now=now) for one in terms if one.units_series_id in on_sale]


def my_call(session: Session, district_id: int, terms: VoucherTerms, person_id: int, *, now: datetime) -> MyCall:
    """One of them. For doors that have asked already. Raises CallUnknown."""
    call = call_of(session, district_id, terms.id)
    if call is None:
        raise CallUnknown
    applied = application_of_person(session, district_id, terms.id, person_id)
    got = bought_units(session, district_id, terms, person_id)
    return MyCall(terms, call, applied, got, _state(call, applied, got, now))


def _state(call: Call, applied: Applied | None, got: int, now: datetime) -> str:
    if applied is None:
        return "open" if call.is_open(now) else "upcoming" if now < call.closes else "closed"
    if applied.state == "accepted" and applied.given is None and got >= applied.units:
        return "bought"  # of a campaign without a draw
    if applied.state != "accepted" or applied.given is None:
        return applied.state
    if got >= applied.given > 0:
        return "bought"
    if not applied.given:
        return "late" if applied.pay_until else "waiting"
    return "won" if applied.pay_until and tokyo_day(now) <= applied.pay_until else "late"


def bought_units(session: Session, district_id: int, terms: VoucherTerms, person_id: int | None) -> int:
    """Units that a person has bought and not given back, in the wallet and on paper. For doors that have asked already."""
    if person_id is None:
        return 0
    in_wallet = bought(session, district_id, terms.id, person_id) // terms.faces[terms.id]
    return in_wallet + booklets_of(session, district_id, terms.id, person_id)


@dataclass(frozen=True, slots=True)
class CallFigures:
    """How a call stands: applications by state, units wanted by those that count, and how the two proofs are used."""

    checking: int
    accepted: int
    refused: int
    withdrawn: int
    on_paper: int
    wanted: int
    residents: int
    codes: int
    codes_made: int
    codes_used: int


FIGURES = text("""
    SELECT count(*) FILTER (WHERE state = 'checking') AS checking, count(*) FILTER (WHERE state = 'accepted') AS accepted,
        count(*) FILTER (WHERE state = 'refused') AS refused, count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
        count(*) FILTER (WHERE way = 'paper' AND state IN ('checking', 'accepted')) AS on_paper,
        COALESCE(sum(units) FILTER (WHERE state = 'accepted'), 0)::bigint AS wanted,
        (SELECT count(*) FROM voucher_resident r WHERE r.district_id = :district_id AND r.voucher_id = :voucher_id AND r.dropped_at IS NULL)
            AS residents,
        (SELECT count(*) FROM purchase_code p WHERE p.district_id = :district_id AND p.voucher_id = :voucher_id AND p.stopped_at IS NULL)
            AS codes,
        (SELECT count(*) FROM purchase_code p WHERE p.district_id = :district_id AND p.voucher_id = :voucher_id) AS codes_made,
        count(DISTINCT code_place) FILTER (WHERE state IN ('checking', 'accepted')) AS codes_used
    FROM voucher_application WHERE district_id = :district_id AND voucher_id = :voucher_id
""")


def call_figures(session: Session, who: Principal, voucher_id: int) -> CallFigures:
    """Numbers only: for everybody at the desk."""
    authorise(session, who, "association.read")
    row = session.execute(FIGURES, {"district_id": who.district_id, "voucher_id": voucher_id}).one()
    return CallFigures(**row._mapping)


def applied_to(
    session: Session, who: Principal, voucher_id: int, *, state: str | None = None, after: int = 0, limit: int = APPLICATIONS_PAGE
) -> list[Applied]:
    """Applications by number, without names."""
    authorise(session, who, "association.read")
    mine = [
        VoucherApplication.district_id == who.district_id,
        VoucherApplication.voucher_id == voucher_id,
        VoucherApplication.number > after,
    ]
    if state is not None:
        mine.append(VoucherApplication.state == state)
    rows = session.scalars(select(VoucherApplication).where(*mine).order_by(VoucherApplication.number).limit(limit))
    return [_applied(row) for row in rows]


def paper_applications(session: Session, district_id: int, voucher_id: int) -> list[Applied]:
    """Applications on paper that were accepted or refused, by number: who gets a letter. For doors that have asked already."""
    rows = session.scalars(
        select(VoucherApplication)
        .where(
            VoucherApplication.district_id == district_id,
            VoucherApplication.voucher_id == voucher_id,
            VoucherApplication.way == "paper",
            VoucherApplication.state.in_(("accepted", "refused")),
        )
        .order_by(VoucherApplication.number)
    )
    return [_applied(row) for row in rows]


def application_numbered(session: Session, district_id: int, voucher_id: int, number: int) -> Applied:
    """For doors that have asked already. Raises VoucherApplicationUnknown."""
    row = session.get(VoucherApplication, (district_id, voucher_id, number), populate_existing=True)
    if row is None:
        raise VoucherApplicationUnknown
    return _applied(row)


def applications_numbered(session: Session, district_id: int, number: int, *, voucher_id: int | None = None) -> list[Applied]:
    """Those that have this number in their campaign, the newest first; `voucher_id`: there alone. For doors that have asked already."""
    mine = [VoucherApplication.district_id == district_id, VoucherApplication.number == number]
    if voucher_id is not None:
        mine.append(VoucherApplication.voucher_id == voucher_id)
    return [_applied(row) for row in session.scalars(select(VoucherApplication).where(*mine).order_by(VoucherApplication.made_at.desc()))]


def particulars_of(session: Session, district_id: int, applied: Sequence[Applied]) -> dict[int, Particulars]:
    """Names and addresses by application number. The caller's door puts it on record."""
    by_contact = {one.contact_id: one.number for one in applied if one.contact_id is not None}
    found = identity.queries.particulars(session, district_id, list(by_contact))
    return {by_contact[number]: says for number, says in found.items()}


def next_number(session: Session, district_id: int, voucher_id: int) -> int:
    """For the door that writes, under the campaign's lock."""
    mine = (VoucherApplication.district_id == district_id, VoucherApplication.voucher_id == voucher_id)
    return int(session.scalar(select(func.coalesce(func.max(VoucherApplication.number), 0)).where(*mine)) or 0) + 1


def _applied(row: VoucherApplication) -> Applied:
    return Applied(**{name: getattr(row, name) for name in Applied.__slots__})
