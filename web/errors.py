"""What the frame itself refuses. Numbers E-11xx; of rows that are pasted, E-7860 to E-7864."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, Later, MeguriError, NotFound, Refused


class FormInvalid(Invalid):
    """What was sent breaks the form's rules. `fields`: sentences by field, already in the reader's language."""

    number = "E-1101"
    code = "form_invalid"

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__()
        self.fields = fields


class FormExpired(Invalid):
    """The form's token is missing or belongs to another session: nothing was done."""

    number = "E-1102"
    code = "form_expired"
    text = N_("この画面は古くなっています。まだ何も行われていません。前の画面を読み込み直して、もう一度押してください。")


class PageUnknown(NotFound):
    """No page has this address."""

    number = "E-1103"
    code = "page_unknown"
    text = N_("ページが見つかりません。番号やリンクが古いか、間違っているようです。")


class MethodUnknown(MeguriError):
    """The address exists, but not for this method (405)."""

    status = 405
    number = "E-1104"
    code = "method_unknown"
    text = N_("この操作はここではできません。前の画面からやり直してください。")


class TooLarge(Invalid):
    """The request is larger than this door takes (413). `most`: how large it may be, with its unit."""

    status = 413
    number = "E-1105"
    code = "too_large"
    text = N_("送られたものが大きすぎます（全部あわせて %(most)sまで）。何も受け取っていません。小さくして、もう一度お試しください。")


class RequestUnreadable(Invalid):
    """The request cannot be read at all (400)."""

    status = 400
    number = "E-1106"
    code = "request_unreadable"
    text = N_("送られた内容を読み取れませんでした。もう一度お試しください。")


class BookAway(Later):
    """The database does not answer. Whatever was being done is either done whole or not at all."""

    number = "E-1107"
    code = "book_away"
    text = N_("いま帳簿につながりません。お金は動いていないか、正しく記録されています。少し待って、もう一度お試しください。")


class StreamsFull(Later):
    """As many live lines are open as this process may hold."""

    number = "E-1108"
    code = "streams_full"
    text = N_("いま接続が混み合っています。自動でつなぎ直します。")


class RowsMissing(Invalid):
    """Neither a file nor anything pasted, or no row below the head."""

    field: ClassVar[str] = "file"
    code = "rows_missing"
    number = "E-7860"
    text = N_(
        "貼り付けた行も、選ばれたファイルもありません。見出しの行から選んでコピーし、もう一度貼り付けてください。何も変わっていません。"
    )


class RowsTooMany(Invalid):
    """`lines`: how many may come at once."""

    field: ClassVar[str] = "file"
    code = "rows_too_many"
    number = "E-7861"
    text = N_("行が多すぎます。1回に%(lines)s行までです。分けて貼り付けてください。何も変わっていません。")


class RowsUnreadable(Invalid):
    """`line`: where it breaks."""

    field: ClassVar[str] = "file"
    code = "rows_unreadable"
    number = "E-7862"
    text = N_("%(line)s行目が読めません。Excel で開き、表を選び直して貼り付けてください。何も変わっていません。")


class WorkbookUnreadable(Invalid):
    """It begins as a workbook does, and no sheet can be read from it."""

    field: ClassVar[str] = "file"
    code = "workbook_unreadable"
    number = "E-8210"
    text = N_("この Excel のファイルは読めません。Excel で開けるかを確かめ、.xlsx で保存し直してください。何も変わっていません。")


class RowsHeadMissing(Invalid):
    """The first line does not say which column is which. `head`: the column without which nothing can be read."""

    field: ClassVar[str] = "file"
    code = "rows_head_missing"
    number = "E-7863"
    text = N_("1行目に「%(head)s」の見出しがありません。この画面にある見出しを、1行目に付けてください。何も変わっていません。")


class RowsStale(Refused):
    """What the rows are compared with was changed by somebody else between looking and pressing."""

    code = "rows_stale"
    number = "E-7864"
    text = N_(
        "確かめているあいだに、ほかの人が登録を変えました。何も変わっていません。もう一度貼り付けて、いまとの違いを確かめてください。"
    )
