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
