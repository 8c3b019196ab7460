"""What a proposal is for, and what became of it."""

from __future__ import annotations

from base.errors import N_

PURPOSES: dict[str, str] = {
    "top_up_large": N_("高額チャージの申請"),
    "code_issue": N_("チャージ券の発行の申請"),
    "code_cancel": N_("チャージ券の取消の申請"),
    "agent": N_("代理店の申請"),
    "coupon": N_("クーポンの発行の申請"),
    "benefit": N_("給付の申請"),
    "benefit_return": N_("給付の取消の申請"),
    "voucher": N_("商品券の発行の申請"),
    "voucher_return": N_("負担者への返金の申請"),
    "point_programme": N_("ポイントを始める申請"),
    "point_event": N_("参加ポイントの申請"),
    "point_budget": N_("ポイントの1か月の枠を変える申請"),
    "cash_budget": N_("1日の現金チャージの枠の申請"),
    "point_campaign": N_("ポイントのキャンペーンの申請"),
    "ticket_release": N_("紙の券をまた使えるようにする申請"),
    "ticket_replace": N_("紙の券の冊を替える申請"),
    "settlement": N_("換金の申請"),
    "payout": N_("振込済みの申請"),
    "suspense": N_("仮受金の処理の申請"),
    "cash_refund": N_("払戻しの申請"),
    "discontinue": N_("コインの廃止の申請"),
    "transfers": N_("人に送れるようにする申請"),
    "dispute_hold": N_("お店の分を留め置く申請"),
    "dispute_outcome": N_("申し立ての結果の申請"),
    "discontinue_end": N_("廃止の手続きを閉じる申請"),
    "card_pin": N_("カードの暗証番号を決め直す申請"),
    "reopen_month": N_("月次締めを解く申請"),
    "new_epoch": N_("台帳を再開する申請"),
    "payment_again": N_("支払いを記帳し直す申請"),
    "top_up_again": N_("チャージを記帳し直す申請"),
    "bank_line": N_("銀行の明細を記帳する申請"),
    "shop_account": N_("振込先の変更の申請"),
    "transfer_terms": N_("組合の振込口座の変更の申請"),
    "transfer_return": N_("振込の戻りの申請"),
    "start_again": N_("止めたものの再開の申請"),
    "role": N_("役割を付ける申請"),
}
"""What a proposal is for: every purpose that a door proposes."""

FALLEN_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word; the keys are the book's
    "declined": ("neutral", N_("差し戻し")),
    "withdrawn": ("neutral", N_("取り下げ")),
    "lapsed": ("neutral", N_("承認の期限切れ")),
}
"""How a proposal came to nothing, and with it what it was to begin: the same word in every list and on every page."""

PROPOSAL_STATES: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    "approved": ("ok", N_("承認済み")),
    **FALLEN_STATES,
}
