"""What the register refuses: articles, bills, receipts."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class ArticleUnknown(NotFound):
    """Never was, is over, or is another shop's."""

    code = "article_unknown"
    number = "E-7401"
    text = N_("その品目は見つかりません。売るのをやめたか、別のお店の品目です。")


class BarcodeTaken(Refused):
    """`barcode`, and the `name` of the article that has it."""

    field = "barcode"
    code = "barcode_taken"
    number = "E-7402"
    text = N_("JANコード %(barcode)s は「%(name)s」に付いています。何も変えていません。")


class ArticlesTooMany(Refused):
    """`most`: how many a shop may have."""

    code = "articles_too_many"
    number = "E-7403"
    text = N_("品目は1店で%(most)s件までです。何も変えていません。使わない品目を終わらせてから、もう一度入れてください。")


class ArticleListMissing(Invalid):
    """Neither a file nor cells, or nothing below the head."""

    field = "file"
    code = "article_list_missing"
    number = "E-7404"
    text = N_("表がありません。ファイルを選ぶか、見出しの行から貼り付けてください。")


class ArticleListTooLarge(Invalid):
    """`lines`: how many a list may have."""

    field = "file"
    code = "article_list_too_large"
    number = "E-7405"
    text = N_("表が大きすぎます。%(lines)s行、3MBまでに分けてください。")


class ArticleListHeadMissing(Invalid):
    """No column of names."""

    field = "file"
    code = "article_list_head_missing"
    number = "E-7406"
    text = N_("1行目に「品名」の列がありません。見出しの行から入れてください。")


class ArticleListUnreadable(Invalid):
    """`line`: where it breaks; 0 where the whole cannot be read."""

    field = "file"
    code = "article_list_unreadable"
    number = "E-7407"
    text = N_("表を読み取れません（%(line)s行目）。Excel か、UTF-8・Shift_JIS の CSV で保存し直してください。")


class ArticleListStale(Refused):
    """Since the look at it somebody has changed an article."""

    field = "file"
    code = "article_list_stale"
    number = "E-7408"
    text = N_("確かめたあとで品目が変わりました。何も変えていません。もう一度、違いを見てください。")


class ArticleListWrong(Refused):
    """A line is wrong: nothing of the list comes in."""

    field = "file"
    code = "article_list_wrong"
    number = "E-7409"
    text = N_("直せない行があるので、何も変えていません。表を直して、もう一度入れてください。")


class RegisterIsOld(Refused):
    """The shop's receipts are written by its old register."""

    code = "register_is_old"
    number = "E-7410"
    text = N_("このお店のレシートは、いまのレジが出す決まりです。まだ会計していません。店主のページの「レシート」で切り替えられます。")


class BillWrong(Invalid):
    """`why`: the word of the rule (rules/invoice.py)."""

    code = "till_bill_wrong"
    number = "E-7411"
    text = N_("お会計の内容を計算できません（%(why)s）。まだ会計していません。品目と値引を確かめてください。")


class BillDiffers(Refused):
    """`total`: what the bill comes to, in yen."""

    code = "bill_differs"
    number = "E-7412"
    text = N_("画面の合計と、計算した合計（%(total)s円）が合いません。まだ会計していません。画面を読み込み直して、もう一度お願いします。")


class TendersWrong(Refused):
    """`missing`: yen that are not paid yet; 0 where more came in than change can be given out of."""

    code = "tenders_wrong"
    number = "E-7413"
    text = N_("お支払いの額がお会計と合いません（あと%(missing)s円）。まだ会計していません。金額を確かめてください。")


class ArticleTaxDiffers(Refused):
    """A price is written with tax where the shop writes its prices without, or the other way about."""

    field = "tax"
    code = "article_tax_differs"
    number = "E-7650"
    text = N_(
        "値段の書き方（税込み・税抜き）が、お店の「レシート」の決まりと違います。何も変えていません。開き直して、書き方を確かめてください。"
    )


class ArticlePictureWrong(Invalid):
    """No picture of the kinds that are read, or a larger one than anybody needs."""

    field = "file"
    code = "article_picture_wrong"
    number = "E-7652"
    text = N_(
        "写真を読み取れません。何も変えていません。JPEG、PNG、WebP のどれかで、10MB、1,600万画素（ふつうの JPEG は6,000万画素）までです。"
    )


class PricesReadAnew(Refused):
    """`count`: articles whose prices would be read with tax instead of without, or the other way about; nobody has said so yet."""

    field = "rereads"
    code = "prices_read_anew"
    number = "E-7651"
    text = N_(
        "品目が%(count)s件あります。書き方を変えると、値段の数字はそのままで、新しい書き方で読みます。"
        "まだ何も変えていません。よければ印を付けて、もう一度押してください。"
    )


class ReceiptUnknown(NotFound):
    """No such receipt of this shop."""

    code = "till_receipt_unknown"
    number = "E-7414"
    text = N_("そのレシートは見つかりません。お金は動いていません。番号を確かめてください。")


class ReturnWrong(Refused):
    """More than is left of the receipt, or nothing."""

    code = "goods_return_wrong"
    number = "E-7415"
    text = N_("返せる品がないか、残りより多い数です。まだ返していません。数を確かめてください。")


class ReceiptOfCoin(Refused):
    """Local money stands in the district's book, and goes back by a refund alone."""

    code = "receipt_of_coin"
    number = "E-7670"
    text = N_("コインで払ったレシートは、ここでは直せません。何も変えていません。返金してから、もう一度会計してください。")


class NothingToCorrect(Refused):
    """Counted anew it says what it said."""

    code = "nothing_to_correct"
    number = "E-7671"
    text = N_("計算し直しても、もとのレシートと同じです。何も変えていません。品名、単価、数、税率を確かめてください。")


class HeldBillGone(Refused):
    """Somebody has taken it already, or it never was."""

    code = "held_bill_gone"
    number = "E-7416"
    text = N_("その取り置きは、ほかの端末で呼び出されたか、もうありません。お金は動いていません。")


class SharedBillUnknown(NotFound):
    """No such shared bill of this shop."""

    code = "shared_bill_unknown"
    number = "E-7980"
    text = N_("その割り勘は見つかりません。お金は動いていません。商品レジからやり直してください。")


class SharedBillClosed(Refused):
    """Its receipt is made, or it was given up."""

    code = "shared_bill_closed"
    number = "E-7981"
    text = N_("その割り勘は、もう会計が済んだか、やめました。お金は動いていません。")


class SharedBillMoved(Refused):
    """A part was paid or given back since the till showed `rest`: what it is now, in yen."""

    code = "shared_bill_moved"
    number = "E-8060"
    text = N_(
        "そのあいだに支払いか返金があり、コインの残りは%(rest)s円です。残りはまだ受け取っていません。確かめて、もう一度押してください。"
    )


class SharedBillStands(Refused):
    """Somebody has paid a part of it."""

    code = "shared_bill_stands"
    number = "E-7982"
    text = N_("支払い済みの分があるので、やめられません。残りを現金かカードで受け取るか、その分を全額返金してから、やめてください。")


class DayOpenAlready(Refused):
    """The drawer has its float."""

    code = "day_open_already"
    number = "E-7417"
    text = N_("釣銭準備金は、もう入っています。増やすときは「現金を入れた」と記録してください。")


class DayMoved(Refused):
    """A receipt was made since the page was shown."""

    code = "day_moved"
    number = "E-7418"
    text = N_("数えている間に会計がありました。まだ締めていません。新しい額を見て、もう一度締めてください。")


class CountMoved(Refused):
    """Something was sold while the drawer was counted in the middle of the day."""

    code = "count_moved"
    number = "E-7470"
    text = N_("数えている間に会計がありました。まだ記録していません。新しい額を見て、もう一度数えてください。")


class DayEmpty(Refused):
    """Nothing has happened since the last close."""

    code = "day_empty"
    number = "E-7419"
    text = N_("前に締めてから、会計も現金の出し入れもありません。締めるものがありません。")


class DayReportUnknown(NotFound):
    """No such report of this shop."""

    code = "day_report_unknown"
    number = "E-7420"
    text = N_("その日計表は見つかりません。")
