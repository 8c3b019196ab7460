"""What a proposal is about, by name: the campaign, the shop, the coin or the batch that it would begin or change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.models import PointCampaign, PointEvent, PointProgramme
from association.queries.benefits import benefit_names
from association.queries.books import Called
from association.queries.coupons import coupon_terms
from association.queries.vouchers import voucher_terms
from identity.queries import nicknames
from ledger.queries import Proposal

Names = Callable[[Session, int, Sequence[int]], dict[int, Called]]


def subjects(session: Session, district_id: int, proposals: Iterable[Proposal]) -> dict[int, Called]:
    """Proposal → what it is about, where that has a name: one statement for each kind that is among them.

    For doors that have asked already.
    """
    found: dict[int, Called] = {}
    wanted: dict[str, dict[int, int]] = {}
    for each in proposals:
        for fact in NAMED:
            value = each.facts.get(fact)
            if isinstance(value, int):
                wanted.setdefault(fact, {})[each.id] = value
        spoken = next(_spoken(each), None)
        if spoken:
            found[each.id] = Called(spoken)
    for fact, ids in sorted(wanted.items(), key=lambda one: list(NAMED).index(one[0])):
        names = NAMED[fact](session, district_id, sorted(set(ids.values())))
        said = {proposal: names[number] for proposal, number in ids.items() if number in names}
        found = {**said, **found} if fact == "series" else found | said
    return found


def _spoken(proposal: Proposal) -> Iterator[str]:
    """Names that the proposal itself keeps: of a benefit that comes back, of a shop, of a coin."""
    for fact in ("name", "shop", "coin"):
        value = proposal.facts.get(fact)
        if isinstance(value, str):
            yield value


def _coupons(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {each.id: Called(each.name, each.name_en) for each in coupon_terms(session, district_id, ids)}


def _vouchers(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {each.id: Called(each.name, each.name_en) for each in voucher_terms(session, district_id, ids)}


def _benefits(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {number: Called(*names) for number, names in benefit_names(session, district_id, ids).items()}


def _people(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {person: Called(name) for person, name in nicknames(session, district_id, ids).items()}


def _shops(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {shop.id: Called(shop.name, shop.name_en) for shop in merchant.queries.shops(session, district_id, ids=ids)}


def _points(kept: type[PointProgramme] | type[PointCampaign] | type[PointEvent]) -> Names:
    def names(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
        query = select(kept.id, kept.name, kept.name_en).where(kept.district_id == district_id, kept.id.in_(ids))
        return {row.id: Called(row.name, row.name_en) for row in session.execute(query)}

    return names


def _series(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, Called]:
    return {each.id: Called(each.name, each.name_en) for each in book.series(session, district_id) if each.id in ids}


NAMED: dict[str, Names] = {
    "series": _series,  # the first: whatever else is named below stands before it
    "coupon": _coupons,
    "voucher": _vouchers,
    "benefit": _benefits,
    "points": _points(PointProgramme),
    "campaign": _points(PointCampaign),
    "event": _points(PointEvent),
    "appointee": _people,
    "agent_of": _shops,
    "account_of": _shops,
}
"""Facts of proposals that are the number of something with a name."""
