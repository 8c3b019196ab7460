"""Why a pasted list of shops is not taken."""

from __future__ import annotations

from base.errors import N_, Refused


class ShopListStale(Refused):
    """A shop was changed by somebody else between looking and pressing."""

    code = "shop_list_stale"
    number = "E-6984"
    text = N_(
        "確かめているあいだに、ほかの人がお店の登録を変えました。何も変わっていません。もう一度貼り付けて、いまとの違いを確かめてください。"
    )
