"""The pages of insight: a card a finding, the picture drawn from what was published, and a plain word where there is none."""

from __future__ import annotations

import ast
import io
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from flask import Flask, url_for
from hypothesis import example, given
from hypothesis import strategies as st
from numba.core.event import install_recorder

from analytics import commands, queries, reports, snapshot
from analytics.kernels import ready
from analytics.models import InsightMonthEnd
from analytics.queries import Chart, Series, Words
from analytics.queries.actions import NEEDS, TO_THE_MEETING, for_reader
from analytics.reports import EVERY, REPORTS
from analytics.reports.ahead import ahead
from analytics.reports.measured import NOTHING_MEASURED, Measured
from analytics.views import drawing
from analytics.views.drawing import NARROW, WIDTH, draw
from analytics.views.intervals import intervals
from base.db import atomic
from tests.analytics.payments import QUICK
from tests.analytics.test_reports import Diary, year
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk", "year"]

HIDDEN = "10人未満のため非表示"
NUMBERS = st.one_of(st.none(), st.integers(0, 10**9))


def same(words: str) -> str:
    return words


def series(*values: int | None) -> Series:
    return Series(Words("客"), values)


@QUICK
@example("bars", [8, None], True)
@given(st.sampled_from(["line", "bars", "heat"]), st.lists(NUMBERS, min_size=1, max_size=24), st.booleans())
def test_every_shape_stands_on_the_sheet(kind, values, has_losses):
    """However large or few the numbers: nothing is cut off at the left or the right, and nothing hangs below."""
    if has_losses and kind == "bars":
        values = [value if value is None else -value for value in values]
    marks = tuple(f"{place}番めの長い名前のお店" for place in range(len(values)))
    drawn = draw(Chart(kind, "yen", marks, (series(*values),)), same, HIDDEN)
    if not any(values):
        assert drawn is None
        return
    assert drawn is not None
    for shape in drawn.shapes:
        if shape.kind == "rect":
            assert shape.x >= -0.1 and shape.x + shape.width <= WIDTH + 0.1
            assert shape.y >= -0.1 and shape.y + shape.height <= drawn.height + 0.1
            assert shape.width >= 0 and shape.height >= 0


@QUICK
@example([], True)
@example([(0, 0, 0)], False)
@given(st.lists(st.tuples(*[st.integers(-(10**6), 10**6)] * 3).map(sorted).map(tuple), max_size=8), st.booleans())
def test_each_estimate_lies_on_its_line_within_the_sheet(estimates, has_gap):
    """Gains and losses, on a desk and on a phone; of whom nothing is told there is no line."""
    rows = [(middle, low, high) for low, middle, high in estimates] + ([(None, None, None)] if has_gap else [])
    chart = Chart(
        "intervals", "yen", tuple(f"クーポン{place}" for place in range(len(rows))), tuple(map(series_of, zip(*rows, strict=True)))
    )
    for width in (WIDTH, NARROW):
        drawn = intervals(chart, same, width) if rows else None
        assert (drawn is None) == (not estimates)
        for shape in drawn.shapes if drawn else ():
            if shape.kind == "rect":
                assert shape.x >= -0.1 and shape.x + shape.width <= width + 0.1 and shape.y + shape.height <= drawn.height + 0.1
                assert shape.words.startswith("クーポン")


def series_of(values: tuple[int | None, ...]) -> Series:
    return Series(Words("額"), values)


def test_what_is_withheld_is_hatched_and_never_zero():
    drawn = draw(Chart("bars", "people", ("甲", "乙"), (series(20, None),)), same, HIDDEN)
    assert drawn is not None
    hatched = [shape for shape in drawn.shapes if shape.style == "hatched"]
    assert [shape.words for shape in hatched] == [f"乙: {HIDDEN}"]
    assert not any(shape.kind == "text" and shape.words == "0" for shape in drawn.shapes)


def test_bars_are_as_long_as_their_numbers_and_a_loss_lies_left_of_zero():
    drawn = draw(Chart("bars", "yen", ("甲", "乙"), (series(300, -150),)), same, HIDDEN)
    assert drawn is not None
    gain, loss = (shape for shape in drawn.shapes if shape.kind == "rect")
    assert gain.width == pytest.approx(2 * loss.width, abs=0.2) and loss.x + loss.width == pytest.approx(gain.x, abs=0.2)
    assert {"▲ 300", "▼ 150"} <= {shape.words for shape in drawn.shapes}


def test_hours_of_which_nothing_is_told_are_left_out_of_the_picture():
    rows = (series(None, None, 40, None, 90, None), series(None, None, None, 20, 30, None))
    drawn = draw(Chart("heat", "people", tuple("012345"), rows), same, HIDDEN)
    assert drawn is not None
    assert [shape.words for shape in drawn.shapes if shape.kind == "text" and shape.y == 14] == ["2", "3", "4"]
    assert sum(shape.style == "hatched" for shape in drawn.shapes) == 2


def test_a_number_of_the_heat_map_does_not_touch_the_cell_beside_it():
    """Fifteen hours leave room for 1050, not for 1,050; where there is room the separator stands."""
    for hours, said in ((15, "1050"), (4, "1,050")):
        drawn = draw(Chart("heat", "yen", tuple(str(hour) for hour in range(hours)), (series(*[1_050_000] * hours),)), same, HIDDEN)
        assert drawn is not None
        numbers = [shape for shape in drawn.shapes if shape.style == "on-dark"]
        assert {shape.words for shape in numbers} == {said}
        between = numbers[1].x - numbers[0].x
        assert all(0 < shape.width < between - 6 if hours == 15 else not shape.width for shape in numbers), "in whatever font, with a gap"


def test_bands_between_shops_are_as_wide_as_their_people():
    drawn = draw(Chart("flows", "people", ("湯 → 茶", "湯 → 蕎麦", "茶 → 湯"), (series(60, 30, 30),)), same, HIDDEN)
    assert drawn is not None
    heights = {shape.words: shape.height for shape in drawn.shapes if shape.kind == "rect"}
    assert heights["湯: 90"] == pytest.approx(160 * 90 / 120, abs=0.1) and heights["茶: 60"] == pytest.approx(80, abs=0.1)
    assert sum(shape.kind == "path" for shape in drawn.shapes) == 3
    assert drawn.height > drawing.NODE * 2


@pytest.fixture
def columns(app: Flask, district: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The book of the town as columns, and pages that know where they lie."""
    folder = tmp_path / "columns"
    district.session.info["columns_folder"] = folder
    monkeypatch.setattr(
        "analytics.snapshot.of", lambda _session, found=snapshot.of: found(SimpleNamespace(info={"columns_folder": folder}))
    )
    return folder


def test_a_coordinator_reads_what_the_town_did_and_takes_the_table_along(desk: Seat, district: Town, columns: Path) -> None:
    """Twelve people paid at two shops in the last quarter: the picture, the table and the file say the same, and nobody is named."""
    bath, tea = district.shop("外湯"), district.shop("喫茶")
    for _ in range(12):
        person = district.consumer(coins=3_000)
        person.pays(bath, 500)
        person.pays(tea, 800)
    district.seals()
    district.month_passes()
    while district.today.month % 3 != 1:
        district.month_passes()
    month = f"{district.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    district.clock.advance(days=3)
    snapshot.of(district.session).follow(district.session, district.district_id)
    seat = desk(district.another_clerk("auditor"))
    page = seat.sees(f"/desk/insight?month={month}").text
    assert "外湯 → 喫茶: 10" in page and 'role="img"' in page and "花子" not in page
    lead = desk(district.another_clerk("group_lead")).sees(f"/desk/insight?month={month}").text
    assert "外湯 → 喫茶" not in lead and "お店が3軒に足りない" in lead, "who leads a group may own the one shop and know the other's by it"
    table = seat.sees(f"/desk/insight/circulation.csv?month={month}")
    assert f"/desk/insight/month.pdf?month={month}" in page and f"/desk/insight/meeting.pdf?month={month}" in page
    assert table.status_code == 200 and "外湯,喫茶,10" in table.text


def test_no_page_waits_for_the_compiler(desk: Seat, district: Town, columns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing compiled a page says that it is being prepared, and compiles nothing; what the worker has made it shows all the same."""
    for _ in range(12):
        district.consumer(coins=3_000).pays(district.shop("外湯"), 500)
    district.seals()
    district.month_passes()
    month = f"{district.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    district.clock.advance(days=3)
    snapshot.of(district.session).follow(district.session, district.district_id)
    seat, empty = desk(district.another_clerk("auditor")), tmp_path / "nothing compiled"
    monkeypatch.setattr(ready, "is_ready", lambda: ready.mark(empty).exists())
    with install_recorder("numba:compile") as compiled:
        page = seat.sees(f"/desk/insight?month={month}").text
        assert "計算の準備中です" in page and "f-pulse" in page
        assert seat.sees(f"/desk/insight/profile.csv?month={month}").status_code == 503
    assert compiled.buffer == [] and not empty.exists()
    ahead(snapshot.of(district.session), [district.district_id])
    page = seat.sees(f"/desk/insight?month={month}").text
    assert "計算の準備中です" not in page.split("f-customers")[1].split("</section>")[0]


def test_a_lead_of_two_shops_is_told_by_every_door_that_there_are_too_few(desk: Seat, district: Town, columns: Path) -> None:
    """Twelve people paid at the only shop: the association reads its month, whoever may own a shop reads why nothing is told. Also after
    the association has asked, whose answer is kept."""
    bath = district.shop("外湯")
    for _ in range(12):
        district.consumer(coins=3_000).pays(bath, 500)
    district.seals()
    district.month_passes()
    month = f"{district.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    district.clock.advance(days=3)
    snapshot.of(district.session).follow(district.session, district.district_id)
    seats = [desk(district.another_clerk(role)) for role in ("auditor", "group_lead")]
    staff, lead = (seat.sees(f"/desk/insight?month={month}").text for seat in seats)
    for name in ("routes", "covisits"):
        assert [f"f-{name}" in page for page in (staff, lead)] == [True, False], "which shops share people is the association's to know"
        assert [seat.sees(f"/desk/insight/{name}.csv").status_code for seat in seats] == [200, 403]
    few = "お客様の来たお店が3軒に足りない"
    assert "6,000" in staff and few not in staff
    assert "6,000" not in lead and lead.count(few) >= 3


def test_a_mark_holds_for_these_sources_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that was touched, or another processor, and the compiler would have to work again: so nobody is told that all is ready."""
    ready.mark(tmp_path).touch()
    assert ready.mark(tmp_path).exists()
    monkeypatch.setattr(ready, "_processor", lambda: "another one")
    assert not ready.mark(tmp_path).exists()
    monkeypatch.undo()
    sources = shutil.copytree(ready.HERE, tmp_path / "kernels")
    monkeypatch.setattr(ready, "HERE", sources)
    assert ready.mark(tmp_path).exists()
    (sources / "rfm.py").touch()
    assert not ready.mark(tmp_path).exists()


def printed_words(answer: Any) -> list[str]:
    """Each page of a PDF as text without its gaps."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return ["".join(sheet.get_textpage().get_text_range().split()) for sheet in pypdfium2.PdfDocument(io.BytesIO(answer.data))]


def lively_answers(monkeypatch: pytest.MonkeyPatch, diary: Diary, measured: Measured = NOTHING_MEASURED) -> None:
    """The doors answer from a diary and what was measured, in March 2026."""

    def answered(_session: Any, _who: Any, name: str, *, now: Any, last: date | None = None, for_outsiders: bool = False) -> queries.Asked:
        report = EVERY[name]
        end = date(2026, 4, 1) if last is None else last + timedelta(days=1)
        period = reports.Period(reports.before(end, report.months), end) if report.months else reports.Period(last or end, end)
        return queries.asked(report, period, diary.answers(name, period, is_outside=for_outsiders, measured=measured))

    monkeypatch.setattr(queries, "district_report", answered)


def test_the_report_of_the_month_says_on_four_pages_what_the_answers_say(
    desk: Seat, district: Town, year: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sentence is printed as it was told, its figures too; what one shop earned is on neither paper."""
    diary = Diary()
    diary.paid = list(year.paid)
    for person in range(60):
        diary.pays("2026-03-18 12:00", person, 0, 900)
    lively_answers(monkeypatch, diary, Measured(survey={("足湯の札", date(2026, 3, 1)): {"また来たい": 57, "もう来ない": 3}}))
    the_month_ended(district, date(2026, 3, 1))
    keeper = district.another_clerk("administrator").who
    commands.add_source(district.session, keeper, commands.NewSource("survey", "足湯の札", "", 86_400, ""), key=uuid4(), now=district.now)
    seat = desk(district.another_clerk("auditor"))
    found = printed_words(seat.sees("/desk/insight/month.pdf"))
    assert len(found) == 4
    coupon = "受け取った人の支払いは、似た買い方の人とくらべて、1人1週あたり約320円増えました（150〜490円）。"
    spring = "4月4日（土曜）がにぎわいます。"
    assert "このほかに3件を計算しました" in found[2] and "このほかの1件は、まだ計算していないか" in found[2]
    assert f"足湯クーポン:{coupon}" in found[0] and f"足湯クーポン:{coupon}" in found[2] and "春の10%-40（-210〜130）" in found[2]
    assert "2026年3月の「足湯の札」でいちばん多い答えは「また来たい」で、50人以上です。" in found[0]
    assert spring in found[0] and spring in found[3] and "MASE" in found[3] and "仕込み" not in "".join(found)
    told = {name: diary.answers(name, is_outside=True) for name in ("profile", "circulation", "cohorts", "rfm", "customers")}
    told["movers"] = diary.answers("movers")
    for page, names in ((0, ()), (1, ("profile", "circulation")), (2, ("cohorts", "rfm"))):
        for name in names:
            sentence = "".join(told[name].sentence.said(same).split())
            assert sentence in found[page] and sentence in found[0]
    new, returning, _ = told["customers"].rows
    assert f"{new[2] + returning[2]:,}円のお支払い" in found[0] and f"{new[1]}人以上" in found[0] and f"{returning[1]}人以上" in found[0]
    for mark, value in zip(told["circulation"].chart.marks, told["circulation"].chart.series[0].values, strict=True):
        assert value is None or all(name.replace(" ", "") in found[1] for name in mark.split(" → "))
    facts = told["movers"].sentence.facts
    assert f"{facts['percent']}%（{facts['yen']:,}円）" in found[3] and "10人単位の切り下げ" in found[3]
    assert "みなと屋" in told["movers"].sentence.said(same) and "みなと屋" not in found[3]
    for shop, was, now, _change in told["movers"].rows[:6]:
        assert f"{was:,}" not in "".join(found) and f"{now:,}" not in "".join(found), shop
    [sheet] = printed_words(seat.sees("/desk/insight/meeting.pdf"))
    assert sheet.count("次にすること") == 3 and coupon in sheet and spring in sheet
    assert "同じ業種のお店を結ぶクーポンを作る" in sheet and "2軒を結ぶ" not in sheet


def the_month_ended(district: Town, month: date) -> None:
    """What its end left: 28 days with a Saturday that stands out, and what a coupon and campaigns had brought: more than fit."""
    days, shut = [310_000, *[190_000] * 6] * 4, [False] * 28
    ahead = {"way": "calendar", "shut": shut, "mase": {"calendar": 0.71, "naive": 1.02}, "tried": 16}
    yen, people = (
        {**ahead, **{part: [day * of // 100 // by for day in days] for part, of in (("low", 70), ("expected", 100), ("high", 130))}}
        for by in (1, 2_000)
    )
    hint = {"text": "%(day)sがにぎわいます。", "facts": {"day": "2026-04-04"}, "reason": ""}
    for_a_shop = {"text": "仕込みを控えめに。", "facts": {}, "reason": ""}
    estimate = {"takers": 64, "pairs": 51, "before": 4, "by_week": [0.0] * 8, "by_week_room": [90.0] * 8, "trend_p": 0.6}
    effects = [
        {"of": "coupon", "name": "足湯クーポン", "found": {**estimate, "verdict": "more", "effect": 320, "low": 150, "high": 490}},
        {"of": "campaign", "name": "春の10%", "found": {**estimate, "verdict": "zero", "effect": -40, "low": -210, "high": 130}},
    ]
    effects += [effects[1] | {"name": f"雪の{number}日"} for number in range(4)] + [{"of": "campaign", "name": "毎日", "found": None}]
    row = InsightMonthEnd(district_id=district.district_id, month=month, made_at=district.now, effects=effects)
    row.forecast = {"yen": yen, "people": people, "hints": [hint, for_a_shop]}
    with atomic(district.session):
        district.session.add(row)


def test_a_town_of_which_nothing_can_be_told_has_its_papers_too(desk: Seat, district: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody came: the papers say that they cannot say it, and no zero stands for what is withheld."""
    lively_answers(monkeypatch, Diary())
    seat = desk(district.another_clerk("auditor"))
    found = printed_words(seat.sees("/desk/insight/month.pdf"))
    assert len(found) == 4 and all("まだ言えません" in page for page in found) and found[0].count(HIDDEN) == 4
    [sheet] = printed_words(seat.sees("/desk/insight/meeting.pdf"))
    assert sheet.count("まだ言えません") == 3
    english = printed_words(seat.sees("/desk/insight/month.pdf?lang=en"))
    assert len(english) == 4 and not re.search("[ぁ-ん]", english[3])


def test_the_papers_are_for_whoever_may_ask_for_the_district(desk: Seat, district: Town) -> None:
    """Not for an owner; and where there are no columns the page says so instead of an empty paper."""
    owner = desk(SimpleNamespace(person_id=district.shop().owner.person_id))
    clerk = desk(district.another_clerk("auditor"))
    for paper in ("month", "meeting"):
        assert owner.sees(f"/desk/insight/{paper}.pdf").status_code == 403
        refused = clerk.sees(f"/desk/insight/{paper}.pdf")
        assert refused.mimetype == "text/html" and "分析用データを作る設定になっていません" in refused.text


@pytest.mark.parametrize("role", ["issuer", "approver", "auditor", "administrator", "group_lead", "owner"])
def test_each_finding_leads_to_a_page_that_its_reader_may_use(
    app: Flask, desk: Seat, district: Town, year: Diary, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """Whoever makes coupons gets the form, the others of the desk the paper with which to ask for one, an owner the own pages: no door is
    shut, and none is missing."""
    lively_answers(monkeypatch, year)
    person = district.shop().owner if role == "owner" else district.another_clerk(role).who
    scope, shop = ("shop", 0) if role == "owner" else ("district", None)
    answers = [year.answers(name, shop=shop) for name, report in REPORTS.items() if scope in report.scopes and report.months]
    found = {for_reader(answer, person).action for answer in answers if answer.action is not None}
    assert found and (TO_THE_MEETING in found) == (role in ("approver", "auditor", "group_lead"))
    seat = desk(SimpleNamespace(person_id=person.person_id))
    for action in found:
        assert action is not None
        with app.test_request_context():
            path = url_for(action.endpoint)
        assert seat.sees(path).status_code == 200, action
    every = {node.args[1].value for node in all_actions()}
    assert every == {*NEEDS, TO_THE_MEETING.endpoint} and every <= set(app.view_functions)


def all_actions() -> list[Any]:
    """Each `Action("…", "endpoint")` that stands in the code."""
    calls = (node for path in Path(reports.__file__).parent.parent.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    return [node for node in calls if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Action"]


def test_a_town_without_columns_says_so_on_every_card(desk: Seat, district: Town) -> None:
    auditor = desk(district.another_clerk("auditor"))
    assert auditor.sees("/desk/insight?month=9999-12").status_code == 200  # after which the calendar ends
    answer = auditor.sees("/desk/insight?month=nonsense")
    assert answer.status_code == 200 and "分析用データを作る設定になっていません" in answer.text


def test_an_owner_sees_the_own_shop_and_nothing_of_the_district(desk: Seat, district: Town) -> None:
    owner = desk(SimpleNamespace(person_id=district.shop().owner.person_id))
    assert owner.sees("/shop/insight").status_code == 200
    assert owner.sees("/desk/insight").status_code == 403
