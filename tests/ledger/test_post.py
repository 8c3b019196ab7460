"""What the book does with one command: writes it, answers it again, or says the first reason why not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.commands.posting
from base.db import atomic
from ledger import commands, queries
from ledger.commands import Draft, Line, hash_command
from ledger.errors import (
    AccountFrozen,
    AccountUnknown,
    AlreadyReversed,
    BatchWrong,
    CeilingPassed,
    DrawerFull,
    FloorPassed,
    HoldEnded,
    HoldTooSmall,
    HoldUnknown,
    KeyClosed,
    KeyReused,
    KindForbidden,
    MovementForbidden,
    PayableFloorPassed,
    PayableFrozen,
    PaymentTooLarge,
    ReferenceWrong,
    RefundTooLarge,
    RoleUnknown,
    SeriesEnded,
    SeriesExists,
    SeriesNotYet,
    SeriesUnknown,
    SeriesWrong,
    TimeNotYours,
    TransactionUnknown,
    Unbalanced,
)
from tests.ledger.conftest import Book

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_payment_moves_value_from_one_side_to_the_other(book: Book) -> None:
    """A consumer with 1,000 pays 300: 700 are left, the shop has 300, and the statement says so."""
    hanako, bakery = book.consumer(1_000), book.shop()
    paid = book.pays(hanako, bakery, 300, facts={"way": "static"})
    assert (book.balance(hanako), book.balance(bakery)) == (700, 300)
    newest = book.call(queries.entries, [hanako])[0]
    assert (newest.amount, newest.balance_after, newest.facts, newest.key) == (-300, 700, {"way": "static"}, paid.key)
    assert newest.matching_word == paid.matching_word == book.call(queries.transaction, paid.transaction_id).matching_word


def test_a_nervous_thumb_pays_once(book: Book) -> None:
    """The same command sent again is answered with the first answer."""
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    first, again = book.pays(hanako, bakery, 300, key=key), book.pays(hanako, bakery, 300, key=key)
    assert again == replace(first, replayed=True)
    assert book.balance(hanako) == 700


def test_five_at_once_pay_once(book: Book) -> None:
    """Five copies of one command on five connections write one transaction and get one answer."""
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    answers = book.at_once([lambda: book.pays(hanako, bakery, 300, key=key)] * 5)
    assert len({answer.transaction_id for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False, True, True, True, True]
    assert (book.balance(hanako), book.balance(bakery)) == (700, 300)


def test_a_retry_whose_plan_has_changed_gets_the_first_answer(book: Book) -> None:
    """The command is the same though other accounts would now pay it: what counts is what was asked for."""
    hanako, other, bakery, key = book.consumer(1_000), book.consumer(1_000), book.shop(), uuid4()
    first = book.pays(hanako, bakery, 300, key=key, content="hanako pays 300")
    again = book.pays(other, bakery, 300, key=key, content="hanako pays 300")
    assert again == replace(first, replayed=True)
    assert book.balance(other) == 1_000


def test_two_plans_of_one_command_at_the_same_moment_pay_once(book: Book) -> None:
    """Even when the two lock different accounts and meet only at the key."""
    payers, bakery, key = [book.consumer(1_000) for _ in range(4)], book.shop(), uuid4()
    answers = book.at_once([lambda payer=payer: book.pays(payer, bakery, 300, key=key, content="one") for payer in payers])
    assert len({answer.transaction_id for answer in answers}) == 1
    assert sum(book.balance(payer) for payer in payers) == 3_700


def test_the_first_answer_is_given_though_the_world_has_changed(book: Book) -> None:
    """A repeat after the balance is gone and the shop suspended still finds its payment."""
    hanako, bakery, key = book.consumer(300), book.shop(), uuid4()
    first = book.pays(hanako, bakery, 300, key=key)
    book.call(commands.set_account_state, bakery, "frozen")
    assert book.pays(hanako, bakery, 300, key=key) == replace(first, replayed=True)


def test_another_command_under_the_same_key_is_refused(book: Book) -> None:
    """A key answers for one content only."""
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    book.pays(hanako, bakery, 300, key=key)
    with pytest.raises(KeyReused):
        book.pays(hanako, bakery, 301, key=key)
    with pytest.raises(KeyReused):
        book.call(queries.find_key, key, hash_command("else"))


def test_a_refusal_binds_nothing(book: Book) -> None:
    """After a refusal for lack of balance the same key may pay once there is enough."""
    hanako, bakery, key = book.consumer(100), book.shop(), uuid4()
    with pytest.raises(FloorPassed) as refusal:
        book.pays(hanako, bakery, 300, key=key)
    assert refusal.value.facts["shortage"] == 200
    book.posts("top_up", book.opens("drawer", 0), hanako, 200)
    assert not book.pays(hanako, bakery, 300, key=key).replayed


def test_a_closed_key_never_pays(book: Book) -> None:
    """When the outcome is unknown the key is closed, and the late original cannot pay any more."""
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    assert book.call(commands.close_key, key) is None
    assert book.call(commands.close_key, key) is None
    with pytest.raises(KeyClosed):
        book.pays(hanako, bakery, 300, key=key)
    with pytest.raises(KeyClosed):
        book.call(queries.find_key, key, hash_command("any"))
    assert book.balance(hanako) == 1_000


def test_closing_a_key_finds_the_payment_that_went_through(book: Book) -> None:
    """Whoever asks by the key after the commit gets the payment, not a closed key."""
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    paid = book.pays(hanako, bakery, 300, key=key)
    assert book.call(commands.close_key, key) == replace(paid, replayed=True)


def refusals(book: Book) -> dict[str, tuple[type[Exception], object]]:
    """One row for each reason: what is sent, and the class that answers."""
    other = Book(book.engine, book.desk)
    other.series_id = other.series()
    hanako, bakery, drawer = book.consumer(50_000), book.shop(), book.opens("drawer", 0)
    frozen, closed_shop = book.consumer(1_000), book.shop()
    book.call(commands.set_account_state, frozen, "frozen")
    book.call(commands.set_account_state, closed_shop, "frozen")
    ended = book.series(valid_from=LONG_AGO, valid_until=LONG_AGO + timedelta(days=1))
    later = book.series(valid_from=datetime.now(UTC) + timedelta(days=1))
    second = book.series()
    paid, top_up = book.pays(hanako, bakery, 500), book.posts("top_up", drawer, hanako, 10)
    book.posts("reversal", hanako, drawer, 10, refers_to=top_up.transaction_id)
    draft = book.draft
    return {
        "kind_forbidden": (KindForbidden, draft("correction", hanako, bakery, 1)),
        "kind_unknown": (KindForbidden, draft("gift", hanako, bakery, 1)),
        "key_closed_by_hand": (KindForbidden, draft("key_closed", hanako, bakery, 1)),
        "one_line": (Unbalanced, Draft("payment", uuid4(), hash_command(), (Line(hanako, 1),))),
        "no_line": (Unbalanced, Draft("payment", uuid4(), hash_command(), ())),
        "same_account_twice": (Unbalanced, draft("payment", hanako, hanako, 1)),
        "does_not_add_up": (Unbalanced, Draft("payment", uuid4(), hash_command(), (Line(hanako, 2), Line(bakery, -1)))),
        "overflow": (Unbalanced, Draft("refund", uuid4(), hash_command(), (Line(hanako, -(2**62)), Line(bakery, 2**62 + 1)))),
        "account_unknown": (AccountUnknown, draft("payment", hanako, 2**60, 1)),
        "other_district": (AccountUnknown, draft("payment", hanako, other.shop(), 1)),
        "amount_0": (MovementForbidden, draft("payment", hanako, bakery, 0)),
        "shop_pays_consumer": (MovementForbidden, draft("payment", bakery, hanako, 1)),
        "consumer_into_drawer": (MovementForbidden, draft("top_up", hanako, drawer, 1)),
        "consumer_frozen": (AccountFrozen, draft("payment", frozen, bakery, 1)),
        "shop_frozen": (PayableFrozen, draft("payment", hanako, closed_shop, 1)),
        "series_ended": (SeriesEnded, draft("top_up", drawer, book.opens("consumer", ended), 1)),
        "series_not_yet": (SeriesNotYet, draft("top_up", drawer, book.opens("consumer", later), 1)),
        "above_payment_max": (PaymentTooLarge, draft("payment", hanako, bakery, 100_001)),
        "series_mixed": (Unbalanced, draft("payment", hanako, book.shop(second), 1)),
        "refund_of_nothing": (ReferenceWrong, draft("refund", bakery, hanako, 1)),
        "refund_of_top_up": (ReferenceWrong, draft("refund", bakery, hanako, 1, refers_to=top_up.transaction_id)),
        "refund_elsewhere": (RefundTooLarge, draft("refund", bakery, book.consumer(), 1, refers_to=paid.transaction_id)),
        "refund_too_large": (RefundTooLarge, draft("refund", bakery, hanako, 501, refers_to=paid.transaction_id)),
        "payment_refers": (ReferenceWrong, draft("payment", hanako, bakery, 1, refers_to=paid.transaction_id)),
        "reversed_twice": (AlreadyReversed, draft("reversal", hanako, drawer, 10, refers_to=top_up.transaction_id)),
        "payment_reversed": (ReferenceWrong, draft("reversal", hanako, drawer, 500, refers_to=paid.transaction_id)),
        "hold_unknown": (HoldUnknown, draft("payment", hanako, bakery, 1, hold_id=2**60)),
        "hold_too_small": (HoldTooSmall, draft("payment", hanako, bakery, 101, hold_id=book.holds(hanako, 100))),
        "floor": (FloorPassed, draft("payment", hanako, bakery, 60_000)),
        "balance_cap": (CeilingPassed, draft("top_up", drawer, hanako, 60_000)),
        "drawer_cap": (DrawerFull, draft("top_up", drawer, book.consumer(series_id=book.series(balance_max=300_000)), 500_001)),
        "own_time": (TimeNotYours, draft("payment", hanako, bakery, 1, posted_at=LONG_AGO)),
    }


def test_each_reason_to_say_no_has_its_own_answer(book: Book) -> None:
    """A table of everything that can be wrong with a draft; each is refused by its own class and moves nothing."""
    table = refusals(book)
    fine = book.draft("payment", book.consumer(1_000), book.shop(), 1)
    before = book.call(queries.trial_balance)
    for name, (reason, draft) in table.items():  # a payment has a quick way of its own in `post`, and a batch of them another
        assert isinstance(book.at_once([lambda draft=draft: book.call(commands.post, draft)])[0], reason), name
        for batch in ([draft], [fine, draft]):
            assert isinstance(book.at_once([lambda batch=batch: book.call(commands.post_many, batch)])[0], reason), name
    assert book.call(queries.trial_balance) == before


RAW = text(
    "SELECT ledger.post(:d, '{top_up}', ARRAY[CAST(:key AS uuid)], ARRAY[CAST(:hash AS bytea)], '{NULL}', '{NULL}', '{\"{}\"}', '{2}',"
    " CAST(:accounts AS bigint[]), CAST(:amounts AS bigint[]))"
)


@pytest.mark.parametrize("form", ["{{{a},{a}}}", "[0:1]={{{b},{a}}}"])
def test_nobody_makes_money_by_sending_a_known_key_with_other_lines(book: Book, form: str) -> None:
    """One account in two lines, or lines counted from zero: what was moved on the way to the first answer is given back whole."""
    hanako, jiro, bakery = book.consumer(1_000), book.consumer(1_000), book.shop()
    draft = book.draft("payment", hanako, bakery, 100)
    first = book.call(commands.post, draft)
    amounts = form.format(a=-1_000_000, b=0 if form.startswith("[") else -1_000_000)
    values = {"d": book.district_id, "key": draft.key, "hash": draft.command_hash}
    values |= {"accounts": form.format(a=hanako, b=jiro), "amounts": amounts}
    stored = text("SELECT balance, entry_count FROM ledger.account WHERE district_id = :d AND id IN (:a, :b) ORDER BY id")
    with Session(book.engine) as session, session.begin():
        answer = session.execute(RAW, values).scalar_one()
        rows = session.execute(stored, {"d": book.district_id, "a": hanako, "b": jiro}).all()
    assert str(first.transaction_id) in str(answer)
    assert rows == [(-900, 2), (-1_000, 1)]


def test_a_line_without_an_amount_is_refused(book: Book) -> None:
    """And does not keep the payer's balance locked for ever."""
    hanako, bakery = book.consumer(1_000), book.shop()
    pay = text("SELECT ledger.pay(:d, 'payment', gen_random_uuid(), sha256(''), '{}', :payer, :payee, NULL)")
    with Session(book.engine) as session, session.begin():
        session.execute(text("SET LOCAL statement_timeout = '5s'"))
        with pytest.raises(MovementForbidden), commands.refusals():
            session.execute(pay, {"d": book.district_id, "payer": hanako, "payee": bakery})


@contextmanager
def paid_in_meanwhile(book: Book, account: int, amount: int) -> Iterator[None]:
    """Somebody else has this account's row, and pays into it when the block ends."""
    drawer = book.opens("drawer", 0)
    with Session(book.engine) as session, session.begin():
        commands.post(session, book.district_id, book.draft("top_up", drawer, account, amount))
        yield


@pytest.mark.parametrize("batch", [False, True])
def test_coin_that_comes_in_while_a_payment_waits_can_be_spent(book: Book, batch: bool) -> None:
    """The payer has 100, a top-up of 400 has not committed yet: a payment of 300 waits for it, and goes through."""
    hanako, bakery = book.consumer(100), book.shop()
    draft = book.draft("payment", hanako, bakery, 300)
    with ThreadPoolExecutor(1) as pool:
        with paid_in_meanwhile(book, hanako, 400):
            waiting = pool.submit(lambda: book.call(commands.post_many, [draft]) if batch else book.call(commands.post, draft))
            waits_for_a_lock(book)
        assert waiting.result()
    assert (book.balance(hanako), book.balance(bakery)) == (200, 300)


@pytest.mark.parametrize("kind", ["payment", "correction"])
def test_a_series_that_ends_while_a_payment_waits_is_not_spent(book: Book, kind: str) -> None:
    """The time that counts is taken once everything is locked, also where the line that waited is another series' line."""
    ending = book.series(valid_until=datetime.now(UTC) + timedelta(seconds=1.5))
    hanako = book.consumer(100, ending)
    other = book.shop(ending) if kind == "payment" else book.consumer(100)
    held = hanako if kind == "payment" else other
    before = book.call(queries.trial_balance)

    def posts() -> object:
        with Session(book.engine if kind == "payment" else book.desk) as session, atomic(session):
            return commands.post(session, book.district_id, book.draft(kind, hanako, other, 10))

    with ThreadPoolExecutor(1) as pool:
        with Session(book.engine) as session:
            commands.place_hold(
                session,
                book.district_id,
                held,
                1,
                key=uuid4(),
                command_hash=hash_command(1),
                expires_at=datetime.now(UTC) + timedelta(seconds=1),
            )
            waiting = pool.submit(lambda: book.at_once([posts])[0])
            waits_for_a_lock(book)
            time.sleep(1.6)
            session.rollback()
        assert isinstance(waiting.result(), SeriesEnded)
    assert book.call(queries.trial_balance) == before


def waits_for_a_lock(book: Book) -> None:
    """Until a connection waits for another one's row."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    deadline = time.monotonic() + 30
    with Session(book.engine) as session:
        while not session.execute(text(waits)).scalar_one():
            assert time.monotonic() < deadline
            session.rollback()
            time.sleep(0.02)


def test_each_reason_about_accounts_and_series_has_its_own_answer(book: Book) -> None:
    """Opening, holding and looking things up refuse as clearly as posting."""
    start = datetime.now(UTC)
    with pytest.raises(RoleUnknown):
        book.opens("king")
    with pytest.raises(SeriesUnknown):
        book.opens("consumer", 0)
    with pytest.raises(SeriesUnknown):
        book.opens("drawer", book.series_id)
    with pytest.raises(SeriesUnknown):
        book.call(queries.one_series, 2**60)
    with pytest.raises(SeriesExists):
        [book.series(code="twice") for _ in range(2)]
    with pytest.raises(SeriesWrong):
        book.series(balance_max=300_001)
    with pytest.raises(SeriesWrong):
        book.series(valid_from=start, valid_until=start)
    with pytest.raises(AccountUnknown):
        book.balance(2**60)
    with pytest.raises(AccountUnknown):
        book.call(commands.set_account_state, 2**60, "frozen")
    with pytest.raises(TransactionUnknown):
        book.call(queries.transaction, 2**60)
    with pytest.raises(HoldUnknown):
        book.call(commands.release_hold, 2**60)
    with pytest.raises(FloorPassed):
        book.holds(book.consumer(100), 101)
    with pytest.raises(PaymentTooLarge):
        book.holds(book.consumer(100), 100_001)


def test_a_batch_is_all_or_nothing(book: Book) -> None:
    """If the third of three transactions is refused, the first two are not written."""
    hanako, bakery = book.consumer(1_000), book.shop()
    drafts = [book.draft("payment", hanako, bakery, amount) for amount in (400, 500, 200)]
    with pytest.raises(FloorPassed):
        book.call(commands.post_many, drafts)
    assert book.balance(hanako) == 1_000
    answers = book.call(commands.post_many, drafts[:2])
    assert [answer.replayed for answer in answers] == [False, False]
    assert [entry.balance_after for entry in book.call(queries.entries, [hanako])] == [100, 600, 1_000]


def test_a_batch_of_more_than_a_thousand_is_refused(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function itself refuses it, whatever a caller's own check says."""
    hanako, bakery = book.consumer(1_000), book.shop()
    drafts = [book.draft("payment", hanako, bakery, 1) for _ in range(1_001)]
    monkeypatch.setattr(ledger.commands.posting, "BATCH_MAX", 2_000)
    with pytest.raises(BatchWrong):
        book.call(commands.post_many, drafts)


def test_refunds_at_once_never_exceed_the_payment(book: Book) -> None:
    """Eight tills give back 200 of a payment of 500 at the same moment: two succeed."""
    hanako, bakery = book.consumer(1_000), book.shop()
    paid = book.pays(hanako, bakery, 500)
    book.pays(hanako, bakery, 500)
    answers = book.at_once([lambda: book.refunds(paid, bakery, hanako, 200)] * 8)
    assert sorted(isinstance(answer, RefundTooLarge) for answer in answers) == [False] * 2 + [True] * 6
    assert book.call(queries.transaction, paid.transaction_id).refunded == 400


def test_a_shop_already_paid_out_can_still_refund_down_to_its_limit(book: Book) -> None:
    """A shop's takings may go below zero by 100,000, and no further, however many refund at once."""
    series = book.series(payment_max=200_000, balance_max=300_000)
    hanako, bakery = book.consumer(200_000, series), book.shop(series)
    paid = book.pays(hanako, bakery, 200_000)
    book.desk_takes_out(bakery, 200_000)
    answers = book.at_once([lambda: book.refunds(paid, bakery, hanako, 30_000)] * 6)
    assert sum(isinstance(answer, PayableFloorPassed) for answer in answers) == 3
    assert book.balance(bakery) == -90_000


def test_a_hold_sets_value_aside_until_it_is_paid_given_back_or_over(book: Book) -> None:
    """Held value cannot be spent otherwise; a payment with the hold takes it; the rest is free again."""
    hanako, bakery = book.consumer(1_000), book.shop()
    hold = book.holds(hanako, 800)
    assert (book.balance(hanako), book.available(hanako)) == (1_000, 200)
    with pytest.raises(FloorPassed):
        book.pays(hanako, bakery, 201)
    book.pays(hanako, bakery, 700, hold_id=hold)
    assert (book.balance(hanako), book.available(hanako)) == (300, 300)
    with pytest.raises(HoldEnded):
        book.pays(hanako, bakery, 1, hold_id=hold)


def test_a_hold_given_back_is_spendable_again(book: Book) -> None:
    """Releasing twice is harmless."""
    hanako, bakery = book.consumer(1_000), book.shop()
    hold = book.holds(hanako, 800)
    assert book.call(commands.release_hold, hold)
    assert not book.call(commands.release_hold, hold)
    book.pays(hanako, bakery, 1_000)


def test_an_expired_hold_counts_for_nothing_though_nobody_swept_it(book: Book) -> None:
    """Its row is still there; the value is free, and it can no longer be paid from."""
    hanako, bakery = book.consumer(1_000), book.shop()
    hold = book.holds(hanako, 800, seconds=0.05)
    while book.available(hanako) != 1_000:
        pass
    with pytest.raises(HoldEnded):
        book.pays(hanako, bakery, 800, hold_id=hold)
    book.pays(hanako, bakery, 1_000)


def test_no_hold_outlives_its_series(book: Book) -> None:
    """A hold that would end after the series is refused when it is placed."""
    series = book.series(valid_until=datetime.now(UTC) + timedelta(seconds=30))
    with pytest.raises(SeriesEnded):
        book.holds(book.consumer(100, series), 50, seconds=60)


def test_a_hold_that_has_ended_before_it_was_placed_is_refused(book: Book) -> None:
    """The clock of whoever asks may be behind the database's."""
    hanako = book.consumer(1_000)
    with pytest.raises(HoldEnded):
        book.holds(hanako, 300, seconds=-1)
    assert book.available(hanako) == 1_000


def test_the_same_key_places_one_hold(book: Book) -> None:
    """A repeated hold is the same hold; other content under its key is refused."""
    hanako, key = book.consumer(1_000), uuid4()
    assert book.holds(hanako, 800, key=key) == book.holds(hanako, 800, key=key)
    with pytest.raises(KeyReused):
        book.holds(hanako, 800, key=key, content="else")
    assert book.available(hanako) == 200


def test_a_mistaken_top_up_is_undone_once(book: Book) -> None:
    """The reversal names what it undoes, mirrors it exactly, and comes once."""
    drawer, hanako = book.opens("drawer", 0), book.consumer()
    top_up = book.posts("top_up", drawer, hanako, 5_000)
    answers = book.at_once([lambda: book.posts("reversal", hanako, drawer, 5_000, refers_to=top_up.transaction_id)] * 4)
    assert sum(isinstance(answer, AlreadyReversed) for answer in answers) == 3
    assert (book.balance(hanako), book.balance(drawer)) == (0, 0)


def test_balances_at_any_past_moment(book: Book) -> None:
    """What was there after each posting can be asked for ever after, of either kind of account."""
    hanako, bakery = book.consumer(1_000), book.shop()
    moments = [(book.pays(hanako, bakery, 100).posted_at, 1_000 - 100 * n, 100 * n) for n in range(1, 6)]
    for moment, left, taken in moments:
        assert (book.balance(hanako, moment), book.balance(bakery, moment)) == (left, taken)
        rows = book.call(queries.trial_balance, at=moment)
        assert sum(row.debit for row in rows) == sum(row.credit for row in rows)


def test_what_a_shop_had_on_any_day(demo_book: Book) -> None:
    """Some of it folded, some not; around midnight in Tokyo, and with payments whose time is before that of the one before them."""
    book, midnight = demo_book, datetime(2026, 3, 4, 15, tzinfo=UTC)
    hanako, bakery = book.consumer(100_000), book.shop()
    minutes = [-3_000, -1_441, -1_440, -20, -1, 0, -2, 1, 700, 690, 1_439, 1_440, 1_441, 4_000]
    paid: list[tuple[datetime, int]] = []
    for nth, minute in enumerate(minutes):
        at, amount = midnight + timedelta(minutes=minute), 1 << nth
        book.pays(hanako, bakery, amount, posted_at=at)
        paid.append((at, amount))
        if nth in (3, 6, 9):
            book.call(lambda session, _district: commands.fold(session))
        for moment in {each for each, _ in paid} | {each + timedelta(seconds=30) for each, _ in paid}:
            assert book.balance(bakery, moment) == sum(yen for each, yen in paid if each <= moment), (minute, moment)
