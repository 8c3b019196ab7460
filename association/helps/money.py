"""Help for the pages of cash, settlement and decisions."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, ASK_APPROVER, ASK_BANK, CALL_APPROVER, CALL_OPERATOR, TELL_AUDITOR
from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

HELPS: dict[str, Help] = {
    "association/home.html": Help(
        N_("今日、承認や確認を待っている仕事と、帳簿が合っているかを、一目で見るページです。"),
        N_("朝いちばんに開き、「承認・確認するもの」を上から順に片づけます。"),
        N_("このページを開いても、お金も記録も変わりません。「帳簿が合いません」と出たら、窓口締めをせずに知らせてください。"),
        TELL_AUDITOR,
    ),
    "association/find.html": Help(
        N_("電話を受けながら、受付番号・カード・お店・金額・人を探すページです。"),
        N_("いちばん上の欄に、聞いたとおりに入れて Enter を押します。ハイフンや全角の数字も、そのままで構いません。"),
        N_("探すだけでは、お金は動きません。人を探したことは、操作の記録に残ります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/read_code.html": Help(
        N_("現金をコインに替える、チャージの入口です。お客様の残高を確かめるときにも使います。"),
        N_("お客様のスマホの「コード表示」か、カードを読み取ります。読めないときは番号を打ちます。"),
        N_("読み取っただけでは、お金は動きません。次の画面で額を確かめてから押します。"),
        CALL_APPROVER,
    ),
    "association/counter.html": Help(
        N_("お客様から預かった現金の分だけ、コインを残高に入れるページです。"),
        N_("先に現金を数えて受け取ります。額とお預かりを入れると、お釣りが出ます。"),
        N_("間違えても、その日のうちで、まだ使われていなければ、次の画面で自分で取り消せます。翌日からは取り消せません。"),
        CALL_APPROVER,
    ),
    "association/topped_up.html": Help(
        N_("チャージが済んだことと、返すお釣りを示すページです。"),
        N_("お客様の画面の合言葉が同じか見てから、お釣りを渡します。"),
        N_("間違えたときは、このページの「取り消す」を使います。今日のうちで、使われていないときだけです。"),
        CALL_APPROVER,
    ),
    "association/drawers.html": Help(
        N_("窓口ごとの引き出しに、いま現金がいくらあるはずかを見るページです。"),
        N_("一日の終わりに、ほかの人の引き出しの「数えて締める」を押します。"),
        N_("自分の引き出しは、自分では締められません。締めた記録は消せません。"),
        ASK_APPROVER,
    ),
    "association/drawer.html": Help(
        N_("ほかの人の引き出しの現金を数えて、金庫へ移すページです。"),
        N_("金種ごとの枚数を入れ、「合計と過不足を見る」で帳簿の額と比べます。"),
        N_("締めると仕訳になり、取り消せません。合わないときは、押す前にもう一度、2人で数えてください。"),
        ASK_APPROVER,
    ),
    "association/drawer_closed.html": Help(
        N_("窓口締めで何を数え、何を記帳したかの控えです。"),
        N_("印刷して、金庫の現金と一緒に保管します。"),
        N_("締めた記録は直せません。あとで違いに気づいたら、金庫の実査で過不足として記帳します。"),
        ASK_APPROVER,
    ),
    "association/float.html": Help(
        N_("朝の窓口に、お釣り用の現金を金庫から渡すページです。"),
        N_("渡す額を数えてから入れます。受け取る人にも、その場で数えてもらいます。"),
        N_("押すと、渡した額が記帳されます。多すぎたときは、窓口締めで金庫へ戻します。"),
        ASK_APPROVER,
    ),
    "association/safe.html": Help(
        N_("金庫に現金がいくらあるはずか、いつ入って、いつ出たかを見るページです。"),
        N_("ときどき「金庫の実査」で実際に数え、帳簿の額と比べます。"),
        N_("動きの記録は消せません。ここから先の「銀行へ入金する」と「実査」は記帳されます。"),
        ASK_APPROVER,
    ),
    "association/safe_count.html": Help(
        N_("金庫の現金をすべて数えて、帳簿の額と比べるページです。"),
        N_("金庫を開け、2人で金種ごとに数えて、枚数を入れます。"),
        N_("過不足は、理由と一緒に記帳されて消せません。押す前に、もう一度数えてください。"),
        ASK_APPROVER,
    ),
    "association/deposit.html": Help(
        N_("金庫の現金を、銀行に預けるときのページです。"),
        N_("持って行く現金を数えて、金種ごとに入れます。"),
        N_("押すと、金庫から銀行へ移したと記帳されます。取り消せないので、額を2人で確かめてください。"),
        ASK_APPROVER,
    ),
    "association/deposited.html": Help(
        N_("銀行へ持って行く現金の入金票です。"),
        N_("印刷して、現金と一緒に銀行へ持って行きます。"),
        N_("もう記帳されています。預けた額が違ったときは、銀行照合のページで差を確かめます。"),
        ASK_APPROVER,
    ),
    "association/settlement.html": Help(
        N_("お店が受け取ったコインを、締め日ごとにお金で支払う「換金」の一覧です。"),
        N_("「換金できる締め日」に日付が出ていたら、「確かめる」を押して中身を見ます。"),
        N_("一覧を見るだけでは、何も変わりません。支払うまでに、2人の承認が2回あります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/settlement_draft.html": Help(
        N_("これから申請する換金の中身を、お店ごとに確かめるページです。"),
        N_("印の付いたお店を先に見ます。今回は払わないお店は、チェックを外します。"),
        N_("申請しただけでは支払われません。外したお店の分は、次の締めに繰り越されます。"),
        ASK_APPROVER,
    ),
    "association/settlement_run.html": Help(
        N_("1回の換金が、どこまで進んだかを見て、次の手続きをするページです。"),
        N_("色の付いたボタンが、いまあなたのできる仕事です。なければ、ほかの人を待っています。"),
        N_("承認と振込の記帳は取り消せません。振込データを銀行に二度渡すと、二度振り込まれます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/settlement_terms.html": Help(
        N_("締め日、振込日、手数料という、換金の決まりを決めるページです。"),
        N_("決める前に、理事会などの議事録と見比べます。"),
        N_("変えると、次に申請する換金から使われます。済んだ換金は変わりません。前の決まりも残ります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/transfer_terms.html": Help(
        N_("お店へ振り込む組合の口座と、銀行に渡すデータの設定です。"),
        N_("銀行から渡された書類を手元に置いて、そのとおりに写します。"),
        N_("間違えると、振込が止まったり戻ったりします。作り終えた振込データは変わりません。"),
        ASK_BANK,
    ),
    "association/settlement_proof.html": Help(
        N_("お店が受け取った額と、そのお金がいまある場所が同じことを示すページです。"),
        N_("月の終わりの日を選んで、差額が0円かを見ます。"),
        NOTHING_CHANGES,
        TELL_AUDITOR,
    ),
    "association/suspense.html": Help(
        N_("期限が終わったコインや、退会した人への返金が、行き先を待っている場所です。"),
        N_("「戻し先を決める」を押して、1件ずつ申請します。"),
        N_("戻し先は2人で決めます。承認されるまで、お金はここから動きません。"),
        ASK_APPROVER,
    ),
    "association/release.html": Help(
        N_("待っている返金1件を、本人へ戻すか、組合の収入にするかを申請するページです。"),
        N_("本人のコインに戻せるなら、そちらを選びます。"),
        N_("ほかの人が承認すると記帳され、元には戻せません。"),
        ASK_APPROVER,
    ),
    "association/approvals.html": Help(
        N_("ほかの人が出した申請を、2人目として確かめる仕事の一覧です。"),
        N_("期限の近いものから「承認へ」を押して、中身を見ます。"),
        N_("自分の申請は承認できません。14日で期限が切れ、切れたものは出し直しになります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/approval.html": Help(
        N_("1件の申請を、承認するか差し戻すかを決めるページです。"),
        N_("だれが、何を、いくらで申請したかを読み、書類や本人と見比べます。"),
        N_("承認するとその場で記帳され、取り消せません。少しでもおかしければ、理由を書いて差し戻します。"),
        ASK_ADMINISTRATOR,
    ),
    "association/controls.html": Help(
        N_("帳簿や機械に異常がないかを、1分ごとに自動で測った結果です。"),
        N_("赤い「手を打つこと」があれば、そこに書かれたとおりにします。なければ、見るだけで結構です。"),
        NOTHING_CHANGES,
        CALL_OPERATOR,
    ),
    "association/control_history.html": Help(
        N_("この90日に、いつ、どんな異常が、どれだけ続いたかの記録です。"),
        N_("同じ異常がくり返していないかを見ます。"),
        NOTHING_CHANGES,
        CALL_OPERATOR,
    ),
}
