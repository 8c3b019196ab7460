"""The members: who they are, what an expert sees, and the conditions on the group."""

from __future__ import annotations

from base.errors import N_

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
