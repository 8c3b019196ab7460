"""Refusals of notifications to a phone."""

from __future__ import annotations

from base.errors import N_, Invalid, Refused


class PushServiceUnknown(Refused):
    """The browser's service is none that the operator allowed."""

    code = "push_service_unknown"
    number = "E-6990"
    text = N_(
        "このブラウザへの通知は、この地域ではまだ使えません。何も変わっていません。お知らせは「お知らせ」のページで、いつでも読めます。"
    )


class PushKeysWrong(Invalid):
    """What the browser sent are no keys of a browser."""

    code = "push_keys_wrong"
    number = "E-6991"
    text = N_("通知を始められませんでした。何も変わっていません。画面を開き直して、もう一度押してください。")
