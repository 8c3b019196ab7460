"""Help for the pages of shops, cards, people and agents."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, ASK_APPROVER, ASK_BUREAU, CALL_APPROVER
from base.errors import N_
from web.helps import Help

HELPS: dict[str, Help] = {
    "association/shops.html": Help(
        N_("コインを受け取れるお店の一覧です。"),
        N_("お店を探すときは、よみの順に並んだ表か、上の「探す」を使います。"),
        N_("一覧を見るだけでは変わりません。お店の停止や承認は、お店のページで行います。"),
        ASK_ADMINISTRATOR,
    ),
    "association/new_shop.html": Help(
        N_("新しいお店を1軒、登録するページです。"),
        N_("お店の看板や申込書を見ながら、名前とよみを正しく書きます。"),
        N_("ほかの人が承認するまで、お店は受け取れません。間違えたら、承認の前に取り下げて書き直せます。"),
        ASK_APPROVER,
    ),
    "association/shop_list.html": Help(
        N_("何軒ものお店の登録を、Excel の表を貼り付けて、まとめて直すページです。"),
        N_("加盟店の Excel を取り出して直し、見出しの行から貼り付けます。"),
        N_("押す前に、いまとの違いが1行ずつ出ます。間違えたら、前の表を貼り付ければ元に戻せます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/shop.html": Help(
        N_("1軒のお店の内容と、承認・停止などの手続きのページです。"),
        N_("電話のときは、先にお店の番号を読み上げて、同じ店か確かめます。"),
        N_("停止するとすぐ受け取れなくなりますが、再開できます。差し戻した申し込みは終わり、登録し直しになります。"),
        ASK_APPROVER,
    ),
    "association/shop_account.html": Help(
        N_("お店にお金を振り込む口座を、確かめたり変えたりするページです。"),
        N_("通帳の写しと見比べ、お店が前から使っている電話番号にかけて確かめます。"),
        N_("承認から3日は止められます。そのあとの振込は、銀行でも取り戻しにくくなります。"),
        ASK_APPROVER,
    ),
    "association/applications.html": Help(
        N_("お店が自分で書いた、加盟の申し込みの一覧です。"),
        N_("古いものから開いて、お店に電話をします。"),
        N_("開くだけでは何も決まりません。"),
        ASK_APPROVER,
    ),
    "association/application.html": Help(
        N_("1軒の申し込みを読み、登録するか断るかを決めるページです。"),
        N_("お店に電話して、書いてあることを本人と確かめます。"),
        N_("断ると、書かれた内容は消え、理由だけが残ります。登録は、ほかの人の承認を待ちます。"),
        ASK_APPROVER,
    ),
    "association/cards.html": Help(
        N_("スマホを使わない人のための、カードのページです。"),
        N_("お客様のカードを探すときは、番号の終わりの4桁か名前を入れます。"),
        N_("探すだけでは変わりません。なくしたという電話なら、すぐにカードを開いて止めます。"),
        CALL_APPROVER,
    ),
    "association/card.html": Help(
        N_("1枚のカードの残高と記録、そしてなくしたときの手続きのページです。"),
        N_("なくした・盗まれたと聞いたら、まず「すぐに止める」を押します。"),
        N_("止めても残高はなくなりません。見つかれば、本人が来て元に戻せます。"),
        CALL_APPROVER,
    ),
    "association/card_block.html": Help(
        N_("なくした、盗まれたカードを、すぐに止めるページです。"),
        N_("だれから、何を聞いたかを書いて押します。確かめるのは止めたあとで構いません。"),
        N_("押した瞬間から支払えません。見つかったら、本人が暗証番号を入れて再開できます。"),
        CALL_APPROVER,
    ),
    "association/card_unblock.html": Help(
        N_("見つかったカードを、また使えるようにするページです。"),
        N_("カードを手に取り、持ち主に暗証番号を入れてもらいます。"),
        N_("代わりに番号を入れてはいけません。またなくしたら、もう一度止められます。"),
        CALL_APPROVER,
    ),
    "association/card_replace.html": Help(
        N_("なくしたカードの残高を、新しいカードに移すページです。"),
        N_("本人と確かめ、新しいカードを1枚用意します。"),
        N_("前のカードは二度と使えません。残高と暗証番号は、そのまま移ります。"),
        ASK_APPROVER,
    ),
    "association/card_pin.html": Help(
        N_("暗証番号を忘れた人に、決め直してもらうページです。"),
        N_("本人とカードを、承認者にも見てもらいます。"),
        N_("新しい番号はお客様だけが入れます。見てはいけません。承認から30分で期限が切れます。"),
        ASK_APPROVER,
    ),
    "association/card_lot.html": Help(
        N_("まとめて作ったカードの束を、印刷するページです。"),
        N_("名刺用紙をセットし、実際の大きさで1枚試してから全部を印刷します。"),
        N_("印刷し直すと、前に印刷して渡していない紙は使えなくなります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/give_card.html": Help(
        N_("新しいカードを、お客様に渡すページです。"),
        N_("新しいカードを読み取り、お客様に暗証番号を決めてもらいます。"),
        N_("番号は、お客様だけが入れます。渡したあとでも、なくしたときは止められます。"),
        CALL_APPROVER,
    ),
    "association/person.html": Help(
        N_("1人の利用者の残高と、本人かどうかを確かめる手がかりのページです。"),
        N_("「最近の利用」のお店や金額を、お客様のほうから言ってもらいます。"),
        N_("一時停止はすぐに効き、あとで解除できます。開いたことは記録に残ります。"),
        ASK_APPROVER,
    ),
    "association/cash_refund.html": Help(
        N_("コインを現金で返すことを、申請するページです。法律で、わずかな場合にしか認められません。"),
        N_("理由を選び、その証拠になる書類を見せてもらいます。"),
        N_("承認されると残高が減り、取り消せません。枠を超える申請は通りません。"),
        ASK_BUREAU,
    ),
    "association/see_off.html": Help(
        N_("本人の申し出で、利用者を退会させるページです。"),
        N_("残っているコインと役割を確かめ、本人に説明します。"),
        N_("退会すると名前は消え、だれにも元に戻せません。残ったコインは現金になりません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/announcements.html": Help(
        N_("利用者のスマホに、お知らせを送るページです。"),
        N_("短く書き、だれに送るかを選びます。次の画面で、見え方と人数を確かめられます。"),
        N_("送ったあとは書き直せません。間違えたら「取り下げる」で、どのスマホからも消せます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/announcement_preview.html": Help(
        N_("送る前のお知らせを、スマホで見えるとおりに確かめるページです。"),
        N_("日付と場所、電話番号の間違いがないか、声に出して読みます。"),
        N_("まだ送られていません。「送る」を押すと届き、書き直せなくなります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/agents.html": Help(
        N_("組合の代わりにコインを売るお店（代理店）と、預かっている現金の一覧です。"),
        N_("「預かっている現金」が多いお店から、入金をお願いします。"),
        N_("一覧を見るだけでは変わりません。"),
        ASK_APPROVER,
    ),
    "association/agent.html": Help(
        N_("代理店が預かっている現金を、窓口で受け取るページです。"),
        N_("現金を一緒に数えてから、その額を入れます。"),
        N_("押すと記帳され、自分の引き出しの現金が増えます。取り消せないので、数え終わってから押します。"),
        ASK_APPROVER,
    ),
}
