"""The papers of members and the evidence of cost lines."""

from __future__ import annotations

from base.errors import N_

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

LACKS: dict[str, str] = {"not_paid": N_("まだ支払が済んでいません")}
"""Why a line is not in the result report, where neither evidence nor a rule says it."""

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

VIAS: dict[str, str] = {"desk": N_("画面から"), "link": N_("本人がリンクから"), "paper": N_("紙で届いたものを代わりに")}
