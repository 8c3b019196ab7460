"""Accounts at banks: what stands in a data record, Japan Post's symbols, and how much of a number is shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

POST_BANK = "9900"
KINDS = ("1", "2", "4", "9")
"""Ordinary, current, savings, other (6)."""
SHOWN = 3
"""Figures of a number that are shown."""

ABBREVIATIONS = (
    ("株式会社", "ｶ)", "(ｶ", "(ｶ)"),
    ("有限会社", "ﾕ)", "(ﾕ", "(ﾕ)"),
    ("合同会社", "ﾄﾞ)", "(ﾄﾞ", "(ﾄﾞ)"),
    ("合名会社", "ﾒ)", "(ﾒ", "(ﾒ)"),
    ("合資会社", "ｼ)", "(ｼ", "(ｼ)"),
    ("社団法人", "ｼﾔ)", "(ｼﾔ", "(ｼﾔ)"),
    ("財団法人", "ｻﾞｲ)", "(ｻﾞｲ", "(ｻﾞｲ)"),
    ("医療法人", "ｲ)", "(ｲ", "(ｲ)"),
    ("NPO法人", "ﾄｸﾋ)", "(ﾄｸﾋ", "(ﾄｸﾋ)"),
    ("学校法人", "ｶﾞｸ)", "(ｶﾞｸ", "(ｶﾞｸ)"),
    ("社会福祉法人", "ﾌｸ)", "(ﾌｸ", "(ﾌｸ)"),
    ("宗教法人", "ｼﾕｳ)", "(ｼﾕｳ", "(ｼﾕｳ)"),
    ("営業所", "", "(ｴｲ", ""),
)
"""(word, before a name, after it, inside it); offered, never put in by itself (14)."""


@dataclass(frozen=True, slots=True)
class Account:
    """A shop's account as it goes into the file: codes of 4 and 3 figures, number of 7, the holder in the bank's signs."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str
    holder: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """By what two shops have the same account (18)."""
        return self.bank_code, self.branch_code, self.kind, self.number


def from_post_office(symbol: str, number: str) -> tuple[str, str, str] | None:
    """(branch, kind, number) of ゆうちょ's 記号 and 番号; None if they are none (15).

    1abc0-nnnnnnn1: branch ab8, ordinary, the number without its last figure. Symbols that start with 0 are transfer accounts:
    branch ab9, current, the number whole.
    """
    symbol, number = (re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", each)) for each in (symbol, number))
    if not re.fullmatch(r"[01][0-9]{4}", symbol) or not re.fullmatch(r"[0-9]{1,8}", number):
        return None
    if symbol[0] == "0":
        return (f"{symbol[1:3]}9", "2", number.rjust(7, "0")[-7:]) if len(number) <= 7 else None
    if len(number) < 2 or number[-1] != "1":
        return None
    return f"{symbol[1:3]}8", "1", number[:-1].rjust(7, "0")


def masked(number: str) -> str:
    """Only its last figures."""
    return "*" * max(len(number) - SHOWN, 0) + number[-SHOWN:]
