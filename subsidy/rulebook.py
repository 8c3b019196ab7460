"""What each rule's number means, in a sentence: shown wherever a page cites one. Values and their sources stand in the call's table.

`certainty` as in the rule data: overview, official, guides, assumed, ours; of a rule with parts, that of its least certain part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from base.errors import N_

CODE = re.compile(r"S-\d{2}")

CERTAINTIES: dict[str, tuple[str, str]] = {
    "overview": ("ok", N_("国の概要に書いてある")),
    "official": ("ok", N_("ほかの公式な文書に書いてある")),
    "guides": ("info", N_("民間の手引きがそろって言う")),
    "assumed": ("warn", N_("私たちの読み方。事務局に確かめる")),
    "ours": ("neutral", N_("Meguri が決めた")),
}
"""Chip and word."""


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """One rule: its sentence, where it is said, and how certain that is."""

    sentence: str
    source: str
    certainty: str


OVERVIEW = N_("国の概要（令和5年3月）")
GENERAL = N_("一般の公募要領・交付規程から")
OWN = "Meguri"

RULEBOOK: dict[str, RuleSaid] = {
    "S-01": RuleSaid(N_("代表事業者と参画事業者が一つのグループになり、1つの申請をします。"), OVERVIEW, "overview"),
    "S-02": RuleSaid(N_("代表事業者は1者だけで、申請と報告を出し、事務局との窓口になります。"), OVERVIEW, "overview"),
    "S-03": RuleSaid(N_("事業を営まない代表事業者は、A の経費を持てません。地域全体の B は持てると読んでいます。"), OVERVIEW, "assumed"),
    "S-04": RuleSaid(
        N_("参画事業者は、ツールを入れて使う中小企業・小規模事業者です。A がなければ B を使うことを計画に書きます。"), OVERVIEW, "overview"
    ),
    "S-05": RuleSaid(N_("グループは10者以上です。代表事業者を1者と数えて読んでいます。"), OVERVIEW, "overview"),
    "S-06": RuleSaid(N_("IT提供事業者は、グループに入れません。法人番号で比べます。"), OVERVIEW, "overview"),
    "S-07": RuleSaid(N_("外部の専門家は、グループの外から助言します。"), OVERVIEW, "assumed"),
    "S-08": RuleSaid(
        N_("登録されたIT提供事業者とツールが好まれます。登録がなければ、定義に合うことを確かめた記録を残します。"), OVERVIEW, "overview"
    ),
    "S-09": RuleSaid(
        N_("代表事業者になれるのは、商店街の組合、商工団体、まちづくり会社、DMO、コンソーシアムの代表などです。"), OVERVIEW, "overview"
    ),
    "S-10": RuleSaid(N_("代表事業者は GビズIDプライムが要ります。"), N_("公式サイト（2022年の公募）"), "official"),
    "S-11": RuleSaid(N_("10種類の事業から1つ以上を選びます。"), OVERVIEW, "overview"),
    "S-12": RuleSaid(N_("商業集積地かサプライチェーンの、どちらで行うかを書きます。"), OVERVIEW, "overview"),
    "S-13": RuleSaid(N_("A だけ、B だけ、A と B のどれでも申請できます。C だけでは申請できません。"), OVERVIEW, "overview"),
    "S-14": RuleSaid(N_("B は A でないツールです。PC・タブレット・レジは、何に使っても A です。"), OVERVIEW, "overview"),
    "S-15": RuleSaid(N_("C は代表事業者の経費だけで、何のための費用かを書きます。"), OVERVIEW, "overview"),
    "S-16": RuleSaid(
        N_(
            "消費税、申請の費用、中古品、リース・レンタル、ほかにも使える品、グループの中での売り買い、通貨・ポイント・相殺での支払は対象外です。"
        ),
        GENERAL,
        "assumed",
    ),
    "S-20": RuleSaid(N_("金額は税抜きで数えます。税込みの額は、税を除いて円より下を切り捨てます。"), GENERAL, "assumed"),
    "S-21": RuleSaid(N_("クラウド利用料は A が24か月、B が12か月まで、月数の割合で数えます。"), OVERVIEW, "assumed"),
    "S-22": RuleSaid(N_("A のソフトは、会計・受発注・決済・EC のどれかの機能を持ちます。"), OVERVIEW, "overview"),
    "S-23": RuleSaid(
        N_("A の機器は、同じ事業者のソフトか、代表事業者の B のソフトと一緒でなければ対象になりません。"), N_("民間の手引き"), "guides"
    ),
    "S-24": RuleSaid(N_("発注・納品・支払は、交付決定の日から期間の終わりまでにします。"), OVERVIEW, "assumed"),
    "S-25": RuleSaid(N_("金額は0円から1兆円までの整数です。"), OWN, "ours"),
    "S-30": RuleSaid(
        N_("A のソフトは、補助額50万円まで3/4、超える分は2/3。1機能なら50万円、2機能以上なら350万円までです。"), OVERVIEW, "assumed"
    ),
    "S-31": RuleSaid(N_("PC・タブレットは1/2で10万円まで、レジは1/2で20万円までです（1者ごと）。"), OVERVIEW, "overview"),
    "S-32": RuleSaid(N_("補助額の下限はありません。"), OVERVIEW, "overview"),
    "S-33": RuleSaid(N_("B は2/3で、50万円×構成員の数までです。"), OVERVIEW, "overview"),
    "S-34": RuleSaid(N_("A と B をあわせて3,000万円までです。超えたら A を先に残して読んでいます。"), OVERVIEW, "assumed"),
    "S-35": RuleSaid(N_("C は2/3で、（A＋B）の10%の2/3と200万円の、低い方までです。"), OVERVIEW, "overview"),
    "S-36": RuleSaid(N_("補助額の合計は、多くても3,200万円です。"), OVERVIEW, "overview"),
    "S-37": RuleSaid(N_("自己負担は、対象経費から補助額を引いた額です。補助金は後払いなので、先に全額を用意します。"), GENERAL, "assumed"),
    "S-38": RuleSaid(N_("B・C と A の削られた分は、対象経費の割合で1円まで分けます。"), OWN, "ours"),
    "S-39": RuleSaid(N_("確定する額は、区分ごとに、決定額と計算し直した額の低い方です。区分の間で余りは動きません。"), GENERAL, "assumed"),
    "S-40": RuleSaid(N_("率はすべて「以内」です。事務局の決定は、計算した額より少ないことがあります。"), OVERVIEW, "overview"),
    "S-41": RuleSaid(N_("補助金は代表事業者に払われ、代表事業者が各者に渡して記録します。"), OVERVIEW, "overview"),
    "S-50": RuleSaid(N_("組合が代表なら、組合員は名簿で、組合員でない者は確認書で、実在を示します。"), OVERVIEW, "overview"),
    "S-51": RuleSaid(N_("名簿は、参画事業者だけを抜き出して作ってもかまいません。"), OVERVIEW, "overview"),
    "S-52": RuleSaid(
        N_("確認書は自由な形で、印は要りません。両者の名前、代表者、連絡先と、地域で活動していることを書きます。"), OVERVIEW, "overview"
    ),
    "S-53": RuleSaid(N_("個人事業主は、本人確認、所得税の納税証明書、確定申告書の控えを出します。"), GENERAL, "assumed"),
    "S-54": RuleSaid(N_("証明書は、申請の日から3か月より前のものは使えません。"), GENERAL, "assumed"),
    "S-55": RuleSaid(N_("様式は、参画事業者、ツール、A の経費、B の経費の順です。"), N_("公式サイト（2022年の公募）"), "official"),
    "S-60": RuleSaid(N_("公募は2023年3月28日に始まりました。実施期間の終わりは、通知を見て書きます。"), OVERVIEW, "overview"),
    "S-61": RuleSaid(N_("通常枠（A・B）やデジタル化基盤導入類型と、重ねて申請できません。"), OVERVIEW, "assumed"),
    "S-62": RuleSaid(N_("2022年に交付決定を受けた事業者は、その日から12か月は申請できません。"), OVERVIEW, "overview"),
    "S-63": RuleSaid(N_("不採択や取下げの後は、次の回に申請できます。"), OVERVIEW, "assumed"),
    "S-70": RuleSaid(
        N_("審査の基礎点は6つです。ツールの効果、使う計画、地域の課題、課題とツール、連携、見直しを見ます。"), OVERVIEW, "overview"
    ),
    "S-71": RuleSaid(N_("加点は5つです。新しさ、広めること、データの公開、連携、前からの取組を見ます。"), OVERVIEW, "overview"),
    "S-72": RuleSaid(N_("基礎点の6つには、申請の前に文章で答えます。加点は、しないと決めるときに二度たずねます。"), OWN, "ours"),
    "S-80": RuleSaid(N_("効果報告は2回で、それぞれ4月に出します。"), OVERVIEW, "overview"),
    "S-81": RuleSaid(N_("効果報告には、各者の売上、原価、従業員数、就業時間を集めます。"), OVERVIEW, "overview"),
    "S-82": RuleSaid(N_("生産性は、粗利益を、従業員数と1人の年間の就業時間をかけたもので割った額です。"), N_("民間の手引き"), "guides"),
    "S-83": RuleSaid(N_("グループの生産性は、粗利益の合計を時間の合計で割ります。抜けた者は、どの年にも入れません。"), OWN, "assumed"),
    "S-84": RuleSaid(N_("基準の年は計画の数字で、粗利益が0以下や就業時間が0では比べられません。"), OWN, "assumed"),
    "S-85": RuleSaid(N_("生産性は、2年以内に年率平均5%以上の伸びをめざします。"), OVERVIEW, "assumed"),
    "S-86": RuleSaid(N_("率は小さい方に切って見せます。5%に届かない率が、5%に見えることはありません。"), OWN, "ours"),
    "S-87": RuleSaid(N_("届かなければ、事業名、代表事業者名、構成員の数が公表されます。"), OVERVIEW, "overview"),
    "S-88": RuleSaid(N_("報告の期間は日本の時間で見ます。遅れても受け付けますが、遅れたことが残ります。"), OVERVIEW, "overview"),
    "S-89": RuleSaid(N_("終わった後は、データを調べて試し、分け合い、地域に広めます。"), OVERVIEW, "overview"),
    "S-90": RuleSaid(N_("事業の様子は、計画中から完了まで、できごとで決まります。"), OWN, "assumed"),
    "S-91": RuleSaid(N_("様子が変わるときは、日付と額を書きます。書いたことは消えません。"), OWN, "assumed"),
    "S-92": RuleSaid(
        N_("申請から交付決定までは構成員を変えられません。決定の後に10者を割ったら、止めて事務局に聞きます。"), GENERAL, "assumed"
    ),
    "S-93": RuleSaid(N_("書類は、事業の年度が終わってから5年保存します。買ったものは記録し、許しなく売りません。"), GENERAL, "assumed"),
    "S-95": RuleSaid(N_("行ごとに、見積りから支払までの証憑をそろえます。"), GENERAL, "assumed"),
    "S-96": RuleSaid(N_("証憑の金額と日付は合い、請求書に登録番号があり、同じ書類は2つの行に使いません。"), OWN, "ours"),
    "S-97": RuleSaid(N_("保守の費用はクラウド利用費に、初めの費用や作業は導入関連費に入れます。"), OVERVIEW, "overview"),
    "S-98": RuleSaid(N_("伸び率は、構成員ごとにも集めます。"), OVERVIEW, "overview"),
}
