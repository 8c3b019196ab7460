"""Vouchers: who may buy, how people apply, where they count, and slips of paper that came in."""

from __future__ import annotations

from association.titles.proposals import FALLEN_STATES
from base.errors import N_

VOUCHER_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "selling": ("ok", N_("販売中")),
    "usable": ("info", N_("販売終了・使えます")),
    "over": ("neutral", N_("期限切れ")),
}

VOUCHER_PARTS: dict[bool, str] = {False: N_("共通券"), True: N_("専用券（中小店だけ）")}

VOUCHER_STEPS = (N_("額面と口数"), N_("期間"), N_("買える人"), N_("お店と負担"), N_("確かめて申請"))

CALL_WAYS: dict[str, str] = {"open": N_("だれでも"), "eligible": N_("対象の人だけ"), "application": N_("申し込みと抽選")}

CALL_PROOFS: dict[str, str] = {"none": N_("住所で確かめる"), "code": N_("購入引換券"), "list": N_("名簿と照らす")}

APPLICATION_STATES: dict[str, tuple[str, str]] = {
    "checking": ("warn", N_("確かめが要ります")),
    "accepted": ("ok", N_("受付済み")),
    "refused": ("neutral", N_("お断り")),
    "withdrawn": ("neutral", N_("取り下げ")),
}

WHY_NOT: dict[str, str] = {
    "not_applied": N_("この商品券は申し込みが要ります。この人の申し込みはありません。"),
    "checking": N_("申し込みを確かめているところです。申し込みのページで決めてください。"),
    "refused": N_("申し込みを断っています。"),
    "not_drawn": N_("抽選はまだです。"),
    "waiting": N_("抽選で補欠になりました。口数が回ってきたら売れます。"),
    "late": N_("支払いの期限が過ぎました。"),
}
"""Why somebody cannot buy now."""

APPLICATION_WAYS: dict[str, str] = {"phone": N_("スマホ"), "paper": N_("紙")}

APPLICATION_REASONS: dict[str, str] = {
    "double": N_("同じ人かもしれない申し込みがあります"),
    "unlisted": N_("名簿に、文字まで同じ人がいません"),
}

RESIDENT_WRONG: dict[str, str] = {
    "name": N_("氏名がないか、長すぎます"),
    "address": N_("住所がないか、長すぎます"),
    "letters": N_("文字化けかもしれない字があります"),
    "double": N_("同じ行がもうあります"),
}

VOUCHER_SHOPS: dict[str, str] = {"all": N_("すべての加盟店"), "small": N_("中小店だけ"), "trades": N_("業種を選ぶ")}

WHERE: dict[str, str] = VOUCHER_SHOPS | {"these": N_("お店を選ぶ")}

SHOP_SIZES: dict[str, str] = {"small": N_("中小店"), "large": N_("大型店")}

STANDINGS: dict[str, tuple[str, str]] = {  # kind of chip, what the book says to a slip of before it was returned
    "same": ("ok", N_("帳簿にあります")),
    "again": ("ok", N_("別の番号で帳簿にあります")),
    "other": ("danger", N_("帳簿になく、番号は別の取引")),
    "missing": ("danger", N_("帳簿にありません")),
}

PRESENTERS: dict[str, str] = {"consumer": N_("利用者"), "shop": N_("加盟店"), "other": N_("ほか")}
