"""What a hole in the web layer cannot do: the database itself says no."""

from __future__ import annotations

import pytest
from psycopg import errors as pg
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from base.db import atomic
from ledger import commands, queries
from ledger.commands import hash_command
from ledger.errors import (
    AccountUnknown,
    HoldUnknown,
    KindForbidden,
    ReferenceWrong,
    SeriesUnknown,
    TransactionUnknown,
)
from tests.ledger.conftest import Book

VERBS = {
    "insert": "INSERT INTO ledger.{table} SELECT * FROM ledger.{table}",
    "update": "UPDATE ledger.{table} SET district_id = district_id",
    "delete": "DELETE FROM ledger.{table}",
    "truncate": "TRUNCATE ledger.{table}",
    "drop": "DROP TABLE ledger.{table}",
    "lock": "LOCK TABLE ledger.{table} IN ACCESS EXCLUSIVE MODE",
    "trigger": "ALTER TABLE ledger.{table} DISABLE TRIGGER ALL",
}


COLUMN = {"role": "name", "kind": "name", "kind_switch": "kind", "epoch": "only_row", "law": "only_row", "sealer": "only_row"}
"""One of each table that has no `district_id`."""


def state_of(engine: Engine, sql: str) -> str | None:
    with Session(engine) as session:
        try:
            session.execute(text(sql))
        except DBAPIError as error:
            return error.orig.sqlstate
    return None


def ledger_names(engine: Engine, sql: str) -> list[str]:
    with Session(engine) as session:
        return list(session.execute(text(sql)).scalars())


def test_the_application_can_change_no_table_of_the_book(book: Book) -> None:
    """Every table × every verb, as the web's own database role."""
    tables = ledger_names(book.engine, "SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'")
    assert len(tables) == 36
    denied = {"42501"}  # insufficient_privilege
    for table in tables:
        for verb, sql in VERBS.items():
            column = COLUMN.get(table, "district_id")
            columns = sql.replace("district_id = district_id", f"{column} = {column}")
            assert state_of(book.engine, columns.format(table=table)) in denied, (table, verb)


def test_not_even_the_owner_edits_what_is_written(book: Book, owner_engine: Engine) -> None:
    """The book proper has no UPDATE, DELETE or TRUNCATE for anybody who works through SQL."""
    book.pays(book.consumer(100), book.shop(), 1)
    for table in ("transaction", "entry"):
        for sql in (f"UPDATE ledger.{table} SET posted_at = now()", f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table} CASCADE"):
            assert state_of(owner_engine, sql) == "MG000", sql


def test_an_item_belongs_to_a_proposal_and_to_a_kind(book: Book, owner_engine: Engine) -> None:
    """Looked up once a statement, whoever writes it."""
    book.call(commands.propose, 71, "benefit", [book.draft("benefit", book.opens("funder", 0), book.consumer(), 1_000)])
    item = "INSERT INTO ledger.proposal_item SELECT district_id, {}, 2, {}, gen_random_uuid(), command_hash, NULL, facts, accounts, amounts"
    for proposal, kind, state in (("proposal_id", "kind", None), ("0", "kind", "23503"), ("proposal_id", "'gift of nobody'", "23503")):
        sql = f"{item.format(proposal, kind)} FROM ledger.proposal_item WHERE district_id = {book.district_id}"
        assert state_of(owner_engine, sql) == state, sql


def test_the_application_may_call_the_doors_and_no_inner_function(book: Book) -> None:
    """Only the functions that check everything are open; their parts are not."""
    open_to_web = ledger_names(
        book.engine,
        "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = 'ledger'"
        " AND has_function_privilege('meguri_web', p.oid, 'EXECUTE') ORDER BY 1",
    )
    doors = """
        add_checkpoint add_epoch_note add_log_key allow_transfers begin_epoch close_key close_month closed_month create_series
        decide end_series expire_proposals fold here horizon month_end open_account open_accounts passed_on pay place_gift place_hold post
        post_items prepare_epoch propose propose_alike release_hold reopen_month resume_log seal set_account_state set_owner_state
        start_again stop stop_transfers sums take_piece to_fold tree_nodes withdraw
    """
    assert open_to_web == doors.split()


def test_pages_cannot_post_what_needs_the_desk(book: Book) -> None:
    """A correction, or any kind that a page does not need, is refused to the web's role whatever the lines are."""
    kinds = ledger_names(book.engine, "SELECT name FROM ledger.kind WHERE NOT 'meguri_web' = ANY (posters)")
    assert "correction" in kinds and "key_closed" in kinds
    hanako, bakery, drawer = book.consumer(1_000), book.shop(), book.opens("drawer", 0)
    for kind in kinds:
        for debit, credit in ((hanako, bakery), (bakery, hanako), (drawer, hanako)):
            with pytest.raises(KindForbidden):
                book.posts(kind, debit, credit, 1)


def test_pages_cannot_mint(book: Book) -> None:
    """Value comes into being only against a clerk's drawer, and a drawer takes 500,000 before a second person counts it."""
    drawer, series = book.opens("drawer", 0), book.series(balance_max=300_000)
    for _ in range(2):
        book.posts("top_up", drawer, book.opens("consumer", series), 250_000)
    for role in ("safe", "bank", "promotion", "breakage", "suspense"):
        account = book.opens(role, book.series_id if role == "suspense" else 0)
        with pytest.raises(Exception, match="movement_forbidden"):
            book.posts("top_up", account, book.opens("consumer"), 1)
    with pytest.raises(Exception, match="drawer_full"):
        book.posts("top_up", drawer, book.opens("consumer", series), 1)


def test_repeatable_read_is_refused(book: Book) -> None:
    """A waiter must see what was committed while it waited, so the book insists on READ COMMITTED."""
    draft = book.draft("payment", book.consumer(10), book.shop(), 1)
    with Session(book.engine) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        with pytest.raises(DBAPIError) as refusal:
            commands.post(session, book.district_id, draft)
    assert isinstance(refusal.value.orig, pg.InvalidTransactionState)


def test_every_door_refuses_another_districts_ids(book: Book) -> None:
    """Ids are numbers anybody can guess; each door looks only inside the district that it was given."""
    hanako, bakery = book.consumer(1_000), book.shop()
    paid, hold = book.pays(hanako, bakery, 100), book.holds(hanako, 100)
    other = Book(book.engine, book.desk)
    other.series_id = other.series()
    taro, inn, drawer = other.consumer(1_000), other.shop(), other.opens("drawer", 0)
    refused = [
        (AccountUnknown, lambda: other.pays(hanako, inn, 1)),
        (AccountUnknown, lambda: other.pays(taro, bakery, 1)),
        (AccountUnknown, lambda: other.posts("top_up", drawer, hanako, 1)),
        (ReferenceWrong, lambda: other.refunds(paid, inn, taro, 1)),
        (ReferenceWrong, lambda: other.posts("reversal", taro, drawer, 1, refers_to=paid.transaction_id)),
        (HoldUnknown, lambda: other.pays(taro, inn, 1, hold_id=hold)),
        (HoldUnknown, lambda: other.call(commands.release_hold, hold)),
        (AccountUnknown, lambda: other.holds(hanako, 1)),
        (AccountUnknown, lambda: other.call(commands.set_account_state, hanako, "frozen")),
        (SeriesUnknown, lambda: other.opens("consumer", book.series_id)),
        (SeriesUnknown, lambda: other.call(queries.one_series, book.series_id)),
        (TransactionUnknown, lambda: other.call(queries.transaction, paid.transaction_id)),
        (AccountUnknown, lambda: other.balance(hanako)),
        (AccountUnknown, lambda: other.available(hanako)),
    ]
    for reason, door in refused:
        with pytest.raises(reason):
            door()
    assert other.call(queries.find_key, paid.key, hash_command("any")) is None
    assert other.call(queries.entries, [hanako, bakery]) == []
    assert other.call(queries.arrivals, "payable", 2, cursor=0).entries == []
    assert other.call(queries.account_id, "consumer", 1, book.series_id) is None
    with Session(book.engine) as session, atomic(session):
        session.execute(text("SELECT ledger.fold(:d, :a)"), {"d": other.district_id, "a": bakery})
    assert (book.balance(hanako), book.balance(bakery)) == (900, 100)
