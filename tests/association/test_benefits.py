"""給付: a town's list, looked at line by line, approved by a second person, given in pieces, and taken back one by one."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from datetime import date
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

import association.commands
import association.queries
import wallet.queries
import worker
from association.commands import BenefitPaid, NamedLine, NewBenefit, ReturnBenefit
from association.errors import (
    BenefitFailed,
    BenefitNotReturnable,
    BenefitRepeated,
    BenefitStateWrong,
    BenefitUnknown,
    FunderOverpaid,
    RunUnfinished,
)
from association.rules.benefit_file import read_list
from base.errors import Forbidden
from base.row_file import FileWrong
from base.settings import Settings
from identity.commands import FreezeOrder
from ledger.errors import FloorPassed, SameHands, SeriesUnknown
from tests.association.test_pages import Desk, Seat
from tests.faults.machine import until
from tests.town import Clerk, Town, behind_the_doors
from web.i18n import day

PEOPLE = 6


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


class Office:
    """The town office's list, as the desk handles it: 1,000 yen to each of some residents."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.people = [town.consumer(nickname=f"住民{n}") for n in range(PEOPLE)]
        self.clerk, self.approver = town.clerk(), town.approver()

    def call(self, door: Callable[..., object], *args: object, by: Clerk | None = None) -> object:
        return door(self.town.session, (by or self.clerk).who, *args, now=self.town.now)

    def checks(self, *lines: NamedLine, name: str = "物価高の給付", paid_from: str = "funder") -> int:
        new = NewBenefit(name, "Grant", self.town.series_id, paid_from, "みなと市" if paid_from == "funder" else "", "第1回")
        own = [NamedLine(n, each.person_id, 1_000, None, "") for n, each in enumerate(self.people, 2)]
        return association.commands.check_benefit(self.town.session, self.clerk.who, new, lines or own, now=self.town.now)

    def lays_down(self, **more: str) -> int:
        benefit_id = self.checks(**more)
        self.asks_for(benefit_id)
        return benefit_id

    def asks_for(self, benefit_id: int) -> int:
        """Asked for by the clerk and laid down by the worker; gives the proposal's number."""
        self.call(association.commands.propose_benefit, benefit_id)
        while self.looks_at(benefit_id).state == "preparing":
            association.commands.give_benefits(self.town.session, now=self.town.now)
        return self.looks_at(benefit_id).proposal_id

    def checks_as(self, clerk: Clerk) -> int:
        """Somebody else's own list, laid down."""
        before, self.clerk = self.clerk, clerk
        try:
            return self.lays_down(name="別の給付")
        finally:
            self.clerk = before

    def approved(self, **more: str) -> int:
        benefit_id = self.lays_down(**more)
        self.approver.approves(self.looks_at(benefit_id).proposal_id)
        return benefit_id

    def looks_at(self, benefit_id: int) -> association.queries.ListedBenefit:
        return association.queries.benefit(self.town.session, self.clerk.who, benefit_id)

    def lines(self, benefit_id: int) -> list[association.queries.ListedLine]:
        return association.queries.benefit_lines(self.town.session, self.clerk.who, benefit_id)

    def freezes(self, person_id: int) -> None:
        self.call(association.commands.freeze_person, person_id, FreezeOrder("self", "なくした"))

    def works(self) -> int:
        """The worker, until there is nothing to do: how many pieces it took."""
        pieces = 0
        while association.commands.give_benefits(self.town.session, now=self.town.now):
            pieces += 1
        return pieces

    def coins(self) -> list[int]:
        return [each.coins() for each in self.people]


@pytest.fixture
def office(district: Town) -> Office:
    return Office(district)


wide = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})


@given(st.integers(1, 10**16 - 1), st.integers(1, 300_000), st.booleans(), st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_a_list_is_read_however_an_office_writes_it(number: int, amount: int, is_wide: bool, swapped: bool, encoding: str) -> None:
    """Half or full width, grouped or not, with 円, the columns in any order beside names that nobody keeps."""
    typed, yen = str(number), f"{amount:,}円"
    if len(typed) == 16:
        typed = f"{typed[:4]} {typed[4:8]}-{typed[8:12]}－{typed[12:]}"
    if is_wide:
        typed, yen = typed.translate(wide), yen.translate(wide)
    columns = [["氏名", "渚 花子"], ["カード番号", typed], ["給付額", f'"{yen}"']]
    rows = zip(*(columns[::-1] if swapped else columns), strict=True)
    [line] = read_list("\r\n".join(",".join(row) for row in rows).encode(encoding))
    assert (line.line, line.number, line.amount, line.wrong) == (2, str(number), amount, None)
    assert "花子" not in repr(line)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("番号,金額\nabc,1000", [("number", "")]),
        (
            "番号,金額\n12a,1000\n7,\n8,0\n9,-5\n10,十円\n11,1000",
            [("number", "12a"), *[("amount", each) for each in ("", "0", "-5", "十円")], None],
        ),
        ("12,500\n\n13,600\n", [None, None]),
    ],
)
def test_what_is_wrong_is_told_line_by_line(content: str, wrong: list[tuple[str, str] | None]) -> None:
    found = read_list(content.encode())
    assert [None if line.wrong is None else (line.wrong, line.cell) for line in found] == wrong


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "missing"), (b"a,b\n1,2", "column"), ("番号,金額\n".encode(), "missing"), (b"\xff\xfe\x00", "unreadable")]
)
def test_what_is_no_list_is_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(FileWrong) as refused:
        read_list(content)
    assert refused.value.reason == reason


def test_two_people_give_to_everybody_on_the_list(office: Office) -> None:
    """Nothing moves before the second person; then each has theirs, in a transaction of their own, and the town owes the sum."""
    benefit_id = office.lays_down()
    assert (office.works(), office.coins(), office.looks_at(benefit_id).state) == (0, [0] * PEOPLE, "waiting")
    proposal = office.looks_at(benefit_id).proposal_id
    both = office.town.another_clerk("issuer", "approver")
    with pytest.raises(SameHands):
        both.approves(office.looks_at(office.checks_as(both)).proposal_id)
    office.approver.approves(proposal)
    assert office.looks_at(benefit_id).state == "posting"
    office.works()
    found = office.looks_at(benefit_id)
    assert (found.state, found.posted, found.posted_amount, found.owed) == ("done", PEOPLE, 6_000, 6_000)
    assert office.coins() == [1_000] * PEOPLE
    assert office.town.difference() == 0
    [movement] = wallet.queries.latest(office.town.session, office.people[0].who, count=5)
    assert (movement.kind, movement.amount, movement.benefit) == ("benefit", 1_000, ("物価高の給付", "Grant"))


def test_who_cannot_get_it_is_told_before_anybody_is_asked(office: Office) -> None:
    """Unknown, twice, frozen, left, too much on the balance; the others stand in the proposal, and the dry run says how much."""
    first, frozen, left, full, other = office.people[:5]
    office.freezes(frozen.person_id)
    association.commands.close_person(
        office.town.session, office.town.another_clerk("administrator").who, left.person_id, gives_up=True, now=office.town.now
    )
    office.town._filled(full, 99_500)
    lines = [
        NamedLine(2, first.person_id, 1_000, None, "a"),
        NamedLine(3, 2**40, 1_000, None, "b"),
        NamedLine(4, None, 1_000, "blank", "c"),
        NamedLine(5, first.person_id, 1_000, None, "d"),
        NamedLine(6, frozen.person_id, 1_000, None, "e"),
        NamedLine(7, left.person_id, 1_000, None, "f"),
        NamedLine(8, full.person_id, 1_000, None, "g"),
        NamedLine(9, other.person_id, 2_000, None, "h"),
        NamedLine(10, office.approver.person_id, 500, None, "i"),
    ]
    found = office.looks_at(office.checks(*lines))
    assert [(each.line, each.what) for each in found.wrong] == [
        (3, "unknown"),
        (4, "blank"),
        (5, "twice"),
        (6, "frozen"),
        (7, "left"),
        (8, "over"),
        (10, "unknown"),
    ]
    assert (found.state, found.people, found.amount) == ("draft", 2, 3_000)


def test_whoever_leaves_or_is_stopped_between_approval_and_piece_holds_up_nobody(office: Office) -> None:
    """The others have theirs; the two are named. Who is let go gets it at the next try; the rest is ended for good."""
    benefit_id = office.approved()
    frozen, left = office.people[1], office.people[4]
    office.freezes(frozen.person_id)
    association.commands.close_person(
        office.town.session, office.town.another_clerk("administrator").who, left.person_id, gives_up=True, now=office.town.now
    )
    office.works()
    assert [(line.place, line.reason) for line in office.lines(benefit_id) if line.state == "refused"] == [
        (2, "account_frozen"),
        (5, "left"),
    ]
    assert (office.looks_at(benefit_id).state, office.looks_at(benefit_id).posted) == ("left", 4)
    association.commands.unfreeze_person(
        office.town.session, office.approver.who, frozen.person_id, reason="見つかった", now=office.town.now
    )
    office.call(association.commands.go_on_with_benefit, benefit_id)
    office.works()
    assert (frozen.coins(), office.looks_at(benefit_id).posted) == (1_000, 5)
    office.call(association.commands.end_benefit, benefit_id)
    office.works()
    assert office.looks_at(benefit_id).state == "ended"
    with pytest.raises(BenefitStateWrong):
        office.call(association.commands.go_on_with_benefit, benefit_id)
    assert [line.state for line in office.lines(benefit_id)] == ["posted"] * 4 + ["ended", "posted"]
    assert office.town.difference() == 0


def test_it_is_stopped_between_pieces_and_goes_on_where_it_was(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after a piece that was cut off, and with two workers at once: nobody gets it twice."""
    monkeypatch.setattr("association.commands.benefit_pieces.PIECE_MAX", 2)
    benefit_id = office.approved()
    association.commands.give_benefits(office.town.session, now=office.town.now)
    office.call(association.commands.stop_benefit, benefit_id)
    assert (office.works(), office.coins(), office.looks_at(benefit_id).state) == (0, [1_000] * 2 + [0] * 4, "stopped")
    office.call(association.commands.go_on_with_benefit, benefit_id)
    office.town.session.info["depth"] = 1  # as inside a transaction that does not come to its end
    association.commands.give_benefits(office.town.session, now=office.town.now)
    office.town.session.info["depth"] = 0
    office.town.session.rollback()
    assert (office.coins(), office.looks_at(benefit_id).posted) == ([1_000] * 2 + [0] * 4, 2)

    def work() -> int:
        with office.town.opens() as other:
            return sum(association.commands.give_benefits(other.session, now=office.town.now) for _ in range(4))

    office.town.at_once([work, work, work])
    office.works()
    assert (office.coins(), office.looks_at(benefit_id).posted, office.looks_at(benefit_id).state) == ([1_000] * 6, 6, "done")


def test_whoever_asks_for_a_benefit_waits_for_no_account(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The press only asks; the worker opens and lays down in pieces, and cut off it goes on."""
    monkeypatch.setattr("association.commands.benefit_pieces.PIECE_MAX", 4)
    benefit_id = office.checks()
    for _ in range(2):  # pressed twice
        office.call(association.commands.propose_benefit, benefit_id)
    asked = office.looks_at(benefit_id)
    assert (asked.state, asked.is_moving, asked.looked_at, asked.proposal_id) == ("preparing", True, 0, None)
    for door in (association.commands.drop_benefit, association.commands.end_benefit):
        with pytest.raises(BenefitStateWrong):
            office.call(door, benefit_id)
    with pytest.raises(BenefitRepeated):
        office.call(association.commands.propose_benefit, office.checks())
    assert association.commands.give_benefits(office.town.session, now=office.town.now) == 4
    assert office.looks_at(benefit_id).looked_at == 4
    office.town.session.info["depth"] = 1  # as inside a transaction that does not come to its end
    association.commands.give_benefits(office.town.session, now=office.town.now)
    office.town.session.info["depth"] = 0
    office.town.session.rollback()
    assert (office.looks_at(benefit_id).looked_at, office.looks_at(benefit_id).state) == (4, "preparing")
    office.works()
    found = office.looks_at(benefit_id)
    assert (found.state, found.looked_at) == ("waiting", 0)
    with pytest.raises(BenefitStateWrong):
        office.call(association.commands.drop_benefit, benefit_id)


def test_the_worker_gives_beside_its_chores(office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """`meguri worker` posts what was approved, piece after piece, without anybody pressing anything."""
    monkeypatch.setattr("association.commands.benefit_pieces.PIECE_MAX", 2)
    benefit_id, stop = office.approved(), threading.Event()
    doings = worker.Doings({"benefits": 1})
    giving = threading.Thread(target=worker.benefits.give, args=(settings, doings, stop))
    giving.start()

    def is_done() -> bool:
        office.town.session.rollback()
        return office.looks_at(benefit_id).state == "done"

    until(is_done, "nobody was given anything")
    stop.set()
    giving.join(10)
    assert not giving.is_alive() and office.coins() == [1_000] * PEOPLE
    assert [each.failures for each in doings.all()] == [0]


def test_the_same_list_is_not_given_twice_under_one_name(office: Office) -> None:
    """Pressed twice it is one proposal; uploaded again it is refused, unless it was declined; another round has another name."""
    first = office.lays_down()
    proposal = office.looks_at(first).proposal_id
    assert office.asks_for(first) == proposal
    again = office.checks()
    assert office.looks_at(again).same_as == first
    with pytest.raises(BenefitRepeated):
        office.call(association.commands.propose_benefit, again)
    office.asks_for(office.checks(name="第2回"))
    association.commands.decline(office.town.session, office.approver.who, proposal, reason="金額が違う", now=office.town.now)
    office.asks_for(again)
    assert office.works() == 0


def test_one_persons_part_is_taken_back_by_two_people_while_they_have_it(office: Office) -> None:
    """To whoever paid it; the others keep theirs; who has spent it keeps the goods, and the proposal is declined."""
    benefit_id = office.approved()
    office.works()
    back = ReturnBenefit(benefit_id, 1, "対象外の人", uuid4())
    number = office.call(association.commands.propose_benefit_return, back)
    assert office.call(association.commands.propose_benefit_return, back) == number
    with pytest.raises(BenefitNotReturnable):
        office.call(association.commands.propose_benefit_return, ReturnBenefit(benefit_id, 1, "もう一度", uuid4()))
    office.approver.approves(number)
    assert (office.coins(), office.looks_at(benefit_id).returned, office.looks_at(benefit_id).owed) == ([0] + [1_000] * 5, 1_000, 5_000)
    assert office.lines(benefit_id)[0].state == "returned"
    assert [each.undone for each in wallet.queries.latest(office.town.session, office.people[0].who, count=5)] == [False, True]
    spender = office.people[1]
    spender.pays(office.town.shop(), 600)
    spent = office.call(association.commands.propose_benefit_return, ReturnBenefit(benefit_id, 2, "対象外の人", uuid4()))
    with pytest.raises(FloorPassed):
        office.approver.approves(spent)
    assert spender.coins() == 400


def test_the_towns_money_arrives_in_parts_and_never_too_much(office: Office) -> None:
    benefit_id = office.approved()
    office.works()
    key = uuid4()
    for _ in range(2):  # pressed twice
        office.call(association.commands.benefit_paid, BenefitPaid(benefit_id, "bank", 4_000, key))
    assert (office.looks_at(benefit_id).owed, office.town.holds("bank")) == (2_000, 4_000)
    with pytest.raises(FunderOverpaid):
        office.call(association.commands.benefit_paid, BenefitPaid(benefit_id, "bank", 2_001, UUID(int=9)))
    with pytest.raises(BenefitUnknown):
        office.call(association.commands.benefit_paid, BenefitPaid(office.approved(paid_from="bank", name="別"), "bank", 1, uuid4()))


def test_a_list_comes_in_by_the_page_and_is_watched_there(office: Office, desk: Seat, district: Town) -> None:
    """A card's number and a person's, Shift_JIS and full width; dry run, proposal, approval, progress, files; and who may."""
    holder = district.card_holder()
    rows = f"氏名,番号,金額\n渚,{holder.card.number},１，０００円\n浜,{office.people[0].person_id},500\n磯,9999999999999999,500\n"
    seat = desk(office.clerk)
    form = {"name": "子育て給付", "series_id": district.series_id, "paid_from": "funder", "funder": "みなと市"}
    checked = seat.presses("/desk/benefits/new", "/desk/benefits/new", **form, file=(BytesIO(rows.encode("cp932")), "meibo.csv"))
    page = checked.headers["Location"].removeprefix(f"https://{district.host}")
    shown = seat.sees(page).text
    assert "この番号の利用者もカードもありません" in shown and "9999999999999999" in shown and "渚" not in shown
    assert seat.presses(page, f"{page}/propose").status_code == 303
    assert seat.sees(f"{page}/progress").json == {"done": 0, "posted": 0, "moves": True}
    office.works()
    other = desk(office.approver)
    number = office.looks_at(int(page.rsplit("/", 1)[1])).proposal_id
    asked = other.sees(f"/desk/approvals/{number}").text
    assert "1,500" in asked and "みなと市" in asked, "who pays stands beside the account"
    other.presses(f"/desk/approvals/{number}", f"/desk/approvals/{number}/approve")
    assert seat.sees(f"{page}/progress").json == {"done": 0, "posted": 0, "moves": True}
    office.works()
    assert seat.sees(f"{page}/progress").json == {"done": 2, "posted": 2, "moves": False}
    assert (holder.coins(), office.people[0].coins()) == (1_000, 500)
    table = seat.sees(f"{page}.csv").text
    assert [row.split(",")[3] for row in table.splitlines()[1:]] == ["記帳済み", "記帳済み", "対象外"]
    for path in ("/desk/benefits", "/desk/benefits.xlsx", page, f"{page}?refused=1&person=3", "/desk/benefits/new"):
        assert seat.sees(path).status_code == 200
    assert "子育て給付" in unicodedata.normalize("NFC", seat.sees("/desk/benefits").text)
    assert desk(office.approver).sees("/desk/benefits/new").status_code == 403
    with pytest.raises(Forbidden):
        office.call(association.commands.propose_benefit, int(page.rsplit("/", 1)[1]), by=district.another_clerk("auditor"))


def test_a_benefit_that_cannot_go_on_stands_still_and_holds_up_nobody(
    office: Office, desk: Seat, superuser: Engine, settings: Settings
) -> None:
    """The worker says it in its log and goes on with those behind; the page says why, and lets it be tried again or dropped."""
    first, dropped, behind = (office.checks(name=name) for name in ("第1回", "第2回", "第3回"))
    for benefit_id in (first, dropped, behind):
        office.call(association.commands.propose_benefit, benefit_id)
    lost = "UPDATE benefit SET series_id = {} WHERE district_id = :d AND id IN (:first, :dropped)"
    values = {"d": office.town.district_id, "first": first, "dropped": dropped}
    stop, doings = threading.Event(), worker.Doings({"benefits": 1})
    giving = threading.Thread(target=worker.benefits.give, args=(settings, doings, stop))
    with behind_the_doors(superuser, lost.format(999_999), lost.format(office.town.series_id), **values):
        giving.start()

        def is_behind_laid_down() -> bool:
            office.town.session.rollback()
            return office.looks_at(behind).state == "waiting"

        until(is_behind_laid_down, "the benefit behind two that stand still was not laid down")
        stop.set()
        giving.join(10)
    assert [office.looks_at(each).state for each in (first, dropped)] == ["stuck", "stuck"]
    seat = desk(office.clerk)
    shown = seat.sees(f"/desk/benefits/{first}").text
    assert f"この給付は止まっています（{SeriesUnknown.number}）" in shown
    assert f"給付「第1回」が止まっています（{SeriesUnknown.number}）" in seat.sees("/desk/").text
    seat.presses(f"/desk/benefits/{dropped}", f"/desk/benefits/{dropped}/drop")
    assert seat.sees(f"/desk/benefits/{dropped}").status_code == 404
    seat.presses(f"/desk/benefits/{first}", f"/desk/benefits/{first}/resume")
    office.works()
    assert (office.looks_at(first).state, office.looks_at(first).stuck_number) == ("waiting", None)


def test_what_a_benefit_met_is_told_with_its_facts(office: Office, desk: Desk) -> None:
    """Any refusal in its own words, with its days and amounts, though the worker that met it is long gone."""
    benefit_id = office.checks()
    failed = BenefitFailed(district=office.town.district_id, benefit=benefit_id)
    failed.__cause__ = RunUnfinished(closes_on=date(2026, 4, 30))
    association.commands.set_benefit_aside(office.town.session, failed, now=office.town.now)
    shown = desk(office.clerk).sees(f"/desk/benefits/{benefit_id}").text
    assert f"{day(date(2026, 4, 30))}の換金がまだ終わっていません" in shown and BenefitFailed.text not in shown


def test_what_stands_still_after_the_approval_is_tried_again_or_ended(office: Office) -> None:
    """Nothing is thrown away that two people have approved: what is not posted is ended, and its keys are closed."""
    benefit_id = office.approved()
    failed = BenefitFailed(district=office.town.district_id, benefit=benefit_id)
    association.commands.set_benefit_aside(office.town.session, failed, now=office.town.now)
    assert (office.works(), office.looks_at(benefit_id).stuck_number) == (0, "E-7840")
    with pytest.raises(BenefitStateWrong):
        office.call(association.commands.drop_benefit, benefit_id)
    office.call(association.commands.end_benefit, benefit_id)
    office.works()
    assert (office.looks_at(benefit_id).state, office.coins()) == ("ended", [0] * PEOPLE)
