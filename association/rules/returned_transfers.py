"""戻った振込: the bank's own list of them, a statement in which they came in again, and to which of our transfers each belongs.

Three kinds of file are read: a table (CSV, or cells copied from a spreadsheet) with a head, and 全銀 入出金取引明細 (200 bytes a record,
business kind 03). Amounts are whole yen. Numbers in brackets are rules of rules/settlement.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from association.rules.bank_file import parse_amount, table_of
from association.rules.matching import NAME_MIN, plain_name
from base.row_file import FileWrong, parse_day

LATE_DAYS = 60
"""So long after the transfer a bank sends money back."""
FEE_MAX = 3_000
"""What a bank keeps at most of what it sends back (組戻手数料), in yen."""
WORDS = tuple(
    plain_name(word) for word in ("資金返却", "組戻", "返却", "振込不能", "クミモドシ", "シキンヘンキャク", "ヘンキャク", "フリコミフノウ")
)
REASONS = (
    ("closed", ("解約", "カイヤク")),
    ("unknown", ("口座なし", "口座無", "該当", "コウザナシ", "ガイトウ")),
    ("name", ("名義", "受取人名", "相違", "メイギ", "ソウイ", "フイッチ")),
)
HEADS = {
    "day": ("返却日", "取扱日", "取引日", "入金日", "勘定日", "日付", "年月日"),
    "amount": ("返却金額", "返却額", "振込金額", "金額", "入金", "入金額", "お預り金額", "入金金額"),
    "name": ("受取人名", "受取人", "振込先", "氏名", "名義", "摘要", "内容", "お取り扱い内容", "お取引内容", "取引内容", "備考"),
    "reason": ("返却理由", "理由", "事由"),
}
"""How banks call the columns, the clearest first."""
HEAD_LINES = 10
"""Within the first lines stands the head, under what a bank writes above it."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One line of what the bank says. `about`: name and words as it wrote them; `is_said`: it says itself that money came back."""

    day: date
    amount: int
    about: str
    reason: str
    is_said: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One transfer of ours. `key`: how the caller knows it; `names`: whose it is, as the bank and as we write it."""

    key: str
    day: date
    amount: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A line and its transfer; None: none fits. `is_sure`: name and amount say so and nothing else would fit. `charge`: what the bank
    kept. `others`: what else could be meant."""

    line: Returned
    sent: Sent | None
    charge: int
    is_sure: bool
    others: tuple[Sent, ...]


def is_return(about: str) -> bool:
    """Whether a bank's words say that a transfer came back."""
    said = plain_name(about)
    return any(word in said for word in WORDS)


def reason_of(text: str) -> str:
    """closed, unknown, name or other (28)."""
    said = plain_name(text)
    return next((reason for reason, words in REASONS if any(plain_name(word) in said for word in words)), "other")


def read(content: bytes, *, today: date) -> list[Returned]:
    """What came in. Of a list of returns (it has a column of reasons) each line; of a statement every line that is no debit.

    Raises FileWrong: missing, large, unreadable, table, column, date.
    """
    return list(_zengin(content, today)) if _is_zengin(content) else list(_table(table_of(content)))


def match(lines: Sequence[Returned], sent: Iterable[Sent]) -> list[Match]:
    """By amount, name and day, each transfer for one line at most, those with a name first; in the order of the lines.

    A bank may keep a fee of what it sends back: then the name decides. Without a name an amount decides where it is the only one.
    """
    left = list(sent)
    found: dict[int, Match] = {}
    for at, line in enumerate(lines):
        named = [each for each in left if _fits(line, each) and _is_named(line, each)]
        best = [each for each in named if each.amount == line.amount] or named
        if len(best) == 1 or (best and _same(best)):
            left.remove(best[0])
            found[at] = Match(line, best[0], best[0].amount - line.amount, len(best) == 1, tuple(best[1:]))
    for at, line in enumerate(lines):
        if at in found:
            continue
        others = [each for each in left if _fits(line, each) and (each.amount == line.amount or _is_named(line, each))]
        if len(others) == 1:
            left.remove(others[0])
            found[at] = Match(line, others[0], others[0].amount - line.amount, False, ())
        else:
            found[at] = Match(line, None, 0, False, tuple(others))
    return [found[at] for at in range(len(lines))]


def _same(some: Sequence[Sent]) -> bool:
    """Transfers of one name and amount, of several days: the oldest is meant first."""
    return len({(each.amount, each.names) for each in some}) == 1


def _fits(line: Returned, sent: Sent) -> bool:
    kept = sent.amount - line.amount
    return sent.day <= line.day <= sent.day + timedelta(days=LATE_DAYS) and 0 <= kept <= FEE_MAX


def _is_named(line: Returned, sent: Sent) -> bool:
    """Whether the bank's words hold a name, or the beginning of one: banks cut them."""
    said = plain_name(line.about)
    for name in map(plain_name, sent.names):
        if len(name) >= NAME_MIN and (name in said or (len(said) >= NAME_MIN and name.startswith(said))):
            return True
    return False


def _table(table: Sequence[Sequence[str]]) -> Iterator[Returned]:
    head, columns = _head(table)
    for number, row in enumerate(table[head + 1 :], head + 2):
        cells = {what: row[place] if place < len(row) else "" for what, place in columns.items()}
        if not any(cells.values()):
            continue
        amount = parse_amount(cells["amount"]) if cells["amount"] else None
        if amount is None or amount <= 0:
            continue  # a debit, a balance carried over, a sum below the table
        day = parse_day(cells["day"])
        if day is None:
            raise FileWrong("date", number, columns["day"] + 1, cells["day"])
        reason = cells.get("reason", "")
        is_said = "reason" in columns or is_return(" ".join(row))
        yield Returned(day, amount, cells["name"], reason_of(reason or cells["name"]), is_said)


def _head(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(table[:HEAD_LINES]):
        plain = [cell.replace(" ", "").replace("　", "").removesuffix("（円）").removesuffix("(円)") for cell in row]
        found = {what: place for what, names in HEADS.items() if (place := _column(plain, names)) is not None}
        if {"day", "amount", "name"} <= found.keys():
            return at, found
    raise FileWrong("column", 1)


def _column(cells: Sequence[str], names: Sequence[str]) -> int | None:
    return next((cells.index(name) for name in names if name in cells), None)


RECORD = 200
"""全銀 入出金取引明細: bytes of a record (27)."""


def _is_zengin(content: bytes) -> bool:
    return content[:3] == b"103" and len(content.split(b"\r\n", 1)[0].split(b"\n", 1)[0]) % RECORD == 0


def _zengin(content: bytes, today: date) -> Iterator[Returned]:
    """Its data records (kind 2) that came in, by the day on which the bank booked them (bytes 10 to 15)."""
    body = content.removesuffix(b"\x1a").replace(b"\r", b"").replace(b"\n", b"")
    if not body or len(body) % RECORD:
        raise FileWrong("table", 1)
    for start in range(0, len(body), RECORD):
        record, number = body[start : start + RECORD], start // RECORD + 1
        if record[:1] != b"2" or record[21:22] != b"1":
            continue
        try:
            text = record.decode("cp932")
        except UnicodeDecodeError as error:
            raise FileWrong("unreadable", number) from error
        day = _short_day(text[9:15], today)
        if day is None or not text[24:36].isdigit():
            raise FileWrong("date", number, 10, text[9:15])
        name, words = text[81:129].strip(), text[159:179].strip()
        about = " ".join(part for part in (name, words) if part)
        yield Returned(day, int(text[24:36]), about, reason_of(words), is_return(about))


def _short_day(text: str, today: date) -> date | None:
    """YYMMDD: Reiwa 8 or 2008, whichever lies nearer to today."""
    if not text.isdigit():
        return None
    found = []
    for begins in (2018, 2000):
        try:
            found.append(date(begins + int(text[:2]), int(text[2:4]), int(text[4:])))
        except ValueError:
            continue
    return min(found, key=lambda day: abs((day - today).days), default=None)
