"""Any commands in any order, and on many connections at once: the book agrees with a plain model of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import MeguriError
from ledger import commands, queries
from ledger.commands import Draft, Posted
from ledger.errors import (
    AccountFrozen,
    AlreadyReversed,
    CeilingPassed,
    FloorPassed,
    HoldEnded,
    HoldTooSmall,
    KeyClosed,
    KeyReused,
    NotApproved,
    PayableFloorPassed,
    PayableFrozen,
    RefundTooLarge,
)
from ledger.sealer import seal
from ledger.verify import verify
from tests.ledger.conftest import Book
from tests.ledger.test_proposals import coupon as coupon_series
from tests.ledger.test_sealer import KEYS

CAP = 20_000
MEMBERS, SHOPS = 3, 2
PIECES, OFF = 3, 100  # of the coupon: how many there are, and what one takes off
MAKER, CHECKER = 71, 72
people, shops, amounts = st.integers(0, MEMBERS - 1), st.integers(0, SHOPS - 1), st.integers(1, 9_000)


@dataclass
class Payment:
    """What the model knows of a payment."""

    posted: Posted
    draft: Draft
    person: int
    shop: int
    left: int


@dataclass
class Model:
    """A district as one would keep it on paper: purses, tills, holds, and the whole past."""

    purse: list[int] = field(default_factory=lambda: [0] * MEMBERS)
    till: list[int] = field(default_factory=lambda: [0] * SHOPS)
    held: dict[int, tuple[int, int]] = field(default_factory=dict)
    frozen: set[int] = field(default_factory=set)
    pieces: list[int] = field(default_factory=lambda: [0] * MEMBERS)
    stock: int = PIECES
    used: int = 0
    paid_out: int = 0
    given: int = 0
    past: list[tuple[datetime, list[int], list[int]]] = field(default_factory=list)

    def free(self, person: int) -> int:
        return self.purse[person] - sum(amount for who, amount in self.held.values() if who == person)


class TheBook(RuleBasedStateMachine):
    """Every rule does one thing to the book and to the model, and expects exactly the refusal that the model expects."""

    engine_book: Book
    payments, top_ups, holds, closed = Bundle("payments"), Bundle("top_ups"), Bundle("holds"), Bundle("closed")
    coupon_payments = Bundle("coupon_payments")

    @initialize()
    def opens(self) -> None:
        self.book = Book(self.engine_book.engine, self.engine_book.desk)
        self.book.series_id = self.book.series(balance_max=CAP)
        self.people = [self.book.consumer() for _ in range(MEMBERS)]
        self.shops = [self.book.shop() for _ in range(SHOPS)]
        coupon, self.stock = coupon_series(self.book, PIECES)
        self.pieces = [self.book.opens("consumer", coupon) for _ in range(MEMBERS)]
        self.used, self.promotion = self.book.opens("coupon_used", coupon), self.book.opens("promotion", 0)
        self.transit, self.town = self.book.opens("in_transit", 0), self.book.opens("funder", 0)
        self.model = Model()

    def expects(self, reason: type[MeguriError] | None, draft: Draft) -> Posted | None:
        if reason is not None:
            with pytest.raises(reason):
                self.book.call(commands.post, draft)
            return None
        posted = self.book.call(commands.post, draft)
        assert not posted.replayed
        return posted

    def remember(self, posted: Posted) -> None:
        self.model.past.append((posted.posted_at, list(self.model.purse), list(self.model.till)))

    @rule(target=top_ups, person=people, amount=amounts)
    def tops_up(self, person: int, amount: int):
        draft = self.book.draft("top_up", self.book.opens("drawer", 0), self.people[person], amount)
        too_much = self.model.purse[person] + amount > CAP
        reason = AccountFrozen if person in self.model.frozen else CeilingPassed if too_much else None
        if posted := self.expects(reason, draft):
            self.model.purse[person] += amount
            self.remember(posted)
        return (draft, person, amount, posted)

    @rule(target=payments, person=people, shop=shops, amount=amounts)
    def pays(self, person: int, shop: int, amount: int):
        draft = self.book.draft("payment", self.people[person], self.shops[shop], amount)
        short = amount > self.model.free(person)
        if posted := self.expects(AccountFrozen if person in self.model.frozen else FloorPassed if short else None, draft):
            self.model.purse[person] -= amount
            self.model.till[shop] += amount
            self.remember(posted)
        return Payment(posted, draft, person, shop, amount if posted else 0) if posted else None

    @rule(payment=payments, amount=amounts)
    def is_refunded(self, payment: Payment | None, amount: int) -> None:
        if payment is None:
            return
        too_much = amount > payment.left
        reason = RefundTooLarge if too_much else None  # also to somebody who is frozen: it cannot be spent before they are let go
        draft = self.book.draft(
            "refund", self.shops[payment.shop], self.people[payment.person], amount, refers_to=payment.posted.transaction_id
        )
        if posted := self.expects(reason, draft):
            payment.left -= amount
            self.model.purse[payment.person] += amount
            self.model.till[payment.shop] -= amount
            self.remember(posted)

    @rule(top_up=top_ups, again=st.booleans())
    def is_undone(self, top_up: tuple[Draft, int, int, Posted | None], again: bool) -> None:
        draft, person, amount, posted = top_up
        if posted is None:
            return
        lines = tuple(commands.Line(line.account_id, -line.amount) for line in draft.lines)
        undo = Draft("reversal", uuid4(), draft.command_hash, lines, refers_to=posted.transaction_id)
        known = self.book.call(queries.transaction, posted.transaction_id)
        short = amount > self.model.free(person)
        frozen = person in self.model.frozen
        reason = AlreadyReversed if known.refunds else AccountFrozen if frozen else FloorPassed if short else None
        if done := self.expects(reason, undo):
            self.model.purse[person] -= amount
            self.remember(done)
            if again:
                self.expects(AlreadyReversed, Draft("reversal", uuid4(), draft.command_hash, lines, refers_to=posted.transaction_id))

    @rule(payment=payments, changed=st.booleans())
    def the_phone_sends_it_again(self, payment: Payment | None, changed: bool) -> None:
        if payment is None:
            return
        if changed:
            other = self.book.draft("payment", self.people[payment.person], self.shops[payment.shop], 9_999, key=payment.posted.key)
            self.expects(KeyReused, other)
        else:
            again = self.book.call(commands.post, payment.draft)
            assert (again.transaction_id, again.posted_at, again.replayed) == (
                payment.posted.transaction_id,
                payment.posted.posted_at,
                True,
            )

    @rule(target=holds, person=people, amount=amounts)
    def sets_aside(self, person: int, amount: int):
        if person in self.model.frozen or amount > self.model.free(person):
            with pytest.raises((AccountFrozen, FloorPassed)):
                self.book.holds(self.people[person], amount)
            return None
        hold = self.book.holds(self.people[person], amount, seconds=3_600)
        self.model.held[hold] = (person, amount)
        return hold

    @rule(hold=holds)
    def gives_back(self, hold: int | None) -> None:
        if hold is not None:
            assert self.book.call(commands.release_hold, hold) == (self.model.held.pop(hold, None) is not None)

    @rule(hold=holds, shop=shops, more=st.integers(-100, 100))
    def pays_with_hold(self, hold: int | None, shop: int, more: int) -> None:
        if hold is None:
            return
        person, held = self.model.held.get(hold, (0, 0))
        amount = max(1, held + more)
        ended, frozen = hold not in self.model.held, person in self.model.frozen
        if ended:
            return  # its account is no longer known to the model; test_post.py has this refusal
        reason = HoldTooSmall if amount > held else AccountFrozen if frozen else None
        draft = self.book.draft("payment", self.people[person], self.shops[shop], amount, hold_id=hold)
        if posted := self.expects(reason, draft):
            del self.model.held[hold]
            self.model.purse[person] -= amount
            self.model.till[shop] += amount
            self.remember(posted)
            self.expects(HoldEnded, self.book.draft("payment", self.people[person], self.shops[shop], 1, hold_id=hold))

    @rule(person=people)
    def claims_a_coupon(self, person: int) -> None:
        sold_out, has_one = self.model.stock == 0, self.model.pieces[person] == 1
        draft = self.book.draft("coupon_claim", self.stock, self.pieces[person], 1)
        if self.expects(FloorPassed if sold_out else CeilingPassed if has_one else None, draft):
            self.model.stock -= 1
            self.model.pieces[person] += 1

    @rule(target=coupon_payments, person=people, shop=shops, amount=amounts)
    def pays_with_a_coupon(self, person: int, shop: int, amount: int):
        lines = (
            commands.Line(self.people[person], amount),
            commands.Line(self.pieces[person], 1),
            commands.Line(self.promotion, OFF),
            commands.Line(self.shops[shop], -amount - OFF),
            commands.Line(self.used, -1),
        )
        short = amount > self.model.free(person) or self.model.pieces[person] == 0
        reason = AccountFrozen if person in self.model.frozen else FloorPassed if short else None
        draft = Draft("coupon_payment", uuid4(), commands.hash_command(person, shop, amount), lines)
        posted = self.expects(reason, draft)
        if posted:
            self.moves_with_coupon(person, shop, amount)
            self.remember(posted)
        return Payment(posted, draft, person, shop, amount) if posted else None

    def moves_with_coupon(self, person: int, shop: int, amount: int, way: int = 1) -> None:
        self.model.purse[person] -= way * amount
        self.model.till[shop] += way * (amount + OFF)
        self.model.pieces[person] -= way
        self.model.used += way

    @rule(payment=coupon_payments)
    def is_refunded_whole_with_its_coupon(self, payment: Payment | None) -> None:
        if payment is None:
            return
        lines = tuple(commands.Line(line.account_id, -line.amount) for line in payment.draft.lines)
        back = Draft("coupon_refund", uuid4(), commands.hash_command("back"), lines, refers_to=payment.posted.transaction_id)
        if posted := self.expects(RefundTooLarge if not payment.left else None, back):
            self.moves_with_coupon(payment.person, payment.shop, payment.left, way=-1)
            payment.left = 0
            self.remember(posted)

    @rule(shop=shops, amount=amounts, approved=st.booleans())
    def is_paid_out_by_two_people(self, shop: int, amount: int, approved: bool) -> None:
        draft = self.book.draft("settlement", self.shops[shop], self.transit, amount)
        number = self.book.call(commands.propose, MAKER, "settlement", [draft])
        self.expects(NotApproved, draft)
        self.book.call(commands.decide, number, CHECKER, approved=approved)
        too_low = self.model.till[shop] - amount < -100_000
        if posted := self.expects(PayableFloorPassed if approved and too_low else None if approved else NotApproved, draft):
            self.model.till[shop] -= amount
            self.model.paid_out += amount
            self.remember(posted)

    @rule(wanted=st.lists(st.tuples(people, shops, amounts), min_size=2, max_size=5), back=st.integers(0, MEMBERS))
    def a_batch_is_paid(self, wanted: list[tuple[int, int, int]], back: int) -> None:
        """All or none, decided in order as if each had come by itself; `back`: a top-up in the midst of it."""
        drafts = [self.book.draft("payment", self.people[person], self.shops[shop], amount) for person, shop, amount in wanted]
        purse, till, reason = list(self.model.purse), list(self.model.till), None
        held = [self.model.purse[person] - self.model.free(person) for person in range(MEMBERS)]
        if back < MEMBERS:
            drafts.insert(1, self.book.draft("top_up", self.book.opens("drawer", 0), self.people[back], 500))
            wanted = [wanted[0], (back, -1, -500), *wanted[1:]]
        for person, shop, amount in wanted:
            if person in self.model.frozen:
                reason = reason or AccountFrozen
            elif shop < 0:
                reason = reason or (CeilingPassed if purse[person] - amount > CAP else None)
            else:
                reason = reason or (FloorPassed if amount > purse[person] - held[person] else None)
            purse[person] -= amount
            if shop >= 0:
                till[shop] += amount
        if reason is not None:
            with pytest.raises(reason):
                self.book.call(commands.post_many, drafts)
            return
        posted = self.book.call(commands.post_many, drafts)
        self.model.purse, self.model.till = purse, till
        assert [each.transaction_id for each in posted] == sorted({each.transaction_id for each in posted})
        assert [replace(each, replayed=True) for each in posted] == self.book.call(commands.post_many, drafts)
        self.remember(posted[-1])

    @rule(wanted=st.lists(st.tuples(people, amounts), min_size=1, max_size=5), piece=st.integers(1, 4))
    def a_town_gives_to_a_list(self, wanted: list[tuple[int, int]], piece: int) -> None:
        """Each for itself, in pieces; who was refused is told, and the same piece again posts nothing twice."""
        drafts = [self.book.draft("benefit", self.town, self.people[person], amount) for person, amount in wanted]
        number = self.book.call(commands.propose, MAKER, "benefit", drafts)
        with pytest.raises(NotApproved):
            self.book.call(commands.post_items, number)
        self.book.call(commands.decide, number, CHECKER, approved=True)
        first = 1
        while answers := self.book.call(commands.post_items, number, first=first, limit=piece):
            for answer in answers:
                person, amount = wanted[answer.place - 1]
                too_much = self.model.purse[person] + amount > CAP
                reason = AccountFrozen if person in self.model.frozen else CeilingPassed if too_much else None
                assert (answer.refused and type(answer.refused)) == reason, answer
                assert (answer.transaction_id is None) == (reason is not None)
                if reason is None:
                    self.model.purse[person] += amount
                    self.model.given += amount
            first = answers[-1].place + 1

    @rule(target=closed, person=people, shop=shops)
    def gives_a_key_up(self, person: int, shop: int):
        draft = self.book.draft("payment", self.people[person], self.shops[shop], 1)
        assert self.book.call(commands.close_key, draft.key) is None
        return draft

    @rule(draft=closed)
    def the_late_original_arrives(self, draft: Draft) -> None:
        self.expects(KeyClosed, draft)

    @rule(person=people)
    def is_frozen_or_freed(self, person: int) -> None:
        self.model.frozen ^= {person}
        self.book.call(commands.set_account_state, self.people[person], "frozen" if person in self.model.frozen else "open")

    @rule(shop=shops, person=people)
    def is_suspended_for_a_moment(self, shop: int, person: int) -> None:
        self.book.call(commands.set_account_state, self.shops[shop], "frozen")
        draft = self.book.draft("payment", self.people[person], self.shops[shop], 1)
        with pytest.raises((PayableFrozen, AccountFrozen)):
            self.book.call(commands.post, draft)
        self.book.call(commands.set_account_state, self.shops[shop], "open")

    @rule()
    def the_worker_folds(self) -> None:
        with Session(self.book.engine) as session:
            commands.fold(session)
            session.commit()

    @rule(limit=st.sampled_from([1, 7, 5_000]))
    def the_sealer_seals(self, limit: int) -> None:
        with Session(self.book.engine) as session, atomic(session):
            seal(session, KEYS, limit=limit)

    @rule(moment=st.integers(0, 10_000))
    def somebody_asks_about_the_past(self, moment: int) -> None:
        if self.model.past:
            at, purse, till = self.model.past[moment % len(self.model.past)]
            assert [self.book.balance(account, at) for account in self.people] == purse
            assert [self.book.balance(account, at) for account in self.shops] == till

    @rule(person=people, limit=st.integers(1, 4), low=st.integers(0, 5_000))
    def somebody_reads_a_statement(self, person: int, limit: int, low: int) -> None:
        account, read, before = self.people[person], [], None
        whole = self.book.call(queries.entries, [account], limit=None)
        while page := self.book.call(queries.entries, [account], before=before, limit=limit):
            read += page
            before = (page[-1].position, page[-1].transaction_id)
        assert read == whole
        assert self.book.call(queries.entries, [account], amount_min=low, limit=None) == [e for e in whole if abs(e.amount) >= low]
        assert sum(entry.amount for entry in whole) == self.model.purse[person]
        assert not whole or whole[0].balance_after == self.model.purse[person]

    @invariant()
    def the_book_agrees(self) -> None:
        if not hasattr(self, "model"):
            return
        with Session(self.book.engine) as session:
            balance = partial(queries.balance, session, self.book.district_id)
            available = partial(queries.available, session, self.book.district_id)
            assert [balance(account) for account in self.people] == self.model.purse
            assert [available(account) for account in self.people] == [self.model.free(person) for person in range(MEMBERS)]
            assert [balance(account) for account in self.shops] == self.model.till
            assert [balance(account) for account in self.pieces] == self.model.pieces
            assert balance(self.stock) == self.model.stock == PIECES - sum(self.model.pieces) - self.model.used
            assert (balance(self.used), balance(self.promotion)) == (self.model.used, OFF * self.model.used)
            assert balance(self.transit) == self.model.paid_out
            assert balance(self.town) == self.model.given
            rows = queries.trial_balance(session, self.book.district_id)
            assert sum(row.debit for row in rows) == sum(row.credit for row in rows)

    def teardown(self) -> None:
        if hasattr(self, "model"):
            with Session(self.book.engine) as session:
                assert list(verify(session, lambda _: None, district_id=self.book.district_id)) == []


def test_the_book_agrees_with_a_model_of_it(book: Book) -> None:
    """Top-ups, payments, coupons, refunds, reversals, payouts, holds, repeats, given-up keys, freezes, folds and reads in any order."""
    machine = type("TheBookHere", (TheBook,), {"engine_book": book})
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=30, deadline=None, database=None))


orders = st.lists(st.tuples(people, shops, st.integers(1, 3_000), st.integers(0, 5)), min_size=6, max_size=40)


@given(orders)
@settings(max_examples=8, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_many_connections_interleave_and_the_books_are_exact(book: Book, wanted: list[tuple[int, int, int, int]]) -> None:
    """Payments, some under the same key, by eight connections while another folds: money is where the answers say."""
    book = Book(book.engine, book.desk, series_id=0)
    book.series_id = book.series()
    consumers, tills = [book.consumer(5_000) for _ in range(MEMBERS)], [book.shop() for _ in range(SHOPS)]
    keys = [uuid4() for _ in range(6)]

    def pays(person: int, shop: int, amount: int, key: UUID) -> Posted:
        return book.pays(consumers[person], tills[shop], amount, key=key, content=(person, shop, amount))

    jobs = [partial(pays, person, shop, amount, keys[n] if n else uuid4()) for person, shop, amount, n in wanted]

    def folds() -> Posted:
        for _ in range(5):
            with Session(book.engine) as session:
                commands.fold(session)
                session.commit()
        return Posted(0, datetime.now(UTC), True, UUID(int=0))

    answers = book.at_once([*jobs, folds], threads=8)[:-1]
    paid = {answer.transaction_id: order for answer, order in zip(answers, wanted, strict=True) if isinstance(answer, Posted)}
    assert all(isinstance(answer, (Posted, FloorPassed, KeyReused)) for answer in answers)
    for person in range(MEMBERS):
        assert book.balance(consumers[person]) == 5_000 - sum(order[2] for order in paid.values() if order[0] == person) >= 0
    for shop in range(SHOPS):
        assert book.balance(tills[shop]) == sum(order[2] for order in paid.values() if order[1] == shop)
    with Session(book.engine) as session:
        assert list(verify(session, lambda _: None, district_id=book.district_id)) == []
