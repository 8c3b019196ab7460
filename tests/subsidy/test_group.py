"""The group lead's desk: found a project, gather its members and their papers, and always know what comes next."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import subsidy.commands
import subsidy.queries
from base.errors import Forbidden, MeguriError, TooMany
from identity.queries import nobody
from subsidy.commands import Answers, Known, NewInvitation, NewLine, NewPaper, NewParty
from subsidy.errors import (
    FactDayWrong,
    FactNeeded,
    FactTooSoon,
    FactWordless,
    FileBroken,
    FileKind,
    FileLocked,
    FileSmall,
    LinkOver,
    MembersFixed,
    PaperNotAsked,
    PaperUnknown,
    PartNotInvited,
    PartyChanged,
    PlanUnready,
    ProjectChanged,
    ProjectUnknown,
    ShareTooSoon,
    ShopTwice,
)
from subsidy.queries import Report
from subsidy.rules.frames import Earlier
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group, founded, photograph
from tests.town import Clerk, Town, district, other_district

__all__ = ["district", "other_district"]

Seat = Callable[[Clerk | None], Desk]
TODAY = date(2023, 6, 1)


@pytest.fixture
def clock() -> TestClock:
    """While the call was open."""
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


@pytest.fixture
def group(district: Town) -> Group:
    return founded(district)


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


def test_from_founding_to_the_last_report_the_next_step_is_right(group: Group, desk: Seat, clock: TestClock) -> None:
    """Every step that the page names makes it go away, and the next one comes. What a report quotes is not shown as past."""
    assert {"unmet_size", "unknown_provider", "paper_missing", "plan_filing"} <= set(group.steps())
    group.grows(9)
    group.adds("会津システム", "provider")
    vendor = next(row for row in group.stands().parties if row.role == "provider")
    assert group.stands().size_is_doubtful and "unknown_provider" in group.steps()
    given = NewParty("会津システム", False, "1180301018771")
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, vendor.id, given, vendor.revision, now=clock())
    lead = group.stands().parties[0].id
    for kind in ("D_REGISTRY", "D_CORP_TAX", "D_ROSTER"):
        paper = group.hands_in(lead, kind, issued_on=date(2023, 5, 20))
        assert "paper_waiting" in group.steps()
        group.finds(paper)
    group.notes("filing_planned", date(2023, 6, 30))
    assert group.steps() == ["add_lines", "answer_base", "answer_extra", "collect_base"]
    group.answers(1, 2, 3, 4, 5, 6)
    group.answers(7, 8, 9, 10, 11)
    shop = group.stands().group[1].id
    (number,) = group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, is_registered=True))
    assert group.steps() == ["lines_unchecked", "collect_base"]
    group.checks()
    assert group.steps() == ["collect_base"]
    members = [row.id for row in group.stands().reporting]
    for member in members:
        group.reports(member, 0, 3_000_000, 1_000_000)
    assert group.steps() == ["file"]
    group.notes("submitted", date(2023, 6, 1))
    assert group.steps() == ["await_decision"]
    clock.advance(days=40)
    group.notes("decided", date(2023, 7, 3), (6_569_442, 2_266_667, 589_073))
    assert group.steps()[:3] == ["note_period_end", "note_result_due", "order_lines"]
    group.notes("period_end", date(2024, 1, 31))
    group.notes("result_due", date(2024, 2, 10))
    assert [(step.code, step.due) for step in group.stands().steps][:2] == [
        ("order_lines", date(2024, 1, 31)),
        ("file_result", date(2024, 2, 10)),
    ]
    day = date(2023, 7, 10)
    paid = NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, is_registered=True, ordered=day, delivered=day, paid=day)
    subsidy.commands.keep_line(group.town.session, group.who, group.project_id, number, paid, 1, now=clock())
    assert group.steps()[:2] == ["evidence_missing", "file_result"]
    clock.advance(days=200)
    group.notes("result_filed", date(2024, 1, 20))
    group.notes("result_returned", date(2024, 1, 21))
    assert group.steps() == ["note_mend_due", "evidence_missing", "mend_result", "await_report"]
    group.notes("mend_due", date(2024, 1, 31))
    mending = [("evidence_missing", date(2024, 1, 31)), ("mend_result", date(2024, 1, 31))]
    assert [(step.code, step.due) for step in group.stands().steps][:2] == mending
    assert (date(2024, 1, 31), "mend_due", "S-90") in {(each.day, each.code, each.rule) for each in group.stands().calendar}
    group.proves(number)
    group.notes("result_filed", date(2024, 1, 22))
    duties = ["note_duty_analysed", "note_duty_shared", "note_duty_spread"]
    assert group.steps() == [*duties, "await_fixed", "await_report"]
    group.notes("fixed", date(2024, 1, 25), (500_001, 0, 0))
    with pytest.raises(ShareTooSoon):
        group.passes(shop, date(2024, 1, 26), 500_001)
    group.notes("paid", date(2024, 1, 26))
    assert [(step.code, step.rule, step.who) for step in group.stands().steps if step.code == "pass_on"] == [("pass_on", "S-41", (shop,))]
    for wrong, refusal in ((members[-1], ShareTooSoon), (group.stands().parties[0].id, ShareTooSoon)):
        with pytest.raises(refusal):
            group.passes(wrong, date(2024, 1, 27), 1)
    with pytest.raises(FactDayWrong):
        group.passes(shop, date(2024, 1, 25), 500_001)
    group.passes(shop, date(2024, 1, 27), 500_001)
    assert (date(2024, 1, 27), "share_passed", "1番の店") in {(each.day, each.code, each.about) for each in group.stands().calendar}
    for duty in duties:
        with pytest.raises(FactWordless):
            group.notes(duty.removeprefix("note_"), date(2024, 1, 27))
        group.notes(duty.removeprefix("note_"), date(2024, 1, 27), words="雨の日の仕入れを見直した")
    assert group.steps() == ["await_report"]
    clock.now = datetime(2025, 4, 1, tzinfo=UTC)
    assert group.steps() == ["collect_report", "file_report"]
    for member in members:
        group.reports(member, 1, 3_000_000, 1_000_000)
    assert [(step.code, step.due) for step in group.stands().steps] == [("file_report", date(2025, 4, 30))]
    group.notes("report1_filed", date(2025, 4, 1))
    clock.now = datetime(2026, 5, 1, tzinfo=UTC)
    assert group.steps() == [*duties, "collect_report", "file_report"]  # the second report tells of the second year
    assert [Report(group.stands(), number).duties == [] for number in (1, 2)] == [False, True]
    for duty in duties:
        group.notes(duty.removeprefix("note_"), date(2025, 9, 9), words="夏の人の流れを見て、夜の市を始めた")
    assert [row.day for row in Report(group.stands(), 2).duties] == [date(2025, 9, 9)] * 3
    group.notes("duty_spread", None)  # the last one alone is taken back
    assert [len(Report(group.stands(), number).duties) for number in (1, 2)] == [3, 2]
    past = re.findall(r'class="group-past".*?<b>(.*?)・', desk(group.lead).sees(f"/group/{group.project_id}/facts").text)
    assert past == ["よかったことを地域に広めた"] * 2 + ["実績報告を出した"]
    group.notes("duty_spread", date(2025, 9, 9), words="商工会で話した")
    assert group.steps() == ["collect_report", "file_report"]
    assert group.stands().steps[0].is_overdue(date(2026, 5, 1))
    group.notes("report2_filed", date(2026, 5, 1))
    assert [(step.code, step.due) for step in group.stands().steps] == [("keep", date(2029, 3, 31))]


def test_facts_come_in_their_order_and_are_never_edited(group: Group, owner_engine: Engine) -> None:
    """A decision without an application, one that lies ahead, one taken from under what rests on it: all refused."""
    with pytest.raises(FactTooSoon):
        group.notes("decided", date(2023, 5, 1), (1, 1, 1))
    with pytest.raises(FactDayWrong):
        group.notes("submitted", date(2023, 6, 2))
    with pytest.raises(PlanUnready):
        group.notes("submitted", date(2023, 6, 1))
    shop, *_others = group.grows(9)
    group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000))
    group.files(date(2023, 6, 1))
    with pytest.raises(FactDayWrong):
        group.notes("decided", date(2023, 5, 31), (1, 1, 1))
    group.notes("decided", date(2023, 6, 1), (1, 1, 1))
    with pytest.raises(FactNeeded):
        group.notes("submitted", None)
    group.notes("decided", None)
    assert group.stands().state == "submitted" and len(group.stands().history) == 3
    with owner_engine.begin() as connection, pytest.raises(DBAPIError, match="never"):
        connection.execute(text("UPDATE subsidy_fact SET day = now() WHERE district_id = :d"), {"d": group.town.district_id})


def test_members_are_fixed_between_filing_and_decision(group: Group, clock: TestClock) -> None:
    (shop,) = group.grows(1)
    clock.now = datetime(2024, 4, 1, 3, tzinfo=UTC)
    group.notes("submitted", date(2023, 6, 1))
    with pytest.raises(MembersFixed):
        group.adds("遅い店")
    leave = (group.town.session, group.who, group.project_id, shop, date(2023, 6, 1), "閉店")
    with pytest.raises(MembersFixed):
        subsidy.commands.party_leaves(*leave, now=group.town.now)
    group.notes("decided", date(2023, 6, 1), (1, 1, 1))
    subsidy.commands.party_leaves(*leave, now=group.town.now)
    assert "ask_office" in group.steps()


def test_a_shop_is_in_the_group_once(group: Group) -> None:
    number = group.town.shop().id
    new = NewParty("みなと屋", True, merchant_id=number)
    order = (group.town.session, group.who, group.project_id, "participant", new)
    subsidy.commands.add_party(*order, now=group.town.now)
    with pytest.raises(ShopTwice):
        subsidy.commands.add_party(*order, now=group.town.now)


def test_two_people_save_one_member_and_the_second_is_told(desk: Seat, group: Group) -> None:
    """What the second typed stands in the form, what is kept stands above it, and one more press saves."""
    (shop,) = group.grows(1)
    seat, page = desk(group.lead), f"/group/{group.project_id}/members/{shop}"
    assert seat.presses(page, page, name="先の名", revision="1").status_code == 303
    told = seat.presses(page, page, name="後の名", revision="1")
    assert told.status_code == PartyChanged.status and "後の名" in told.text and "先の名" in told.text and "小谷" in told.text
    again = re.search(r'name="revision" value="(\d+)"', told.text)
    assert again and seat.presses(page, page, name="後の名", revision=again[1]).status_code == 303
    assert group.stands().name_of(shop) == "後の名"


def test_two_people_save_the_settings_and_every_saving_says_what_changed(desk: Seat, group: Group, clock: TestClock) -> None:
    """Of the project and of a member: who, when, from what to what; the second one is told and loses nothing."""
    seat, page = desk(group.lead), f"/group/{group.project_id}/settings"
    shape = {"setting": "cluster", "business_types": "4", "representative_kind": "shotengai_association"}
    assert seat.presses(page, page, name="先の名", revision="1", **shape).status_code == 303
    told = seat.presses(page, page, name="後の名", revision="1", **shape)
    assert told.status_code == ProjectChanged.status and all(said in told.text for said in ("後の名", "先の名", "小谷"))
    assert seat.presses(page, page, name="後の名", revision="2", **shape).status_code == 303
    assert "先の名 → 後の名" in seat.sees(page).text
    (shop,) = group.grows(1)
    given = NewParty("みなと屋", True, known=Known(is_small=False))
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, shop, given, 1, now=clock())
    told_by_link = Answers(True, ())
    subsidy.commands.answer_by_link(group.town.session, nobody(group.town.district_id), group.asks(shop), told_by_link, now=clock())
    first, second, third = subsidy.queries.savings_of(group.town.session, group.town.district_id, group.project_id, shop)[::-1]
    assert first.changed["name"] == (None, "1番の店") and second.changed["name"] == ("1番の店", "みなと屋")
    assert (third.changed, third.made_by) == ({"is_small": (False, True), "earlier": (None, [])}, None)
    member = seat.sees(f"/group/{group.project_id}/members/{shop}").text
    assert "1番の店 → みなと屋" in member and "本人（リンクから）" in member


def test_files_are_looked_at_and_sealed(group: Group, owner_engine: Engine) -> None:
    """By content, not by name; nothing of it can be read in the database, nothing is deleted, and the newest counts."""
    lead = group.stands().parties[0].id
    for content, refusal in (
        (b"MZ program", FileKind),
        (PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"), FileLocked),
        (PDF.replace(b"/Kids [3 0 R]", b"/Kids [9 0 R]"), FileBroken),
        (photograph()[:-2], FileBroken),
        (b"\xff\xd8\xff\xe0 no picture \xff\xd9", FileBroken),
        (photograph(300, 200), FileSmall),
    ):
        with pytest.raises(refusal):
            group.hands_in(lead, "D_ROSTER", content)
    first = group.hands_in(lead, "D_ROSTER", PDF)
    group.finds(first, is_good=False, words="3頁めがありません")
    second = group.hands_in(lead, "D_ROSTER", photograph())
    assert [row.is_good for row in group.stands().papers] == [False, None]
    opened = subsidy.queries.open_paper(group.town.session, group.who, group.project_id, second, today=TODAY)
    assert (opened.content, opened.media) == (photograph(), "image/jpeg")
    with owner_engine.connect() as connection:
        values = {"d": group.town.district_id, "i": first}
        kept = connection.execute(text("SELECT sealed FROM subsidy_paper WHERE district_id = :d AND id = :i"), values).scalar_one()
        assert b"%PDF" not in kept
        with pytest.raises(DBAPIError, match="never"):
            connection.execute(text("DELETE FROM subsidy_paper WHERE district_id = :d AND id = :i"), values)


def test_a_member_without_an_account_sends_what_it_is_asked_for(app: Flask, group: Group, clock: TestClock) -> None:
    """The link opens one party's page, takes what was asked for, and ends."""
    (shop,) = group.grows(1)
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, shop, NewParty("みなと屋", True), 1, now=clock())
    group.adds("となりの店")
    token = group.asks(shop, "D_IDENTITY")
    phone, page = Desk(app.test_client(), group.town, None), f"/asked/{token}"
    seen = phone.sees(page).text
    assert "みなと屋" in seen and "となりの店" not in seen
    sent = phone.presses(page, page, asked="D_IDENTITY", file=(BytesIO(photograph()), "menkyo.jpg"))
    assert sent.status_code == 303 and "受け取りました" in phone.sees(page).text
    wrong = phone.presses(page, page, asked="D_IDENTITY", file=(BytesIO(b"MZ"), "menkyo.jpg"))
    assert wrong.status_code == 422 and "PDF、JPEG、PNG のどれでもありません" in wrong.text
    (paper,) = group.stands().papers
    assert (paper.via, paper.handed_by, paper.handed_at) == ("link", None, clock())
    stranger = nobody(group.town.district_id)
    with pytest.raises(PaperNotAsked):
        subsidy.commands.hand_in_by_link(group.town.session, stranger, token, NewPaper("D_ROSTER", "x", PDF), now=clock())
    answers = Answers(True, (Earlier(2022, "normal", "granted", date(2022, 9, 1)),))
    subsidy.commands.answer_by_link(group.town.session, stranger, token, answers, now=clock())
    assert "unmet_twelve_months" in group.steps()
    free = [(each.day, each.about) for each in group.stands().calendar if each.code == "may_apply"]
    assert free == [(date(2023, 9, 2), "みなと屋")]  # S-62
    subsidy.commands.end_link(group.town.session, group.who, group.project_id, shop, now=clock())
    gone = phone.sees(page)
    assert gone.status_code == 404 and "受け取った書類は残っています" in gone.text
    token = group.asks(shop)
    clock.advance(days=31)
    with pytest.raises(LinkOver):
        subsidy.commands.answer_by_link(group.town.session, stranger, token, answers, now=clock())


def test_who_sees_what(app: Flask, group: Group, clock: TestClock) -> None:
    """A member sees itself, an expert nothing without an invitation, an auditor reads, another lead finds nothing."""
    town, project = group.town, group.project_id
    mine, other = group.grows(2)
    adviser = group.adds("相談員", "expert")
    own_paper, foreign = group.hands_in(mine, "D_IDENTITY"), group.hands_in(other, "D_IDENTITY")
    for party, yen in ((mine, 123_457), (other, 765_432)):
        group.buys(NewLine(party, "A-SW-ACC", "purchase", f"{yen}円の会計", yen))
        group.reports(party, 0, yen * 10 + 1, yen)
    shopkeeper, expert = town.another_clerk("consumer"), town.another_clerk("consumer")
    for clerk, party in ((shopkeeper, mine), (expert, adviser)):
        subsidy.commands.take_seat(town.session, clerk.who, group.asks(party), now=clock())
    member = replace(shopkeeper.who, roles=frozenset({"group_member"}))
    guest = replace(expert.who, roles=frozenset({"group_expert"}))
    auditor = town.another_clerk("auditor").who
    seen = subsidy.queries.own_side(town.session, member, project, now=clock(), today=date(2023, 6, 1))
    assert [row.id for row in seen.parties] == [mine] and [row.id for row in seen.papers] == [own_paper]
    assert [row.party_id for row in (*seen.lines, *seen.figures, *seen.links)] == [mine] * 3 and seen.filing is None
    assert subsidy.queries.open_paper(town.session, member, project, own_paper, today=TODAY).content == PDF
    with pytest.raises(PaperUnknown):
        subsidy.queries.open_paper(town.session, member, project, foreign, today=TODAY)
    with pytest.raises(Forbidden):
        subsidy.queries.standing(town.session, member, project, now=clock(), today=date(2023, 6, 1))
    with pytest.raises(PartNotInvited):
        subsidy.queries.standing(town.session, guest, project, now=clock(), today=date(2023, 6, 1), parts=("members",))
    with pytest.raises(PartNotInvited):
        subsidy.queries.open_paper(town.session, guest, project, own_paper, today=TODAY)
    assert subsidy.queries.open_paper(town.session, auditor, project, foreign, today=TODAY).content == PDF
    with pytest.raises(Forbidden):
        subsidy.commands.hand_in(town.session, auditor, project, mine, NewPaper("D_ROSTER", "x", PDF), now=clock())
    stranger = founded(town)
    with pytest.raises(ProjectUnknown):
        subsidy.queries.standing(town.session, stranger.who, project, now=clock(), today=date(2023, 6, 1))
    seat = Desk(app.test_client(), town, shopkeeper)
    assert seat.sees(f"/group/{project}/").headers["Location"].endswith("/mine")
    own = seat.sees(f"/group/{project}/mine").text
    assert "123,457" in own and not any(each in own for each in ("2番の店", "765,432", "765432", "7,654,321"))
    assert "1,234,571" in re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+\")", ",", seat.sees(f"/group/{project}/effect/{mine}/0").text)
    assert seat.sees(f"/group/{project}/effect/{other}/0").status_code == 404
    whole = ("costs", "costs/2", "costs.xlsx", "effect/1", "papers", "members", "filing", "result", "quotes", "changes", "reminders")
    assert {seat.sees(f"/group/{project}/{page}").status_code for page in whole} == {403}
    assert "2番の店" in Desk(app.test_client(), town, town.another_clerk("auditor")).sees(f"/group/{project}/members").text


def test_a_link_that_was_found_does_not_fill_the_disk(group: Group, clock: TestClock) -> None:
    """From however many addresses: sixty files a day, and the next one waits."""
    token, sheet = group.asks(group.grows(1)[0], "D_IDENTITY"), photograph(480, 480)

    def sends(number: int) -> int:
        who = replace(group.who, person_id=None, roles=frozenset(), address=f"192.0.2.{number}")
        new = NewPaper("D_IDENTITY", "x.jpg", sheet)
        return subsidy.commands.hand_in_by_link(group.town.session, who, token, new, now=clock())

    for number in range(60):
        sends(number)
    with pytest.raises(TooMany):
        sends(60)


SECRETS = {
    "plan": "駅から遠い",
    "members": "1234567890128",
    "costs": "123,457",
    "evidence": "8,765,432",
    "reports": "3,333.33",
}
"""What stands on the pages of one part alone; of the papers, the fingerprint of one."""


def test_an_expert_sees_the_parts_that_it_is_invited_to_until_the_invitation_ends(app: Flask, group: Group, clock: TestClock) -> None:
    """Every page of the project, part by part: figures of another part stand on none; files open with their part; the end is the end."""
    town, project = group.town, group.project_id
    new = NewParty("花の湯", True, "1234567890128", known=Known(is_small=True, is_association_member=False, earlier=()))
    shop = subsidy.commands.add_party(town.session, group.who, project, "participant", new, now=clock())
    adviser = group.adds("相談員", "expert")
    (number,) = group.buys(NewLine(shop, "A-SW-ACC", "purchase", "会計", 123_457))
    group.reports(shop, 0, 7_000_000, 333_333, hours=2_000)
    group.answers(1, words="駅から遠い。")
    own = group.hands_in(shop, "D_INCOME_TAX", scan := photograph())
    proof = NewPaper("V_QUOTE", "見積.pdf", PDF, line=number, amount=8_765_432, day=TODAY)
    evidence = subsidy.commands.hand_in(town.session, group.who, project, shop, proof, now=clock())
    secrets = SECRETS | {"papers": hashlib.sha256(scan).hexdigest()[:12]}
    expert = town.another_clerk("consumer")
    subsidy.commands.take_seat(town.session, expert.who, group.asks(adviser), now=clock())
    expert = expert.signs_in_again()
    seat, lead = Desk(app.test_client(), town, expert), Desk(app.test_client(), town, group.lead)
    member_page = f"/group/{project}/members/{adviser}"

    given: dict[str, object] = {
        "project_id": project,
        "party_id": shop,
        "paper_id": own,
        "file": "csv",
        "form": "pdf",
        "year": 0,
        "kind": "result",
    }

    def sees() -> set[str]:
        """Which parts' secrets stand on any page of the project."""
        whole = ""
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("subsidy.") and "GET" in rule.methods and "project_id" in rule.arguments:
                with app.test_request_context():
                    address = url_for(rule.endpoint, **{name: given.get(name, 1) for name in rule.arguments})
                answer = seat.sees(address)
                assert answer.status_code < 500, address
                whole += answer.get_data().decode("utf-8", "ignore")
        return {part for part, secret in secrets.items() if secret in whole}

    assert sees() == set()
    for parts in (["plan", "papers"], ["members", "reports"], ["evidence"]):
        lead.presses(member_page, f"{member_page}/invitation", parts=parts, until="2023-06-30")
        assert sees() == {*parts, *(["costs"] if parts == ["evidence"] else [])}  # evidence stands beside its line
    assert seat.sees(f"/group/{project}/papers/{evidence}").data == PDF
    assert seat.sees(f"/group/{project}/papers/{own}").status_code == 403
    assert "6月30日(金)まで見られます" in seat.sees(f"/group/{project}/").text
    assert lead.presses(member_page, f"{member_page}/invitation", parts="costs", until="2023-05-31").status_code == 422
    lead.presses(member_page, f"{member_page}/invitation/end")
    for page in ("", "costs", f"papers/{evidence}"):
        assert seat.sees(f"/group/{project}/{page}").status_code == 403
    lead.presses(member_page, f"{member_page}/invitation", parts="costs", until="2023-06-30")
    clock.advance(days=30)
    late = Desk(app.test_client(), town, expert.signs_in_again())
    assert late.sees(f"/group/{project}/costs").status_code == 403 and "湯の町デジタル化" not in late.sees("/group/").text


def test_an_expert_who_is_a_member_as_well_sits_as_a_member(group: Group, clock: TestClock) -> None:
    """In the list of projects and inside, whichever seat they took first; and two presses at once invite without a word of trouble."""
    town, project = group.town, group.project_id
    adviser = group.adds("相談員", "expert")
    shop, person = group.adds("花の湯"), town.another_clerk("consumer")
    for party in (adviser, shop):
        subsidy.commands.take_seat(town.session, person.who, group.asks(party), now=clock())
    person = person.signs_in_again()
    assert [row.role for row in subsidy.queries.projects(town.session, person.who, today=TODAY)] == ["participant"]
    assert subsidy.queries.seat_of(town.session, person.who, project).party_id == shop

    def invites() -> None:
        subsidy.commands.invite(town.session, group.who, project, adviser, NewInvitation(["plan"], TODAY), now=clock())

    assert town.at_once([invites] * 8) == [None] * 8


def test_a_member_who_sends_a_lead_s_form_half_filled_is_refused(desk: Seat, group: Group, clock: TestClock) -> None:
    """The form would be shown again on a page that is not theirs: they hear that, and no fault of the server."""
    shop, person = group.adds("花の湯"), group.town.another_clerk("consumer")
    subsidy.commands.take_seat(group.town.session, person.who, group.asks(shop), now=clock())
    seat, page = desk(person.signs_in_again()), f"/group/{group.project_id}"
    assert seat.sees(f"{page}/mine").status_code == 200
    for door in ("settings", "shares", "quotes/1"):
        assert seat.presses(f"{page}/mine", f"{page}/{door}", name="").status_code == 403


def test_a_link_that_was_passed_on_makes_nobody_a_lead(group: Group, clock: TestClock) -> None:
    """The lead's own link goes to whoever keeps its books: they may send papers; only who is a lead already shares its seat."""
    token = group.asks(group.stands().parties[0].id)
    bookkeeper, colleague = group.town.another_clerk("consumer"), group.town.another_clerk("group_lead")
    with pytest.raises(Forbidden):
        subsidy.commands.take_seat(group.town.session, bookkeeper.who, token, now=clock())
    assert not bookkeeper.signs_in_again().who.has("group_lead")
    subsidy.commands.take_seat(group.town.session, colleague.who, token, now=clock())
    assert subsidy.queries.seat_of(group.town.session, colleague.who, group.project_id).is_lead


def test_nothing_crosses_districts(group: Group, other_district: Town, clock: TestClock) -> None:
    """With every role at home, somebody of another district finds no project, no party, no file and no link of ours."""
    lead = group.stands().parties[0].id
    paper, token = group.hands_in(lead, "D_ROSTER"), group.asks(group.grows(1)[0])
    elsewhere = founded(other_district)
    town, who = elsewhere.town, replace(elsewhere.who, roles=frozenset({"group_lead", "auditor", "group_member", "consumer"}))
    for project in (group.project_id, elsewhere.project_id):
        with pytest.raises(MeguriError) as found:
            subsidy.queries.open_paper(town.session, who, project, paper, today=TODAY)
        assert found.value.status == 404
        with pytest.raises(MeguriError) as found:
            subsidy.commands.hand_in(town.session, who, project, lead, NewPaper("D_ROSTER", "x", PDF), now=clock())
        assert found.value.status == 404
    with pytest.raises(LinkOver):
        subsidy.commands.take_seat(town.session, who, token, now=clock())


def test_every_page_of_another_districts_project_is_nothing(app: Flask, group: Group, other_district: Town) -> None:
    """By the real numbers of everything in it, each page answers a lead of elsewhere as if there were no such project."""
    (shop,) = group.grows(1)
    paper, (line,) = group.hands_in(shop, "D_IDENTITY"), group.buys(NewLine(shop, "A-SW-ACC", "purchase", "会計", 100_000))
    values = {"project_id": group.project_id, "party_id": shop, "paper_id": paper, "number": line, "year": 0, "item": 1}
    values |= {"form": "pdf", "file": "csv", "kind": "filing"}
    elsewhere = founded(other_district)
    seat, urls = Desk(app.test_client(), elsewhere.town, elsewhere.lead), app.url_map.bind("here")
    pages = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("subsidy.") and "project_id" in rule.arguments]
    reads = [urls.build(rule.endpoint, {name: values[name] for name in rule.arguments}) for rule in pages if "GET" in (rule.methods or ())]
    assert {seat.sees(address).status_code for address in reads} == {404} and len(reads) > 30


def test_every_page_of_a_group_opens_and_the_calendar_is_a_file(desk: Seat, group: Group) -> None:
    """For the lead, with one of everything; a new plan after 2024 is told on top that the call is over."""
    (shop,) = group.grows(1)
    group.notes("filing_planned", date(2023, 6, 30))
    seat, base = desk(group.lead), f"/group/{group.project_id}"
    for page in ("", "/members", f"/members/{shop}", "/papers", "/facts", "/calendar", "/settings", "/members.xlsx", "/members.csv"):
        assert seat.sees(f"{base}{page}" if page else f"{base}/").status_code == 200, page
    made = seat.presses(f"{base}/members/{shop}", f"{base}/members/{shop}/link", asked="D_IDENTITY", words="お願いします")
    assert made.status_code == 200 and re.search(r"https://[^\s<]+/asked/[\w-]{32}", made.text) and "<svg" in made.text
    file = seat.sees(f"{base}/calendar.ics")
    lines = file.text.split("\r\n")
    assert file.mimetype == "text/calendar" and lines[0] == "BEGIN:VCALENDAR" and max(len(line.encode()) for line in lines) <= 75
    assert "TRIGGER:-P7D" in lines and "SUMMARY:頼むリンクが使える最後の日（1番の店）" in lines
    assert "DTSTART;VALUE=DATE:20230630" in lines and lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(
        group.stands().calendar
    )
    group.town.clock.now += timedelta(days=800)  # type: ignore[attr-defined]
    assert "2023年の公募は終わっています" in desk(group.lead).sees("/group/new").text
