"""銀行照合: what the bank says beside the book, to the yen; no match changes the book, and what the bank did by itself takes two people."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import ledger.commands as book
from association import commands, queries
from association.commands import Group, NewBankFile
from association.errors import BankDateUnreadable, BankLineProposed, BankRoleWrong, MatchTaken, MatchUneven, MatchUnknown
from association.rules.bank_file import Columns
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import Forbidden
from ledger.queries import RoleEntry, role_entries
from tests.association.test_pages import Desk, Seat, desk
from tests.association.test_series_that_end import demo
from tests.town import Clerk, Town

__all__ = ["demo", "desk"]

COLUMNS = Columns(1, (), 1, 0, 3, 2, (4,), 5)
HEAD = "取引日,お引出し,お預入れ,摘要,残高\n"
Row = tuple[date, int, str, int]
Books = Callable[[date, int], int]


@pytest.fixture
def books(district: Town, demo: Engine) -> Books:
    """Cash that somebody took to the bank on a day: `books(day, 5_000)` gives the transaction."""

    def deposit(day: date, amount: int) -> int:
        with Session(demo) as session, atomic(session):
            bank, safe = (book.open_account(session, district.district_id, role, 0, 0) for role in ("bank", "safe"))
            moment = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
            draft = book.Draft("bank_deposit", uuid4(), book.hash_command(uuid4()), book.transfer(bank, safe, amount), posted_at=moment)
            return book.post(session, district.district_id, draft).transaction_id

    return deposit


def today() -> date:
    return tokyo_day(datetime.now(TOKYO))


def csv_of(rows: list[Row], *, balances: bool = True) -> bytes:
    """As the bank writes it: in Shift_JIS, with separators, the newest line last."""
    lines = [
        f'{day:%Y/%m/%d},{max(-amount, 0) or ""},"{f"{amount:,}" if amount > 0 else ""}",{about},{balance if balances else ""}'
        for day, amount, about, balance in rows
    ]
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode("cp932")


def running(movements: list[tuple[date, int, str]], opening: int) -> list[Row]:
    rows, balance = [], opening
    for day, amount, about in movements:
        balance += amount
        rows.append((day, amount, about, balance))
    return rows


def takes(town: Town, content: bytes, *, columns: Columns = COLUMNS) -> queries.ReadFile:
    """The clerk sends the file, and chooses its columns where that is asked."""
    session, who = town.session, town.clerk().who
    taken = commands.take_bank_file(session, who, NewBankFile(None, "北陸銀行", "meisai.csv", content), now=datetime.now(TOKYO))
    if taken.file_id is not None:
        commands.read_bank_file(session, who, taken.file_id, columns, now=datetime.now(TOKYO))
    return queries.read_files(session, who)[0]


def sees(town: Town, clerk: Clerk | None = None, at: date | None = None) -> queries.Reconciliation:
    return queries.reconciliation(town.session, (clerk or town.clerk()).who, at=at, now=datetime.now(TOKYO))


def confirms(town: Town, pairs: list[queries.Proposed]) -> list[int]:
    groups = [Group(tuple(line.id for line in pair.lines), tuple(entry.transaction_id for entry in pair.entries)) for pair in pairs]
    return commands.match_bank(town.session, town.clerk().who, groups, now=datetime.now(TOKYO))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_difference_is_explained_to_the_yen(district: Town, books: Books, seed: int) -> None:
    """Whatever is missing on either side: book + lines it has not − entries the bank has not + before + gap = bank, on every day."""
    dice, start = random.Random(seed), today() - timedelta(days=40)
    at_bank: list[tuple[date, int, str]] = []
    missing = fees = rent = 0
    for step in range(12):
        day, amount = start + timedelta(days=3 * step), dice.choice([1_000, 1_000, 25_000, 3_300 * (step + 1)])
        books(day, amount)
        if dice.random() < 0.25 and step:
            missing += amount
        else:
            at_bank.append((day + timedelta(days=dice.randint(0, 2)), amount, "ｹﾞﾝｷﾝ"))
        if dice.random() < 0.3:
            fees -= 330
            at_bank.append((day, -330, "ﾃｽｳﾘﾖｳ"))
        if dice.random() < 0.3:
            rent -= 40_000
            at_bank.append((day, -40_000, "ﾔﾁﾝ"))
    rows = running(sorted(at_bank), opening=70_000)
    lost = rows.pop(len(rows) // 2)
    first = takes(district, csv_of(rows[:7]))
    second = takes(district, csv_of(rows[4:]))
    assert (first.added, second.added) == (7, len(rows) - 7)
    confirms(district, list(sees(district).proposals))
    of_others = [each.line.id for each in sees(district, at=today()).lines if each.line.about == "ﾔﾁﾝ"]
    commands.set_aside(district.session, district.clerk().who, of_others, reason="事務所の家賃", now=datetime.now(TOKYO))
    for day in [rows[0][0], rows[5][0], rows[-1][0], today()]:
        found = sees(district, at=day)
        assert found.explained is not None and found.explained.rest == 0
        assert found.explained.bank == [row for row in rows if row[0] <= day][-1][3]
        assert found.book == sum(each.amount for each in district_entries(district) if tokyo_day(each.posted_at) <= day)
    explained = sees(district, at=today()).explained
    assert explained is not None
    assert (explained.gap, explained.before_bank) == (lost[1], 70_000)
    assert explained.outside == -40_000 * len(of_others)
    assert explained.bank - explained.book == 70_000 + fees + rent - missing


def district_entries(town: Town) -> list[RoleEntry]:
    return role_entries(town.session, town.district_id, "bank")


def test_a_match_never_edits_the_book_and_can_be_undone(district: Town, books: Books) -> None:
    """Who and when stay on record; a repeat is the same match; what is taken or uneven is refused, and then nothing is matched."""
    day, session, who, now = today() - timedelta(days=3), district.session, district.clerk().who, datetime.now(TOKYO)
    entries = [books(day, 5_000), books(day, 7_000)]
    takes(district, csv_of(running([(day, 12_000, "ｹﾞﾝｷﾝ"), (day, 5_000, "ｹﾞﾝｷﾝ")], 0)))
    before = district_entries(district)
    [pair] = [each for each in sees(district).proposals if each.amount == 5_000]
    assert pair.is_sure
    big = next(each.line.id for each in sees(district).lines if each.line.amount == 12_000)
    with pytest.raises(MatchUneven):
        commands.match_bank(session, who, [Group((pair.lines[0].id,), (entries[0],)), Group((big,), (entries[1],))], now=now)
    assert not queries.matches(session, who)
    [number] = commands.match_bank(session, who, [Group((big,), tuple(entries))], now=now)
    assert commands.match_bank(session, who, [Group((big,), tuple(entries))], now=now) == [number]
    with pytest.raises(MatchTaken):
        confirms(district, [pair])
    [match] = queries.matches(session, who)
    assert (match.amount, match.maker_name, match.undone_at) == (12_000, "柴田", None)
    commands.undo_match(session, who, number, reason="別の入金だった", now=now)
    with pytest.raises(MatchUnknown):
        commands.undo_match(session, who, number, reason="もう一度", now=now)
    [match] = queries.matches(session, who)
    assert (match.undoer_name, match.reason) == ("柴田", "別の入金だった")
    assert len(confirms(district, [pair])) == 1
    assert district_entries(district) == before


def test_two_people_send_the_same_file_at_once(district: Town) -> None:
    """Each line is kept once all the same, and two who confirm the same thing have one match."""
    day = today() - timedelta(days=1)
    takes(district, csv_of([(day, 1, "はじめ", 1)]))
    content, now = csv_of(running([(day, 100, "ﾌﾘｺﾐ"), (day, 100, "ﾌﾘｺﾐ"), (day, -200, "ﾌﾘｺﾐ")], 1)), datetime.now(TOKYO)
    clerks = [district.another_clerk("issuer").who for _ in range(4)]
    file = NewBankFile(None, "北陸銀行", "x.csv", content)
    took = district.at_once([lambda who=who: commands.take_bank_file(district.session, who, file, now=now) for who in clerks])  # type: ignore[misc]
    assert all(isinstance(each, commands.Taken) and each.upload_id for each in took)
    lines = [each.line.id for each in sees(district).lines if abs(each.line.amount) >= 100]
    assert len(lines) == 3
    group = [Group(tuple(lines), ())]
    made = district.at_once([lambda who=who: commands.match_bank(district.session, who, group, now=now) for who in clerks])  # type: ignore[misc]
    assert len({tuple(each) for each in made}) == 1  # type: ignore[arg-type]


def test_a_run_of_transfers_meets_one_line(district: Town) -> None:
    """The bank shows the sum of the transfer file; the payouts of the run are its entries."""
    district.settles_by()
    hanako = district.consumer(coins=6_000)
    for name, amount in (("みなと屋", 2_000), ("灯屋", 3_000)):
        hanako.pays(district.shop(name), amount)
    run = district.clerk().submits(district.month_passes())
    approver = district.approver().signs_in_again()
    approver.approves(run.id)
    paid_on = run.closes_on + timedelta(days=1)
    approver.approves(district.clerk().signs_in_again().says_paid(run.id, paid_on))
    session, who = district.session, district.clerk().signs_in_again().who
    taken = commands.take_bank_file(
        session, who, NewBankFile(None, "北陸銀行", "x.csv", csv_of([(paid_on, -5_000, "ｿｳｺﾞｳﾌﾘｺﾐ", 1_000)])), now=district.now
    )
    assert taken.file_id is not None
    commands.read_bank_file(session, who, taken.file_id, COLUMNS, now=district.now)
    [pair] = queries.reconciliation(session, who, now=district.now).proposals
    assert (pair.amount, len(pair.entries), pair.is_sure) == (-5_000, 2, True)
    assert {entry.whose and entry.whose.name for entry in pair.entries} == {"みなと屋", "灯屋"}


def sends(seat: Desk, content: bytes, **form: str) -> TestResponse:
    """Choose the file and press 取り込む."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', seat.sees("/desk/bank").text)
    fields = {"csrf_token": token.group(1) if token else "", "file": (io.BytesIO(content), "明細.csv"), **form}
    headers = {"Referer": f"{seat.base}/desk/bank"}
    return seat.client.post("/desk/bank/files", data=fields, base_url=seat.base, headers=headers, content_type="multipart/form-data")


def test_a_file_in_shift_jis_at_the_desk(desk: Seat, district: Town, books: Books) -> None:
    """Its columns are chosen once; the second file is read at once and adds only what is new; what the bank wrote is no formula."""
    day = tokyo_day(district.now) - timedelta(days=2)
    rows = running([(day, 5_000, "=HYPERLINK(1)"), (day, 5_000, "=HYPERLINK(1)"), (day, -440, "手数料")], 0)
    seat = desk(district.clerk())
    chosen = sends(seat, csv_of(rows), account_name="北陸銀行 普通").headers["Location"]
    assert "=HYPERLINK(1)" in seat.sees(chosen).text
    columns = {"head": "2", "day": "1", "went_out": "2", "came_in": "3", "about": "4", "balance": "5", "amount": "0", "about_more": "0"}
    again = seat.presses(chosen, chosen, **columns | {"came_in": "2"})
    assert again.status_code == 422 and "同じ列を二度選んでいます" in again.text
    assert seat.presses(chosen, chosen, **columns).headers["Location"].startswith("/desk/bank?read=")
    [account] = queries.bank_accounts(district.session, district.clerk().who)
    more = csv_of([*rows, (day, 100, "利息", rows[-1][3] + 100)])
    page = seat.sees(sends(seat, more, account=str(account.id)).headers["Location"]).text
    assert "新しい明細は 1件です" in page and "明細 4件" in page
    file = seat.sees("/desk/bank/open.csv").data.decode("utf-8-sig")
    assert file.count("'=HYPERLINK(1)") == 2 and "440" in file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です"),
        (csv_of([(date(2026, 4, 1), 5, "x", 5)]) + b"2026/4/2,,\xff\xfd,x,9\n", "3行目の文字を読めません"),
        (HEAD.encode() + b"2026/4/1,,5,x,5\n4/2,,5,x,10\n", "3行目・1列目（取引日）の「4/2」を日付として読めません"),
        (HEAD.encode() + b"2026/4/1,,5,x,5\n2026/4/2,,5x,x,10\n", "3行目・3列目（お預入れ）の「5x」を金額として読めません"),
        (HEAD.encode() + b"2026/4/1,,5,x,5\n2026/4/2,,5\n", "3行目に 5列目（残高）がありません"),
        (HEAD.encode() + b"2026/4/1,5,5,x,5\n", "2行目の金額が分かりません"),
    ],
)
def test_a_wrong_file_is_refused_whole(desk: Seat, district: Town, content: bytes, said: str) -> None:
    """The sentence names line and column, and nothing of the file is kept."""
    takes(district, csv_of([(today() - timedelta(days=1), 7, "x", 7)]))
    seat = desk(district.clerk())
    answer = sends(seat, content, account_name="北陸銀行")
    assert answer.status_code == 422 and said in answer.text
    kept = district.session.execute(
        text("SELECT (SELECT count(*) FROM bank_line WHERE district_id = :d), (SELECT count(*) FROM bank_file WHERE district_id = :d)"),
        {"d": district.district_id},
    ).one()
    assert tuple(kept) == (1, 0)


def test_without_balances_somebody_reads_them_off_the_bank_book(district: Town, books: Books) -> None:
    """Until then the bank's balance is not known; what was there before stands as what nothing explains."""
    day = today() - timedelta(days=2)
    books(day, 5_000)
    takes(district, csv_of([(day, 5_000, "ｹﾞﾝｷﾝ", 0)], balances=False), columns=Columns(1, (), 1, 0, 3, 2, (4,), 0))
    assert sees(district).explained is None
    [account] = queries.bank_accounts(district.session, district.clerk().who)
    commands.note_balance(district.session, district.clerk().who, account.id, day, 8_000, now=datetime.now(TOKYO))
    explained = sees(district).explained
    assert explained is not None and (explained.bank, explained.book, explained.rest) == (8_000, 5_000, 3_000)


def test_what_the_bank_did_by_itself_is_booked_by_two_people(desk: Seat, district: Town) -> None:
    """Fees and interest, from the page: proposed with account and reason, approved by another, booked a transaction a line, and matched."""
    day, clerk = today() - timedelta(days=2), district.clerk()
    takes(district, csv_of(running([(day, -440, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ"), (day, -660, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ"), (day, 12, "ﾘｿｸ")], 10_000)))
    number = {each.line.amount: each.line.id for each in sees(district).lines}
    seat = desk(clerk)
    chosen = {"line": [number[12]], "account": "", "reason": "利息"}
    assert "勘定科目を選んで" in seat.presses("/desk/bank", "/desk/bank/bookings", **chosen).text
    assert "選んだ明細の記帳を申請する" in seat.sees("/desk/bank").text

    def asks(*amounts: int, account: str) -> str:
        lines = [number[each] for each in amounts]
        return str(
            seat.presses("/desk/bank", "/desk/bank/bookings", line=lines, account=account, reason="銀行の手数料").headers["Location"]
        )

    fees, interest = asks(-440, -660, account="bank_fee"), asks(12, account="interest")
    assert asks(-440, -660, account="bank_fee") == fees != interest
    with pytest.raises(BankLineProposed):
        commands.propose_bank_lines(district.session, clerk.who, [number[-440]], "bank_fee", reason="x", now=district.now)
    with pytest.raises(BankRoleWrong):
        commands.propose_bank_lines(district.session, clerk.who, [number[12]], "breakage", reason="x", now=district.now)
    other = desk(district.approver())
    for each in (fees, interest):
        assert "銀行の手数料" in other.sees(each).text
        assert other.presses(each, f"{each}/approve").status_code == 303
    assert (district.holds("bank"), district.holds("bank_fee"), district.holds("interest")) == (-1_088, 1_100, 12)
    found = queries.reconciliation(district.session, clerk.who, now=datetime.now(TOKYO), at=today())
    assert (found.lines, found.entries, found.matched) == ((), (), 3)
    statement = queries.income_report(district.session, district.approver().who, day, today())
    assert statement.result == 12 - 1_100


def test_a_line_that_was_matched_meanwhile_is_not_booked(district: Town, books: Books) -> None:
    """Whoever approves is told, and nothing is booked; after that the proposal is declined."""
    day, clerk, now = today() - timedelta(days=2), district.clerk(), datetime.now(TOKYO)
    entry = books(day, 5_000)
    takes(district, csv_of([(day, 5_000, "ﾆﾕｳｷﾝ", 5_000)]))
    [pair] = sees(district).proposals
    number = commands.propose_bank_lines(district.session, clerk.who, [pair.lines[0].id], "other_income", reason="入金", now=now)
    commands.match_bank(district.session, clerk.who, [Group((pair.lines[0].id,), (entry,))], now=now)
    with pytest.raises(MatchTaken):
        district.approver().approves(number)
    assert (district.holds("bank"), district.holds("other_income")) == (5_000, 0)


def test_who_may_and_who_only_reads(desk: Seat, district: Town, other_district: Town, books: Books) -> None:
    """The auditor sees all and leaves a trace; approver and auditor send and match nothing; the neighbours see nothing."""
    day = today() - timedelta(days=2)
    entry = books(day, 5_000)
    takes(district, csv_of([(day, 5_000, "ｹﾞﾝｷﾝ", 5_000)]))
    auditor = district.another_clerk("auditor")
    [pair] = sees(district, auditor).proposals
    for clerk in (auditor, district.approver()):
        with pytest.raises(Forbidden):
            commands.match_bank(district.session, clerk.who, [Group((pair.lines[0].id,), (entry,))], now=district.now)
        with pytest.raises(Forbidden):
            commands.take_bank_file(district.session, clerk.who, NewBankFile(None, "x", "x", b"x"), now=district.now)
    seat = desk(auditor)
    pages = ("/desk/bank", "/desk/bank/matches", "/desk/bank/open.csv", "/desk/bank/matches.xlsx")
    assert all(seat.sees(page).status_code == 200 for page in pages)
    assert 'method="post"' not in seat.sees("/desk/bank").text.partition("<main")[2].partition("</main")[0]
    assert "会計の帳票を見た" in desk(district.another_clerk("administrator")).sees("/desk/log").text
    assert not sees(other_district).lines and not queries.matches(other_district.session, other_district.clerk().who)


def test_a_day_in_the_future_is_no_day(district: Town) -> None:
    with pytest.raises(BankDateUnreadable) as wrong:
        takes(district, csv_of([(today() + timedelta(days=1), 5, "x", 5)]))
    assert wrong.value.facts["line"] == 2
