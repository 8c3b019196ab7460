"""What changed since the month before, and where."""

from __future__ import annotations

from dataclasses import replace

from analytics.guard import Published
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin, yen
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.source import BANDS, SLOTS, WEEKDAYS, Asked, Source
from base.errors import N_

PICTURED = 10
SMALL_PERCENT = 3
HEADS = (
    Head(N_("どこで"), "text"),
    Head(N_("前の月（円）"), "yen"),
    Head(N_("この月（円）"), "yen"),
    Head(N_("差（円）"), "yen"),
)


ACTION = Action(N_("クーポンを作る"), "association.new_coupon")
SLOT = "%(weekday)s %(band)s"
MORE = N_("前の月より%(percent)s%%（%(yen)s円）増えました。")
MORE_NAMED = N_("前の月より%(percent)s%%（%(yen)s円）増えました。いちばん増えたのは%(shop)sで、%(part)s円です。")
LESS = N_("前の月より%(percent)s%%（%(yen)s円）減りました。")
LESS_NAMED = N_("前の月より%(percent)s%%（%(yen)s円）減りました。いちばん減ったのは%(shop)sで、%(part)s円です。")


def gather(source: Source, asked: Asked) -> Told:
    """Both months as they were told by themselves: the change tells no more."""
    earlier, later = (source.master(month) for month in asked.months)
    slots_before, slots = (source.by_slot(month, asked) for month in asked.months)
    return Told(shops_before=earlier.by_row, shops=later.by_row, slots_before=slots_before, slots=slots)


def tell(asked: Asked, told: Told) -> Answer:
    found = _tell(asked, told)
    return _without_shops(found) if asked.is_outside else found


def _tell(asked: Asked, told: Told) -> Answer:
    earlier, later = told.line("shops_before"), told.line("shops")
    shops = [(Words("%(shop)s", {"shop": asked.names.get(int(str(code)), "?")}), *_pair(earlier, later, code)) for code in later.labels]
    slots = [
        (Words(SLOT, {"weekday": Words(WEEKDAYS[weekday]), "band": Words(BANDS[band])}), *_pair(*_slots(told), label))
        for (weekday, band), label in zip(SLOTS, told.line("slots").labels, strict=True)
    ]
    rows: list[tuple[Cell, ...]] = [
        (name, was, now, None if was is None or now is None else now - was) for name, was, now in [*shops, *slots]
    ]
    changes = sorted(((now - was, name) for name, was, now in shops if was is not None and now is not None), key=lambda each: -abs(each[0]))
    pictured = changes[:PICTURED]
    chart = Chart("bars", "yen", tuple(name for _, name in pictured), (Series(Words(N_("差")), tuple(change for change, _ in pictured)),))
    was, now = yen(earlier.total), yen(later.total)
    if not was or now is None or not changes:
        return thin(HEADS, rows, chart)
    change, percent = now - was, abs(now - was) * 100 // was
    facts: dict[str, int | str | Words] = {"yen": abs(change), "percent": percent}
    if percent < SMALL_PERCENT:
        text = N_("前の月とほとんど変わりません（差は%(yen)s円）。")
        return Answer(Words(text, facts), HEADS, tuple(rows), chart, ACTION)
    same_way = [each for each in changes if (each[0] > 0) == (change > 0)]
    text, named = (MORE, MORE_NAMED) if change > 0 else (LESS, LESS_NAMED)
    if same_way:
        text = named
        facts |= {"shop": same_way[0][1], "part": abs(same_way[0][0])}
    return Answer(Words(text, facts), HEADS, tuple(rows), chart, ACTION)


def _without_shops(answer: Answer) -> Answer:
    """For whoever may own one: no shop's yen, the weekdays and hours alone."""
    sentence = Words({MORE_NAMED: MORE, LESS_NAMED: LESS}.get(answer.sentence.text, answer.sentence.text), answer.sentence.facts)
    rows = tuple(row for row in answer.rows if isinstance(row[0], Words) and row[0].text == SLOT)
    changes = sorted(((row[3], row[0]) for row in rows if isinstance(row[3], int)), key=lambda each: -abs(each[0]))[:PICTURED]
    names = tuple(name for _, name in changes if isinstance(name, Words))
    chart = Chart("bars", "yen", names, (Series(Words(N_("差")), tuple(change for change, _ in changes)),))
    return replace(answer, sentence=sentence, rows=rows, chart=chart)


def _slots(told: Told) -> tuple[Published, Published]:
    return told.line("slots_before"), told.line("slots")


def _pair(earlier: Published, later: Published, label: object) -> tuple[int | None, int | None]:
    """A shop that was not there in the month before looks like one that may not be told."""
    return (yen(earlier[label]) if label in earlier.labels else None), yen(later[label])


REPORT = Report("movers", N_("何が変わったか"), N_("前の月から、どこが増えて、どこが減りましたか"), DISTRICT, 2, gather, tell)
