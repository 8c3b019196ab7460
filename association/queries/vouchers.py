"""商品券: campaigns with their terms, what the book says of each at any moment, and who owes what for the premium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import VoucherDraftUnknown, VoucherUnknown
from association.models import Voucher, VoucherDraft
from association.queries.listed_coupons import KeptDraft
from association.rules import final_day, is_for
from base.clock import day_bounds
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import NO_UNITS, Units
from merchant.queries import Shop

SIZES = ("small", "large")


HELD = ("consumer", "voucher_paper")
"""Where value of a campaign stands that somebody can spend: in a wallet, or on paper."""


@dataclass(frozen=True, slots=True)
class VoucherPart:
    """Who pays which part of the premium that is used. `payer`: association or funder."""

    place: int
    payer: str
    funder: str | None
    percent: int
    account_id: int


@dataclass(frozen=True, slots=True)
class VoucherTerms:
    """One campaign. Amounts in yen, of one unit where nothing else is said; days in Tokyo, both included.

    In two parts, `local_face` of `face` stands in `local_series_id` and is for small shops only; else None and 0.
    `payment_max`: yen that one payment may take; None: all that one person has.
    """

    id: int
    units_series_id: int
    local_series_id: int | None
    name: str
    name_en: str
    price: int
    face: int
    local_face: int
    units: int
    per_person: int
    payment_max: int | None
    budget: int
    sale_first_day: date
    sale_last_day: date
    last_day: date
    regime: str
    shops: str
    trades: tuple[str, ...]
    unspent_to: str
    premium_account_id: int
    expired_account_id: int
    proposal_id: int
    made_by: int
    made_at: datetime
    parts: tuple[VoucherPart, ...]

    @property
    def premium(self) -> int:
        return self.face - self.price

    @property
    def ends(self) -> datetime:
        """The first moment at which it can no longer be spent."""
        return day_bounds(self.last_day)[1]

    @property
    def final_day(self) -> date:
        """From when on its figures are final."""
        return final_day(self.last_day)

    @property
    def faces(self) -> dict[int, int]:
        """Series → yen of a unit, in the order in which they are spent: what few shops take goes first, and nobody can turn that round."""
        common = {self.id: self.face - self.local_face}
        return common if self.local_series_id is None else {self.local_series_id: self.local_face} | common

    def is_restricted(self, series_id: int) -> bool:
        """Whether not every shop takes this part."""
        return self.shops != "all" or series_id == self.local_series_id

    def is_for(self, shop: Shop, series_id: int) -> bool:
        """Whether this shop takes this part."""
        if series_id == self.local_series_id and shop.size != "small":
            return False
        return is_for(self.shops, self.trades, size=shop.size, trade=shop.trade)


TERMS = """
    SELECT v.id, v.units_series_id, v.local_series_id, v.name, v.name_en, v.price, v.face, v.local_face, v.units,
        v.per_person, v.payment_max, v.budget, v.sale_first_day, v.sale_last_day, v.last_day,
        v.regime, v.shops, v.trades, v.unspent_to, v.premium_account_id,
        v.expired_account_id, v.proposal_id, v.made_by, v.made_at,
        (SELECT jsonb_agg(jsonb_build_array(p.place, p.payer, f.name, p.percent, p.account_id) ORDER BY p.place)
         FROM voucher_share p LEFT JOIN funder f ON f.district_id = p.district_id AND f.id = p.funder_id
         WHERE p.district_id = v.district_id AND p.voucher_id = v.id) AS parts
    FROM voucher v WHERE v.district_id = :district_id
"""


TERMS_OF = text(TERMS + " AND (v.id = ANY (CAST(:ids AS bigint[])) OR v.local_series_id = ANY (CAST(:ids AS bigint[]))) ORDER BY v.id")


TERMS_ALL = text(TERMS + " ORDER BY v.id DESC")


TERMS_SINCE = text(TERMS + " AND v.last_day >= :since ORDER BY v.id DESC")


def voucher_terms(session: Session, district_id: int, voucher_ids: Sequence[int]) -> list[VoucherTerms]:
    """The terms of the campaigns that these series belong to, each once, in one statement. For doors that have asked already."""
    return [_terms(row) for row in session.execute(TERMS_OF, {"district_id": district_id, "ids": list(voucher_ids)})]


def one_voucher(session: Session, district_id: int, voucher_id: int) -> VoucherTerms:
    """For doors that have asked already. Raises VoucherUnknown."""
    found = voucher_terms(session, district_id, [voucher_id])
    if not found:
        raise VoucherUnknown
    return found[0]


def approved_vouchers(session: Session, district_id: int) -> list[VoucherTerms]:
    """Every campaign that a second person has approved, the newest first. For doors that have asked already."""
    on_sale = book.units(session, district_id)
    every = (_terms(row) for row in session.execute(TERMS_ALL, {"district_id": district_id})) if on_sale else ()
    return [terms for terms in every if terms.units_series_id in on_sale]


def usable_vouchers(session: Session, district_id: int, *, today: date) -> list[VoucherTerms]:
    """Every campaign whose last day is today or later, approved or not, the newest first. For doors that have asked already."""
    return [_terms(row) for row in session.execute(TERMS_SINCE, {"district_id": district_id, "since": today})]


def unborn_series(session: Session, district_id: int) -> set[int]:
    """Series of campaigns that nobody has approved: they are nowhere to be seen."""
    rows = session.execute(
        select(Voucher.id, Voucher.local_series_id, Voucher.units_series_id).where(Voucher.district_id == district_id)
    ).all()
    on_sale = book.units(session, district_id) if rows else {}
    return {number for row in rows if row.units_series_id not in on_sale for number in (row.id, row.local_series_id) if number is not None}


@dataclass(frozen=True, slots=True)
class ListedVoucher:
    """A campaign as the desk sees it. `state`: waiting, one of book.FALLEN, upcoming, selling, usable or over. `held`: yen that
    consumers hold."""

    terms: VoucherTerms
    state: str
    units: Units
    held: int
    maker_name: str | None


def listed_vouchers(session: Session, who: Principal, *, now: datetime) -> list[ListedVoucher]:
    """All campaigns, the newest first."""
    authorise(session, who, "association.read")
    return _listed(session, who, [_terms(row) for row in session.execute(TERMS_ALL, {"district_id": who.district_id})], now)


def listed_voucher(session: Session, who: Principal, voucher_id: int, *, now: datetime) -> ListedVoucher:
    """Raises VoucherUnknown."""
    authorise(session, who, "association.read")
    return _listed(session, who, [one_voucher(session, who.district_id, voucher_id)], now)[0]


def selling_vouchers(session: Session, district_id: int, *, today: date) -> list[VoucherTerms]:
    """What can be sold at the counter today, the newest first. For doors that have asked already."""
    return [terms for terms in approved_vouchers(session, district_id) if terms.sale_first_day <= today <= terms.sale_last_day]


def voucher_drafts(session: Session, who: Principal) -> list[KeptDraft]:
    """Drafts that were not proposed yet, the newest first."""
    authorise(session, who, "association.read")
    mine = (VoucherDraft.district_id == who.district_id, VoucherDraft.voucher_id.is_(None))
    rows = session.scalars(select(VoucherDraft).where(*mine).order_by(VoucherDraft.saved_at.desc())).all()
    names = nicknames(session, who.district_id, {row.made_by for row in rows}) if rows else {}
    return [KeptDraft(row.id, row.fields, row.saved_at, names.get(row.made_by)) for row in rows]


def voucher_draft(session: Session, who: Principal, draft_id: int) -> KeptDraft:
    """One draft, also once it was proposed. Raises VoucherDraftUnknown."""
    authorise(session, who, "association.read")
    row = session.get(VoucherDraft, (who.district_id, draft_id), populate_existing=True)
    if row is None:
        raise VoucherDraftUnknown
    return KeptDraft(row.id, row.fields, row.saved_at, None, row.voucher_id)


def bought(session: Session, district_id: int, series_id: int, person_id: int) -> int:
    """Yen of face value that a person has bought of a part and not given back, used or not. For doors that have asked already."""
    mine = book.account_id(session, district_id, "consumer", person_id, series_id)
    if mine is None:
        return 0
    return sum(book.postings(session, district_id, mine, kind).amount for kind in ("voucher_sale", "reversal"))


def premium_payers(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, tuple[str | None, str, str]]:
    """Of accounts of promotion and funder: the funder's name (None: the association) and the campaign's two."""
    sql = text(
        "SELECT p.account_id, f.name AS funder, v.name, v.name_en FROM voucher_share p"
        " JOIN voucher v ON v.district_id = p.district_id AND v.id = p.voucher_id"
        " LEFT JOIN funder f ON f.district_id = p.district_id AND f.id = p.funder_id"
        " WHERE p.district_id = :district_id AND p.account_id = ANY (:ids)"
    )
    rows = session.execute(sql, {"district_id": district_id, "ids": list(account_ids)})
    return {row.account_id: (row.funder, row.name, row.name_en) for row in rows}


def _listed(session: Session, who: Principal, found: list[VoucherTerms], now: datetime) -> list[ListedVoucher]:
    if not found:
        return []
    on_sale = book.units(session, who.district_id)
    held: dict[int, int] = {}
    for row in book.trial_balance(session, who.district_id):
        if row.role in HELD:
            held[row.series_id] = held.get(row.series_id, 0) + row.credit - row.debit
    names = nicknames(session, who.district_id, {terms.made_by for terms in found})
    fallen = book.fallen(session, who.district_id, [terms.proposal_id for terms in found])
    return [
        ListedVoucher(
            terms=terms,
            state=_state(terms, terms.units_series_id in on_sale, fallen, now),
            units=on_sale.get(terms.units_series_id, NO_UNITS),
            held=sum(held.get(part, 0) for part in terms.faces),
            maker_name=names.get(terms.made_by),
        )
        for terms in found
    ]


def _state(terms: VoucherTerms, is_approved: bool, fallen: dict[int, str], now: datetime) -> str:
    if not is_approved:
        return fallen.get(terms.proposal_id, "waiting")
    if now >= terms.ends:
        return "over"
    if now < day_bounds(terms.sale_first_day)[0]:
        return "upcoming"
    return "selling" if now < day_bounds(terms.sale_last_day)[1] else "usable"


def _terms(row: Row[Any]) -> VoucherTerms:
    given = dict(row._mapping)
    return VoucherTerms(**{**given, "trades": tuple(row.trades), "parts": tuple(VoucherPart(*part) for part in row.parts or ())})
