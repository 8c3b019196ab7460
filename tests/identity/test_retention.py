"""保存期間: the table says what is true of the database, of the worker, and of the jobs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import Engine, text

import association.commands
import wallet.commands
from association.commands import NewBenefit
from association.views.retention import RETENTION
from base.errors import MeguriError
from base.settings import Settings
from identity import commands, queries
from identity.queries import Letter
from identity.retention import BENEFIT_DRAFTS, DRAFTS, JOBS, MAIL, SHOWN_CODES, UNUSED, WARNED
from tests.town import Consumer, Town, district
from worker.due import chores
from worker.rounds import ROUND_S

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


def test_whatever_can_be_deleted_names_its_job() -> None:
    """Or who does it by hand. A row with neither is a row of which nothing is ever deleted."""
    assert [each.name for each in RETENTION if bool(each.tables) is not bool(each.job or each.by)] == []


def test_every_job_that_is_named_exists(settings: Settings) -> None:
    """And each runs at least once an hour."""
    running = {each.name: each.every_s for each in chores(settings)} | {"watch": ROUND_S}
    assert [each.job for each in RETENTION if each.job and each.job not in JOBS] == [], "the page has no words for it"
    assert [each.job for each in RETENTION if each.job and running.get(each.job, 10**9) > 3600] == []


@pytest.mark.parametrize(("age", "stays"), [(MAIL - timedelta(minutes=1), True), (MAIL + timedelta(minutes=1), False)])
def test_the_sweeper_goes_by_the_table(district: Town, age: timedelta, stays: bool) -> None:
    """Mail stays for as long as the page says, and no longer."""
    commands.queue_mail(district.session, district.district_id, "a@b.example", Letter("題", "文"), {}, language="ja", now=district.now)
    commands.sweep(district.session, now=district.now + age)
    assert bool(queries.mailbox(district.session, district.district_id)) is stays


def test_who_has_nothing_and_was_not_here_for_two_years_is_forgotten(district: Town, superuser: Engine) -> None:
    """An empty wallet that nobody opened, and whose owner was told 30 days before. Not one with a coin, a coupon or a role, not one that is
    stopped, not one that somebody used after the warning; the books stay as they are."""
    empty, rich, coupon, stopped, spent = (district.consumer(nickname=name) for name in ("空", "金", "券", "止", "使"))
    clerk = district.clerk()
    clerk.tops_up(rich, 1)
    coupon.claims(district.coupon())
    clerk.tops_up(spent, 500)
    spent.pays(district.shop(), 500)
    association.commands.freeze_person(
        district.session, clerk.who, stopped.person_id, commands.FreezeOrder("self", "電話"), now=district.now
    )
    again, mailed = district.consumer(nickname="又"), district.consumer(nickname="便", email="bin@mail.example")
    everybody = [empty, rich, coupon, stopped, spent, clerk, again, mailed]

    def inbox(person: Consumer) -> list[str]:
        return [told.words.title for told in association.queries.inbox(district.session, district.district_id, person.person_id)]

    def remembered(after: timedelta) -> list[bool]:
        for chore in (association.commands.warn_unused, association.commands.forget_unused):
            chore(district.session, district.district_id, now=district.now + after)
        names = queries.nicknames(district.session, district.district_id, {each.person_id for each in everybody})
        return [each.person_id in names for each in everybody]

    assert remembered(UNUSED - WARNED - timedelta(days=1)) == [True] * 8 and inbox(empty) == []
    assert remembered(UNUSED + timedelta(days=1)) == [True] * 8, "nobody is forgotten who was not told in time"
    assert remembered(UNUSED + timedelta(days=2)) == [True] * 8
    assert [len(inbox(person)) for person in (empty, rich, coupon, stopped, spent, again)] == [1, 0, 0, 0, 1, 1]
    letters = association.queries.farewells(district.session, clerk.who, now=district.now + UNUSED + timedelta(days=2))
    assert [each.person_id for each in letters] == [empty.person_id, spent.person_id, again.person_id]
    assert "登録が消えます" in str(queries.mailbox(district.session, district.district_id))
    seen = text("UPDATE person_session SET seen_at = :at WHERE district_id = :d AND person_id = :person")
    with superuser.begin() as opens:
        opens.execute(seen, {"at": district.now + UNUSED + timedelta(days=5), "d": district.district_id, "person": again.person_id})
    assert remembered(UNUSED + WARNED + timedelta(days=2)) == [False, True, True, True, False, True, True, False]
    assert "登録が消えます" in inbox(empty)[0]
    assert rich.coins() == 1 and district.difference() == 0


@pytest.mark.parametrize("is_stopped", [False, True])
def test_whoever_signs_in_while_the_worker_goes_round_is_not_forgotten(district: Town, superuser: Engine, is_stopped: bool) -> None:
    """The worker has them on its list and waits for their account; a session is made; then it goes on. Who was stopped stays so."""
    back = district.consumer(nickname="戻った")
    later = district.now + UNUSED + timedelta(days=1)
    association.commands.warn_unused(district.session, district.district_id, now=later - WARNED)

    def goes_round() -> int:
        return association.commands.forget_unused(district.session, district.district_id, now=later)

    mine = {"d": district.district_id, "person": back.person_id}
    with superuser.connect() as holds, ThreadPoolExecutor(1) as pool:
        holds.execute(
            text("SELECT FROM ledger.account WHERE district_id = :d AND owner_id = :person AND role = 'consumer' FOR UPDATE"), mine
        )
        if is_stopped:
            holds.execute(text("SELECT ledger.set_owner_state(:d, 'consumer', :person, 'frozen')"), mine)
        worker = pool.submit(lambda: district.at_once([goes_round]))
        wait_for_a_lock(superuser)
        with superuser.begin() as signs_in:
            seen = text("UPDATE person_session SET seen_at = :at WHERE district_id = :d AND person_id = :person")
            signs_in.execute(seen, mine | {"at": later})
        holds.commit()
    assert worker.result() == [0]
    assert back.person_id in queries.nicknames(district.session, district.district_id, {back.person_id})
    if is_stopped:
        with pytest.raises(MeguriError):
            district.clerk().tops_up(back, 1)
    else:
        assert district.clerk().tops_up(back, 1)


def wait_for_a_lock(engine: Engine) -> None:
    """Until a connection waits for another one's row."""
    for _ in range(1_500):
        with engine.connect() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
        sleep(0.02)
    raise AssertionError


def test_codes_and_drafts_go_when_nobody_comes_back_to_them(district: Town) -> None:
    """By the worker alone, however long the page stays closed."""
    district.consumer(coins=100).shows_code()
    who = district.clerk().signs_in_again().who
    for save in (association.commands.save_draft, association.commands.save_voucher_draft):
        save(district.session, who, {"name": "書きかけ"}, draft_id=None, now=district.now)
    new = NewBenefit("名簿", "", district.series_id, "promotion", "", "")
    association.commands.check_benefit(district.session, who, new, [], now=district.now)

    def left(after: timedelta) -> list[int]:
        wallet.commands.sweep_codes(district.session, now=district.now + after)
        association.commands.sweep_drafts(district.session, now=district.now + after)
        tables = ("one_time_code", "benefit", "coupon_draft", "voucher_draft")
        counts = (text(f"SELECT count(*) FROM {table} WHERE district_id = :d") for table in tables)
        return [district.session.execute(each, {"d": district.district_id}).scalar_one() for each in counts]

    minute = timedelta(minutes=1)
    assert left(SHOWN_CODES - minute) == [1, 1, 1, 1]
    assert left(SHOWN_CODES + minute) == [0, 1, 1, 1]
    assert left(BENEFIT_DRAFTS + minute) == [0, 0, 1, 1]
    assert left(DRAFTS + minute) == [0, 0, 0, 0]
