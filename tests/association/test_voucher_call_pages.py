"""商品券の募集 on pages without scripts: list, slips, paper, letters; each page and file says what the book of applications says."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import association.commands
import association.queries
from association.commands import NewCall
from base.clock import day_bounds, tokyo_day
from tests.association.test_pages import Seat, desk
from tests.papers.paper import words
from tests.town import Town
from tests.wallet.phones import phone
from tests.wallet.test_pages import text

__all__ = ["desk", "phone"]

OLD, USUAL = "\u9ad9橋", "\u9ad8橋"  # 髙橋, 高橋
NAMES = (OLD, USUAL, "紙太郎", "湯元")


def called(district: Town, way: str, proof: str, **changes: object) -> int:
    """A campaign whose applications end yesterday evening by the clock of now; the test's clock is three days back."""
    district.clock.now -= timedelta(days=3)  # type: ignore[attr-defined]
    first = tokyo_day(district.now)
    drawn = {"draw_at": day_bounds(first)[1] + timedelta(hours=12), "pay_days": 5} if way == "application" else {}
    call = NewCall(way, proof, "", first, first if drawn else first + timedelta(days=20), **drawn)
    sale = {"sale_first_day": first + timedelta(days=2), "sale_last_day": first + timedelta(days=23)}
    return district.voucher(units=3, per_person=3, call=call, **sale, **changes)


def test_a_list_of_residents_and_an_applicant_whose_name_is_written_otherwise(desk: Seat, phone, district: Town) -> None:
    """Upload in Shift_JIS, what is wrong beside its line, the same person under two spellings, and a decision beside both spellings."""
    voucher = called(district, "application", "list")
    clerk, auditor, hanako = desk(district.clerk()), desk(district.another_clerk("auditor")), district.consumer()
    place = f"/desk/vouchers/{voucher}/residents"
    rows = f"氏名,住所\n{USUAL}花子,湯元1-1\n{OLD}花子,湯元1番1\n,湯元9\n鈴木一郎,湯元2\n".encode("cp932")
    taken = clerk.presses(place, place, file=(io.BytesIO(rows), "list.csv")).text
    assert "3人を取り込みました。" in taken and "氏名がないか、長すぎます" in taken and "2行を外す" in taken and "3行を外す" in taken
    broken = clerk.presses(place, place, file=(io.BytesIO(b"\xff\xfe\x00\x81"), "list.csv"))
    assert broken.status_code == 422 and "行目が読めません" in broken.text
    assert clerk.presses(place, place).status_code == 422
    mine = f"/wallet/vouchers/{voucher}"
    sent = text(phone(hanako).sends(mine, {"name": f"{OLD}花子 ", "address": "湯元５", "units": "2"}))
    assert "申し込み番号 1" in sent and "確認中" in sent
    listed = clerk.sees(f"/desk/vouchers/{voucher}/applications").text
    told = re.findall(r'name="(title|body_en)" value="([^"]+)"', listed)
    typed = clerk.presses(f"/desk/vouchers/{voucher}/applications", "/desk/announcements/edit", **{"kind": "all"} | dict(told)).text
    assert "「湯けむり商品券」の申し込みを受け付けます" in typed and "apply in the wallet" in typed
    assert "確かめが要る申し込み" in listed and not any(name in listed for name in NAMES)
    one = f"/desk/vouchers/{voucher}/applications/1"
    seen = clerk.sees(one).text
    assert "名簿に、文字まで同じ人がいません" in seen and f"{USUAL}花子" in seen and "名前が近い" in seen
    assert auditor.sees(f"/desk/vouchers/{voucher}/applications").status_code == 200
    assert auditor.sees(one).status_code == auditor.sees(place).status_code == 403
    whom = re.findall(r'name="resident_id" value="([^"]+)"', seen)[0]
    assert clerk.presses(one, one, decision="refuse", reason="").status_code == 422
    assert clerk.presses(one, one, decision="accept", resident_id=whom).status_code == 303
    assert "この人です" in clerk.sees(one).text
    refused = clerk.presses(one, f"/desk/vouchers/{voucher}/applications/close")
    assert refused.status_code == 409 and "その翌日から締め切れます" in refused.text
    log = desk(district.another_clerk("administrator")).sees("/desk/log").text
    assert "商品券の申し込みを扱った" in log and not any(name in log for name in NAMES)


def test_slips_that_the_town_posts(desk: Seat, phone, district: Town) -> None:
    """Made, printed ten to a page with codes that read, as a CSV for the town's letters, used once on a phone and once at the counter."""
    voucher = called(district, "eligible", "code")
    clerk, hanako, place = desk(district.clerk()), district.consumer(), f"/desk/vouchers/{voucher}/purchase-codes"
    assert clerk.presses(place, place, pieces="３", units="2").status_code == 303
    again = "この券は、すでに取り出されています。"
    assert again not in clerk.sees(place).text
    printed = " ".join(words(clerk.sees(f"{place}.pdf").data))
    assert again in (seen := clerk.sees(place).text) and "（1束目）" in seen and "（CSV）" not in seen
    table = clerk.sees(f"{place}-for-letters.csv").data.decode("utf-8-sig")
    head, first, second, third = csv.reader(io.StringIO(table))
    assert head == ["No.", "code", "units", "url"] and first[2] == "2" and all(each[1] in printed for each in (first, second, third))
    assert "（CSV）" in clerk.sees(place).text, "posted twice, one code reaches two households: the page says who has taken them"
    shown = text(phone(hanako).opens(first[3].removeprefix("https://meguri.test")))
    assert "引換券の文字" in shown and "氏名" not in shown
    wrong = text(phone(hanako).sends(f"/wallet/vouchers/{voucher}", {"code": first[1][:-1], "units": "1"}))
    assert "20文字のどれかが違っています" in wrong
    assert "申し込み番号 1" in text(phone(hanako).sends(f"/wallet/vouchers/{voucher}", {"code": first[1], "units": "2"}))
    assert clerk.presses(place, f"{place}/stop", place="2").status_code == 303
    assert clerk.presses(place, f"{place}/stop", place="1").status_code == 409
    apps = f"/desk/vouchers/{voucher}/applications"
    assert "紙の人への手紙" not in clerk.sees(apps).text
    paper = {"name": "紙太郎", "postal": "999-0001", "address": "灯ノ沢町湯元7", "units": "1", "code": third[1]}
    clerk.presses(f"{apps}/new", f"{apps}/new", **paper)
    assert f'href="/desk/vouchers/{voucher}/letters.pdf' in clerk.sees(apps).text, "also where nothing is drawn"
    assert "1口までお買い求めいただけます" in "".join(words(clerk.sees(f"/desk/vouchers/{voucher}/letters.pdf").data))
    left = clerk.sees(f"{place}-for-letters.csv").data.decode("utf-8-sig")
    assert not any(each[1] in left for each in (first, second, third))


def test_paper_is_typed_in_and_answered_by_letter(desk: Seat, district: Town) -> None:
    """One form after the other, pressed twice it is one; letters and labels with the address, a public page without any name."""
    voucher = called(district, "application", "none")
    clerk, place = desk(district.clerk()), f"/desk/vouchers/{voucher}/applications"
    paper = {"name": "紙太郎", "postal": "999-0001", "address": "灯ノ沢町湯元7", "units": "2"}
    sent = clerk.presses(f"{place}/new", f"{place}/new", **paper)
    assert sent.headers["Location"].endswith("taken=1") and "申し込み番号 1 で入力しました。" in clerk.sees(sent.headers["Location"]).text
    campaign = association.queries.campaign_name(district.session, district.district_id, voucher)
    public = desk(None)
    assert "名簿を確定し、ここに出します" in public.sees(f"/draw/{campaign}").text
    assert public.sees(f"/draw/{campaign}/list.txt").status_code == public.sees("/draw/voucher_none").status_code == 404
    clerk.presses(f"{place}/new", f"{place}/new", **paper | {"name": "よその人", "postal": "0010002", "address": "となり町1"})
    assert clerk.presses(f"{place}/2", f"{place}/2", decision="refuse", reason="町の外のため").status_code == 303
    district.clock.now += timedelta(days=3)  # type: ignore[attr-defined]
    clerk, voucher_page = desk(district.clerk()), f"/desk/vouchers/{voucher}"
    assert clerk.presses(place, f"{place}/close").status_code == 303
    again = clerk.presses(f"{place}/new", f"{place}/close")
    assert again.status_code == 409 and "やり直しもできません" in again.text
    assert "紙の申し込みを入力する" not in clerk.sees(place).text, "nothing leads to what is refused from now on"
    assert "全員に行きわたりました。" in clerk.sees(place).text and "申し込みを見る" in clerk.sees(voucher_page).text
    report = re.sub(r"<[^>]+>", "", clerk.sees(f"{voucher_page}/report").text)
    assert "受け付けた申し込み（1件）2" in report and "当選（1件）2" in report
    letter = "".join(words(clerk.sees(f"{voucher_page}/letters.pdf").data))
    assert all(said in letter for said in ("〒999-0001", "灯ノ沢町湯元7", "紙太郎様", "2口当選しました", "20,000円"))
    assert all(said in letter for said in ("〒001-0002", "よその人様", "受け付けられませんでした。理由:町の外のため"))
    assert "紙太郎様" in "".join(words(clerk.sees(f"{voucher_page}/labels.pdf").data))
    shown = public.sees(f"/draw/{campaign}").text
    assert "全員に行きわたりました。" in shown and "紙太郎" not in shown
    assert public.sees(f"/draw/{campaign}/list.txt").text == "meguri draw list 1\n1 2\n"


def test_a_winner_buys_by_the_number_that_her_wallet_shows(desk: Seat, phone, district: Town) -> None:
    """Told at the counter it leads to her own wallet, for cash; a digit off it is nobody's; before the result it is not shown."""
    voucher, hanako = called(district, "application", "none"), district.consumer(nickname="花子")
    mine = f"/wallet/vouchers/{voucher}"
    phone(hanako).sends(mine, {"name": "山田花子", "address": "灯ノ沢町湯元5", "units": "2"})
    assert "購入番号" not in text(phone(hanako).opens(mine))
    district.clock.now += timedelta(days=3)  # type: ignore[attr-defined]
    clerk = desk(district.clerk().signs_in_again())
    clerk.presses(f"/desk/vouchers/{voucher}/applications", f"/desk/vouchers/{voucher}/applications/close")
    shown = re.search(rf"購入番号 ({voucher}-1-[0-9]{{4}})", text(phone(hanako).opens(mine)))
    assert shown
    number = f"{voucher}-1-{(int(shown[1][-4:]) + 1) % 10_000:04d}"
    for wrong in (number, "12", f"{voucher}-2-{shown[1][-4:]}"):
        assert "この購入番号の申し込みは見つかりません" in clerk.presses("/desk/top-up", "/desk/vouchers/sale/number", number=wrong).text
    place = clerk.presses("/desk/top-up", "/desk/vouchers/sale/number", number=f" {shown[1]} ").headers["Location"]
    page = clerk.sees(place).text
    assert "花子" in page and "当選した人です。" in page and "あと 2口まで" in page
    to = re.search(r'name="to" value="([^"]+)"', page)
    assert to
    sale = {"to": to[1], "voucher_id": str(voucher), "units": "2", "received": "20000"}
    assert clerk.presses(place, "/desk/vouchers/sale", **sale).status_code == 303
    assert "購入番号" not in text(phone(hanako).opens(mine)) and "2口を買いました" in text(phone(hanako).opens(mine))


def test_pages_in_english(desk: Seat, district: Town) -> None:
    """Nobody reads Japanese who has chosen English, but for what people wrote."""
    voucher, clerk = called(district, "application", "list"), desk(district.clerk())
    for page in ("", "/applications", "/applications/new", "/residents", "/purchase-codes"):
        seen = clerk.sees(f"/desk/vouchers/{voucher}{page}?lang=en").text
        words_of = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", seen, flags=re.DOTALL)
        for own in ("灯ノ沢", "温泉", "商店街協同組合", "町", "日本語", "柴田", "窓口"):
            words_of = words_of.replace(own, "")
        assert re.findall(r"[\u3040-\u30ff\u3400-\u9fff]+", words_of) == [], page
