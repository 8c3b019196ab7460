"""銀行照合 as arithmetic: dates and amounts as banks write them, lines that are kept once, matches, and what explains a difference."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from association.rules.bank_file import Columns, FileLine, guess, in_order, lines_of, new_lines, parse_amount
from association.rules.bank_file import table_of as read_table
from association.rules.matching import (
    NEAR_DAYS,
    BankLine,
    BookEntry,
    Match,
    before_and_gap,
    is_named,
    proposals_for_a_page,
    propose,
)
from base.row_file import FileWrong, parse_day

TODAY = date(2026, 11, 30)
days = st.dates(date(2026, 10, 1), date(2026, 10, 20))
amounts = st.sampled_from([-12_000, -3_000, -1_000, -440, 1_000, 2_000, 3_000, 5_000])
lines = st.lists(st.tuples(days, amounts, st.sampled_from(["ﾐﾅﾄﾔ", "ﾃｽｳﾘﾖｳ", "ｿｳｺﾞｳﾌﾘｺﾐ"])), max_size=9).map(
    lambda found: [BankLine(number, *each) for number, each in enumerate(found, 1)]
)
entries = st.lists(st.tuples(days, amounts, st.sampled_from([(), ("みなとや",)]), st.sampled_from(["", "A", "B"])), max_size=9).map(
    lambda found: [BookEntry(number, *each) for number, each in enumerate(found, 1)]
)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(day=st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_a_day_is_read_however_a_bank_writes_it(day: date) -> None:
    """And nothing else is: a year of two digits is no date."""
    era = day.year - 2018
    ways = [f"{day:%Y/%m/%d}", f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", f"{day:%Y/%m/%d} 10:05"]
    ways += [f"{day.year}年{day.month}月{day.day}日", f"令和{era}年{day.month}月{day.day}日", f"R{era}.{day.month}.{day.day}"]
    ways += [f"令和元年{day.month}月{day.day}日"] if era == 1 else []
    assert {parse_day(each) for way in ways for each in (way, full_width(way), f" {way} ")} == {day}
    assert parse_day(f"{day:%y/%m/%d}") is None and parse_day(f"H{era}.{day.month}.{day.day}") != day


@pytest.mark.parametrize("text", ["2026/2/29", "20261301", "令和元年4月30日", "合計", "", "2026/11", "0026/11/26"])
def test_what_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_a_cell_full_of_blanks_is_no_day_at_once() -> None:
    """A file of one megabyte must not keep the tills waiting: this cell took minutes."""
    began = time.monotonic()
    assert parse_day(f"2026/11/26{' ' * 100_000}1") is None
    assert time.monotonic() - began < 1


@given(amount=st.integers(0, 10**12))
def test_an_amount_is_read_however_a_bank_writes_it(amount: int) -> None:
    """With separators, yen signs and in full width; the four ways to write that it is less."""
    plain = [str(amount), f"{amount:,}", f"¥{amount:,}", f"\\{amount}", f"{amount:,}円", f"+{amount}"]
    assert {parse_amount(each) for text in plain for each in (text, full_width(text))} == {amount}
    minus = [f"-{amount}", f"−{amount:,}", f"▲{amount:,}", f"△¥{amount:,}", f"({amount:,})", f"¥-{amount}"]
    assert {parse_amount(each) for each in minus} == {-amount}


@pytest.mark.parametrize("text", ["", "1,08", "1.5", "1 0 0円玉", "--5", "(5", "十", "1e3", "9" * 17])
def test_what_is_no_amount(text: str) -> None:
    assert parse_amount(text) is None


HEAD = "口座番号,1234567,,,\n取引日,お引出し,お預入れ,お取り扱い内容,残高\n"
ROWS = '令和8年11月2日,,"100,000",ﾌﾘｺﾐ ﾐﾅﾄﾔ,"500,000"\n2026/11/4,440,,手数料,"499,560"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_columns_are_guessed(encoding: str) -> None:
    """In each encoding, also where the newest line stands first; a line that moves nothing is none."""
    table = read_table((HEAD + ROWS).encode(encoding))
    columns = guess(table)
    assert columns == Columns(2, ("取引日", "お引出し", "お預入れ", "お取り扱い内容", "残高"), 1, 0, 3, 2, (4,), 5) and columns.fit(table)
    found, still = lines_of(table, columns, today=TODAY)
    assert found == [
        FileLine(date(2026, 11, 2), 100_000, "ﾌﾘｺﾐ ﾐﾅﾄﾔ", 500_000),
        FileLine(date(2026, 11, 4), -440, "手数料", 499_560),
    ]
    turned = [*table[:2], *table[:1:-1], ["2026/11/1", "", "", "繰越", "400,000"]]
    assert (lines_of(turned, columns, today=TODAY), still) == ((found, 1), 0)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("26/11/2,,100,x,500\n", ("date", 3, 1, "26/11/2")),
        ("2026/11/2,,100,x,500\n2027/1/1,,100,x,600\n", ("date", 4, 1, "2027/1/1")),
        ("2026/11/2,,1OO,x,500\n", ("amount", 3, 3, "1OO")),
        ("2026/11/2,,100,x,5.0\n", ("amount", 3, 5, "5.0")),
        ("2026/11/2,50,100,x,500\n", ("amount_missing", 3, 3, "")),
        ("2026/11/2,,,x,\n", ("amount_missing", 3, 3, "")),
        ("2026/11/2,,100,x,500\n2026/11/3,,100\n", ("column", 4, 5, "")),
        ("\n", ("missing", 0, 0, "")),
    ],
)
def test_a_wrong_line_is_named(rows: str, told: tuple[str, int, int, str]) -> None:
    """By its line, its column and what stands there."""
    columns = Columns(2, (), 1, 0, 3, 2, (4,), 5)
    with pytest.raises(FileWrong) as wrong:
        lines_of(read_table((HEAD + rows).encode()), columns, today=TODAY)
    assert (wrong.value.reason, wrong.value.line, wrong.value.column, wrong.value.cell) == told


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "missing", 0),
        (b" \r\n", "missing", 0),
        (b"a,b,c\n" * 200_000, "large", 0),
        ("取引日,入金,出金\n".encode("cp932") + b"2026/11/2,\x85\xff\xfd,5\n", "unreadable", 2),
        ("取引日,入金,出金\n2026/11/2,".encode() + b"\xe5\x85\n", "unreadable", 2),
        ("取引日,入金,出金\n".encode("cp932") + b"2026/11/2,\xff\xfd,5\n", "unreadable", 2),
        ("\ufeff取引日,入金,出金\n2026/11/2,".encode() + b"\x85\xe5,5\n", "unreadable", 2),
        (b"PK\x03\x04\x14\x00\x06\x00,,,", "unreadable", 1),
        (b'a,b,c\n1,"2,3\n', "table", 2),
        ("ただの文章です".encode(), "table", 1),
    ],
)
def test_what_is_no_file_of_a_bank(content: bytes, reason: str, line: int) -> None:
    """Empty, too large, broken, a workbook, or no table: the line is named where there is one."""
    with pytest.raises(FileWrong) as wrong:
        read_table(content)
    assert (wrong.value.reason, wrong.value.line) == (reason, line)


moved = st.lists(st.tuples(st.sampled_from([date(2026, 11, 1), date(2026, 11, 2)]), st.sampled_from([100, -50])), max_size=8)


def as_lines(movements: list[tuple[date, int]], with_balance: bool) -> list[FileLine]:
    found, balance = [], 1_000
    for day, amount in sorted(movements):
        balance += amount
        found.append(FileLine(day, amount, "x", balance if with_balance else None))
    return found


@given(movements=moved, cut=st.integers(0, 8), with_balance=st.booleans())
def test_a_file_twice_or_overlapping_adds_nothing_twice(movements: list[tuple[date, int]], cut: int, with_balance: bool) -> None:
    """Two equal lines of one file are two; however a bank cuts its files, all of them together are kept once."""
    whole = as_lines(movements, with_balance)
    assert new_lines([], whole) == whole and new_lines(whole, whole) == []
    kept = new_lines([], whole[:cut])
    kept += new_lines(kept, whole)
    assert Counter(kept) == Counter(whole) and new_lines(kept, whole[cut:]) == []


@given(movements=st.lists(st.tuples(st.just(TODAY), st.integers(-99, 99).filter(bool)), max_size=7), data=st.data())
def test_lines_of_a_day_follow_their_balances(movements: list[tuple[date, int]], data: st.DataObject) -> None:
    """Whatever order they were kept in, the last one has the day's closing balance."""
    whole = as_lines(movements, True)
    shuffled = data.draw(st.permutations(whole))
    ordered = in_order([FileLine(TODAY, 1_000, "open", 1_000), *(shuffled)])
    if len({line.balance for line in whole} | {1_000}) == len(whole) + 1:  # else more than one order is right
        assert ordered[1:] == whole
    assert ordered[0].about == "open" and Counter(ordered[1:]) == Counter(whole)


def test_a_day_with_ten_thousand_lines_is_put_in_order_while_one_waits() -> None:
    """Each page of the reconciliation does it: a quarter of a minute each time would be the end of it."""
    chain = [FileLine(TODAY, 10, "", 10 * place) for place in range(1, 10_001)]
    began = time.monotonic()
    assert in_order(sorted(chain, key=lambda line: str(line.balance))) == chain
    assert time.monotonic() - began < 3


@settings(max_examples=150, deadline=None)
@given(lines=lines, entries=entries, data=st.data())
def test_proposals_hold_whatever_comes(lines: list[BankLine], entries: list[BookEntry], data: st.DataObject) -> None:
    """Nothing is in two, both sides are equal, near in days, and the order in which things come changes nothing."""
    found = propose(lines, entries)
    by_line, by_entry = {line.id: line for line in lines}, {entry.id: entry for entry in entries}
    used = [number for match in found for number in match.lines], [number for match in found for number in match.entries]
    assert all(len(each) == len(set(each)) for each in used)
    for match in found:
        left, right = [by_line[number] for number in match.lines], [by_entry[number] for number in match.entries]
        assert left and right and sum(line.amount for line in left) == sum(entry.amount for entry in right)
        assert all(abs((line.day - entry.day).days) <= NEAR_DAYS for line in left for entry in right)
    assert propose(data.draw(st.permutations(lines)), data.draw(st.permutations(entries))) == found
    assert sorted(proposals_for_a_page(lines, entries, 99), key=lambda match: (match.lines, match.entries)) == found
    apart = [(line, entry) for line in lines for entry in entries if line.id not in used[0] and entry.id not in used[1]]
    assert not [pair for pair in apart if pair[0].amount == pair[1].amount and abs((pair[0].day - pair[1].day).days) <= NEAR_DAYS]


def test_a_run_of_transfers_is_one_line_at_the_bank() -> None:
    """The whole run against one sum; the shop that the bank names gets its own line; a lonely fee stays open."""
    day = date(2026, 10, 15)
    run = [BookEntry(number, day, -1_000 * number, (), "20260930 2026-10-15") for number in (1, 2, 3)]
    named = [BookEntry(8, day, 2_000, ("みなと屋", "みなとや")), BookEntry(9, day, 2_000, ("灯屋", "ともしびや"))]
    bank = [
        BankLine(1, day, -6_000, "ｿｳｺﾞｳﾌﾘｺﾐ"),
        BankLine(2, day, -440, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ"),
        BankLine(3, day + timedelta(days=1), 2_000, "ﾌﾘｺﾐ ﾄﾓｼﾋﾞﾔ"),
        BankLine(4, day, 2_000, "ﾌﾘｺﾐ"),
    ]
    assert propose(bank, [*run, *named]) == [Match((1,), (1, 2, 3), True), Match((3,), (9,), True), Match((4,), (8,), False)]


@given(name=st.text("あいうかがきけさしじすただちつとどなにはばぱまみやゆよらりるれわん", min_size=3, max_size=8))
def test_a_name_is_known_in_half_width_kana(name: str) -> None:
    """みなとや is ﾐﾅﾄﾔ at the bank."""
    katakana = "".join(chr(ord(sign) + 0x60) for sign in name)
    half = "".join(HALF[sign] for sign in unicodedata.normalize("NFD", katakana))
    assert is_named(BankLine(1, TODAY, 1, f"ﾌﾘｺﾐ ｶ){half}"), BookEntry(1, TODAY, 1, (name,)))


HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)} | {"\u3099": "ﾞ", "\u309a": "ﾟ"}


def test_what_is_missing_between_two_files_is_a_gap() -> None:
    """Before the first line 900 lay there; 300 moved that no file tells of."""
    assert before_and_gap([(100, 1_000), (-50, 950), (20, 1_270), (5, None)]) == (900, 300)
    assert before_and_gap([(5, None)]) == (0, 0)
