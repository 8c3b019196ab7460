"""What the desk calls accounts, kinds of transactions, regimes and states: 勘定科目 and their like, to be translated when shown."""

from __future__ import annotations

from base.errors import N_

ACCOUNTS: dict[str, str] = {
    "drawer": N_("現金 窓口"),
    "safe": N_("現金 金庫"),
    "bank": N_("預金"),
    "consumer": N_("預り金"),
    "payable": N_("未払金 加盟店"),
    "dispute": N_("未払金 留め置き"),
    "suspense": N_("仮受金"),
    "promotion": N_("販促費"),
    "premium": N_("プレミアム 未使用分"),
    "voucher_expired": N_("商品券の失効 精算前"),
    "point_pending": N_("預り金 確定前のポイント"),
    "point_expired": N_("ポイントの失効 精算前"),
    "voucher_units": N_("商品券 発行口数"),
    "voucher_stock": N_("商品券 販売前の口数"),
    "voucher_sold": N_("商品券 販売済みの口数"),
    "breakage": N_("雑収入（失効益）"),
    "agent": N_("代理販売未収金"),
    "over_short": N_("現金過不足"),
    "bank_fee": N_("支払手数料 銀行"),
    "interest": N_("受取利息"),
    "other_income": N_("雑収入（その他）"),
    "top_up_code": N_("預り金 チャージ券"),
    "voucher_paper": N_("預り金 紙の商品券"),
    "funder": N_("未収金 負担者"),
    "coupon_issued": N_("クーポン 発行"),
    "coupon_stock": N_("クーポン 在庫"),
    "coupon_held": N_("クーポン 利用者"),
    "coupon_used": N_("クーポン 使用済み"),
    "in_transit": N_("未払金 振込中"),
    "fee_income": N_("受取手数料"),
    "fee_tax": N_("仮受消費税"),
    "bank_charge": N_("支払手数料 換金の振込"),
    "retained": N_("帳票だけで使います"),
}

COUNTED_IN_UNITS = frozenset({"voucher_units", "voucher_stock", "voucher_sold"})
"""Accounts whose entries are units of a voucher campaign (口); other entries that are no yen are pieces of a coupon (枚)."""

KINDS: dict[str, str] = {
    "top_up": N_("チャージ"),
    "payment": N_("支払い"),
    "payment_again": N_("支払いの記帳し直し"),
    "top_up_again": N_("チャージの記帳し直し"),
    "refund": N_("返金"),
    "reversal": N_("取消"),
    "drawer_close": N_("窓口締め"),
    "correction": N_("訂正"),
    "top_up_large": N_("高額チャージ"),
    "agent_top_up": N_("代理店のチャージ"),
    "agent_pays_in": N_("代理店の入金"),
    "code_issue": N_("チャージ券の発行"),
    "code_redeem": N_("チャージ券の利用"),
    "code_cancel": N_("チャージ券の取消"),
    "code_expiry": N_("チャージ券の失効"),
    "drawer_float": N_("釣銭準備金"),
    "drawer_difference": N_("現金過不足"),
    "safe_difference": N_("金庫の過不足"),
    "bank_deposit": N_("銀行への入金"),
    "bank_line": N_("銀行の明細の記帳"),
    "coupon_issue": N_("クーポンの発行"),
    "coupon_claim": N_("クーポンの受け取り"),
    "coupon_payment": N_("クーポンを使った支払い"),
    "coupon_refund": N_("クーポンを使った支払いの返金"),
    "funder_pays": N_("負担金の入金"),
    "benefit": N_("給付"),
    "benefit_return": N_("給付の取消"),
    "voucher_issue": N_("商品券の発行"),
    "voucher_sale": N_("商品券の販売"),
    "ticket_payment": N_("紙の商品券での支払い"),
    "ticket_release": N_("紙の券をまた使えるようにする"),
    "voucher_premium": N_("商品券 使われたプレミアム"),
    "funder_returned": N_("負担者への返金"),
    "voucher_close": N_("商品券の失効の精算"),
    "point_earn": N_("ポイントの付与"),
    "point_given": N_("参加ポイント"),
    "point_release": N_("ポイントの確定"),
    "point_back": N_("ポイントの取り戻し"),
    "point_close": N_("ポイントの失効の精算"),
    "refund_late": N_("期限後の返金"),
    "suspense_release": N_("仮受金の処理"),
    "cash_refund": N_("払戻し"),
    "transfer": N_("利用者どうしの送金"),
    "dispute_hold": N_("お店の分の留め置き"),
    "dispute_release": N_("留め置きの解除"),
    "exclude": N_("除斥（請求のなかった残高）"),
    "settlement": N_("換金"),
    "payout": N_("振込"),
    "transfer_return": N_("振込の戻り"),
    "expiry": N_("失効"),
}

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

SKIPPED: dict[str, str] = {
    "budget_used_up": N_("枠を使い切っています。枠を増やすか、翌月に自動で付きます。"),
    "account_frozen": N_("お客様の残高が止まっています。解除すると自動で付きます。"),
    "series_ended": N_("その月のポイントの期限が終わっています。"),
    "not_approved": N_("承認された枠がありません。承認されると自動で付きます。"),
}
"""Why the book refuses points, by the code of its refusal."""

BILLED: dict[str, str] = {"coupon": N_("クーポン"), "voucher": N_("商品券"), "points": N_("ポイント"), "benefit": N_("給付")}

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

COUPON_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "waiting": ("warn", N_("承認待ち")),
    **FALLEN_STATES,
    "upcoming": ("info", N_("これから")),
    "running": ("ok", N_("配布中")),
    "over": ("neutral", N_("期限切れ")),
    "ended": ("neutral", N_("途中で終了")),
}
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

ACCOUNT_KINDS: dict[str, str] = {
    "asset": N_("資産"),
    "liability": N_("負債"),
    "equity": N_("純資産"),
    "income": N_("収益"),
    "expense": N_("費用"),
}

PERIODS: dict[str, str] = {
    "this_month": N_("今月"),
    "last_month": N_("先月"),
    "this_year": N_("今年度"),
    "last_year": N_("前年度"),
}

COMMANDS: dict[str, str] = {
    "analytics.keep_streets": N_("町の見取り図を直した"),
    "analytics.keep_screens": N_("街頭の画面を作った、止めた"),
    "analytics.switch_open_data": N_("オープンデータを始めた、止めた"),
    "subsidy.found": N_("補助事業をはじめた"),
    "subsidy.forget_papers": N_("補助事業の書類の鍵を消した（残す期間が終わった）"),
    "subsidy.move_rules": N_("補助事業を新しい版の規則に移した"),
    "subsidy.keep_group": N_("補助事業の構成員を書いた"),
    "subsidy.keep_costs": N_("補助事業の経費を書いた"),
    "subsidy.keep_plan": N_("補助事業の計画を書いた"),
    "subsidy.make_papers": N_("補助事業の書類を作った"),
    "subsidy.ask_member": N_("構成員に書類を頼んだ"),
    "subsidy.note_fact": N_("補助事業のできごとを書いた"),
    "subsidy.keep_figures": N_("効果報告の数字を入れた"),
    "subsidy.read_sales": N_("効果報告のために、お店の売上を見た"),
    "subsidy.hand_in": N_("補助事業の書類を入れた"),
    "subsidy.check_paper": N_("補助事業の書類を確かめた"),
    "subsidy.open_paper": N_("補助事業の書類を開いた"),
    "subsidy.use_link": N_("頼まれたページから書類や答えを送った"),
    "subsidy.invite": N_("専門家に見せる範囲を決めた"),
    "subsidy.take_seat": N_("補助事業の席に着いた"),
    "association.look_at_person": N_("利用者を見た"),
    "association.freeze_person": N_("残高を一時停止した"),
    "association.unfreeze_person": N_("一時停止を解除した"),
    "association.top_up": N_("チャージした"),
    "association.undo_top_up": N_("チャージを取り消した"),
    "association.propose_top_up": N_("高額チャージを申請した"),
    "association.propose_codes": N_("チャージ券の発行・取消を申請した"),
    "association.print_codes": N_("チャージ券・購入引換券を出した"),
    "association.keep_purchase_codes": N_("購入引換券を作った・止めた"),
    "association.look_at_purchase_codes": N_("購入引換券のページを見た"),
    "association.print_shop_code": N_("お店の掲示物を出した"),
    "association.propose_agent": N_("代理店を申請した"),
    "association.end_agent": N_("代理店をやめさせた"),
    "association.read_buyer": N_("コインを買う人のコードを読んだ"),
    "association.sell_coin": N_("コインを売った"),
    "association.undo_sale": N_("コインの販売を取り消した"),
    "association.take_agent_cash": N_("代理店の現金を受け取った"),
    "association.propose_coupon": N_("クーポンを申請した"),
    "association.end_coupon": N_("クーポンを終わらせた"),
    "association.propose_voucher": N_("商品券を申請した"),
    "association.sell_voucher": N_("商品券を売った"),
    "association.propose_points": N_("ポイントを申請した"),
    "association.end_points": N_("ポイントを終わらせた"),
    "association.settle_points": N_("帳簿が断ったポイントを記帳した・記帳しないと決めた"),
    "association.keep_applications": N_("商品券の申し込みを扱った"),
    "association.draw_voucher": N_("商品券の申し込みを締め切った"),
    "association.print_tickets": N_("紙の券を作った・印刷した"),
    "association.take_tickets_for": N_("お店の代わりに紙の券を受け取った"),
    "association.stop_booklet": N_("紙の券の冊を止めた・戻した"),
    "association.release_tickets": N_("紙の券をまた使えるように申請した"),
    "association.replace_booklet": N_("紙の券の冊を替えた（申請・印刷・渡した）"),
    "association.funder_pays": N_("負担金の入金を記帳した"),
    "association.propose_benefit": N_("給付・給付の取消を申請した"),
    "association.run_benefit": N_("給付の記帳を止めた・つづけた"),
    "association.deposit": N_("金庫・銀行の現金を動かした"),
    "association.count_safe": N_("金庫を数えた"),
    "association.settle": N_("換金・振込済みを申請した"),
    "association.announce": N_("お知らせを確かめた・送った・取り下げた"),
    "association.set_approval_limits": N_("承認の決まりを変えた"),
    "association.propose_account": N_("振込先の変更を申請した"),
    "association.stop_account": N_("振込先の変更を止めた"),
    "association.read_account": N_("振込先の口座番号を見た"),
    "association.write_transfers": N_("振込データを作った・取り出した"),
    "association.set_settlement_terms": N_("換金の設定を決めた"),
    "association.propose_transfer_terms": N_("組合の振込口座の変更を申請した"),
    "association.place_shop": N_("お店の締め方を決めた"),
    "association.release_suspense": N_("仮受金の処理を申請した"),
    "association.keep_registers": N_("記録簿に書いた"),
    "association.end_series": N_("コインの廃止を申請した"),
    "association.propose_refund": N_("払戻しを申請した"),
    "association.handle_dispute": N_("支払いの申し立てを扱った"),
    "association.propose_transfers": N_("人に送れるようにする申請をした"),
    "association.propose_cash_budget": N_("1日の現金チャージの枠を申請した"),
    "association.stop_transfers": N_("人に送ることを止めた"),
    "association.read_books": N_("会計の帳票を見た"),
    "association.upload_bank": N_("銀行の明細を取り込んだ"),
    "association.match_bank": N_("銀行の明細を帳簿と組み合わせた・外した"),
    "association.set_chart": N_("勘定科目・年度を変えた"),
    "association.freeze_report": N_("基準日の報告を確定した"),
    "association.register_security": N_("供託・保全契約を登録した・終わらせた"),
    "association.set_base_dates": N_("特例基準日を決めた"),
    "association.list_holders": N_("保有者の一覧を出した"),
    "association.close_month": N_("月を締めた"),
    "association.propose_reopening": N_("月次締めを解く申請をした"),
    "association.propose_epoch": N_("台帳の再開を申請した"),
    "association.propose_again": N_("支払いの記帳し直しを申請した"),
    "association.present_receipt": N_("なくなった記録の明細を受け付けた"),
    "association.manage_webhooks": N_("外部への通知の宛先を変えた"),
    "association.replay_webhook": N_("外部への通知を送り直した"),
    "association.close_drawer": N_("窓口を締めた"),
    "association.decide": N_("承認・差し戻しをした"),
    "association.withdraw": N_("自分の申請を取り下げた"),
    "association.create_series": N_("種別・表示を公開した"),
    "association.register_shop": N_("加盟店を登録した"),
    "association.approve_shop": N_("加盟店を承認した"),
    "association.classify_shop": N_("加盟店の規模を変えた"),
    "association.edit_shop": N_("加盟店の登録を直した"),
    "association.suspend_shop": N_("加盟店を停止・再開した"),
    "association.stop": N_("支払いや発行を止めた"),
    "association.read_risks": N_("「見てください」を開いた"),
    "association.answer_risk": N_("「見てください」に答えた"),
    "association.set_risk_limit": N_("「見てください」の決まりを変えた"),
    "analytics.note_day": N_("分析のメモを書いた・消した"),
    "association.propose_start": N_("止めたものの再開を申請した"),
    "identity.sign_in": N_("ログインした"),
    "identity.manage_self": N_("自分の設定を変えた"),
    "identity.grant_role": N_("役割を付けた"),
    "association.propose_role": N_("役割を付ける申請をした"),
    "identity.end_role": N_("役割を外した"),
    "identity.erase_person": N_("退会させた"),
    "identity.read_log": N_("記録を見た"),
    "analytics.keep_measurements": N_("測った値を取り込んだ・測るものを変えた"),
    "identity.create_api_token": N_("トークンを出した"),
    "identity.revoke_api_token": N_("トークンを止めた"),
    "wallet.report_lost": N_("回復コードで残高を止めた"),
    "wallet.lift_freeze": N_("自分で一時停止を解除した"),
    "wallet.leave": N_("退会した"),
    "wallet.set_limits": N_("支払いの上限を変えた"),
    "wallet.set_push": N_("スマホへの通知を始めた・やめた"),
    "wallet.consent": N_("支払いの確認に答えた"),
    "wallet.print_cards": N_("カードを印刷した"),
    "wallet.look_at_card": N_("カードを見た"),
    "wallet.give_card": N_("カードを渡した"),
    "wallet.block_card": N_("カードを止めた"),
    "wallet.block_own_card": N_("自分のカードを止めた"),
    "wallet.replace_card": N_("新しいカードに移した"),
    "wallet.unblock_card": N_("見つかったカードを再開した"),
    "wallet.propose_card_pin": N_("カードの暗証番号の決め直しを申請した"),
    "wallet.set_card_pin": N_("カードの暗証番号を決め直した"),
    "wallet.set_card_limits": N_("カードの上限を変えた"),
    "merchant.refund": N_("返金した"),
    "merchant.manage_staff": N_("お店の担当を変えた"),
    "merchant.pair_till": N_("端末をつないだ"),
    "merchant.revoke_till": N_("端末を外した"),
    "merchant.switch_staff": N_("レジの担当を替わった"),
    "merchant.forget_log": N_("端末に台帳を覚え直させた"),
    "association.answer_alarm": N_("台帳の知らせに対応した"),
    "merchant.set_register": N_("お店のレシートの決まりを変えた"),
    "merchant.set_printer": N_("お店のプリンターを決めた"),
    "merchant.give_up_log": N_("端末の届かない控えを紛失として閉じた"),
    "merchant.close_removed": N_("外した端末を数えずに締めた"),
    "merchant.answer_twin": N_("二重かもしれない会計について決めた"),
    "merchant.manage_articles": N_("お店の品目を変えた"),
    "merchant.print_code": N_("お店のQRを出した"),
    "merchant.manage_webhooks": N_("お店の通知の宛先を変えた"),
    "merchant.replay_webhook": N_("お店の通知を送り直した"),
}
"""What the access log calls the doors that it names: every logged one of identity/permissions.py."""

LOG_REASONS: dict[str, str] = {
    "forked": N_("前に見た台帳と、つながりません"),
    "shorter": N_("前に見たときより、記録が減っています"),
    "signature_wrong": N_("覚えている鍵の署名ではありません"),
    "new_epoch": N_("組合が台帳を前の時点に戻しました"),
    "new_key": N_("台帳の署名の鍵が替わりました"),
}
"""Why a tablet raised an alarm about the sealed log; for anything else its own word stands there."""

LOG_STANDINGS: dict[str, tuple[str, str]] = {
    "open": ("danger", N_("未対応")),
    "answered": ("neutral", N_("対応済み")),
    "waits": ("info", N_("お店が押すのを待っています")),
    "settled": ("ok", N_("お店が続きを受け入れました")),
}
"""What came of such an alarm: kind of chip, word."""

REGIMES: dict[str, str] = {
    "third_party": N_("前払式支払手段（第三者型）"),
    "exempt": N_("適用除外（発行から6か月以内）"),
    "public_body": N_("適用除外（国・自治体の発行）"),
}

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

CARD_STATES: dict[str, tuple[str, str]] = {  # kind of chip, word
    "blank": ("info", N_("未使用")),
    "active": ("ok", N_("使用中")),
    "blocked": ("danger", N_("利用停止")),
    "replaced": ("neutral", N_("新しいカードに移した")),
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

STANDINGS: dict[str, tuple[str, str]] = {  # kind of chip, what the book says to a slip of before it was returned
    "same": ("ok", N_("帳簿にあります")),
    "again": ("ok", N_("別の番号で帳簿にあります")),
    "other": ("danger", N_("帳簿になく、番号は別の取引")),
    "missing": ("danger", N_("帳簿にありません")),
}
PRESENTERS: dict[str, str] = {"consumer": N_("利用者"), "shop": N_("加盟店"), "other": N_("ほか")}

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
