"""One payment as the consumer sees it: the done page, the detail in the history, the 利用明細."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import association.queries
import identity.queries
import ledger.queries
import merchant.queries
from identity.queries import Principal
from ledger.errors import TransactionUnknown
from ledger.queries import Lost, SealedReceipt, Series, Sight, Transaction, TransactionLine
from merchant.errors import TillUnknown
from merchant.queries import Shop
from wallet.queries.history import PLAIN, SHOPS, TOP_UPS, other_person
from wallet.queries.news import mark_of
from wallet.queries.purses import reader, spendable


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What one series gave (or got). `amount` ≥ 0 in yen; `balance_after`: of that series, right after."""

    series: Series
    amount: int
    balance_after: int | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund of the payment, in yen: `amount` reached the wallet, `late` waits with the association, since its coin had ended.
    `cash`: what the shop noted beside it."""

    transaction_id: int
    posted_at: datetime
    amount: int
    number: str
    late: int
    cash: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What moved, in yen. `kind`: payment, refund, top_up, agent_top_up, code_redeem, reversal and their like.

    `coupons`: the coupons' series, used with the payment or given back with the refund; `discount`: what they took off, so that
    the bill was `amount` + `discount`.
    `balance_left`: what the consumer can spend now, over all series. `mark`: from where news of this consumer go on.
    `cash`: what the shop took (or gave back) in cash beside it; it stands in no account. `benefit`: the two names of what a town gave.
    `other`: the nickname of whom it was passed on to or came from; `came_in`: whether it raised what the reader has.
    """

    transaction_id: int
    kind: str
    amount: int
    lines: tuple[ReceiptLine, ...]
    posted_at: datetime
    word: str
    number: str
    shop: Shop | None
    till_name: str | None
    way: str | None
    refers_to: int | None
    given_back: tuple[GivenBack, ...]
    balance_left: int
    mark: str
    undone: bool  # a top-up or benefit that was taken back
    notice: int | None  # version of the law's statements that a top-up was sold under
    coupons: tuple[Series, ...] = ()
    discount: int = 0
    cash: int = 0
    lost: Lost | None = None
    benefit: tuple[str, str] | None = None
    other: str | None = None
    came_in: bool = False

    @property
    def coupon(self) -> Series | None:
        """The coupon; of two the first."""
        return self.coupons[0] if self.coupons else None

    @property
    def bill(self) -> int:
        """What was owed before the coupon, less what was paid in cash."""
        return self.amount + self.discount

    @property
    def total(self) -> int:
        """お会計: coin, discount and cash together, in yen."""
        return self.bill + self.cash

    @property
    def has_word(self) -> bool:
        """Whether somebody else's screen shows the same two signs."""
        return self.kind in ("payment", "transfer") or (self.kind in TOP_UPS and self.kind != "benefit")

    @property
    def refunded(self) -> int:
        """Yen that came back so far."""
        return sum(one.amount + one.late for one in self.given_back)


@dataclass(frozen=True, slots=True)
class Proof:
    """That a movement stands in the sealed log, and the log as whoever asks is shown it: both at the same checkpoint."""

    receipt: SealedReceipt
    sight: Sight


def payment(session: Session, who: Principal, transaction_id: int, *, now: datetime) -> Receipt:
    """One transaction of the asking consumer. Raises TransactionUnknown, also for somebody else's."""
    return receipt_of(session, who.district_id, reader(session, who), transaction_id, now=now)


def receipt_of(session: Session, district_id: int, person_id: int, transaction_id: int, *, now: datetime) -> Receipt:
    """`payment` for whoever has shown the card of this person. Raises TransactionUnknown, also for somebody else's."""
    found = ledger.queries.transaction(session, district_id, transaction_id)
    own = _own(found, person_id)
    mine = {line.account_id: line for line in own if line.unit == 0}
    pieces = [line for line in own if line.unit]
    gift = int(found.facts.get("benefit") or 0)
    kind, other = PLAIN.get(found.kind, found.kind), other_person(found.facts, person_id)
    held = ledger.queries.balances(session, district_id, "consumer", person_id)
    series = {one.account_id: one.series for one in held}
    return Receipt(
        transaction_id=found.id,
        kind=kind,
        amount=sum(abs(line.amount) for line in mine.values()),
        lines=tuple(_line(series[account_id], line) for account_id, line in mine.items()),
        posted_at=found.posted_at,
        word=found.matching_word,
        number=found.payment_number,
        shop=_shop(session, district_id, found),
        till_name=_till_name(session, district_id, found),
        way=_text(found, "way"),
        refers_to=found.refers_to,
        given_back=tuple(_given_back(session, district_id, number) for number in found.refunds) if kind == "payment" else (),
        balance_left=sum(one.available for one in spendable(held, now=now) if one.series.unit == "yen"),
        mark=mark_of({one.account_id: one.entry_count for one in held}),
        coupons=tuple(ledger.queries.one_series(session, district_id, piece.series_id) for piece in pieces),
        discount=int(found.facts.get("discount") or 0),
        undone=found.kind in ("top_up", "benefit", "voucher_sale") and bool(found.refunds),
        notice=_notice(found),
        cash=ledger.queries.cash_of(found.facts),
        lost=ledger.queries.lost_of(found.facts),
        benefit=association.queries.benefit_names(session, district_id, [gift]).get(gift) if gift else None,
        other=None if other is None else identity.queries.nickname(session, district_id, other),
        came_in=sum(line.amount for line in mine.values()) < 0,
    )


def proof(session: Session, who: Principal, transaction_id: int, *, seen: int | None = None) -> Proof | None:
    """The proof of one movement of the asking consumer, whose phone saw the log of `seen` leaves before; None: not sealed yet.

    Raises TransactionUnknown, also for somebody else's.
    """
    return proof_of(session, who.district_id, reader(session, who), transaction_id, seen=seen)


def proof_of(session: Session, district_id: int, person_id: int, transaction_id: int, *, seen: int | None = None) -> Proof | None:
    """`proof` for whoever has shown the card of this person. Raises TransactionUnknown, also for somebody else's."""
    _own(ledger.queries.transaction(session, district_id, transaction_id), person_id)
    sight = ledger.queries.sight(session, district_id, seen=seen)
    if sight is None:
        return None
    receipt = ledger.queries.receipt(session, district_id, transaction_id, size=sight.checkpoint.size)
    return None if receipt is None else Proof(receipt, sight)


def _line(series: Series, line: TransactionLine) -> ReceiptLine:
    return ReceiptLine(series, abs(line.amount), line.balance_after)


def _own(found: Transaction, person_id: int) -> list[TransactionLine]:
    """The lines of this consumer. Raises TransactionUnknown where they moved no yen."""
    own = [line for line in found.in_turn if line.role == "consumer" and line.owner_id == person_id]
    if not any(line.unit == 0 for line in own):
        raise TransactionUnknown
    return own


def _given_back(session: Session, district_id: int, transaction_id: int) -> GivenBack:
    found = ledger.queries.transaction(session, district_id, transaction_id)
    back, late = (-sum(line.amount for line in found.lines if line.role == role and line.unit == 0) for role in ("consumer", "suspense"))
    return GivenBack(found.id, found.posted_at, back, found.payment_number, late, ledger.queries.cash_of(found.facts))


def _shop(session: Session, district_id: int, found: Transaction) -> Shop | None:
    owners = [line.owner_id for line in found.lines if line.role in SHOPS]
    return merchant.queries.merchant(session, district_id, owners[0]) if owners else None


def _till_name(session: Session, district_id: int, found: Transaction) -> str | None:
    till_id = found.facts.get("till")
    if not isinstance(till_id, int):
        return None
    try:
        return merchant.queries.till(session, district_id, till_id).name
    except TillUnknown:
        return None


def _text(found: Transaction, name: str) -> str | None:
    value = found.facts.get(name)
    return value if isinstance(value, str) else None


def _notice(found: Transaction) -> int | None:
    version = found.facts.get("notice")
    return version if isinstance(version, int) else None
