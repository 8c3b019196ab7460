"""From the lines of the book to payments, refunds and flows: pure functions over arrays, transaction by transaction without a loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.snapshot.lines import Lines, Parts
from analytics.snapshot.schema import (
    ASSETS,
    CONSUMER,
    FUNDER,
    GIVING_BACK,
    PAYING,
    PROMOTION,
    SHOP,
    SUSPENSE,
    Accounts,
    Flows,
    Int16,
    Int64,
    Payments,
    Refunds,
    empty,
)

Mask = NDArray[np.bool_]


class Sorted(NamedTuple):
    """Everything that moved yen, each table in the order of the log."""

    payments: Payments
    refunds: Refunds
    flows: Flows


class Sides(NamedTuple):
    """Of each transaction: who paid or got back at which shop (codes; -1: none is named), how many yen, the main series."""

    consumer: Int64
    shop: Int64
    moved: Int64
    series: Int16


def sort(lines: Lines, parts: Parts, accounts: Accounts) -> Sorted:
    """`accounts` has all that `lines` name. What is called a payment or refund but has not both sides is a flow: no yen is left out."""
    if not lines.place.size:
        return Sorted(empty(Payments), empty(Refunds), empty(Flows))
    begins = np.flatnonzero(np.r_[True, lines.place[1:] != lines.place[:-1]])
    named = _of(accounts, lines.account)
    kind, seq, at = lines.kind[begins], lines.place[begins], lines.at[begins]
    referred, beside = _parts_of(seq, parts)
    pays, gives_back = np.isin(kind, PAYING), np.isin(kind, GIVING_BACK)

    in_yen = named.is_piece == 0
    whole = np.where(np.repeat(gives_back, _lengths(begins, lines.place.size)), -lines.amount, lines.amount)  # either way above zero
    persons = np.isin(named.owner_class, (CONSUMER, SUSPENSE))
    sides = _sides(begins, whole, named, persons, in_yen)
    funded = np.add.reduceat(np.where(np.isin(named.owner_class, (PROMOTION, FUNDER)), whole, 0), begins)
    discount = funded + beside
    yen = sides.moved + discount

    is_whole = (sides.consumer >= 0) & (sides.shop >= 0) & (yen > 0)
    pays, gives_back = pays & is_whole, gives_back & is_whole & (referred >= 0)
    columns = (seq, at, sides.consumer.astype(np.int32), sides.shop.astype(np.int32), yen, discount, sides.series)
    payments = Payments._make(each[pays] for each in columns)
    refunds = Refunds._make([*(each[gives_back] for each in columns), referred[gives_back]])
    is_visit = pays | gives_back
    flows = np.repeat(~is_visit | (funded != 0), _lengths(begins, lines.place.size)) & in_yen
    rest = _flows(Lines._make(each[flows] for each in lines), Accounts._make(each[flows] for each in named))
    return Sorted(payments, refunds, _without(rest, seq[is_visit]))


def _of(accounts: Accounts, wanted: Int64) -> Accounts:
    """What is known of each of the accounts `wanted`."""
    order = np.argsort(accounts.account, kind="stable")
    found = order[np.searchsorted(accounts.account, wanted, sorter=order)]
    return Accounts._make(each[found] for each in accounts)


def _lengths(begins: Int64, end: int) -> Int64:
    return np.diff(begins, append=end)


def _parts_of(seq: Int64, parts: Parts) -> tuple[Int64, Int64]:
    referred, beside = np.full(seq.size, -1, np.int64), np.zeros(seq.size, np.int64)
    if parts.place.size:
        found = np.searchsorted(seq, parts.place)
        referred[found], beside[found] = parts.referred, parts.beside
    return referred, beside


def _sides(begins: Int64, whole: Int64, named: Accounts, persons: Mask, in_yen: Mask) -> Sides:
    consumer = np.maximum.reduceat(np.where(persons, named.owner, -1).astype(np.int64), begins)
    shop = np.maximum.reduceat(np.where(named.owner_class == SHOP, named.owner, -1).astype(np.int64), begins)
    paid = np.where(persons & in_yen, whole, 0)
    weight = 2 * paid + ((named.owner_class == SHOP) & in_yen)  # where coupons paid all, the shop's line has the series
    most = np.repeat(np.maximum.reduceat(weight, begins), _lengths(begins, weight.size))
    first = np.minimum.reduceat(np.where(weight == most, np.arange(weight.size), weight.size), begins)
    return Sides(consumer, shop, np.add.reduceat(paid, begins), named.series[first])


def _without(flows: Flows, visits: Int64) -> Flows:
    """Less what went between person and shop in these transactions, which are payments and refunds."""
    people, shops = [np.isin(flows.source_class, who) | np.isin(flows.target_class, who) for who in ((CONSUMER, SUSPENSE), (SHOP,))]
    stays = ~(people & shops & np.isin(flows.seq, visits))
    return Flows._make(each[stays] for each in flows)


def _flows(lines: Lines, named: Accounts) -> Flows:
    """Each transaction's debits meet its credits, series by series and else in the order of their lines, until both are used up.

    Laid end to end, what was debited and what was credited are the same stretch, and each transaction covers the same part of it in
    both; so where either side's lines end, a flow ends. A debit lowers what is owed to somebody and raises what the association has:
    so yen go from debit to credit, but between two of its assets the other way.
    """
    order = np.lexsort((np.arange(lines.place.size), named.series, lines.place))
    debits, credits = order[lines.amount[order] > 0], order[lines.amount[order] < 0]
    debit_ends, credit_ends = np.cumsum(lines.amount[debits]), np.cumsum(-lines.amount[credits])
    if debit_ends[-1:].sum() != credit_ends[-1:].sum():
        raise ValueError("debits and credits do not sum to the same: `meguri ledger verify` names the transaction")
    ends = np.union1d(debit_ends, credit_ends)
    debit, credit = debits[np.searchsorted(debit_ends, ends)], credits[np.searchsorted(credit_ends, ends)]
    in_assets = np.isin(named.owner_class[debit], ASSETS) & np.isin(named.owner_class[credit], ASSETS)
    source, target = np.where(in_assets, (credit, debit), (debit, credit))
    return Flows(
        seq=lines.place[source],
        at=lines.at[source],
        source_class=named.owner_class[source],
        source=named.owner[source],
        target_class=named.owner_class[target],
        target=named.owner[target],
        yen=np.diff(ends, prepend=0),
        kind=lines.kind[source].astype(np.int8),
        series=np.where(named.series[source] >= 0, named.series[source], named.series[target]),
    )
