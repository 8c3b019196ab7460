"""What a shop has taken: read from the book's own entries on its payable accounts, never from a copy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

import ledger.queries
from base.clock import day_bounds, tokyo_day
from base.ids import pseudonym
from ledger.commands import Fact
from ledger.queries import Entry, Lost, Series, Transaction
from merchant.errors import NotRefundable
from merchant.queries.receipts import CashOfReturns, cash_of_returns
from merchant.queries.shops import pseudonym_key

PAYMENT = "payment"


REFUND = "refund"


PAPER = "ticket_payment"
"""Tickets on paper: nobody has a wallet to which it could go back."""


RINGING = (PAYMENT, "coupon_payment", PAPER)


AGAIN = "payment_again"
"""Lost with a return of the book, and booked again at the desk: of a customer who left long ago."""


PAYMENTS = (*RINGING, AGAIN)


REFUND_LATE = "refund_late"
"""A refund of which a part cannot go back: that waits in suspense, and the shop has given it back all the same."""


REFUNDS = (REFUND, "coupon_refund", REFUND_LATE, "ticket_release")


NO_SALES = frozenset({"settlement", AGAIN})
"""What moves a shop's accounts and is no news at its till."""


LATELY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of a shop's list. `amount` in yen: + came in, − went back. `refunded`: of this payment, so far; `to_funders`: what of that
    went to whoever had funded its discount.

    `discount`: yen that a coupon took off the bill; `shop_part`: what of it the shop itself bears; `discount_back`: of a refund,
    what of it went to the coupon's funders. `kind`: payment or refund; `late`: of a refund, yen that wait in suspense, since the
    customer's coin has ended or they have left. `cash`: yen that the shop took (or gave back) in cash beside it, always ≥ 0; it
    stands in no account. `lost`: what it stands for, where it was lost and booked again.
    `points`: yen of it that the customer gave in points, which the shop is owed like coin; in lists and on the page of a sale.
    `tickets`: how many on paper; `due`: the bill that they stood against, in yen, 0 where nobody had typed one.
    """

    transaction_id: int
    position: int
    kind: str
    late: int
    posted_at: datetime
    amount: int
    refunded: int
    to_funders: int
    refers_to: int | None
    number: str
    word: str
    customer: str
    way: str
    till_id: int | None
    staff_id: int | None
    request_id: str | None
    note: str | None
    discount: int
    shop_part: int
    discount_back: int
    cash: int = 0
    lost: Lost | None = None
    tickets: int = 0
    due: int = 0
    points: int = 0

    @property
    def bill(self) -> int:
        """お会計: what was owed before the coupon, in yen, less what was taken in cash; of a refund what went back."""
        return self.amount + self.shop_part

    @property
    def total(self) -> int:
        """What was owed in all: `bill` and the cash beside it, in yen."""
        return self.bill + self.cash

    @property
    def paid(self) -> int:
        """What the customer paid, in yen."""
        return self.bill - self.discount

    @property
    def rest(self) -> int:
        """What tickets left of the bill, in yen: to be paid in another way."""
        return max(self.due - self.amount, 0) if self.tickets else 0

    @property
    def left(self) -> int:
        """What can still be given back to the customer, in yen. Its part of the discount goes back with it."""
        return max(self.paid - self.given_back, 0) if self.kind == PAYMENT and not self.tickets else 0

    @property
    def given_back(self) -> int:
        """What of `refunded` the customer got; the rest went to whoever had funded the discount."""
        return ledger.queries.reached_customer(self.paid, {"discount": self.discount}, self.refunded, self.to_funders)

    def leaves_the_shop(self, amount: int) -> int:
        """What giving back `amount` yen takes from the shop: the funders' discount shrinks in the same proportion."""
        return max(self.amount - self.refunded - (self.left - amount) * self.amount // self.paid, amount)


@dataclass(frozen=True, slots=True)
class SaleDetail:
    """A payment and everything that was given back of it, the oldest first. `coupon`: the series of the coupon that was used;
    `with_goods`: the cash that went back with goods, which no refund notes."""

    sale: Sale
    refunds: list[Sale]
    coupon: Series | None
    with_goods: CashOfReturns

    @property
    def cash_left(self) -> int:
        """What of the cash part has not been given back yet, in yen."""
        return self.with_goods.left(self.sale.cash - sum(back.cash for back in self.refunds))


@dataclass(frozen=True, slots=True)
class Arrived:
    """News since `cursor`; `sales` oldest first, some perhaps known already."""

    sales: list[Sale]
    cursor: int


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which lines of the list: Tokyo days `first` to `last`, exactly `amount` yen in coin, one transaction by its number."""

    first: date | None = None
    last: date | None = None
    amount: int | None = None
    transaction_id: int | None = None


def arrivals(session: Session, district_id: int, merchant_id: int, pseudonym_key: bytes, *, cursor: int | None) -> Arrived:
    """Everything that reached or left this shop since `cursor`; None only gives a fresh cursor.

    A sale may come twice (commits come late): whoever shows it goes by its transaction id.
    """
    news = ledger.queries.arrivals(session, district_id, "payable", merchant_id, cursor=cursor)
    return Arrived(_named([one for one in news.entries if one.kind not in NO_SALES], pseudonym_key), news.cursor)


def last_arrivals(session: Session, district_id: int, merchant_id: int, *, now: datetime, count: int = 3) -> list[Sale]:
    """The last payments that came in today or within the last hours, the newest first."""
    accounts = accounts_of(session, district_id, merchant_id)
    rows = ledger.queries.entries(
        session, district_id, accounts, since=min(now - LATELY, day_bounds(tokyo_day(now))[0]), kinds=RINGING, limit=count
    )
    return as_sales(session, district_id, merchant_id, rows)


def sales(
    session: Session,
    district_id: int,
    merchant_id: int,
    *,
    only: SalesFilter = SalesFilter(),
    before: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Sale]:
    """A shop's list of payments and refunds, the newest first.

    `before` is (position, transaction id) of the last line of the page before.
    """
    since, until = None, None
    if only.first is not None or only.last is not None:
        first, last = only.first or only.last, only.last or only.first
        assert first is not None
        since, until = day_bounds(first, last)
    rows = ledger.queries.entries(
        session,
        district_id,
        accounts_of(session, district_id, merchant_id),
        since=since,
        until=until,
        kinds=[*PAYMENTS, *REFUNDS],
        amount_min=only.amount,
        amount_max=only.amount,
        transaction_id=only.transaction_id,
        before=before,
        limit=limit,
    )
    return as_sales(session, district_id, merchant_id, rows)


def sale(session: Session, district_id: int, merchant_id: int, transaction_id: int) -> SaleDetail:
    """A payment to this shop with what was given back of it. Raises NotRefundable for anything else."""
    payment = _one(session, district_id, merchant_id, transaction_id)
    if payment is None or payment.kind != PAYMENT:
        raise NotRefundable
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    refunds = [found for refund_id in booked.refunds if (found := _one(session, district_id, merchant_id, refund_id)) is not None]
    piece = next((line for line in booked.lines if line.role == "coupon_used"), None)
    return SaleDetail(
        payment,
        refunds,
        coupon=None if piece is None else ledger.queries.one_series(session, district_id, piece.series_id),
        with_goods=cash_of_returns(session, district_id, transaction_id, {back.transaction_id: back.cash for back in refunds}),
    )


def payer_is_stopped(session: Session, district_id: int, transaction_id: int) -> bool:
    """Whether the wallet that paid is stopped for a while: a refund reaches it, and can be spent once it is let go."""
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    accounts = (line.account_id for line in booked.lines if line.role == "consumer")
    return any(ledger.queries.account_state(session, district_id, account) == "frozen" for account in accounts)


def coupon_comes_back(session: Session, district_id: int, transaction_id: int, *, now: datetime) -> bool:
    """Whether a whole refund of this payment now would give a coupon back to the customer."""
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    used = [line.series_id for line in booked.lines if line.role == "coupon_used"]
    return any(coupon_is_valid(session, district_id, booked, coupon, now=now) for coupon in used)


def coupon_is_valid(session: Session, district_id: int, payment: Transaction, coupon_id: int, *, now: datetime) -> bool:
    """Whether a coupon of this payment could still be used: neither over, for all or for its holder, nor ended by the association, and
    its holder still here."""
    until = payment.facts.get("coupon_until" if payment.facts.get("coupon") == coupon_id else "second_until")
    if isinstance(until, str) and tokyo_day(now) > date.fromisoformat(until):
        return False
    used = next(line for line in payment.lines if line.role == "coupon_used" and line.series_id == coupon_id)
    piece = next(line for line in payment.lines if line.role == "consumer" and line.series_id == coupon_id)
    series = ledger.queries.one_series(session, district_id, used.series_id)
    states = (ledger.queries.account_state(session, district_id, line.account_id) for line in (used, piece))
    return series.is_valid(now) and next(states) == "open" and next(states) != "closed"


def refund_limit(session: Session, district_id: int, *, now: datetime) -> int:
    """How much a cashier may give back of one receipt, in yen: the lowest limit of the running series."""
    return min((series.refund_cashier_max for series in ledger.queries.running_series(session, district_id, now=now)), default=0)


def _one(session: Session, district_id: int, merchant_id: int, transaction_id: int) -> Sale | None:
    accounts = accounts_of(session, district_id, merchant_id)
    rows = ledger.queries.entries(session, district_id, accounts, transaction_id=transaction_id)
    found = as_sales(session, district_id, merchant_id, rows)
    return found[0] if found else None


def accounts_of(session: Session, district_id: int, merchant_id: int) -> list[int]:
    """The shop's accounts in the book, the oldest first."""
    return ledger.queries.account_ids(session, district_id, "payable", merchant_id)


def as_sales(session: Session, district_id: int, merchant_id: int, rows: Sequence[Entry]) -> list[Sale]:
    """One sale a transaction, whatever number of series it was paid with: its lines stand side by side."""
    if not rows:
        return []
    points = frozenset(each.id for each in ledger.queries.series(session, district_id) if each.is_points)
    return _named(rows, pseudonym_key(session, district_id, merchant_id), points)


def _named(rows: Sequence[Entry], key: bytes, points: Collection[int] = ()) -> list[Sale]:
    return [as_sale(list(lines), key, points) for _, lines in groupby(rows, key=lambda row: row.transaction_id)]


def as_sale(lines: Sequence[Entry], key: bytes, points: Collection[int] = ()) -> Sale:
    """One transaction from its lines on this shop's accounts. `key` makes the shop's pseudonyms; `points`: the series that are points."""
    first = lines[0]
    person_id = first.counter_owner_id if first.counter_role in ("consumer", "suspense") else None
    return Sale(
        transaction_id=first.transaction_id,
        position=first.position,
        kind=PAYMENT if first.kind in PAYMENTS else REFUND,
        late=_number(first.facts.get("late")) or 0,
        posted_at=first.posted_at,
        amount=sum(line.amount for line in lines),
        refunded=first.refunded,
        to_funders=first.to_funders,
        refers_to=first.refers_to,
        number=first.payment_number,
        word=first.matching_word,
        customer="" if person_id is None else pseudonym(key, person_id),
        way=_text(first.facts.get("way")) or "",
        till_id=_number(first.facts.get("till")),
        staff_id=_number(first.facts.get("staff")),
        request_id=_text(first.facts.get("request")),
        note=_text(first.facts.get("note")),
        discount=_number(first.facts.get("discount")) or 0,
        shop_part=_number(first.facts.get("shop_part")) or 0,
        discount_back=_number(first.facts.get("discount_back")) or 0,
        cash=ledger.queries.cash_of(first.facts),
        lost=ledger.queries.lost_of(first.facts),
        tickets=_number(first.facts.get("tickets")) or 0,
        due=_number(first.facts.get("due")) or 0,
        points=sum(line.amount for line in lines if line.series_id in points),
    )


def _text(fact: Fact) -> str | None:
    return fact if isinstance(fact, str) else None


def _number(fact: Fact) -> int | None:
    return fact if isinstance(fact, int) else None
