"""加盟店を貼り付けで直す: the list as it was taken out to a spreadsheet comes back, is looked at, and only differences are kept."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, titles
from association.errors import ShopListHeadMissing, ShopListMissing, ShopListStale, ShopListTooLarge, ShopListUnreadable
from association.schemas import ShopPlan, changes, plan_shops
from association.views.frame import desk_page, pages
from base.errors import N_, MeguriError
from base.row_file import FileWrong, decoded, named_rows, rows_of
from base.yen import grouped
from identity.commands import authorise
from web import forms
from web.i18n import in_language, translate

LINES_MAX, BYTES_MAX = 1_000, 400_000
HEADS = {
    "number": (N_("番号"),),
    "name": (N_("お店"), N_("店名")),
    "name_kana": (N_("よみ"),),
    "name_en": (N_("英語の名前"), N_("英語の店名")),
    "trade": (N_("業種"),),
    "size": (N_("店の規模"),),
    "address": (N_("所在地"),),
    "registration_number": (N_("登録番号"), N_("適格請求書の登録番号")),
}
"""As the table of 加盟店 is headed when it goes out, and as the form calls the same."""


@pages.get("/desk/shops/list")
def shop_list() -> str:
    """The box to paste into. Nothing is changed by pasting."""
    authorise(g.session, g.who, "association.edit_shop", subject="page")
    return desk_page("association/shop_list.html", plan=None)


@pages.post("/desk/shops/list")
def keep_shop_list() -> str | Answer:
    """First what would change, then, once that has been looked at, the changes: the same rows, and the same plan."""
    authorise(g.session, g.who, "association.edit_shop", subject="list")
    _name, content = forms.sent_rows(BYTES_MAX)
    plan = _planned(content)
    seen = request.form.get("plan")
    if seen is None:
        rows = decoded(content, BYTES_MAX)
        return desk_page("association/shop_list.html", plan=plan, rows=rows, changes=changes, heads=HEADS, sizes=titles.SHOP_SIZES)
    if seen != plan.digest:
        raise ShopListStale
    commands.keep_shop_list(g.session, g.who, [new for _, new in plan.new], [edit for _, edit in plan.edits], now=g.clock())
    return redirect(url_for(".shops"), 303)


def _planned(content: bytes) -> ShopPlan:
    try:
        rows = rows_of(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX)
        shops = merchant.queries.shops(g.session, g.who.district_id)
        return plan_shops(named_rows(rows, _in_all_languages(HEADS), wanted="name"), shops, _sizes())
    except FileWrong as wrong:
        raise _refusal(wrong) from wrong


def _in_all_languages(heads: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """The table goes out in the reader's language, and may come back to a reader of another one."""
    found: dict[str, list[str]] = {name: [] for name in heads}
    for tag in ("ja", "en"):
        with in_language(tag):
            for name, words in heads.items():
                found[name] += map(translate, words)
    return found


def _sizes() -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in ("ja", "en"):
        with in_language(tag):
            found |= {translate(word): size for size, word in titles.SHOP_SIZES.items()}
    return found


def _refusal(wrong: FileWrong) -> MeguriError:
    match wrong.reason:
        case "missing":
            return ShopListMissing()
        case "large":
            return ShopListTooLarge(lines=grouped(LINES_MAX))
        case "column":
            return ShopListHeadMissing()
    return ShopListUnreadable(line=wrong.line)
