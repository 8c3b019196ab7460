"""町の見取り図: a picture comes in redrawn, shops are put on it by a press or by numbers, and まちの回遊 is drawn over it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import combinations
from math import hypot
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from analytics import commands, snapshot
from analytics.queries import Answer, Words
from analytics.queries.streets import Place, Plan, places, plan
from analytics.views.drawing import NARROW, WIDTH
from analytics.views.labels import apart, box, labels
from analytics.views.streetmap import ARROWS, street_map
from base.errors import Forbidden
from tests.analytics.test_pages import columns
from tests.association.test_pages import Desk, Seat, desk
from tests.town import Town

__all__ = ["columns", "desk"]


def picture(form: str = "PNG", *, size: tuple[int, int] = (1_000, 500)) -> bytes:
    """Streets, with where it was taken written into it."""
    plain = Image.new("RGB", size, "white")
    ImageDraw.Draw(plain).line((0, 0, *size), fill="gray", width=20)
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    out = io.BytesIO()
    plain.save(out, form, exif=exif)
    return out.getvalue()


def sends(seat: Desk, content: bytes) -> int:
    return seat.presses("/desk/streets", "/desk/streets/plan", file=(io.BytesIO(content), "plan.svg")).status_code


def test_a_plan_is_redrawn_and_a_shop_stands_where_it_was_pressed(desk: Seat, district: Town) -> None:
    bath = district.shop("外湯")
    seat = desk(district.clerk())
    assert sends(seat, picture("JPEG")) == 303
    page = seat.sees("/desk/streets").text
    assert "「外湯」はどこですか" in page and 'type="image"' in page
    drawn = seat.sees("/desk/streets/" + page.split("/desk/streets/")[1].split('"')[0])
    assert drawn.data.startswith(b"\x89PNG") and b"SECRET-PLACE" not in drawn.data
    where = {"shop": str(bath.id), "street": "湯元通り"}
    seat.presses("/desk/streets", "/desk/streets", **where, x="", y="", **{"at.x": "400", "at.y": "100"})
    page = seat.sees(f"/desk/streets?shop={bath.id}").text
    assert 'value="500"' in page and 'value="250"' in page and "湯元通り" in page
    seat.presses("/desk/streets", "/desk/streets", **where, x="", y="", **{"at.x": "0", "at.y": "0"})  # Enter in the field of the street
    assert 'value="500"' in seat.sees(f"/desk/streets?shop={bath.id}").text
    seat.presses("/desk/streets", "/desk/streets", shop=str(bath.id), street="駅前", x="10", y="20")
    assert 'value="10"' in seat.sees(f"/desk/streets?shop={bath.id}").text
    again = seat.presses("/desk/streets", "/desk/streets", shop=str(bath.id), street="駅前", x="1001", y="20")
    assert again.status_code == 422


def test_a_shop_that_moves_and_a_street_drawn_anew_leave_the_months_before_as_they_were(desk: Seat, district: Town) -> None:
    """The bath moves, then the station street is rebuilt and drawn anew: each month has the plan and the places of its time, and the shop
    waits to be put on the new picture. A place that was only wrong is put right for all months."""
    bath, today = district.shop("外湯"), district.today
    june, may, april = (today - timedelta(days=days) for days in (30, 60, 90))
    seat, who = desk(district.clerk()), district.another_clerk("auditor").who
    sends(seat, picture())

    def puts(x: str, street: str, since: str = "") -> int:
        return seat.presses("/desk/streets", "/desk/streets", shop=str(bath.id), street=street, x=x, y="20", since=since).status_code

    def stood(on: date) -> tuple[str, tuple[int, int] | None]:
        (found,) = places(district.session, who, on=on)
        return found.street, found.at

    assert [puts("10", "駅前"), puts("15", "駅前"), puts("900", "湯元", f"{may}")] == [303] * 3
    assert (stood(april), stood(may), stood(today)) == (("駅前", (15, 20)), ("湯元", (900, 20)), ("湯元", (900, 20)))
    seat.presses("/desk/streets", "/desk/streets/plan", file=(io.BytesIO(picture()), "plan.png"), changed_on=f"{june}")
    first, newest = (plan(district.session, who, on=day) for day in (may, today))
    assert first and newest and first.id < newest.id
    assert (stood(may), stood(today)) == (("湯元", (900, 20)), ("湯元", None))
    puts("500", "湯元")
    assert (stood(may), stood(june)) == (("湯元", (900, 20)), ("湯元", (500, 20)))
    assert puts("1", "湯元", f"{today + timedelta(days=1)}") == 422 and stood(today) == ("湯元", (500, 20))


def test_what_is_no_picture_is_refused_and_the_plan_before_stays(desk: Seat, district: Town) -> None:
    seat = desk(district.clerk())
    assert sends(seat, picture()) == 303
    script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    assert [sends(seat, bad) for bad in (script, b"", picture()[:500])] == [422] * 3
    assert sends(seat, picture() + b" " * 5_250_000) == 422 and sends(seat, picture() + b" " * 6_000_000) == 413
    assert sends(seat, picture(size=(9_000, 5_000))) == 422
    assert 'type="image"' in seat.sees("/desk/streets").text or "<img" in seat.sees("/desk/streets").text
    assert seat.presses("/desk/streets", "/desk/streets", shop="999999", street="").status_code == 404
    with pytest.raises(Forbidden):
        commands.place_shop(district.session, district.another_clerk("auditor").who, 1, street="", at=None, now=district.now)


def test_moves_are_drawn_over_the_streets_there_and_back_apart() -> None:
    rows = (("甲", "乙", 90), ("乙", "甲", 30), ("甲", "丙", 20), ("丁", "甲", None), ("戊", "甲", 10))
    answer = Answer(Words(""), (), rows, None, None)
    spots = {"甲": (100, 100), "乙": (900, 500), "丙": None, "戊": (5, 5)}
    places = [Place(code, name, "", at) for code, (name, at) in enumerate(spots.items())] + [Place(9, "戊", "", (1, 1))]
    drawn = street_map(answer, Plan(1, 1_000, 500), places)
    assert drawn is not None and drawn.height == 280
    assert [(each.words, each.people) for each in drawn.arrows] == [("甲 → 乙: 90", 90), ("乙 → 甲: 30", 30)]
    there, back = drawn.arrows
    assert there.wide > back.wide and there.number and back.number and there.number.y != back.number.y
    assert {each.name for each in drawn.pins} == {"甲", "乙"} and drawn.absent == 2
    assert street_map(answer, Plan(1, 1_000, 500), places[2:]) is None


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_a_crowded_plan_shows_the_numbers_of_the_strongest_moves_and_none_covers_another(width: int) -> None:
    """Every one of seven shops in two streets leads to every other one: on a desk and on a phone the numbers and names that stand there
    can be read, and the other moves are drawn without."""
    spots = {name: (120 + 250 * (place % 4), 250 + 400 * (place // 4)) for place, name in enumerate("甲乙丙丁戊己庚")}
    pairs = [(a, b) for a in spots for b in spots if a != b]
    answer = Answer(Words(""), (), tuple((a, b, 500 - 10 * place) for place, (a, b) in enumerate(pairs)), None, None)
    drawn = street_map(
        answer, Plan(1, 1_000, 700), [Place(code, *each) for code, each in enumerate((n, "", at) for n, at in spots.items())], width
    )
    assert drawn is not None
    numbers = [each.number for each in drawn.arrows if each.number]
    assert (len(numbers), len(drawn.arrows)) == ARROWS[width] and drawn.arrows[0].number and not drawn.arrows[-1].number
    boxes = [box(each) for each in (*numbers, *(pin.label for pin in drawn.pins))]
    assert all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(boxes, 2))


def test_names_of_five_busy_shops_side_by_side_do_not_cover_each_other() -> None:
    """Nor the points, nor the edge of the plan; where there is room a name stands above its shop."""
    points = [
        (name, 20.0 + 45 * place, 100.0)
        for place, name in enumerate(("湯の花まんじゅう みなと屋", "蕎麦処 やまびこ", "喫茶 こもれび", "外湯", "酒店"))
    ]
    found = labels(points, [], (560, 280))
    boxes = [box(each) for each in found]
    assert all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(boxes, 2))
    assert all(box[0] >= 0 and box[2] <= 560 for box in boxes)
    (alone,) = labels([("外湯", 280.0, 100.0)], [], (560, 280))
    assert (alone.anchor, alone.y) == ("middle", 91.0)


def test_numbers_of_shops_that_stand_close_are_read_beside_each_other() -> None:
    """Ten in one arcade, two of them at the same door: none covers another, none goes far, and one that stands alone stays."""
    spots = [(400.0, 300.0), (400.0, 300.0), *((405.0 + 7 * place, 302.0) for place in range(8)), (100.0, 100.0)]
    found = apart(spots, 22)
    assert all(hypot(a[0] - b[0], a[1] - b[1]) > 21 for a, b in combinations(found, 2)) and found[-1] == spots[-1]
    assert all(hypot(a[0] - b[0], a[1] - b[1]) < 110 for a, b in zip(spots, found, strict=True))


def test_the_coordinator_sees_where_people_walk(desk: Seat, district: Town, columns: Path) -> None:
    bath, tea = district.shop("外湯"), district.shop("喫茶")
    for _ in range(12):
        person = district.consumer(coins=3_000)
        person.pays(bath, 500)
        person.pays(tea, 800)
    district.seals()
    clerk = desk(district.clerk())
    sends(clerk, picture())
    for shop, x in ((bath, "100"), (tea, "900")):
        clerk.presses("/desk/streets", "/desk/streets", shop=str(shop.id), street="湯元通り", x=x, y="500")
    while district.today.month % 3 != 1 or district.today.day < 4:
        district.clock.advance(days=1)
    snapshot.of(district.session).follow(district.session, district.district_id)
    page = desk(district.another_clerk("auditor")).sees("/desk/insight").text
    assert "<title>外湯 → 喫茶: 10</title>" in page and "/desk/streets/" in page
