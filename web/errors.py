"""What the frame itself refuses. Numbers E-11xx."""

from __future__ import annotations

from base.errors import N_, Invalid, Later, MeguriError, NotFound


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
