"""What was foretold four weeks ago beside what came: yen and people of a shop for its owner, people of the district for its readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from analytics.models import InsightForecast
from analytics.queries import Asked, Listed
from analytics.queries.actions import for_reader
from analytics.queries.foresight import day_words, newest, said_of
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Words
from analytics.rules.forecast import HORIZON
from analytics.rules.foretold import FEWEST_DAYS, Kept, held, is_within
from analytics.rules.hints import rounded, tens
from analytics.rules.keeping import Outlook, kept
from base.clock import tokyo_day
from base.errors import N_, Forbidden
from identity.commands import authorise
from identity.queries import Principal

NAME = "foretold"
OF_SHOP = Listed(NAME, N_("見込みと、来たもの"), N_("見込みは当たりましたか"), 0)
OF_DISTRICT = Listed(NAME, N_("まちの見込みと、来た人"), N_("見込みは当たりましたか"), 0)
YEN = (N_("売上の見込み（円）"), N_("少なくて（円）"), N_("多くて（円）"), N_("来た売上（円）"))
PEOPLE = (N_("お客様の見込み（人）"), N_("少なくて（人）"), N_("多くて（人）"), N_("来たお客様（人）"))
WITHIN = N_("幅の中か")
WITHIN_WORDS = {True: N_("中"), False: N_("外"), None: N_("比べない")}
NOT_YET = N_("まだ言えません。見込みを出してから7日たつと、来たものと比べます。")
SAID = N_("%(day)sに出した見込みでは、%(days)s日のうち%(within)s日が「少なくて」と「多くて」の間でした。%(bias)s")
STRAYED = N_(
    "%(day)sに出した見込みは、%(days)s日のうち%(within)s日しか「少なくて」と「多くて」の間に入りませんでした。見込みは控えめに読んでください。%(bias)s"
)
MORE = N_("合わせると、見込みより%(percent)s%%多く来ました。")
LESS = N_("合わせると、見込みより%(percent)s%%少なく来ました。")
EVEN = N_("合わせると、見込みと同じくらいでした。")
RULES = (
    N_("10回に8回は間に入るはずの見込みです。休みの日と、10人に満たない日は比べません。"),
    N_("その日に出した28日分を、あとから直さずに比べています。人数は10人単位、見込みは上2桁までです。"),
)


@dataclass(frozen=True, slots=True)
class _Beside:
    """One measure: what was said of each day that is over, and what came; all in the unit as it is shown."""

    heads: tuple[str, ...]
    holds: str
    expected: list[int]
    low: list[int]
    high: list[int]
    came: list[int | None]

    @property
    def outcome(self) -> Kept:
        return held(self.expected, self.low, self.high, self.came)

    def cells(self, place: int) -> tuple[Cell, ...]:
        came = self.came[place]
        within = is_within(came, self.low[place], self.high[place])
        shown: Cell = Words(WITHIN_WORDS[None]) if came is None else came
        return self.expected[place], self.low[place], self.high[place], shown, Words(WITHIN_WORDS[within])


def shop_foretold(session: Session, who: Principal, *, now: datetime) -> Asked:
    """Of the shop that the one who asks owns. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.shop_reports")
    if who.merchant_id is None:
        raise Forbidden
    return foretold_of(session, who.district_id, who.merchant_id, now=now)


def district_foretold(session: Session, who: Principal, *, now: datetime) -> Asked:
    """Of the whole district, in people alone: single days of the district are told in nothing else. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    found = foretold_of(session, who.district_id, None, now=now)
    return replace(found, answer=for_reader(found.answer, who))


def foretold_of(session: Session, district_id: int, merchant_id: int | None, *, now: datetime) -> Asked:
    """What doors and the terminal show; `merchant_id` None: of the district. Who may ask is theirs to check."""
    listed = OF_DISTRICT if merchant_id is None else OF_SHOP
    last = newest(session, district_id, merchant_id)
    said = None if last is None else _said(session, district_id, merchant_id, last.made_on)
    if last is None or said is None:
        today = tokyo_day(now)
        return Asked(listed, today, today, _silent(merchant_id))
    first, many = said.made_on, (last.made_on - said.made_on).days
    of_people = _people(said, _tail(last.came, many))
    beside = [of_people] if merchant_id is None else [_yen(said, _tail(last.past, many)), of_people]
    answer = _answer(first, beside) if beside[0].outcome.can_tell else _silent(merchant_id)
    return Asked(listed, first, last.made_on - timedelta(days=1), answer, said.made_at)


def _said(session: Session, district_id: int, merchant_id: int | None, until: date) -> InsightForecast | None:
    """The oldest of the last four weeks that foretold anything, if a week of it is over."""
    made_on = InsightForecast.made_on
    query = said_of(district_id, merchant_id).where(made_on.between(until - timedelta(days=HORIZON), until - timedelta(days=FEWEST_DAYS)))
    rows = session.scalars(query.order_by(made_on))
    return next((row for row in rows if kept(row.yen).can_tell and kept(row.people).can_tell), None)


def _tail(came: Sequence[int | None], many: int) -> list[int | None]:
    """The last `many` days; all None where nothing was kept."""
    return list(came[-many:]) if len(came) >= many else [None] * many


def _yen(said: InsightForecast, came: list[int | None]) -> _Beside:
    return _beside(YEN, "yen", kept(said.yen), came, rounded)


def _people(said: InsightForecast, came: list[int | None]) -> _Beside:
    return _beside(PEOPLE, "count", kept(said.people), came, tens)


def _beside(heads: tuple[str, ...], holds: str, said: Outlook, came: list[int | None], shown: Callable[[float], int]) -> _Beside:
    expected, low, high = ([shown(value) for value in part[: len(came)]] for part in (said.expected, said.low, said.high))
    return _Beside(heads, holds, expected, low, high, came)


def _answer(first: date, beside: Sequence[_Beside]) -> Answer:
    main, *others = beside
    notes = [*(_sentence(first, each) for each in others if each.outcome.can_tell), *(Words(rule) for rule in RULES)]
    is_shop = main.holds == "yen"
    action = Action(N_("売上を見る"), "merchant.shop_sales") if is_shop else Action(N_("天気や催しの数字を足す"), "analytics.measures")
    return Answer(_sentence(first, main), _heads(beside), _rows(first, beside), _chart(first, main), action, notes=tuple(notes))


def _sentence(first: date, of: _Beside) -> Words:
    found = of.outcome
    bias = Words(EVEN)
    if found.percent:
        bias = Words(MORE if found.percent > 0 else LESS, {"percent": abs(found.percent)})
    facts: dict[str, int | str | Words] = {"day": day_words(first), "days": found.days, "within": found.within, "bias": bias}
    said = Words(STRAYED if found.strays else SAID, facts)
    return said if of.holds == "yen" else Words(N_("お客様の数: %(said)s"), {"said": said})


def _heads(beside: Sequence[_Beside]) -> tuple[Head, ...]:
    parts = ((*(Head(title, each.holds) for title in each.heads), Head(WITHIN, "text")) for each in beside)
    return Head(N_("日"), "text"), *chain.from_iterable(parts)


def _rows(first: date, beside: Sequence[_Beside]) -> tuple[tuple[Cell, ...], ...]:
    days = range(len(beside[0].came))
    return tuple((day_words(first + timedelta(days=place)), *chain.from_iterable(each.cells(place) for each in beside)) for place in days)


def _chart(first: date, of: _Beside) -> Chart:
    """What was said with its interval, and what came as a line; days that are not compared are gaps."""
    days = [first + timedelta(days=place) for place in range(len(of.came))]
    said = ((N_("見込み"), of.expected), (N_("少なくて"), of.low), (N_("多くて"), of.high))
    bands = [
        Series(Words(name), tuple(None if high == 0 else value for value, high in zip(values, of.high, strict=True)))
        for name, values in said
    ]
    unit = "yen" if of.holds == "yen" else "people"
    return Chart("band", unit, tuple(f"{day.month}/{day.day}" for day in days), (*bands, Series(Words(N_("来たもの")), tuple(of.came))))


def _silent(merchant_id: int | None) -> Answer:
    heads = (Head(N_("日"), "text"), *(Head(title, "count") for title in PEOPLE))
    return Answer(
        Words(NOT_YET), heads if merchant_id is None else (heads[0], *(Head(title, "yen") for title in YEN)), (), None, None, can_tell=False
    )
