"""What is committed is sealed: once, without gaps, in an order in which it could have happened, whoever commits when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from base.db import atomic
from ledger import commands, queries
from ledger.errors import CheckpointUnknown, FloorPassed, TransactionUnknown
from ledger.queries.sealed import sealables
from ledger.rules.encoding import encode
from ledger.rules.notes import Checkpoint, Signer, sign, trusted_keys
from ledger.rules.tree import is_consistent, is_included, leaf_hash
from ledger.sealer import SealKeys, seal
from tests.ledger.conftest import Book

KEYS = SealKeys("meguri.test", b"what signs the sealed log, here:")


def seals(engine: Engine, keys: SealKeys = KEYS, *, limit: int = 5_000) -> None:
    """Rounds until there is no news."""
    while True:
        with Session(engine) as session, atomic(session):
            if not seal(session, keys, limit=limit):
                return


def leaves(book: Book) -> list[int]:
    """The transactions of the district in their sealed order; the places must be without gaps."""
    with Session(book.engine) as session:
        rows = session.execute(
            text("SELECT place, transaction_id FROM ledger.leaf WHERE district_id = :d ORDER BY place"), {"d": book.district_id}
        ).all()
    assert [row.place for row in rows] == list(range(len(rows)))
    return [row.transaction_id for row in rows]


def journal(book: Book) -> list[int]:
    with Session(book.engine) as session:
        return list(
            session.execute(text("SELECT id FROM ledger.transaction WHERE district_id = :d ORDER BY id"), {"d": book.district_id}).scalars()
        )


def final_id(book: Book) -> int:
    with Session(book.engine) as session:
        return int(session.execute(text("SELECT final_id FROM ledger.sealer")).scalar_one())


def settles(book: Book, pays: Callable[[], int]) -> None:
    """Pay and seal until rounds look back no further than the first of these payments; whoever writes elsewhere holds it up."""
    first, deadline = pays(), time.monotonic() + 60
    while final_id(book) < first:
        assert time.monotonic() < deadline
        seals(book.engine)
        time.sleep(0.2)  # while somebody else's transaction is open each payment more is one more to look at again
        pays()


@pytest.fixture
def sealed(book: Book) -> Iterator[Book]:
    """A district in which everything that happened before is sealed already, and so is all of its own at the end."""
    seals(book.engine)
    yield book
    seals(book.engine)
    assert sorted(leaves(book)) == journal(book)


def test_everything_that_is_committed_is_sealed_once_in_order(sealed: Book) -> None:
    """Payments, refunds, holds, corrections, a closed key: each is one leaf; a second look finds nothing."""
    hanako, bakery = sealed.consumer(10_000), sealed.shop()
    paid = sealed.pays(hanako, bakery, 500)
    sealed.refunds(paid, bakery, hanako, 200)
    sealed.pays(hanako, bakery, 300, hold_id=sealed.holds(hanako, 400))
    sealed.desk_takes_out(bakery, 100)
    sealed.call(commands.close_key, uuid4())
    with Session(sealed.engine) as session, atomic(session):
        (done,) = [each for each in seal(session, KEYS) if each.district_id == sealed.district_id]
    assert (done.added, done.size) == (6, 6)
    assert leaves(sealed) == journal(sealed)
    with Session(sealed.engine) as session, atomic(session):
        assert seal(session, KEYS) == []


def test_a_refusal_leaves_no_gap(sealed: Book) -> None:
    """What was rolled back after its number was drawn is nowhere."""
    hanako, bakery = sealed.consumer(1_000), sealed.shop()
    with Session(sealed.engine) as session:
        commands.post(session, sealed.district_id, sealed.draft("payment", hanako, bakery, 1))
        session.rollback()
    sealed.pays(hanako, bakery, 2)
    seals(sealed.engine)
    assert leaves(sealed) == journal(sealed)
    assert len(leaves(sealed)) == 2


def test_who_is_open_for_long_delays_nobody_else(sealed: Book) -> None:
    """A payment stays open over many rounds. All others are sealed meanwhile; it is itself as soon as it is committed."""
    hanako, taro, bakery = sealed.consumer(1_000), sealed.consumer(1_000), sealed.shop()
    with Session(sealed.engine) as slow, atomic(slow):
        early = commands.post(slow, sealed.district_id, sealed.draft("payment", hanako, bakery, 100))
        for _ in range(5):
            late = sealed.pays(taro, bakery, 10)
            seals(sealed.engine)
            assert leaves(sealed)[-1] == late.transaction_id
            assert early.transaction_id not in leaves(sealed)
            assert final_id(sealed) < early.transaction_id
    seals(sealed.engine)
    assert leaves(sealed)[-1] == early.transaction_id
    settles(sealed, lambda: sealed.pays(taro, bakery, 1).transaction_id)  # rounds no longer look back so far


def test_what_waited_for_another_is_sealed_behind_it(sealed: Book) -> None:
    """Many people pay and are refunded at once while the sealer works: a replay in sealed order meets no floor."""
    bakery, people = sealed.shop(), [sealed.consumer(100) for _ in range(3)]
    giver = sealed.consumer(3_000)
    paid = sealed.pays(giver, bakery, 3_000)

    def spends(person: int) -> None:
        for _ in range(8):
            try:
                sealed.pays(person, bakery, 60)
            except FloorPassed:
                sealed.posts("top_up", sealed.opens("drawer", 0), person, 60)

    def is_refunded() -> None:
        for _ in range(8):
            sealed.refunds(paid, bakery, giver, 20)

    sealed.at_once([*[lambda person=person: spends(person) for person in people * 3], is_refunded, *[lambda: seals(sealed.engine)] * 3])
    seals(sealed.engine)
    with Session(sealed.engine) as session:
        journal_of = sealables(session, sealed.district_id, leaves(sealed))
    balance: dict[int, int] = {}
    for transaction_id in leaves(sealed):
        for leg in journal_of[transaction_id].legs:
            balance[leg.account_id] = balance.get(leg.account_id, 0) + leg.amount
            assert leg.role not in ("consumer", "payable") or balance[leg.account_id] <= 0, "below zero in between"


def test_several_sealers_by_mistake_do_no_harm(sealed: Book) -> None:
    """Eight at once over a few hundred payments, in small rounds: every leaf once, every checkpoint of one tree."""
    hanako, bakery = sealed.consumer(1_000), sealed.shop()
    pay = [lambda: [sealed.pays(hanako, bakery, 1) for _ in range(30)]] * 4
    sealed.at_once([*pay, *[lambda: seals(sealed.engine, limit=7)] * 8], threads=12)
    seals(sealed.engine, limit=7)
    assert sorted(leaves(sealed)) == journal(sealed)
    with Session(sealed.engine) as session:
        sizes = list(
            session.execute(
                text("SELECT size FROM ledger.checkpoint WHERE district_id = :d ORDER BY size"), {"d": sealed.district_id}
            ).scalars()
        )
        for old, size in pairwise(sizes):
            before, after = (queries.checkpoint(session, sealed.district_id, size=each) for each in (old, size))
            proof = queries.consistency(session, sealed.district_id, old, size)
            assert is_consistent(old, before.root, size, after.root, proof)


def test_old_books_are_sealed_as_well(sealed: Book, owner_engine: Engine) -> None:
    """What was there before the log began is sealed in pieces, and each piece goes on where the last one stopped."""
    hanako, bakery = sealed.consumer(1_000), sealed.shop()
    for _ in range(3):
        sealed.call(commands.post_many, [sealed.draft("payment", hanako, bakery, 1) for _ in range(30)])
    looked_back = []
    for _ in range(40):
        with Session(sealed.engine) as session, atomic(session):
            seal(session, KEYS, limit=10)
        looked_back.append(final_id(sealed))
    assert leaves(sealed) == journal(sealed)
    assert looked_back == sorted(looked_back) and looked_back[-1] >= journal(sealed)[-1]


def test_the_database_and_python_write_the_same_bytes(sealed: Book) -> None:
    """Two implementations of the encoding, over facts as odd as they come."""
    hanako, bakery = sealed.consumer(10_000), sealed.shop()
    odd = {"way": "dynamic", "merchant": 1, "till": None, "é": '\u0001\t"\\/\u007f\u2028𠮷', "z": -5, "aa": 2**60, "note": "りんご 3個"}
    sealed.pays(hanako, bakery, 500, facts=odd)
    sealed.call(commands.close_key, uuid4())
    seals(sealed.engine)
    with Session(sealed.engine) as session:
        for transaction_id, found in sealables(session, sealed.district_id, journal(sealed)).items():
            stored = session.execute(
                text("SELECT hash FROM ledger.leaf WHERE district_id = :d AND transaction_id = :t"),
                {"d": sealed.district_id, "t": transaction_id},
            ).scalar_one()
            assert leaf_hash(encode(found)) == bytes(stored)


def test_each_transaction_is_proved_against_every_later_checkpoint(sealed: Book) -> None:
    """Sizes from one to a few hundred, so that every stored level of the tree is crossed."""
    hanako, bakery = sealed.consumer(1_000), sealed.shop()
    for count in (1, 14, 1, 1, 60, 180, 15, 1):
        sealed.call(commands.post_many, [sealed.draft("payment", hanako, bakery, 1) for _ in range(count)])
        seals(sealed.engine)
    with Session(sealed.engine) as session:
        sizes = list(
            session.execute(
                text("SELECT size FROM ledger.checkpoint WHERE district_id = :d ORDER BY size"), {"d": sealed.district_id}
            ).scalars()
        )
        for place, transaction_id in list(enumerate(leaves(sealed)))[::7]:
            for size in sizes:
                found = queries.inclusion(session, sealed.district_id, transaction_id, size=size)
                if size <= place:
                    assert found is None
                    continue
                assert found is not None and found.place == place
                assert leaf_hash(found.encoded) == found.leaf_hash
                assert is_included(found.leaf_hash, place, size, found.proof, found.checkpoint.root)
        for old in (0, *sizes):
            for size in (each for each in sizes if each >= old):
                roots = [queries.checkpoint(session, sealed.district_id, size=each).root if each else b"" for each in (old, size)]
                proof = queries.consistency(session, sealed.district_id, old, size)
                assert old == 0 or is_consistent(old, roots[0], size, roots[1], proof)
        with pytest.raises(CheckpointUnknown):
            queries.consistency(session, sealed.district_id, 3, sizes[-1])
        with pytest.raises(CheckpointUnknown):
            queries.checkpoint(session, sealed.district_id, size=10**9)
        with pytest.raises(TransactionUnknown):
            queries.inclusion(session, sealed.district_id, 10**15)


def test_a_checkpoint_names_the_log_and_is_signed(sealed: Book) -> None:
    """Origin, size and root in C2SP's form, and a key that anybody can pin."""
    sealed.consumer(1_000)
    seals(sealed.engine)
    with Session(sealed.engine) as session:
        signed = queries.checkpoint(session, sealed.district_id)
        (key,) = queries.log_keys(session, sealed.district_id)
    assert Checkpoint.read(signed.note) == Checkpoint(f"meguri.test/ledger/{sealed.district_id}", signed.size, signed.root)
    assert key.public_key == Signer(f"meguri.test/ledger/{sealed.district_id}", KEYS.current).public
    assert key.public_key.has_signed(signed.note)


def test_the_key_is_changed_with_the_old_one_s_word(book: Book) -> None:
    """Without the old key nothing is signed, though the log grows; with it the log goes on under both, and then under the new one."""
    seals(book.engine)
    with Session(book.engine) as session:  # never committed: the districts of other tests keep their key

        def pays_and_seals(keys: SealKeys) -> str | None:
            commands.post(session, book.district_id, book.draft("top_up", book.opens("drawer", 0), book.opens("consumer"), 5))
            (sealed,) = seal(session, keys)
            return sealed.note

        moved = SealKeys("moved.example", b"n" * 32, previous=KEYS.current)
        assert pays_and_seals(KEYS)
        assert pays_and_seals(SealKeys("moved.example", b"n" * 32)) is None
        assert pays_and_seals(SealKeys("moved.example", b"n" * 32, previous=b"x" * 32)) is None
        both = pays_and_seals(moved)
        keys = queries.log_keys(session, book.district_id)
        old_key, new_key = (each.public_key for each in keys)
        assert old_key.name == new_key.name == f"meguri.test/ledger/{book.district_id}", "a log keeps its name when the host moves"
        assert trusted_keys(old_key, [each.endorsement for each in keys if each.endorsement]) == [old_key, new_key]
        assert old_key.has_signed(both) and new_key.has_signed(both) and Checkpoint.read(both).size == 4
        alone = pays_and_seals(SealKeys("moved.example", b"n" * 32))
        assert new_key.has_signed(alone) and not old_key.has_signed(alone)
        session.rollback()


def test_a_hole_in_the_web_layer_cannot_write_another_tree(sealed: Book) -> None:
    """Whoever can call the functions can neither choose a leaf nor put down a root that is not the tree's own."""
    sealed.consumer(1_000)
    seals(sealed.engine)
    signer = Signer(f"meguri.test/ledger/{sealed.district_id}", KEYS.current)
    for size, root in ((1, b"r" * 32), (2, b"r" * 32), (0, b"r" * 32)):
        values = {"d": sealed.district_id, "s": size, "n": sign(Checkpoint(signer.name, size, root).text, [signer])}
        with Session(sealed.engine) as session, pytest.raises(DBAPIError, match="checkpoint_wrong"):
            session.execute(text("SELECT ledger.add_checkpoint(:d, :s, :n)"), values)


def test_a_key_that_is_none_stops_nobody(sealed: Book) -> None:
    """Whoever holds the web's role puts something down as this log's key: all districts are sealed on, and its word counts for nothing."""
    sealed.consumer(1_000)
    seals(sealed.engine)
    thief = Signer(f"meguri.test/ledger/{sealed.district_id}", b"t" * 32)
    for number, key in enumerate(("nothing", str(thief.public)), 2):
        row = {"d": sealed.district_id, "k": key}
        sealed.call(lambda session, _district, row=row: session.execute(text("SELECT ledger.add_log_key(:d, :k, 'mine')"), row))
        sealed.consumer(1_000)
        seals(sealed.engine)
        with Session(sealed.engine) as session:
            assert queries.checkpoint(session, sealed.district_id).size == number
    with Session(sealed.engine) as session:
        note = sign(Checkpoint(thief.name, 10**6, b"r" * 32).text, [thief])
        assert [each.verdict for each in queries.compare(session, queries.read_seen(note))] == ["signature_wrong"]


def test_districts_have_trees_of_their_own(sealed: Book) -> None:
    """Two districts in one round: each its own places, its own root, its own name."""
    other = Book(sealed.engine, sealed.desk)
    other.series_id = other.series()
    for book in (sealed, other, sealed):
        book.consumer(500)
    seals(sealed.engine)
    assert (len(leaves(sealed)), len(leaves(other))) == (2, 1)
    with Session(sealed.engine) as session:
        notes = {queries.checkpoint(session, book.district_id).note.split("\n")[0] for book in (sealed, other)}
        assert len(notes) == 2
        with pytest.raises(TransactionUnknown):
            queries.inclusion(session, other.district_id, leaves(sealed)[0])


def test_neither_proof_nor_round_reads_the_whole_log(sealed: Book, owner_engine: Engine) -> None:
    """Over thousands of leaves of a district that the planner does not know yet, a proof and a round touch some dozens of rows."""
    other = Book(sealed.engine, sealed.desk)
    other.series_id = other.series()
    for _ in range(30):
        other.consumer(1)
    seals(sealed.engine)
    with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE ledger.leaf, ledger.node, ledger.transaction"))
    hanako, bakery = sealed.consumer(6_000), sealed.shop()
    sealed.call(commands.open_accounts, "consumer", list(range(1_000_000, 1_000_300)), sealed.series_id)
    for _ in range(5):
        sealed.call(commands.post_many, [sealed.draft("payment", hanako, bakery, 1) for _ in range(1_000)])
        seals(sealed.engine)
    seals(sealed.engine)
    order = leaves(sealed)
    with Session(sealed.engine) as session:
        for place in (0, 2_345, 5_000):
            before = rows_read(session)
            proof = queries.inclusion(session, sealed.district_id, order[place])
            touched = rows_read(session) - before
            assert proof is not None and proof.checkpoint.size == 5_001
            assert 0 < touched <= 8 * 13, touched  # 13 levels, each from at most eight rows
        before = rows_read(session)
        assert queries.consistency(session, sealed.district_id, 1_001, 5_001)
        assert rows_read(session) - before <= 8 * 13
    settles(sealed, lambda: sealed.pays(hanako, bakery, 1).transaction_id)
    seals(sealed.engine)
    sealed.pays(hanako, bakery, 1)
    with Session(sealed.engine) as session, atomic(session):
        before = rows_read(session)
        assert [each.added for each in seal(session, KEYS)] == [1]
        assert 0 < rows_read(session) - before <= 8 * 13


def rows_read(session: Session) -> int:
    """Rows of leaves, nodes and accounts that this transaction has fetched so far, by whatever plan."""
    counted = "SELECT sum(seq_tup_read) + sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = ANY ('{leaf,node,account}')"
    return int(session.execute(text(counted)).scalar_one())
