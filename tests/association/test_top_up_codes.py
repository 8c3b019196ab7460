"""チャージ券: two people issue a batch, each code is redeemed once, what is unused can be cancelled by two people."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

import association.commands
import association.queries
import ledger.queries
from association.errors import (
    BatchNotIssued,
    BatchUnknown,
    CodesEndWrong,
    CodesTooLarge,
    NothingToCancel,
    TopUpCodeCancelled,
    TopUpCodeExpired,
    TopUpCodeForeign,
    TopUpCodeUnknown,
    TopUpCodeUnreadable,
)
from association.models import CodeBatch
from association.queries.codes import codes_of
from association.rules.codes import grouped_code, read_code, spelled
from base.clock import tokyo_day
from base.errors import Forbidden, TooMany
from base.ids import ALPHABET, fingerprint
from ledger.errors import CeilingPassed, KeyReused, SameHands
from tests.conftest import TestClock
from tests.town import ANY_KEY, Town


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_code_as_people_write_it(secret: bytes, data: st.DataObject) -> None:
    """Read back from any case, width and hyphen; any one wrong sign and any two swapped neighbours are found."""
    length = data.draw(st.sampled_from([16, 20]))
    code = spelled(secret, length)
    assert len(code) == length and set(code) <= set(ALPHABET)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    for written in (code, code.lower(), grouped_code(code), f" {grouped_code(code).replace('-', ' ')} ", wide):
        assert read_code(written, 16, 20) == code
    place = data.draw(st.integers(0, length - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))
    assert read_code(code[:place] + wrong + code[place + 1 :], 16, 20) is None
    place = min(place, length - 2)
    if code[place] != code[place + 1]:
        assert read_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :], 16, 20) is None


def test_a_code_becomes_coin(district: Town) -> None:
    """Two people issue three codes of 1,000円; 花子 types one and has 1,000 coins. List and book say the same at each step."""
    hanako = district.consumer()
    batch_id, codes = district.issued(3, 1_000)
    before = district.batch(batch_id)
    assert (before.state, before.pieces, before.redeemed, before.left, before.left_amount) == ("open", 3, 0, 3, 3_000)
    assert (district.holds("safe"), district.difference()) == (3_000, 0)
    district.woken.clear()
    hanako.redeems(codes[1].lower().replace("-", " "))
    after = district.batch(batch_id)
    assert (hanako.coins(), after.redeemed, after.left, after.left_amount) == (1_000, 1, 2, 2_000)
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken
    assert len(district.codes(batch_id)) == 2 and district.difference() == 0


@pytest.mark.parametrize("paid_from", ["safe", "bank", "promotion"])
def test_it_is_paid_for_from_where_it_was_said(district: Town, paid_from: str) -> None:
    """Sold for cash, paid by transfer, or a prize; what is cancelled goes back to the same place."""
    batch_id, _codes = district.issued(2, 500, paid_from=paid_from)
    assert district.holds(paid_from) == 1_000
    district.approver().approves(district.clerk().cancels_codes(batch_id))
    assert (district.holds(paid_from), district.batch(batch_id).left_amount, district.difference()) == (0, 0, 0)


def test_nothing_is_worth_anything_before_the_second_person(district: Town) -> None:
    """Neither printed, redeemed nor cancelled while it waits, and never once it is declined."""
    clerk, hanako = district.clerk(), district.consumer()
    batch_id = clerk.proposes_codes(2)
    [code] = codes_of(district.session, district.session.get_one(CodeBatch, (district.district_id, batch_id)), [1])
    for decline in (False, True):
        if decline:
            district.approver().declines(district.batch(batch_id).proposal_id)
        with pytest.raises(BatchNotIssued):
            district.codes(batch_id)
        with pytest.raises(BatchNotIssued):
            clerk.cancels_codes(batch_id)
        with pytest.raises(TopUpCodeUnknown):
            hanako.redeems(code)
    assert (district.batch(batch_id).state, district.holds("safe")) == ("declined", 0)
    admin = district.another_clerk("administrator")
    with pytest.raises(SameHands):
        admin.approves(district.batch(admin.proposes_codes()).proposal_id)


def test_one_press_is_one_batch(district: Town) -> None:
    """Twice and five times at once; other content under its key is refused."""
    clerk = district.clerk()
    answers = district.at_once([lambda: clerk.proposes_codes(2, key=ANY_KEY)] * 5)
    assert len(set(answers)) == 1
    with pytest.raises(KeyReused):
        clerk.proposes_codes(3, key=ANY_KEY)


def test_a_sheet_printed_before_codes_grew_is_still_good(district: Town, superuser: Engine) -> None:
    """Sixteen signs, spelled under the master key itself, as they stand on paper in drawers: found, printed again and redeemed as ever."""
    batch_id, new = district.issued(1)
    here = {"d": district.district_id, "b": batch_id}
    with superuser.begin() as connection:
        connection.execute(text("UPDATE code_batch SET signs = 16, secret = NULL WHERE district_id = :d AND id = :b"), here)
    district.session.rollback()
    [old] = codes_of(district.session, district.session.get_one(CodeBatch, (district.district_id, batch_id), populate_existing=True), [1])
    district.session.rollback()
    with superuser.begin() as connection:
        sql = "UPDATE top_up_code SET fingerprint = :f WHERE district_id = :d AND batch_id = :b"
        connection.execute(text(sql), here | {"f": fingerprint(old)})
    district.session.expire_all()
    assert (len(new[0]), district.codes(batch_id)) == (24, [grouped_code(old)])
    hanako = district.consumer()
    hanako.redeems(old)
    assert (hanako.coins(), district.difference()) == (1_000, 0)


def test_the_database_alone_tells_no_code(district: Town, owner_engine: Engine) -> None:
    """Fingerprints, and nothing that a code could be read from; another master key spells other codes."""
    batch_id, codes = district.issued(3)
    with owner_engine.connect() as connection:
        everything = " ".join(
            str(row)
            for table in ("top_up_code", "code_batch", "ledger.proposal", "ledger.proposal_item", "ledger.transaction")
            for row in connection.execute(text(f"SELECT {table.split('.')[-1]}::text FROM {table}"))
        )
    for code in codes:
        assert code not in everything and code.replace("-", "") not in everything
    assert district.codes(batch_id) == codes  # the printer jammed: the same sheet again


def test_once_and_only_once(district: Town) -> None:
    """Two tabs, five presses, two phones: at the same moment and later, it is given once, and the others hear so."""
    hanako, taro = district.consumer(), district.consumer(nickname="太郎")
    _batch, (first, second, third) = district.issued(3)
    answers = district.at_once([lambda: hanako.redeems(first)] * 3 + [lambda: taro.redeems(first)] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["Posted"] + ["TopUpCodeUsed"] * 5
    assert hanako.coins() + taro.coins() == 1_000
    held = hanako.coins()
    answers = district.at_once([lambda: hanako.redeems(second, key=ANY_KEY)] * 5)
    assert len({getattr(answer, "transaction_id", answer) for answer in answers}) == 1
    assert hanako.coins() == held + 1_000
    with pytest.raises(KeyReused):
        taro.redeems(third, key=ANY_KEY)
    taro.redeems(third)


def test_what_is_no_code(district: Town, other_district: Town) -> None:
    """A slip of the finger, a code that was never made, and the neighbours': each its own sentence."""
    hanako = district.consumer()
    _batch, codes = other_district.issued(1)
    _own, (code, *_rest) = district.issued(1)
    with pytest.raises(TopUpCodeUnreadable):
        hanako.redeems(code[:-1] + ("2" if code[-1] != "2" else "3"))
    with pytest.raises(TopUpCodeUnknown):
        hanako.redeems(spelled(secrets.token_bytes(32)))
    with pytest.raises(TopUpCodeForeign) as refused:
        hanako.redeems(codes[0])
    assert refused.value.facts == {"district": "灯ノ沢温泉"}
    hanako.redeems(code)
    assert (hanako.coins(), other_district.batch(_batch).left) == (1_000, 1)


def test_guessing_is_paced(district: Town) -> None:
    """Ten tries a minute for a person, right or wrong; another person goes on."""
    hanako = district.consumer()
    _batch, codes = district.issued(1)
    for _ in range(10):
        with pytest.raises(TopUpCodeUnknown):
            hanako.redeems(spelled(secrets.token_bytes(32)))
    with pytest.raises(TooMany):
        hanako.redeems(codes[0])
    district.consumer().redeems(codes[0])


def test_a_full_wallet_leaves_the_code_unused(district: Town) -> None:
    """With 99,500円 there is no room for 1,000円; once she has spent some, the same code works."""
    hanako = district.consumer(coins=99_500)
    batch_id, codes = district.issued(1)
    with pytest.raises(CeilingPassed):
        hanako.redeems(codes[0])
    assert (hanako.coins(), district.batch(batch_id).left) == (99_500, 1)
    hanako.pays(district.shop(), 500)
    hanako.redeems(codes[0])
    assert hanako.coins() == 100_000


def test_the_last_day_is_the_last(district: Town, clock: TestClock) -> None:
    """On it the code works, on the next day it says that it has ended."""
    hanako = district.consumer()
    batch_id, codes = district.issued(2, last_day=tokyo_day(district.now))
    hanako.redeems(codes[0])
    clock.advance(days=1)
    with pytest.raises(TopUpCodeExpired) as refused:
        district.consumer().redeems(codes[1])
    assert refused.value.facts == {"day": district.batch(batch_id).last_day}
    assert (district.batch(batch_id).state, district.batch(batch_id).left_amount) == ("ended", 1_000)


def test_what_is_redeemed_while_sheets_are_printed_moves_no_code_to_another(district: Town) -> None:
    """Sheet 1 of 101 is printed and its first code redeemed at once: the last code still stands on sheet 2."""
    batch_id, codes = district.issued(101)
    district.consumer().redeems(codes[0])
    who = district.clerk().who
    listed = association.queries.batch_codes(district.session, who, batch_id)
    assert association.queries.sheets_of(listed) == [1, 2]
    assert [one.place for one in association.queries.codes_to_print(district.session, who, batch_id, 2)] == [101]
    assert [one.part for one in association.queries.sheets_taken(district.session, who, batch_id)] == [1, 2]


def test_a_lost_code_is_cancelled(district: Town) -> None:
    """From the proposal on it cannot be redeemed; declined, it can again; approved, it ends and its money goes back."""
    clerk, approver, hanako = district.clerk(), district.approver(), district.consumer()
    batch_id, codes = district.issued(3)
    number = clerk.cancels_codes(batch_id, 2, key=ANY_KEY)
    assert clerk.cancels_codes(batch_id, 2, key=ANY_KEY) == number
    assert (district.batch(batch_id).cancelling, len(district.codes(batch_id))) == (1, 2)
    with pytest.raises(TopUpCodeCancelled):
        hanako.redeems(codes[1])
    with pytest.raises(NothingToCancel):
        clerk.cancels_codes(batch_id, 2)
    approver.declines(number)
    assert len(district.codes(batch_id)) == 3
    again = clerk.cancels_codes(batch_id, 2)
    approver.approves(again)
    with pytest.raises(TopUpCodeCancelled):
        hanako.redeems(codes[1])
    batch = district.batch(batch_id)
    assert (batch.cancelled, batch.left, batch.left_amount, district.holds("safe")) == (1, 2, 2_000, 2_000)
    hanako.redeems(codes[0])
    for place in (1, 2, 99):
        with pytest.raises(NothingToCancel):
            clerk.cancels_codes(batch_id, place)


def test_the_rest_of_a_batch_is_cancelled(district: Town) -> None:
    """What was redeemed stays redeemed; list and book agree to the yen."""
    clerk, hanako = district.clerk(), district.consumer()
    batch_id, codes = district.issued(5)
    hanako.redeems(codes[3])
    district.approver().approves(clerk.cancels_codes(batch_id))
    batch = district.batch(batch_id)
    assert (batch.redeemed, batch.cancelled, batch.left, batch.left_amount) == (1, 4, 0, 0)
    assert (district.holds("safe"), hanako.coins(), district.difference()) == (1_000, 1_000, 0)
    with pytest.raises(NothingToCancel):
        clerk.cancels_codes(batch_id)


def test_cancelled_and_redeemed_at_the_same_moment(district: Town) -> None:
    """Whichever is first: one of both, and the account of the batch is never short for the codes that are left."""
    clerk, approver, hanako = district.clerk(), district.approver(), district.consumer()
    batch_id, codes = district.issued(6)
    answers = district.at_once([lambda code=code: hanako.redeems(code) for code in codes[:3]] + [lambda: clerk.cancels_codes(batch_id)])  # type: ignore[misc]
    approver.approves(int(str(answers[3])))
    batch = district.batch(batch_id)
    assert (batch.redeemed + batch.cancelled, batch.left_amount, hanako.coins()) == (6, 0, batch.redeemed * 1_000)
    assert district.holds("safe") == batch.redeemed * 1_000


def test_what_is_left_after_the_last_day_is_booked_out(district: Town, clock: TestClock) -> None:
    """On the day itself nothing; on the next what was sold becomes income and a prize costs nothing after all, once, however often
    and however many workers come by. Page, book and journal say so."""
    hanako, today = district.consumer(), tokyo_day(district.now)
    sold, codes = district.issued(3, 1_000, last_day=today)
    prize, _codes = district.issued(2, 500, paid_from="promotion", last_day=today)
    later, _codes = district.issued(1, 100, last_day=today + timedelta(days=1))
    hanako.redeems(codes[0])
    expires(district)
    assert (district.batch(sold).left, district.holds("breakage")) == (2, 0)
    clock.advance(days=1)
    district.at_once([lambda: expires(district)] * 4)
    expires(district)
    batch = district.batch(sold)
    assert (batch.redeemed, batch.expired, batch.left, batch.left_amount) == (1, 2, 0, 0)
    assert (district.holds("breakage"), district.holds("promotion"), district.holds("safe")) == (2_000, 0, 3_100)
    assert (district.batch(prize).expired, district.batch(later).left, district.difference()) == (2, 1, 0)
    listed = association.queries.batch_codes(district.session, district.clerk().who, sold)
    assert [each.state for each in listed] == ["used", "expired", "expired"]
    assert ledger.queries.transaction(district.session, district.district_id, listed[2].transaction_id or 0).kind == "code_expiry"


def test_a_cancellation_that_waits_is_waited_for(district: Town, clock: TestClock) -> None:
    """Laid down on the last day, it is decided after it: approved, the money goes back; declined, the code expires with the rest."""
    clerk, approver = district.clerk(), district.approver()
    batch_id, codes = district.issued(3, last_day=tokyo_day(district.now))
    first, second = clerk.cancels_codes(batch_id, 1), clerk.cancels_codes(batch_id, 2)
    clock.advance(days=1)
    clerk, approver = clerk.signs_in_again(), approver.signs_in_again()
    expires(district)
    assert district.holds("breakage") == 1_000
    approver.approves(first)
    approver.declines(second)
    expires(district)
    batch = association.queries.batch(district.session, clerk.who, batch_id, now=district.now)
    assert (batch.cancelled, batch.expired, batch.left_amount, district.holds("breakage")) == (1, 2, 0, 2_000)
    with pytest.raises(TopUpCodeExpired):
        district.consumer().redeems(codes[1])


def test_a_round_that_is_cut_off_has_done_nothing(district: Town, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the entry and before the codes know of it, nothing stays; the next round books it."""
    batch_id, _codes = district.issued(2, last_day=tokyo_day(district.now))
    clock.advance(days=1)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("association.commands.codes_end.read.balance", killed)
    with pytest.raises(KeyboardInterrupt):
        expires(district)
    monkeypatch.undo()
    assert (district.holds("breakage"), district.batch(batch_id).left) == (0, 2)
    expires(district)
    assert district.holds("breakage") == 2_000


def expires(town: Town) -> None:
    """The worker comes by."""
    association.commands.expire_codes(town.session, now=town.now)


def test_what_a_batch_cannot_be(district: Town, other_district: Town) -> None:
    """Ended before it begins, outliving its series, or worth more than anybody may hold; the neighbours' is not ours."""
    clerk, today = district.clerk(), tokyo_day(district.now)
    short = district.series("natsu", "夏コイン", "Summer coin", last_day=today)
    for changes in ({"last_day": today - timedelta(days=1)}, {"series_id": short, "last_day": today + timedelta(days=1)}):
        with pytest.raises(CodesEndWrong):
            clerk.proposes_codes(**changes)
    with pytest.raises(CodesTooLarge):
        clerk.proposes_codes(face_value=100_001)
    with pytest.raises(BatchUnknown):
        clerk.cancels_codes(other_district.issued(1)[0])


@pytest.mark.parametrize("role", ["approver", "auditor", "consumer"])
def test_only_the_issuer_proposes(district: Town, role: str) -> None:
    with pytest.raises(Forbidden):
        district.another_clerk(role).proposes_codes()
    batch_id, _codes = district.issued(1)
    with pytest.raises(Forbidden):
        district.another_clerk(role).cancels_codes(batch_id)
