"""The proof of the sealed log: whoever changes the past as the database's superuser is named, with what they changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from ledger import commands, queries
from ledger.rules.notes import Checkpoint, Signer, sign
from ledger.verify import verify
from ledger.verify_log import LOG_CHECKS
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS, leaves, seals

Findings = set[tuple[str, int]]
THIEF = b"whoever stole the database alone"


@pytest.fixture
def night(superuser: Engine) -> Iterator[Connection]:
    """What the superuser does while nobody looks: no trigger, no right stops it. Taken back at the end."""
    with superuser.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.rollback()


@pytest.fixture
def lived(book: Book) -> Book:
    """A district whose log has thirty leaves and two checkpoints."""
    seals(book.engine)
    hanako, bakery = book.consumer(10_000), book.shop()
    paid = book.pays(hanako, bakery, 500)
    book.refunds(paid, bakery, hanako, 200)
    seals(book.engine)
    book.call(commands.post_many, [book.draft("payment", hanako, bakery, 10) for _ in range(26)])
    book.call(commands.close_key, uuid4())
    for _ in range(3):  # the last rounds settle how far back the next one looks
        seals(book.engine)
    return book


def findings(book: Book, connection: Connection, pins: list[str] | None = None) -> Findings:
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        known = [queries.log_keys(session, book.district_id)[0].public_key] if pins is None else []
        found = verify(session, lambda _: None, known, district_id=book.district_id)
        # The sums of each day show it as well; whoever rewrites the past can add them up anew, so they are not what must be seen here.
        return {(each.what, each.subject) for each in found if each.what != "role_days_differ_from_log"}


def does(book: Book, connection: Connection, sql: str, **more: object) -> None:
    changed = connection.execute(text(sql.replace("{here}", "district_id = :d")), {"d": book.district_id, **more})
    assert changed.rowcount > 0, sql


def test_an_honest_log_agrees(lived: Book, night: Connection) -> None:
    """Nothing is found."""
    assert findings(lived, night) == set()


def test_an_edited_entry_is_named_even_where_the_books_agree_with_themselves(lived: Book, night: Connection) -> None:
    """The superuser makes a payment of 500 one of 250, in the journal, both entries, everything after and both balances.
    The books prove themselves; the log names the payment."""
    paid = leaves(lived)[1]
    does(lived, night, "UPDATE ledger.transaction SET amounts = ARRAY[amounts[1] / 2, amounts[2] / 2] WHERE {here} AND id = :t", t=paid)
    does(lived, night, "UPDATE ledger.entry SET amount = amount / 2 WHERE {here} AND transaction_id = :t", t=paid)
    does(
        lived,
        night,
        "UPDATE ledger.entry SET balance_after = balance_after - 250 WHERE {here} AND balance_after <> -10000 AND position > 1",
    )
    does(lived, night, "UPDATE ledger.account SET balance = balance - 250 WHERE {here} AND role = 'consumer'")
    assert findings(lived, night) == {("sealed_transaction_changed", paid)}


@pytest.mark.parametrize(
    "change",
    [
        "posted_at = posted_at - interval '1 microsecond'",
        "kind = 'coupon_payment'",
        "kind = repeat('x', 300)",
        "key = gen_random_uuid()",
        "command_hash = sha256('x')",
        "refers_to = 1",
        "hold_id = 1",
        """facts = facts || '{"cash": 1}'""",
    ],
)
def test_nothing_of_a_transaction_can_be_changed(lived: Book, night: Connection, change: str) -> None:
    """When, what, by which command, what for: each is under the seal."""
    paid = leaves(lived)[1]
    does(lived, night, f"UPDATE ledger.transaction SET {change} WHERE {{here}} AND id = :t", t=paid)
    assert ("sealed_transaction_changed", paid) in findings(lived, night)


def test_an_account_that_is_given_to_somebody_else_is_named(lived: Book, night: Connection) -> None:
    """The balance stays where it is, and the account changes hands: the first transaction that touched it says whose it was."""
    does(lived, night, "UPDATE ledger.account SET owner_id = owner_id + 1000 WHERE {here} AND role = 'payable'")
    assert findings(lived, night) == {("sealed_transaction_changed", leaves(lived)[1])}


def test_a_deleted_transaction_is_named(lived: Book, night: Connection) -> None:
    """With its entries, as if it had never been."""
    gone = leaves(lived)[5]
    for table, column in (("transaction", "id"), ("entry", "transaction_id")):
        does(lived, night, f"DELETE FROM ledger.{table} WHERE {{here}} AND {column} = :t", t=gone)
    assert ("sealed_transaction_missing", gone) in findings(lived, night)


def test_a_deleted_leaf_is_named(lived: Book, night: Connection) -> None:
    """Whoever deletes the leaf as well leaves a gap, and whoever closes the gap has another tree."""
    gone = leaves(lived)[5]
    does(lived, night, "DELETE FROM ledger.transaction WHERE {here} AND id = :t", t=gone)
    does(lived, night, "DELETE FROM ledger.entry WHERE {here} AND transaction_id = :t", t=gone)
    does(lived, night, "DELETE FROM ledger.leaf WHERE {here} AND transaction_id = :t", t=gone)
    assert ("leaf_missing", 5) in findings(lived, night)
    for place in range(6, 30):
        does(lived, night, "UPDATE ledger.leaf SET place = place - 1 WHERE {here} AND place = :p", p=place)
    found = findings(lived, night)
    assert {("node_differs", 0), ("checkpoint_differs", 30)} <= found and "leaf_missing" not in {what for what, _ in found}


def test_two_that_are_swapped_are_named(lived: Book, night: Connection) -> None:
    """Two payments of the same amount change places: their leaves tell, and so does the tree if the leaves change as well."""
    order = leaves(lived)
    swap = "CASE transaction_id WHEN :a THEN -:b ELSE -:a END"  # in two steps: no transaction stands in two leaves, even for a moment
    does(
        lived,
        night,
        f"UPDATE ledger.leaf SET transaction_id = {swap} WHERE {{here}} AND transaction_id IN (:a, :b)",
        a=order[7],
        b=order[9],
    )
    does(lived, night, "UPDATE ledger.leaf SET transaction_id = -transaction_id WHERE {here} AND transaction_id < 0")
    assert findings(lived, night) == {("sealed_transaction_changed", order[9])}
    both = "SELECT array_agg(hash ORDER BY place) FROM ledger.leaf WHERE district_id = :d AND place IN (7, 9)"
    seventh, ninth = night.execute(text(both), {"d": lived.district_id}).scalar_one()
    for place, digest in ((7, ninth), (9, seventh)):
        does(lived, night, "UPDATE ledger.leaf SET hash = :h WHERE {here} AND place = :p", h=digest, p=place)
    assert findings(lived, night) == {("node_differs", 0), ("checkpoint_differs", 30)}


def rewritten(book: Book, connection: Connection) -> int:
    """One payment's time is changed, and leaf and nodes made to fit. Gives the payment."""
    paid = leaves(book)[1]
    does(book, connection, "UPDATE ledger.transaction SET posted_at = posted_at - interval '1 day' WHERE {here} AND id = :t", t=paid)
    connection.execute(
        text("""
            UPDATE ledger.leaf f SET hash = sha256('\\x00'::bytea || ledger.encode_transaction(t, (
                SELECT string_agg(ledger.encode_leg(a, l.amount), '' ORDER BY l.line)
                FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS l (account_id, amount, line)
                JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id)))
            FROM ledger.transaction t
            WHERE t.district_id = f.district_id AND t.id = f.transaction_id AND f.district_id = :d AND t.id = :t"""),
        {"d": book.district_id, "t": paid},
    )
    connection.execute(text("DELETE FROM ledger.node WHERE district_id = :d"), {"d": book.district_id})  # a short log has none
    connection.execute(text("SELECT ledger.add_nodes(:d, 0, :size)"), {"d": book.district_id, "size": len(leaves(book))})
    return paid


def test_a_past_that_is_rewritten_whole_is_not_what_was_signed(lived: Book, night: Connection) -> None:
    """Journal, leaf and nodes fit each other: the first checkpoint behind the change does not."""
    rewritten(lived, night)
    assert findings(lived, night) == {("checkpoint_differs", 3)}


def test_who_has_no_key_cannot_sign_the_new_past(lived: Book, night: Connection) -> None:
    """Root and note are made anew, signed by another key that stands in the database as this log's, even as its first."""
    rewritten(lived, night)
    signer = Signer(f"meguri.test/ledger/{lived.district_id}", THIEF)
    sizes = night.execute(text("SELECT size FROM ledger.checkpoint WHERE district_id = :d"), {"d": lived.district_id}).scalars().all()
    for size in sizes:
        root = night.execute(text("SELECT ledger.log_root(:d, :s)"), {"d": lived.district_id, "s": size}).scalar_one()
        note = sign(Checkpoint(signer.name, size, bytes(root)).text, [signer])
        does(lived, night, "UPDATE ledger.checkpoint SET root = :r, note = :n WHERE {here} AND size = :s", r=root, n=note, s=size)
    assert findings(lived, night) == {("signature_wrong", 3)}
    true_key = str(Signer(signer.name, KEYS.current).public)
    night.execute(
        text("INSERT INTO ledger.log_key VALUES (:d, 2, :k, :e, now())"),
        {"d": lived.district_id, "k": str(signer.public), "e": sign(f"{signer.name}\nnext key\n{signer.public}\n", [signer])},
    )
    assert findings(lived, night) == {("signature_wrong", 3)}
    does(lived, night, "DELETE FROM ledger.log_key WHERE {here} AND public_key = :k", k=true_key)
    does(lived, night, "UPDATE ledger.log_key SET number = 1, endorsement = NULL WHERE {here}")
    assert findings(lived, night, pins=[]) == set(), "a database cannot vouch for its own keys"
    with Session(bind=night, join_transaction_mode="create_savepoint") as session:
        found = verify(session, lambda _: None, [Signer(signer.name, KEYS.current).public], district_id=lived.district_id)
        assert ("signature_wrong", 3) in {(each.what, each.subject) for each in found}


def test_a_cut_off_end_is_not_what_was_signed(lived: Book, night: Connection) -> None:
    """The last leaves are gone, the checkpoint over them is not."""
    does(lived, night, "DELETE FROM ledger.leaf WHERE {here} AND place >= 25")
    assert ("checkpoint_differs", 30) in findings(lived, night)


def test_a_checkpoint_of_an_epoch_that_nobody_began_is_named(lived: Book, night: Connection) -> None:
    """A new epoch lets old sizes be signed again: so none is believed without its note."""
    does(lived, night, "UPDATE ledger.checkpoint SET epoch = 2 WHERE {here} AND size = 30")
    assert findings(lived, night) == {("signature_wrong", 30), ("epoch_differs", 2)}


def test_what_is_slipped_in_behind_is_named(lived: Book, night: Connection) -> None:
    """A transaction with a number that was passed long ago."""
    number = -leaves(lived)[0]
    night.execute(
        text("""
            INSERT INTO ledger.transaction SELECT district_id, :n, gen_random_uuid(), command_hash, kind, posted_at, position, NULL, NULL,
                accounts, amounts, facts FROM ledger.transaction WHERE district_id = :d AND id = :t"""),
        {"d": lived.district_id, "t": leaves(lived)[1], "n": number},
    )
    assert ("transaction_not_sealed", number) in findings(lived, night)


def test_every_check_of_the_log_is_tried_above() -> None:
    """No check is there for show."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{name}"' in source for name in LOG_CHECKS)


def test_nobody_edits_the_log_through_sql(lived: Book, owner_engine: Engine) -> None:
    """Not even the tables' owner, while the triggers stand."""
    for table in ("leaf", "node", "log_key", "checkpoint"):
        for sql in (f"UPDATE ledger.{table} SET district_id = 1", f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table}"):
            with owner_engine.connect() as connection, pytest.raises(Exception, match="the_book_is_never_edited"):
                connection.execute(text(sql))
