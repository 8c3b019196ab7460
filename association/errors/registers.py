"""記録簿."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


class EntryUnknown(NotFound):
    """No such register, or no such line in it."""

    code = "register_entry_unknown"
    number = "E-6720"
    text = N_("この記録は見つかりません。")


class EntryClosed(Refused):
    """It is settled; what comes after is a line of its own."""

    code = "register_entry_closed"
    number = "E-6721"
    text = N_("この記録は終わっています。続きがあれば、新しい行に書いてください。記録は変わっていません。")


class RegisterListMissing(Invalid):
    """Neither a file nor anything pasted, or no line below the head."""

    field: ClassVar[str] = "file"
    code = "register_list_missing"
    number = "E-7725"
    text = N_(
        "貼り付けた行も、選ばれたファイルもありません。見出しの行から選んでコピーし、もう一度貼り付けてください。何も書いていません。"
    )


class RegisterListTooLarge(Invalid):
    """`lines`: how many may come at once."""

    field: ClassVar[str] = "file"
    code = "register_list_too_large"
    number = "E-7726"
    text = N_("行が多すぎます。1回に%(lines)s行までです。分けて貼り付けてください。何も書いていません。")


class RegisterListUnreadable(Invalid):
    """`line`: where it breaks."""

    field: ClassVar[str] = "file"
    code = "register_list_unreadable"
    number = "E-7727"
    text = N_("%(line)s行目が読めません。Excel で開き、表を選び直して貼り付けてください。何も書いていません。")


class RegisterListHeadMissing(Invalid):
    """The first line does not say which column is which. `head`: what the column of the day is called."""

    field: ClassVar[str] = "file"
    code = "register_list_head_missing"
    number = "E-7728"
    text = N_("1行目に「%(head)s」の見出しがありません。この記録簿の Excel と同じ見出しを、1行目に付けてください。何も書いていません。")
