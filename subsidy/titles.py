"""What the desk of the group calls states, facts, conditions, papers and steps: to be translated when shown."""

from __future__ import annotations

from base.errors import N_

STATES: dict[str, tuple[str, str]] = {
    "planning": ("info", N_("計画中")),
    "submitted": ("warn", N_("審査中")),
    "returned": ("danger", N_("不備差戻し")),
    "granted": ("ok", N_("交付決定")),
    "running": ("ok", N_("事業実施中")),
    "change_requested": ("warn", N_("計画変更申請中")),
    "result_filed": ("warn", N_("実績報告済")),
    "result_returned": ("danger", N_("実績報告の差戻し")),
    "fixed": ("ok", N_("額の確定")),
    "paid": ("ok", N_("補助金受領")),
    "report1_filed": ("ok", N_("1年目の効果報告済")),
    "report2_filed": ("neutral", N_("完了")),
    "rejected": ("neutral", N_("不採択")),
    "withdrawn": ("neutral", N_("取下げ")),
    "revoked": ("danger", N_("交付決定取消")),
}
"""By S-90: chip and word."""

FACTS: dict[str, str] = {
    "filing_planned": N_("申請する予定の日"),
    "submitted": N_("申請した"),
    "returned": N_("不備で戻された"),
    "rejected": N_("不採択になった"),
    "withdrawn": N_("取り下げた"),
    "decided": N_("交付決定"),
    "revoked": N_("交付決定が取り消された"),
    "period_end": N_("事業実施期間の終わり"),
    "change_asked": N_("計画変更を申請した"),
    "change_answered": N_("計画変更の答えが来た"),
    "result_due": N_("実績報告の締め切り"),
    "result_filed": N_("実績報告を出した"),
    "result_returned": N_("実績報告が差し戻された"),
    "mend_due": N_("差戻しの締め切り"),
    "fixed": N_("額の確定"),
    "paid": N_("補助金を受け取った"),
    "report1_filed": N_("1年目の効果報告を出した"),
    "report2_filed": N_("2年目の効果報告を出した"),
    "keep_longer": N_("書類を残す日を延ばす"),
    "duty_analysed": N_("データを調べて、手を打った"),
    "duty_shared": N_("結果を構成員で分け合った"),
    "duty_spread": N_("よかったことを地域に広めた"),
}

DATES: dict[str, str] = FACTS | {
    "call_opens": N_("公募の始まり"),
    "call_closed": N_("公募の終わり（この日から新しい申請はできない）"),
    "order_from": N_("発注はこの日から（決定の翌日）"),
    "report1": N_("1年目の効果報告を出す期間"),
    "report2": N_("2年目の効果報告を出す期間"),
    "kept_until": N_("書類を保存する最後の日"),
    "certificate_ends": N_("証明書を使える最後の日"),
    "share_passed": N_("補助金を渡した"),
    "may_apply": N_("ほかの枠の交付決定から12か月がすぎ、申請できる最初の日"),
    "link_ends": N_("頼むリンクが使える最後の日"),
    "plan_ordered": N_("発注の予定（経費の番号）"),
    "plan_delivered": N_("納品の予定（経費の番号）"),
    "plan_paid": N_("支払の予定（経費の番号）"),
}

REMINDERS: dict[str, str] = {
    "figures": N_("効果報告の数字"),
    "link": N_("頼んだ書類"),
    "filing_planned": N_("申請する予定の日"),
    "period_end": N_("事業実施期間の終わり"),
    "result_due": N_("実績報告の締め切り"),
    "mend_due": N_("差戻しの締め切り"),
    "report1": N_("1年目の効果報告の期限"),
    "report2": N_("2年目の効果報告の期限"),
}
"""Of what somebody is reminded: a member of what is missing, the lead of its dates."""

ROLES: dict[str, str] = {
    "representative": N_("代表事業者"),
    "participant": N_("参画事業者"),
    "provider": N_("IT提供事業者"),
    "expert": N_("外部の専門家"),
    "auditor": N_("監査担当"),
}

PARTS: dict[str, tuple[str, str]] = {
    "plan": (N_("計画"), N_("事業の内容、審査で聞かれること、できごと")),
    "members": (N_("構成員"), N_("だれがいるか、グループの条件、催促")),
    "costs": (N_("経費と補助額"), N_("経費の行、見積り、もしも、公募の比較、計画変更")),
    "papers": (N_("構成員の書類"), N_("本人確認や納税証明など。ファイルも開けます")),
    "evidence": (N_("証憑"), N_("請求書や振込明細など、経費の行を証すもの。ファイルも開けます（経費も見えます）")),
    "reports": (N_("報告"), N_("実績報告と、構成員ごとの効果報告の数字")),
}
"""What an expert is invited to: its name, and what stands in it."""

PART_PAGES = {"plan": "review", "members": "members", "costs": "costs", "papers": "papers", "evidence": "costs", "reports": "effect"}
"""Where each part begins."""

REPRESENTATIVE_KINDS: dict[str, str] = {
    "shotengai_association": N_("商店街振興組合"),
    "shotengai_federation": N_("商店街振興組合連合会"),
    "business_cooperative": N_("事業協同組合"),
    "small_business_cooperative": N_("事業協同小組合"),
    "cooperative_federation": N_("協同組合連合会"),
    "society_of_commerce": N_("商工会"),
    "chamber_of_commerce": N_("商工会議所"),
    "town_company": N_("まちづくり会社"),
    "dmo": N_("観光地域づくり法人（DMO）"),
    "other_regional_body": N_("その他の地域の団体"),
    "consortium_lead": N_("コンソーシアムの代表"),
}

BUSINESS_TYPES: dict[int, str] = {
    1: N_("適格インボイス制度に向けた取組"),
    2: N_("異業種間におけるデータ連携"),
    3: N_("企業間決済の効率化"),
    4: N_("面的キャッシュレス化"),
    5: N_("ＥＣサイト導入"),
    6: N_("需要予測等"),
    7: N_("人流分析、消費者分析"),
    8: N_("参画事業者の効率化"),
    9: N_("地域の課題解決"),
    10: N_("その他、1〜9 のような共同の取組"),
}

SETTINGS: dict[str, str] = {"cluster": N_("商業集積地（商店街、観光地、温泉街）"), "supply_chain": N_("サプライチェーン")}

PAPERS: dict[str, str] = {
    "D_REGISTRY": N_("履歴事項全部証明書"),
    "D_CORP_TAX": N_("法人税の納税証明書"),
    "D_IDENTITY": N_("本人確認（免許証か住民票）"),
    "D_INCOME_TAX": N_("所得税の納税証明書"),
    "D_TAX_RETURN": N_("確定申告書の控え"),
    "D_ROSTER": N_("組合員等の名簿"),
    "D_CONFIRMATION": N_("確認書（地域で活動している証し）"),
}

PAPER_STATES: dict[str, tuple[str, str]] = {
    "missing": ("danger", N_("まだない")),
    "returned": ("danger", N_("差戻し")),
    "waiting": ("warn", N_("確認待ち")),
    "undated": ("warn", N_("発行日がない")),
    "old": ("danger", N_("古くて使えない")),
    "good": ("ok", N_("そろった")),
}

EVIDENCE: dict[str, str] = {
    "V_QUOTE": N_("見積書"),
    "V_ORDER": N_("発注書・契約書"),
    "V_DELIVERY": N_("納品書・利用開始の知らせ"),
    "V_INVOICE": N_("請求書"),
    "V_PAYMENT": N_("振込明細"),
    "V_SCREEN": N_("使っている画面の写し"),
    "V_PHOTO": N_("写真（製造番号）"),
    "V_SAMPLE": N_("できたものの見本"),
    "V_AGENDA": N_("出席者の名簿と議題"),
    "V_CONTRACT": N_("雇用契約書・委嘱状"),
    "V_TIMESHEET": N_("勤務の記録"),
    "V_LOG": N_("仕事の記録"),
    "V_REPORT": N_("助言の報告書"),
    "V_ROUTE": N_("経路と運賃"),
}

EVERY_PAPER: dict[str, str] = PAPERS | EVIDENCE | {"D_SHARE": N_("補助金を渡した振込明細")}

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

LACKS: dict[str, str] = {"not_paid": N_("まだ支払が済んでいません")}
"""Why a line is not in the result report, where neither evidence nor a rule says it."""

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

DOUBTS: dict[str, str] = {
    "amount_differs": N_("%(one)sは %(first)s円、%(two)sは %(second)s円で、%(gap)s円ちがいます"),
    "line_differs": N_("%(one)sは %(second)s円、この行は %(first)s円です"),
    "taxed_as_net": N_(
        "%(one)sは税込み %(second)s円で、この行は税抜き %(first)s円です。税込みの額を税抜きに入れていませんか。"
        "税抜きなら %(net)s円で、経費が %(gap)s円 多くなっています"
    ),
    "day_falls": N_("%(two)s（%(second)s）が %(one)s（%(first)s）より前です"),
    "number_missing": N_("請求書の登録番号（T＋13桁）を書いてください"),
    "number_wrong": N_("「%(number)s」は登録番号（T＋13桁）ではありません"),
    "number_of_no_company": N_("登録番号 %(number)s は、「%(name)s」のような会社の番号としては数字が合いません"),
    "payee_differs": N_("請求書を出したのは「%(first)s」、振込先は「%(second)s」です（S-96）"),
    "issuer_unlisted": N_("請求書を出した「%(name)s」は、構成員のページのIT提供事業者にありません（S-96）"),
    "reused": N_("同じファイルが %(line)s番の行にもあります"),
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

VIAS: dict[str, str] = {"desk": N_("画面から"), "link": N_("本人がリンクから"), "paper": N_("紙で届いたものを代わりに")}

CHECK_STATES: dict[str, tuple[str, str]] = {
    "met": ("ok", N_("満たす")),
    "unmet": ("danger", N_("満たさない")),
    "unknown": ("warn", N_("まだ分からない")),
}

CHECKS: dict[str, tuple[str, str, str]] = {
    "size": (N_("構成員が10者以上"), N_("構成員はいま %(count)s者です。あと %(missing)s者必要です"), ""),
    "twice": (N_("同じ事業者が二度入っていない"), N_("同じ法人番号の構成員が二ついます"), N_("法人番号が分からない構成員がいます")),
    "provider": (
        N_("IT提供事業者が構成員ではない"),
        N_("IT提供事業者が構成員にも入っています。どちらかを外してください"),
        N_("IT提供事業者がまだ書かれていないか、法人番号が足りず比べられません"),
    ),
    "expert": (
        N_("外部の専門家が構成員ではない"),
        N_("外部の専門家が構成員にも入っています"),
        N_("専門家か構成員の法人番号が足りず、比べられません"),
    ),
    "rep_kind": (N_("代表事業者になれる種類"), N_("この種類の団体は代表事業者になれません"), ""),
    "rep_business": (
        N_("代表事業者が自分で事業を営むか"),
        "",
        N_("代表事業者が事業を営むかを答えてください。営まないなら、A の経費は持てません"),
    ),
    "small": (
        N_("参画事業者が中小企業・小規模事業者"),
        N_("中小企業・小規模事業者ではない参画事業者がいます"),
        N_("中小企業・小規模事業者か、まだ聞いていません"),
    ),
    "types": (N_("事業の種類を一つ以上選んでいる"), N_("事業の種類を選んでください"), ""),
    "gbiz": (
        N_("代表事業者の GビズIDプライム"),
        N_("代表事業者が GビズIDプライムを取ってください"),
        N_("代表事業者に GビズIDプライムがあるか答えてください"),
    ),
    "duplicate": (
        N_("ほかの枠と重ねて申請していない"),
        N_("通常枠かデジタル化基盤導入類型に、重ねて申請しています"),
        N_("ほかの枠への申請があるか、まだ聞いていません"),
    ),
    "twelve_months": (
        N_("2022年の交付決定から12か月を過ぎている"),
        N_("2022年の交付決定から12か月たっていません。申請できるのは %(free)sからです"),
        N_("2022年に交付決定を受けたか、まだ聞いていません"),
    ),
}
"""Title; what is wrong where it is not met; what is missing where it is not yet known."""

CRITERIA: dict[int, tuple[str, str]] = {
    1: (N_("ITツールの目的と効果"), N_("何者もの生産性のために、効き目のあるツールか")),
    2: (N_("入れた後の使い方"), N_("入れた後に、どう役立てるかまで考えているか")),
    3: (N_("地域の課題"), N_("地域の課題が分かり、どう良くするかを考えているか")),
    4: (N_("課題とツール"), N_("地域の課題とこれからの計画に、ツールの働きが合っているか")),
    5: (N_("何者もの連携"), N_("データを分け合って調べ、続けて伸びる取組か")),
    6: (N_("生産性を高める取組"), N_("助言を受けながら、データを定期的に見て直すか")),
    7: (N_("新しさ"), N_("地域の生産性のために、新しい取組か")),
    8: (N_("広めること"), N_("得た知恵を、地域に広めるか")),
    9: (N_("データの公開"), N_("得たデータを、できる範囲で公開するか")),
    10: (N_("地域との連携"), N_("自治体、金融機関、観光、医療、福祉、教育、防災などと組むか")),
    11: (N_("前からのデジタルの取組"), N_("前からの取組と合わせて、早く進むか")),
}
"""What the reviewers ask: title and question."""

STEPS: dict[str, str] = {
    **{f"unmet_{code}": words[1] for code, words in CHECKS.items() if words[1]},
    "unknown_twice": N_("構成員の法人番号を書く"),
    "unknown_provider": N_("IT提供事業者と、その法人番号を書く"),
    "unknown_expert": N_("専門家と構成員の法人番号を書く"),
    "unknown_rep_business": N_("代表事業者が自分でも事業を営むかを答える"),
    "unknown_small": N_("中小企業・小規模事業者かを聞く"),
    "unknown_gbiz": N_("代表事業者に GビズIDプライムがあるか確かめる"),
    "unknown_duplicate": N_("ほかの枠にも申請しているかを聞く"),
    "unknown_twelve_months": N_("2022年に交付決定を受けたかを聞く"),
    "add_lines": N_("経費の行を書く"),
    "lines_wrong": N_("計算に入らない経費を直す（%(lines)s番）"),
    "lines_changed": N_("申請の後に変えた行を、申請したとおりに戻すか、事務局に伝える（%(lines)s番）"),
    "lines_unchecked": N_("見積りと確かめを終える（%(lines)s番）"),
    "order_lines": N_("発注する（%(lines)s番）"),
    "pay_lines": N_("納品と支払を終える（%(lines)s番）"),
    "evidence_missing": N_("足りない証憑をそろえる（%(lines)s番）"),
    "evidence_waiting": N_("届いた証憑を確かめる（%(lines)s番）"),
    "evidence_doubt": N_("合わない証憑を見直す（%(lines)s番）"),
    "answer_base": N_("審査の基礎点に答える（%(lines)s番）"),
    "answer_extra": N_("加点に答えるか、しないと決める（%(lines)s番）"),
    "settle_membership": N_("組合員かどうかを決める（要る書類が変わります）"),
    "paper_missing": N_("%(paper)sをもらう"),
    "paper_returned": N_("差し戻した%(paper)sを出し直してもらう"),
    "paper_waiting": N_("届いた%(paper)sを確かめる"),
    "paper_undated": N_("%(paper)sの発行日を入れる"),
    "paper_old": N_("古くなった%(paper)sを取り直してもらう"),
    "plan_filing": N_("申請する予定の日を決める"),
    "file": N_("公式の申請マイページで申請し、その日を書く"),
    "note_running": N_("公募は終わっています。もう申請してある事業なら、申請の日と交付決定を書く"),
    "await_decision": N_("交付決定を待つ。通知が来たら、日と金額を書く"),
    "mend": N_("不備を直して、もう一度申請し、その日を書く"),
    "note_period_end": N_("交付決定の通知を見て、事業実施期間の終わりを書く"),
    "note_result_due": N_("交付決定の通知を見て、実績報告の締め切りを書く"),
    "note_mend_due": N_("差戻しの通知を見て、直して出す締め切りを書く"),
    "mend_result": N_("差し戻された実績報告を直して出し直し、その日を書く"),
    "pass_on": N_("受け取った補助金を構成員に渡し、日と振込明細を残す"),
    "note_duty_analysed": N_("入れたツールのデータを調べて、打った手を書く（%(number)s年目の効果報告に載ります）"),
    "note_duty_shared": N_("結果を構成員で分け合ったことを書く（%(number)s年目の効果報告に載ります）"),
    "note_duty_spread": N_("よかったことを地域に広めたこと、公開したデータを書く（%(number)s年目の効果報告に載ります）"),
    "await_change": N_("計画変更の答えを待つ"),
    "ask_office": N_("構成員が %(count)s者に減りました。先へ進む前に、事務局に相談する"),
    "file_result": N_("%(end)sまでに発注・納品・支払を終え、実績報告を出す"),
    "await_fixed": N_("額の確定の通知を待つ。来たら、日と金額を書く"),
    "await_paid": N_("補助金の入金を待つ。入ったら、その日を書く"),
    "file_report": N_("%(number)s年目の効果報告を出す（%(from)sから %(until)sまで）"),
    "collect_base": N_("基準の1年の数字（売上、原価、従業員数、時間）を集める"),
    "collect_report": N_("%(number)s年目の数字（売上、原価、従業員数、時間）を集める"),
    "await_report": N_("%(number)s年目の効果報告は %(from)sから"),
    "keep": N_("書類を保存する"),
    "keep_over": N_(
        "書類を残す期間が終わった。まだ要るなら「できごと」に残す日を書く（書かなければ、%(day)sにファイルの鍵を消し、開けなくなります）"
    ),
    "forgotten": N_("書類を残す期間が終わり、ファイルは開けなくなりました（届いた日時と指紋は残っています）"),
}
"""What is to be done."""

PLACES: dict[str, str] = {
    "answer": "review",
    "add": "costs",
    "lines": "costs",
    "lines_unchecked": "quotes",
    "lines_changed": "plan_changes",
    "order": "costs",
    "pay": "costs",
    "evidence": "costs",
    "unmet": "members",
    "unknown": "members",
    "settle": "members",
    "paper": "papers",
    "plan": "facts",
    "note": "facts",
    "file": "facts",
    "await": "facts",
    "mend": "papers",
    "mend_result": "result",
    "pass_on": "shares",
    "ask": "plan_changes",
    "keep": "calendar",
    "collect": "effect",
    "file_report": "effect",
    "file_result": "result",
}
"""On which page a step is done, by its code or the first word of it."""

FRAMES: dict[str, str] = {
    "normal": N_("通常枠（A・B）"),
    "digital_base": N_("デジタル化基盤導入類型"),
    "security": N_("セキュリティ対策推進枠"),
}
STATUSES: dict[str, str] = {
    "applying": N_("申請中"),
    "granted": N_("交付決定を受けた"),
    "rejected": N_("不採択"),
    "withdrawn": N_("取り下げた"),
}

CHANGES: dict[str, str] = {
    "member_left": N_("%(who)sが抜けた"),
    "member_joined": N_("%(who)sが加わった"),
    "line_added": N_("%(line)s番「%(what)s」が加わった（%(after)s）"),
    "line_out": N_("%(line)s番「%(what)s」をやめた（%(before)s）"),
    "item_changed": N_("%(line)s番「%(what)s」の品目・費目・機能が変わった"),
    "member_changed": N_("%(line)s番「%(what)s」の事業者が変わった"),
    "months_changed": N_("%(line)s番「%(what)s」の月数が変わった"),
    "amount_up": N_("%(line)s番「%(what)s」が %(before)s から %(after)s に増えた"),
    "amount_down": N_("%(line)s番「%(what)s」が %(before)s から %(after)s に減った"),
}
CHANGE_NEEDS: dict[str, tuple[str, str, str]] = {
    "approval": ("warn", N_("する前に、計画変更の承認をもらいます"), N_("承認が要る")),
    "notice": ("neutral", N_("実績報告で伝えます"), N_("報告で伝える")),
    "advice": ("danger", N_("すぐに事務局に相談します"), N_("すぐに相談")),
}
"""Chip, what is to be done, and that in a word."""

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

FRAME_VALUES: dict[str, str] = {
    "subsidy": N_("率と上限は、このグループの A と同じ"),
    "alone": N_("1者で申請する。B と C はない"),
    "rate": N_("補助率"),
    "least": N_("補助額の下限（円）"),
    "most": N_("補助額の上限（円）"),
    "cloud_months": N_("クラウド利用料を数える月数"),
    "security_action": N_("SECURITY ACTION の自己宣言が要る"),
}
"""What is known of another frame."""

SAID_FIELDS: dict[str, str] = {
    "name": N_("名前"),
    "setting": N_("どのようなつながりか"),
    "business_types": N_("事業の種類"),
    "representative_kind": N_("代表事業者の種類"),
    "has_district_body": N_("商店街を作る組合もグループに入っている"),
    "rules_version": N_("規則の版"),
    "is_sole": N_("個人事業主"),
    "corporate_number": N_("法人番号"),
    "merchant_id": N_("地域のお店"),
    "is_small": N_("中小企業・小規模事業者か"),
    "is_association_member": N_("組合員か"),
    "operates_business": N_("自分でも事業を営むか"),
    "has_gbiz_id": N_("GビズIDプライムがあるか"),
    "earlier": N_("2022年・2023年の、ほかの枠への申請"),
    "left_on": N_("抜けた日"),
    "left_because": N_("理由"),
    "contact_changed": N_("連絡先"),
}
"""What a saving of a project or of a party says."""
