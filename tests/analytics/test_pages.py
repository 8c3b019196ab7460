"""The pages of insight: a card a finding, the picture drawn from what was published, and a plain word where there is none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from analytics import snapshot
from analytics.queries import Chart, Series, Words
from analytics.views import drawing
from analytics.views.drawing import WIDTH, draw
from tests.analytics.payments import QUICK
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]

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
    """Twelve people paid at two shops last month: the picture, the table and the file say the same, and nobody is named."""
    bath, tea = district.shop("外湯"), district.shop("喫茶")
    for _ in range(12):
        person = district.consumer(coins=3_000)
        person.pays(bath, 500)
        person.pays(tea, 800)
    district.seals()
    month = f"{district.today:%Y-%m}"
    district.month_passes()
    district.clock.advance(days=3)
    snapshot.of(district.session).follow(district.session, district.district_id)
    seat = desk(district.another_clerk("auditor"))
    page = seat.sees(f"/desk/insight?month={month}").text
    assert "外湯 → 喫茶: 10" in page and 'role="img"' in page and "花子" not in page
    table = seat.sees(f"/desk/insight/circulation.csv?month={month}")
    assert table.status_code == 200 and "外湯,喫茶,10" in table.text


def test_a_town_without_columns_says_so_on_every_card(desk: Seat, district: Town) -> None:
    auditor = desk(district.another_clerk("auditor"))
    assert auditor.sees("/desk/insight?month=9999-12").status_code == 200  # after which the calendar ends
    answer = auditor.sees("/desk/insight?month=nonsense")
    assert answer.status_code == 200 and "分析用データを作る設定になっていません" in answer.text


def test_an_owner_sees_the_own_shop_and_nothing_of_the_district(desk: Seat, district: Town) -> None:
    owner = desk(SimpleNamespace(person_id=district.shop().owner.person_id))
    assert owner.sees("/shop/insight").status_code == 200
    assert owner.sees("/desk/insight").status_code == 403
