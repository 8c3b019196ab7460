"""振込先: which account of a shop holds, which one waits, and when it takes effect. Derived from the book's decisions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import AccountUnknown
from association.models import ShopAccount
from association.rules.zengin import Account, masked
from identity.commands import authorise
from identity.queries import Principal, nicknames
from identity.vault import vault
from merchant.queries import merchant

WAITS = timedelta(days=3)
"""From the second person's approval until a changed account is paid to (22)."""


@dataclass(frozen=True, slots=True)
class ShopAccountRow:
    """One account of a shop. `state`: waiting (for a second person), declined, withdrawn, expired, coming (approved, not in force yet),
    live, replaced or stopped. `from_at`: when it comes into force, None while nobody has approved it.
    """

    id: int
    merchant_id: int
    proposal_id: int
    account: Account
    state: str
    made_by: int
    made_at: datetime
    decided_by: int | None
    from_at: datetime | None
    stopped_at: datetime | None
    stop_reason: str | None

    @property
    def shown(self) -> str:
        """Bank, branch and the end of the number: for lists."""
        one = self.account
        return f"{one.bank_name or one.bank_code} {one.branch_name or one.branch_code} {masked(one.number)}"


@dataclass(frozen=True, slots=True)
class ShopAccounts:
    """What stands of a shop: the account in force, the change that is under way, and everything so far, the newest first."""

    live: ShopAccountRow | None
    change: ShopAccountRow | None
    every: tuple[ShopAccountRow, ...]


NOTHING = ShopAccounts(None, None, ())


def sealed_account(session: Session, district_id: int, merchant_id: int, account: Account) -> bytes:
    """As it is stored. For the door that writes."""
    fields = {name: getattr(account, name) for name in Account.__slots__}
    return vault(session).seal(json.dumps(fields), "shop account", district_id, merchant_id)


def accounts_by_shop(
    session: Session, district_id: int, *, now: datetime, merchant_ids: Collection[int] | None = None
) -> dict[int, ShopAccounts]:
    """Shop → its accounts. For doors that have asked already."""
    query = select(ShopAccount).where(ShopAccount.district_id == district_id).order_by(ShopAccount.id.desc())
    if merchant_ids is not None:
        query = query.where(ShopAccount.merchant_id.in_(merchant_ids))
    rows = session.scalars(query).all()
    decided = book.decisions(session, district_id, [row.proposal_id for row in rows])
    shops: dict[int, list[ShopAccount]] = defaultdict(list)
    for row in rows:
        shops[row.merchant_id].append(row)
    return {merchant_id: _of_shop(session, mine, decided, now) for merchant_id, mine in shops.items()}


def accounts_of_shop(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> ShopAccounts:
    """One shop's. For doors that have asked already, and for the shop itself."""
    return accounts_by_shop(session, district_id, now=now, merchant_ids=[merchant_id]).get(merchant_id, NOTHING)


def shop_accounts(session: Session, who: Principal, merchant_id: int, *, now: datetime) -> tuple[ShopAccounts, dict[int, str]]:
    """One shop's accounts whole, for somebody who compares them with a paper: on record each time. With the names of who did what.

    Raises ShopUnknown.
    """
    authorise(session, who, "association.read_account", subject=f"shop:{merchant_id}")
    merchant(session, who.district_id, merchant_id)
    found = accounts_of_shop(session, who.district_id, merchant_id, now=now)
    people = {person for row in found.every for person in (row.made_by, row.decided_by) if person is not None}
    return found, nicknames(session, who.district_id, people) if people else {}


def opened(session: Session, district_id: int, account_ids: Iterable[int]) -> dict[int, Account]:
    """The accounts of these rows. For doors that have asked already."""
    rows = session.scalars(select(ShopAccount).where(ShopAccount.district_id == district_id, ShopAccount.id.in_(list(account_ids))))
    return {row.id: _account(session, row) for row in rows}


def account_row(session: Session, district_id: int, account_id: int, *, now: datetime) -> ShopAccountRow:
    """Raises AccountUnknown. For doors that have asked already."""
    row = session.get(ShopAccount, (district_id, account_id))
    if row is None:
        raise AccountUnknown
    every = accounts_of_shop(session, district_id, row.merchant_id, now=now).every
    return next(each for each in every if each.id == account_id)


def _of_shop(session: Session, rows: list[ShopAccount], decided: dict[int, book.Decision], now: datetime) -> ShopAccounts:
    """`rows`: the newest first. The newest that is in force holds; what came before it is replaced."""
    every, live = [], None
    for row in rows:
        decision = decided.get(row.proposal_id)
        state = _state(row, decision, now)
        if state == "live" and live is not None:
            state = "replaced"
        shown = ShopAccountRow(
            id=row.id,
            merchant_id=row.merchant_id,
            proposal_id=row.proposal_id,
            account=_account(session, row),
            state=state,
            made_by=row.made_by,
            made_at=row.made_at,
            decided_by=decision.checker or None if decision else None,
            from_at=decision.decided_at + WAITS if decision and decision.approved else None,
            stopped_at=row.stopped_at,
            stop_reason=row.stop_reason,
        )
        if state == "live":
            live = shown
        every.append(shown)
    newest = every[0]
    return ShopAccounts(live, newest if newest.state in ("waiting", "coming") else None, tuple(every))


def _state(row: ShopAccount, decision: book.Decision | None, now: datetime) -> str:
    if row.stopped_at is not None:
        return "stopped"
    if decision is None:
        return "waiting"
    if not decision.approved:
        return decision.outcome
    return "coming" if now < decision.decided_at + WAITS else "live"


def _account(session: Session, row: ShopAccount) -> Account:
    return Account(**json.loads(vault(session).unseal(row.sealed, "shop account", row.district_id, row.merchant_id)))
