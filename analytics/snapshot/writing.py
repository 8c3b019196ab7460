"""The columns follow the book: piece after piece of the sealed log, each state whole, and all of it anew where the book went back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

import ledger.queries
import merchant.queries
from analytics.errors import ColumnsBroken
from analytics.snapshot import blocks, files, partials
from analytics.snapshot.dictionary import Dictionary
from analytics.snapshot.lines import Pieces
from analytics.snapshot.schema import CLASSES, FORMAT, SHOPS, SORTS, Accounts
from analytics.snapshot.sorting import sort

PIECE = 200_000
"""Transactions at once: some tens of megabytes."""
CLOSED_AFTER_S = 86_400
"""A month is closed once the log has gone on a whole day past its end: what was under way then was sealed long ago."""
Report = Callable[[int, int], None]
Page = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """What one call did. `added`: transactions; `size`: of all that are in the columns now.

    `anew`: why all of it was written anew: "asked", "book_went_back", "broken"; None: it was not. `reopened`: closed months, as
    2026-11, to which something came all the same (a clock that was wrong), so that they were written again.
    """

    added: int
    size: int
    anew: str | None
    reopened: tuple[str, ...]


def follow(session: Session, folder: Path, district_id: int, *, rebuild: bool = False, report: Report | None = None) -> Followed:
    """Bring a district's columns up to the end of its sealed log, as it is now. `report` hears (done, of) transactions.

    Reads piece by piece, each in a database transaction of its own: the session must have nothing open. Raises ColumnsBusy.
    """
    with files.only_writer(folder):
        before, anew = _where_it_stands(session, folder, district_id, rebuild)
        try:
            with Pieces(session, district_id) as pieces:
                return _follow(session, pieces, folder, district_id, before, anew, report)
        except ColumnsBroken:
            session.rollback()
            if anew is not None:
                raise
            with Pieces(session, district_id) as pieces:
                return _follow(session, pieces, folder, district_id, before, "broken", report)


def _follow(
    session: Session, pieces: Pieces, folder: Path, district_id: int, before: Page | None, anew: str | None, report: Report | None
) -> Followed:
    read_meanwhile = files.files_of(before) if anew else set[str]()
    page = before if before is not None and anew is None else _nothing(district_id)
    end, begun, reopened = ledger.queries.log_end(session, district_id), page["size"], set[str]()
    while True:
        high = min(page["size"] + PIECE, end)
        following = _piece(session, pieces, folder, page, high, end)
        if anew is None:
            reopened |= {month for month, was in page["months"].items() if was["is_closed"] and following["months"][month] != was}
        page = following
        if anew is None or high == end:  # else the old state is read until the new one is whole
            if page != before:
                files.write_page(folder, page)
            before, read_meanwhile = page, set()
            digests = [partials.digest_of(month["tables"]) for _, month in sorted(page["months"].items())]
            partials.clear(folder, {*digests, *partials.states(digests)})
        files.clear(folder, read_meanwhile | files.files_of(page))
        if report is not None:
            report(high - begun, end - begun)
        if high == end:
            return Followed(end - begun, end, anew, tuple(sorted(reopened)))


def _where_it_stands(session: Session, folder: Path, district_id: int, rebuild: bool) -> tuple[Page | None, str | None]:
    """The page, and why it cannot be gone on with. The root says whether the book begins as it did when the columns were written."""
    try:
        page = files.read_page(folder)
    except ColumnsBroken:
        return None, "asked" if rebuild else "broken"
    if page is None or rebuild:
        return page, "asked" if page is not None else None
    if not all((folder / name).exists() for name in files.files_of(page)):
        return page, "broken"
    size = page["size"]
    if size > ledger.queries.log_end(session, district_id) or ledger.queries.log_root(session, district_id, size).hex() != page["root"]:
        return page, "book_went_back"
    return page, None


def _nothing(district_id: int) -> Page:
    return {"format": FORMAT, "district": district_id, "size": 0, "latest": None, "months": {}, "tables": {}}


def _piece(session: Session, pieces: Pieces, folder: Path, page: Page, high: int, end: int) -> Page:
    """The page of the state in which the log up to the place `high` is in the columns; its files are there.

    First all that is asked of the book, so that it sends the next piece while this one is sorted and written.
    """
    district_id, tables = page["district"], page["tables"]
    about = {"district": str(district_id)}
    months, latest = page["months"], page["latest"]
    consumers, shops = page.get("consumers", 0), page.get("shops", 0)
    has_news = high > page["size"] or not tables
    whole: dict[str, dict[str, Any]] = {}
    if has_news:
        dictionary = _read_dictionary(folder, page)
        lines, parts = pieces.take(page["size"], high)
        is_larger = dictionary.learn(session, district_id, lines.account)
        accounts = dictionary.table()
        if is_larger or not tables:
            whole = {"accounts": files.columns_of(accounts), "series": _series(session, district_id, dictionary)}
    else:
        accounts = Accounts(**files.read_table(folder, tables["accounts"]))
    book = {
        "epoch": max((each.epoch.number for each in ledger.queries.log_epochs(session, district_id)), default=1),
        "root": ledger.queries.log_root(session, district_id, high).hex(),
    }
    whole |= _register(session, district_id, accounts)
    session.rollback()
    if high < end:
        pieces.begin(high, min(high + PIECE, end))
    if has_news:
        latest = max([*([] if latest is None else [latest]), *([int(lines.at.max())] if lines.at.size else [])], default=None)
        log = blocks.Log(high, None if latest is None else latest - CLOSED_AFTER_S)
        months = blocks.add(folder, months, sort(lines, parts, accounts), log, about)
        consumers, shops = dictionary.consumers, dictionary.shops
    return {
        **page,
        **book,
        "size": high,
        "latest": latest,
        "consumers": consumers,
        "shops": shops,
        "months": months,
        "tables": {**tables, **{name: files.write_table(folder, name, of, about) for name, of in whole.items()}},
    }


def _read_dictionary(folder: Path, page: Page) -> Dictionary:
    if not page["tables"]:
        return Dictionary()
    accounts = Accounts(**files.read_table(folder, page["tables"]["accounts"]))
    return Dictionary.of(accounts, files.read_table(folder, page["tables"]["series"])["series"])


def _series(session: Session, district_id: int, dictionary: Dictionary) -> dict[str, Any]:
    sorts = [_sort_of(ledger.queries.one_series(session, district_id, each)) for each in dictionary.series_ids]
    return {"series": np.array(dictionary.series_ids, np.int64), "sort": np.array(sorts, np.int8)}


def _sort_of(series: ledger.queries.Series) -> int:
    is_of = (series.is_coin, series.is_voucher, series.is_points, series.unit == "piece")
    return SORTS.index(next(name for name, is_it in zip(SORTS, is_of, strict=True) if is_it))


def _register(session: Session, district_id: int, accounts: Accounts) -> dict[str, dict[str, Any]]:
    """Shops by code as the register has them now, and since when each has had which trade."""
    of_shops = np.isin(accounts.owner_class, [CLASSES.index(name) for name in SHOPS])
    codes, first = np.unique(accounts.owner[of_shops], return_index=True)
    named = accounts.account[of_shops][first].tolist()
    owners = ledger.queries.owners_of(session, district_id, named)
    register = {each.id: each for each in merchant.queries.register(session, district_id)}
    assert codes.tolist() == list(range(len(named)))
    found = [register.get(owners[account]) for account in named]
    shops = {
        "shop": np.array([owners[account] for account in named], np.int64),
        "number": [each.public_number if each else "" for each in found],
        "trade": [each.trade if each else "" for each in found],
        "size": [each.size if each else "" for each in found],
        "opened": np.array([int(each.registered_at.timestamp()) if each else -1 for each in found], np.int64),
    }
    held = [(code, since, trade) for code, each in enumerate(found) if each for since, trade in each.trades]
    trades = {
        "shop": np.array([code for code, _, _ in held], np.int64),
        "since": np.array([int(since.timestamp()) for _, since, _ in held], np.int64),
        "trade": [trade for _, _, trade in held],
    }
    return {"shops": shops, "trades": trades}
