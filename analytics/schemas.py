"""The border outwards: an answer as a table for files, and as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from analytics.queries import Answer, Asked, Cell, Words
from analytics.reports.answers import WITHHELD, Translate
from base.errors import N_
from web.tables import Column, count, text, yen

NOTE = N_("注")


def as_table(answer: Answer, translate: Translate) -> tuple[list[Column], list[list[object]]]:
    """For `web.tables`: what is withheld is an empty cell, and the row's last one says so."""
    makes = {"text": text, "count": count, "yen": yen, "percent": count}
    columns = [makes[head.holds](translate(head.title)) for head in answer.heads]
    rows: list[list[object]] = [
        [*(_plain(cell, translate) for cell in row), translate(WITHHELD) if None in row else None] for row in answer.rows
    ]
    return [*columns, text(translate(NOTE), 24)], rows


def as_json(asked: Asked, translate: Translate) -> dict[str, Any]:
    """For programs: days in ISO order, yen and people as numbers, null where withheld; `withheld` says why."""
    answer = asked.answer
    chart = answer.chart
    return {
        "report": asked.report.name,
        "title": translate(asked.report.title),
        "question": translate(asked.report.question),
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "as_of": answer.as_of and answer.as_of.isoformat(),
        "can_tell": answer.can_tell,
        "sentence": answer.sentence.said(translate),
        "notes": [note.said(translate) for note in answer.notes],
        "withheld": translate(WITHHELD) if answer.has_withheld else None,
        "columns": [{"title": translate(head.title), "holds": head.holds} for head in answer.heads],
        "rows": [[_plain(cell, translate) for cell in row] for row in answer.rows],
        "chart": chart
        and {
            "kind": chart.kind,
            "unit": chart.unit,
            "marks": [_plain(mark, translate) for mark in chart.marks],
            "series": [{"name": each.name.said(translate), "values": list(each.values)} for each in chart.series],
        },
        "action": answer.action and {"label": translate(answer.action.label), "page": answer.action.endpoint},
    }


def _plain(cell: Cell, translate: Translate) -> int | str | None:
    if isinstance(cell, Words):
        return cell.said(translate)
    return cell.isoformat() if isinstance(cell, date) else cell
