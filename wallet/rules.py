"""How a payment is put together, what a one-time code and a card look like: pure functions, no session, no clock.

Amounts are whole yen. Numbers in brackets are rules of the QR rules: life of a consumer's code (26),
its text (24), its digits (25), its no-ask limit (27).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from base.ids import check_digit, has_check_digit, squeezed

CODE_SHOWN = timedelta(seconds=60)
"""How long a code is shown; the page renews it before (26)."""
CODE_RENEWED = timedelta(seconds=50)
CODE_ACCEPTED = timedelta(seconds=90)
"""How long a code is taken, for slow clocks and networks (26)."""
CONSENT_LIFE = timedelta(seconds=60)
"""How long a shop's question waits for the consumer, the amount held (27)."""

GIFT_LIFE = timedelta(days=14)
"""How long a gift waits for whoever has its link; then it goes back."""
GIFTS_MOST = 20
"""Gifts of one giver that may wait at once."""
ADDRESS_LIFE = timedelta(days=1)
"""How long a receiver's QR leads to them: one that was passed round does not for ever."""

CARDS_IN_A_LOT = 500
NO_PIN_PAYMENT, NO_PIN_DAY = 3_000, 5_000
"""Yen that a card pays without its PIN, in one payment and in one day, until a district decides otherwise."""
NO_PIN_HIGHEST = 30_000
"""Yen above which no district may let a card go without its PIN in a day."""

_GIFT = re.compile(r"[A-Z2-7]{26}")
_ADDRESS = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,10})-([0-9a-f]{24})")
_CODE = re.compile(r"M1[A-Z2-7]{26}")
_CARD = re.compile(r"M2([A-Z2-7]{4})[A-Z2-7]{26}")
_DIGITS = re.compile(r"[0-9]{12}")
_CARD_NUMBER = re.compile(r"([0-9]{3})[0-9]{13}")
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """勘定口座: units of one series that a payment may take from. `ends` is exclusive; None means that it never ends.

    What was bought together has one `bundle` and is one tender, in the order of `place`, with one `payment_max`; 0: it stands alone.
    """

    account_id: int
    series_id: int
    available: int
    begins: datetime
    ends: datetime | None
    payment_max: int
    coin: bool = True
    restricted: bool = False
    bundle: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What one balance gives."""

    account_id: int
    series_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A coupon that somebody holds, as it stands beside one bill at one shop. `ends` is exclusive; amounts in yen.

    `amount_off`: what it takes off this bill. `is_in_hours`, `is_visited`: whether weekday and hour, and what was paid before, are
    as its conditions want; `for_first`: they want that nothing was. `together`: it may stand on one bill with another such.
    """

    coupon_id: int
    account_id: int
    amount_off: int
    min_spend: int
    begins: datetime
    ends: datetime
    pieces: int
    is_for_shop: bool = True
    is_stopped: bool = False
    is_in_hours: bool = True
    is_visited: bool = True
    for_first: bool = False
    together: bool = False


class Obstacle(StrEnum):
    """Why a coupon does not apply to a bill. The first that holds is told: a larger bill is asked for only where it would help."""

    stopped = "stopped"  # the association has ended it
    over = "over"
    none_left = "none_left"
    other_shops = "other_shops"
    not_yet = "not_yet"
    hours = "hours"  # not on this weekday, or not at this hour
    visited = "visited"  # it is for a first visit, and this is none
    no_visit = "no_visit"  # it follows a payment, and there was none lately
    too_small = "too_small"  # the bill is below its minimum


def obstacle(offer: Offer, bill: int, *, now: datetime) -> Obstacle | None:
    """Why this coupon does not apply to a bill of so many yen; None when it does."""
    reasons = (
        (Obstacle.stopped, offer.is_stopped),
        (Obstacle.over, now >= offer.ends),
        (Obstacle.none_left, offer.pieces < 1),
        (Obstacle.other_shops, not offer.is_for_shop),
        (Obstacle.not_yet, now < offer.begins),
        (Obstacle.hours, not offer.is_in_hours),
        (Obstacle.visited, not offer.is_visited and offer.for_first),
        (Obstacle.no_visit, not offer.is_visited),
        (Obstacle.too_small, bill < offer.min_spend or offer.amount_off < 1),
    )
    return next((reason for reason, holds in reasons if holds), None)


COUPONS_A_BILL = 2
"""How many coupons one payment may use, where they say that they go together."""


def go_together(offers: Sequence[Offer], bill: int) -> bool:
    """Whether these may stand on one bill: one alone, or two that both say so. Each is reckoned from the whole bill, and something
    is left to pay."""
    alone = len(offers) <= 1 or (len(offers) <= COUPONS_A_BILL and all(offer.together for offer in offers))
    return alone and len({offer.coupon_id for offer in offers}) == len(offers) and sum(offer.amount_off for offer in offers) < bill


def best_offers(offers: Iterable[Offer], bill: int, *, now: datetime) -> tuple[Offer, ...]:
    """The coupons that take most off; of equal ones the fewest, then those that end first."""
    fitting = [offer for offer in offers if obstacle(offer, bill, now=now) is None]
    fitting.sort(key=lambda offer: (-offer.amount_off, offer.ends, offer.coupon_id))
    sets = [some for many in range(1, COUPONS_A_BILL + 1) for some in combinations(fitting, many) if go_together(some, bill)]
    return max(sets, key=lambda some: sum(offer.amount_off for offer in some), default=())  # the first of equal ones


@dataclass(frozen=True, slots=True)
class Tender:
    """A whole payment, or as much of it as there is: `shortage` is what is missing, 0 when it can be paid.

    `offers`: the coupons that are used up with it, one piece of each.
    """

    parts: tuple[Part, ...]
    shortage: int
    offers: tuple[Offer, ...] = ()

    @property
    def amount(self) -> int:
        """What the person pays, in yen."""
        return sum(part.amount for part in self.parts)

    @property
    def discount(self) -> int:
        """What the coupons take off the bill, in yen."""
        return sum(offer.amount_off for offer in self.offers)

    def shown(self) -> str:
        """The plan as the page carries it, so that another plan than the one shown is never paid."""
        coupons = (f"c{offer.coupon_id}:{offer.amount_off}" for offer in self.offers)
        return ",".join([*coupons, *(f"{part.series_id}:{part.amount}" for part in self.parts)])


def plan_tender(amount: int, accounts: Iterable[Account], *, offers: Sequence[Offer] = (), now: datetime) -> Tender:
    """Pay a bill of `amount` from the accounts: coupons first, then what expires first, restricted before unrestricted, coin last.

    A series that has not begun or has ended gives nothing; none, and nothing that was bought together, gives more than one payment may
    take of it. `offers` must apply to the bill; something is always left to pay.
    """
    parts = []
    spent: dict[int, int] = {}  # of each bundle
    missing = amount - sum(offer.amount_off for offer in offers)
    assert amount < 1 or missing > 0, (amount, offers)
    for account in sorted(accounts, key=turn):
        running = account.begins <= now and (account.ends is None or now < account.ends)
        taken = min(missing, account.available, account.payment_max - spent.get(_bundle(account), 0)) if running else 0
        if taken > 0:
            spent[_bundle(account)] = spent.get(_bundle(account), 0) + taken
            parts.append(Part(account.account_id, account.series_id, taken))
            missing -= taken
    return Tender(tuple(parts), missing, tuple(offers))


def turn(account: Account) -> tuple[bool, datetime, bool, int, int, int]:
    """By what accounts are sorted into the published order of spending."""
    return account.coin, account.ends or _NEVER, not account.restricted, _bundle(account), account.place, account.series_id


def _bundle(account: Account) -> int:
    """What this account shares its turn and its limit with: a voucher's number is that of its first series."""
    return account.bundle or account.series_id


def make_code() -> str:
    """The text of a fresh one-time code: M1 and 128 random bits in Base32, 28 characters (24)."""
    return "M1" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def fingerprint_of(code: str) -> bytes:
    """SHA-256 of the code's text: what is stored instead of it (24)."""
    return hashlib.sha256(code.encode()).digest()


def make_digits() -> str:
    """Twelve random digits to read aloud (25)."""
    return f"{secrets.randbelow(10**12):012d}"


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a terminal read: the fingerprint of a scanned text, or typed digits. Exactly one of them."""

    fingerprint: bytes | None = None
    digits: str | None = None

    @property
    def name(self) -> str:
        """What stands for it in the content of a command."""
        return self.digits or (self.fingerprint or b"").hex()


@dataclass(frozen=True, slots=True)
class ReadCard:
    """What a terminal read of a card: the fingerprint of its QR, or its typed number. Exactly one of them.

    `mark`: of the district that printed it.
    """

    mark: str
    fingerprint: bytes | None = None
    number: str | None = None

    @property
    def name(self) -> str:
        """What stands for it in the content of a command."""
        return self.number or (self.fingerprint or b"").hex()


def read_code(text: str) -> ReadCode | ReadCard | None:
    """What was scanned or typed; digits may be full width and grouped. None: neither a phone's code nor a card."""
    plain = squeezed(text)
    if _DIGITS.fullmatch(plain):
        return ReadCode(digits=plain)
    if (number := _CARD_NUMBER.fullmatch(plain)) and has_check_digit(plain):
        return ReadCard(number[1], number=plain)
    if _CODE.fullmatch(plain.upper()):
        return ReadCode(fingerprint=fingerprint_of(plain.upper()))
    if card := _CARD.fullmatch(plain.upper()):
        return ReadCard(card[1], fingerprint=fingerprint_of(plain.upper()))
    return None


def grouped_digits(digits: str) -> str:
    """417359260318 as `4173 5926 0318`."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def card_marks(slug: str) -> tuple[str, str]:
    """What stands in each QR and in each number of a district's cards, so that another district's are told apart.

    Four signs of Base32 and three digits, from the district's short name. They are no secret and protect nothing.
    """
    hashed = hashlib.sha256(b"meguri-card\x00" + slug.encode()).digest()
    return base64.b32encode(hashed).decode()[:4], f"{int.from_bytes(hashed, 'big') % 1000:03d}"


def make_card(slug: str) -> tuple[str, str]:
    """The QR text and the number of a fresh card.

    The text is M2, the district's mark and 128 random bits in Base32: 32 characters, alphanumeric. The number is
    the mark, twelve random digits and a check digit; it is no secret, and pays nothing without the PIN.
    """
    sign, digits = card_marks(slug)
    number = digits + make_digits()
    return "M2" + sign + make_code()[2:], number + check_digit(number)


def gift_code(secret: bytes) -> str:
    """What stands in a gift's link, from 32 secret bytes: 128 bits of them in Base32, 26 characters."""
    return base64.b32encode(secret[:16]).decode().rstrip("=")


def is_gift_code(text: str) -> bool:
    """Whether this can be one at all."""
    return _GIFT.fullmatch(text) is not None


def address_text(person_id: int, ends: int, seal: bytes) -> str:
    """What a receiver's QR says of them: who, until when (seconds since 1970), and the seal over both."""
    return f"{person_id:x}-{ends:x}-{seal[:12].hex()}"


def read_address(text: str) -> tuple[int, int, str] | None:
    """(person, ends, seal in hexadecimal) of a receiver's QR, unproved. None: it is no such text."""
    found = _ADDRESS.fullmatch(text)
    return None if found is None else (int(found[1], 16), int(found[2], 16), found[3])
