"""The consumers: their cards, and whom an announcement goes to."""

from __future__ import annotations

from base.errors import N_

CARD_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "blank": ("info", N_("未使用")),
    "active": ("ok", N_("使用中")),
    "blocked": ("danger", N_("利用停止")),
    "replaced": ("neutral", N_("新しいカードに移した")),
}

AUDIENCES = {
    "all": N_("すべての利用者"),
    "holders": N_("ある種別を持っている人"),
    "still": N_("しばらく使っていない人"),
    "segment": N_("お客様の種類から"),
    "person": N_("1人"),
    "list": N_("番号の一覧"),
    "applicants": N_("商品券に申し込んだ人"),
    "unused": N_("2年近く使っていない人"),
}
"""Whom an announcement goes to."""

SEGMENTS = {
    "often": N_("よく来る人"),
    "silent": N_("来なくなった人"),
    "once": N_("一度だけの人"),
    "new": N_("新しく来た人"),
    "unspent": N_("チャージだけの人"),
}
"""Kinds of customers as each night sorts them."""

NUMBER_FAULTS = {
    "number": N_("番号ではありません"),
    "unknown": N_("この番号の利用者はいません"),
    "twice": N_("同じ人が前の行にあります"),
}
"""Why a line of pasted numbers tells nobody."""
