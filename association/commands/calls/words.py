"""What the wallet tells whoever applied for a voucher."""

from __future__ import annotations

from association.queries.announcements import Words
from association.queries.vouchers import VoucherTerms


def told_accepted(terms: VoucherTerms) -> Words:
    return Words(
        f"「{terms.name}」の申し込みを受け付けました",
        "内容を確かめ、受け付けました。申し込み番号は、お知らせの下の「商品券の申し込み」にあります。",
        f"Your application for “{terms.name_en}” is accepted",
        "We looked at it and accepted it. Its number is on the page of voucher applications.",
    )


def told_withdrawn(terms: VoucherTerms) -> Words:
    return Words(
        f"「{terms.name}」の申し込みを取り下げました",
        "窓口で取り下げの手続きをしました。心当たりがなければ、すぐに窓口へ知らせてください。お金は動いていません。",
        f"Your application for “{terms.name_en}” is withdrawn",
        "It was withdrawn at the counter. If you did not ask for it, tell the counter at once. No money has moved.",
    )


def told_refused(terms: VoucherTerms) -> Words:
    return Words(
        f"「{terms.name}」の申し込みについて",
        "内容を確かめましたが、受け付けられませんでした。わけは「商品券の申し込み」の画面にあります。お金は動いていません。",
        f"About your application for “{terms.name_en}”",
        "We looked at it and could not accept it. The reason is on the page of voucher applications. No money has moved.",
    )
