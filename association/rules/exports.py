"""仕訳 as Japanese accounting packages import them. docs/accounting.md names the columns and where they are described.

A voucher has debit and credit lines; one of a debit and one of a credit stand together in a row until both are used up. The fee
of a shop and the tax on it, which the book keeps apart, become one line with the tax in it: that is how all three take taxed lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from association.rules.accounts import Account

TAXED, TAX = "fee_income", "fee_tax"


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a voucher. `amount`: yen with tax; `tax`: yen of it; `taxed`: the fee, else nothing that tax knows of (対象外)."""

    account: str
    amount: int
    tax: int = 0
    taxed: bool = False


@dataclass(frozen=True, slots=True)
class Voucher:
    """One transaction, or one day. `number` counts from 1 in its file; `about` is its 摘要."""

    number: int
    day: date
    about: str
    debits: tuple[Side, ...]
    credits: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """How a package wants its file. `head`: its first row, None where there is none."""

    code: str
    name: str
    encoding: str
    head: tuple[str, ...] | None
    tax_code: str
    tax_free: str = "対象外"


_FREEE_SIDE = (
    "勘定科目", "科目コード", "補助科目", "取引先", "取引先コード", "部門", "品目", "メモタグ", "セグメント1", "セグメント2", "セグメント3",
    "金額", "税区分", "税額",
)  # fmt: skip
_MF_SIDE = ("勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額")


def _both(side: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{where}{column}" for where in ("借方", "貸方") for column in side)


def packages(tax_percent: int) -> dict[str, Package]:
    """The three by code. `tax_percent`: the rate on the fee."""
    freee = ("[表題行]", "日付", "伝票番号", "決算整理仕訳", *_both(_FREEE_SIDE), "摘要")
    stamps = ("作成日時", "作成者", "最終更新日時", "最終更新者")
    money_forward = ("取引No", "取引日", *_both(_MF_SIDE), "摘要", "仕訳メモ", "タグ", "MF仕訳タイプ", "決算整理仕訳", *stamps)
    return {
        "yayoi": Package("yayoi", "弥生会計", "cp932", None, f"課税売上内{tax_percent}%"),
        "freee": Package("freee", "freee会計", "cp932", freee, f"課税売上{tax_percent}%"),
        "mf": Package("mf", "マネーフォワード クラウド会計", "cp932", money_forward, f"課税売上 {tax_percent}%"),
    }


def voucher(number: int, day: date, about: str, lines: Iterable[tuple[str, int, int]], chart: Mapping[str, Account]) -> Voucher:
    """Of lines (role, debit, credit), of which one is 0."""
    listed = list(lines)
    debits = _sides([(role, debit) for role, debit, _ in listed if debit], chart)
    credits = _sides([(role, credit) for role, _, credit in listed if credit], chart)
    return Voucher(number, day, about, tuple(debits), tuple(credits))


def _sides(amounts: list[tuple[str, int]], chart: Mapping[str, Account]) -> Iterator[Side]:
    """The lines of one side; fee and tax as one."""
    fee, tax = (sum(amount for role, amount in amounts if role == wanted) for wanted in (TAXED, TAX))
    for role, amount in amounts:
        if role not in (TAXED, TAX):
            yield Side(chart[role].name, amount)
    if fee or tax:
        yield Side(chart[TAXED].name, fee + tax, tax, taxed=True)


def rows(package: Package, vouchers: Iterable[Voucher]) -> Iterator[list[object]]:
    """Every row of the file, its head first."""
    if package.head is not None:
        yield list(package.head)
    write = {"yayoi": _yayoi, "freee": _freee, "mf": _mf}[package.code]
    for each in vouchers:
        yield from write(package, each)


def _pairs(each: Voucher) -> list[tuple[Side | None, Side | None]]:
    return list(zip_longest(each.debits, each.credits))


def _tax(package: Package, side: Side) -> str:
    return package.tax_code if side.taxed else package.tax_free


def _yayoi(package: Package, each: Voucher) -> Iterator[list[object]]:
    """25 columns without a head. 2111: a voucher of one row; 2110, 2100 …, 2101: of several."""
    pairs = _pairs(each)
    for place, (debit, credit) in enumerate(pairs):
        flag = 2111 if len(pairs) == 1 else 2110 if place == 0 else 2101 if place == len(pairs) - 1 else 2100
        sides = [cell for side in (debit, credit) for cell in _yayoi_side(package, side)]
        yield [flag, "", "", f"{each.day:%Y/%m/%d}", *sides, each.about, "", "", 3, "", "", "", "", "no"]


def _yayoi_side(package: Package, side: Side | None) -> list[object]:
    """Account, sub-account, department, tax code, amount, tax."""
    if side is None:
        return ["", "", "", package.tax_free, 0, ""]
    return [side.account, "", "", _tax(package, side), side.amount, side.tax if side.taxed else ""]


def _freee(package: Package, each: Voucher) -> Iterator[list[object]]:
    """Rows of one date and one number are one entry."""
    for debit, credit in _pairs(each):
        sides = [cell for side in (debit, credit) for cell in _freee_side(package, side)]
        yield ["[明細行]", f"{each.day:%Y/%m/%d}", each.number, "", *sides, each.about]


def _freee_side(package: Package, side: Side | None) -> list[object]:
    if side is None:
        return [""] * len(_FREEE_SIDE)
    return [side.account, *[""] * 10, side.amount, _tax(package, side), side.tax if side.taxed else 0]


def _mf(package: Package, each: Voucher) -> Iterator[list[object]]:
    """Rows of one date and one number that balance are one entry."""
    for debit, credit in _pairs(each):
        sides = [cell for side in (debit, credit) for cell in _mf_side(package, side)]
        yield [each.number, f"{each.day:%Y/%m/%d}", *sides, each.about, *[""] * 8]


def _mf_side(package: Package, side: Side | None) -> list[object]:
    if side is None:
        return [""] * len(_MF_SIDE)
    return [side.account, "", "", "", _tax(package, side), "", side.amount, side.tax if side.taxed else ""]
