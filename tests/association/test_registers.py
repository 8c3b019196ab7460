"""記録簿: what somebody complained about, what went wrong, who works for the association; and the days that follow from it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from association import commands, queries
from association.errors import EntryClosed, EntryUnknown
from association.rules.registers import MANY, REGISTERS, must_be_reported, report_days
from base.clock import tokyo_day
from base.errors import Forbidden
from ledger.errors import KeyReused
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]


@given(st.integers(0, 5_000), st.booleans(), st.booleans(), st.booleans())
def test_which_leaks_are_reported(people: int, sensitive: bool, money: bool, wrongful: bool) -> None:
    """More than a thousand people, or any of what makes it serious; wrongful acts leave sixty days instead of thirty."""
    assert must_be_reported(people=people, sensitive=sensitive, money=money, wrongful=wrongful) == (
        people > MANY or sensitive or money or wrongful
    )
    known = date(2026, 11, 26)
    assert report_days(known, wrongful=wrongful) == (date(2026, 12, 1), date(2027, 1, 25) if wrongful else date(2026, 12, 26))


def test_a_complaint_until_it_is_settled(district: Town, other_district: Town) -> None:
    """Written once however often it is pressed, followed up, settled once; counted by month and in the base date's report."""
    who, key, today = district.clerk().who, uuid4(), tokyo_day(district.now)

    def write(matter: str = "二重に払った気がする") -> int:
        facts = {"channel": "phone", "matter": matter, "person": "12"}
        return commands.open_entry(district.session, who, "complaint", today, facts, key=key, now=district.now)

    number = write()
    assert write() == number
    with pytest.raises(KeyReused):  # somebody went back and wrote another one: it is not lost in silence
        write("別のこと")
    commands.add_note(district.session, who, "complaint", number, "帳簿では1件だけ。電話した", closes=False, now=district.now)
    commands.add_note(district.session, who, "complaint", number, "納得された", closes=True, now=district.now)
    with pytest.raises(EntryClosed):
        commands.add_note(district.session, who, "complaint", number, "まだ", closes=False, now=district.now)
    [line] = queries.entries_of(district.session, who, "complaint")
    assert ([note.words for note in line.notes], line.closed_at is None) == (["帳簿では1件だけ。電話した", "納得された"], False)
    assert queries.per_month([line]) == [(today.replace(day=1), 1)]
    with pytest.raises(EntryUnknown):
        queries.entry_of(district.session, who, "incident", number)
    with pytest.raises(EntryUnknown):
        queries.entry_of(other_district.session, other_district.clerk().who, "complaint", number)
    with pytest.raises(Forbidden):
        commands.open_entry(district.session, district.another_clerk("auditor").who, "complaint", today, {}, key=uuid4(), now=district.now)


def test_the_pages_of_every_register(desk: Seat, district: Town) -> None:
    """Each is written from its own form; an incident says by when it is to be reported, a contractor when to look again."""
    seat, today = desk(district.clerk()), tokyo_day(district.now)
    forms: dict[str, dict[str, object]] = {
        "complaint": {"channel": "counter", "matter": "お釣りのこと"},
        "incident": {"matter": "端末をなくした", "people": "3", "money": "on"},
        "contractor": {"name": "灯ノ沢システム", "task": "サーバーの世話", "until": "2027-03-31"},
    }
    for name, form in forms.items():
        here = f"/desk/registers/{name}"
        assert seat.presses(here, here, opened_on="", **form).status_code == 422
        answer = seat.presses(here, here, opened_on=today.isoformat(), **form)
        assert answer.status_code == 303
        page = seat.sees(answer.headers["Location"]).text
        assert str(form.get("name") or form["matter"]) in page
        assert seat.presses(answer.headers["Location"], answer.headers["Location"], words="確かめた").status_code == 303
        assert "確かめた" in seat.sees(f"{here}.csv").text and seat.sees(here).status_code == 200
        final = today + timedelta(days=30)
        assert (f"{final.year}年{final.month}月{final.day}日" in page) == (name == "incident")
    assert seat.sees("/desk/registers").status_code == 303
    assert seat.sees("/desk/registers/nothing").status_code == 404
    assert set(forms) == set(REGISTERS)


def test_many_complaints_are_pasted(desk: Seat, district: Town) -> None:
    """A wrong line is named with its column and keeps the whole out; put right, all are written once however often it is pressed; the
    register's own table, pasted back, adds nothing; and the auditor pastes nothing."""
    seat, here = desk(district.clerk()), "/desk/registers/complaint/list"

    def pastes(*rows: str, **more: str) -> TestResponse:
        return seat.presses(here, here, pasted="\n".join(("受け付けた日\t受け付け方\t内容\t利用者番号", *rows)), **more)

    def lines() -> list[queries.RegisterLine]:
        return queries.entries_of(district.session, district.clerk().who, "complaint")

    good, other = "2026/11/2\t電話\tレジの前で待たされた\t0012", "令和8年11月3日\tCounter\t=お釣りのこと\t"
    wrong = pastes(good, "きのう\tはがき\t\t", looked_at="1").text
    assert all(f">{column}</td>" in wrong for column in ("受け付けた日", "受け付け方", "内容")) and 'name="looked_at"' not in wrong
    seen = pastes(good, other).text
    assert 'name="looked_at"' in seen and "レジの前で待たされた" in seen and lines() == []
    key = str(uuid4())
    for _ in range(2):
        assert pastes(good, other, looked_at="1", key=key).status_code == 303
    assert sorted((line.opened_on.day, line.facts["channel"], line.facts["matter"], line.facts["person"]) for line in lines()) == [
        (2, "phone", "レジの前で待たされた", "0012"),
        (3, "counter", "=お釣りのこと", ""),
    ]
    table = seat.sees("/desk/registers/complaint.csv?lang=en").data.decode("utf-8-sig")
    assert "There are no new lines." in seat.presses(here, here, pasted=table).text
    assert seat.presses(here, here, pasted="内容\n待たされた").status_code == seat.presses(here, here, pasted="").status_code == 422
    assert desk(district.another_clerk("auditor")).sees(here).status_code == 403
