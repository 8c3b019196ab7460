"""銀行照合: the book's bank account beside the bank's own word: what agrees, what is open and for how long, and why the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.queries.bank import BankAccountRow, KeptLine, Live, accounts_of, kept_lines, live_matches, noted_balances
from association.queries.books import Called
from association.queries.drawers import Counted, count, drawers, last_count, last_safe_count, safe_cash
from association.queries.listed_coupons import payers_by_account
from association.rules.matching import NEAR_DAYS, BankLine, BookEntry, Explained, age_days, before_and_gap, proposals_for_a_page
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import RoleEntry

PROPOSALS_SHOWN = 200
ROLE = "bank"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of the bank that is no entry of the book yet. `later`: it is matched, but the book has it on a later day."""

    line: KeptLine
    account_name: str
    age: int
    later: bool


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry of the book's bank account that the bank has not shown yet. `whose`: shop or funder, with its
    `reading` in kana. `later`: as of a line."""

    transaction_id: int
    posted_at: datetime
    kind: str
    amount: int
    whose: Called | None
    reading: str
    note: str
    age: int
    later: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What probably belongs together. `token`: how a form names it. `is_sure`: nothing else would fit."""

    lines: tuple[KeptLine, ...]
    entries: tuple[OpenEntry, ...]
    is_sure: bool

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def token(self) -> str:
        return ",".join(str(line.id) for line in self.lines) + "|" + ",".join(str(entry.transaction_id) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """What an account at a bank holds at the end of the day. None: neither a file nor a person has said."""

    account: BankAccountRow
    balance: int | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """At the end of `day`. `explained` None: the bank's balance is not known. `before`: entries older than the first line, unmatched."""

    day: date
    first_day: date | None
    balances: tuple[AccountBalance, ...]
    book: int
    explained: Explained | None
    lines: tuple[OpenLine, ...]
    entries: tuple[OpenEntry, ...]
    proposals: tuple[Proposed, ...]
    matched: int

    @property
    def oldest(self) -> int:
        """Days for which the oldest open thing has been open."""
        return max([*(line.age for line in self.lines), *(entry.age for entry in self.entries)], default=0)


@dataclass(frozen=True, slots=True)
class CashStanding:
    """A drawer (`clerk_name`) by the book, and as it was counted last. None: never."""

    clerk_name: str | None
    book: int
    last: Counted | None


@dataclass(frozen=True, slots=True)
class Cash:
    """現金: what the book says lies in drawers and safe."""

    drawers: tuple[CashStanding, ...]
    safe: int
    safe_last: Counted | None


def unreconciled_days(session: Session, district_id: int, *, now: datetime) -> int | None:
    """How many days nobody has compared book and bank, or the oldest open thing has been open, whichever is more. None: no file ever
    came. Names nobody; no role is asked for."""
    accounts = accounts_of(session, district_id)
    reach = [account.last_day for account in accounts if account.last_day is not None]
    if not reach:
        return None
    lines, live = kept_lines(session, district_id), live_matches(session, district_id)
    entries, today, day = book.role_entries(session, district_id, ROLE), tokyo_day(now), min(reach)
    whole, first_day = _whole(live, lines, entries, day), min(line.day for line in lines)
    open_lines = [line.day for line in lines if line.day <= day and live.lines.get(line.id) not in whole]
    open_entries = [_day(each) for each in entries if first_day <= _day(each) <= day and live.entries.get(each.transaction_id) not in whole]
    return age_days(min([day, *open_lines, *open_entries]), today)


def reconciliation(session: Session, who: Principal, *, at: date | None = None, now: datetime) -> Reconciliation:
    """At the end of `at`; None: of the last day that the files of all accounts reach.

    A match counts once both its sides are in: with a line after the day or an entry booked after it, the other side is open still.
    """
    authorise(session, who, "association.read_books", subject="bank")
    accounts = accounts_of(session, who.district_id)
    lines, live = kept_lines(session, who.district_id), live_matches(session, who.district_id)
    entries, today = book.role_entries(session, who.district_id, ROLE), tokyo_day(now)
    reach = [account.last_day for account in accounts if account.last_day is not None]
    day = at or min(reach, default=today)
    first_day = min((line.day for line in lines), default=None)
    whole = _whole(live, lines, entries, day)
    seen = _as_open(session, who.district_id, entries, live, today)
    open_lines = [line for line in lines if line.day <= day and live.lines.get(line.id) not in whole]
    open_entries = [
        seen[each.transaction_id] for each in entries if _day(each) <= day and live.entries.get(each.transaction_id) not in whole
    ]
    begins = first_day or date.min
    earlier = [each for each in open_entries if tokyo_day(each.posted_at) < begins]
    shown = [each for each in open_entries if tokyo_day(each.posted_at) >= begins]
    noted = noted_balances(session, who.district_id)
    balances = tuple(_balance(account, lines, noted.get(account.id, {}), day) for account in accounts)
    stands = sum(each.amount for each in entries if _day(each) <= day)
    names = {account.id: account.name for account in accounts}
    return Reconciliation(
        day=day,
        first_day=first_day,
        balances=balances,
        book=stands,
        explained=_explained(balances, lines, day, stands, open_lines, shown, earlier, _outside(live, whole, lines, day)),
        lines=tuple(OpenLine(line, names[line.account_id], age_days(line.day, today), line.id in live.lines) for line in open_lines),
        entries=tuple(shown),
        proposals=_proposals(lines, entries, live, seen, first_day),
        matched=len({*live.lines.values(), *live.entries.values()}),
    )


def cash(session: Session, who: Principal) -> Cash:
    """Each drawer by the book and by its last count, and the safe."""
    standing = []
    for drawer in drawers(session, who):
        last = last_count(session, who.district_id, drawer.clerk_id)
        standing.append(CashStanding(drawer.clerk_name, drawer.cash, None if last is None else count(session, who, last.id)))
    last_safe = last_safe_count(session, who.district_id)
    return Cash(tuple(standing), safe_cash(session, who), None if last_safe is None else count(session, who, last_safe.id))


def _day(entry: RoleEntry) -> date:
    return tokyo_day(entry.posted_at)


def _whole(live: Live, lines: Iterable[KeptLine], entries: Iterable[RoleEntry], day: date) -> set[int]:
    """Matches of which both sides are in by the end of `day`."""
    later = {live.lines.get(line.id) for line in lines if line.day > day}
    later |= {live.entries.get(entry.transaction_id) for entry in entries if _day(entry) > day}
    return {*live.lines.values(), *live.entries.values()} - {match for match in later if match is not None}


def _outside(live: Live, whole: set[int], lines: Iterable[KeptLine], day: date) -> int:
    """What lines moved that are in a match with no entry: they belong to something else, or go from one account to another."""
    alone = whole - {*live.entries.values()}
    return sum(line.amount for line in lines if line.day <= day and live.lines.get(line.id) in alone)


def _explained(
    balances: Iterable[AccountBalance],
    lines: Iterable[KeptLine],
    day: date,
    stands: int,
    open_lines: Iterable[KeptLine],
    open_entries: Iterable[OpenEntry],
    earlier: Iterable[OpenEntry],
    outside: int,
) -> Explained | None:
    """None as long as the balance of an account is not known."""
    known = [each.balance for each in balances if each.balance is not None]
    if not known or any(each.balance is None for each in balances):
        return None
    before = gap = 0
    for account in balances:
        mine = [(line.amount, line.balance) for line in lines if line.account_id == account.account.id and line.day <= day]
        was_there, missing = before_and_gap(mine)
        before, gap = before + was_there, gap + missing
    return Explained(
        book=stands,
        not_in_book=sum(line.amount for line in open_lines),
        not_at_bank=sum(entry.amount for entry in open_entries),
        outside=outside,
        before_bank=before,
        before_book=sum(entry.amount for entry in earlier),
        gap=gap,
        bank=sum(known),
    )


def _balance(account: BankAccountRow, lines: Iterable[KeptLine], noted: Mapping[date, int], day: date) -> AccountBalance:
    """By the last line that has one, else as somebody noted it; what was moved since is added."""
    mine = [line for line in lines if line.account_id == account.id and line.day <= day]
    since = 0
    for line in reversed(mine):
        if line.balance is not None:
            return AccountBalance(account, line.balance + since)
        since += line.amount
    at = max((each for each in noted if each <= day), default=None)
    if at is None:
        return AccountBalance(account, None)
    return AccountBalance(account, noted[at] + sum(line.amount for line in mine if line.day > at))


def _proposals(
    lines: Iterable[KeptLine], entries: Iterable[RoleEntry], live: Live, seen: Mapping[int, OpenEntry], first_day: date | None
) -> tuple[Proposed, ...]:
    """Of all that is in no match, whatever its day; entries long before the first line are left alone."""
    if first_day is None:
        return ()
    free = {line.id: line for line in lines if line.id not in live.lines}
    since = first_day - timedelta(days=NEAR_DAYS)
    loose = [_as_booked(each, seen[each.transaction_id]) for each in entries if each.transaction_id not in live.entries]
    bank = [BankLine(line.id, line.day, line.amount, line.about) for line in free.values()]
    found = proposals_for_a_page(bank, [each for each in loose if each.day >= since], PROPOSALS_SHOWN)
    return tuple(
        Proposed(tuple(free[number] for number in match.lines), tuple(seen[number] for number in match.entries), match.is_sure)
        for match in found
    )


def _as_booked(entry: RoleEntry, seen: OpenEntry) -> BookEntry:
    """As the matching sees it: transfers on the day on which the bank was to make them, and all of one run as a group."""
    paid_on = entry.facts.get("paid_on")
    day = date.fromisoformat(paid_on) if isinstance(paid_on, str) else _day(entry)
    names = () if seen.whose is None else (seen.whose.name, seen.whose.name_en, seen.reading)
    run = str(entry.facts.get("advice") or "").partition("-")[0]
    return BookEntry(entry.transaction_id, day, entry.amount, names, f"{run} {day}" if entry.kind == "payout" and run else "")


def _as_open(session: Session, district_id: int, entries: Iterable[RoleEntry], live: Live, today: date) -> dict[int, OpenEntry]:
    """Every entry with whose it is, by transaction."""
    found = list(entries)
    shop_ids = {entry.facts["merchant"] for entry in found if isinstance(entry.facts.get("merchant"), int)}
    shops = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=list(shop_ids))} if shop_ids else {}  # type: ignore[arg-type]
    paid = [account for entry in found if entry.kind == "funder_pays" for account in entry.accounts]
    funders = {account: name for account, (name, _, _) in payers_by_account(session, district_id, paid).items()} if paid else {}

    def as_open(entry: RoleEntry) -> OpenEntry:
        shop = shops.get(entry.facts.get("merchant"))  # type: ignore[arg-type]
        funder = next((funders[account] for account in entry.accounts if funders.get(account)), None)
        return OpenEntry(
            transaction_id=entry.transaction_id,
            posted_at=entry.posted_at,
            kind=entry.kind,
            amount=entry.amount,
            whose=Called(shop.name, shop.name_en) if shop else Called(funder) if funder else None,
            reading=shop.name_kana if shop else "",
            note=str(entry.facts.get("note") or ""),
            age=age_days(_day(entry), today),
            later=entry.transaction_id in live.entries,
        )

    return {entry.transaction_id: as_open(entry) for entry in found}
