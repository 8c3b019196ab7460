"""台帳の再開: whether the sealed log stands still, what an operator has prepared, and the slips of what the book no longer has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.models import PresentedReceipt
from association.queries.books import SHOPS, Called
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import LogEpoch, LogState, PreparedEpoch, Proposal, Sealable

LOST = ("missing", "other")
"""Standings of what the book does not have."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A slip as the list shows it. `standing`: what the book says to it now (a name in titles.STANDINGS).

    `consumers`: numbers, never names; `shops`: by name, where the book still has the shop. `again`: the proposal to book it again that
    waits or was approved; `may_again`: it can be proposed.
    """

    id: int
    sealed: Sealable
    amount: int
    epoch: int
    standing: str
    consumers: tuple[int, ...]
    shops: tuple[Called, ...]
    presenter: str
    taken_by: str | None
    taken_at: datetime
    again: Proposal | None
    may_again: bool

    @property
    def is_lost(self) -> bool:
        """The book does not have it, and nobody has booked it again."""
        return self.standing in LOST and not (self.again and self.again.approved)

    @property
    def is_twice(self) -> bool:
        """A phone asked again with the key of the lost payment after it was booked again: it was paid twice."""
        return self.standing == "again" and bool(self.again and self.again.approved)


@dataclass(frozen=True, slots=True)
class Returned:
    """`state`: None as long as nothing was ever signed. `prepared`: what waits for two people, `proposal_id`: where it is proposed."""

    state: LogState | None
    epochs: list[LogEpoch]
    prepared: PreparedEpoch | None
    proposal_id: int | None
    presented: list[Presented]

    @property
    def missing(self) -> int:
        """Slips whose transaction the book does not have."""
        return sum(each.is_lost for each in self.presented)


AGAIN = {"payment": "payment_again", "payment_again": "payment_again", "top_up": "top_up_again", "top_up_again": "top_up_again"}
"""What a slip is of → as what it is booked again. Of anything else the slip has not enough: it carries the lines, but of the facts their
hash only. A coupon's discount and the shop's share of it, a code on paper, an agent's limit stand in facts and tables that are gone."""


def kind_again(sealed: Sealable) -> str | None:
    """As what a lost transaction is booked again by a press; None: by hand."""
    return AGAIN.get(sealed.kind)


def prepared_epoch(session: Session, district_id: int) -> PreparedEpoch | None:
    """The newest that was prepared since the last epoch began. For doors that have asked already."""
    newest = next(iter(book.prepared_epochs(session, district_id)), None)
    return None if newest is None or newest.number is not None else newest


def log_is_held(session: Session, who: Principal) -> bool:
    """Whether the log is signed no more until somebody says how it goes on."""
    authorise(session, who, "association.read")
    return any(state.is_held for state in book.log_states(session) if state.district_id == who.district_id)


def returned(session: Session, who: Principal) -> Returned:
    """The page: the log, its epochs, what is prepared, and every slip that was presented, the newest first."""
    authorise(session, who, "association.read")
    prepared = prepared_epoch(session, who.district_id)
    waiting = book.proposals(session, who.district_id, waiting=True, purpose="new_epoch", limit=100) if prepared else []
    return Returned(
        next((state for state in book.log_states(session) if state.district_id == who.district_id), None),
        book.log_epochs(session, who.district_id),
        prepared,
        next((each.id for each in waiting if prepared and each.facts.get("epoch") == prepared.id), None),
        presented_receipts(session, who),
    )


def presented_receipts(session: Session, who: Principal) -> list[Presented]:
    """Every slip that was presented, the newest first."""
    authorise(session, who, "association.read")
    query = select(PresentedReceipt).where(PresentedReceipt.district_id == who.district_id).order_by(PresentedReceipt.id.desc())
    rows = list(session.scalars(query))
    if not rows:
        return []
    sealed = [book.decode_transaction(row.encoded) for row in rows]
    standings = book.standings_in_book(session, who.district_id, [row.encoded for row in rows])
    shop_ids = {leg.owner_id for each in sealed for leg in each.legs if leg.role in SHOPS}
    shops = {shop.id: Called(shop.name, shop.name_en) for shop in merchant.queries.shops(session, who.district_id, ids=list(shop_ids))}
    names = nicknames(session, who.district_id, {row.taken_by for row in rows})
    proposed = [
        each for purpose in sorted({*AGAIN.values()}) for each in book.proposals(session, who.district_id, purpose=purpose, limit=10_000)
    ]
    again = {each.facts["slip"]: each for each in proposed if each.approved is not False}
    return [
        Presented(
            row.id,
            each,
            book.amount_of(each),
            row.epoch,
            standing,
            tuple(sorted({leg.owner_id for leg in each.legs if leg.role == "consumer"})),
            tuple(shops[number] for number in sorted({leg.owner_id for leg in each.legs if leg.role in SHOPS}) if number in shops),
            row.presenter,
            names.get(row.taken_by),
            row.taken_at,
            again.get(row.id),
            standing in LOST and row.id not in again and kind_again(each) is not None and book.has_accounts(session, who.district_id, each),
        )
        for row, each, standing in zip(rows, sealed, standings, strict=True)
    ]
