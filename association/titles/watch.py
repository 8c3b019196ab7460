"""What is watched: suspicions, stops, daily controls and cases about a payment."""

from __future__ import annotations

from base.errors import N_

RISKS: dict[str, tuple[str, str, str]] = {
    "tries": (
        N_("何度も間違えて入れています"),
        N_("暗証番号、チャージ券、コードの番号が、1日に%(figure)s回、間違って入れられました。"),
        N_("忘れただけのことも多いです。本人に、困っていないかを聞いてください。"),
    ),
    "device": (
        N_("1台の端末に、多くの人が登録しています"),
        N_("同じ端末で、%(figure)s人が利用者になっています。"),
        N_("家族や、案内所の端末のこともあります。登録の特典や給付を何度も受けていないかを見てください。"),
    ),
    "circular": (
        N_("お店の人とお店の間で、お金が回っています"),
        N_("お店で働く人の支払いと返金、またはその店で買ったコインの支払いが、1日に%(figure)s円あります。"),
        N_("自分の店で買い物をするのは、ふつうのことです。品物が動いたかを、お店に聞いてください。"),
    ),
    "refunds": (
        N_("返金の多い担当がいます"),
        N_("1人の担当の返金が、1日に%(figure)s件あります。"),
        N_("返品の多い日もあります。理由とレシートを、店主に確かめてもらってください。"),
    ),
    "refunds_of_shop": (
        N_("返金の額が大きいお店です"),
        N_("1つのお店の返金が、1日に%(figure)s円あります。"),
        N_("高い品の返品や、宿の取り消しのこともあります。店主ひとりでも返せるので、品物が戻ったかを店主に聞いてください。"),
    ),
    "close": (
        N_("店じまいの前に、返金が重なっています"),
        N_("その日の最後の30分に、返金が%(figure)s件あります。"),
        N_("打ち間違いをまとめて直すお店もあります。レジの現金と合っているかを、店主に聞いてください。"),
    ),
    "top_ups": (
        N_("いつもより大きなチャージです"),
        N_("1日に%(figure)s円のチャージがありました。"),
        N_("旅行や行事のためのこともあります。だまされて頼まれていないかを、本人に聞いてください。"),
    ),
    "through": (
        N_("チャージしてすぐ、1つの店で使いきっています"),
        N_("チャージから2時間のうちに、切りのよい額で%(figure)s円が1つの店で支払われました。"),
        N_("大きな買い物のこともあります。品物が動いたかを、お店に聞いてください。"),
    ),
    "units": (
        N_("商品券や給付が、1つの店でまとめて使われています"),
        N_("受け取った日のうちに、%(figure)s人が、その店でほとんどを使いました。"),
        N_("催しや大売り出しのこともあります。現金に換えていないかを、お店に聞いてください。"),
    ),
    "twins": (
        N_("同じ会計が、つながらない間にもう一度入っています"),
        N_("1日に%(figure)s回、つながっている間に記録した会計が、つながらない間にもう一度入りました。"),
        N_("電波が切れる直前に押したときにも起こります。引き出しの現金が合っていたかを、店主に聞いてください。"),
    ),
    "refund_share": (
        N_("返金の割合が、ほかのお店よりずっと大きいお店です"),
        N_("この4週間に、支払いのうち%(figure)s件が返金されました。"),
        N_("扱う品や、料金のとり方によることもあります。返金の理由を、店主に聞いてください。"),
    ),
    "first_top_ups": (
        N_("始めてすぐの、大きなチャージです"),
        N_("始めてからの7日に、%(figure)s円のチャージがありました。"),
        N_("旅行や大きな買い物のこともあります。だまされて頼まれていないかを、本人に聞いてください。"),
    ),
}
"""Of each rule: what it is called, what was seen, what an honest reason may be and whom to ask."""

RISK_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "new": ("warn", N_("まだ見ていません")),
    "seen": ("info", N_("見ています")),
    "explained": ("ok", N_("わけが分かりました")),
    "acted": ("danger", N_("止めました")),
}

RISK_LIMITS: dict[str, str] = {
    "tries.count": N_("間違いの回数（1日）"),
    "device.people": N_("1台の人数"),
    "circular.yen": N_("回った額（1日）"),
    "refunds.count": N_("返金の件数（1日）"),
    "refunds.percent": N_("売上に対する返金の割合"),
    "refunds_of_shop.yen": N_("返金の額（1日）"),
    "refunds_of_shop.percent": N_("売上に対する返金の割合"),
    "close.count": N_("返金の件数（最後の30分）"),
    "top_ups.yen": N_("チャージの額（1日）"),
    "top_ups.times_usual": N_("いつもの1日の何倍か"),
    "through.yen": N_("使いきった額"),
    "twins.count": N_("回数（1日）"),
    "units.people": N_("人数（1日）"),
    "units.percent": N_("受け取った額のうち使った割合"),
}

LIMIT_UNITS: dict[str, str] = {"times": N_("回"), "people": N_("人"), "yen": N_("円"), "percent": N_("パーセント")}

STOPS: dict[str, tuple[str, str, str, str, str]] = {
    "paying": (
        N_("すべての支払い"),
        N_("地域のすべてのお店で、コイン・商品券・クーポンの支払いを止めます。"),
        N_("返金、チャージ、換金は続けられます。"),
        N_("支払いを止める"),
        N_("地域のすべての支払いを、いま止めますか"),
    ),
    "issuing": (
        N_("すべての発行"),
        N_("窓口と代理店のチャージ、チャージ券、商品券の販売、給付、クーポンの配布を止めます。"),
        N_("持っている分の支払いは続けられます。"),
        N_("発行を止める"),
        N_("地域のすべての発行を、いま止めますか"),
    ),
    "transfers": (
        N_("人から人へ送ること"),
        N_("利用者から利用者へコインを送ることを止めます。"),
        N_("支払いとチャージは続けられます。"),
        N_("送ることを止める"),
        N_("コインを送ることを、いま止めますか"),
    ),
    "series": (
        N_("種別ひとつ"),
        N_("1つの種別（コインか商品券）の支払い・発行・送ることを、まとめて止めます。"),
        N_("ほかの種別と、この種別の返金は続けられます。"),
        N_("種別を止める"),
        N_("この種別を、いま止めますか"),
    ),
}
"""Of each switch: what it stops, in a sentence; what goes on; its button; its question."""

CONTROL_UNITS: dict[str, str] = {
    "yen": N_("円"),
    "percent": N_("パーセント"),
    "items": N_("件の仕訳"),
    "alarms": N_("件の知らせ"),
    "days": N_("日間"),
    "hours": N_("時間"),
    "minutes": N_("分間"),
    "seconds": N_("秒間"),
    "ms": N_("ミリ秒"),
}

CONTROL_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "act": ("danger", N_("すぐに対応")),
    "look": ("warn", N_("確かめる")),
    "unknown": ("neutral", N_("分かりません")),
    "ok": ("ok", N_("異常なし")),
}

SIDES: dict[str, str] = {"consumer": N_("利用者"), "shop": N_("お店"), "association": N_("組合")}
"""Who raised a case about a payment, or said something in it."""

DISPUTE_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "open": ("warn", N_("確認中")),
    "waiting": ("info", N_("承認待ち")),
    "closed": ("neutral", N_("終わりました")),
}

DISPUTE_OUTCOMES: dict[str, str] = {
    "shop": N_("お店が正しい（支払いはそのまま）"),
    "consumer": N_("利用者が正しい（残りをすべて返す）"),
    "partly": N_("一部を返す"),
}
