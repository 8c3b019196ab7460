"""What the desk calls accounts, kinds of transactions, regimes and states: 勘定科目 and their like, to be translated when shown."""

from __future__ import annotations

from base.errors import N_

ACCOUNTS: dict[str, str] = {
    "drawer": N_("現金 窓口"),
    "safe": N_("現金 金庫"),
    "bank": N_("預金"),
    "consumer": N_("預り金"),
    "payable": N_("未払金 加盟店"),
    "suspense": N_("仮受金"),
    "promotion": N_("販促費"),
    "breakage": N_("雑収入（失効益）"),
}

KINDS: dict[str, str] = {
    "top_up": N_("チャージ"),
    "payment": N_("支払い"),
    "refund": N_("返金"),
    "reversal": N_("取消"),
    "drawer_close": N_("窓口締め"),
    "correction": N_("訂正"),
}

REGIMES: dict[str, str] = {
    "third_party": N_("前払式支払手段（第三者型）"),
    "exempt": N_("適用除外（発行から6か月以内）"),
    "public_body": N_("適用除外（国・自治体の発行）"),
}

SHOP_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "applied": ("warn", N_("承認待ち")),
    "open": ("ok", N_("利用中")),
    "suspended": ("danger", N_("停止中")),
    "closed": ("neutral", N_("終了")),
}

SCOPES: dict[str, str] = {
    "payments:write": N_("お客様のコードで支払いを受け取る"),
    "payments:read": N_("受け取った支払いを見る"),
    "requests:write": N_("お会計のQRをつくる"),
    "refunds:write": N_("返金する"),
    "balances:read": N_("残高を見る"),
    "top_ups:write": N_("チャージする"),
}
