"""品目 as a table that goes out, is corrected and comes back: first a look, then all of it or nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from base.errors import N_, MeguriError
from base.row_file import FileWrong, named_rows
from base.yen import grouped
from merchant import commands, queries
from merchant.commands import ArticleList
from merchant.errors import (
    ArticleListHeadMissing,
    ArticleListMissing,
    ArticleListStale,
    ArticleListTooLarge,
    ArticleListUnreadable,
    ArticleListWrong,
)
from merchant.queries import ArticleFacts, ArticleRow
from merchant.schemas import COMING, ArticlePlan, KeySchema, plan_articles
from merchant.views.articles import every_article
from merchant.views.frame import at_desk, desk_page, pages
from web import forms, tables
from web.i18n import _, in_language, translate
from web.tables import count, day, text, yen
from web.workbook import sheet_rows

LINES_MAX, BYTES_MAX = 10_000, 3_000_000
HEADS = {
    "number": (N_("番号"),),
    "name": (N_("品名"), N_("名前"), N_("商品名")),
    "reading": (N_("よみ"),),
    "category": (N_("分類"),),
    "price": (N_("値段（円）"), N_("値段"), N_("価格")),
    "tax": (N_("税込み・税抜き"),),
    "rate": (N_("税率"),),
    "eat_in": (N_("店内でも出す"),),
    "eat_in_price": (N_("店内の値段（円）"), N_("店内の値段")),
    "barcode": (N_("JANコード"), N_("JAN"), N_("バーコード")),
    "place": (N_("並び順"),),
    "next_day": (N_("変わる日"),),
    "next_price": (N_("変わる日からの値段（円）"), N_("変わる日からの値段")),
    "next_rate": (N_("変わる日からの税率"),),
    "next_eat_in_price": (N_("変わる日からの店内の値段（円）"), N_("変わる日からの店内の値段")),
}
"""As the table is headed when it goes out, and as others call the same."""


@pages.get("/shop/articles.<any(xlsx, csv):file>")
@at_desk
def articles_table(file: str) -> Response:
    """The whole list; corrected, it comes back by `article_list`."""
    columns = [
        text(translate(HEADS["number"][0]), 10),
        text(translate(HEADS["name"][0]), 30),
        text(translate(HEADS["reading"][0]), 24),
        text(translate(HEADS["category"][0]), 14),
        yen(translate(HEADS["price"][0])),
        text(translate(HEADS["tax"][0]), 14),
        text(translate(HEADS["rate"][0]), 8),
        text(translate(HEADS["eat_in"][0]), 12),
        yen(translate(HEADS["eat_in_price"][0])),
        text(translate(HEADS["barcode"][0]), 16),
        count(translate(HEADS["place"][0])),
        day(translate(HEADS["next_day"][0])),
        yen(translate(HEADS["next_price"][0])),
        text(translate(HEADS["next_rate"][0]), 8),
        yen(translate(HEADS["next_eat_in_price"][0])),
    ]
    rows = [
        [
            row.id,
            row.facts.name,
            row.facts.reading,
            row.facts.category,
            row.facts.price,
            _("税込み") if row.facts.tax_inside else _("税抜き"),
            f"{row.facts.rate}%",
            _("はい") if row.facts.eat_in else _("いいえ"),
            row.facts.eat_in_price,
            row.facts.barcode,
            row.facts.place,
            *_coming(row.facts),
        ]
        for row in every_article()
    ]
    return tables.download(file, "articles", columns, rows)


@pages.get("/shop/articles/list")
@at_desk
def article_list() -> str:
    """The box for a file or for cells. Nothing is changed by sending them."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page("merchant/article_list.html", plan=None)


@pages.post("/shop/articles/list")
@at_desk
def keep_article_list() -> str | Answer:
    """First what would change; then, once that was looked at, all of it or nothing."""
    identity.commands.authorise(g.session, g.who, "merchant.manage_articles", subject="list")
    _name, content = forms.sent_rows(BYTES_MAX)
    rows, plan = _planned(content)
    seen = request.form.get("plan")
    if seen is None:
        return desk_page("merchant/article_list.html", plan=plan, rows=rows, heads=HEADS, changes=_changes)
    if plan.wrong:
        raise ArticleListWrong
    if seen != plan.digest:
        raise ArticleListStale
    edits = tuple((before.id, after) for _line, before, after in plan.edits)
    key: UUID = forms.load(KeySchema)["key"]
    commands.keep_articles(g.session, g.who, g.shop.id, ArticleList(edits, tuple(plan.new), key), now=g.clock())
    return redirect(url_for(".articles"), 303)


def _planned(content: bytes) -> tuple[str, ArticlePlan]:
    """The rows as text with tabs, to be sent again with the press, and what they would do."""
    try:
        rows = sheet_rows(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX)
        plan = plan_articles(
            named_rows(rows, _heads(), wanted="name"), every_article(), tax_inside=_tax_inside(), today=tokyo_day(g.clock())
        )
    except FileWrong as wrong:
        raise _refusal(wrong) from wrong
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows([*cells, ""] for _line, cells in rows)
    return text.getvalue(), plan


def _tax_inside() -> bool:
    return queries.register_choice(g.session, g.shop.district_id, g.shop.id).tax_inside


def _heads() -> dict[str, list[str]]:
    """The table goes out in the reader's language, and may come back to a reader of another one."""
    found: dict[str, list[str]] = {name: [] for name in HEADS}
    for tag in ("ja", "en"):
        with in_language(tag):
            for name, words in HEADS.items():
                found[name] += map(translate, words)
    return found


def _coming(facts: ArticleFacts) -> tuple[date | None, int | None, str | None, int | None]:
    coming = facts.coming
    if coming is None:
        return None, None, None, None
    return coming.day, coming.price, None if coming.rate is None else f"{coming.rate}%", coming.eat_in_price


def _changes(before: ArticleRow, after: ArticleFacts) -> list[tuple[str, object, object]]:
    """What differs: the column's title, as it is, as it would be."""
    titles = {"tax_inside": HEADS["tax"][0]} | {name: words[0] for name, words in HEADS.items()}
    old, new = _by_column(before.facts), _by_column(after)
    return [(translate(titles[name]), _shown(name, said), _shown(name, new[name])) for name, said in old.items() if said != new[name]]


def _by_column(facts: ArticleFacts) -> dict[str, object]:
    said = {name: getattr(facts, name) for name in ArticleFacts.__slots__ if name != "coming"}
    return said | {f"next_{name}": None if facts.coming is None else getattr(facts.coming, name) for name in COMING}


def _shown(name: str, value: object) -> object:
    match name, value:
        case "tax_inside", _value:
            return _("税込み") if value else _("税抜き")
        case (("rate" | "next_rate"), int()):
            return f"{value}%"
        case _name, bool():
            return _("はい") if value else _("いいえ")
        case (("price" | "eat_in_price" | "next_price" | "next_eat_in_price"), int()):
            return grouped(value)
        case _:
            return value


def _refusal(wrong: FileWrong) -> MeguriError:
    match wrong.reason:
        case "missing":
            return ArticleListMissing()
        case "large":
            return ArticleListTooLarge(lines=grouped(LINES_MAX))
        case "column":
            return ArticleListHeadMissing()
    return ArticleListUnreadable(line=wrong.line)
