"""Answers of months that are over are made once, and a page reads them as they lie there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from analytics import reports
from analytics.reports import KEPT, REPORTS, Asked, Period, Report
from analytics.reports.source import Source
from tests.analytics.test_reports import MARCH, NAMES, NOW, Diary, year

__all__ = ["year"]


def nothing_is_counted(*_: Any) -> NoReturn:
    raise AssertionError("counted again")


def question(diary: Diary, report: Report, shop: int | None) -> Asked:
    period = Period(reports.before(MARCH.until, report.months), MARCH.until)
    return reports.about(Source(diary, 1).columns(period.since, period.until), period, now=NOW, shop=shop)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(KEPT))
def test_an_answer_comes_back_as_it_was_with_the_names_that_shops_have_now(year: Diary, tmp_path: Path, name: str) -> None:
    """Whoever asks again counts nothing; a shop that was renamed has its new name; a payment more and it is made anew."""
    diary = Diary(tmp_path)
    diary.paid = list(year.paid)
    source, report = Source(diary, 1), REPORTS[name]  # type: ignore[arg-type]
    shop = None if "district" in report.scopes else 0
    asked, names = question(diary, report, shop), dict(NAMES)
    first = reports.kept_answer(source, report, asked, names)
    assert first == diary.answers(name, shop=shop)
    again = replace(report, gather=nothing_is_counted)
    assert reports.has_answer(source, again, asked) and reports.kept_answer(source, again, asked, names) == first
    renamed = str(reports.kept_answer(source, again, asked, names | {0: '"湯"'}))
    assert names[0] not in renamed and ('"湯"' in renamed) == (names[0] in str(first))
    (file,) = (tmp_path / "partials").glob("answer_*.json")
    file.write_bytes(file.read_bytes()[:-9])
    assert reports.kept_answer(source, report, asked, names) == first
    diary.pays("2026-03-09 12:00", 1, 0, 500)
    with pytest.raises(AssertionError, match="counted again"):
        reports.kept_answer(source, again, asked, names)


def test_months_that_still_run_keep_nothing(year: Diary, tmp_path: Path) -> None:
    diary = Diary()
    diary.paid = list(year.paid)
    source = Source(diary, 1)  # type: ignore[arg-type]
    asked = question(diary, REPORTS["profile"], None)
    reports.kept_answer(source, REPORTS["profile"], asked, dict(NAMES))
    assert not reports.has_answer(source, REPORTS["profile"], asked) and not any(tmp_path.iterdir())
