"""Coupons, points, benefits and top-up codes: their states, and who pays for them."""

from __future__ import annotations

from association.titles.proposals import FALLEN_STATES
from base.errors import N_

SKIPPED: dict[str, str] = {
    "budget_used_up": N_("枠を使い切っています。枠を増やすか、翌月に自動で付きます。"),
    "account_frozen": N_("お客様の残高が止まっています。解除すると自動で付きます。"),
    "series_ended": N_("その月のポイントの期限が終わっています。"),
    "not_approved": N_("承認された枠がありません。承認されると自動で付きます。"),
}
"""Why the book refuses points, by the code of its refusal."""

BILLED: dict[str, str] = {"coupon": N_("クーポン"), "voucher": N_("商品券"), "points": N_("ポイント"), "benefit": N_("給付")}

COUPON_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "running": ("ok", N_("配布中")),
    "over": ("neutral", N_("期限切れ")),
    "ended": ("neutral", N_("途中で終了")),
}

POINT_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "running": ("ok", N_("付いています")),
    "over": ("neutral", N_("終わりました")),
}

CAMPAIGN_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "running": ("ok", N_("付いています")),
    "spent": ("neutral", N_("予算に達しました")),
    "over": ("neutral", N_("終わりました")),
}

POINT_EVENT_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "running": ("ok", N_("受け取れます")),
    "full": ("neutral", N_("人数に達しました")),
    "over": ("neutral", N_("終わりました")),
}

ROUNDINGS: dict[str, str] = {"down": N_("切り捨て"), "nearest": N_("四捨五入"), "up": N_("切り上げ")}

COUPON_STEPS = (N_("割引"), N_("条件"), N_("枚数と期間"), N_("負担"), N_("確かめて申請"))

CAMPAIGN_KINDS: dict[str, str] = {
    "voucher": N_("商品券"),
    "coupon": N_("クーポン"),
    "points": N_("ポイントのキャンペーン"),
    "event": N_("参加ポイント"),
}
"""What runs, as the cards of the desk's home say it."""

PAYERS: dict[str, str] = {"association": N_("組合"), "funder": N_("ほかの負担者"), "shop": N_("お店")}

PAID_FROM: dict[str, str] = {
    "safe": N_("現金（売るチャージ券）"),
    "bank": N_("預金（振込で受け取った分）"),
    "promotion": N_("販促費（景品・贈り物）"),
}
"""What pays for a batch of top-up codes, and gets back what is cancelled of it."""

BATCH_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "open": ("ok", N_("利用中")),
    "ended": ("neutral", N_("期限切れ")),
}

CODE_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "left": ("info", N_("未利用")),
    "used": ("ok", N_("利用済み")),
    "cancelling": ("warn", N_("取消の承認待ち")),
    "cancelled": ("neutral", N_("取消済み")),
    "expired": ("neutral", N_("失効")),
}

BENEFIT_SOURCES: dict[str, str] = {
    "funder": N_("ほかの負担者（あとで受け取る）"),
    "bank": N_("預金（振込で受け取った分）"),
    "safe": N_("現金（金庫に入っている分）"),
    "promotion": N_("販促費（組合の負担）"),
}
"""Who pays a benefit, and gets back what is taken back of it."""

BENEFIT_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "draft": ("info", N_("申請の前")),
    "preparing": ("info", N_("申請の準備中")),
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "posting": ("info", N_("記帳の途中")),
    "stopped": ("warn", N_("停止中")),
    "stuck": ("danger", N_("手当てが必要")),
    "left": ("warn", N_("残りあり")),
    "done": ("ok", N_("全員に記帳済み")),
    "ended": ("neutral", N_("打ち切り")),
}

BENEFIT_LINE_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "open": ("info", N_("これから")),
    "posted": ("ok", N_("記帳済み")),
    "refused": ("danger", N_("記帳できない")),
    "ended": ("neutral", N_("打ち切り")),
    "returning": ("warn", N_("取消の承認待ち")),
    "returned": ("neutral", N_("取消済み")),
}

BENEFIT_REASONS: dict[str, str] = {
    "number": N_("番号が読めません"),
    "amount": N_("金額が1円以上の数字ではありません"),
    "unknown": N_("この番号の利用者もカードもありません"),
    "blank": N_("まだだれにも渡していないカードです"),
    "twice": N_("同じ人が前の行にもあります"),
    "frozen": N_("残高が一時停止中です"),
    "left": N_("退会しています"),
    "over": N_("残高の上限を超えます"),
    "account_frozen": N_("残高が一時停止中です"),
    "balance_limit": N_("残高の上限を超えます"),
    "series_ended": N_("種別の期限が過ぎています"),
    "series_not_yet": N_("種別がまだ始まっていません"),
    "ended": N_("打ち切りました"),
    "other": N_("帳簿が受け付けませんでした"),
}
"""Why a line is left out of a list, or was not posted: our own words, and the codes of the book's refusals."""
