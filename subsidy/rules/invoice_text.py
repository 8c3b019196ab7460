"""What the text of an invoice seems to say: proposed to whoever hands it in, and never believed.

Only what stands directly behind its own word is taken, and nothing where two places say two things: a wrong proposal costs more
than an empty field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from subsidy.rules.evidence import COMPANY, is_registration

TAXED = ("ご請求金額", "御請求金額", "ご請求額", "御請求額", "請求金額", "請求額", "お支払金額", "税込合計", "合計金額", "総合計", "合計")
"""Words before the whole amount, the surest first."""
UNTAXED = ("税抜合計", "税抜金額", "税抜額", "小計")
DAYS = ("請求日", "発行日", "請求年月日", "発行年月日", "作成日", "日付")
OTHER_DAYS = re.compile("期限|期日|納品|納入|締|支払|振込|有効|見積|注文|発注")
"""Words of a line whose day is not that of the invoice."""
OTHER_COMPANIES = re.compile("御中|様|殿|銀行|信用|口座|名義|振込")
ERAS = {"令和": 2018, "R": 2018}

_GAP = r"[ \t]*"
_BEFORE = r"[ \t]*(?:\((?P<before>税込み?|税抜き?|税別)[^)\n]{0,6}\))?[ \t:]*\n?[ \t]*[¥\\]?[ \t]*"
_SUM = _BEFORE + r"(?P<yen>\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?![\d,.%])"
_AFTER = r"[ \t]*(?:円|-)?[ \t]*(?:\((?P<after>税込み?|税抜き?|税別)[^)\n]{0,6}\))?"
_DAY = re.compile(
    r"(?:(?P<era>令和|R)[ \t]*)?(?P<year>\d{1,4}|元)[ \t]*[年/.\-][ \t]*(?P<month>\d{1,2})[ \t]*[月/.\-][ \t]*(?P<day>\d{1,2})(?!\d)"
)
_COMPANY = re.compile(rf"(?:{COMPANY.pattern})[ \t]?[^\s:()]{{1,24}}|[^\s:()]{{1,24}}(?:{COMPANY.pattern})")
_NUMBER = re.compile(r"(?<![A-Z0-9])T[ \t-]?(?:\d[ \t-]?){12}\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Read:
    """`amount`: yen with tax; `net`: without it; `number`: the issuer's registration. None and empty where nothing sure stands."""

    amount: int | None = None
    net: int | None = None
    day: date | None = None
    number: str = ""
    issuer: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing to propose."""
        return self == Read()


def as_stored(read: Read) -> dict[str, Any]:
    """What JSON can hold."""
    return asdict(read) | {"day": read.day.isoformat() if read.day else None}


def read_as_stored(told: Mapping[str, Any]) -> Read:
    """As it was stored."""
    return Read(**{**told, "day": date.fromisoformat(told["day"]) if told["day"] else None})


def read_invoice(text: str) -> Read:
    """`text`: line by line, as the file has it."""
    plain = unicodedata.normalize("NFKC", text).replace("\r", "\n")
    amount, net = _amount(plain, TAXED, taxed=True), _amount(plain, UNTAXED, taxed=False)
    if amount is not None and net is not None and not amount * 100 // 111 <= net <= amount:
        net = None
    return Read(amount, net, _day(plain), _number(plain), _issuer(plain))


def _amount(text: str, words: Sequence[str], *, taxed: bool) -> int | None:
    """Behind the surest word that is there. Of an amount that says itself which it is, that counts more than the word before it."""
    for word in words:
        spaced = _GAP.join(word)
        found = {int(hit["yen"].replace(",", "")) for hit in re.finditer(spaced + _SUM + _AFTER, text) if _is_taxed(hit, taxed) == taxed}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _is_taxed(hit: re.Match[str], plain: bool) -> bool:
    said = hit["before"] or hit["after"]
    return plain if said is None else said.startswith("税込")


def _day(text: str) -> date | None:
    """Behind its word; else the only day that is no other one."""
    for word in DAYS:
        hits = re.finditer(_GAP.join(word) + r"[ \t:]*\n?[ \t]*" + _DAY.pattern, text)
        if found := {day for hit in hits if (day := _as_day(hit)) is not None}:
            return found.pop() if len(found) == 1 else None
    rest = {day for line in text.splitlines() if not OTHER_DAYS.search(line) for day in _days(line)}
    return rest.pop() if len(rest) == 1 else None


def _days(line: str) -> Iterator[date]:
    return (day for hit in _DAY.finditer(line) if (day := _as_day(hit)) is not None)


def _as_day(hit: re.Match[str]) -> date | None:
    year = 1 if hit["year"] == "元" else int(hit["year"])
    year += ERAS[hit["era"]] if hit["era"] else 0
    try:
        day = date(year, int(hit["month"]), int(hit["day"]))
    except ValueError:
        return None
    return day if 2019 <= day.year <= 2099 else None


def _number(text: str) -> str:
    """The only one that is there: a second may be the buyer's."""
    found = {re.sub(r"[ \t-]", "", hit[0]) for hit in _NUMBER.finditer(text)}
    return found.pop() if len(found) == 1 and all(map(is_registration, found)) else ""


def _issuer(text: str) -> str:
    """The only company that is not addressed and has no account in its line."""
    found = {hit[0].strip() for line in text.splitlines() if not OTHER_COMPANIES.search(line) for hit in _COMPANY.finditer(line)}
    return found.pop() if len(found) == 1 else ""
