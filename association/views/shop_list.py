"""加盟店を貼り付けで直す: the list as it was taken out to a spreadsheet comes back, is looked at, and only differences are kept."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, titles
from association.errors import ShopListStale
from association.schemas import changes, plan_shops
from association.views.frame import desk_page, pages
from base.errors import N_
from identity.commands import authorise
from web.pasted import meanings, pasted

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
    sent = pasted(HEADS, wanted="name", lines_max=LINES_MAX, bytes_max=BYTES_MAX)
    plan = plan_shops(sent.rows, merchant.queries.shops(g.session, g.who.district_id), meanings(titles.SHOP_SIZES))
    seen = request.form.get("plan")
    if seen is None:
        labels = {name: words[0] for name, words in HEADS.items()}
        return desk_page("association/shop_list.html", plan=plan, rows=sent.again, changes=changes, labels=labels, sizes=titles.SHOP_SIZES)
    if seen != plan.digest:
        raise ShopListStale
    commands.keep_shop_list(g.session, g.who, [new for _, new in plan.new], [edit for _, edit in plan.edits], now=g.clock())
    return redirect(url_for(".shops"), 303)
