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


class RoleHeld(Refused):
    """Whoever would receive the role holds it already, until the same day."""

    field = "email"
    code = "role_held"
    number = "E-8151"
    text = N_("この人には、もうこの役割が付いています。")


class NobodyDecidesRole(Refused):
    """Nobody but whoever asked and whoever would receive the role could decide. The operator appoints the second person."""

    code = "nobody_decides_role"
    number = "E-8152"
    text = N_(
        "この申請を承認できる人が、あなたと受け取る本人のほかにいません。"
        "運用担当に、サーバーの meguri identity appoint で承認者を1人付けてもらってください。役割はまだ付いていません。"
    )


class OwnAppointment(Forbidden):
    """Whoever would receive a role does not decide about it."""

    code = "own_appointment"
    number = "E-8153"
    text = N_("自分が受け取る役割は、自分では承認できません。申請した人でも受け取る人でもない人が承認します。")


class BoundlessPasskeyNeeded(Refused):
    """Where large proposals are confirmed by the approver's passkey, so is what has no amount: a role, another account, a fresh start."""

    code = "boundless_passkey_needed"
    number = "E-8320"
    text = N_(
        "金額のない申請（役割、口座の変更、再開など）は、画面ロックで本人を確かめてから承認します。申請のページからもう一度お試しください。まだ何も変わっていません。"
    )
