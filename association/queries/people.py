"""利用者 as the desk sees them: what is needed to help, and no more. Each look is written to the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
import merchant.queries
from identity.commands import authorise
from identity.errors import PersonUnknown
from identity.queries import Principal, Standing
from ledger.queries import Balance
from merchant.queries import Shop

LATEST = 5
NAMESAKES = 10
"""So many people of one name are shown; each of them is a look."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One of the last movements, to ask the person about. `amount` in yen: + came in, − went out."""

    transaction_id: int
    kind: str
    posted_at: datetime
    amount: int
    shop: Shop | None


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Somebody as the desk sees them. `nickname` is None once they have left; `email` is hidden but for its first letter.

    `balances`: yen, of every series with something on it or still running. `names`: of the clerks in the story of the freezes.
    """

    standing: Standing
    nickname: str | None
    email: str | None
    balances: tuple[Balance, ...]
    latest: tuple[Moved, ...]
    roles: tuple[str, ...]
    names: dict[int, str]

    @property
    def person_id(self) -> int:
        return self.standing.person_id

    @property
    def state(self) -> str:
        """left, frozen or open."""
        if self.standing.erased_at is not None:
            return "left"
        return "frozen" if self.standing.frozen is not None else "open"


def look_at(session: Session, who: Principal, person_id: int, *, now: datetime) -> SeenPerson:
    """One person. Raises PersonUnknown."""
    authorise(session, who, "association.look_at_person", subject=f"person:{person_id}")
    standing = identity.queries.standing(session, who.district_id, person_id, now)
    held = [one for one in book.balances(session, who.district_id, "consumer", person_id) if one.series.unit == "yen"]
    clerks = {number for one in standing.freezes for number in (one.frozen_by, one.ended_by) if number is not None}
    nickname, email = _names(session, who.district_id, person_id)
    return SeenPerson(
        standing=standing,
        nickname=nickname,
        email=email,
        balances=tuple(one for one in held if one.balance or one.series.is_valid(now)),
        latest=tuple(_latest(session, who.district_id, [one.account_id for one in held])),
        roles=tuple(grant.role for grant in identity.queries.grants(session, who.district_id, person_id=person_id)),
        names=identity.queries.nicknames(session, who.district_id, clerks) if clerks else {},
    )


def may_look(who: Principal) -> bool:
    """Whether this desk may know who somebody is: those who read the books alone do not."""
    return any(map(who.has, ("issuer", "approver", "administrator")))


def called(session: Session, who: Principal, name: str, *, now: datetime) -> list[SeenPerson]:
    """Whoever has this nickname or, typed whole, this address; the newest first. Nobody for a desk that may not know."""
    if not may_look(who):
        return []
    known = [identity.queries.person_by_email(session, who.district_id, name)] if "@" in name else []
    found = known or identity.queries.people_called(session, who.district_id, name, limit=NAMESAKES)
    return [look_at(session, who, person_id, now=now) for person_id in found if person_id is not None]


def _names(session: Session, district_id: int, person_id: int) -> tuple[str | None, str | None]:
    try:
        own = identity.queries.profile(session, district_id, person_id)
    except PersonUnknown:
        return None, None
    return own.nickname, own.hidden_email


def _latest(session: Session, district_id: int, accounts: list[int]) -> list[Moved]:
    entries = book.entries(session, district_id, accounts, limit=LATEST) if accounts else []
    shops = {entry.counter_owner_id for entry in entries if entry.counter_role == "payable" and entry.counter_owner_id is not None}
    known = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=sorted(shops))} if shops else {}
    moved: dict[int, Moved] = {}
    for entry in entries:  # lines of one transaction stand together
        before = moved.get(entry.transaction_id)
        shop = known.get(entry.counter_owner_id or 0) if entry.counter_role == "payable" else None
        amount = entry.amount + (before.amount if before else 0)
        moved[entry.transaction_id] = Moved(entry.transaction_id, entry.kind, entry.posted_at, amount, shop)
    return list(moved.values())
