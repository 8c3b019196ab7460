"""保存期間: the table says what is true of the database, of the worker, and of the jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from association.views.retention import RETENTION
from base.settings import Settings
from identity import commands, queries
from identity.queries import Letter
from identity.retention import MAIL
from tests.town import Town, district
from wsgi import chores

__all__ = ["district"]

DELETABLE = text("""
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND has_table_privilege('meguri_web', c.oid, 'DELETE')
""")


def test_what_can_be_deleted_at_all_is_in_the_table(owner_engine: Engine) -> None:
    """The web's role may delete from these tables and from no other: so no job can touch the books."""
    with owner_engine.connect() as connection:
        deletable = set(connection.execute(DELETABLE).scalars())
    assert deletable == {table for each in RETENTION for table in each.tables}
    books = next(each for each in RETENTION if each.name == "books")
    assert (books.job, books.tables, books.after) == (None, (), None)


def test_every_job_that_is_named_exists(settings: Settings) -> None:
    """And each runs at least once an hour."""
    running = {each.name: each.every_s for each in chores(settings)}
    assert [each.job for each in RETENTION if each.job and running.get(each.job, 10**9) > 3600] == []


@pytest.mark.parametrize(("age", "stays"), [(MAIL - timedelta(minutes=1), True), (MAIL + timedelta(minutes=1), False)])
def test_the_sweeper_goes_by_the_table(district: Town, age: timedelta, stays: bool) -> None:
    """Mail stays for as long as the page says, and no longer."""
    commands.queue_mail(district.session, district.district_id, "a@b.example", Letter("題", "文"), {}, language="ja", now=district.now)
    commands.sweep(district.session, now=district.now + age)
    assert bool(queries.mailbox(district.session, district.district_id)) is stays
