"""The shops' tablets are witnesses of the sealed log: they check it by themselves, and say so where it is another one."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import association.commands
import association.queries
import ledger.queries
import merchant.queries
from base.errors import Forbidden, TooMany
from identity.errors import PinWrong
from ledger.rules.cosignatures import message
from ledger.rules.notes import Checkpoint, PublicKey, Signer, sign
from merchant.cli import commands as terminal
from merchant.commands import Alarm, Cosigned, Seen, begin_anew, make_pair_code, revoke_till, saw_log, tell_alarm
from merchant.commands import goes_on as go_on
from merchant.errors import CosignatureWrong, LogAlarmAnswered, LogAlarmUnknown, NoTill, SightUnknown
from merchant.queries import WitnessRow
from tests.association.test_pages import Seat, desk
from tests.conftest import TestClock
from tests.ledger.test_verify_log import rewritten
from tests.lost import goes_on, lose
from tests.merchant.test_pages import Tablet
from tests.town import CASHIER_PIN, OWNER_PIN, SEAL_SEED, Consumer, Shop, Till, Town
from tests.web.axe import serious

__all__ = ["desk"]


@pytest.fixture
def lived(district: Town, hanako: Consumer, shop: Shop) -> Town:
    """A district in which somebody has paid, and its log is signed."""
    hanako.pays(shop, 500)
    district.seals()
    return district


def newest(town: Town) -> Seen:
    signed = ledger.queries.checkpoint(town.session, town.district_id)
    return Seen(signed.size, signed.root)


def row_of(town: Town, till: Till) -> WitnessRow:
    return next(row for row in merchant.queries.witnesses(town.session, town.district_id) if row.till_id == till.id)


def an_alarm(town: Town, root: bytes = b"another past, which was signed,,") -> Alarm:
    """What a tablet tells that saw a log of one leaf less with another root, signed by the log's own key."""
    real = ledger.queries.checkpoint(town.session, town.district_id)
    origin = Checkpoint.read(real.note).origin
    return Alarm("forked", sign(Checkpoint(origin, real.size - 1, root).text, [Signer(origin, SEAL_SEED)]), real.note)


def test_what_a_tablet_verified_is_kept_and_never_goes_back(lived: Town, till: Till, hanako: Consumer, shop: Shop) -> None:
    """Each sight replaces the one before; an older one that comes late changes nothing. The desk counts who stands behind the newest."""
    first = newest(lived)
    saw_log(lived.session, till.who, first, now=lived.now)
    hanako.pays(shop, 100)
    lived.seals()
    second = newest(lived)
    assert association.queries.log_standing(lived.session, lived.district_id, now=lived.now).verified == 0
    for seen in (second, first, second):
        saw_log(lived.session, till.who, seen, now=lived.now)
    assert (row_of(lived, till).size, row_of(lived, till).root) == (second.size, second.root)
    shop.another_till()
    standing = association.queries.log_standing(lived.session, lived.district_id, now=lived.now)
    assert (standing.size, standing.root, standing.verified, standing.recent, standing.tablets) == (second.size, second.root, 1, 1, 2)
    assert (standing.witnessed, standing.alarms) == (second.size, 0)


def test_not_even_our_own_sql_takes_a_witness_back(lived: Town, till: Till, superuser: Engine) -> None:
    """The database itself refuses a smaller size or another root, and an alarm that is edited or deleted."""
    saw_log(lived.session, till.who, newest(lived), now=lived.now)
    tell_alarm(lived.session, till.who, an_alarm(lived), now=lived.now)
    for sql in (
        "UPDATE log_witness SET size = 1 WHERE district_id = :d",
        "UPDATE log_witness SET root = sha256('x') WHERE district_id = :d",
        "UPDATE log_witness SET size = NULL, root = NULL WHERE district_id = :d",
        "UPDATE log_alarm SET reason = 'x' WHERE district_id = :d",
        "DELETE FROM log_alarm WHERE district_id = :d",
    ):
        with superuser.connect() as connection, pytest.raises(DBAPIError, match=r"a_witness_never_goes_back|an_alarm_is_never_edited"):
            connection.execute(text(sql), {"d": lived.district_id})


def test_a_word_that_the_book_does_not_know_is_not_kept(lived: Town, till: Till) -> None:
    """Another root, a size that never was: refused. It says nothing about the book."""
    seen = newest(lived)
    for wrong in (replace(seen, root=b"r" * 32), replace(seen, size=seen.size + 10**9)):
        with pytest.raises(SightUnknown):
            saw_log(lived.session, till.who, wrong, now=lived.now)
    assert row_of(lived, till).size is None


def cosigns(town: Town, seed: bytes, *, late_s: int = 0) -> Seen:
    """What a tablet says that verified the newest checkpoint and signed it by a key of its own."""
    note, key = ledger.queries.checkpoint(town.session, town.district_id).note, Ed25519PrivateKey.from_private_bytes(seed)
    seconds = int(town.now.timestamp()) - late_s
    own = Cosigned(key.public_key().public_bytes_raw(), seconds, key.sign(message(note, seconds)))
    return replace(newest(town), own=own)


def test_a_co_signature_is_kept_once_it_is_verified(lived: Town, till: Till, shop: Shop, hanako: Consumer) -> None:
    """It stands below the note, by a key that bears the tablet's number. What is forged, or by another tablet's key, is refused;
    under a wrong clock the sight is kept without it."""
    say = cosigns(lived, b"1" * 32)
    assert say.own is not None
    for forged in (replace(say.own, seconds=say.own.seconds - 1), replace(say.own, signature=b"s" * 64)):
        with pytest.raises(CosignatureWrong):
            saw_log(lived.session, till.who, replace(say, own=forged), now=lived.now)
    assert row_of(lived, till).size is None
    saw_log(lived.session, till.who, say, now=lived.now)
    other, third = shop.another_till("レジ2"), shop.another_till("レジ3")
    with pytest.raises(CosignatureWrong):
        saw_log(lived.session, other.who, say, now=lived.now)
    saw_log(lived.session, other.who, cosigns(lived, b"2" * 32), now=lived.now)
    saw_log(lived.session, third.who, cosigns(lived, b"3" * 32, late_s=3_600), now=lived.now)
    assert [row_of(lived, each).is_cosigned for each in (till, other, third)] == [True, True, False]
    printed = CliRunner().invoke(terminal, ["cosigned", str(lived.district_id)], obj=lived.session).output
    keys, note = printed.split("\n\n", 1)
    assert [line.split("+")[0].rpartition("/")[2] for line in keys.splitlines()[1:]] == [str(till.id), str(other.id)]
    assert note.startswith(ledger.queries.checkpoint(lived.session, lived.district_id).note) and note.count(f"/till/{till.id} ") == 1
    assert PublicKey.read(keys.splitlines()[0]).has_signed(note), "the note is one as before, with more lines below it"
    hanako.pays(shop, 100)
    lived.seals()
    saw_log(lived.session, till.who, newest(lived), now=lived.now)
    assert not row_of(lived, till).is_cosigned


def test_an_alarm_told_twice_is_one_and_not_told_without_end(lived: Town, till: Till) -> None:
    """A tablet that did not hear the answer tells it again. A mad one is told to wait."""
    alarm = an_alarm(lived)
    assert tell_alarm(lived.session, till.who, alarm, now=lived.now) == tell_alarm(lived.session, till.who, alarm, now=lived.now)
    for number in range(3):
        tell_alarm(lived.session, till.who, replace(alarm, shown=f"junk {number}"), now=lived.now)
    with pytest.raises(TooMany):
        tell_alarm(lived.session, till.who, replace(alarm, shown="junk again"), now=lived.now)
    assert len(merchant.queries.log_alarms(lived.session, lived.district_id)) == 4


def test_only_a_paired_tablet_is_a_witness(lived: Town, till: Till, shop: Shop, other_district: Town) -> None:
    """Neither an owner nor a customer nor a tablet that was revoked a moment ago; a tablet of the town next door tells of its own log."""
    neighbour = other_district.till()
    with pytest.raises(SightUnknown):
        saw_log(other_district.session, neighbour.who, newest(lived), now=lived.now)
    who = till.who
    for stranger in (shop.owner, lived.approver().who):
        with pytest.raises(Forbidden):
            tell_alarm(lived.session, stranger, an_alarm(lived), now=lived.now)
    revoke_till(lived.session, shop.owner, shop.id, till.id, now=lived.now)
    with pytest.raises(NoTill):
        tell_alarm(lived.session, who, an_alarm(lived), now=lived.now)
    with pytest.raises(NoTill):
        saw_log(lived.session, who, newest(lived), now=lived.now)
    assert merchant.queries.log_alarms(lived.session, lived.district_id) == []


def test_only_the_owner_lets_a_tablet_begin_anew(lived: Town, till: Till, shop: Shop) -> None:
    """By their PIN; a cashier's is not enough. Then a smaller log is taken again, and the desk sees that it was so."""
    owner, cashier = shop.hires("店主", role="owner", pin=OWNER_PIN), shop.hires()
    saw_log(lived.session, till.who, newest(lived), now=lived.now)
    with pytest.raises(Forbidden):
        begin_anew(lived.session, till.who, cashier, CASHIER_PIN, now=lived.now)
    with pytest.raises(PinWrong):
        begin_anew(lived.session, till.who, owner, CASHIER_PIN, now=lived.now)
    assert row_of(lived, till).beginnings == 0
    begin_anew(lived.session, till.who, owner, OWNER_PIN, now=lived.now)
    assert (row_of(lived, till).beginnings, row_of(lived, till).size) == (1, None)


def test_the_border_takes_no_junk(client: FlaskClient, lived: Town, till: Till) -> None:
    """Too long, of no form, with a NUL: 422 and nothing is kept. What is right is taken."""
    tablet = Tablet(client, lived, till=till)
    seen = newest(lived)
    root = b64encode(seen.root).decode()
    for form in ({"size": "x", "root": root}, {"size": seen.size, "root": "AAAA"}, {"size": 2**70, "root": root}, {"size": 1}):
        assert tablet.sends("/till/staff/log/seen", **form).status_code == 422, form
    good = {"reason": "forked", "before": an_alarm(lived).before, "shown": an_alarm(lived).shown}
    for wrong in ({"shown": "x" * 5_000}, {"shown": "a\0b"}, {"reason": "<script>"}, {"before": "é" * 3_000}, {"more": "x"}):
        assert tablet.sends("/till/staff/log/alarm", **(good | wrong)).status_code == 422, wrong
    assert tablet.sends("/till/staff/log/seen", size=seen.size, root=root).status_code == 204
    assert tablet.sends("/till/staff/log/alarm", **good).status_code == 204
    assert tablet.looks("/till/staff/log/sight?seen=" + "9" * 40).json["log"]["consistency"] is None
    (kept,) = merchant.queries.log_alarms(lived.session, lived.district_id)
    assert (kept.before, kept.shown, kept.reason) == (good["before"], good["shown"], "forked")


def test_an_alarm_stands_at_the_desk_until_somebody_has_answered(desk: Seat, lived: Town, till: Till, other_district: Town) -> None:
    """On the home page and on 台帳の証人, in both languages, for the auditor as well, who cannot answer; with both notes, and what they
    are worth. The answer is written once and stays."""
    alarm = an_alarm(lived)
    number = tell_alarm(lived.session, till.who, alarm, now=lived.now)
    looks_on = lived.another_clerk("auditor")
    auditor, approver = desk(looks_on), desk(lived.approver())
    assert "台帳の食い違いの知らせが 1件" in auditor.sees("/desk/").text
    assert "湯の花まんじゅう みなと屋の端末「レジ1」が" in auditor.sees("/desk/witnesses").text
    assert "ledger contradicts itself" in auditor.sees("/desk/witnesses?lang=en").text
    page, shown = f"/desk/witnesses/{number}", auditor.sees(f"/desk/witnesses/{number}?lang=ja").text
    assert html.escape(alarm.before.split("\n")[2]) in shown and alarm.shown.split("\n")[2] in shown
    assert "この台帳の鍵で署名された台帳が、いまの帳簿にありません。" in shown
    assert "対応済みにする" not in shown
    with pytest.raises(Forbidden):
        association.commands.answer_alarm(lived.session, looks_on.who, number, "見ました", now=lived.now)
    assert approver.presses(page, page, words="").status_code == 422
    assert approver.presses(page, page, words="バックアップから戻したため").status_code == 303
    with pytest.raises(LogAlarmAnswered):
        association.commands.answer_alarm(lived.session, lived.approver().who, number, "違った", now=lived.now)
    assert "バックアップから戻したため" in auditor.sees(page).text and "違った" not in auditor.sees(page).text
    assert "台帳の食い違いの知らせ" not in auditor.sees("/desk/").text
    neighbour = other_district.approver().who
    with pytest.raises(LogAlarmUnknown):
        association.queries.told_alarm(other_district.session, neighbour, number)
    with pytest.raises(LogAlarmUnknown):
        association.commands.answer_alarm(other_district.session, neighbour, number, "x", now=lived.now)


def test_an_alarm_that_a_new_epoch_explains_settles_itself(
    desk: Seat, lived: Town, till: Till, hanako: Consumer, shop: Shop, clock: TestClock
) -> None:
    """Before two people confirmed it, it wants an answer. Then it waits for the press; the tablet's row begins anew, and it is settled.
    What no epoch explains stays, and a new epoch that this book does not know is no explanation."""
    lost = lose(lived, hanako, shop, 500)
    before, now = lost.note, ledger.queries.checkpoint(lived.session, lived.district_id).note
    other, stranger = shop.another_till("レジ2"), shop.another_till("レジ3")
    for who in (till.who, other.who):
        tell_alarm(lived.session, who, Alarm("shorter", before, now), now=lived.now)
    seat = desk(lived.approver())
    assert "台帳の食い違いの知らせが 2件" in seat.sees("/desk/").text
    first = newest(lived)
    hanako.pays(shop, 100)
    lived.seals()
    saw_log(lived.session, till.who, newest(lived), now=lived.now)
    goes_on(lived, lost, size=first.size)
    clock.advance(hours=1)
    shown = ledger.queries.checkpoint(lived.session, lived.district_id).note
    tell_alarm(lived.session, other.who, Alarm("new_epoch", before, shown), now=lived.now)
    forged = sign(
        Checkpoint(Checkpoint.read(before).origin, lost.size + 1, b"r" * 32, 2).text, [Signer(Checkpoint.read(before).origin, SEAL_SEED)]
    )
    tell_alarm(lived.session, stranger.who, Alarm("new_epoch", before, forged), now=lived.now)
    assert "台帳の食い違いの知らせが 1件" in seat.sees("/desk/").text
    assert "再開を知らせている端末が2台" in seat.sees("/desk/witnesses").text
    for _ in range(2):
        go_on(lived.session, till.who, now=lived.now)
    assert (row_of(lived, till).beginnings, row_of(lived, till).size) == (1, None), "the row never goes back: it begins anew"
    saw_log(lived.session, till.who, newest(lived), now=lived.now)
    go_on(lived.session, till.who, now=lived.now)
    assert row_of(lived, till).beginnings == 1
    standings = [told.standing for told in association.queries.told_alarms(lived.session, lived.approver().who)]
    assert standings == ["open", "waits", "waits", "settled"]
    page = seat.sees("/desk/witnesses").text
    assert "お店が続きを受け入れました" in page and "組合が台帳を前の時点に戻しました" in page


# in a real browser


@pytest.fixture
def tablet(tablet: Page) -> Page:
    """One whose seconds a test can let pass."""
    tablet.clock.install()
    return tablet


def looks(page: Page, then: str = "seen") -> None:
    """The next look is due; the tablet tells the server what came of it."""
    with page.expect_response(f"**/till/staff/log/{then}") as told:
        page.evaluate("localStorage.removeItem('till.log.due')")
        page.reload()
        page.clock.run_for(5_000)  # it lets the page come first, and then waits until nothing else is to do
    assert told.value.status == 204


def keeps(page: Page) -> Any:
    return page.evaluate("JSON.parse(localStorage.getItem('till.log'))")


@contextmanager
def another_past(town: Town, superuser: Engine) -> Iterator[None]:
    """The superuser rewrites the second transaction of the log, leaf and nodes with it, and signs every root anew with the true key.
    Put right afterwards."""
    tables, here = ("leaf", "node", "checkpoint", "transaction"), {"d": town.district_id}
    with superuser.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for table in tables:
            connection.execute(text(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM ledger.{table} WHERE district_id = :d"), here)
        rewritten(town, connection)  # type: ignore[arg-type]
        for size, note in connection.execute(text("SELECT size, note FROM ledger.checkpoint WHERE district_id = :d"), here).all():
            root = bytes(connection.execute(text("SELECT ledger.log_root(:d, :s)"), {**here, "s": size}).scalar_one())
            origin = Checkpoint.read(note).origin
            signed = sign(Checkpoint(origin, size, root).text, [Signer(origin, SEAL_SEED)])
            update = "UPDATE ledger.checkpoint SET root = :r, note = :n WHERE district_id = :d AND size = :s"
            connection.execute(text(update), {**here, "r": root, "n": signed, "s": size})
        connection.commit()
        try:
            yield
        finally:
            for table in tables:
                connection.execute(text(f"DELETE FROM ledger.{table} WHERE district_id = :d"), here)
                columns = connection.execute(
                    text(
                        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                        " WHERE attrelid = CAST(:t AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                    ),
                    {"t": f"ledger.{table}"},
                ).scalar_one()
                connection.execute(text(f"INSERT INTO ledger.{table} ({columns}) SELECT {columns} FROM kept_{table}"))
            connection.commit()
            connection.invalidate()  # no later test gets a line on which nothing is guarded


@pytest.mark.browser
def test_a_tablet_follows_an_honest_log(tablet: Page, lived: Town, till: Till, hanako: Consumer, shop: Shop, owner_engine: Engine) -> None:
    """It pins key and checkpoint by itself and tells the server; at the next look it takes the newer one with its proof, and co-signs."""
    looks(tablet)
    before = keeps(tablet)
    assert row_of(lived, till).size == int(before["note"].split("\n")[1])
    hanako.pays(shop, 100)
    lived.seals()
    looks(tablet)
    after = keeps(tablet)
    (own,) = merchant.queries.cosigned(lived.session, lived.district_id)
    assert (own.till_id, own.size) == (till.id, newest(lived).size)
    with owner_engine.connect() as connection:
        keys = connection.execute(text("SELECT count(*) FROM log_witness_key WHERE till_id = :t"), {"t": till.id}).scalar_one()
    assert keys == 1, "the second look signs by the key of the first"
    assert after["key"] == before["key"] and int(after["note"].split("\n")[1]) == newest(lived).size == row_of(lived, till).size
    expect(tablet.locator("[data-log-strip]")).to_be_hidden()
    tablet.goto(tablet.url + "staff/log")
    expect(tablet.locator("[data-log-size]")).to_have_text(f"{newest(lived).size:,}件")
    assert serious(tablet) == []
    tablet.evaluate("localStorage.setItem('till.log.alarm', JSON.stringify({reason: 'forked', before: null, now: '', told: true}))")
    code = make_pair_code(lived.session, shop.owner, shop.id, "新しい端末", now=lived.now).code
    tablet.goto(tablet.url.replace("staff/log", "pair"))
    tablet.get_by_label("コード").fill(code)
    with tablet.expect_response("**/till/staff/log/seen"):
        tablet.get_by_role("button", name="つなぐ").click()
    expect(tablet.locator("[data-log-strip]")).to_be_hidden()


@pytest.mark.browser
def test_a_rewritten_log_is_caught_by_a_shop(
    tablet: Page, lived: Town, till: Till, hanako: Consumer, shop: Shop, superuser: Engine
) -> None:
    """The past is rewritten whole and signed with the true key. The tablet says so, goes on taking payments, and tells the desk both notes;
    the strip stays until the owner has dealt with it."""
    shop.hires("店主", role="owner", pin=OWNER_PIN)
    looks(tablet)
    honest = keeps(tablet)["note"]
    hanako.pays(shop, 100)
    lived.seals()
    strip = tablet.locator("[data-log-strip]")
    with another_past(lived, superuser):
        looks(tablet, then="alarm")
        expect(strip).to_contain_text("案内所 0761-00-0000")
        expect(strip).to_contain_text("forked")
        assert serious(tablet) == []
        (alarm,) = merchant.queries.log_alarms(lived.session, lived.district_id)
        assert (alarm.before, alarm.till_id) == (honest, till.id)
        assert alarm.shown == ledger.queries.checkpoint(lived.session, lived.district_id).note
    hanako.pays(shop, 300)
    expect(tablet.locator("section.arrival")).to_be_visible()
    moved = {"name": "meguri_till", "value": shop.another_till().token, "url": tablet.url}
    tablet.context.add_cookies([moved])  # somebody in the database says that it is another tablet
    tablet.reload()
    expect(strip).to_be_visible()
    tablet.context.add_cookies([{**moved, "value": till.token}])
    tablet.reload()
    strip.get_by_role("link", name="詳しく見る").click()
    tablet.locator(".person").click()
    tablet.get_by_label("店主の暗証番号").fill(CASHIER_PIN)
    tablet.get_by_role("button", name="覚え直す").click()
    expect(tablet.locator("#e-pin")).to_be_visible()
    tablet.get_by_label("店主の暗証番号").fill(OWNER_PIN)
    tablet.get_by_role("button", name="覚え直す").click()
    expect(tablet.locator("[data-log-alarm]").first).to_be_hidden()
    expect(tablet.locator("[data-log-size]")).to_be_visible()
    assert keeps(tablet)["note"].split("\n")[1] == str(newest(lived).size)
    assert row_of(lived, till).beginnings == 1


@pytest.mark.browser
def test_a_tablet_goes_on_in_a_new_epoch_after_a_press(tablet: Page, lived: Town, till: Till, hanako: Consumer, shop: Shop) -> None:
    """It saw more than the book has: an alarm, until two people confirmed that. Then it tells calmly what happened and how much is gone
    at most, goes on after a press, and keeps what it saw before."""
    looks(tablet)
    lost = lose(lived, hanako, shop, 500)
    tablet.evaluate(
        "note => localStorage.setItem('till.log', JSON.stringify({...JSON.parse(localStorage.getItem('till.log')), note}))", lost.note
    )
    looks(tablet, then="alarm")
    strip, calm = tablet.locator("[data-log-strip]"), tablet.locator("[data-epoch-strip]")
    expect(strip).to_contain_text("shorter")
    goes_on(lived, lost)
    looks(tablet, then="alarm")
    expect(strip).to_be_hidden()
    expect(calm).to_contain_text("組合が台帳を11月26日 12:40の時点に戻しました。なくなった記録は多くて3件です。")
    expect(calm).to_contain_text("案内所 0761-00-0000")
    assert serious(tablet) == []
    looks_again = tablet.evaluate("localStorage.getItem('till.log.alarm')")
    with tablet.expect_response("**/till/staff/log/sight*"):
        tablet.evaluate("localStorage.removeItem('till.log.due')")
        tablet.reload()
        tablet.clock.run_for(5_000)
    assert tablet.evaluate("localStorage.getItem('till.log.alarm')") == looks_again, "it tells it once"
    with tablet.expect_response("**/till/staff/log/seen"):
        calm.get_by_role("button", name="わかりました").click()
    expect(calm).to_be_hidden()
    assert (keeps(tablet)["before"], keeps(tablet)["note"].split("\n")[3]) == ([lost.note], "epoch 2")
    looks(tablet)
    settled = [told.standing for told in association.queries.told_alarms(lived.session, lived.approver().who)]
    assert settled == ["settled", "settled"]
    tablet.goto(tablet.url + "staff/log")
    expect(tablet.get_by_text("組合が台帳を戻す前に、この端末が見た台帳")).to_be_visible()


@pytest.mark.browser
def test_a_key_that_nobody_vouches_for_takes_the_owner_s_pin(tablet: Page, lived: Town, till: Till, hanako: Consumer, shop: Shop) -> None:
    """After the log's key was lost and a new epoch names another: stronger words, and no press but the owner's PIN goes on."""
    shop.hires("店主", role="owner", pin=OWNER_PIN)
    looks(tablet)
    lost = lose(lived, hanako, shop, 500)
    former = str(Signer(Checkpoint.read(lost.note).origin, b"f" * 32).public)
    tablet.evaluate("kept => localStorage.setItem('till.log', JSON.stringify(kept))", {"key": former, "note": lost.note})
    goes_on(lived, lost)
    looks(tablet, then="alarm")
    calm = tablet.locator("[data-epoch-strip]")
    expect(calm).to_contain_text("台帳の署名の鍵が替わりました。")
    expect(calm.get_by_role("button")).to_be_hidden()
    calm.get_by_role("link", name="店主が確かめる").click()
    expect(tablet.get_by_text("組合を名乗る別の人の鍵かもしれません")).to_be_visible()
    assert serious(tablet) == []
    tablet.locator(".person").click()
    tablet.get_by_label("店主の暗証番号").fill(OWNER_PIN)
    with tablet.expect_response("**/till/staff/log/seen"):
        tablet.get_by_role("button", name="新しい鍵で続ける").click()
    expect(tablet.locator("[data-log-size]")).to_be_visible()
    kept = keeps(tablet)
    assert (kept["before"], kept["key"] == lost.key, row_of(lived, till).beginnings) == ([lost.note], True, 1)
