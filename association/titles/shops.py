"""The shops: their states, the accounts they are paid to, the runs that pay them, and what their programs may do."""

from __future__ import annotations

from association.titles.proposals import FALLEN_STATES
from base.errors import N_

SHOP_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "applied": ("warn", N_("承認待ち")),
    "open": ("ok", N_("利用中")),
    "suspended": ("danger", N_("停止中")),
    "closed": ("neutral", N_("終了")),
}

SCOPES: dict[str, str] = {
    "payments:write": N_("お客様のコードで支払いを受け取る"),
    "payments:read": N_("受け取った支払いを見る"),
    "requests:write": N_("お会計のQRを作る"),
    "refunds:write": N_("返金する"),
    "balances:read": N_("残高を見る"),
    "top_ups:write": N_("チャージする"),
    "payouts:read": N_("入金予定と振込を見る"),
    "print:jobs": N_("レシートを印刷する（印刷の中継）"),
    "agent_top_ups:write": N_("代理店としてコインを売る"),
    "webhooks:replay": N_("外部への通知を見る、送り直す"),
}

CARRIES: dict[str, tuple[str, str]] = {  # kind of chip, why a shop is not in this run
    "nothing": ("neutral", N_("支払う額がありません")),
    "suspended": ("danger", N_("停止中のため見送り")),
    "closed": ("danger", N_("終了した店のため見送り")),
    "left_out": ("warn", N_("担当者が外しました")),
    "refused": ("danger", N_("承認のときに記帳できませんでした")),
    "no_account": ("danger", N_("振込先がありません")),
    "check_account": ("danger", N_("口座を確認（前の振込が戻りました）")),
    "netted": ("neutral", N_("同じ口座の店と相殺して残りなし")),
    "minimum": ("neutral", N_("最低額に届かないため繰越")),
}

ACCOUNT_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "waiting": ("warn", N_("承認待ち")),
    "coming": ("info", N_("待ち時間中")),
    "live": ("ok", N_("いまの振込先")),
    "replaced": ("neutral", N_("前の振込先")),
    **FALLEN_STATES,
    "stopped": ("danger", N_("止められた変更")),
}

ACCOUNT_KINDS_AT_BANKS: dict[str, str] = {"1": N_("普通"), "2": N_("当座"), "4": N_("貯蓄"), "9": N_("その他")}

RUN_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "posting": ("info", N_("記帳の途中")),
    "settled": ("info", N_("振込待ち")),
    "paying": ("warn", N_("振込済みの確認待ち")),
    "posting_payout": ("info", N_("振込の記帳の途中")),
    "paid": ("ok", N_("振込済み")),
    "void": ("neutral", N_("全店繰越")),
}

CLOSINGS: dict[str, str] = {
    "month_end": N_("月末"),
    "half_month": N_("15日と月末"),
    "weekly": N_("毎週"),
    "daily": N_("毎日"),
}

CYCLE_TAKES: dict[str, str] = {
    "rest": N_("ほかの締め方に入らない店"),
    "small": N_("中小店"),
    "large": N_("大型店"),
    "given": N_("1店ずつ選んだ店"),
}

RETURN_REASONS: dict[str, str] = {
    "closed": N_("口座が解約されている"),
    "unknown": N_("口座がない"),
    "name": N_("名義が違う"),
    "other": N_("そのほか"),
}

SHIFTS: dict[str, str] = {"next": N_("次の営業日にする"), "previous": N_("前の営業日にする")}

WEEKDAYS = (N_("月曜日"), N_("火曜日"), N_("水曜日"), N_("木曜日"), N_("金曜日"), N_("土曜日"), N_("日曜日"))
