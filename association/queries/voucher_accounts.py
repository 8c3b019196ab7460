"""What a voucher campaign sold, what was spent of it, and who owes whom for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as book
from association.queries.vouchers import HELD, VoucherPart, VoucherTerms, one_voucher
from association.rules import premium_used, split_discount, unspent
from base.clock import day_bounds
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import NO_UNITS, Flow, Units


@dataclass(frozen=True, slots=True)
class VoucherFigures:
    """What the book says of a campaign at a moment, all at face value. sold = used + unspent + waiting + expired.

    `used` by size of shop, refunds taken off, and `by_shop`; `waiting`: refunds that came after the end, until two people have decided.
    `paper_*`: what of it is on paper. `parts`: the same of each part, where there are two, in the order in which they are spent.
    """

    sold: int
    used_small: int
    used_large: int
    unspent: int
    waiting: int
    expired: int
    by_shop: tuple[tuple[int, int], ...]
    parts: tuple[tuple[int, VoucherFigures], ...] = ()
    paper_sold: int = 0
    paper_used: int = 0
    paper_unspent: int = 0

    @property
    def used(self) -> int:
        return self.used_small + self.used_large

    @property
    def difference(self) -> int:
        """0 as long as the book is whole."""
        return self.sold - self.used - self.unspent - self.waiting - self.expired


def figures(session: Session, district_id: int, terms: VoucherTerms, *, until: datetime | None) -> VoucherFigures:
    """Of everything posted before `until` (None: so far): a look at each entry of the series. For doors that have asked already."""
    flows = book.series_flows(session, district_id, list(terms.faces), until=until)
    parts = [(part, _figures([flow for flow in flows if flow.series_id == part])) for part in terms.faces] if terms.local_face else []
    return replace(_figures(flows), parts=tuple(parts))


def _figures(flows: Sequence[Flow]) -> VoucherFigures:
    spent = [flow for flow in flows if flow.role == "payable" and flow.kind in (*book.TAKING, *book.GIVING_BACK)]
    by_shop: dict[int, int] = {}
    for flow in spent:
        assert flow.owner_id is not None
        by_shop[flow.owner_id] = by_shop.get(flow.owner_id, 0) + flow.amount
    return VoucherFigures(
        sold=sum(_sum(flows, role, ("voucher_sale", "reversal")) for role in HELD),
        used_small=sum(flow.amount for flow in spent if flow.size != "large"),
        used_large=sum(flow.amount for flow in spent if flow.size == "large"),
        unspent=sum(_sum(flows, role) for role in HELD),
        waiting=_sum(flows, "suspense"),
        expired=-sum(_sum(flows, role, ("expiry",)) for role in HELD) - _sum(flows, "suspense", ("suspense_release",)),
        by_shop=tuple(sorted(by_shop.items())),
        paper_sold=_sum(flows, "voucher_paper", ("voucher_sale", "reversal")),
        paper_used=_sum(flows, "payable", ("ticket_payment", "ticket_release")),
        paper_unspent=_sum(flows, "voucher_paper"),
    )


@dataclass(frozen=True, slots=True)
class FunderClaim:
    """One payer of the premium. All yen: `cost` of what was used, `booked` of it stands in the book, `returned`: what it gets of the
    price that buyers paid and never used, `paid`: what has arrived, less what was sent back. `owed`: what is outstanding; below 0 the
    association owes it."""

    part: VoucherPart
    cost: int
    booked: int
    returned: int
    paid: int

    @property
    def claim(self) -> int:
        """What is asked of it in all."""
        return self.cost - self.returned

    @property
    def owed(self) -> int:
        return self.claim - self.paid if self.part.payer == "funder" else 0


@dataclass(frozen=True, slots=True)
class VoucherAccount:
    """精算: one campaign at a moment. `claimed`: premium on what was used, once a campaign. `premium_unused`, `paid_unused`: the two
    parts of what expired, once everything has. `is_final`: nothing can change any more but by a refund that comes very late."""

    terms: VoucherTerms
    figures: VoucherFigures
    claims: tuple[FunderClaim, ...]
    units: Units
    until: datetime
    is_final: bool

    @property
    def claimed(self) -> int:
        return premium_used(self.figures.used, self.terms.premium, self.terms.face)

    @property
    def is_over(self) -> bool:
        """Nothing of it is anywhere but used or expired."""
        return self.until >= self.terms.ends and not self.figures.unspent and not self.figures.waiting

    @property
    def premium_unused(self) -> int:
        return self.figures.sold // self.terms.face * self.terms.premium - self.claimed

    @property
    def paid_unused(self) -> int:
        """Of what buyers paid: still to be spent, or expired."""
        return self.figures.sold - self.figures.used - self.premium_unused

    @property
    def sold_units(self) -> int:
        return self.figures.sold // self.terms.face

    @property
    def cost(self) -> int:
        """What all payers together bear."""
        return sum(claim.cost for claim in self.claims)


def voucher_account(session: Session, who: Principal, voucher_id: int, *, day: date | None = None, now: datetime) -> VoucherAccount:
    """精算書: at the end of `day`, or now. Raises VoucherUnknown."""
    authorise(session, who, "association.read")
    terms = one_voucher(session, who.district_id, voucher_id)
    over = None if day is None or day_bounds(day)[1] > now else day_bounds(day)[1]
    return account_of(session, who.district_id, terms, until=over, now=now)


def account_of(session: Session, district_id: int, terms: VoucherTerms, *, until: datetime | None = None, now: datetime) -> VoucherAccount:
    """The same for doors that have asked already; `until` None: everything so far, whatever the book's clock says."""
    at = until or now
    seen = figures(session, district_id, terms, until=until)
    accounts = [part.account_id for part in terms.parts]
    booked, returned, paid = (
        book.sums_of_kind(session, district_id, accounts, kind, until=until) for kind in ("voucher_premium", "voucher_close", "funder_pays")
    )
    sent_back = book.sums_of_kind(session, district_id, accounts, "funder_returned", until=until)
    shares = shares_of(terms, premium_used(seen.used, terms.premium, terms.face))
    over = at >= terms.ends and not seen.unspent and not seen.waiting
    backs = returns_of(terms, seen) if over else {}
    return VoucherAccount(
        terms=terms,
        figures=seen,
        claims=tuple(
            FunderClaim(
                part=part,
                cost=share,
                booked=booked.get(part.account_id, 0) + returned.get(part.account_id, 0),
                returned=backs.get(part.place, 0),
                paid=-paid.get(part.account_id, 0) - sent_back.get(part.account_id, 0),
            )
            for part, share in zip(terms.parts, shares, strict=True)
        ),
        units=book.units(session, district_id).get(terms.units_series_id, NO_UNITS),
        until=at,
        is_final=over and at >= day_bounds(terms.final_day)[0],
    )


def shares_of(terms: VoucherTerms, claimed: int) -> tuple[int, ...]:
    """What each payer bears of the premium that was used, in the order of the parts; together exactly that."""
    return split_discount(claimed, 0, [part.percent for part in terms.parts]).others


def returns_of(terms: VoucherTerms, seen: VoucherFigures) -> dict[int, int]:
    """What funders get of the price that was paid and never used, by place; nothing where the association keeps it."""
    funders = [part for part in terms.parts if part.payer == "funder"]
    if terms.unspent_to != "funder" or not funders:
        return {}
    paid = unspent(seen.sold, seen.used, terms.premium, terms.face).paid
    whole = sum(part.percent for part in funders)
    parts = [paid * part.percent // whole for part in funders]
    parts[0] += paid - sum(parts)  # yen that remain: to the first that is named
    return {part.place: amount for part, amount in zip(funders, parts, strict=True)}


def _sum(flows: Sequence[Flow], role: str, kinds: Sequence[str] | None = None) -> int:
    return sum(flow.amount for flow in flows if flow.role == role and (kinds is None or flow.kind in kinds))
