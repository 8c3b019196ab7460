"""商品券 of one consumer: where each can be spent, and which balances pay at one shop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import association.queries
from association.queries import VoucherTerms
from ledger.queries import Balance
from merchant.queries import Shop
from wallet.queries.purses import as_account, spendable
from wallet.rules import Account


@dataclass(frozen=True, slots=True)
class HeldPart:
    """What somebody has of one series of a campaign, and whether the shop takes it."""

    balance: Balance
    is_for_shop: bool


@dataclass(frozen=True, slots=True)
class HeldVoucher:
    """A voucher in the wallet, as it stands at one shop: of a campaign in two parts, both, in the order in which they are spent.
    `is_left_out`: its holder does not want to use it this time, neither part."""

    terms: VoucherTerms
    parts: tuple[HeldPart, ...]
    is_left_out: bool

    @property
    def is_for_shop(self) -> bool:
        """Whether the shop takes anything of it."""
        return any(part.is_for_shop for part in self.parts)

    @property
    def available(self) -> int:
        """Yen of it that can be spent here."""
        return sum(part.balance.available for part in self.parts if part.is_for_shop)


@dataclass(frozen=True, slots=True)
class AtShop:
    """What can pay at one shop: `usable` balances, the same as the tender sees them, and every running voucher in the wallet.

    `points`: running lots in the wallet; `leaves_points`: their holder does not want to use them this time.
    """

    usable: tuple[Balance, ...]
    accounts: tuple[Account, ...]
    vouchers: tuple[HeldVoucher, ...]
    points: tuple[Balance, ...] = ()
    leaves_points: bool = False


def at_shop(
    session: Session, district_id: int, held: Sequence[Balance], shop: Shop, *, leave_out: Collection[int] = (), now: datetime
) -> AtShop:
    """Of yen balances, what this shop takes. Without a voucher among them nothing is asked of the database: paying must not get slower."""
    running = [one for one in spendable(held, now=now) if not one.series.is_stopped("paying")]
    terms = held_terms(session, district_id, running)
    vouchers = tuple(_held(each, running, shop, leave_out) for each in {each.id: each for each in terms.values()}.values())
    away = {part.balance.series.id for one in vouchers for part in one.parts if one.is_left_out or not part.is_for_shop}
    points = tuple(one for one in running if one.series.is_points and one.available > 0)
    leaves_points = any(one.series.id in leave_out for one in points)  # all of them: nobody thinks in lots
    if leaves_points:
        away |= {one.series.id for one in points}
    usable = tuple(one for one in running if one.series.id not in away)
    restricted = {terms[one.series.id].id for one in usable if one.series.id in terms and terms[one.series.id].is_restricted(one.series.id)}
    return AtShop(usable, tuple(_account(one, terms.get(one.series.id), restricted) for one in usable), vouchers, points, leaves_points)


def _held(terms: VoucherTerms, running: Sequence[Balance], shop: Shop, leave_out: Collection[int]) -> HeldVoucher:
    by_series = {one.series.id: one for one in running}
    parts = (HeldPart(by_series[part], terms.is_for(shop, part)) for part in terms.faces if part in by_series)
    return HeldVoucher(terms, tuple(parts), terms.id in leave_out)


def _account(one: Balance, terms: VoucherTerms | None, restricted: Collection[int]) -> Account:
    if terms is None:
        return as_account(one)
    return as_account(one, restricted=terms.id in restricted, bundle=terms.id, place=list(terms.faces).index(one.series.id))


def held_terms(session: Session, district_id: int, held: Sequence[Balance]) -> dict[int, VoucherTerms]:
    """The campaigns of those of `held` that are vouchers, by series, in one statement; no statement where there are none."""
    mine = [one.series.id for one in held if one.series.is_voucher and one.balance > 0]
    found = association.queries.voucher_terms(session, district_id, mine) if mine else []
    return {part: each for each in found for part in each.faces}
