"""Personal data at rest: sealed, found by keyed hash, and gone when its key is."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from base.errors import Forbidden
from identity import commands, queries
from identity.commands import Browser
from identity.errors import PersonUnknown, RecoveryCodeWrong
from identity.vault import Vault, seal, unseal

NICKNAME, EMAIL = "ぽんぽこ花子", "ponpoko.hanako@example.jp"
NEEDLES = (NICKNAME, EMAIL, "ponpoko", "ぽんぽこ")
"""Words that no other test gives to a coin, a coupon or a shop: they share the database."""


def everything_stored(village):
    """Every text and bytes of every table outside the catalogues, as bytes."""
    columns = village.behind(
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema IN ('public', 'ledger') AND table_type = 'BASE TABLE'"
        " AND data_type IN ('text', 'bytea', 'jsonb', 'json', 'ARRAY', 'character varying')"
    )
    assert len(columns) > 40
    for schema, table, column, kind in columns:
        value = f'"{column}"' if kind == "bytea" else f"convert_to(\"{column}\"::text, 'UTF8')"
        for (stored,) in village.behind(f'SELECT {value} FROM "{schema}"."{table}" WHERE "{column}" IS NOT NULL'):
            yield f"{schema}.{table}.{column}", bytes(stored)


def test_neither_nickname_nor_address_can_be_read_in_the_database(village):
    """Somebody who has lived through every door of identity is nowhere to be read in any table."""
    person_id = village.person(NICKNAME, email=EMAIL)
    who = village.who(village.opens(person_id))
    commands.send_code(village.session, village.id, "灯ノ沢温泉", EMAIL, address="192.0.2.1", language="ja", now=village.now)
    commands.make_recovery_codes(village.session, who, now=village.now)
    commands.rename(village.session, who, NICKNAME)
    village.opens(person_id)
    assert queries.person_profile(village.session, who).nickname == NICKNAME
    found = [place for place, stored in everything_stored(village) if any(needle.encode() in stored for needle in NEEDLES)]
    assert found == []


def test_the_same_name_is_never_sealed_twice_alike(village):
    """Two people called 花子 cannot be told to have one name."""
    village.person("花子")
    village.person("花子")
    sealed = village.behind("SELECT nickname FROM person WHERE district_id = :d")
    assert len({bytes(each) for (each,) in sealed}) == 2


def test_a_sealed_value_opens_only_where_it_belongs(village):
    """Copied to another person, another field, or changed by a bit, it does not open."""
    vault = Vault(b"k" * 32)
    key, wrapped = vault.new_key(1, 7)
    sealed = seal(key, "花子", 1, 7, "nickname")
    assert unseal(vault.open_key(wrapped, 1, 7), sealed, 1, 7, "nickname") == "花子"
    for context in ((1, 8, "nickname"), (2, 7, "nickname"), (1, 7, "email")):
        with pytest.raises(InvalidTag):
            unseal(key, sealed, *context)
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"\x02" + sealed[1:]):
        with pytest.raises(InvalidTag):
            unseal(key, broken, 1, 7, "nickname")
    with pytest.raises(InvalidTag):
        Vault(b"j" * 32).open_key(wrapped, 1, 7)
    with pytest.raises(InvalidTag):
        vault.open_key(wrapped, 1, 8)


def test_the_keyed_hash_is_another_one_in_each_district(village, next_village):
    """Lists of two districts cannot be laid on top of each other."""
    for where in (village, next_village):
        where.person(email=EMAIL)
    [(here,)], [(there,)] = (
        where.behind("SELECT email_lookup FROM person WHERE district_id = :d AND email IS NOT NULL") for where in (village, next_village)
    )
    assert bytes(here) != bytes(there)


def test_erasing_somebody_leaves_only_a_number(village):
    """Key, name, address, passkeys, codes, PIN, mail, roles and sessions are gone; the number stays for the book."""
    person_id = village.person(NICKNAME, email=EMAIL)
    opened = village.opens(person_id)
    who = village.who(opened)
    commands.set_pin(village.session, who, "2580", now=village.now)
    codes = commands.make_recovery_codes(village.session, who, now=village.now)
    village.opens(person_id)  # sends a mail
    commands.erase_person(village.session, who, person_id, now=village.now)
    assert not village.who(opened).is_somebody
    assert queries.nickname(village.session, village.id, person_id) is None
    assert queries.person_by_email(village.session, village.id, EMAIL) is None
    assert queries.mailbox(village.session, village.id) == []
    assert queries.grants(village.session, village.id, person_id=person_id) == []
    with pytest.raises(PersonUnknown):
        queries.profile(village.session, village.id, person_id)
    with pytest.raises(RecoveryCodeWrong):
        commands.recover(village.session, village.id, codes[0], Browser(), now=village.now)
    for table in ("person_key", "passkey", "recovery_code"):
        assert village.behind(f"SELECT 1 FROM {table} WHERE district_id = :d AND person_id = :p", p=person_id) == []
    assert village.behind("SELECT 1 FROM pin WHERE district_id = :d AND holder_id = :p", p=person_id) == []
    [(erased_at,)] = village.behind("SELECT erased_at FROM person WHERE district_id = :d AND id = :p", p=person_id)
    assert erased_at == village.now
    village.person("新しい花子", email=EMAIL)  # the address is free again


def test_nobody_erases_somebody_else_but_an_administrator(village):
    """A consumer may erase themselves only; twice is once too often."""
    hanako, taro = village.comes(), village.comes("太郎")
    with pytest.raises(Forbidden):
        commands.erase_person(village.session, hanako, taro.person_id, now=village.now)
    administrator = village.comes("藤代", "administrator")
    commands.erase_person(village.session, administrator, taro.person_id, now=village.now)
    with pytest.raises(PersonUnknown):
        commands.erase_person(village.session, administrator, taro.person_id, now=village.now)
    assert queries.nickname(village.session, village.id, hanako.person_id) == "花子"


def test_an_administrator_of_one_district_erases_nobody_in_another(village, next_village):
    """A number of another district is nobody's here."""
    hanako = village.person()
    administrator = next_village.comes("藤代", "administrator")
    with pytest.raises(PersonUnknown):
        commands.erase_person(next_village.session, administrator, hanako, now=village.now)
    assert queries.nickname(village.session, village.id, hanako) == "花子"
    assert queries.nicknames(next_village.session, next_village.id, [hanako]) == {}
