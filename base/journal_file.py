"""仕訳 as Japanese accounting packages import them. docs/accounting.md names the columns and where they are described.

A voucher has debit and credit lines; one of a debit and one of a credit stand together in a row until both are used up. A taxed line
has its tax in it: that is how all three take taxed lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a voucher. `amount`: yen with tax; `tax`: yen of it; `rate`: percent of a sale (0: 非課税), None: 対象外."""

    account: str
    amount: int
    tax: int = 0
    rate: int | None = None

    @property
    def taxed(self) -> bool:
        """Whether consumption tax knows of it."""
        return self.rate is not None


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
    """How a package wants its file. `head`: its first row, None where there is none. `tax_codes`: its name of a sale at each rate."""

    code: str
    name: str
    encoding: str
    head: tuple[str, ...] | None
    tax_codes: Mapping[int, str]
    tax_free: str = "対象外"


_FREEE_SIDE = (
    "勘定科目", "科目コード", "補助科目", "取引先", "取引先コード", "部門", "品目", "メモタグ", "セグメント1", "セグメント2", "セグメント3",
    "金額", "税区分", "税額",
)  # fmt: skip
_MF_SIDE = ("勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額")
_STAMPS = ("作成日時", "作成者", "最終更新日時", "最終更新者")


def _both(side: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{where}{column}" for where in ("借方", "貸方") for column in side)


_FREEE = ("[表題行]", "日付", "伝票番号", "決算整理仕訳", *_both(_FREEE_SIDE), "摘要")
_MF = ("取引No", "取引日", *_both(_MF_SIDE), "摘要", "仕訳メモ", "タグ", "MF仕訳タイプ", "決算整理仕訳", *_STAMPS)
PACKAGES = {
    each.code: each
    for each in (
        Package("yayoi", "弥生会計", "cp932", None, {10: "課税売上内10%", 8: "課税売上内軽減8%", 0: "非課税売上"}),
        Package("freee", "freee会計", "cp932", _FREEE, {10: "課税売上10%", 8: "課税売上8%（軽）", 0: "非課売上"}),
        Package("mf", "マネーフォワード クラウド会計", "cp932", _MF, {10: "課税売上 10%", 8: "課税売上 (軽)8%", 0: "非課税売上"}),
    )
}
"""The three by code."""


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
    return package.tax_free if side.rate is None else package.tax_codes[side.rate]


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
