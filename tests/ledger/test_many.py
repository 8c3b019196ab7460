"""Many at once: a piece of an approved proposal is posted as a set, each of its transactions for itself, and once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import atomic, make_engine
from embedded import Server
from ledger import commands, queries
from ledger.commands import Alike, Draft, Posted
from ledger.errors import AccountFrozen, CeilingPassed, KeyClosed, KeyReused, SeriesUnknown
from ledger.sealer import seal
from ledger.verify import verify
from tests.conftest import copy_of_template
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS

MAKER, CHECKER = 71, 72


@dataclass
class Gift:
    """A town gives 1,000 to each of some people."""

    book: Book
    town: int
    people: list[int]
    drafts: list[Draft]
    number: int

    def posts(self, first: int = 1, limit: int = 1_000) -> list[commands.ItemAnswer]:
        return self.book.call(commands.post_items, self.number, first=first, limit=limit)

    def is_whole(self) -> None:
        """Everybody has what stands on their account, the town owes the sum, and the book is proved."""
        assert self.book.balance(self.town) == sum(self.book.balance(person) for person in self.people)
        with Session(self.book.engine) as session:
            assert list(verify(session, lambda _: None, district_id=self.book.district_id)) == []


@pytest.fixture
def gift(book: Book) -> Gift:
    return _gift(book)


def _gift(book: Book) -> Gift:
    people, town = [book.consumer() for _ in range(12)], book.opens("funder", 0)
    drafts = [book.draft("benefit", town, person, 1_000) for person in people]
    number = book.call(commands.propose, MAKER, "benefit", drafts)
    book.call(commands.decide, number, CHECKER, approved=True)
    return Gift(book, town, people, drafts, number)


def test_each_of_a_piece_stands_for_itself(gift: Gift) -> None:
    """One is frozen, one would hold too much: they are named, the others have theirs, and both can be tried again."""
    book = gift.book
    book.call(commands.set_account_state, gift.people[3], "frozen")
    book.posts("top_up", book.opens("drawer", 0), gift.people[5], 99_500)
    answers = gift.posts()
    assert {each.place: type(each.refused) for each in answers if each.refused} == {4: AccountFrozen, 6: CeilingPassed}
    numbers = [each.transaction_id for each in answers if each.transaction_id]
    assert len(numbers) == 10 and numbers == sorted(numbers)
    assert [(entry.kind, entry.amount) for entry in book.call(queries.entries, [gift.people[0]])] == [("benefit", 1_000)]
    book.call(commands.set_account_state, gift.people[3], "open")
    assert [(each.place, bool(each.refused)) for each in gift.posts()] == [(4, False), (6, True)]
    book.pays(gift.people[5], book.shop(), 99_500)
    assert [each.place for each in gift.posts()] == [6]
    gift.is_whole()


def test_a_piece_that_is_cut_off_has_posted_nothing_and_is_posted_again(gift: Gift) -> None:
    """The line breaks before the commit of the second piece: the first stays, and whoever comes next goes on behind it."""
    gift.posts(limit=5)
    with Session(gift.book.engine) as session:
        commands.post_items(session, gift.book.district_id, gift.number, first=6, limit=5)
        session.rollback()
    assert [gift.book.balance(person) for person in gift.people] == [1_000] * 5 + [0] * 7
    assert [each.place for each in gift.posts()] == [6, 7, 8, 9, 10, 11, 12]
    assert gift.posts() == []
    gift.is_whole()


def test_several_workers_at_once_give_to_nobody_twice(gift: Gift) -> None:
    """While the receivers pay, too: no worker and no payer waits for another that waits for it."""
    book, shop = gift.book, gift.book.shop()
    work = [lambda: [gift.posts(limit=4) for _ in range(4)]] * 3
    pays = [lambda person=person: book.pays(person, shop, 10) for person in gift.people * 2]
    answers = book.at_once([*work, *pays], threads=12)
    assert not [each for each in answers[:3] if isinstance(each, Exception)]
    gift.posts()
    paid = sum(isinstance(each, Posted) for each in answers[3:])
    assert book.balance(gift.town) == 12_000
    assert sum(book.balance(person) for person in gift.people) == 12_000 - 10 * paid
    assert book.balance(shop) == 10 * paid


def test_a_key_that_was_closed_is_left_out_for_good(gift: Gift) -> None:
    assert gift.book.call(commands.close_key, gift.drafts[2].key) is None
    assert [each.place for each in gift.posts()] == [1, 2, *range(4, 13)]
    with pytest.raises(KeyClosed):
        gift.book.call(commands.post, gift.drafts[2])
    gift.is_whole()


def test_what_goes_through_as_a_set_is_sealed_folded_and_searched_as_ever(gift: Gift) -> None:
    gift.posts()
    with Session(gift.book.engine) as session, atomic(session):
        while seal(session, KEYS):
            pass
        commands.fold(session, limit=10_000)
    found = gift.book.call(queries.journal, queries.Wanted(kinds=["benefit"], least=1_000, most=1_000), limit=100)
    assert sorted(line.account_id for one in found for line in one.lines if line.role == "consumer") == sorted(gift.people)
    assert all(gift.book.call(queries.inclusion, one.id) for one in found)
    gift.is_whole()


def test_accounts_of_many_are_opened_as_one_by_one(book: Book) -> None:
    """In the order asked, each once, those that were there among them; whoever is stopped or gone gets a stopped or closed one."""
    known = book.call(commands.open_account, "consumer", 903, book.series_id)
    book.call(commands.set_owner_state, "consumer", 905, "frozen")
    book.call(commands.set_owner_state, "consumer", 901, "closed")
    owners = [905, 903, 902, 901, 902]
    asked = [lambda: book.call(commands.open_accounts, "consumer", owners, book.series_id) for _ in range(4)]
    found = book.at_once(asked, threads=4)
    assert found == [found[0]] * 4 and found[0][1] == known and found[0][2] == found[0][4]
    assert [book.call(commands.open_account, "consumer", owner, book.series_id) for owner in owners] == found[0]
    states = [book.call(queries.account_state, account) for account in found[0]]
    assert states == ["frozen", "open", "open", "closed", "open"]
    with pytest.raises(SeriesUnknown):
        book.call(commands.open_accounts, "consumer", [906], 0)


def test_a_list_that_is_alike_is_laid_down_and_posted_line_by_line(book: Book) -> None:
    """To each what stands beside them, whichever account is older; once, and by keys that nobody foretells."""
    early, town = book.consumer(), book.opens("funder", 0)
    people = [early, *(book.consumer() for _ in range(3))]
    alike = Alike("benefit", b"s" * 32, town, people, [1_000, 2_000, 3_000, 4_000], {"way": "benefit"})
    number = book.call(commands.propose_alike, MAKER, "benefit", alike)
    with pytest.raises(KeyReused):
        book.call(commands.propose_alike, MAKER, "benefit", alike)
    book.call(commands.decide, number, CHECKER, approved=True)
    gift = Gift(book, town, people, [], number)
    assert [each.place for each in gift.posts()] == [1, 2, 3, 4]
    assert [book.balance(person) for person in people] == [1_000, 2_000, 3_000, 4_000]
    gift.is_whole()
    other = book.call(commands.propose_alike, MAKER, "benefit", replace(alike, seed=b"t" * 32))
    keys = [set(book.call(queries.item_keys, each, [1, 2, 3, 4]).values()) for each in (number, other)]
    assert len(keys[0] | keys[1]) == 8


def test_a_batch_with_one_key_twice_pays_once(book: Book) -> None:
    hanako, bakery, key = book.consumer(1_000), book.shop(), uuid4()
    drafts = [book.draft("payment", hanako, bakery, 300, key=key) for _ in range(2)]
    first, again = book.call(commands.post_many, drafts)
    assert (again.replayed, again.transaction_id, book.balance(hanako)) == (True, first.transaction_id, 700)


def test_batches_at_once_that_cross_each_other_end(book: Book) -> None:
    """Eight writers pay from the same ten wallets, in another order each: nobody waits for ever, and no yen is lost."""
    people, shops = [book.consumer(10_000) for _ in range(10)], [book.shop() for _ in range(3)]
    random = Random(4)

    def batch() -> list[Draft]:
        order = random.sample(people, 10)
        return [book.draft("payment", person, random.choice(shops), 7) for person in order]

    batches = [batch() for _ in range(24)]
    answers = book.at_once([lambda each=each: book.call(commands.post_many, each) for each in batches], threads=8)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert [book.balance(person) for person in people] == [10_000 - 24 * 7] * 10
    assert sum(book.balance(shop) for shop in shops) == 24 * 70


def test_a_piece_reads_as_little_on_a_connection_that_was_there_before_the_journal(server: Server) -> None:
    """A worker is connected when a town begins: how it looks for what is posted was planned on an empty, tidied table, and stays."""
    name = f"test_{os.getpid()}_first_benefit"
    copy_of_template(server, name)
    with server.admin(name) as connection:
        connection.execute("VACUUM ledger.transaction")
    engine = make_engine(server.url("meguri_web", name), pool_size=1)
    try:
        book = Book(engine, engine)
        book.series_id = book.series()
        gift = _gift(book)
        gift.posts(limit=4)
        gift.posts(first=5, limit=4)
        with Session(engine) as session, atomic(session):
            assert len(commands.post_items(session, book.district_id, gift.number, first=9, limit=4)) == 4
            read = session.execute(text("SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'transaction'"))
            assert read.scalar_one() <= 4
        gift.is_whole()
    finally:
        engine.dispose()
        server.drop_database(name)
