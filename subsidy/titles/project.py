"""A project: its states and events, the call it is for, and how its plan may change."""

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
