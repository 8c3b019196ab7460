"""品目: one by one, and as a list that comes in whole or not at all."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

import merchant.commands
import merchant.queries
from ledger.errors import KeyReused
from merchant.errors import ArticleTaxDiffers, BarcodeTaken, PricesReadAnew
from merchant.queries import ArticleFacts, RegisterChoice
from merchant.rules.barcode import jan
from tests.conftest import TestClock
from tests.merchant.test_pages import Tablet
from tests.town import Shop, Town

MANJU = ArticleFacts("まんじゅう 4個箱", "まんじゅう", "菓子", 540, True, 8, False, None, "4901234567894", 10)
SHEET = """品名,分類,値段,税率,税込み・税抜き,店内でも出す,JANコード
絵はがき,雑貨,200,10%,税込み,いいえ,
お茶と一個,店内,"1,350",8,,はい,49123456
"""


@pytest.fixture
def shop(district: Town) -> Shop:
    return district.shop()


@pytest.fixture
def desk(client: FlaskClient, district: Town, shop: Shop) -> Tablet:
    return Tablet(client, district, owner=shop)


def names(shop: Shop) -> list[str]:
    return [row.facts.name for row in merchant.queries.articles(shop.town.session, shop.town.district_id, shop.id)]


def sends_list(desk: Tablet, content: bytes, **more: object) -> TestResponse:
    path = "/shop/articles/list"
    return desk.sends(path, path, file=(io.BytesIO(content), "articles.csv"), **more)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4901234567894", "4901234567894"),
        ("4901234567895", None),
        ("49123456", "49123456"),
        ("036000291452", "0036000291452"),
        ("４９１２３４５６", None),
        ("12345", None),
    ],
)
def test_a_barcode_checks_itself(typed: str, kept: str | None) -> None:
    """JAN of 13 and 8 digits, UPC of 12; a wrong digit is seen."""
    assert jan(typed) == kept


def test_an_article_is_added_once_and_its_barcode_is_its_own(district: Town, shop: Shop) -> None:
    """The same intention twice is one article; two cannot share a code, but what is over gives its code free."""
    key = uuid4()
    add = merchant.commands.add_article
    first = add(district.session, shop.owner, shop.id, MANJU, key=key, now=district.now)
    assert add(district.session, shop.owner, shop.id, MANJU, key=key, now=district.now) == first
    with pytest.raises(KeyReused):  # back to the form, and another name: it must not be lost in silence
        add(district.session, shop.owner, shop.id, replace(MANJU, name="甘酒", barcode=None), key=key, now=district.now)
    with pytest.raises(BarcodeTaken):
        add(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now)
    merchant.commands.end_article(district.session, shop.owner, shop.id, first, now=district.now)
    assert add(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now) != first
    assert names(shop) == ["まんじゅう 4個箱"]


def test_the_owner_writes_articles_and_what_does_not_fit_is_said_at_its_field(desk: Tablet, shop: Shop) -> None:
    """The form: full-width digits are read, and a rate for eating here wants a reduced article."""
    new = "/shop/articles/new"
    form = {"key": uuid4(), "name": "甘酒", "price": "４２０", "rate": "8", "tax": "inside", "place": "10", "eat_in": "on"}
    assert desk.sends(new, new, **form).status_code == 303
    wrong = desk.sends(new, new, **form | {"key": uuid4(), "name": "手ぬぐい", "rate": "10"})
    assert (wrong.status_code, "店内で10%になるのは、8%の品目だけです。" in wrong.text) == (422, True)
    assert "甘酒" in desk.looks("/shop/articles?q=甘").text
    assert names(shop) == ["甘酒"]


def test_a_list_in_shift_jis_comes_in_after_a_look(desk: Tablet, shop: Shop) -> None:
    """First what would change is shown and nothing is; the press keeps it, and pressed twice it is there once."""
    looked = sends_list(desk, SHEET.encode("cp932"))
    assert "新しい品目 2件" in looked.text, looked.text
    assert names(shop) == []
    plan = looked.text.split('name="plan" value="')[1].split('"')[0]
    rows = looked.text.split('<textarea name="pasted" hidden>')[1].split("</textarea>")[0].replace("&#34;", '"')
    form = {"plan": plan, "pasted": rows, "key": uuid4()}
    path = "/shop/articles/list"
    assert desk.sends(path, path, **form).status_code == 303
    assert names(shop) == ["絵はがき", "お茶と一個"]
    assert desk.sends(path, path, **form).status_code == 409
    tea = merchant.queries.articles(shop.town.session, shop.town.district_id, shop.id)[1].facts
    assert (tea.price, tea.tax_inside, tea.rate, tea.eat_in, tea.barcode) == (1_350, True, 8, True, "49123456")


def test_one_wrong_line_keeps_the_whole_list_out(desk: Tablet, shop: Shop) -> None:
    """Each wrong cell is named with its line, in a file of Shift_JIS, too; the page offers no press, and none would help."""
    broken = SHEET + "ようかん,菓子,-5,8,,,\n最中,菓子,300,7,,,\n団子,菓子,100,8,,,1234\n煎餅,菓子,95,8,税抜き,,\n"
    looked = sends_list(desk, broken.encode("cp932"))
    assert "誤りのある 4行" in looked.text
    assert 'name="plan"' not in looked.text
    assert [line in looked.text for line in ("ようかん", "最中", "団子", "煎餅", "税率は 10%、8%、0% のどれかです。")] == [True] * 5
    assert sends_list(desk, broken.encode("cp932"), plan="x", key=uuid4()).status_code == 409
    assert sends_list(desk, b"\x81").status_code == 422
    assert names(shop) == []


def test_the_list_goes_out_and_comes_back_as_excel(desk: Tablet, district: Town, shop: Shop) -> None:
    """What was taken out and not touched changes nothing; a new price in it changes that article alone."""
    merchant.commands.add_article(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now)
    with desk.looks("/shop/articles.xlsx") as answer:
        out = answer.data
    assert "いまと同じ 1行" in sends_list(desk, out).text
    book = openpyxl.load_workbook(io.BytesIO(out))
    book.worksheets[0].cell(2, 5).value = 560
    book.worksheets[0].cell(2, 12).value = datetime.combine(district.today + timedelta(days=3), time())
    book.worksheets[0].cell(2, 14).value = "10%"
    book.worksheets[0].append([None, "最中", None, "菓子", 300, None, "8%"])
    changed = io.BytesIO()
    book.save(changed)
    looked = sends_list(desk, changed.getvalue()).text
    assert ("直す品目 1件" in looked, "新しい品目 1件" in looked) == (True, True)
    assert all(words in looked for words in ("<del>540</del>", "変わる日からの税率", "<ins>10%</ins>"))
    plan = looked.split('name="plan" value="')[1].split('"')[0]
    path = "/shop/articles/list"
    assert desk.sends(path, path, file=(io.BytesIO(changed.getvalue()), "articles.xlsx"), plan=plan, key=uuid4()).status_code == 303
    with desk.looks("/shop/articles.xlsx") as answer:
        again = answer.data
    assert "いまと同じ 2行" in sends_list(desk, again).text
    old = openpyxl.load_workbook(io.BytesIO(again))
    old.worksheets[0].cell(2, 12).value = district.today.isoformat()
    late = io.BytesIO()
    old.save(late)
    assert "明日からの日付を入れてください。" in sends_list(desk, late.getvalue()).text


@pytest.mark.parametrize(("tax_inside", "price", "total"), [(True, 105, 1_050), (False, 95, 1_026)])
def test_ten_pieces_cost_what_the_price_tag_says(district: Town, shop: Shop, tax_inside: bool, price: int, total: int) -> None:
    """105 yen with tax are 1,050 for ten, 95 without are 1,026; a price written the other way is no article of this shop."""
    choice = RegisterChoice(tax_inside=tax_inside)
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    box = replace(MANJU, price=price, tax_inside=tax_inside)
    merchant.commands.add_article(district.session, shop.owner, shop.id, box, key=uuid4(), now=district.now)
    [row] = merchant.queries.articles(district.session, district.district_id, shop.id)
    assert merchant.queries.bill_of_articles(choice, [(row, 10)], eat_in=False)[1] == total
    other = replace(box, tax_inside=not tax_inside, barcode=None)
    with pytest.raises(ArticleTaxDiffers):
        merchant.commands.add_article(district.session, shop.owner, shop.id, other, key=uuid4(), now=district.now)


def test_a_price_for_a_day_ahead_changes_by_itself(desk: Tablet, district: Town, shop: Shop, clock: TestClock) -> None:
    """The owner says today what it costs from tomorrow on; today is no day ahead. From midnight on the owner's list and the till say so,
    and what is corrected then is what holds then."""
    number = merchant.commands.add_article(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now)
    page, tomorrow = f"/shop/articles/{number}", district.today + timedelta(days=1)
    form = {"name": MANJU.name, "price": "540", "rate": "8", "tax": "inside", "place": "10", "next_price": "600", "next_rate": "10"}
    assert "明日からの日付を入れてください。" in desk.sends(page, page, **form, next_day=district.today).text
    assert "いつから変わるのか" in desk.sends(page, page, **form).text
    assert desk.sends(page, page, **form, next_day=tomorrow).status_code == 303
    assert all(words in desk.looks("/shop/articles").text for words in ("540", "から 600円 10%"))
    [row] = merchant.queries.articles(district.session, district.district_id, shop.id)
    assert [(it.price, it.rate) for it in (row.facts.on(district.today), row.facts.on(tomorrow))] == [(540, 8), (600, 10)]
    clock.advance(days=1)
    assert 'value="600"' in desk.looks(page).text
    assert desk.sends(page, page, **form | {"price": "620", "rate": "10", "next_price": "", "next_rate": ""}).status_code == 303
    [row] = merchant.queries.articles(district.session, district.district_id, shop.id)
    assert (row.facts.price, row.facts.rate, row.facts.coming) == (620, 10, None)


def test_prices_are_read_anew_only_where_the_owner_says_so(desk: Tablet, district: Town, shop: Shop) -> None:
    """From with tax to without: refused until it is ticked; then the figures stay, and the till asks 540 without tax."""
    merchant.commands.add_article(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now)
    choice = RegisterChoice(tax_inside=False)
    with pytest.raises(PricesReadAnew):
        merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    page = "/shop/register"
    form = {"issues": "till", "tax": "outside", "rounding": "floor", "keypad_name": "お品代", "keypad_rate": "10"}
    more = {"bag_name": "レジ袋", "bag_price": "5", "rereads": "on"}
    assert desk.sends(page, page, **form, **more).status_code == 303
    [row] = merchant.queries.articles(district.session, district.district_id, shop.id)
    assert (row.facts.price, row.facts.tax_inside) == (540, False)
    assert merchant.queries.bill_of_articles(choice, [(row, 1)], eat_in=False)[1] == 583
    assert "値段（税抜き）" in desk.looks("/shop/articles/new").text


def test_a_picture_is_drawn_anew_and_stands_at_the_till(client: FlaskClient, district: Town, shop: Shop, desk: Tablet) -> None:
    """A large photo with where it was taken becomes a small one without; the till is told its address, another shop's is not shown it;
    what is no picture, or one of more pixels than memory is for, is refused, and taken away it is gone."""
    number = merchant.commands.add_article(district.session, shop.owner, shop.id, MANJU, key=uuid4(), now=district.now)
    photo, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "湯の端2-3"
    Image.new("RGB", (1600, 900), "#b5651d").save(photo, "JPEG", exif=exif)
    page, address = f"/shop/articles/{number}", f"/shop/articles/{number}/picture"
    assert desk.sends(address, page, file=(io.BytesIO(b"no picture"), "a.jpg")).status_code == 422
    flat = io.BytesIO()
    Image.new("1", (4_100, 4_000)).save(flat, "PNG")  # a kilobyte that is 16 million pixels
    assert desk.sends(address, page, file=(io.BytesIO(flat.getvalue()), "a.png")).status_code == 422
    large = photo.getvalue() + bytes(6 * 1024**2)  # as a camera of today has it
    assert desk.sends(address, page, file=(io.BytesIO(large), "a.jpg")).status_code == 303
    assert f'src="{page}/picture.jpg"' in desk.looks(page).text
    tablet = Tablet(client, district, till=shop.till())
    [[*_facts, picture]] = tablet.looks("/till/register/articles.json").json["articles"]  # type: ignore[index]
    shown = tablet.looks(picture).data
    with Image.open(io.BytesIO(shown)) as drawn:
        assert (drawn.format, drawn.size, len(drawn.getexif()), len(shown) < 20_000) == ("JPEG", (240, 240), 0, True)
    assert Tablet(client, district, till=district.till()).looks(picture).status_code == 404
    assert Tablet(client, district, owner=shop).sends(address, page).status_code == 303
    [[*_facts, picture]] = Tablet(client, district, till=shop.another_till()).looks("/till/register/articles.json").json["articles"]  # type: ignore[index]
    assert picture is None
