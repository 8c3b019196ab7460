"""Help for the pages of roles and of what is connected."""

from __future__ import annotations

from association.helps.asking import ASK_ADMINISTRATOR, CALL_OPERATOR
from base.errors import N_
from web.helps import Help

HELPS: dict[str, Help] = {
    "association/roles.html": Help(
        N_("だれが何をできるかを決める、役割のページです。"),
        N_("その人がもう登録しているかを確かめ、登録したメールアドレスを入れます。"),
        N_(
            "発行担当・承認者・管理者は、別の人が承認すると付きます。ほかの役割と、外すことは、すぐに効きます。自分の役割は変えられません。"
        ),
        ASK_ADMINISTRATOR,
    ),
    "association/tokens.html": Help(
        N_("ほかのレジやアプリに、コインを扱う鍵（トークン）を渡すページです。"),
        N_("渡す相手と、できることを、必要な分だけ選びます。"),
        N_("鍵は一度だけ表示されます。止めると元には戻せず、新しく作ります。"),
        CALL_OPERATOR,
    ),
    "association/webhooks.html": Help(
        N_("支払いや返金を、ほかのシステムへ知らせる宛先の一覧です。"),
        N_("宛先は、システムの担当者からもらったとおりに写します。"),
        N_("宛先を外しても、お金には影響しません。鍵は一度だけ表示されます。"),
        CALL_OPERATOR,
    ),
    "association/webhook.html": Help(
        N_("1つの宛先に、何が届き、何が届かなかったかのページです。"),
        N_("赤い行があれば、受け取る側の担当者に知らせます。"),
        N_("送り直しても、こちらのお金は動きません。"),
        CALL_OPERATOR,
    ),
}
