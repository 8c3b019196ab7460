"""勘定科目, 月次締め, and papers that nobody would read."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound


class AccountNumberTaken(Invalid):
    """Another account has this number."""

    code = "account_number_taken"
    number = "E-6401"
    text = N_("この番号は、ほかの勘定科目が使っています。別の番号にしてください。まだ何も変わっていません。")


class AccountKindWrong(Invalid):
    """An account of the balance sheet cannot become one of the income statement, nor the other way round."""

    code = "account_kind_wrong"
    number = "E-6402"
    text = N_("貸借対照表の科目と損益計算書の科目は、入れ替えられません。区分を選び直してください。まだ何も変わっていません。")


class ClosingUnknown(NotFound):
    """No such close, or it was opened again already."""

    code = "closing_unknown"
    number = "E-6403"
    text = N_("この月次締めは見つかりません。すでに解かれているかもしれません。")


class ChartRoleUnknown(NotFound):
    """No such account in the chart."""

    code = "chart_role_unknown"
    number = "E-6404"
    text = N_("この勘定科目は見つかりません。")


class PaperTooLong(Invalid):
    """More rows than a PDF holds. `most`: how many it does."""

    code = "paper_too_long"
    number = "E-6501"
    text = N_("PDF にできるのは %(most)s行までです。期間や種別で絞るか、Excel か CSV をお使いください。帳簿は何も変わっていません。")


class JournalTooLong(Invalid):
    """More transactions than one file of the journal holds. `most`: how many it does."""

    code = "journal_too_long"
    number = "E-6960"
    text = N_(
        "1つのファイルに入るのは %(most)s件までです。「帳簿」の「期間に分けて持ち出す」から選んでください。帳簿は何も変わっていません。"
    )
