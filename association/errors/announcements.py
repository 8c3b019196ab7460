"""Why an announcement is not sent."""

from __future__ import annotations

from base.errors import N_, NotFound, Refused


class AudienceTooSmall(Refused):
    """A condition that fewer than ten people meet says something about each of them."""

    code = "audience_too_small"
    number = "E-6780"
    text = N_(
        "この条件に合う人は10人未満です。少ない人数にしぼったお知らせは送れません。1人に送るときは、その人のページから送ってください。まだ送っていません。"
    )


class AnnouncementUnknown(NotFound):
    """There is no such announcement here."""

    code = "announcement_unknown"
    number = "E-6781"
    text = N_("このお知らせは見つかりません。")
