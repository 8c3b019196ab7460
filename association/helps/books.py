"""Help for the pages of books, bank and audit."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, ASK_BANK, CALL_OPERATOR, TELL_AUDITOR
from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

HELPS: dict[str, Help] = {
    "association/books.html": Help(
        N_("すべてのお金の動きを、起きた順に書いた帳簿です。"),
        N_("日付や金額、受付番号で絞り込んで探します。"),
        NOTHING_CHANGES,
        TELL_AUDITOR,
    ),
    "association/accounts.html": Help(
        N_("帳票や会計ソフトで使う、勘定科目の番号と名前です。"),
        N_("会計ソフトの科目表と、同じ名前になっているかを見ます。"),
        N_("名前を変えても記帳は変わりません。変えた記録は残ります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/account.html": Help(
        N_("勘定科目1つの、番号と名前を変えるページです。"),
        N_("会計ソフトの名前を見て、同じ名前を入れます。"),
        N_("いつでも元の名前に戻せます。前の期間の帳票も、新しい名前で出ます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/chart_list.html": Help(
        N_("勘定科目の番号と名前を、Excel の表を貼り付けて、まとめて直すページです。"),
        N_("勘定科目の Excel を取り出し、会計ソフトの科目表に合わせて直し、見出しの行から貼り付けます。"),
        N_("押す前に、いまとの違いが1行ずつ出ます。記帳は変わらず、前の表を貼り付ければ元の名前に戻せます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/report.html": Help(
        N_("残高試算表や元帳などの、会計の帳票です。"),
        N_("いつからいつまでかを選んで「見る」を押し、Excel か CSV で取り出します。"),
        NOTHING_CHANGES,
        TELL_AUDITOR,
    ),
    "association/export.html": Help(
        N_("仕訳を、会計ソフトに取り込めるファイルにするページです。"),
        N_("はじめは1日分で試し、会計ソフトの残高を試算表と比べます。"),
        N_("ここからは何度でも取り出せます。会計ソフトに同じ日を二度取り込まないでください。"),
        ASK_ADMINISTRATOR,
    ),
    "association/closings.html": Help(
        N_("終わった月の帳簿を締めて、あとから動かせないようにするページです。"),
        N_("先に、その月の試算表と銀行照合を確かめます。"),
        N_("締めた月には何も記帳できません。解けるのは、いちばん新しい月だけで、2人で行います。"),
        TELL_AUDITOR,
    ),
    "association/bank.html": Help(
        N_("帳簿の預金と、銀行の明細が合っているかを見るページです。"),
        N_("ネットバンキングの CSV ファイルを選ぶか、明細を Excel から貼り付けます。"),
        N_("組み合わせは、あとで外せます。帳簿は変わりません。明細の記帳には、ほかの人の承認が要ります。"),
        TELL_AUDITOR,
    ),
    "association/bank_file.html": Help(
        N_("銀行のファイルの、どの列が何かを選ぶページです。"),
        N_("上の見本を見て、日付・金額・摘要の列を選びます。"),
        N_("一度だけの作業です。間違えると取り込みが断られるだけで、帳簿は変わりません。"),
        ASK_BANK,
    ),
    "association/bank_matches.html": Help(
        N_("銀行の明細と帳簿を、だれがいつ組み合わせたかの記録です。"),
        N_("間違いを見つけたら「外す」を押し、銀行照合で組み直します。"),
        N_("外しても記録は残ります。帳簿は変わりません。"),
        TELL_AUDITOR,
    ),
    "association/audit.html": Help(
        N_("組合の主張と証拠を、監査する人が1枚で確かめるページです。"),
        N_("上から順に読み、赤い所があれば、そこの書類を開きます。"),
        NOTHING_CHANGES,
        TELL_AUDITOR,
    ),
    "association/log.html": Help(
        N_("だれが、いつ、どこから、何をしたかの記録です。"),
        N_("期間と、したことを選んで探します。"),
        N_("だれにも消せません。この画面を見たことも残ります。"),
        TELL_AUDITOR,
    ),
    "association/witnesses.html": Help(
        N_("お店の端末が、帳簿が書き換えられていないことを確かめた記録です。"),
        N_("「知らせ」が出ていたら、開いて内容を読みます。"),
        NOTHING_CHANGES,
        CALL_OPERATOR,
    ),
    "association/log_alarm.html": Help(
        N_("お店の端末から届いた、台帳の食い違いの知らせ1件です。"),
        N_("あわてずに、上の太い文を読み、そのとおりの人に電話します。"),
        N_("対応は一度だけ書けて、消せません。お店の受け取りは、止めなくて大丈夫です。"),
        CALL_OPERATOR,
    ),
    "association/returned.html": Help(
        N_("データベースを前の時点に戻したあと、帳簿の続きを2人で決めるページです。"),
        N_("ふだんは何もしません。運用担当から頼まれたときだけ使います。"),
        N_("再開は取り消せません。明細を受け付けても、お金は動きません。"),
        CALL_OPERATOR,
    ),
}
