"""記録簿: which registers there are, what is written in each, and the days that follow from it (payment-law 33–35, 44)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from base.errors import N_


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is written down. `kind`: line, text, day, count, yes (a tick) or choice (one of `choices`, key → word)."""

    name: str
    label: str
    kind: str = "line"
    is_required: bool = False
    hint: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """`opened`: what the first day is called. `done`: what the note that settles a line is called."""

    name: str
    title: str
    says: str
    opened: str
    done: str
    fields: tuple[Field, ...]


CHANNELS = {"counter": N_("窓口"), "phone": N_("電話"), "mail": N_("メール・手紙"), "shop": N_("お店から"), "other": N_("そのほか")}
YES = "yes"

REGISTERS: dict[str, Register] = {
    each.name: each
    for each in (
        Register(
            "complaint",
            N_("苦情・相談"),
            N_("名前や電話番号は書かず、利用者番号で書きます。件数は基準日の報告に載ります。"),
            N_("受け付けた日"),
            N_("解決"),
            (
                Field("channel", N_("受け付け方"), "choice", True, choices=CHANNELS),
                Field("matter", N_("内容"), "text", True),
                Field("person", N_("利用者番号")),
                Field("payment", N_("受付番号（支払い）")),
                Field("series", N_("種別")),
            ),
        ),
        Register(
            "incident",
            N_("事故・漏えい"),
            N_(
                "漏えいなどは、知った日から5日までに速報、30日（不正な行為によるものは60日）までに確報を、個人情報保護委員会に出し、本人に知らせます。"
            ),
            N_("知った日"),
            N_("終わり"),
            (
                Field("matter", N_("何が起きたか"), "text", True),
                Field("people", N_("関わる人の数"), "count", True),
                Field("sensitive", N_("病歴などの要配慮個人情報が含まれる"), YES),
                Field("money", N_("支払いに使える情報など、財産の被害のおそれがある"), YES),
                Field("wrongful", N_("不正アクセス・持ち出しなど、不正な目的のおそれがある"), YES),
            ),
        ),
        Register(
            "contractor",
            N_("委託先"),
            N_("仕事を任せている相手と、年に一度の確認です。名前は基準日の報告に載ります。"),
            N_("契約の始まり"),
            N_("契約の終わり"),
            (
                Field("name", N_("相手の名前"), is_required=True),
                Field("task", N_("任せている仕事"), "text", True),
                Field("data", N_("渡している個人情報"), hint=N_("例: なし、会員のメールアドレス")),
                Field("until", N_("契約の期限"), "day"),
            ),
        ),
    )
}

MANY = 1_000
PRELIMINARY, FINAL, FINAL_WRONGFUL = timedelta(days=5), timedelta(days=30), timedelta(days=60)
YEAR = timedelta(days=365)


def must_be_reported(*, people: int, sensitive: bool, money: bool, wrongful: bool) -> bool:
    """Whether a leak goes to the Commission and to the people (44)."""
    return sensitive or money or wrongful or people > MANY


def report_days(known_on: date, *, wrongful: bool) -> tuple[date, date]:
    """Last day of the preliminary and of the final report, counted from the day on which it was known (44)."""
    return known_on + PRELIMINARY, known_on + (FINAL_WRONGFUL if wrongful else FINAL)


def next_check(last: date) -> date:
    """When a contractor is to be looked at again (34)."""
    return last + YEAR
