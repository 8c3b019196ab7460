"""Help for the pages of what is issued: coins, vouchers, coupons, codes, benefits."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, ASK_APPROVER, ASK_BUREAU, ASK_TOWN, CALL_APPROVER
from base.errors import N_
from web.helps import NOTHING_CHANGES, Help

HELPS: dict[str, Help] = {
    "association/series.html": Help(
        N_("地域で発行するコインの種類と、使える期間、上限の一覧です。"),
        N_("コインの決まりを聞かれたら、ここで確かめます。"),
        N_("見るだけでは変わりません。作ったあとの名前・期間・上限は変えられません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/new_series.html": Help(
        N_("新しいコインを作るための、最初のページです。"),
        N_("名前と期間を、先に紙で決めておきます。期間で法律の扱いが変わります。"),
        N_("ここではまだ作られません。次の画面で、作るとどうなるかを読んでから決めます。"),
        ASK_BUREAU,
    ),
    "association/confirm_series.html": Help(
        N_("コインを作る前に、何が起きるかを読んで確かめるページです。"),
        N_("名前・期間・上限を、1行ずつ声に出して確かめます。"),
        N_("作ると消せません。名前・期間・上限も変えられません。不安なら「やめる」で戻ります。"),
        ASK_BUREAU,
    ),
    "association/discontinuance.html": Help(
        N_("コインをやめて、持っている人にお金を返す手続きのページです。"),
        N_("財務局への届出と公告の日を決めてから始めます。"),
        N_("承認されると止められません。最後の日の終わりに、コインは使えなくなります。"),
        ASK_BUREAU,
    ),
    "association/sending.html": Help(
        N_("コインを利用者どうしで送れるようにするか、いくらまでかを決めるページです。"),
        N_("送れるようにするときは、額と理由を入れて申請します。ほかの人が承認すると始まります。"),
        N_("おかしいと思ったら「すぐに止める」を押します。1人で止まり、だれの残高も減りません。始め直すには2人の承認が要ります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/vouchers.html": Help(
        N_("プレミアム付商品券の販売と、使われた分の一覧です。"),
        N_("新しく売り出すときは「商品券を作る」、続きを書くときは下書きを開きます。"),
        N_("下書きを消すと戻せません。承認された商品券は消せません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/voucher_step.html": Help(
        N_("商品券を、1歩ずつ決めて申請するページです。"),
        N_("補助金の要綱を手元に置いて、額面・口数・期間を写します。"),
        N_("「次へ」を押すたびに下書きが残り、何度でも直せます。承認されたあとは変えられません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/voucher.html": Help(
        N_("1つの商品券が、いくら売れ、いくら使われ、だれに請求するかのページです。"),
        N_("数字は帳簿から出ています。役所に聞かれたら、ここを見て答えます。"),
        N_("見るだけでは変わりません。入金の記帳は取り消せないので、通帳を見てから行います。"),
        ASK_ADMINISTRATOR,
    ),
    "association/voucher_funder.html": Help(
        N_("役所などの負担者から届いたお金を、記帳するページです。"),
        N_("通帳で、届いた日と額を確かめてから入れます。"),
        N_("入金は押すとすぐ記帳され、取り消せません。返すお金は、ほかの人の承認が要ります。"),
        ASK_APPROVER,
    ),
    "association/voucher_report.html": Help(
        N_("商品券の請求・精算に使う、数字をまとめた書類です。"),
        N_("「中間」か「確定」かを見てから、Excel か PDF で取り出します。"),
        NOTHING_CHANGES,
        ASK_ADMINISTRATOR,
    ),
    "association/voucher_sale.html": Help(
        N_("お客様に商品券を売るページです。"),
        N_("先に現金を受け取り、商品券と口数を選びます。"),
        N_("押すと売れたことになります。今日のうちで、まだ使われていなければ、次の画面で取り消せます。"),
        CALL_APPROVER,
    ),
    "association/voucher_sold.html": Help(
        N_("商品券が売れたことと、返すお釣りを示すページです。"),
        N_("合言葉がお客様の画面と同じか見てから、お釣りを渡します。"),
        N_("取り消せるのは今日のうち、商品券が少しも使われていないときだけです。"),
        CALL_APPROVER,
    ),
    "association/coupons.html": Help(
        N_("割引クーポンと、その費用の一覧です。"),
        N_("新しいものは「クーポンを作る」、途中のものは下書きを開きます。"),
        N_("下書きを消すと戻せません。配ったクーポンは、消すのではなく「途中で終わらせる」で止めます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/coupon_step.html": Help(
        N_("クーポンを、1歩ずつ決めて申請するページです。"),
        N_("いくら引くか、だれが払うかを先に相談してから書きます。"),
        N_("「次へ」を押すたびに下書きが残り、何度でも直せます。承認されたあとは変えられません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/coupon_rehearsal.html": Help(
        N_("下書きのクーポンを、過去の支払いに当てはめて、費用を見積もるページです。"),
        N_("「いちばん多い場合」の額が、予算に入るかを見ます。"),
        N_("試すだけで、だれにも知らされず、何も記帳されません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/coupon.html": Help(
        N_("1つのクーポンが、何枚配られ、何枚使われ、だれがいくら負担するかのページです。"),
        N_("承認のあとは、ここからポスターを印刷できます。"),
        N_("途中で終えると、受け取った人も使えなくなり、元に戻せません。"),
        ASK_APPROVER,
    ),
    "association/funder.html": Help(
        N_("クーポンの負担者から届いたお金を、記帳するページです。"),
        N_("通帳か現金で、届いた額を確かめてから入れます。"),
        N_("押すとすぐ記帳され、取り消せません。"),
        ASK_APPROVER,
    ),
    "association/new_campaign.html": Help(
        N_("ポイントを何倍かにする期間と、上乗せの予算を決めるページです。"),
        N_("予算は、上乗せの分だけをポイントで入れます。"),
        N_("ここではまだ始まりません。次の画面で、予算をどれだけ超えることがあるかを読みます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/confirm_campaign.html": Help(
        N_("キャンペーンを申請する前に、何が起きるかを確かめるページです。"),
        N_("予算と、超えることがある最大を合わせた額を確かめます。"),
        N_("申請しても、ほかの人が承認するまで始まりません。始まったあとは、終わらせることだけができます。"),
        ASK_APPROVER,
    ),
    "association/campaign.html": Help(
        N_("1つのキャンペーンが、予算のうちどれだけ付けたかのページです。"),
        N_("残りと、予算を超えた分を見ます。"),
        N_("「終わらせる」と、これからの支払いに上乗せしません。付いた分は残り、取り消せません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/codes.html": Help(
        N_("1回だけ使える紙のチャージ券の一覧です。"),
        N_("束の番号を押すと、使われた枚数と残りがわかります。"),
        N_("見るだけでは変わりません。券は現金と同じように、鍵のかかる所に置いてください。"),
        ASK_APPROVER,
    ),
    "association/new_codes.html": Help(
        N_("紙のチャージ券を作る申請のページです。"),
        N_("何のための券か、お金がどこから出るかを決めてから書きます。"),
        N_("申請しただけでは作られません。承認されると、お金が記帳されます。"),
        ASK_APPROVER,
    ),
    "association/batch.html": Help(
        N_("チャージ券の1つの束の、印刷と、使われ方と、取消のページです。"),
        N_("印刷したら、枚数を数えて控えと合わせます。"),
        N_("取消を申請した券は、その時から使えません。使われた券は取り消せません。"),
        ASK_APPROVER,
    ),
    "association/benefits.html": Help(
        N_("役所の名簿のとおりに、住民の残高へまとめて入れる「給付」の一覧です。"),
        N_("新しい給付は「名簿を取り込む」から始めます。"),
        N_("一覧を見るだけでは、だれの残高も変わりません。"),
        ASK_TOWN,
    ),
    "association/new_benefit.html": Help(
        N_("給付の名簿を読み込む、最初のページです。"),
        N_("役所からもらったファイルを、そのまま選びます。Excel から貼り付けても構いません。"),
        N_("まだ何も記帳されません。次の画面で、1行ずつ確かめてから申請します。"),
        ASK_TOWN,
    ),
    "association/benefit.html": Help(
        N_("1つの給付が、だれにいくら、どこまで入ったかのページです。"),
        N_("申請の前に「対象外」の行を読み、名簿を直すかを決めます。"),
        N_("記帳は1人ずつ取消を申請できます。「打ち切る」は元に戻せません。"),
        ASK_TOWN,
    ),
    "association/points.html": Help(
        N_("支払うと付くポイントの一覧と、いま残っている額のページです。"),
        N_("新しく始めるときは「ポイントを始める」、ようすを見るときは名前を押します。"),
        N_("一覧を見るだけでは変わりません。始めるには、ほかの人の承認が要ります。"),
        ASK_ADMINISTRATOR,
    ),
    "association/new_points.html": Help(
        N_("ポイントの付け方、期限、だれが負担するかを決めるページです。"),
        N_("付ける割合と負担を、先に理事会などで決めてから書きます。"),
        N_("まだ始まりません。次の画面で、始めるとどうなるかを読んでから申請します。"),
        ASK_ADMINISTRATOR,
    ),
    "association/confirm_points.html": Help(
        N_("ポイントを申請する前に、何が起きて、何が記帳されるかを読むページです。"),
        N_("例の金額と日付を見て、思ったとおりかを確かめます。"),
        N_("承認のあとは、内容を変えられません。終わらせて、始め直すことになります。"),
        ASK_APPROVER,
    ),
    "association/programme.html": Help(
        N_("1つのポイントが、どれだけ付き、使われ、失効し、だれがいくら負担したかのページです。"),
        N_("役所などの負担者に聞かれたら、「負担」の表を見て答えます。"),
        N_("「終わらせる」は取り消せません。付いたポイントは、それぞれの期限まで使えます。"),
        ASK_ADMINISTRATOR,
    ),
    "association/point_funder.html": Help(
        N_("ポイントの負担者から届いたお金を、記帳するページです。"),
        N_("通帳か現金で、届いたことを確かめてから額を入れます。"),
        N_("押すとすぐ記帳され、取り消せません。"),
        ASK_APPROVER,
    ),
    "association/voucher_applications.html": Help(
        N_("商品券の申し込みが、いくつ届き、どこまで進んだかを見るページです。"),
        N_("「確かめが要る申し込み」があれば、先に1件ずつ開いて決めます。"),
        N_("「締め切る」を押すと名簿が公開され、あとから1件も足せません。抽選の結果は変えられません。"),
        ASK_ADMINISTRATOR,
    ),
    "association/voucher_application.html": Help(
        N_("1件の申し込みを読み、受け付けるか、断るかを決めるページです。"),
        N_("似た人が出ていたら、名前と住所の文字を1字ずつ見比べます。"),
        N_("断ったものは、締め切るまで受け付け直せます。取り下げると名前と住所は消え、元に戻せません。同じ人は、もう一度申し込めます。"),
        ASK_APPROVER,
    ),
    "association/voucher_paper.html": Help(
        N_("紙で届いた申し込みを、1枚ずつ入力するページです。"),
        N_("字の形を変えずに、紙のとおりに入れます。出た受付番号を、紙に書きます。"),
        N_("間違えて入れたときは、その申し込みを開いて取り下げ、もう一度入力します。"),
        ASK_APPROVER,
    ),
    "association/voucher_residents.html": Help(
        N_("申し込める人の名簿を、役所のファイルから取り込むページです。"),
        N_("役所のファイルを直さずにそのまま選びます。取り込めなかった行の理由を読みます。"),
        N_("同じファイルをもう一度送っても増えません。名簿を見たことは、操作の記録に残ります。"),
        ASK_TOWN,
    ),
    "association/purchase_codes.html": Help(
        N_("申し込みに使う紙の引換券を作り、印刷するページです。"),
        N_("必要な枚数を決めて作り、差し込み印刷用の CSV か PDF を取り出します。"),
        N_("止めた券は、もう使えません。使われた券は止められません。紙は現金のように保管してください。"),
        ASK_ADMINISTRATOR,
    ),
}
