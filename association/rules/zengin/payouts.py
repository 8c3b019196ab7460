"""From takings to transfers: one for each bank account, what it costs, and what is carried over. Whole yen.

Numbers in brackets are rules of rules/settlement.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

FEE_BEARERS = ("association", "merchant")
"""当方負担 and 先方負担 (19)."""

A = TypeVar("A", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Band:
    """What the bank charges from `from_yen` on: to the same branch, to another one of the same bank, to other banks."""

    from_yen: int
    same_branch: int
    same_bank: int
    other: int


@dataclass(frozen=True, slots=True)
class Owed(Generic[A]):
    """What one shop is to get, and where. `balance` may be below zero."""

    id: Any
    account: A
    balance: int


@dataclass(frozen=True, slots=True)
class Policy(Generic[A]):
    """`fee`: what a transfer of so much to an account costs whoever gets it; 0 where the association bears it."""

    fee: Callable[[A, int], int]
    minimum: int


@dataclass(frozen=True, slots=True)
class Payout(Generic[A]):
    """One data record: amount = gross − fee."""

    account: A
    shops: tuple[Owed[A], ...]
    gross: int
    fee: int

    @property
    def amount(self) -> int:
        return self.gross - self.fee


def bank_fee(bands: Sequence[Band], sender: tuple[str, str], receiver: tuple[str, str], amount: int) -> int:
    """振込手数料 by the table, with tax. `sender`, `receiver`: (bank, branch). 0 below the first band and without any."""
    found = max((band for band in bands if band.from_yen <= amount), key=lambda band: band.from_yen, default=None)
    if found is None:
        return 0
    if sender[0] != receiver[0]:
        return found.other
    return found.same_branch if sender == receiver else found.same_bank


def consolidate(policy: Policy[A], owed: Iterable[Owed[A]]) -> tuple[list[Payout[A]], list[Owed[A]]]:
    """Transfers, by their account's first appearance, and the shops whose whole group is carried over (18, 19).

    A shop below zero is netted with the others of its account; one that is owed nothing is in neither list.
    """
    groups: dict[A, list[Owed[A]]] = {}
    for each in owed:
        if each.balance:
            groups.setdefault(each.account, []).append(each)
    pays: list[Payout[A]] = []
    carried: list[Owed[A]] = []
    for account, shops in groups.items():
        gross = sum(shop.balance for shop in shops)
        payout = Payout(account, tuple(shops), gross, policy.fee(account, gross) if gross > 0 else 0)
        if payout.amount >= max(policy.minimum, 1):
            pays.append(payout)
        else:
            carried += shops
    return pays, carried


def _answer(question: dict[str, Any]) -> dict[str, object]:
    asked = question["input"]
    terms = asked["policy"]
    fee = terms["transfer_fee"] if terms["fee_bearer"] == "merchant" else 0
    policy: Policy[tuple[str, ...]] = Policy(lambda _account, _gross: fee, terms["minimum"])
    pays, carried = consolidate(policy, [Owed(one["id"], tuple(one["account"]), one["balance"]) for one in asked["merchants"]])
    return {
        "transfers": [
            {
                "account": list(pay.account),
                "merchants": [shop.id for shop in pay.shops],
                "gross": pay.gross,
                "fee": pay.fee,
                "amount": pay.amount,
            }
            for pay in pays
        ],
        "carried_over": [{"id": shop.id, "amount": shop.balance} for shop in carried],
        "file_total": sum(pay.amount for pay in pays),
    }


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"zengin.payouts": _answer}
