"""Why a pasted list of shops is not taken."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, Refused


class ShopListMissing(Invalid):
    """Neither a file nor anything pasted."""

    field: ClassVar[str] = "file"
    code = "shop_list_missing"
    number = "E-6980"
    text = N_(
        "貼り付けた行も、選ばれたファイルもありません。見出しの行から選んでコピーし、もう一度貼り付けてください。何も変わっていません。"
    )


class ShopListTooLarge(Invalid):
    """`lines`: how many a list may have."""

    field: ClassVar[str] = "file"
    code = "shop_list_too_large"
    number = "E-6981"
    text = N_("行が多すぎます。1回に%(lines)s行までです。分けて貼り付けてください。何も変わっていません。")


class ShopListUnreadable(Invalid):
    """`line`: where it breaks."""

    field: ClassVar[str] = "file"
    code = "shop_list_unreadable"
    number = "E-6982"
    text = N_("%(line)s行目が読めません。Excel で開き、表を選び直して貼り付けてください。何も変わっていません。")


class ShopListHeadMissing(Invalid):
    """The first line does not say which column is which."""

    field: ClassVar[str] = "file"
    code = "shop_list_head_missing"
    number = "E-6983"
    text = N_("1行目に「お店」の見出しがありません。加盟店の Excel と同じ見出しを、1行目に付けてください。何も変わっていません。")


class ShopListStale(Refused):
    """A shop was changed by somebody else between looking and pressing."""

    code = "shop_list_stale"
    number = "E-6984"
    text = N_(
        "確かめているあいだに、ほかの人がお店の登録を変えました。何も変わっていません。もう一度貼り付けて、いまとの違いを確かめてください。"
    )
