"""商品券の募集: who may apply, once each, and a draw that anybody can do again; through the product's own doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

import association.commands
import association.queries
import identity.commands
import identity.queries
import wallet.queries
from association.commands import Apply, NewCall, NewTicketLot, SellBooklets
from association.errors import (
    ApplicantOutside,
    ApplicationDecided,
    ApplicationsWaiting,
    ApplicationTwice,
    CallNotYet,
    CallOver,
    DrawPublished,
    LettersChanged,
    NotChosen,
    PaymentLate,
    PurchaseCodeStopped,
    PurchaseCodeUnknown,
    PurchaseCodeUnreadable,
    PurchaseCodeUsed,
    ResidentTaken,
    UnitsTooMany,
    VoucherLimit,
    VoucherWrong,
)
from association.rules import RULES
from association.rules.draw import Entry, draw, seed
from association.rules.resident_file import read_residents
from association.rules.spelling import lies_in, like, like_address, same_address, same_name, spelling
from association.rules.tickets import TicketName
from base.clock import day_bounds, tokyo_day
from base.row_file import FileWrong
from identity.queries import Particulars
from tests.association.test_pages import desk
from tests.town import Consumer, Town

__all__ = ["desk"]

OLD, USUAL = "\u9ad9橋", "\u9ad8橋"  # 髙橋, 高橋


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("灯ノ沢町字湯元三丁目２番地１号", "灯ノ沢町字湯元3-2-1"),
        ("湯元十二番地の5", "湯元 １２－５"),
        ("湯元3丁目2−1 コーポ霞", "湯元3-2-1コーポ霞"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one, other):
    assert same_address(one) == same_address(other)


def test_what_one_paper_leaves_out_of_an_address_is_shown_beside_the_other():
    """With or without prefecture and county, 字, 号 before a building and 号室 after it: laid before somebody; 202 is no 203."""
    whole = "群馬県吾妻郡灯ノ沢町大字湯元三丁目２番地１号 メゾン灯ノ沢２０３号室"
    for other in ("灯ノ沢町字湯元3-2-1 メゾン灯ノ沢203", "吾妻郡灯ノ沢町湯元3丁目2-1メゾン灯ノ沢203号"):
        assert like_address(whole) == like_address(other) and same_address(whole) != same_address(other), other
    assert like_address(whole) != like_address("灯ノ沢町湯元3-2-1 メゾン灯ノ沢202")


def test_another_letter_is_another_name_but_shown_beside_it():
    """髙 and 高, 﨑 and 崎, 邊 and 辺, a 神 of another code: never one, always alike. Width, blanks and half-width kana are nothing."""
    for one, other in ((OLD, USUAL), ("山\ufa11", "山崎"), ("渡邊", "渡辺"), ("\ufa19田", "神田"), ("キヨ", "きよ"), ("霞ヶ関", "霞ケ関")):
        assert same_name(one) != same_name(other) and like(one) == like(other), one
    assert same_name("ﾀｶﾊｼ　ﾊﾅｺ") == same_name("タカハシ ハナコ")
    assert lies_in("群馬県灯の沢町１", "灯ノ沢町") and lies_in("どこでも", "") and not lies_in("湯元1-1", "灯ノ沢町")


LETTERS = st.text("\u9ad9\u9ad8\ufa11崎\ufa19神渡邊辺花子町丁目番地号の一二三十０1２-－ーｱア゛ﾞがヶケッつＡa　 \U000e0100", max_size=20)


@given(LETTERS, LETTERS)
def test_what_is_the_same_is_always_alike(name, address):
    """Whatever is typed: two that are one to the letter are never shown as strangers; and comparing twice changes nothing."""
    spelled = spelling(name, address)
    assert like(same_name(name)) == spelled.like_name
    assert same_name(same_name(name)) == same_name(name) and like(spelled.like_name) == spelled.like_name


def test_a_list_is_read_in_both_encodings_and_says_what_is_wrong():
    """A line twice is left out and named, a lost letter is shown, two spellings stay two; cut-off bytes name their line."""
    lines = (
        f"{USUAL}花子,ﾀｶﾊｼ,999-0001,灯ノ沢町1-1",
        f"{USUAL} 花子,,,灯ノ沢町１－１",
        "?橋太郎,,,灯ノ沢町2",
        f"{OLD}花子,,,灯ノ沢町1番1号",
    )
    rows = "\n".join(("氏名,フリガナ,郵便番号,住所", *lines, ""))
    for content in (rows.encode(), b"\xef\xbb\xbf" + rows.encode(), rows.encode("cp932")):
        found = read_residents(content)
        assert [(one.line, one.wrong, one.like_line) for one in found] == [(2, None, 0), (3, "double", 2), (4, "letters", 0), (5, None, 0)]
        assert found[0].spelling.like_name == found[3].spelling.like_name and found[0].spelling.same != found[3].spelling.same
    for content, reason in (
        ("氏名,住所\n".encode(), "missing"),
        ("名,所\na,b\n".encode(), "column"),
        (rows.encode("cp932")[:-13] + b"\x83\n", "unreadable"),
    ):
        with pytest.raises(FileWrong) as wrong:
            read_residents(content)
        assert wrong.value.reason == reason


@given(st.lists(st.integers(1, 4), min_size=1, max_size=30), st.integers(1, 40), st.data())
def test_who_keeps_a_part_keeps_it_and_nobody_else_gets_less(wanted, units, data):
    entries = [Entry(number, each) for number, each in enumerate(wanted, start=1)]
    by_seed = seed("c", entries, 1, bytes(32))
    before = {place.number: place.given for place in draw(entries, units, by_seed)}
    kept = {number: data.draw(st.integers(0, before[number])) for number in data.draw(st.sets(st.sampled_from(sorted(before))))}
    after = {place.number: place.given for place in draw(entries, units, by_seed, kept=kept)}
    assert sum(after.values()) <= units and all(after[number] == part for number, part in kept.items())
    assert all(after[number] >= before[number] for number in set(before) - set(kept))


class Campaign:
    """Ten units that people applied for until the day before yesterday. `days`: how far the test's clock is behind."""

    def __init__(self, town: Town, **changes: object) -> None:
        self.town, self.today = town, town.clock.now
        town.clock.now -= timedelta(days=3)
        first = tokyo_day(town.now)
        plain = {"way": "application", "proof": "none", "area": "灯ノ沢町", "first_day": first, "last_day": first, "pay_days": 5}
        call = {**plain, "draw_at": day_bounds(first)[1] + timedelta(hours=12), **changes}
        sale = {"sale_first_day": first + timedelta(days=2), "sale_last_day": first + timedelta(days=23)}
        if call["way"] == "eligible":
            call |= {"draw_at": None, "pay_days": None, "last_day": sale["sale_last_day"]}
        self.id = town.voucher(units=10, per_person=3, call=NewCall(**call), **sale)

    def order(self, units: int = 1, name: str | None = "花子", address: str = "灯ノ沢町1-1", code: str = "") -> Apply:
        return Apply(self.id, units, None if name is None else Particulars(name, address=address), code, uuid4())

    def applies(self, consumer: Consumer, units: int = 1, **words: str | None) -> int:
        return association.commands.apply_for_voucher(self.town.session, consumer.who, self.order(units, **words), now=self.town.now)

    def types(self, units: int = 1, **words: str) -> int:
        return association.commands.type_application(self.town.session, self.clerk, self.order(units, **words), now=self.town.now)

    @property
    def clerk(self):
        return self.town.clerk().signs_in_again().who

    def state(self, number: int) -> association.queries.Applied:
        found = association.queries.applied_to(self.town.session, self.clerk, self.id)
        return next(one for one in found if one.number == number)

    def seen_by(self, consumer: Consumer) -> association.queries.MyCall:
        calls = association.queries.calls_for(self.town.session, self.town.district_id, consumer.person_id, now=self.town.now)
        return next(one for one in calls if one.terms.id == self.id)

    def comes_to_the_sale(self) -> None:
        self.town.clock.now = self.today

    def worker_comes_by(self) -> None:
        """Twice: what it does again changes nothing."""
        for _ in range(2):
            association.commands.run_draws(self.town.session, now=self.town.now)

    def drawn(self) -> association.queries.Drawn | None:
        return association.queries.draw_of(self.town.session, self.town.district_id, self.id)

    def something_is_sealed(self) -> None:
        self.town.consumer(coins=1)
        self.town.seals()


@pytest.fixture
def campaign(district: Town) -> Iterator[Campaign]:
    return Campaign(district)


def test_one_application_a_person_until_the_end(campaign):
    """Changed, it keeps its number; beside it a namesake at the same address waits for staff; outside, too many and too late are told."""
    town = campaign.town
    hanako, twin = town.consumer(), town.consumer(nickname="ハナ")
    number = campaign.applies(hanako, 1)
    assert campaign.applies(hanako, 3, address="灯ノ沢町１番地１") == number and campaign.state(number).units == 3
    with pytest.raises(UnitsTooMany):
        campaign.applies(hanako, 4)
    with pytest.raises(ApplicantOutside):
        campaign.applies(hanako, 1, address="となり町1-1")
    assert campaign.state(campaign.applies(twin)).reason == "double"
    paper = campaign.types(2, name="一郎", address="灯ノ沢町9")
    looked = association.queries.look_at_application(town.session, campaign.clerk, campaign.id, campaign.seen_by(twin).application.number)
    assert [one.number for one in looked.others] == [number] and looked.says == Particulars("花子", address="灯ノ沢町1-1")
    association.commands.withdraw_application(town.session, hanako.who, campaign.id, number, now=town.now)
    assert campaign.seen_by(hanako).state == "open" and campaign.state(paper).state == "accepted"
    other = campaign.seen_by(twin).application.number
    association.commands.withdraw_application(town.session, campaign.clerk, campaign.id, other, now=town.now)
    assert "取り下げました" in wallet.queries.my_inbox(town.session, twin.who).told[0].words.title
    assert town.session.execute(text("SELECT count(*) FROM contact WHERE district_id = :d"), {"d": town.district_id}).scalar_one() == 1
    town.clock.now -= timedelta(days=1)
    with pytest.raises(CallNotYet):
        campaign.applies(hanako.signs_in_again())
    campaign.comes_to_the_sale()
    with pytest.raises(CallOver):
        campaign.applies(hanako.signs_in_again())


def test_papers_of_a_spreadsheet_are_looked_at_and_taken_all_or_none(campaign, desk):
    """A wrong line is named and keeps the whole out; a namesake, in the list or before it, waits for staff and is said beside its line;
    looking keeps nothing; pressed twice, each paper is one application."""
    town = campaign.town
    before = campaign.types(1, name="一郎", address="灯ノ沢町9")
    here, seat = f"/desk/vouchers/{campaign.id}/applications/list", desk(town.clerk().signs_in_again())

    def pastes(*rows: str, **more: str) -> TestResponse:
        return seat.presses(here, here, pasted="\n".join(("氏名\t住所\t口数\t郵便番号", *rows)), **more)

    def numbers() -> list[int]:
        return [one.number for one in association.queries.applied_to(town.session, campaign.clerk, campaign.id)]

    good = (f"{OLD}花子\t灯ノ沢町1-1\t２\t0010123", f"{USUAL}花子\t灯ノ沢町1番地1\t1", "一郎\t灯ノ沢町９\t1")
    wrong = pastes(*good, "次郎\tとなり町1\t1", "三郎\t灯ノ沢町3\t9", "\t灯ノ沢町4\tたくさん", looked_at="1").text
    assert wrong.count('<td class="num">7</td>') == 2 and "灯ノ沢町" in wrong and 'name="looked_at"' not in wrong
    assert "この Excel のファイルは読めません" in seat.presses(here, here, file=(BytesIO(b"PK\x03\x04, and no sheet"), "papers.xlsx")).text
    seen = pastes(*good).text
    assert "（2行目）" in seen and f"申し込み番号 {before}" in seen and 'name="looked_at"' in seen and numbers() == [before]
    key = str(uuid4())
    for _ in range(2):
        assert "3件を入力しました" in pastes(*good, looked_at="1", key=key).text
    assert [campaign.state(number).reason for number in numbers()[1:]] == [None, "double", "double"]
    says = association.queries.look_at_application(town.session, campaign.clerk, campaign.id, before + 1).says
    assert (says.name, says.postal) == (f"{OLD}花子", "0010123")
    assert desk(town.another_clerk("auditor")).sees(here).status_code == 403


def test_whoever_is_not_in_the_list_to_the_letter_is_looked_at(district):
    """To the letter: accepted. 髙 for 高: shown with the line, and staff say who it is. One of the list is nobody twice."""
    campaign = Campaign(district, proof="list", area="")
    content = f"氏名,住所\n{USUAL}花子,湯元1-1\n鈴木一郎,湯元2\n{OLD}花子,湯元1番1\n".encode("cp932")
    for _ in range(2):  # the same file again adds nobody
        association.commands.take_residents(district.session, campaign.clerk, campaign.id, read_residents(content), now=district.now)
    [double] = association.queries.resident_doubles(district.session, campaign.clerk, campaign.id)
    assert [(one.line, one.says.name) for one in double] == [(2, f"{USUAL}花子"), (4, f"{OLD}花子")]
    association.commands.drop_resident(district.session, campaign.clerk, campaign.id, double[1].contact_id, now=district.now)
    ichiro, hanako = district.consumer(nickname="一郎"), district.consumer()
    assert campaign.state(campaign.applies(ichiro, name="鈴木　一郎", address="湯元２番")).state == "accepted"
    taken = campaign.state(1).resident_id
    with pytest.raises(ResidentTaken):
        association.commands.drop_resident(district.session, campaign.clerk, campaign.id, taken, now=district.now)
    number = campaign.applies(hanako, name=f"{OLD}花子", address="湯元1-1")
    assert campaign.state(number).reason == "unlisted"
    looked = association.queries.look_at_application(district.session, campaign.clerk, campaign.id, number)
    assert [(one.line, one.is_same, one.by_name, one.says.name) for one in looked.residents] == [(2, False, True, f"{USUAL}花子")]
    decide = association.commands.decide_application
    with pytest.raises(ResidentTaken):
        decide(district.session, campaign.clerk, campaign.id, number, accept=True, resident_id=taken, now=district.now)
    whom = looked.residents[0].contact_id
    decide(district.session, campaign.clerk, campaign.id, number, accept=True, resident_id=whom, now=district.now)
    assert campaign.state(number).resident_id == whom
    assert wallet.queries.my_inbox(district.session, hanako.who).told[0].words.title.endswith("受け付けました")


def test_a_purchase_code_opens_one_application_and_names_nobody(district):
    """Eligible with the town's slip: no name is asked, a code works once and for its units, and no table knows it."""
    campaign = Campaign(district, way="eligible", proof="code")
    make, clerk = association.commands.make_purchase_codes, campaign.clerk
    make(district.session, clerk, campaign.id, pieces=2, units=2, now=district.now)
    make(district.session, clerk, campaign.id, pieces=1, units=1, now=district.now)
    one, two, three = association.queries.purchase_codes(district.session, clerk, campaign.id)
    assert (one.units, three.units, three.place, len({one.code, two.code, three.code})) == (2, 1, 3, 3) and len(one.code) == 20
    hanako, taro = district.consumer(), district.consumer(nickname="太郎")
    for wrong, error in (("", PurchaseCodeUnreadable), (one.code[:-1] + ("A" if one.code[-1] != "A" else "B"), PurchaseCodeUnreadable)):
        with pytest.raises(error):
            campaign.applies(hanako, name=None, code=wrong)
    with pytest.raises(UnitsTooMany):
        campaign.applies(hanako, 3, name=None, code=one.code)
    number = campaign.applies(hanako, 2, name=None, code=f" {one.code[:4].lower()}-{one.code[4:]}")
    assert campaign.applies(hanako, 1, name=None, code=one.code) == number
    assert campaign.applies(hanako, 2, name=None, code=one.code) == number
    with pytest.raises(PurchaseCodeUsed):
        campaign.applies(taro, name=None, code=one.code)
    association.commands.stop_purchase_code(district.session, clerk, campaign.id, two.place, now=district.now)
    with pytest.raises(PurchaseCodeStopped):
        campaign.applies(taro, name=None, code=two.code)
    other = Campaign(district, way="eligible", proof="code")
    district.clock.now = campaign.today - timedelta(days=3)
    with pytest.raises(PurchaseCodeUnknown):
        other.applies(taro, name=None, code=three.code)
    everything = district.session.execute(text("SELECT * FROM purchase_code")).all()
    assert one.code not in str(everything) and one.code.encode() not in b"".join(row.code_hash for row in everything)
    campaign.comes_to_the_sale()
    with pytest.raises(NotChosen):
        district.clerk().signs_in_again().sells(taro.signs_in_again(), campaign.id)
    assert district.clerk().sells(hanako, campaign.id, 2).units == 2
    with pytest.raises(VoucherLimit):
        district.clerk().sells(hanako, campaign.id)
    assert campaign.seen_by(hanako).state == "bought"
    make(district.session, campaign.clerk, campaign.id, pieces=1, units=1, now=district.now)
    *_, spare = association.queries.purchase_codes(district.session, campaign.clerk, campaign.id)
    assert campaign.applies(hanako.signs_in_again(), 2, name=None, code=one.code) == number
    with pytest.raises(ApplicationDecided):  # a smaller slip in its place would let another buy by the first once more
        campaign.applies(hanako.signs_in_again(), 1, name=None, code=spare.code)
    with pytest.raises(ApplicationDecided):  # the slip has bought: nobody else buys by it once more
        association.commands.withdraw_application(district.session, hanako.signs_in_again().who, campaign.id, number, now=district.now)
    with pytest.raises(ApplicationDecided):
        association.commands.decide_application(
            district.session, campaign.clerk, campaign.id, number, accept=False, reason="", now=district.now
        )
    with pytest.raises(PurchaseCodeUsed):
        campaign.applies(taro.signs_in_again(), name=None, code=one.code)


def test_slips_are_spelled_under_a_secret_of_their_campaign(district, superuser):
    """It lies sealed beside the call. Slips that the town posted before there was one are printed and taken as ever."""
    campaign = Campaign(district, way="eligible", proof="code")

    def printed():
        return association.queries.purchase_codes(district.session, campaign.clerk, campaign.id)

    association.commands.make_purchase_codes(district.session, campaign.clerk, campaign.id, pieces=1, units=1, now=district.now)
    [new] = printed()
    with superuser.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no door edits a call
        connection.execute(text("UPDATE voucher_call SET code_secret = NULL WHERE voucher_id = :id"), {"id": campaign.id})
    district.session.rollback()
    district.session.expire_all()
    assert [slip.code for slip in printed()] != [new.code]
    association.commands.make_purchase_codes(district.session, campaign.clerk, campaign.id, pieces=1, units=1, now=district.now)
    _first, slip = printed()
    campaign.applies(district.consumer(), 1, name=None, code=slip.code)


def test_many_at_once_get_a_number_each_and_one_slip_goes_to_one(district):
    """Eight phones in the same moment: numbers without a gap; four with the same slip, one is taken."""
    campaign, slips = Campaign(district), Campaign(district, way="eligible", proof="code")
    district.clock.now = campaign.today - timedelta(days=3)
    eight = [district.consumer(nickname=f"人{n}") for n in range(8)]
    numbers = district.at_once([partial(campaign.applies, each, name=f"人{n}") for n, each in enumerate(eight)])
    assert sorted(numbers) == list(range(1, 9))
    association.commands.make_purchase_codes(district.session, slips.clerk, slips.id, pieces=1, units=1, now=district.now)
    [slip] = association.queries.purchase_codes(district.session, slips.clerk, slips.id)
    answers = district.at_once([partial(slips.applies, each, name=None, code=slip.code) for each in eight[:4]])
    assert [type(each) for each in answers if not isinstance(each, int)] == [PurchaseCodeUsed] * 3


def sells_booklets(town: Town, voucher_id: int, buyer: Consumer, many: int) -> None:
    clerk, terms = town.clerk().signs_in_again().who, association.queries.one_voucher(town.session, town.district_id, voucher_id)
    lot = association.commands.make_ticket_lot(town.session, clerk, NewTicketLot(voucher_id, many, terms.face // 10, uuid4()), now=town.now)
    covers = (TicketName(lot, number, 0) for number in range(1, many + 1))
    codes = tuple(association.queries.text_of(town.session, town.district_id, cover) for cover in covers)
    association.commands.sell_booklets(town.session, clerk, SellBooklets(codes, buyer.person_id, None, uuid4()), now=town.now)


def test_a_draw_that_anybody_can_do_again(campaign):
    """Oversubscribed: list, moment, checkpoint, result; winners are told; whoever does not pay is passed over; the same rule says so."""
    town = campaign.town
    people = [town.consumer(nickname=f"人{n}") for n in range(6)]
    for n, each in enumerate(people):
        campaign.applies(each, 2, name=f"人{n}", address=f"灯ノ沢町{n}")
    paper = campaign.types(3, name="紙太郎", address="灯ノ沢町77")
    doubtful = campaign.types(1, name="人0", address="灯ノ沢町0")
    campaign.comes_to_the_sale()
    people = [each.signs_in_again() for each in people]
    campaign.something_is_sealed()
    with pytest.raises(ApplicationsWaiting):
        association.commands.close_applications(town.session, campaign.clerk, campaign.id, now=town.now)
    refuse = association.commands.decide_application
    refuse(town.session, campaign.clerk, campaign.id, doubtful, accept=False, reason="同じ人", now=town.now)
    association.commands.close_applications(town.session, campaign.clerk, campaign.id, now=town.now)
    campaign.worker_comes_by()
    before = campaign.drawn()
    assert before.drawn_at is None and before.wanted == 15 and campaign.seen_by(people[0]).state == "accepted"
    with pytest.raises(CallOver):
        refuse(town.session, campaign.clerk, campaign.id, paper, accept=False, now=town.now)
    with pytest.raises(NotChosen):
        town.clerk().signs_in_again().sells(people[0], campaign.id)
    campaign.something_is_sealed()
    campaign.worker_comes_by()
    drawn = campaign.drawn()
    assert drawn.size > before.after_size and drawn.list_hash == before.list_hash and len(drawn.rounds) == 1
    places = drawn.places
    assert sum(place.given for place in places) == 10
    answer = RULES["vouchers.draw"](json.loads(json.dumps(drawn.question(1))))
    assert answer["places"] == [[place.rank, place.number, place.wanted, place.given] for place in places]
    with pytest.raises(DrawPublished):
        association.commands.close_applications(town.session, campaign.clerk, campaign.id, now=town.now)
    assert campaign.drawn() == drawn
    with pytest.raises(Exception, match="a published draw stands"):
        town.session.execute(text("UPDATE voucher_draw SET size = 1 WHERE voucher_id = :v"), {"v": campaign.id})
    town.session.rollback()

    by_number = {campaign.seen_by(each).application.number: each for each in people}
    winners = [place for place in places if place.given and place.number != paper]
    losers = [place for place in places if not place.given and place.number != paper]
    first, lazy = by_number[winners[0].number], by_number[winners[1].number]
    assert town.clerk().sells(first, campaign.id, 1).units == 1
    on_paper = by_number[winners[2].number]
    sells_booklets(town, campaign.id, on_paper, 2)
    assert campaign.seen_by(on_paper).state == "bought"
    assert "当選" in wallet.queries.my_inbox(town.session, lazy.who).told[0].words.title
    if losers:
        assert campaign.seen_by(by_number[losers[0].number]).state == "waiting"
        assert "補欠" in wallet.queries.my_inbox(town.session, by_number[losers[0].number].who).told[0].words.title
    late = drawn.rounds[0].pay_until
    town.clock.now = day_bounds(late)[1] + timedelta(hours=9)
    with pytest.raises(PaymentLate):
        town.clerk().signs_in_again().sells(lazy.signs_in_again(), campaign.id)
    campaign.worker_comes_by()
    after = campaign.drawn()
    assert winners[2].number not in after.rounds[1].kept, "who has paid for booklets has paid"
    assert len(after.rounds) == 2 and after.rounds[1].kept[winners[0].number] == 1 and after.rounds[1].kept[winners[1].number] == 0
    answer = RULES["vouchers.draw"](json.loads(json.dumps(after.question(2))))
    given_now = {number: part for _rank, number, _wanted, part in answer["places"]}
    assert {place.number: place.given for place in after.places} == given_now and given_now[winners[0].number] == 1
    gained = [place for place in after.places if place.number not in after.rounds[1].kept]
    assert gained and all(place.given == place.wanted for place in gained)
    assert campaign.seen_by(lazy).state == "late"


def test_paper_is_linked_at_the_counter_and_enough_for_all_needs_no_draw(campaign):
    """Fewer than there are: everybody gets them at once. The holder of a paper comes with a card, and buys; nobody else by its number."""
    town = campaign.town
    hanako, card, stranger = town.consumer(), town.card_holder(), town.consumer(nickname="他人")
    campaign.applies(hanako, 2)
    paper = campaign.types(3, name="紙太郎", address="灯ノ沢町77")
    campaign.comes_to_the_sale()
    association.commands.close_applications(town.session, campaign.clerk, campaign.id, now=town.now)
    drawn = campaign.drawn()
    assert drawn.size is None and [place.given for place in drawn.places] == [2, 3]
    link = association.commands.link_application
    with pytest.raises(ApplicationTwice):
        link(town.session, campaign.clerk, campaign.id, paper, hanako.person_id, now=town.now)
    for _ in range(2):
        link(town.session, campaign.clerk, campaign.id, paper, card.person_id, now=town.now)
    with pytest.raises(ApplicationDecided):
        link(town.session, campaign.clerk, campaign.id, paper, stranger.person_id, now=town.now)
    assert town.clerk().signs_in_again().sells(card, campaign.id, 3).units == 3


def test_who_moves_up_on_paper_gets_a_letter_that_waits_until_it_is_sent(campaign):
    """A letter each after the draw, also for the one that was refused; sent, none waits; somebody gives up, and the one who moves up has
    a letter among what needs doing. What was printed before that is not said to be sent."""
    town = campaign.town
    hanako = town.consumer()
    campaign.applies(hanako, 3)
    papers = [campaign.types(3, name=f"紙{number}郎", address=f"灯ノ沢町{number}") for number in range(1, 5)]
    refused = campaign.types(1, name="二度目の人", address="灯ノ沢町8")
    refuse = partial(association.commands.decide_application, accept=False, reason="二度目のため", now=town.now)
    refuse(town.session, campaign.clerk, campaign.id, refused)
    campaign.comes_to_the_sale()
    for _ in range(2):
        campaign.something_is_sealed()
        campaign.worker_comes_by()

    def waiting() -> frozenset[int]:
        return association.queries.due_numbers(town.session, town.district_id, campaign.id, today=tokyo_day(town.now))

    def needs_doing() -> int:
        return association.queries.work(town.session, campaign.clerk, now=town.now).singles

    assert len(campaign.drawn().rounds) == 1 and waiting() == {*papers, refused}
    before = needs_doing()
    sent = partial(association.commands.letters_sent, town.session, campaign.clerk, campaign.id)
    sent(1, now=town.now)
    sent(1, now=town.now)
    assert waiting() == frozenset() and needs_doing() == before - 1
    previous = {place.number: place.given for place in campaign.drawn().places}
    full = [number for number, given in previous.items() if given == 3]
    assert association.queries.letters_due(town.session, town.district_id, today=tokyo_day(town.now)) == []
    association.commands.withdraw_application(town.session, campaign.clerk, campaign.id, full[0], now=town.now)
    campaign.worker_comes_by()
    gained = {place.number for place in campaign.drawn().places if place.given > previous[place.number]}
    assert gained and waiting() == gained & set(papers)
    with pytest.raises(LettersChanged):
        sent(1, now=town.now)
    assert needs_doing() == before - 1 + bool(waiting())
    if hanako_gained := [number for number in gained if number not in papers]:
        assert hanako_gained == [campaign.seen_by(hanako).application.number]
        assert "当選" in wallet.queries.my_inbox(town.session, hanako.who).told[0].words.title


def test_names_live_in_one_place_and_only_for_their_time(campaign):
    """Sealed with a key each; no other table has them; gone with the person, and for everybody ninety days after the last day of use."""
    town = campaign.town
    hanako = town.consumer()
    number = campaign.applies(hanako, name="秘密花子", address="灯ノ沢町字秘密1")
    campaign.types(1, name="紙太郎", address="灯ノ沢町77")
    rows = town.session.execute(text("SELECT c::text FROM contact c UNION ALL SELECT a::text FROM voucher_application a")).scalars().all()
    assert not any(word in row or word.encode().hex() in row for row in rows for word in ("秘密", "紙太郎"))
    contacts = [campaign.state(each).contact_id for each in (number, number + 1)]
    identity.commands.erase_person(town.session, hanako.who, hanako.person_id, now=town.now)
    kept = identity.queries.particulars(town.session, town.district_id, contacts)
    assert [says.name for says in kept.values()] == ["紙太郎"]
    last = association.queries.one_voucher(town.session, town.district_id, campaign.id).last_day
    for days, left in ((90, 1), (91, 0)):
        identity.commands.sweep(town.session, now=day_bounds(last + timedelta(days=days))[0])
        assert len(identity.queries.particulars(town.session, town.district_id, contacts)) == left


@pytest.mark.parametrize(
    "changes",
    [
        {"proof": "none", "way": "eligible", "draw_at": None, "pay_days": None},
        {"pay_days": 0},
        {"draw_at": None},
        {"last_day": "first - 1"},
        {"draw_at": "before the end"},
        {"last_day": "in the sale"},
        {"proof": "a guess"},
    ],
)
def test_a_call_makes_sense(district, changes):
    """Days the wrong way round, a draw before the end, no time to pay: refused at the door, and nothing is kept."""
    first = tokyo_day(district.now)
    days = {"first - 1": first - timedelta(days=1), "in the sale": first + timedelta(days=5), "before the end": district.now}
    plain = {"way": "application", "proof": "none", "area": "", "first_day": first, "last_day": first, "pay_days": 5}
    call = {**plain, "draw_at": day_bounds(first)[1], **{name: days.get(str(value), value) for name, value in changes.items()}}
    with pytest.raises(VoucherWrong):
        district.proposed_voucher(sale_first_day=first + timedelta(days=2), call=NewCall(**call))
