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
class HeldVoucher:
    """A voucher in the wallet, as it stands at one shop. `is_left_out`: its holder does not want to use it this time."""

    terms: VoucherTerms
    balance: Balance
    is_for_shop: bool
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class AtShop:
    """What can pay at one shop: `usable` balances, the same as the tender sees them, and every running voucher in the wallet."""

    usable: tuple[Balance, ...]
    accounts: tuple[Account, ...]
    vouchers: tuple[HeldVoucher, ...]


def at_shop(
    session: Session, district_id: int, held: Sequence[Balance], shop: Shop, *, leave_out: Collection[int] = (), now: datetime
) -> AtShop:
    """Of yen balances, what this shop takes. Without a voucher among them nothing is asked of the database: paying must not get slower."""
    running = spendable(held, now=now)
    terms = held_terms(session, district_id, running)
    vouchers = tuple(
        HeldVoucher(terms[one.series.id], one, terms[one.series.id].is_for(shop), one.series.id in leave_out)
        for one in running
        if one.series.id in terms
    )
    away = {one.terms.id for one in vouchers if one.is_left_out or not one.is_for_shop}
    restricted = {number for number, each in terms.items() if each.shops != "all"}
    usable = tuple(one for one in running if one.series.id not in away)
    return AtShop(usable, tuple(as_account(one, restricted=one.series.id in restricted) for one in usable), vouchers)


def held_terms(session: Session, district_id: int, held: Sequence[Balance]) -> dict[int, VoucherTerms]:
    """The campaigns of those of `held` that are vouchers, by series, in one statement; no statement where there are none."""
    mine = [one.series.id for one in held if one.series.is_voucher and one.balance > 0]
    return {each.id: each for each in association.queries.voucher_terms(session, district_id, mine)} if mine else {}
