"""お知らせ: to everybody, to those who meet a condition, to one; and the inbox, which always works."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest

import association.queries
import wallet.commands
import wallet.queries
from association.commands import announce, audience_of, farewells_sent, warn_unused, withdraw_announcement
from association.errors import AnnouncementUnknown, AudienceTooSmall
from association.queries import Audience, Words
from base.errors import Forbidden
from identity.errors import PersonUnknown
from identity.retention import UNUSED, WARNED
from ledger.errors import KeyReused
from tests.association.test_pages import Seat, desk
from tests.papers.paper import words
from tests.town import ANY_KEY, Consumer, Town

__all__ = ["desk"]

ALL = Audience("all")
WORDS = Words("夏祭り", "8日は18時から花火です。\nお店は22時まで。", "Summer festival", "Fireworks at 6 pm on the 8th.")


def titles(district: Town, consumer: Consumer) -> list[str]:
    return [one.words.title for one in wallet.queries.my_inbox(district.session, consumer.who).told]


def news(district: Town, consumer: Consumer) -> int:
    return wallet.queries.news_count(district.session, consumer.who)


def test_everybody_reads_it_once_and_it_is_no_news_any_more(district: Town) -> None:
    """Whoever joins later can read it, and is not told that it is new."""
    hanako, clerk = district.consumer(), district.clerk()
    first = announce(district.session, clerk.who, ALL, WORDS, key=ANY_KEY, now=district.now)
    assert first == announce(district.session, clerk.who, ALL, WORDS, key=ANY_KEY, now=district.now)
    with pytest.raises(KeyReused):
        announce(district.session, clerk.who, ALL, replace(WORDS, title="秋祭り"), key=ANY_KEY, now=district.now)
    late = district.consumer(nickname="太郎")
    assert (titles(district, hanako), news(district, hanako)) == (["夏祭り"], 1)
    assert (titles(district, late), news(district, late)) == (["夏祭り"], 0)
    wallet.commands.see_inbox(district.session, hanako.who, first, now=district.now)
    wallet.commands.see_inbox(district.session, hanako.who, 0, now=district.now)
    assert news(district, hanako) == 0


def test_what_was_withdrawn_is_in_no_inbox(district: Town) -> None:
    """It stays in the desk's list, with who and when; another district's number is unknown here."""
    hanako, clerk = district.consumer(), district.clerk()
    number = announce(district.session, clerk.who, ALL, WORDS, key=uuid4(), now=district.now)
    for _ in range(2):
        withdraw_announcement(district.session, clerk.who, number, now=district.now)
    assert (titles(district, hanako), news(district, hanako)) == ([], 0)
    (kept,) = association.queries.announcements(district.session, clerk.who)
    assert (kept.id, kept.withdrawn_at) == (number, district.now)
    with pytest.raises(AnnouncementUnknown):
        withdraw_announcement(district.session, clerk.who, number + 1_000, now=district.now)


def test_one_person_is_told_alone(district: Town) -> None:
    """Their phone is woken; nobody else sees it; somebody who is not here cannot be told."""
    hanako, taro, clerk = district.consumer(), district.consumer(nickname="太郎"), district.clerk()
    district.woken.clear()
    announce(district.session, clerk.who, Audience("person", person_id=hanako.person_id), WORDS, key=uuid4(), now=district.now)
    assert (titles(district, hanako), titles(district, taro)) == (["夏祭り"], [])
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken
    with pytest.raises(PersonUnknown):
        announce(district.session, clerk.who, Audience("person", person_id=10**9), WORDS, key=uuid4(), now=district.now)


def test_a_condition_that_fewer_than_ten_meet_tells_nothing(district: Town) -> None:
    """Nine holders: refused, whoever asks how many. Ten: told, and only they. The same of those whose money lies still."""
    people = [district.consumer(1_000, nickname=f"利用者{n}") for n in range(9)]
    empty, clerk = district.consumer(nickname="からっぽ"), district.clerk()
    holders = Audience("holders", series_id=district.series_id)
    with pytest.raises(AudienceTooSmall):
        audience_of(district.session, clerk.who, holders, now=district.now)
    people.append(district.consumer(1_000, nickname="十人目"))
    announce(district.session, clerk.who, holders, WORDS, key=uuid4(), now=district.now)
    assert [titles(district, one) for one in (people[0], people[9], empty)] == [["夏祭り"], ["夏祭り"], []]
    district.clock.advance(days=40)  # type: ignore[attr-defined]
    still = Audience("still", days=30)
    assert audience_of(district.session, clerk.signs_in_again().who, still, now=district.now) == sorted(one.person_id for one in people)


def test_who_only_reads_announces_nothing(district: Town) -> None:
    with pytest.raises(Forbidden):
        announce(district.session, district.another_clerk("auditor").who, ALL, WORDS, key=uuid4(), now=district.now)


def test_the_desk_looks_before_it_sends(desk: Seat, district: Town) -> None:
    """The preview shows words and number; sent twice it is there once; a phone shows it as plain text, with a count at the bell."""
    hanako, seat = district.consumer(), desk(district.clerk())
    form = {
        "kind": "all",
        "title": "夏<b>祭り",
        "body": "花火です",
        "series_id": "",
        "days": "",
        "person_id": "",
        "title_en": "",
        "body_en": "",
    }
    preview = seat.presses("/desk/announcements", "/desk/announcements/preview", **form)
    assert preview.status_code == 200 and "すべての利用者" in preview.text and "夏&lt;b&gt;祭り" in preview.text
    assert titles(district, hanako) == []
    again = seat.presses("/desk/announcements", "/desk/announcements/edit", **form)
    assert again.status_code == 200 and 'value="夏&lt;b&gt;祭り"' in again.text and "花火です" in again.text
    key = str(uuid4())
    sent = [seat.presses("/desk/announcements", "/desk/announcements", **form, key=key) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303] and titles(district, hanako) == ["夏<b>祭り"]
    wrong = seat.presses("/desk/announcements", "/desk/announcements/preview", **(form | {"kind": "still", "days": "3"}))
    assert wrong.status_code == 422 and "7日から730日" in wrong.text
    assert "夏&lt;b&gt;祭り" in seat.sees("/desk/announcements").text


def test_a_pasted_list_tells_those_whom_it_names(desk: Seat, district: Town) -> None:
    """Line by line it says whom a number does not name, before anything is sent; the others are told, once, and nobody else."""
    hanako, taro, jiro = (district.consumer(nickname=name) for name in ("花子", "太郎", "次郎"))
    card, seat = district.card_holder().card, desk(district.clerk())
    lines = ["利用者番号\tメモ", str(hanako.person_id), f"{jiro.person_id}\t役員", "花子", "99999999", str(hanako.person_id), card.number]
    form = {"kind": "list", "title": "会合", "body": "7日です", "numbers": "\r\n".join(lines)}
    preview = seat.presses("/desk/announcements", "/desk/announcements/preview", **form).text
    said = re.findall(r'<th scope="row" class="num">(\d+)</th><td>(.*?)</td><td>(.*?)</td>', preview)
    assert "送らない行が 3行あります。" in preview and said == [
        ("4", "—", "番号ではありません"),
        ("5", "99999999", "この番号の利用者はいません"),
        ("6", str(hanako.person_id), "同じ人が前の行にあります"),
    ]
    assert "3人" in preview and titles(district, hanako) == []
    for _ in range(2):
        assert seat.presses("/desk/announcements", "/desk/announcements", **form, key=str(ANY_KEY)).status_code == 303
    assert [titles(district, one) for one in (hanako, jiro, taro)] == [["会合"], ["会合"], []]
    for nobody in ("99999999", " "):
        assert seat.presses("/desk/announcements", "/desk/announcements/preview", **(form | {"numbers": nobody})).status_code == 422


def test_whom_only_a_letter_reaches_is_todays_work_until_it_is_sent(desk: Seat, district: Town) -> None:
    """Of two who are to be forgotten, one has a mail address: one letter is printed, by number; marked as sent, its day stays, and
    the task is gone. The auditor reads and marks nothing."""
    hanako, _mailed = district.consumer(), district.consumer(nickname="便", email="bin@mail.example")
    district.clock.advance(days=(UNUSED - WARNED).days + 1)  # type: ignore[attr-defined]
    warn_unused(district.session, district.district_id, now=district.now)
    seat, page = desk(district.clerk()), "/desk/retention"
    assert "登録が消える人への手紙 1通" in seat.sees("/desk/").text
    [printed] = words(seat.sees(f"{page}/letters.pdf").data)
    assert "登録が消えるお知らせ" in printed and f"利用者番号{hanako.person_id}" in printed
    auditor = district.another_clerk("auditor")
    assert "通を出した" not in desk(auditor).sees(page).text
    with pytest.raises(Forbidden):
        farewells_sent(district.session, auditor.who, [hanako.person_id], now=district.now)
    assert seat.presses(page, f"{page}/letters/sent", person=hanako.person_id).status_code == 303
    assert "登録が消える人への手紙" not in seat.sees("/desk/").text and "に出した" in seat.sees(page).text
    assert seat.sees(f"{page}/letters.pdf").status_code == 409
