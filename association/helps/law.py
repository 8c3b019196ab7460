"""Help for the pages that the law asks for."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, ASK_BUREAU
from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

HELPS: dict[str, Help] = {
    "association/base_dates.html": Help(
        N_("使われていない残高に応じて、お金を守る義務（供託）を見るページです。"),
        N_("「次の基準日」の見込みを、毎月1回は見ます。"),
        N_("登録した行は消せません。間違えたら、終わりの日を入れて、新しく登録します。"),
        ASK_BUREAU,
    ),
    "association/base_date.html": Help(
        N_("1つの基準日の残高と、供託が要るかの計算です。"),
        N_("種別ごとの数字を、試算表と見比べます。"),
        N_("「確定する」は一度だけで、変えられません。下書きは何度見ても変わりません。"),
        ASK_BUREAU,
    ),
    "association/notice.html": Help(
        N_("法律で、利用者に見せなければならないことを書くページです。"),
        N_("電話番号と受付時間が、いまも正しいかを見ます。"),
        N_("公開すると新しい版になり、すぐに利用者に見えます。直すには、もう一度公開します。前の版は残ります。"),
        ASK_BUREAU,
    ),
    "association/register.html": Help(
        N_("苦情や事故などを書き留めておく、法律の記録簿です。"),
        N_("電話を切ったら、その日のうちに書きます。"),
        N_("書いた行は消せません。人の名前や電話番号は書かず、利用者番号を書きます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/register_list.html": Help(
        N_("記録簿の何行もを、Excel の表を貼り付けて、まとめて書くページです。"),
        N_("紙の控えを Excel に写し、見出しの行から貼り付けます。"),
        N_("押す前に、1行ずつ確かめられます。書いた行は消せません。1行でも誤りがあれば、何も書きません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/register_entry.html": Help(
        N_("記録簿の1件と、それに何をしたかのページです。"),
        N_("したことを、日付と一緒に書き足します。"),
        N_("「終わりにする」を押すと、書き足せません。書いたことは消せません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/retention.html": Help(
        N_("何を、いつまで残し、いつ消すかの表です。"),
        N_("「いつ消えますか」と聞かれたら、ここを見て答えます。"),
        NOTHING_CHANGES,
        ASK_ADMINISTRATOR,
    ),
}
