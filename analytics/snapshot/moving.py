"""Money's path in a month: every movement of it, payments and refunds among them, as kernels of money take it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.snapshot.schema import CONSUMER, KINDS, SHOP, SUSPENSE, Flows, Int8, Int32, Int64, Payments, Refunds

OUTSIDE = -1
"""In place of an account: where money comes into being (top-up, a coupon's discount, points) and where it ends (cashed, expired)."""
DISPUTED = [KINDS.index(name) for name in ("dispute_hold", "dispute_release")]


class Movements(NamedTuple):
    """By `at` and `seq`. Accounts are people, by their code, and behind them shops; a person's suspended refunds are the person's."""

    at: Int64
    """seconds since 1970-01-01 UTC"""
    seq: Int64
    source: Int32
    """account, or OUTSIDE; never both"""
    target: Int32
    yen: Int64
    """> 0"""
    spent: Int64
    """yen of a payment, without what coupons paid; minus those of a refund; else 0"""


def movements(payments: Payments, refunds: Refunds, flows: Flows, consumers: int) -> Movements:
    """`consumers`: how many there are over all time, so that a shop is the same account in every month.

    A share that is held while a payment is disputed stays the shop's: it has not moved.
    """
    paid, back = payments.yen - payments.discount, refunds.yen - refunds.discount
    source, target = (_account(*side, consumers) for side in ((flows.source_class, flows.source), (flows.target_class, flows.target)))
    all_of = Movements(
        np.concatenate((payments.at, refunds.at, flows.at)),
        np.concatenate((payments.seq, refunds.seq, flows.seq)),
        np.concatenate((payments.consumer, refunds.shop + np.int32(consumers), source)),
        np.concatenate((payments.shop + np.int32(consumers), refunds.consumer, target)),
        np.concatenate((paid, back, flows.yen)),
        np.concatenate((paid, -back, np.zeros_like(flows.yen))),
    )
    moves = (all_of.source != all_of.target) & (all_of.yen > 0)
    moves[len(paid) + len(back) :] &= ~np.isin(flows.kind, DISPUTED)
    order = np.lexsort((all_of.seq, all_of.at))
    return Movements._make(each[order][moves[order]] for each in all_of)


def _account(of_class: Int8, code: Int32, consumers: int) -> Int32:
    is_person = np.isin(of_class, (CONSUMER, SUSPENSE))
    account: Int32 = np.where(is_person, code, np.where(of_class == SHOP, code + consumers, OUTSIDE)).astype(np.int32)
    return account
