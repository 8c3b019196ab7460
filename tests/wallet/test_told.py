"""What the law wants told before a purchase, and help in plain words: open to everybody, true, and of this district alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import association.commands
import identity.commands
import wallet.queries
from association.commands import UndoTopUp
from association.rules import last_exempt_day
from base.clock import tokyo_day
from tests.conftest import TestClock
from tests.town import NOTICE, Consumer, Town
from tests.wallet.phones import Phone

Phones = Callable[[Consumer | None], Phone]
ENGLISH = {"Accept-Language": "en"}


def text(answer: object) -> str:
    """A page as it is read."""
    html = re.sub(r"<(style|script|template).*?</\1>", "", answer.text, flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?a\b[^>]*>", "", html)).split())  # a link does not part what it stands in


def test_a_regulated_coin_says_all_of_it(phone: Phones, district: Town) -> None:
    """(a) to (l), without signing in: issuer, limits, period, complaints, places, cautions, balance, terms, and how it is kept safe."""
    seen = text(phone(None).opens("/series/akari"))
    told = (
        NOTICE.issuer_name, "残高 100,000円まで、1回の支払い 100,000円まで", "期限はありません", NOTICE.address, NOTICE.contact,
        NOTICE.places, NOTICE.cautions, "残高の確認方法", NOTICE.terms, "第14条第1項", "第31条第1項", NOTICE.security, NOTICE.loss_policy,
    )  # fmt: skip
    assert [words for words in told if words not in seen] == []
    assert "規制の対象ではありません" not in seen


def test_an_exempt_coin_says_that_it_is_none(phone: Phones, district: Town) -> None:
    """Usable for six months: marked as not regulated, and no deposit is promised that there is not."""
    district.series("natsu", "夏コイン", "Summer coin", last_day=last_exempt_day(tokyo_day(district.now)))
    seen = text(phone(None).opens("/series/natsu"))
    assert "前払式支払手段の規制の対象ではありません" in seen and NOTICE.terms in seen
    assert NOTICE.security not in seen and "第31条" not in seen and "登録番号" not in seen


def test_the_version_of_the_purchase_stays_readable(phone: Phones, district: Town) -> None:
    """A slip leads to what was told then, which says that there is a newer one."""
    hanako = district.consumer(coins=500)
    association.commands.publish_notice(district.session, district.clerk().who, replace(NOTICE, contact="新しい窓口"), now=district.now)
    bought = wallet.queries.latest(district.session, hanako.who, count=1)[0].transaction_id
    hers = phone(hanako)
    assert 'href="/series/akari/1"' in hers.opens(f"/wallet/history/{bought}").text
    before, now = text(hers.opens("/series/akari/1")), text(hers.opens("/series/akari"))
    assert NOTICE.contact in before and "これは前の版です" in before
    assert "新しい窓口" in now and NOTICE.contact not in now and "第2版" in now
    assert hers.opens("/series/akari/7").status_code == 404


def test_it_is_linked_wherever_one_buys(phone: Phones, district: Town) -> None:
    """From the balance, the way to top up, and signing up."""
    hers = phone(district.consumer(coins=500))
    for path in ("/wallet/", "/wallet/top-up"):
        assert 'href="/series/akari"' in hers.opens(path).text, path
    assert 'href="/series"' in phone(None).opens("/sign-up").text
    assert 'href="/series"' in hers.opens("/wallet/settings").text


def test_english_where_the_association_has_written_it(phone: Phones, district: Town) -> None:
    """What is not written in English is marked as Japanese."""
    english = replace(NOTICE, english={"places": "All member shops of the town"})
    association.commands.publish_notice(district.session, district.clerk().who, english, now=district.now)
    page = phone(None).opens("/series/akari", headers=ENGLISH).text
    assert "All member shops of the town" in page and NOTICE.places not in page
    assert f'<span lang="ja">{NOTICE.terms}</span>' in page


def test_another_district_tells_its_own(phone: Phones, district: Town, other_district: Town) -> None:
    """Neither its coins nor its figures stand here."""
    other_district.series("yuki", "雪コイン", "Snow coin")
    other_district.consumer(coins=77_000)
    assert phone(None).opens("/series/yuki").status_code == 404
    assert "雪コイン" not in phone(None).opens("/series").text
    assert "77,000" not in phone(None).opens("/help").text


def test_whether_the_money_is_there(phone: Phones, district: Town) -> None:
    """What people hold and what shops are owed, against the cash, dated; and how the half is secured."""
    hanako = district.consumer(coins=5_000)
    hanako.pays(district.shop(), 1_500)
    seen = text(phone(None).opens("/help"))
    for words in (
        "みなさんの残高の合計 3,500円",
        "お店へこれから払う額 1,500円",
        "手元の現金 5,000円",
        "持っているお金は、払う約束を下回っていません",
        NOTICE.security,
    ):
        assert words in seen, words
    assert re.search(r"\d+月\d+日\(.\) \d+:\d\d の帳簿の数字です", seen)
    assert "いますぐ残高を止める" in seen and "二重に支払われることはありません" in seen


def test_an_ended_coin_is_shown_apart(phone: Phones, district: Town, clock: TestClock) -> None:
    """What was left of it is no balance any more: home says so with its day, and neither total nor slip counts it."""
    last = tokyo_day(clock()) + timedelta(days=2)
    short = district.series("short", "短いコイン", "Short coin", last_day=last)
    hanako, bakery = district.consumer(coins=3_000), district.shop()
    district.clerk().tops_up(hanako, 700, series_id=short)
    clock.advance(days=4)
    again = hanako.signs_in_again()
    home = wallet.queries.home(district.session, again.who, now=district.now)
    assert (home.total, [one.balance for one in home.ended]) == (3_000, [700])
    seen = text(phone(again).opens("/wallet/"))
    assert "期限が過ぎた残高" in seen and "もう使えません" in seen
    assert again.pays(bakery, 1_000).balance_left == 2_000
    assert "このコインは終わりました" in text(phone(None).opens("/series/short"))


def test_a_top_up_that_was_taken_back_says_so(phone: Phones, district: Town) -> None:
    """On its slip and in the list."""
    hanako, clerk = district.consumer(coins=500), district.clerk()
    wrong = clerk.tops_up(hanako, 3_000).transaction_id
    association.commands.undo_top_up(district.session, clerk.who, UndoTopUp(wrong, "打ち間違い", uuid4()), now=district.now)
    hers = phone(hanako)
    assert "取消済み" in text(hers.opens(f"/wallet/history/{wrong}"))
    assert "取消済み" in text(hers.opens("/wallet/history"))


def test_the_pages_of_a_lost_phone(phone: Phones, district: Town) -> None:
    """From the public page to the frozen wallet and back, without scripts."""
    hanako = district.consumer(coins=2_000, email="hanako@example.jp")
    code = identity.commands.make_recovery_codes(district.session, hanako.who, now=district.now)[0]
    borrowed, place = phone(None), f"https://{district.host}"
    form = {**borrowed.hidden("/lost"), "name": "花子", "code": code}
    done = borrowed.client.post("/lost", data=form, base_url=place, headers={"Referer": f"{place}/lost"})
    assert done.headers["Location"] == "/lost/done" and "残高を止めました" in text(borrowed.opens("/lost/done"))
    hers = phone(hanako)
    assert "残高を一時停止しています" in text(hers.opens("/wallet/"))
    assert "メールの番号で確かめる" in text(hers.opens("/wallet/frozen"))
    assert hers.opens("/wallet/code").status_code == 409
    hers.client.set_cookie("meguri_session", district.cookie(hanako.person_id, way="email"), domain=district.host, secure=True)
    assert hers.sends("/wallet/frozen", {}).request.path == "/wallet/"
    assert "残高を一時停止しています" not in text(hers.opens("/wallet/"))


def test_leaving_on_the_page(phone: Phones, district: Town) -> None:
    """The coin that is left is named, giving it up is a box of its own, and the last page knows nobody."""
    hanako = district.consumer(coins=800)
    hanako.sets_pin("4173")
    hers = phone(hanako)
    assert "800円" in text(hers.opens("/wallet/leave"))
    refused = hers.sends("/wallet/leave", {"pin": "4173"})
    assert refused.status_code == 409 and "残高が 800円あります" in text(refused)
    gone = hers.sends("/wallet/leave", {"pin": "4173", "gives_up": "on"})
    assert gone.request.path == "/left"
    assert hers.opens("/wallet/").request.path == "/sign-in"
