"""What the law asks: the regime of a coin, securing it, paying it back and ending it."""

from __future__ import annotations

from association.titles.proposals import FALLEN_STATES
from base.errors import N_

REGIMES: dict[str, str] = {
    "third_party": N_("前払式支払手段（第三者型）"),
    "exempt": N_("適用除外（発行から6か月以内）"),
    "public_body": N_("適用除外（国・自治体の発行）"),
}

ENDINGS: dict[str, tuple[str, str]] = {  # kind of chip, word
    "announced": ("info", N_("公告済み")),
    "claiming": ("warn", N_("請求の受付中")),
    "paying": ("warn", N_("請求の期間が終わり、支払い中")),
    "closed": ("neutral", N_("終了")),
}

CLAIMS: dict[str, tuple[str, str]] = {
    "waiting": ("warn", N_("承認待ち")),
    "approved": ("ok", N_("払戻し済み")),
    **FALLEN_STATES,
}

REFUND_GROUNDS: dict[str, str] = {
    "caps": N_("少額の払戻し（法律の枠の中）"),
    "unavoidable": N_("転出・帰国など、もう使えない事情"),
    "discontinuance": N_("廃止するコインの払戻しの請求"),
}
"""Why coin may be paid back in cash (payment-law 25)."""

SECURITIES: dict[str, str] = {
    "deposit": N_("供託（法務局）"),
    "guarantee": N_("発行保証金保全契約（銀行など）"),
    "trust": N_("発行保証金信託契約"),
}
"""How what holders are owed is secured (payment-law 13)."""
