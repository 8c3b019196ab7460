"""Refusals of webhooks."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class WebhookAddressWrong(Invalid):
    """Not an https address, or one with a user name or a fragment."""

    field = "address"
    code = "webhook_address_wrong"
    number = "E-7101"
    text = N_("宛先は https:// で始まるURLで入れてください。")


class WebhookHostForbidden(Refused):
    """The operator has not allowed this host and port (MEGURI_WEBHOOK_HOSTS)."""

    field = "address"
    code = "webhook_host_forbidden"
    number = "E-7102"
    text = N_("この宛先へはまだ送れません。システムの運用者に、宛先のサーバー名を許可してもらってください。")


class WebhookUnknown(NotFound):
    """No such address or event here, or it belongs to somebody else."""

    code = "webhook_unknown"
    number = "E-7103"
    text = N_("その通知の宛先、または通知が見つかりません。")


class WebhooksTooMany(Refused):
    """`most`: how many addresses there may be."""

    field = "address"
    code = "webhooks_too_many"
    number = "E-7104"
    text = N_("通知の宛先は%(most)s件までです。使わないものを外してから、追加してください。")


class ReplayTooFar(Invalid):
    """`days`: how far one can go back."""

    field = "since"
    code = "replay_too_far"
    number = "E-7105"
    text = N_("送り直せるのは%(days)s日前までです。")


class SecretsTooMany(Refused):
    """`most`: how many old secrets may still sign beside the new one."""

    field = "_schema"
    code = "webhook_secrets_too_many"
    number = "E-7107"
    text = N_(
        "鍵の更新は、24時間に%(most)s回までです。いまの鍵はそのまま使えます。知られてしまったときは、宛先を外して登録し直してください。"
    )
