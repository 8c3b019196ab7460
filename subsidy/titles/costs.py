"""Cost lines and what the rules make of them: kinds, faults, caps, and each step of an amount."""

from __future__ import annotations

from base.errors import N_

LINE_STATES: dict[str, tuple[str, str]] = {
    "planned": ("neutral", N_("計画")),
    "quoted": ("info", N_("見積り")),
    "ordered": ("info", N_("発注")),
    "delivered": ("info", N_("納品")),
    "invoiced": ("info", N_("請求")),
    "paid": ("ok", N_("支払済み")),
}

COST_KINDS: dict[str, str] = {
    "purchase": N_("購入費"),
    "cloud": N_("クラウド利用費・保守"),
    "introduction": N_("導入関連費"),
    "hardware": N_("本体・付属機器"),
    "hardware_install": N_("設置費用"),
    "office": N_("事務費"),
    "expert": N_("専門家費"),
}

CATEGORIES: dict[str, str] = {"a": N_("基盤導入経費"), "b": N_("消費動向等分析経費"), "c": N_("事務費・専門家費")}

SORTS: dict[str, str] = {
    "software": N_("ソフトウェア"),
    "pc": N_("PC・タブレット"),
    "register": N_("レジ"),
    "hardware": N_("機器"),
    "office": N_("事務費"),
    "expert": N_("専門家費"),
}
"""Sorts of items, in the cost workbook."""

SHEET_VALUES: dict[str, str] = {
    "a_low_rate": N_("A ITツールの補助率・はじめの部分（分子と分母）"),
    "a_high_rate": N_("A ITツールの補助率・超えた部分（分子と分母）"),
    "a_pc_rate": N_("A PC・タブレットの補助率（分子と分母）"),
    "a_register_rate": N_("A レジの補助率（分子と分母）"),
    "b_rate": N_("B の補助率（分子と分母）"),
    "c_rate": N_("C の補助率（分子と分母）"),
    "c_share": N_("C にできる A と B の合計の割合（分子と分母）"),
    "a_low_subsidy_max": N_("A ITツールの補助・はじめの部分（円まで）"),
    "a_cap_one_function": N_("A ITツールの上限・機能1つ（円）"),
    "a_cap_two_functions": N_("A ITツールの上限・機能2つ以上（円）"),
    "a_pc_cap": N_("A PC・タブレットの上限（円）"),
    "a_register_cap": N_("A レジの上限（円）"),
    "b_cap_per_member": N_("B の上限・1者あたり（円）"),
    "ab_cap": N_("A と B の合計の上限（円）"),
    "c_cap": N_("C の上限（円）"),
    "a_cloud_months": N_("A のクラウドで数える月数"),
    "b_cloud_months": N_("B のクラウドで数える月数"),
}
"""Values of a call, in the cost workbook."""

FUNCTIONS: dict[str, str] = {"accounting": N_("会計"), "ordering": N_("受発注"), "payment": N_("決済"), "ec": "EC"}

FAULTS: dict[str, str] = {
    "E_GROUP_TOO_SMALL": N_("グループが10者に足りません。そろったときの額です"),
    "E_NO_LINES": N_("経費の行がありません"),
    "E_PLAN_UNANSWERED": N_("審査の基礎点に、まだ答えていないものがあります"),
    "E_DUP_MEMBER": N_("同じ事業者が二度入っています"),
    "E_PROVIDER_IN_GROUP": N_("IT提供事業者が構成員にも入っています"),
    "E_EXPERT_IN_GROUP": N_("外部の専門家が構成員にも入っています"),
    "E_DUPLICATE_FRAME": N_("ほかの枠と重ねて申請しています"),
    "E_WITHIN_12_MONTHS": N_("2022年の交付決定から12か月たっていません"),
    "E_NO_BUSINESS_TYPE": N_("事業の種類が選ばれていません"),
    "E_BUSINESS_TYPE": N_("事業の種類が1〜10でありません"),
    "E_REP_KIND": N_("この種類の団体は代表事業者になれません"),
    "E_REP_NO_BUSINESS": N_("事業を営まない代表事業者は、A の経費を持てません"),
    "E_UNKNOWN_MEMBER": N_("抜けた事業者の行です。別の事業者に移すか、計画から外してください"),
    "E_UNKNOWN_ITEM": N_("この公募にない品目です"),
    "E_COST_KIND": N_("品目と費目が合いません"),
    "E_AMOUNT": N_("金額が正しくありません"),
    "E_TAX": N_("税込みなら税率を選んでください"),
    "E_MONTHS": N_("クラウド利用費には月数が要ります"),
    "E_FUNCTIONS": N_("ツールの機能が、品目と合いません"),
    "E_C_ALONE": N_("C だけでは申請できません。A か B の行を足してください"),
    "E_C_NOT_REPRESENTATIVE": N_("C の経費は代表事業者のものだけです"),
    "E_DATE": N_("交付決定の日か、期間の終わりがありません"),
    "X_BEFORE_GRANT": N_("交付決定より前の日付があります。対象から外れます（S-24）"),
    "X_EVIDENCE_DATE": N_("発注・納品・支払の日がそろうまで、対象に入りません（S-24）"),
    "X_AFTER_PERIOD": N_("期間の終わりより後の日付があります。対象から外れます（S-24）"),
    "X_HARDWARE_ALONE": N_("一緒に使うソフトがありません。同じ事業者に A のソフトを足してください（S-23）"),
}
"""Why a line, or the whole, is not in the sum, with the way out."""

EFFECT_FAULTS: dict[str, str] = {
    "E_EFF_NO_MEMBERS": N_("数字のそろった構成員がまだいません"),
    "E_EFF_MISSING_MEMBER": N_("数字がまだ届いていません。0としては数えません"),
    "E_EFF_VALUE": N_("0より小さい数字があります。入れ直してください"),
    "E_EFF_NO_HOURS": N_("従業員数か労働時間が0なので、生産性を計算できません"),
    "E_EFF_BASE_NONPOSITIVE": N_("基準の粗利益が0以下なので、伸び率を計算できません。基準の年の取り方を事務局に相談してください"),
}
"""Why there is no productivity, or no growth, with the way out."""

CAPS: dict[str, str] = {
    "cloud_months": N_("数える月数の上限"),
    "it_cap_one_function": N_("1機能の上限"),
    "it_cap": N_("ITツールの上限"),
    "pc_cap": N_("PC・タブレットの上限"),
    "register_cap": N_("レジの上限"),
    "b_cap": N_("B の上限（構成員の数×50万円）"),
    "ab_cap": N_("A＋B の上限"),
    "c_share": N_("C の上限（A＋B の割合）"),
    "c_cap": N_("C の上限額"),
}

LOSSES: dict[str, str] = {
    "hardware_alone": N_("一緒の機器も外れる"),
    "second_function": N_("2つめの機能がなくなる"),
    "b_cap": N_("B の上限が下がる"),
    "c_share": N_("C の上限が下がる"),
    "group_floor": N_("10者に足りなくなり、事務局に相談するまで全体が止まる"),
}

WARNINGS: dict[str, str] = {
    "W_IDLE_PARTICIPANT": N_("A の経費がない参画事業者です。B のツールをどう使うかを、計画に書いてください（S-04）"),
    "W_FREE_FUNCTION": N_("2つめの機能が0円の行だけにあります。審査で聞かれるので、わけを書いておいてください（S-30）"),
}
"""What a reviewer would ask, about members."""

OTHER_READINGS: dict[str, str] = {
    "representative_counts_in_size": N_("代表事業者のほかに10者が要る"),
    "representative_without_business_holds_b": N_("事業を営まない代表事業者は、B の経費も持てない"),
    "tax_rates": N_("円より下を切り上げる、または書いてある税額を引く"),
    "decision_day_counts": N_("交付決定の翌日からの発注だけが対象になる"),
    "a_high_rate_on_whole": N_("補助額が50万円を超えたら、全体が2/3になる（経費が増えると補助が減るところができる）"),
    "functions_across_tools": N_("2つの機能が、1つの製品にそろっていなければならない"),
    "representative_counts_in_b_cap": N_("B の上限では、代表事業者を数えない（50万円低くなる）"),
    "ab_kept_first": N_("上限を超えたら、B を先に残す（合計と C は同じ）"),
    "last_waiting_day_blocks": N_("その日から申請できる"),
    "goal_reading": N_("単純平均、年ごとの伸び率の平均、または、どちらかの年だけで見る"),
    "closed_from": N_("公式サイトが示す日"),
    "certificate_months": N_("公募要領が示す、ほかの月数"),
    "office_quote_from": N_("交付規程が示す、ほかの額"),
    "keep_years": N_("交付規程が示す、ほかの年数"),
}
"""How a doubtful value of the call may be read otherwise, by its name in the table."""

OTHER_FRAME_READINGS: dict[str, str] = {
    "least": N_("2023年の公募では5万円から（記憶によるもの）"),
    "cloud_months": N_("2023年の公募では24か月（記憶によるもの）"),
}

STEP_CODES: dict[str, str] = {
    "net": N_("税抜きにする"),
    "months": N_("数える月数だけにする"),
    "low_rate": N_("補助額50万円までの率"),
    "two_rates": N_("50万円までの率と、それを超える率"),
    "high_rate": N_("全体に、50万円を超えたときの率をかける"),
    "part": N_("対象経費（A は補助額）の割合で分ける"),
    "decided": N_("通知に書いてある A・B・C の合計"),
    "final_a": N_("A: 決定と、計算し直した額の低い方"),
    "final_b": N_("B: 決定と、計算し直した額の低い方"),
    "final_c": N_("C: 決定、計算し直した額、A＋B から決まる上限の、いちばん低い額"),
    "no_software": N_("ソフトがない"),
    "cap": N_("上限で止める"),
    "rate": N_("率をかける"),
    "total_cap": N_("A＋B の上限で止める"),
    "share": N_("A＋B から決まる上限"),
    "lowest": N_("いちばん低いものにする"),
    "member": N_("この構成員の合計"),
    "a": N_("A の合計"),
    "b_cost": N_("B の経費の合計"),
    "c_cost": N_("C の経費の合計"),
    "eligible": N_("対象経費の合計"),
    "total": N_("補助額の合計"),
    "own_burden": N_("自己負担"),
    "software": N_("ITツールの経費"),
    "pc": N_("PC・タブレットの経費"),
    "register": N_("レジの経費"),
}
"""A step of an amount's chain."""

LINE_GAPS: dict[str, str] = {
    "quotes_few": N_("見積りを2つ以上もらう（S-95）"),
    "quote_unchosen": N_("どの見積りにするかを選ぶ"),
    "dearer_without_reason": N_("いちばん安くないものを選んだわけを書く"),
    "line_differs_from_quote": N_("選んだ見積りの額と、行の額が違う"),
    "registration_unasked": N_("登録された事業者とツールかを、行で答える（S-08）"),
    "registration_numbers": N_("登録された事業者とツールの番号を写す（S-08）"),
    "registration_required": N_("この公募では、登録された事業者とツールでなければ対象になりません（S-08）"),
    "definition_unchecked": N_("登録のないツールが定義に合うことを、どう確かめたか書く（S-08）"),
    "reason": N_("「その他」を選んだわけを書く"),
    "purpose": N_("何のための費用かを書く（S-15）"),
    "ineligible_unasked": N_("対象外の費用ではないことを確かめる（S-16）"),
}

INELIGIBLE: dict[str, str] = {
    "application_fee": N_("申請のための費用ではない"),
    "second_hand": N_("中古品ではない"),
    "lease": N_("リースやレンタルではない"),
    "general_use": N_("ツールと関わりのない、ほかにも使える品ではない"),
    "own_trade": N_("グループの中や自分からの仕入れではない"),
    "other_payment": N_("地域通貨、ポイント、相殺では払わない"),
}
