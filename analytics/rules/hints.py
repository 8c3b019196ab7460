"""What a shop may prepare in the next seven days: sentences made of its forecasts, and of nothing that these do not carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from analytics.rules.calendar import Bool, Float
from analytics.rules.forecast import HORIZON, NOT_YET, WEEK, Forecast
from base.errors import N_

FEWEST_PEOPLE = 10
"""A day with fewer visitors is not spoken of: neither usually nor as foretold."""
WORTH_SAYING = 0.1
"""of what is foretold: a reason that moves it by less is not named"""

TELL_NOTHING = N_("まだ言えません。予測には、続けて4週間以上の売上と、1日10人以上のお客様が必要です。")
EVEN = N_("次の7日は、どの日も普段と大きくは違わない見込みです。")
BUSIEST = N_("次の7日でいちばん忙しいのは%(day)s、売上は約%(yen)s円（10回に8回は%(low)s〜%(high)s円）の見込みです。")
BUSY = N_("%(day)sは、普段の同じ曜日より忙しくなりそうです（約%(people)s人、普段は約%(usual)s人）。人手と仕入れを多めに考えてください。")
QUIET = N_("%(day)sは、普段の同じ曜日より静かになりそうです（約%(people)s人、普段は約%(usual)s人）。仕込みを控えめに考えてください。")
BUSY_BY = N_(
    "%(day)sは、普段の同じ曜日より%(more)s人ほど多くなりそうです（約%(people)s人、普段は約%(usual)s人）。その分の仕込みと人手を考えてください。"
)
QUIET_BY = N_(
    "%(day)sは、普段の同じ曜日より%(more)s人ほど少なくなりそうです（約%(people)s人、普段は約%(usual)s人）。その分、仕込みを控えめに考えてください。"
)
"""By how many people, in full tens: portions and hands follow from that. Where it is less than ten, BUSY and QUIET say no number."""
REASONS = {
    "holiday": N_("祝日"),
    "payday": N_("給料日のすぐあと"),
    "before_payday": N_("給料日の前"),
    "five_ten": N_("五十日"),
    "pension": N_("年金の支給日"),
    "new_year": N_("年末年始"),
    "obon": N_("お盆"),
    "event": N_("催し"),
    "rain": N_("雨の予報"),
    "rain_mm": N_("雨の予報"),
    "snow": N_("大雪の予報"),
    "heat": N_("猛暑の予報"),
    "storm": N_("台風・嵐の予報"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence, marked for translation, with what fills its gaps; `reason`, marked too, is the main cause by the calendar."""

    text: str
    facts: dict[str, int | date] = field(default_factory=dict)
    reason: str | None = None


def usual(values: Float, shut: Bool) -> Float:
    """float64[7]: for each of the next days, the median of the last four of its weekday on which the shop was open; nan if none."""
    found = np.full(WEEK, np.nan)
    for ahead in range(WEEK):
        same = np.arange(values.size - WEEK + ahead, -1, -WEEK)
        same = same[~shut[same]][: HORIZON // WEEK]
        if same.size:
            found[ahead] = np.median(values[same])
    return found


def hints(first: date, yen: Forecast, visitors: Forecast, usually: Float, names: tuple[str, ...]) -> list[Hint]:
    """For the seven days from `first`. `usually`: `usual` of the visitors; `names`: of the calendar of both forecasts.

    A day is busy or quiet only where the usual number is outside the interval, and the busiest day is named only where it stands out.
    """
    told = (visitors.expected[:WEEK] >= FEWEST_PEOPLE) & (usually >= FEWEST_PEOPLE) & ~visitors.shut[:WEEK]
    if NOT_YET in (yen.way, visitors.way) or not told.any():
        return [Hint(TELL_NOTHING)]
    found = _busiest(first, yen, told)
    for ahead in np.flatnonzero(told).tolist():
        more, less = visitors.low[ahead] > usually[ahead], visitors.high[ahead] < usually[ahead]
        if more or less:
            facts: dict[str, int | date] = {
                "day": first + timedelta(days=ahead),
                "people": tens(visitors.expected[ahead]),
                "usual": tens(usually[ahead]),
            }
            by = tens(abs(visitors.expected[ahead] - usually[ahead]))
            text = (BUSY_BY if by else BUSY) if more else (QUIET_BY if by else QUIET)
            found.append(Hint(text, {**facts, "more": by} if by else facts, _reason(visitors, ahead, names, 1 if more else -1)))
    return found or [Hint(EVEN)]


def _busiest(first: date, yen: Forecast, told: Bool) -> list[Hint]:
    expected = np.where(told, yen.expected[:WEEK], 0)
    top = int(expected.argmax())
    others = np.delete(expected, top)
    others = others[others > 0]
    if not others.size or yen.low[top] <= np.median(others):
        return []
    amounts = {name: rounded(part[top]) for name, part in (("yen", yen.expected), ("low", yen.low), ("high", yen.high))}
    return [Hint(BUSIEST, {"day": first + timedelta(days=top), **amounts})]


def _reason(forecast: Forecast, ahead: int, names: tuple[str, ...], sign: int) -> str | None:
    """What moves the day most in that direction, weekdays left out."""
    strengths = {name: sign * forecast.effects[ahead, place] for place, name in enumerate(names) if name in REASONS}
    name = max(strengths, key=lambda each: strengths[each])
    return REASONS[name] if strengths[name] > WORTH_SAYING * forecast.expected[ahead] else None


def tens(people: float) -> int:
    """Full tens, as everywhere in insight."""
    return int(people) // 10 * 10


def rounded(yen: float) -> int:
    """Two digits: more would pretend."""
    digits = max(len(str(abs(int(yen)))) - 2, 0)
    return round(int(yen), -digits)
