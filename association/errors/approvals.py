"""Why an approval is not taken from this person, or not like this."""

from __future__ import annotations

from base.errors import N_, Forbidden, Refused


class ApprovalTooLarge(Forbidden):
    """The amount is above what an approver decides. `limit` in yen."""

    code = "approval_too_large"
    number = "E-6770"
    text = N_("%(limit)s円を超える申請は、管理者が承認します。まだ何も記帳されていません。")


class PasskeyNeeded(Refused):
    """An approval of this size is confirmed by the approver's passkey. `limit` in yen."""

    code = "passkey_needed"
    number = "E-6771"
    text = N_(
        "%(limit)s円を超える申請は、画面ロックで本人を確かめてから承認します。申請のページからもう一度お試しください。まだ何も記帳されていません。"
    )
