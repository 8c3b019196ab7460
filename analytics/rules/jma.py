"""The file of 気象庁「過去の気象データ・ダウンロード」 as it is downloaded.

A line of the moment, stations, items, what each column of an item is (its value, 現象なし情報, 品質情報, 均質番号), then a line a day
or an hour. Hours are named by their end: 1:00 is what fell since 0:00.

Source: the agency's description of the file (ds.data.jma.go.jp/risk/obsdl/top/help3). A value counts if its quality is 8 (normal) or 5
(nearly whole); 4 (too little), 2 (doubtful), 1 (missing) and 0 (not observed) are gaps. Without a column of quality every value counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.rules.kinds import HOUR_S, Item
from analytics.rules.readings import Found, Frame, Rows, WrongLine, add, moment, steps
from base.row_file import FileWrong

FIRST = "ダウンロードした時刻"
SOUND = ("8", "5")
PARTS = ("年", "月", "日", "時")


def is_jma(rows: Rows) -> bool:
    """Whether the file is one of theirs."""
    return bool(rows) and rows[0][1][0].startswith(FIRST)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the lines of data begin, in how many cells they say their day, and where each item's value and quality stand."""

    data: int
    width: int
    is_hourly: bool
    columns: list[tuple[Item, int, int | None]]


def read_jma(rows: Rows, frame: Frame) -> Found:
    """The days or hours of one station. Raises FileWrong: column (other form, other interval, more than one station), missing."""
    layout = _layout(rows, frame)
    found, seen = Found(), set[tuple[datetime, str]]()
    for line, cells in rows[layout.data :]:
        start = _start(cells, layout)
        if start is None:
            found.wrong.append(WrongLine(line, "time"))
            continue
        for item, place, quality in layout.columns:
            value = cells[place] if place < len(cells) else ""
            if value == "" or (quality is not None and (cells[quality] if quality < len(cells) else "") not in SOUND):
                found.blank += 1
                continue
            reason = add(found, seen, frame, start, item.name, item, steps(value, item))
            if reason:
                found.wrong.append(WrongLine(line, reason))
    return found


def _start(cells: list[str], layout: _Layout) -> datetime | None:
    """The beginning of a line's day or hour."""
    text = cells[0]
    if layout.width > 1:
        if len(cells) < layout.width:
            return None
        text = "/".join(cells[:3]) + (f" {cells[3]}:00" if layout.is_hourly else "")
    end = moment(text)
    return None if end is None else end - timedelta(hours=layout.is_hourly)


def _layout(rows: Rows, frame: Frame) -> _Layout:
    data = next((place for place, (_, cells) in enumerate(rows) if re.match(r"\d{4}(/|年|$)", cells[0])), None)
    if data is None:
        raise FileWrong("missing")
    named = next((place for place in range(1, data) if _plain(rows[place][1][0]).startswith("年")), None)
    if named is None:
        raise FileWrong("column", rows[0][0])
    titles = [_plain(cell) for cell in rows[named][1]]
    width = next((at for at, title in enumerate(titles) if title not in PARTS), len(titles)) if titles[0] == "年" else 1
    if named > 1 and len({cell for cell in rows[named - 1][1] if cell}) > 1:
        raise FileWrong("column", rows[named - 1][0])
    is_hourly = "時" in (titles[0] if width == 1 else titles[:width])
    columns = _columns(titles, width, [cells for _, cells in rows[named + 1 : data]], frame)
    if not columns or is_hourly != (frame.interval_s == HOUR_S):
        raise FileWrong("column", rows[named][0])
    return _Layout(data, width, is_hourly, columns)


def _columns(titles: list[str], width: int, below: Sequence[list[str]], frame: Frame) -> list[tuple[Item, int, int | None]]:
    """Each item that we know: where its value stands, and where its quality."""
    columns: list[tuple[Item, int, int | None]] = []
    known = {_plain(head): item for item in frame.kind.items for head in item.heads}

    def said(place: int) -> str:
        return "".join(cells[place] for cells in below if place < len(cells))

    for place in range(width, len(titles)):
        item = known.get(titles[place])
        if item is None or said(place) or any(item is other for other, _, _ in columns):
            continue
        same = range(place, next((at for at in range(place, len(titles)) if titles[at] != titles[place]), len(titles)))
        columns.append((item, place, next((at for at in same if said(at).endswith("品質情報")), None)))
    return columns


def _plain(word: str) -> str:
    return re.sub(r"\s|\(.*?\)", "", unicodedata.normalize("NFKC", word))
