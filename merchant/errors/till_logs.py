"""What is refused of a log that a tablet kept without a network."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class TillLogUnknown(NotFound):
    """No log has this secret, or it is another tablet's."""

    code = "till_log_unknown"
    number = "E-7450"
    text = N_("この端末の控えは、ここでは開かれていません。控えは端末に残っています。店主に知らせてください。")


class TillLogOfRevoked(Refused):
    """The tablet was revoked: what had not arrived by then is listed for the owner, and booked nowhere."""

    code = "till_log_of_revoked"
    number = "E-7451"
    text = N_("この端末は外されています。届いていなかった控えは売上に入れず、店主のページの「端末」に並べました。")


class TillLogClosed(Refused):
    """The owner gave up what had not arrived."""

    code = "till_log_closed"
    number = "E-7452"
    text = N_("この控えは、店主が紛失として閉じました。いま届いた分は売上に入れず、店主のページの「端末」に並べました。")


class TillLogForked(Refused):
    """Another entry stands at this place already, or this one does not follow the last. `seq`: where."""

    code = "till_log_forked"
    number = "E-7453"
    text = N_("控えの%(seq)s番目が、前に届いたものと続きません。ここから先は売上に入れず、店主のページの「端末」に並べました。")


class TillLogWrong(Refused):
    """What this entry says is no receipt of this till. `seq`: where."""

    code = "till_log_wrong"
    number = "E-7454"
    text = N_("控えの%(seq)s番目を読み取れません。ここから先は売上に入れず、店主のページの「端末」に並べました。")


class TillLogGap(Invalid):
    """Entries between are missing: the tablet sends them again from `seq` on."""

    code = "till_log_gap"
    number = "E-7455"
    text = N_("控えの%(seq)s番目がまだ届いていません。端末が続きから送り直します。")


class ReceiptsUnsent(Refused):
    """`count`: receipts of this till that were made without the network and have not arrived."""

    code = "receipts_unsent"
    number = "E-7456"
    text = N_(
        "この端末には、まだ届いていない控えが%(count)s件あります。まだ締めていません。つないだまま少し待つか、店主のページの「端末」で紛失として閉じてください。"
    )


class TillLogNotWaiting(Refused):
    """Nothing of this log is missing, or it is closed already."""

    code = "till_log_not_waiting"
    number = "E-7457"
    text = N_("この控えは、全部届いているか、もう閉じています。何も変えていません。")


class TwinUnknown(NotFound):
    """No such pair of receipts at this shop."""

    code = "twin_unknown"
    number = "E-7800"
    text = N_("この会計は、二重になっていないか、このお店のものではありません。")


class TwinAnswered(Refused):
    """The owner has said something else of it before, and papers were made by that."""

    code = "twin_answered"
    number = "E-7801"
    text = N_("この会計は、もう別の答えで決めてあります。何も変えていません。直すときは、レシートのページから返品します。")
