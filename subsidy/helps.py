"""このページの使い方 of every page of a group."""

from __future__ import annotations

from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

ASK_OFFICE = N_("決まりで迷ったら、事務局に電話で聞いてください。")
ASK_LEAD = N_("書類のことは、代表事業者の担当の人に聞いてください。")
ASK_EXPERT = N_("書き方で迷ったら、商工会や専門家に見てもらってください。")

HELPS: dict[str, Help] = {
    "subsidy/projects.html": Help(
        N_("あなたが関わる補助事業の一覧です。"),
        N_("名前を押すと、次にすることが出ます。"),
        NOTHING_CHANGES,
        ASK_OFFICE,
    ),
    "subsidy/new_project.html": Help(
        N_("補助事業を1つ、ここではじめます。"),
        N_("事業の名前と、代表事業者を書きます。"),
        N_("はじめても、役所には何も送られません。名前や種類は後から直せます。"),
        ASK_OFFICE,
    ),
    "subsidy/settings.html": Help(
        N_("事業の名前、場所、種類を直すページです。"),
        N_("直すところだけを書き替えて、保存します。"),
        N_("代表事業者の種類を変えると、要る書類も変わります。元に戻せば書類も戻ります。"),
        ASK_OFFICE,
    ),
    "subsidy/home.html": Help(
        N_("この事業で、いま何をすればよいかが上から並びます。"),
        N_("いちばん上の行の、右のボタンを押します。"),
        N_("期限のあるものが先に出ます。済んだものは、ひとりでに消えます。"),
        ASK_OFFICE,
    ),
    "subsidy/members.html": Help(
        N_("構成員の一覧と、グループが満たす条件のページです。"),
        N_("「まだ分からない」の行を見て、その事業者に聞きます。"),
        N_("申請してから交付決定までは、構成員を変えられません。"),
        ASK_OFFICE,
    ),
    "subsidy/member.html": Help(
        N_("1者について、分かっていることと書類のページです。"),
        N_("書類をもらうときは「頼むリンクを作る」を押します。"),
        N_("抜けた記録は消せません。もう一度入るときは、新しく足します。"),
        ASK_OFFICE,
    ),
    "subsidy/asked.html": Help(
        N_("事業者に渡すリンクと、印刷できる頼み状です。"),
        N_("QRを写してもらうか、印刷して手渡します。"),
        N_("リンクは今だけ見えます。なくしたら作り直せば、前のものは止まります。"),
        ASK_LEAD,
    ),
    "subsidy/papers.html": Help(
        N_("だれからどの書類が要るかの表と、届いた書類です。"),
        N_("「確認待ち」の書類を開いて、中を読んで確かめます。"),
        N_("入れた書類は消せません。新しいものを入れると、そちらが使われます。"),
        ASK_EXPERT,
    ),
    "subsidy/facts.html": Help(
        N_("申請や交付決定など、起きたことを日付と書くページです。"),
        N_("通知の紙を見ながら、種類と日付を選びます。"),
        N_("書いたことは消えません。まちがいは、上から書き直すか取り消せます。"),
        ASK_OFFICE,
    ),
    "subsidy/calendar.html": Help(
        N_("この事業の日付が、古いものから並びます。"),
        N_("「暦に入れる」で、電話や手帳の暦に写せます。"),
        N_("できごとを書くと日付も変わります。そのときは、もう一度写してください。"),
        ASK_OFFICE,
    ),
    "subsidy/mine.html": Help(
        N_("あなたの事業者の分だけを見るページです。"),
        N_("「まだない」と出た書類を写して、入れます。"),
        N_("入れた書類は消せません。まちがえたら、正しいものをもう一度入れます。"),
        ASK_LEAD,
    ),
}
"""By template."""
