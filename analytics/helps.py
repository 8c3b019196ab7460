"""このページの使い方 of the pages of insight."""

from __future__ import annotations

from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

HELPS: dict[str, Help] = {
    "analytics/district.html": Help(
        N_("まちのお支払いから分かることを、1枚に1つずつ並べたページです。"),
        N_("太い字の1行を読みます。右下のボタンから、次にすることへ進めます。"),
        NOTHING_CHANGES,
        N_("10人未満の集まりは出ません。数字のことは、運営団体の管理者に聞いてください。"),
    ),
    "analytics/shop.html": Help(
        N_("このお店のお支払いから分かることを、1枚に1つずつ並べたページです。"),
        N_("太い字の1行を読みます。「数字で見る」を押すと、表が開きます。"),
        NOTHING_CHANGES,
        N_("お客様がだれかは、お店にも組合にも分かりません。数字のことは、組合に聞いてください。"),
    ),
}
