"""Two pairs of eyes: what one person proposes and another approves is posted line by line as proposed, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ledger import commands, queries
from ledger.commands import Draft, Line, Mandate, hash_command, transfer
from ledger.errors import (
    AlreadyDecided,
    CeilingPassed,
    FloorPassed,
    KeyReused,
    NotApproved,
    ProposalUnknown,
    RefundTooLarge,
    SameHands,
    SeriesEnded,
    SeriesRunning,
)
from ledger.verify import verify
from tests.ledger.conftest import Book

MAKER, CHECKER = 71, 72


def large_top_up(book: Book, consumer: int, amount: int) -> Draft:
    return book.draft("top_up_large", book.opens("safe", 0), consumer, amount)


def test_what_needs_two_people_is_posted_once_and_only_after_the_second(book: Book) -> None:
    """Before the approval the book says no; after it the same lines are posted, again harmlessly."""
    hanako = book.consumer()
    draft = large_top_up(book, hanako, 80_000)
    with pytest.raises(NotApproved):
        book.call(commands.post, draft)
    number = book.call(commands.propose, MAKER, "top_up_large", [draft], facts={"person": 1})
    with pytest.raises(NotApproved):
        book.call(commands.post_approved, number)
    book.call(commands.decide, number, CHECKER, approved=True)
    first = book.call(commands.post_approved, number)
    again = book.call(commands.post_approved, number)
    assert [one.transaction_id for one in first] == [one.transaction_id for one in again]
    assert book.balance(hanako) == 80_000
    told = book.call(queries.one_proposal, number)
    assert (told.maker, told.checker, told.approved, told.items[0].transaction_id) == (MAKER, CHECKER, True, first[0].transaction_id)


def test_nobody_approves_their_own_proposal_and_nothing_is_decided_twice(book: Book) -> None:
    number = book.call(commands.propose, MAKER, "top_up_large", [large_top_up(book, book.consumer(), 10)])
    with pytest.raises(SameHands):
        book.call(commands.decide, number, MAKER, approved=True)
    book.call(commands.decide, number, CHECKER, approved=False, note="金額が違う")
    with pytest.raises(AlreadyDecided):
        book.call(commands.decide, number, 73, approved=True)
    with pytest.raises(NotApproved):
        book.call(commands.post_approved, number)
    with pytest.raises(ProposalUnknown):
        book.call(commands.decide, number + 1_000_000, CHECKER, approved=True)


def test_an_approval_covers_exactly_the_lines_that_were_seen(book: Book) -> None:
    """A page that was taken over cannot put another amount, account or key under somebody's approval."""
    hanako, thief = book.consumer(), book.consumer()
    draft = large_top_up(book, hanako, 10_000)
    number = book.call(commands.propose, MAKER, "top_up_large", [draft])
    book.call(commands.decide, number, CHECKER, approved=True)
    safe = draft.lines[0].account_id
    for lines, key in (
        (transfer(safe, hanako, 90_000), draft.key),
        (transfer(safe, thief, 10_000), draft.key),
        (draft.lines, uuid4()),
    ):
        with pytest.raises(NotApproved):
            book.call(commands.post, Draft(draft.kind, key, draft.command_hash, lines))
    with pytest.raises(KeyReused):
        book.call(commands.propose, MAKER, "top_up_large", [draft])


def test_the_database_itself_keeps_maker_and_checker_apart(book: Book, owner_engine: object) -> None:
    """Even its owner cannot write a decision by the maker, or change one."""
    number = book.call(commands.propose, MAKER, "top_up_large", [large_top_up(book, book.consumer(), 10)])
    values = {"d": book.district_id, "p": number, "m": MAKER}
    with Session(owner_engine) as session, pytest.raises(DBAPIError, match="two_persons"):  # type: ignore[call-overload]
        session.execute(text("INSERT INTO ledger.decision VALUES (:d, :p, :m, :m, true, '', now())"), values)
    with Session(owner_engine) as session, pytest.raises(DBAPIError, match="never_edited"):  # type: ignore[call-overload]
        session.execute(text("UPDATE ledger.proposal SET maker = 1"))


def test_an_approval_does_not_lift_a_limit(book: Book) -> None:
    """The person's balance limit holds for two clerks as for one."""
    draft = large_top_up(book, book.consumer(), 100_001)
    number = book.call(commands.propose, MAKER, "top_up_large", [draft])
    book.call(commands.decide, number, CHECKER, approved=True)
    with pytest.raises(CeilingPassed) as refusal:
        book.call(commands.post_approved, number)
    assert refusal.value.facts == {"role": "consumer", "room": 100_000}


def coupon(book: Book, pieces: int) -> tuple[int, int]:
    """A coupon series with its pieces in one shard: (series, stock account)."""
    series = book.series(unit="piece", payment_max=1, balance_max=1, ask_above=0, pin_above=0, new_device_max=0)
    stock = book.opens("coupon_stock", series)
    issued = [book.draft("coupon_issue", book.opens("coupon_issued", series), stock, pieces)]
    number = book.call(commands.propose, MAKER, "coupon", issued, mandate=Mandate("piece", 100, 0, 10**9, piece=series))
    book.call(commands.decide, number, CHECKER, approved=True)
    book.call(commands.post_approved, number)
    return series, stock


def a_coupon_in_hand(book: Book) -> tuple[int, int]:
    """Somebody's account with one piece of a coupon, and where it goes when it is used."""
    series, stock = coupon(book, 1)
    piece = book.opens("consumer", series)
    book.posts("coupon_claim", stock, piece, 1)
    return piece, book.opens("coupon_used", series)


def test_a_coupon_is_claimed_spent_and_comes_back_and_its_funder_pays(book: Book) -> None:
    """Coin 400 and a coupon of 100 pay 500: the shop is owed 500, the association bears 60 and the town 40."""
    series, stock = coupon(book, 2)
    hanako, bakery = book.consumer(1_000), book.shop()
    piece, used = book.opens("consumer", series), book.opens("coupon_used", series)
    promotion, town = book.opens("promotion", 0), book.opens("funder", 0)
    book.posts("coupon_claim", stock, piece, 1)
    with pytest.raises(CeilingPassed):  # one a person
        book.posts("coupon_claim", stock, piece, 1)
    lines = (Line(hanako, 400), Line(piece, 1), Line(promotion, 60), Line(town, 40), Line(bakery, -500), Line(used, -1))
    paid = book.call(commands.post, Draft("coupon_payment", uuid4(), hash_command("pay"), lines))
    accounts = (hanako, piece, bakery, promotion, town, used, stock)
    assert [book.balance(each) for each in accounts] == [600, 0, 500, 60, 40, 1, 1]
    assert book.call(queries.transaction, paid.transaction_id).amount == 500
    back = Draft(
        "coupon_refund",
        uuid4(),
        hash_command("back"),
        tuple(Line(one.account_id, -one.amount) for one in lines),
        refers_to=paid.transaction_id,
    )
    book.call(commands.post, back)
    assert [book.balance(each) for each in accounts] == [1_000, 1, 0, 0, 0, 0, 1]
    assert book.call(queries.entries, [bakery])[1].refunded == 500
    with pytest.raises(RefundTooLarge):
        book.call(commands.post, Draft("coupon_refund", uuid4(), hash_command("2"), back.lines, refers_to=paid.transaction_id))
    with Session(book.engine) as session:
        assert list(verify(session, lambda _: None, district_id=book.district_id)) == []


def test_paying_with_coupons_waits_for_nobody_elses_payment(book: Book) -> None:
    """While one coupon payment is not committed yet, another to the same shop out of the same campaign goes through."""
    series, stock = coupon(book, 10)
    bakery, promotion, used = book.shop(), book.opens("promotion", 0), book.opens("coupon_used", series)

    def payment() -> Draft:
        piece = book.opens("consumer", series)
        book.posts("coupon_claim", stock, piece, 1)
        lines = (Line(piece, 1), Line(promotion, 100), Line(bakery, -100), Line(used, -1))
        return Draft("coupon_payment", uuid4(), hash_command("pay", piece), lines)

    first, second = payment(), payment()
    with Session(book.engine) as slow:
        commands.post(slow, book.district_id, first)
        book.call(
            lambda session, district: (session.execute(text("SET LOCAL lock_timeout = '2s'")), commands.post(session, district, second))
        )
        slow.commit()
    assert book.balance(bakery) == 200


def test_a_series_that_has_ended_is_paid_out_and_expires_but_buys_nothing(demo_book: Book) -> None:
    """After the last day: no payment; the shop is settled, the rest becomes income, a refund waits in suspense."""
    book = demo_book
    ended = datetime.now(UTC) - timedelta(hours=1)
    series = book.series(valid_from=ended - timedelta(days=30), valid_until=ended)
    before, drawer = ended - timedelta(days=1), book.opens("drawer", 0)
    hanako, bakery, transit = book.opens("consumer", series), book.shop(series), book.opens("in_transit", 0)
    book.posts("top_up", drawer, hanako, 1_000, posted_at=before)
    paid = book.pays(hanako, bakery, 600, posted_at=before)
    with pytest.raises(SeriesEnded):
        book.pays(hanako, bakery, 100)
    with pytest.raises(SeriesEnded):
        book.refunds(paid, bakery, hanako, 100)
    with pytest.raises(SeriesEnded):  # nor by another name: nothing revives a coin
        book.posts("refund_late", bakery, hanako, 100, refers_to=paid.transaction_id)
    late = book.draft("refund_late", bakery, book.opens("suspense", series), 200, refers_to=paid.transaction_id)
    book.call(commands.post, late)
    with pytest.raises(RefundTooLarge):
        book.posts("refund_late", bakery, book.opens("suspense", series), 401, refers_to=paid.transaction_id)
    settled = book.draft("settlement", bakery, transit, 400)
    number = book.call(commands.propose, MAKER, "settlement", [settled])
    book.call(commands.decide, number, CHECKER, approved=True)
    book.call(commands.post_approved, number)
    book.posts("expiry", hanako, book.opens("breakage", 0), 400)
    assert [book.balance(each) for each in (hanako, bakery, transit)] == [0, 0, 400]


def test_a_late_refund_undoes_a_discount_whoever_was_there_first(demo_book: Book) -> None:
    """The coin has ended; the funder of the discount came to the district after the shop, so that its line stands behind the coin's."""
    book = demo_book
    ended = datetime.now(UTC) - timedelta(hours=1)
    series, before = book.series(valid_from=ended - timedelta(days=30), valid_until=ended), ended - timedelta(days=1)
    hanako, bakery, suspense, funder = (
        book.opens("consumer", series),
        book.shop(series),
        book.opens("suspense", series),
        book.opens("funder", 0),
    )
    piece, used = a_coupon_in_hand(book)
    book.posts("top_up", book.opens("drawer", 0), hanako, 1_000, posted_at=before)
    lines = (Line(hanako, 400), Line(bakery, -500), Line(funder, 100), Line(piece, 1), Line(used, -1))
    paid = book.call(commands.post, Draft("coupon_payment", uuid4(), hash_command(1), lines, posted_at=before))
    back = (Line(bakery, 500), Line(suspense, -400), Line(funder, -100))
    book.call(commands.post, Draft("refund_late", uuid4(), hash_command(2), back, refers_to=paid.transaction_id))
    assert [book.balance(each) for each in (hanako, bakery, suspense, funder)] == [600, 0, 400, 0]


def test_nothing_expires_before_its_time(book: Book) -> None:
    with pytest.raises(SeriesRunning):
        book.posts("expiry", book.consumer(10), book.opens("breakage", 0), 10)


def test_an_agents_cash_is_its_debt_and_never_below_zero(book: Book) -> None:
    """A shop that sold 5,000 of coin owes 5,000; netting cannot take more than that."""
    agent = book.opens("agent", 0)
    book.posts("agent_top_up", agent, book.consumer(), 5_000)
    assert book.balance(agent) == 5_000
    with pytest.raises(FloorPassed):
        book.posts("agent_pays_in", book.opens("drawer", 0), agent, 5_001)
