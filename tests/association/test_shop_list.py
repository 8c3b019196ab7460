"""The list of shops goes out to a spreadsheet and comes back by paste: looked at line by line, and only differences are kept."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

import association.queries
from association.rules.benefit_file import read_list
from base.row_file import named_rows, rows_of
from tests.association.test_pages import Desk
from tests.town import Town

PAGE = "/desk/shops/list"
HEADS = ("番号", "お店", "よみ", "英語の名前", "業種", "店の規模", "所在地", "登録番号")


class List:
    """A clerk with the shops' table in a spreadsheet."""

    def __init__(self, app: Flask, town: Town) -> None:
        self.town = town
        self.first, self.second = town.shop("=みなと屋"), town.shop("民宿 あおば")
        self.clerk = town.another_clerk("issuer")
        self.seat = Desk(app.test_client(), town, self.clerk)

    def table(self, *, lang: str = "ja") -> list[list[str]]:
        sent = self.seat.sees(f"/desk/shops.csv?lang={lang}").data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(sent)))

    def pastes(self, rows: list[list[str]], **more: str) -> TestResponse:
        return self.seat.presses(PAGE, PAGE, pasted="\n".join("\t".join(row) for row in rows), **more)

    def plan_of(self, answer: TestResponse) -> str:
        return re.search(r'name="plan" value="([0-9a-f]{64})"', answer.text)[1]  # type: ignore[index]

    def facts(self, number: str) -> tuple[str, ...]:
        listed = association.queries.listed_shops(self.town.session, self.clerk.who)
        return next((s.name, s.name_kana, s.trade, s.size, s.address) for s in (each.shop for each in listed) if s.public_number == number)


@pytest.fixture
def desk_list(app: Flask, district: Town) -> List:
    return List(app, district)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_goes_out_comes_back_unchanged(desk_list: List, lang: str) -> None:
    """In either language, with a name that a spreadsheet would run: nothing differs, and there is no button."""
    answer = desk_list.pastes(desk_list.table(lang=lang))
    same = {"ja": "いまの登録と違うところはありません。", "en": "Nothing differs from what is registered."}[lang]
    assert answer.status_code == 200 and same in answer.text and not re.search('name="plan"|<ins>|chip--danger', answer.text)


def test_only_differences_are_kept_and_only_once_looked_at(desk_list: List) -> None:
    """A reading, a trade, a size and an address; the number in full width and without its zeros; a new shop waits for another person."""
    number = desk_list.second.place().public_number
    wide = number.lstrip("0").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    rows = [list(HEADS), [wide, "民宿 あおば", "みんしゅくあおば", "Aoba Inn", "民宿", "大型店", "灯ノ沢 9-9", ""]]
    rows.append(["", "茶房 ゆ", "さぼうゆ", "Yu Tea", "喫茶", "", "灯ノ沢 1-1", ""])
    before = desk_list.facts(number)
    looked_at = desk_list.pastes(rows)
    assert desk_list.facts(number) == before, "looking keeps nothing"
    assert "<del>" in looked_at.text and "灯ノ沢 9-9" in looked_at.text and "茶房 ゆ" in looked_at.text
    assert desk_list.pastes(rows, plan=desk_list.plan_of(looked_at)).status_code == 303
    assert desk_list.facts(number) == ("民宿 あおば", "みんしゅくあおば", "民宿", "large", "灯ノ沢 9-9")
    waiting = list(association.queries.listed_shops(desk_list.town.session, desk_list.clerk.who, states=("applied",)))
    assert [(each.shop.name, each.is_mine) for each in waiting] == [("茶房 ゆ", True)]
    log = "SELECT subject FROM access_log WHERE district_id = :d AND command = 'association.edit_shop' AND subject LIKE 'shop:%'"
    said = desk_list.town.session.scalars(text(log), {"d": desk_list.town.district_id}).all()
    assert said == [f"shop:{desk_list.second.id} name_kana name_en trade address size"]
    again = desk_list.pastes(rows, plan=desk_list.plan_of(looked_at))
    assert again.status_code == 409 and "E-6984" in again.text, "the same press changes nothing twice"


def test_each_wrong_line_says_why_and_is_left_out(desk_list: List) -> None:
    """A number of nobody, a number twice, a new shop without its reading, a size that is none; the good line is shown all the same."""
    number = desk_list.first.place().public_number
    rows = [["番号", "お店", "よみ", "店の規模"], ["999999", "x", "", ""], [number, "湊屋", "みなと", ""], [number, "湊屋", "みなと", ""]]
    rows += [["", "新しい店", "", ""], [desk_list.second.place().public_number, "民宿 あおば", "aoba", "中くらい"]]
    answer = desk_list.pastes(rows)
    for words in ("この番号のお店はありません", "同じ番号が、前の行にもあります", "入れてください。", "「中小店」か「大型店」"):
        assert words in answer.text, words
    twin = ["", "民宿 あおば", "みんしゅく", "Aoba", "宿泊", "", "灯ノ沢 2", ""]
    assert "同じ名前のお店がもうあります" in desk_list.pastes([list(HEADS), twin]).text
    assert answer.text.count("<ins>") == 2, "the name and the reading of the one good line"


def test_a_stranger_to_the_task_pastes_nothing(app: Flask, district: Town) -> None:
    """An auditor looks at shops, and neither sees the box nor posts to it."""
    seat = Desk(app.test_client(), district, district.another_clerk("auditor"))
    assert seat.sees(PAGE).status_code == 403 and PAGE not in seat.sees("/desk/shops").text


def test_cells_of_a_spreadsheet_hold_their_commas() -> None:
    """Pasted amounts show separators; a card's number and a person's keep their zeros; the same reader as the file's."""
    [line, card] = read_list("番号\t氏名\t金額\n００１２\t花子\t1,000円\n0000123412341234\t\t２，５００\n".encode())
    assert (line.number, line.amount, card.number, card.amount) == ("0012", 1_000, "0000123412341234", 2_500)


CELLS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12).map(str.strip)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS.filter(bool), CELLS), min_size=1, max_size=6), tabs=st.booleans(), order=st.permutations(range(3))
)
def test_whatever_the_order_of_columns_each_cell_is_its_own(rows: list[tuple[str, str, str]], tabs: bool, order: list[int]) -> None:
    """As a spreadsheet writes them, with tabs or commas: what stood under a title is read under it, letter by letter."""
    heads = {"a": ("番号", "No."), "b": ("お店",), "c": ("よみ",)}
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if tabs else ",")
    for row in [("番号", "お 店", "よみ"), *rows]:
        writer.writerow([row[at] for at in order])
    found = list(named_rows(rows_of(out.getvalue().encode(), bytes_max=10_000, lines_max=10), heads, wanted="b"))
    assert [(each.cells["a"], each.cells["b"], each.cells["c"]) for each in found] == rows
