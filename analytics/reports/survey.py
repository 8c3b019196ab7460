"""アンケート: what people answered, month by month.

Of an answer of fewer than ten people nothing is told: not how many, and not its words, which may be one person's own. That there were
such answers is one line a survey and month.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics.guard import LEAST
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, month_words
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.source import Asked, Source
from analytics.reports.weather import MONTHS
from analytics.rules.hints import tens
from base.errors import N_

HEADS = (Head(N_("月"), "text"), Head(N_("アンケート"), "text"), Head(N_("答え"), "text"), Head(N_("人数"), "count"))
OTHERS = N_("ほかの答え（どれも10人未満）")
NOTE = N_("答えた人の数で、10人単位の切り下げです。答えた人だけの声で、来た人みんなの割合ではありません。")


def gather(_source: Source, _asked: Asked) -> Told:
    """Nothing of the payments."""
    return Told()


def tell(asked: Asked, _told: Told) -> Answer:
    rows: list[tuple[Cell, ...]] = []
    newest: tuple[date, str, list[tuple[str, int]]] | None = None
    for (name, month), answers in sorted(asked.measured.survey.items(), key=lambda each: (each[0][1], each[0][0]), reverse=True):
        told = tellable(answers)
        rows += [(month_words(month), name, answer, many) for answer, many in told]
        rows += [(month_words(month), name, Words(OTHERS), None)] if len(told) < len(answers) else []
        if newest is None and told:
            newest = month, name, told
    if newest is None:
        text = N_("まだ言えません。10人以上が同じ答えをしたアンケートがありません。")
        return Answer(Words(text), HEADS, tuple(rows), None, None, can_tell=False, notes=(Words(NOTE),))
    month, name, told = newest
    facts: dict[str, int | str | Words] = {"month": month_words(month), "name": name, "answer": told[0][0], "people": told[0][1]}
    text = N_("%(month)sの「%(name)s」でいちばん多い答えは「%(answer)s」で、%(people)s人以上です。")
    chart = Chart("bars", "people", tuple(answer for answer, _ in told), (Series(Words(HEADS[3].title), tuple(many for _, many in told)),))
    return Answer(
        Words(text, facts), HEADS, tuple(rows), chart, Action(N_("お知らせを送る"), "association.announcements"), notes=(Words(NOTE),)
    )


def tellable(answers: Mapping[str, int]) -> list[tuple[str, int]]:
    """What ten people or more answered, the most first, with how many in full tens; of all other answers not even the words."""
    ordered = sorted(answers.items(), key=lambda each: (-each[1], each[0]))
    return [(answer, tens(many)) for answer, many in ordered if many >= LEAST]


REPORT = Report("survey", N_("アンケートの答え"), N_("来た人は、何と答えましたか"), DISTRICT, MONTHS, gather, tell)
