"""The access log: who, what, on whom, when, from where; and nobody changes it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from base.db import atomic
from base.errors import Forbidden
from identity import commands, queries


def rows(village, command):
    return village.behind(
        "SELECT person_id, allowed, subject, address FROM access_log WHERE district_id = :d AND command = :c ORDER BY id", c=command
    )


def test_a_logged_command_says_who_what_and_from_where(village):
    """An administrator's grant is written down with its subject, and so is everybody's sign-in."""
    administrator, hanako = village.comes("藤代", "administrator"), village.comes()
    commands.grant_role(village.session, administrator, hanako.person_id, "auditor", now=village.now)
    assert rows(village, "identity.grant_role") == [(administrator.person_id, True, f"person:{hanako.person_id} role:auditor", "192.0.2.1")]
    assert [row[0] for row in rows(village, "identity.sign_in")] == [administrator.person_id, hanako.person_id]


def test_a_refusal_is_written_down_although_everything_is_rolled_back(village):
    """Whoever tries what is not theirs leaves a trace, whatever becomes of the transaction."""
    hanako = village.comes()
    with pytest.raises(Forbidden), atomic(village.session):
        commands.grant_role(village.session, hanako, hanako.person_id, "administrator", now=village.now)
    assert rows(village, "identity.grant_role") == [(hanako.person_id, False, f"person:{hanako.person_id} role:administrator", "192.0.2.1")]


def test_an_allowed_row_lives_and_dies_with_what_it_tells(village):
    """What was rolled back did not happen, and is not said to have."""
    hanako = village.comes()

    def renames_and_stumbles():
        with atomic(village.session):
            commands.rename(village.session, hanako, "はなこ")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        renames_and_stumbles()
    assert rows(village, "identity.manage_self") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET subject = 'somebody else' WHERE district_id = :d",
        "DELETE FROM access_log WHERE district_id = :d",
        "TRUNCATE access_log",
        "ALTER TABLE access_log DISABLE TRIGGER ALL",
        "DROP TABLE access_log",
    ],
)
def test_the_web_cannot_change_the_log(village, statement):
    """A hole in the web layer can add rows, but neither mend nor remove one."""
    village.comes()
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        village.session.execute(text(statement), {"d": village.id})
    village.session.rollback()


@pytest.mark.parametrize("table", ["person", "role_grant", "device", "person_session", "till_session", "api_token", "district"])
def test_the_web_deletes_no_history(village, table):
    """People, roles, sessions, devices and tokens are ended, never deleted."""
    with pytest.raises(ProgrammingError, match=r"permission denied"):
        village.session.execute(text(f"DELETE FROM {table}"))
    village.session.rollback()


def test_auditors_read_the_log_of_their_district(village, next_village):
    """Newest first, page by page; consumers and other districts see nothing of it."""
    auditor, hanako = village.comes("大谷", "auditor"), village.comes()
    commands.rename(village.session, hanako, "はな")
    log = queries.access_log(village.session, auditor, limit=2)
    assert [(row.command, row.person_id) for row in log] == [
        ("identity.manage_self", hanako.person_id),
        ("identity.sign_in", hanako.person_id),
    ]
    [older] = queries.access_log(village.session, auditor, before=log[-1].id)
    assert older.person_id == auditor.person_id
    assert queries.access_log(village.session, auditor, queries.LogSearch(person_id=auditor.person_id)) == [older]
    with pytest.raises(Forbidden):
        queries.access_log(village.session, hanako)
    stranger = next_village.comes("監事", "auditor")
    assert {row.person_id for row in queries.access_log(next_village.session, stranger)} == {stranger.person_id}


def test_payments_are_not_logged_twice(village):
    """The book is the log of payments; authorising one writes nothing here."""
    hanako = village.comes()
    commands.authorise(village.session, hanako, "wallet.pay")
    assert rows(village, "wallet.pay") == []
