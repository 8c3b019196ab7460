"""Effect reports: figures come from members, paper or the ledger; the goal is told honestly; what was filed stays."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import openpyxl
import pdfplumber
import pytest
from flask import Flask
from sqlalchemy import Engine, text

import identity.queries
import subsidy.commands
from subsidy.commands import NewFigures, NewParty
from subsidy.errors import (
    FiguresChanged,
    FiguresFixed,
    FiguresNoHours,
    FiguresNotAsked,
    FiguresNotClosed,
    FiguresTooSoon,
    LocalAboveSales,
    PackIncomplete,
    ProjectUnknown,
)
from subsidy.queries import Contact, Report
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import Group, founded
from tests.town import Clerk, Town, district

__all__ = ["district"]

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


@pytest.fixture
def group(district: Town, clock: TestClock) -> Group:
    """Two members and a lead without a business of its own, decided in 2023, looked at when the first year is over."""
    group = founded(district)
    group.grows(2)
    clock.now = datetime(2025, 4, 2, 3, tzinfo=UTC)
    group.notes("submitted", date(2023, 6, 1))
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    return group


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


def report(group: Group, number: int = 1) -> Report:
    return Report(group.stands(), number)


def test_the_group_grows_by_its_sums_and_whoever_pulls_it_down_is_named(desk: Seat, group: Group) -> None:
    """A grows by 10 %, B falls by 10 %; the group stands where it was, and the page says that it will miss the goal and what is needed."""
    one, two = (row.id for row in group.stands().reporting)
    group.reports(one, 0, 3_000_000, 1_000_000)
    group.reports(two, 0, 3_000_000, 1_000_000)
    group.reports(one, 1, 3_200_000, 1_000_000)
    page = desk(group.lead).sees(f"/group/{group.project_id}/effect/1").text
    assert "1者の数字がまだ届いていません" in page and "まとめる（ZIP）" not in page
    assert report(group).so_far.forecast.goal.is_met and report(group).whole.effect is None
    group.reports(two, 1, 2_800_000, 1_000_000)
    found = report(group)
    assert (found.whole.effect.growth_year1_bp, found.whole.forecast.gross_missing) == (0, 410_000)
    assert [(pull.member, pull.bp) for pull in found.whole.pulls] == [(str(two), -1_000), (str(one), 1_000)]
    page = desk(group.lead).sees(f"/group/{group.project_id}/effect/1").text
    for said in ("10.00% 下げている", "このままでは届かない見込み", "410,000", "公表されます", "提出用にまとめる（ZIP）", "−10.00%"):
        assert said in page, said


def test_a_member_sends_its_year_by_link_and_the_ledger_proposes_its_share(
    app: Flask, group: Group, clock: TestClock, superuser: Engine
) -> None:
    """Base first, then the year; the ledger's figure is a proposal until the shop takes it over, and no form can forge it."""
    shop = group.town.shop("みなと屋")
    hanako = group.town.consumer(coins=5_000)
    hanako.pays(shop, 1_200)
    with superuser.begin() as connection:  # the book's own clock is now; the year that is reported is two years past
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        moved = {"district_id": group.town.district_id, "last": datetime(2025, 3, 31, 14, 59, tzinfo=UTC)}
        connection.execute(text("UPDATE ledger.entry SET posted_at = :last WHERE district_id = :district_id"), moved)
    hanako.pays(shop, 700)  # of another year
    one = group.stands().reporting[0]
    kept = NewParty(one.name, True, merchant_id=shop.id)
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, one.id, kept, one.revision, now=clock())
    phone, page = Desk(app.test_client(), group.town, None), f"/asked/{group.asks(one.id)}"
    assert "基準の1年" in phone.sees(page).text
    year = {"sales": "3,000,000", "cost": "1,000,000", "employees": "2", "hours_per_employee": "1,800", "revision": "0"}
    refused = phone.presses(page, f"{page}/figures", **year | {"year": "0", "employees": "0"})
    assert refused.status_code == 422 and "E_EFF_NO_HOURS" in refused.text and "3,000,000" in refused.text
    forged = phone.presses(page, f"{page}/figures", **year | {"year": "0", "revision": "7"})
    assert forged.status_code == 303  # nobody can have seen a seventh saving: it is the first
    assert phone.presses(page, f"{page}/figures", **year, year="0").status_code == 303
    assert "1,200円 を引き継ぐ" in phone.sees(page).text
    assert phone.presses(page, f"{page}/figures", **year, year="1", local_sales="999", takes_over="on").status_code == 303
    figure = group.stands().figure(one.id, 1)
    assert (figure.local_sales, figure.is_from_book, figure.via) == (1_200, True, "link")
    assert "引き継ぎました" in phone.sees(page).text


def test_two_people_type_one_year_and_nothing_is_lost(group: Group, owner_engine: Engine) -> None:
    """Saved twice alike it is once; saved on top of what one has not seen it is refused; and the books cannot be edited."""
    one = group.stands().reporting[0].id
    group.reports(one, 1, 3_000_000, 1_000_000)
    group.reports(one, 1, 3_000_000, 1_000_000)
    assert group.stands().figure(one, 1).revision == 1
    with pytest.raises(FiguresChanged):
        group.reports(one, 1, 3_100_000, 1_000_000)
    group.reports(one, 1, 3_100_000, 1_000_000, revision=1)
    with pytest.raises(Exception, match="never"), owner_engine.begin() as connection:
        connection.execute(text("UPDATE subsidy_figure SET sales = 1"))


def test_what_cannot_be_is_refused_with_its_reason(group: Group, clock: TestClock) -> None:
    """No hours, a part above the whole, a year that is not over, a provider, a foreigner to the group."""
    one = group.stands().reporting[0].id
    for wrong, refusal in (
        ({"hours": 0}, FiguresNoHours),
        ({"local": 3_000_001}, LocalAboveSales),
        ({"year": 2}, FiguresTooSoon),
    ):
        with pytest.raises(refusal):
            group.reports(one, **{"year": 1, "sales": 3_000_000, "cost": 0} | wrong)
    with pytest.raises(FiguresNotAsked):
        group.reports(group.adds("会津システム", "provider"), 1, 1, 0)
    stranger = group.town.another_clerk("group_member").who
    with pytest.raises(ProjectUnknown):
        subsidy.commands.keep_figures(group.town.session, stranger, group.project_id, one, NewFigures(1, 1, 0, 1, 1), 0, now=clock())


def test_a_member_that_was_closed_says_why_and_the_group_is_told_in_both_readings(desk: Seat, group: Group) -> None:
    """Half of the hours and half of the profit are gone: the group, less the rent, grew by -5 %; without the closed shop by nothing."""
    one, two = (row.id for row in group.stands().reporting)
    for party in (one, two):
        group.reports(party, 0, 3_000_000, 1_000_000)
    group.reports(one, 1, 3_000_000, 1_000_000)
    with pytest.raises(FiguresNotClosed):
        group.reports(two, 1, 0, 100_000, closed="水害")
    group.reports(two, 1, 0, 100_000, hours=0, closed="水害で店を閉めた")
    found = report(group)
    assert (found.whole.effect.growth_year1_bp, found.without_closed.effect.growth_year1_bp) == (-500, 0)
    assert [fault.code for fault in found.of_member(two).faults] == ["E_EFF_NO_HOURS"]
    page = desk(group.lead).sees(f"/group/{group.project_id}/effect/1").text
    for said in (
        "計算できません",
        "休業: 水害で店を閉めた",
        "−5.00%",
        "除く読み方なら、基準からの伸びは 0.00% です",
        "提出用にまとめる（ZIP）",
    ):
        assert said in page, said
    with zipfile.ZipFile(io.BytesIO(desk(group.lead).sees(f"/group/{group.project_id}/effect/1/package.zip").data)) as packed:
        row = list(openpyxl.load_workbook(io.BytesIO(packed.read("効果報告1年目.xlsx"))).active.iter_rows(values_only=True))[-1]
        assert (row[6], row[-1]) == ("計算できません", "水害で店を閉めた")
        with pdfplumber.open(io.BytesIO(packed.read("効果報告1年目.pdf"))) as paper:
            assert "水害で店を閉めた" in re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))
    group.reports(one, 1, 0, 0, hours=0, closed="病気", revision=1)
    assert [fault.code for fault in report(group).whole.faults] == ["E_EFF_NO_HOURS"]  # nobody worked: nothing can be divided


def test_a_loss_in_the_base_is_said_in_plain_words(desk: Seat, group: Group) -> None:
    """E_EFF_BASE_NONPOSITIVE: growth from below zero is no growth; the page says what to do."""
    for row in group.stands().reporting:
        group.reports(row.id, 0, 1_000_000, 2_000_000)
        group.reports(row.id, 1, 2_000_000, 1_000_000)
    page = desk(group.lead).sees(f"/group/{group.project_id}/effect/1").text
    assert "E_EFF_BASE_NONPOSITIVE" in page and "基準の粗利益が0以下" in page
    assert desk(group.lead).sees(f"/group/{group.project_id}/effect/1/package.zip").status_code == PackIncomplete.status


def test_the_package_holds_what_the_page_says_and_filing_fixes_it(desk: Seat, group: Group) -> None:
    """PDF, workbook and list of fingerprints; once the report is noted as filed, its figures and the base are fixed."""
    for row in group.stands().reporting:
        group.reports(row.id, 0, 3_000_000, 1_000_000)
        group.reports(row.id, 1, 3_150_000, 1_000_000)
    seat = desk(group.lead)
    answer = seat.sees(f"/group/{group.project_id}/effect/1/package.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        names = packed.namelist()
        assert names == ["効果報告1年目.pdf", "効果報告1年目.xlsx", "SHA256SUMS.txt"]
        sheet = openpyxl.load_workbook(io.BytesIO(packed.read(names[1]))).active
        assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [3_000_000, 3_150_000] * 2
        with pdfplumber.open(io.BytesIO(packed.read(names[0]))) as paper:
            words = re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))
    assert "7.50%" in words and "4,300,000" in words and "湯の町デジタル化" in words
    assert group.steps()[:1] == ["file_report"]
    group.notes("report1_filed", date(2025, 4, 2))
    for year in (0, 1):
        with pytest.raises(FiguresFixed):
            group.reports(group.stands().reporting[0].id, year, 1, 0, revision=1)


def test_members_are_reminded_by_mail_once_a_day_and_the_others_are_named(desk: Seat, group: Group, clock: TestClock) -> None:
    """The mail has a page of its own behind it; whoever has no address is listed, to be called."""
    one = group.stands().reporting[0]
    told = NewParty(one.name, True, contact=Contact(name="花", mail="hana@example.jp"))
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, one.id, told, one.revision, now=clock())
    seat, page = desk(group.lead), f"/group/{group.project_id}/effect/1"
    answer = seat.presses(page, f"{page}/remind")
    assert "1者に、数字を入れるページをメールで送りました" in answer.text and "2番の店" in answer.text
    post = identity.queries.mailbox(group.town.session, group.town.district_id)[0]
    path = re.search(r"/asked/\S+", str(post.facts["link"]))
    assert post.to == "hana@example.jp" and path
    assert "1年の数字" in seat.sees(path[0]).text
    assert "今日もう送ってある: 1者" in seat.presses(page, f"{page}/remind").text


def test_reminders_go_out_by_themselves_once_and_letters_wait_for_the_others(desk: Seat, group: Group, clock: TestClock) -> None:
    """A week and a month before the last day, and for a link that nobody answered; what a member was asked for stays asked for."""
    one, two = group.stands().reporting
    told = NewParty(one.name, True, contact=Contact(name="花", mail="hana@example.jp"))
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, one.id, told, one.revision, now=clock())
    asked = group.asks(one.id, "D_IDENTITY")

    def works() -> list[str]:
        subsidy.commands.send_reminders(group.town.session, lambda _host: "https://meguri.example", now=clock())
        return [f"{post.to} {post.letter.subject}" for post in identity.queries.mailbox(group.town.session, group.town.district_id)]

    noon = clock.now
    for clock.now in (datetime(2025, 4, 1, 22, 59, tzinfo=UTC), datetime(2025, 4, 2, 11, tzinfo=UTC)):
        assert works() == []  # 7:59 and 20:00 in Tokyo
    clock.now = noon
    figures, papers = "効果報告の数字をお願いします", "お願いした書類がまだ届いていません"
    assert [mail.endswith(figures) for mail in works()] == [True]
    assert works() == works() and len(works()) == 1  # 2 April: the last day is the 30th
    seat = desk(group.lead)
    assert seat.sees(f"/asked/{asked}").status_code == 200  # the link of before lives
    clock.advance(days=8)
    assert [mail.endswith(papers) for mail in works()] == [True, False]
    seat = desk(group.lead.signs_in_again())
    post = identity.queries.mailbox(group.town.session, group.town.district_id)[0]
    assert str(post.facts["link"]).startswith("https://meguri.example/asked/")
    behind = seat.sees(str(post.facts["link"]).removeprefix("https://meguri.example")).text
    assert "本人確認" in behind and "1年の数字" in behind
    page = f"/group/{group.project_id}/reminders"
    seen = seat.sees(page).text
    assert "手紙で出すもの 1者" in seen and two.name in seen and "メール（ひとりでに）" in seen
    sheet = seat.presses(page, f"{page}/letters").text
    assert f"{two.name} 御中" in sheet and "/asked/" in sheet and "4月30日(水)までに" in sheet  # the page lives longer than that
    assert "<li>1年目（2024年4月1日から2025年3月31日まで）</li>" in sheet and "ほかの枠" not in sheet  # that was asked before the plan
    assert "手紙で出すもの 1者" not in seat.sees(page).text
    clock.advance(days=13)  # 23 April: a week is left
    works()
    assert "手紙で出すもの 1者" in desk(group.lead.signs_in_again()).sees(page).text
    for row in (one, two):
        for year in (0, 1):
            group.reports(row.id, year, 3_000_000, 1_000_000)
    before = len(works())
    clock.advance(days=1)
    assert len(works()) == before


def test_a_member_reads_what_is_asked_of_it_and_from_when_again(desk: Seat, group: Group) -> None:
    """The line at the top of its own page: the year that is missing, then that there is nothing and after which day there is."""
    shop, keeper = group.stands().reporting[0].id, group.town.another_clerk("consumer")
    subsidy.commands.take_seat(group.town.session, keeper.who, group.asks(shop), now=group.town.now)
    seat, page = desk(keeper.signs_in_again()), f"/group/{group.project_id}/mine"
    assert "基準の1年の数字を入れる" in seat.sees(page).text
    group.reports(shop, 0, 3_000_000, 1_000_000)
    group.reports(shop, 1, 3_200_000, 1_000_000)
    told = seat.sees(page).text
    assert "いま、することはありません" in told and "次の数字は、2026年3月31日(火)の後にお願いします" in told
