"""控え: receipts that a tablet made without a network come in exactly once, in order, and as they were printed, whatever is cut."""

from __future__ import annotations

import json
import random
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import merchant.commands
import merchant.queries
from ledger.errors import KeyReused
from merchant.commands import CloseDay, LogStands
from merchant.errors import (
    DayMoved,
    NoTill,
    ReceiptsUnsent,
    RegisterIsOld,
    TillLogClosed,
    TillLogForked,
    TillLogGap,
    TillLogNotWaiting,
    TillLogOfRevoked,
    TillLogUnknown,
    TillLogWrong,
)
from merchant.queries import ReceiptRow, RegisterChoice
from merchant.rules.bill import Bill, work_out
from merchant.rules.device_log import NotCanonical, canonical, hash_of, read
from merchant.rules.invoice import Line
from merchant.rules.slip import SERIES, Issuer, Made, Paid, number_of, serial_of, slip
from merchant.schemas import told
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, sells
from tests.town import Shop, Till, Town

VECTORS = Path(__file__).parents[1] / "vectors" / "offline" / "entries.json"


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


@dataclass
class Device:
    """The tablet as the decision describes it: an append-only store that survives, and everything else that does not."""

    till: Till
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    log: int = 0
    kept: list[str] = field(default_factory=list)
    sent: int = 0  # what it knows of; a reload forgets it

    @property
    def town(self) -> Town:
        return self.till.shop.town

    def opens(self) -> LogStands:
        stands = merchant.commands.open_log(self.town.session, self.till.who, self.secret, now=self.town.now)
        self.log, self.sent = stands.log, stands.seq
        return stands

    def entry(self, bill: Bill = SOUVENIRS, received: int = 2_000, *, key: object = None, at: datetime | None = None, **wrong: Any) -> str:
        """What it would write next."""
        seq, shop = len(self.kept) + 1, self.till.shop.place()
        issuer = Issuer(shop.name, shop.name_en, shop.address, "", shop.public_number, shop.registration_number)
        made = Made(self.till.id, "レジ1", self.log * SERIES + seq, None, at or self.town.now)
        done = work_out(bill)
        content = slip("sale", issuer, made, bill, done, (Paid("cash", done.totals.total, "現金", "Cash"),), received)
        body = {"key": str(key or uuid4()), "staff_id": None, "device_at": content["at"], "content": content | wrong}
        before = hash_of(self.kept[-1]).hex() if self.kept else ""
        return canonical({"v": 1, "till": self.till.id, "log": self.log, "seq": seq, "before": before, "kind": "receipt", "body": body})

    def sells(self, *args: Any, **more: Any) -> str:
        self.kept.append(self.entry(*args, **more))
        return self.kept[-1]

    def sends(self, entries: list[str] | None = None, *, last: int | None = None, who: object = None) -> LogStands:
        piece = self.kept[self.sent :] if entries is None else entries
        last = len(self.kept) if last is None else last
        who = self.till.who if who is None else who
        stands = merchant.commands.take_entries(
            self.town.session,
            who,
            self.secret,
            [told(each) for each in piece],
            last,
            now=self.town.now,  # type: ignore[arg-type]
        )
        self.sent = stands.seq
        return stands


@pytest.fixture
def device(till: Till) -> Device:
    device = Device(till)
    device.opens()
    return device


def receipts(town: Town, shop: Shop) -> list[ReceiptRow]:
    return sorted(merchant.queries.receipts_of_day(town.session, town.district_id, shop.id, town.today), key=lambda row: row.serial)


def test_a_number_that_is_read_out_leads_to_its_receipt() -> None:
    """Whole or from its end, with and without the network; what is no number is none."""
    for serial in (3, SERIES + 3, 12 * SERIES + 1):
        assert serial_of(number_of("000017", 7, serial)) == serial
    assert [serial_of(each) for each in ("000003", "O2-000003", "7-000003")] == [3, 2 * SERIES + 3, 3]
    assert [serial_of(each) for each in ("", "O-3", "湯の花", "１２", "12x", "9" * 30)] == [None] * 6


def close(till: Till, seen: int, entry: int, **more: int) -> merchant.queries.DayReport:
    order = CloseDay({1_000: 1}, seen, "", uuid4(), entry, **more)
    return merchant.commands.close_day(till.shop.town.session, till.who, order, now=till.shop.town.now)


def test_an_entry_is_written_in_one_way() -> None:
    """The vectors that the tablet's script is held to as well; and what cannot be written so is refused."""
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        assert canonical(vector["entry"]) == vector["text"]
        assert hash_of(vector["text"]).hex() == vector["hash"]
        assert read(vector["text"]) == vector["entry"]
    for bad in ({"a": 1.5}, {"a": 2**53}, {"é": 1}, {"a": "\ud800"}, {"a": "\0"}):
        with pytest.raises(NotCanonical):
            canonical(bad)
    for bad_text in ('{"a": 1}', '{"b":1,"a":1}', '{"a":1e2}', '{"a":"\\u3042"}', "[1]", "{", '{"a":1,"a":1}', "[" * 5_000):
        with pytest.raises(NotCanonical):
            read(bad_text)


def test_two_receipts_of_a_dark_hour_arrive_as_they_were_printed(district: Town, shop: Shop, device: Device) -> None:
    """Numbers of their own without a gap, to the letter; sent again they are the same two; the series with the network goes on in peace."""
    first = sells(device.till)
    printed = [read(device.sells())["body"]["content"] for _ in range(2)]
    assert [each["number"][-9:] for each in printed] == ["O1-000001", "O1-000002"]
    stands = [device.sends(device.kept) for _ in range(2)]
    assert stands[0] == stands[1] and (stands[0].seq, stands[0].stopped) == (2, None)
    second = sells(device.till)
    rows = receipts(district, shop)
    assert [row.serial for row in rows] == [first.serial, second.serial, SERIES + 1, SERIES + 2] == [1, 2, SERIES + 1, SERIES + 2]
    assert [row.content for row in rows[2:]] == printed and all(row.is_whole for row in rows)
    assert rows[3].before == rows[2].digest and rows[2].before is None
    assert merchant.queries.noted_of(district.session, district.district_id, device.till.id, SERIES + 1) == {"arrived_at": district.now}


@dataclass
class Counter:
    """A busy counter with a bad line: each method is one thing that happens there."""

    device: Device
    rng: random.Random
    sold: list[str] = field(default_factory=list)

    def sale(self) -> None:
        line = Line("まんじゅう", self.rng.randint(1, 9), self.rng.randint(1, 999), self.rng.choice((8, 10)))
        self.sold.append(self.device.sells(Bill((line,), (None,), (), False, "inclusive", "floor"), 100_000))

    def battery_dies_while_writing(self) -> None:
        self.device.entry()  # was put together and never kept: its number goes to the next one

    def sent(self) -> None:
        self.device.sends(self.device.kept[self.device.sent : self.device.sent + 50])

    def answer_lost(self) -> None:
        before = self.device.sent
        self.sent()
        self.device.sent = before

    def sent_twice(self) -> None:
        piece = self.device.kept[self.device.sent : self.device.sent + 50]
        assert self.device.sends(piece) == self.device.sends(piece)

    def cut_in_a_piece(self) -> None:
        self.device.sends(self.device.kept[self.device.sent : self.device.sent + self.rng.randint(0, 2)])

    def reload(self) -> None:
        self.device.sent = 0

    def reload_and_open(self) -> None:
        self.device.opens()

    def an_old_piece_comes_late(self) -> None:
        place = self.rng.randrange(self.device.sent + 1)
        self.device.sends(self.device.kept[place : place + 3])

    def a_piece_comes_early(self) -> None:
        stood = self.device.opens().seq
        early = self.device.kept[stood + 1 :][:50]
        stands = self.device.sends(early)
        assert (stands.seq, isinstance(stands.stopped, TillLogGap)) == (stood, bool(early))

    def goes_on(self) -> None:
        happens = (self.sent, self.answer_lost, self.sent_twice, self.cut_in_a_piece, self.reload, self.reload_and_open)
        late = (self.battery_dies_while_writing, self.an_old_piece_comes_late, self.a_piece_comes_early)
        self.rng.choice((*[self.sale] * 4, *happens, *late))()


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_cuts_lose_nothing_and_double_nothing(district: Town, shop: Shop, device: Device, seed: int) -> None:
    """Cuts, reloads, lost answers, pieces sent twice, out of order and ahead, batteries that die while an entry is written."""
    counter = Counter(device, random.Random(seed))
    for _ in range(100):
        counter.goes_on()
    device.sent = 0
    while device.sent < len(device.kept):
        assert device.sends(device.kept[device.sent : device.sent + 50]).stopped is None
    rows = receipts(district, shop)
    assert [row.content for row in rows] == [read(each)["body"]["content"] for each in counter.sold]
    assert [row.serial for row in rows] == [SERIES + place + 1 for place in range(len(counter.sold))]
    last = merchant.queries.drawer_now(district.session, district.district_id, device.till.id).last_entry
    report = close(device.till, 0, last).content
    assert report["expected"] == report["sales"][1] == sum(row.total for row in rows)
    assert report["offline"] == [rows[0].number, rows[-1].number, len(rows)]


def test_a_press_whose_answer_was_lost_counts_once(district: Town, shop: Shop, device: Device) -> None:
    """Booked with the network, its answer lost, pressed again without: the paper that the customer holds stands, the other one is given
    back; and where the press arrives after its own entry it is refused."""
    key = uuid4()
    online = sells(device.till, key=key)
    device.sells(key=key)
    device.sends()
    rows = receipts(district, shop)
    assert [(row.kind, row.serial) for row in rows] == [("sale", 1), ("return", 2), ("sale", SERIES + 1)]
    assert merchant.queries.day_of_receipts(rows).cash == 1_280
    noted = merchant.queries.noted_of(district.session, district.district_id, device.till.id, SERIES + 1)
    assert noted is not None and (noted["twin"], noted["back"]) == (online.number, rows[1].number)
    shared = uuid4()
    sells(device.till, key=shared)
    device.sells(replace(SOUVENIRS, lines=(Line("湯のみ", 1, 1_280, 10),), articles=(None,)), key=shared)
    device.sends()
    noted = merchant.queries.noted_of(district.session, district.district_id, device.till.id, SERIES + 2)
    assert noted is not None and "twin" in noted and noted["back"] is None  # something else was sold: both are in the books
    late = uuid4()
    device.sells(key=late)
    device.sends()
    with pytest.raises(KeyReused):
        sells(device.till, key=late)


def test_what_was_printed_stands_and_a_difference_is_seen(district: Town, shop: Shop, device: Device) -> None:
    """A tax that comes to another yen and a clock that is three days ahead are noted; paper and books say the same."""
    device.sells(by_rate=[[10, 200, 19, 181], [8, 1_080, 80, 1_000]], tax=99)
    device.sells(at=district.now + timedelta(days=3))
    device.sends()
    noted = [merchant.queries.noted_of(district.session, district.district_id, device.till.id, SERIES + place) for place in (1, 2)]
    assert noted[0] and noted[0]["sums"] == {"by_rate": [[10, 200, 18, 182], [8, 1_080, 80, 1_000]], "tax": 98}
    assert noted[1] and noted[1]["clock"] is True
    rows = receipts(district, shop)
    assert (rows[0].tax, rows[1].made_at, rows[1].content["at"]) == (
        99,
        district.now,
        f"{district.now + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}",
    )


def test_a_log_that_was_tampered_with_stops_where_it_breaks(district: Town, shop: Shop, device: Device) -> None:
    """Another entry at a place that is taken, one that does not follow, one that says nothing of use: what stood before is good, the rest
    is listed for the owner, and of a gap only the rest is asked for."""
    device.sells()
    device.sends()
    good = list(device.kept)
    device.kept = []
    other = device.entry(received=5_000)
    device.kept = good
    assert isinstance(device.sends([other]).stopped, TillLogForked)
    foreign = json.loads(device.entry()) | {"before": "00" * 32}
    assert isinstance(device.sends([canonical(foreign)]).stopped, TillLogForked)
    for wrong in (
        "{}",
        "nonsense",
        device.entry().replace('"cash"', '"card"'),
        device.entry(total=1_281),
        device.entry(number="1-1-O1-000002"),
    ):
        assert isinstance(device.sends([wrong]).stopped, TillLogWrong)
    device.sells()
    device.sells()
    gap = device.sends(device.kept[2:])
    assert isinstance(gap.stopped, TillLogGap) and gap.stopped.facts == {"seq": 2} and gap.seq == 1
    assert len(receipts(district, shop)) == 1
    (row,) = merchant.queries.logs_of_shop(district.session, district.district_id, shop.id, now=district.now)
    assert sorted(each.why for each in row.refused) == ["forked", "forked", *["wrong"] * 5]
    assert (row.arrived, row.missing, row.waits) == (1, 2, True)
    assert device.sends(device.kept[1:]).seq == 3


def test_an_entry_that_no_till_prints_spoils_no_book(district: Town, shop: Shop, device: Device, client: FlaskClient) -> None:
    """Whoever holds a tablet may send what they like: no day of the calendar, a rate that there is not, a discount of no line, a word for a
    number. It is listed and answered, what stood before it is booked, and the owner's files of the month are made."""
    rates, off = [[7, 200, 18, 182], [8, 1_080, 80, 1_000]], {"line": None, "amount": 5, "percent": None, "shares": [[10, 500]]}
    for wrong in (
        {"at": "2026-19-39T29:00:00Z"},
        {"at": f"{district.now:%Y-%m-%dT%H:%M:%SZ}\n"},
        {"by_rate": rates},
        {"by_rate": [[10, 100, 9, 91], [10, 100, 9, 91], [8, 1_080, 80, 1_000]]},
        {"amounts": [1_080]},
        {"discounts": [off | {"line": 9}]},
        {"discounts": [off]},
        {"discounts": [off | {"shares": [[10, 2]]}]},
        {"discounts": [off | {"line": 1, "amount": 201, "shares": [[10, 201]]}]},
        {"amounts": [1_080, True]},
        {"eat_in": 1},
    ):
        entry = json.loads(device.entry())
        entry["body"]["content"] |= wrong
        assert isinstance(device.sends([canonical(entry)], last=1).stopped, TillLogWrong), wrong
    for said in ("\ud800\ud800", "\0\0", "[" * 50_000, '{"a":' + "9" * 5_000 + "}"):
        assert isinstance(device.sends([said], last=1).stopped, TillLogWrong)
    device.sells()
    assert device.sends().stopped is None
    desk = Tablet(client, district, owner=shop)
    day = f"first={district.today}&last={district.today}"
    for file in ("books/yayoi.csv", "books/tax.csv", "books/receipts.csv"):
        assert desk.looks(f"/shop/{file}?{day}").status_code == 200


def test_a_revoked_tablet_is_believed_up_to_its_last_link(district: Town, shop: Shop, device: Device) -> None:
    """What had arrived stands; what comes after is booked nowhere and listed for the owner, also when it comes ten times."""
    device.sells()
    device.sends()
    device.sells(received=5_000)
    who = device.till.who
    merchant.commands.revoke_till(district.session, shop.owner, shop.id, device.till.id, now=district.now)
    stranger = replace(who, person_id=None, session_id=None, till_id=None, merchant_id=None, staff_id=None, roles=frozenset())
    for _ in range(10):
        assert isinstance(device.sends(device.kept, who=stranger).stopped, TillLogOfRevoked)
    assert len(receipts(district, shop)) == 1
    (left,) = merchant.queries.removed_unclosed(district.session, district.district_id, shop.id)
    assert (left.receipts, left.net, left.expected) == (1, 1_280, 1_280)
    (row,) = merchant.queries.logs_of_shop(district.session, district.district_id, shop.id, now=district.now)
    assert [(each.why, each.number and each.number[-9:], each.total) for each in row.refused] == [("revoked", "O1-000002", 1_280)]
    with pytest.raises(NoTill):
        merchant.commands.open_log(district.session, who, "0" * 64, now=district.now)
    with pytest.raises(TillLogUnknown):
        merchant.commands.take_entries(district.session, stranger, "0" * 64, [], 0, now=district.now)


def test_a_log_belongs_to_one_tablet(district: Town, shop: Shop, device: Device) -> None:
    """Another tablet of the shop can neither open it nor send for it, and a shop whose old register writes the receipts has none."""
    other = shop.another_till()
    with pytest.raises(TillLogUnknown):
        merchant.commands.open_log(district.session, other.who, device.secret, now=district.now)
    with pytest.raises(TillLogUnknown):
        device.sends([], who=other.who)
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=False, now=district.now)
    with pytest.raises(RegisterIsOld):
        device.opens()
    device.sells()
    assert device.sends().seq == 1  # what was sold before the owner changed it is not lost


def test_no_day_is_closed_over_receipts_that_have_not_come_in(district: Town, shop: Shop, device: Device) -> None:
    """Refused while the tablet says so itself, or while the server knows it; the owner waits, or gives them up with a reason, once."""
    device.sells()
    device.sells()
    device.sends(device.kept[:1])
    for unsent in (0, 3):
        with pytest.raises(ReceiptsUnsent):
            close(device.till, 0, 1, unsent=unsent)
    town, who = district, shop.owner
    lost = (town.session, who, shop.id, device.till.id, 1)
    for _twice in range(2):
        merchant.commands.give_up_log(*lost, "タブレットが水に落ちた", now=town.now)
    with pytest.raises(TillLogNotWaiting):
        merchant.commands.give_up_log(*lost, "別の理由", now=town.now)
    with pytest.raises(DayMoved):
        close(device.till, 0, 0)
    last = merchant.queries.drawer_now(town.session, town.district_id, device.till.id).last_entry
    assert close(device.till, 0, last).content["sales"] == [1, 1_280]
    assert isinstance(device.sends(device.kept).stopped, TillLogClosed)
    assert len(receipts(district, shop)) == 1
    again = Device(device.till)
    assert again.opens().log == 2
    again.sells()
    again.sends()
    last = merchant.queries.drawer_now(town.session, town.district_id, device.till.id).last_entry
    assert close(device.till, 0, last).content["offline"][2] == 1


def test_the_database_keeps_a_log_as_it_came(district: Town, device: Device, owner_engine: Engine) -> None:
    """Nobody edits, deletes, skips or exchanges an entry, adds one to a closed log, or says a hash that is not its text's."""
    device.sells()
    device.sends()
    copy = (
        "INSERT INTO till_log_entry (district_id, till_id, log, seq, before, hash, said, serial, noted, arrived_at)"
        " SELECT district_id, till_id, log, {seq}, {before}, {hash}, 'x', serial, noted, arrived_at FROM till_log_entry"
        f" WHERE district_id = {district.district_id} AND till_id = {device.till.id}"
    )
    for statement in (
        "UPDATE till_log_entry SET said = 'x'",
        "DELETE FROM till_log_entry",
        "TRUNCATE till_log_refusal",
        copy.format(seq=3, before="hash", hash="sha256('x')"),
        copy.format(seq=2, before="sha256('y')", hash="sha256('x')"),
        copy.format(seq=2, before="hash", hash="sha256('y')"),
        "UPDATE till_log SET closed_how = 'lost', closed_at = now()",
        "UPDATE till_log SET told = 0",
        "UPDATE till_log SET closed_how = 'done', closed_at = now(); UPDATE till_log SET closed_how = NULL, closed_at = NULL",
    ):
        with owner_engine.connect() as connection, pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)


def test_the_doors_of_a_log(client: FlaskClient, district: Town, shop: Shop, till: Till) -> None:
    """What the script asks and tells; and the owner's page, with the way to give up."""
    tablet, device = Tablet(client, district, till=till), Device(till)
    opened = tablet.sends("/till/log/open", "/till/register", secret=device.secret).json
    assert (opened["log"], opened["seq"], opened["hash"], opened["stopped"]) == (1, 0, "", None)
    assert opened["shop"]["number"] == shop.public_number and opened["till"]["id"] == till.id
    device.log = 1
    device.sells()
    answer = tablet.sends("/till/log", "/till/register", secret=device.secret, last=2, entries=device.kept).json
    assert (answer["seq"], answer["hash"]) == (1, hash_of(device.kept[0]).hex())
    assert tablet.sends("/till/log", "/till/register", secret="x", last=0).status_code == 422
    bad = tablet.sends("/till/log", "/till/register", secret=device.secret, last=2, entries=["{}"]).json
    assert bad["stopped"]["number"] == "E-7454"
