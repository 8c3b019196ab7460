"""返金: all or part of a payment goes back to the series that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
from base.db import atomic, wake
from identity.queries import Principal, person_topic
from ledger.commands import Draft, Fact, Line, Posted
from ledger.errors import PayableFrozen, RefundTooLarge, TransactionUnknown
from ledger.queries import Transaction
from merchant.commands.discounts import borne_still, discounts_back, funded_back, undo_discount
from merchant.commands.return_slips import slip_of_refund
from merchant.commands.staff import confirmed_by
from merchant.errors import AmountTooSmall, CashBackTooLarge, NoTill, NotRefundable, RefundNeedsOwner, RefundStopped, TicketsStay
from merchant.queries.given import given_of_receipt, shared_of_payment
from merchant.queries.receipts import cash_of_returns
from merchant.queries.sales import PAPER, PAYMENTS, coupon_is_valid
from merchant.queries.shops import merchant
from merchant.rules.refunds import in_proportion

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:payment, 0))")
"""Refunds of one bill come one after the other, so that a cashier's limit is counted exactly."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Give back `amount` yen of a payment. `staff_id` and `pin`: who at the till answers for it.

    `cash`: what goes back in cash of a payment that was part cash; noted with the refund, no part of it.

    `key`: made once for each intention. `reason`: for the shop's own list, 80 characters at most.
    """

    transaction_id: int
    amount: int
    reason: str
    key: UUID
    staff_id: int | None = None
    pin: str | None = None
    cash: int = 0


@dataclass(frozen=True, slots=True)
class Refunded:
    """What went back to the customer, in yen; `left` can still be given back. `coupon_returned`: whether a coupon went back, too.

    `late`: how much of it waits in suspense, since the coin that it was paid with has ended or its payer has left for good.
    `cash`: what was noted beside it.
    """

    transaction_id: int
    payment_id: int
    posted_at: datetime
    amount: int
    left: int
    late: int
    replayed: bool
    coupon_returned: bool
    cash: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one pair of accounts had of a payment and has not given back yet, in yen."""

    payable: int
    consumer: int
    left: int
    series_id: int = 0
    person_id: int = 0


def refund(session: Session, who: Principal, order: Refund, *, now: datetime, funded: int | None = None) -> Refunded:
    """Return a payment of this shop, whole or in part, with the exact lines back to where it came from.

    The amount is what the customer gets back, at most what they paid. A coupon's discount shrinks in the same proportion: that
    part returns to whoever paid for it. The refund that gives back the last of it gives the coupon back as well, while it is valid.

    What came out of a coin that has ended, or from somebody who has left for good, cannot go back to them: that part waits in
    suspense until two people of the association decide. To a wallet that is stopped for a while it goes back like to any other.

    At a till the member of staff named in the order proves it with their PIN; a wrong one is counted even though
    nothing else happens. A cashier may return up to the series' limit of one receipt in all, coin and cash, by whichever of the payments
    that it tells of, the owner more.
    Where the till made a receipt of the payment, a return slip is made with the refund. For goods that come back it is whoever calls who
    makes it, and who says how many yen are the funders' (`funded`), so that all together are just what the goods were worth; the
    customer's part may then be nothing.
    Repeating the key gives the first answer. Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NotRefundable,
    AmountTooSmall, CashBackTooLarge, RefundTooLarge, RefundNeedsOwner, PayableFloorPassed, KeyReused, RefundStopped, TicketsStay.
    """
    actor = confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        identity.commands.authorise(session, actor, "merchant.refund", subject=f"transaction:{order.transaction_id}")
        if actor.merchant_id is None:
            raise NoTill
        shop = merchant(session, actor.district_id, actor.merchant_id)
        one_refund_at_a_time(session, actor.district_id, order.transaction_id)
        command_hash = ledger.commands.hash_command(
            "merchant.refund", shop.id, order.transaction_id, order.amount, *([order.cash] if order.cash else [])
        )
        payment = _payment_of(session, actor.district_id, shop.id, order.transaction_id)
        before = ledger.queries.find_key(session, actor.district_id, order.key, command_hash)
        if before is not None:
            return _receipt(session, actor.district_id, order, before)
        if order.amount < 1 and not funded:
            raise AmountTooSmall
        refunds = [ledger.queries.transaction(session, actor.district_id, refund_id) for refund_id in payment.refunds]
        noted = {back.id: ledger.queries.cash_of(back.facts) for back in refunds}
        cash_back = sum(noted.values())
        with_goods = cash_of_returns(session, actor.district_id, payment.id, noted)
        cash_left = with_goods.left(ledger.queries.cash_of(payment.facts) - cash_back)
        if order.cash > cash_left:
            raise CashBackTooLarge(left=cash_left)
        given = given_of_receipt(session, actor.district_id, shop.id, payment.id)
        _within_limit(session, actor, payment, given + order.amount + order.cash)
        facts: dict[str, Fact] = {
            "merchant": shop.id,
            "till": actor.till_id,
            "staff": actor.staff_id,
            "note": order.reason[:80] or None,
            **({"cash": order.cash} if order.cash else {}),
        }
        named = (order.key, command_hash)
        draft = draft_refund(session, actor.district_id, payment, refunds, order.amount, named, facts, now=now, funded=funded)
        try:
            posted = ledger.commands.post(session, actor.district_id, draft)
        except PayableFrozen as error:
            raise RefundStopped from error
        wake(session, shop.sales_topic)
        for person_id in {line.owner_id for line in payment.lines if line.role == "consumer"}:
            wake(session, person_topic(actor.district_id, person_id))
        if funded is None:
            booked = ledger.queries.transaction(session, actor.district_id, posted.transaction_id)
            slip_of_refund(session, actor.district_id, actor.till_id, actor.staff_id, booked, order.cash, now=now)
        return _receipt(session, actor.district_id, order, posted)


def one_refund_at_a_time(session: Session, district_id: int, transaction_id: int) -> None:
    """Nobody else gives anything of this payment, or of the bill that it shares with others, back until the database transaction ends."""
    bill = shared_of_payment(session, district_id, transaction_id) or transaction_id
    session.execute(ONE_AT_A_TIME, {"payment": f"merchant.refund {district_id} {bill}"})


def draft_refund(
    session: Session,
    district_id: int,
    payment: Transaction,
    refunds: Sequence[Transaction],
    amount: int,
    named: tuple[UUID, bytes],
    facts: dict[str, Fact],
    *,
    now: datetime,
    funded: int | None = None,
) -> Draft:
    """A refund of `amount` yen as it would be posted; nothing moves. `refunds`: of this payment, so far; `named`: key and content;
    `funded`: of goods what goes to the funders beside it, None: in proportion.

    No role check: for the doors that have one. Raises AmountTooSmall, RefundTooLarge.
    """
    if amount < 1 and not funded:
        raise AmountTooSmall
    shares = shares_left(payment, refunds)
    still = sum(share.left for share in shares) - amount
    paid = sum(line.amount for line in payment.lines if line.role == "consumer" and line.unit == 0)
    lines = plan(session, district_id, shares, amount)
    borne = borne_still(payment, refunds)
    if funded is None:
        funded = funded_back(payment, borne, paid=paid, still=still)
    if funded > sum(borne.values()):
        raise RefundTooLarge(left=sum(share.left for share in shares))
    undone = undo_discount(payment, refunds, borne, funded)
    if not still and funded == sum(borne.values()):
        undone += coupons_back(session, district_id, payment, now=now)
    late, lines = _set_apart(session, district_id, shares, lines, now=now)
    turn = payment.facts.get("turn")
    facts |= {**({"discount_back": funded} if funded else {}), **({"late": late} if late else {}), **({"turn": turn} if turn else {})}
    kind = _kind(session, district_id, payment, late, undone, now=now)
    return Draft(kind, *named, _merged([*lines, *undone]), facts, payment.id)


def shares_left(payment: Transaction, refunds: Sequence[Transaction]) -> list[Share]:
    """Pairs of accounts of a payment, in the order in which a refund empties them: the youngest account first."""
    payables = {line.series_id: line.account_id for line in payment.lines if line.role == "payable"}
    returned: dict[int, int] = {}  # by the shop's accounts: what is late has not reached the consumer's
    for line in (line for back in refunds for line in back.lines if line.role == "payable"):
        returned[line.account_id] = returned.get(line.account_id, 0) + line.amount
    for account_id, amount in discounts_back(payment, refunds).items():
        returned[account_id] -= amount  # that went to the funders
    return [
        Share(
            payable=payables[line.series_id],
            consumer=line.account_id,
            left=line.amount - returned.get(payables[line.series_id], 0),
            series_id=line.series_id,
            person_id=line.owner_id,
        )
        for line in reversed(payment.lines)
        if line.role == "consumer" and line.unit == 0
    ]


def coupons_back(session: Session, district_id: int, payment: Transaction, *, now: datetime) -> list[Line]:
    """The coupons that a whole refund gives back to the customer: those that are still valid."""
    lines: list[Line] = []
    for piece in (line for line in payment.lines if line.role == "consumer" and line.unit):
        if coupon_is_valid(session, district_id, payment, piece.series_id, now=now):
            used = next(line.account_id for line in payment.lines if line.role == "coupon_used" and line.series_id == piece.series_id)
            lines += ledger.commands.transfer(used, piece.account_id, 1)
    return lines


def _merged(lines: Sequence[Line]) -> tuple[Line, ...]:
    """One line an account."""
    amounts: dict[int, int] = {}
    for line in lines:
        amounts[line.account_id] = amounts.get(line.account_id, 0) + line.amount
    return tuple(Line(account_id, amount) for account_id, amount in amounts.items())


def plan(session: Session, district_id: int, shares: Sequence[Share], amount: int) -> list[Line]:
    """Lines that give `amount` yen back, from the first share on; what was bought together gets its part together, each in proportion to
    what is left of it (invoice 29). Raises RefundTooLarge."""
    left = sum(share.left for share in shares)
    if amount > left:
        raise RefundTooLarge(left=left)
    bundles: dict[str, list[Share]] = {}
    for share in shares:
        bundles.setdefault(ledger.queries.one_series(session, district_id, share.series_id).bundle, []).append(share)
    lines: list[Line] = []
    for together in bundles.values():
        back = min(sum(share.left for share in together), amount)
        for share, part in zip(together, in_proportion(back, [share.left for share in together]), strict=True):
            if part:
                lines.extend(ledger.commands.transfer(share.payable, share.consumer, part))
        amount -= back
    return lines


def late_part(session: Session, district_id: int, transaction_id: int, amount: int, *, now: datetime) -> int:
    """How much of a refund of `amount` yen would wait in suspense, since it cannot go back. Raises RefundTooLarge."""
    payment = ledger.queries.transaction(session, district_id, transaction_id)
    shares = shares_left(payment, [ledger.queries.transaction(session, district_id, number) for number in payment.refunds])
    away = {share.consumer for share in shares if not _can_have_back(session, district_id, share, now)}
    return -sum(line.amount for line in plan(session, district_id, shares, amount) if line.account_id in away)


def _set_apart(
    session: Session, district_id: int, shares: Sequence[Share], lines: Sequence[Line], *, now: datetime
) -> tuple[int, list[Line]]:
    """(yen that wait, the same lines with what cannot go back turned into suspense)."""
    away = {share.consumer: share for share in shares if not _can_have_back(session, district_id, share, now)}
    late = 0
    back: list[Line] = []
    for line in lines:
        share = away.get(line.account_id)
        if share is None:
            back.append(line)
        else:
            back.append(Line(ledger.commands.open_account(session, district_id, "suspense", share.person_id, share.series_id), line.amount))
            late -= line.amount
    return late, back


def _kind(session: Session, district_id: int, payment: Transaction, late: int, undone: Sequence[Line], *, now: datetime) -> str:
    """A refund that touches a series that has ended is a late one, also where only the shop's part of a discount came in it."""
    series = {line.account_id: line.series_id for line in payment.lines if line.role == "payable"}
    if late or any(not _runs(session, district_id, series[line.account_id], now) for line in undone if line.account_id in series):
        return "refund_late"
    return "coupon_refund" if undone else "refund"


def _can_have_back(session: Session, district_id: int, share: Share, now: datetime) -> bool:
    """Whether the coin still runs and its payer has not left for good."""
    return (
        _runs(session, district_id, share.series_id, now) and ledger.queries.account_state(session, district_id, share.consumer) != "closed"
    )


def _runs(session: Session, district_id: int, series_id: int, now: datetime) -> bool:
    until = ledger.queries.one_series(session, district_id, series_id).valid_until
    return until is None or now < until


def _payment_of(session: Session, district_id: int, merchant_id: int, transaction_id: int) -> Transaction:
    """Raises TicketsStay, and NotRefundable for anything but a payment to this shop: another shop's number says nothing about it."""
    try:
        payment = ledger.queries.transaction(session, district_id, transaction_id)
    except TransactionUnknown as error:
        raise NotRefundable from error
    ours = any(line.role == "payable" and line.owner_id == merchant_id for line in payment.lines)
    if payment.kind not in PAYMENTS or not ours:
        raise NotRefundable
    if payment.kind == PAPER:
        raise TicketsStay
    return payment


def _within_limit(session: Session, actor: Principal, payment: Transaction, total: int) -> None:
    """A cashier's limit counts all that was given back of one receipt, so that it cannot be sliced. Raises RefundNeedsOwner."""
    if actor.has("owner"):
        return
    series_ids = {line.series_id for line in payment.lines if line.role == "payable"}
    limit = min(ledger.queries.one_series(session, actor.district_id, series_id).refund_cashier_max for series_id in series_ids)
    if total > limit:
        raise RefundNeedsOwner(limit=limit)


def _receipt(session: Session, district_id: int, order: Refund, posted: Posted) -> Refunded:
    payment = ledger.queries.transaction(session, district_id, order.transaction_id)
    refunds = [ledger.queries.transaction(session, district_id, refund_id) for refund_id in payment.refunds]
    this = next(each for each in refunds if each.id == posted.transaction_id)
    return Refunded(
        transaction_id=posted.transaction_id,
        payment_id=order.transaction_id,
        posted_at=posted.posted_at,
        amount=order.amount,
        left=sum(share.left for share in shares_left(payment, refunds)),
        late=-sum(line.amount for line in this.lines if line.role == "suspense"),
        replayed=posted.replayed,
        coupon_returned=any(line.role == "consumer" and line.unit for line in this.lines),
        cash=order.cash,
    )
