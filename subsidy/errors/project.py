"""Refusals about a project, its members, its events and its plan."""

from __future__ import annotations

from base.errors import N_, Forbidden, Invalid, NotFound, Refused


class ProjectUnknown(NotFound):
    """No such project here, or whoever asks does not sit in it."""

    code = "subsidy_project_unknown"
    number = "E-7301"
    text = N_("この補助事業は見つかりません。何も変わっていません。一覧から開き直してください。")


class PartNotInvited(Forbidden):
    """An outside expert asks for a part of the project that its invitation does not name, or after its last day."""

    code = "subsidy_part_not_invited"
    number = "E-7766"
    text = N_("この部分は、招待に入っていないか、招待の期限が過ぎています。見るには、代表事業者に頼んでください。")


class InvitationOver(Invalid):
    """The last day of an invitation is over before it is made."""

    code = "subsidy_invitation_over"
    number = "E-7767"
    text = N_("招待の期限は、今日より前にできません。何も変わっていません。")
    field = "until"


class PartyUnknown(NotFound):
    """No such party in this project."""

    code = "subsidy_party_unknown"
    number = "E-7302"
    text = N_("この事業者は見つかりません。何も変わっていません。一覧から開き直してください。")


class PartyChanged(Refused):
    """Somebody else saved this party after the form was opened. `name`: who, `when`."""

    code = "subsidy_party_changed"
    number = "E-7303"
    text = N_(
        "%(name)sさんが %(when)sに先に保存しました。あなたの入力はこの画面に残っています。いまの内容を見て、もう一度保存してください。"
    )
    field = "revision"


class MembersFixed(Refused):
    """Between filing and decision nobody joins or leaves (S-92)."""

    code = "subsidy_members_fixed"
    number = "E-7304"
    text = N_("申請してから交付決定までは、構成員を変えられません（規則 S-92）。何も変わっていません。事務局に相談してください。")


class FactTooSoon(Refused):
    """`needs`: what must have happened before."""

    code = "subsidy_fact_too_soon"
    number = "E-7305"
    text = N_("先に「%(needs)s」を書いてください（規則 S-91）。まだ何も書いていません。")
    field = "kind"


class FactNeeded(Refused):
    """It cannot be taken back: `resting` was noted on top of it."""

    code = "subsidy_fact_needed"
    number = "E-7306"
    text = N_("「%(resting)s」があるので取り消せません。先にそちらを取り消してください。何も変わっていません。")
    field = "kind"


class FactDayWrong(Invalid):
    """A day that cannot be: of something that has happened but lies ahead, or before what it follows. `earliest`, `latest`."""

    code = "subsidy_fact_day_wrong"
    number = "E-7307"
    text = N_("日付は %(earliest)sから %(latest)sまでの日にしてください。まだ何も書いていません。")
    field = "day"


class FactWordless(Invalid):
    """S-89: the reports quote what was done, so somebody must say it."""

    code = "subsidy_fact_wordless"
    number = "E-7768"
    text = N_("何をしたかを、「番号やひとこと」に書いてください（規則 S-89）。効果報告に載ります。まだ何も書いていません。")
    field = "words"


class ShareTooSoon(Refused):
    """S-41: before the subsidy was received there is nothing to pass on, and to the representative nothing is passed."""

    code = "subsidy_share_too_soon"
    number = "E-7769"
    text = N_("渡せるのは、補助金を受け取った日を「できごと」に書いた後、補助のある参画事業者にです（規則 S-41）。まだ何も書いていません。")
    field = "party_id"


class ShopTwice(Refused):
    """The shop is in the project already."""

    code = "subsidy_shop_twice"
    number = "E-7316"
    text = N_("このお店は、もうグループに入っています。何も変わっていません。")
    field = "merchant_id"


class AnswerChanged(Refused):
    """Somebody else saved this answer after the form was opened. `name`: who, `when`."""

    code = "subsidy_answer_changed"
    number = "E-7375"
    text = N_(
        "%(name)sさんが %(when)sに先に保存しました。あなたの文章はこの画面に残っています。いまの答えを見て、もう一度保存してください。"
    )
    field = "revision"


class ChangeWaits(Refused):
    """The office has not answered the last change yet."""

    code = "subsidy_change_waits"
    number = "E-7376"
    text = N_("前の計画変更の答えを待っています。先にその答えを書いてください。まだ何も書いていません。")


class ChangeUnknown(NotFound):
    """No such change in this project."""

    code = "subsidy_change_unknown"
    number = "E-7377"
    text = N_("この計画変更は見つかりません。何も変わっていません。一覧から開き直してください。")


class ChangeAnswered(Refused):
    """What the office said is noted once."""

    code = "subsidy_change_answered"
    number = "E-7378"
    text = N_("この計画変更の答えは、もう書いてあります。何も変わっていません。")


class NothingChanged(Refused):
    """There is nothing to ask for."""

    code = "subsidy_nothing_changed"
    number = "E-7379"
    text = N_("決定の計画から変わったことがありません。まだ何も書いていません。先に構成員や経費を直してください。")


class PlanUnready(Refused):
    """`errors`: what stops the application; while it stands, nobody notes that it was filed (S-91)."""

    code = "subsidy_plan_unready"
    number = "E-7590"
    text = N_("まだ「申請した」と書けません（規則 S-91）。先に直すこと: %(errors)s。まだ何も書いていません。")
    field = "kind"


class ProjectChanged(Refused):
    """Somebody else saved the project's settings after the form was opened. `name`: who, `when`."""

    code = "subsidy_project_changed"
    number = "E-7591"
    text = N_(
        "%(name)sさんが %(when)sに先に保存しました。あなたの入力はこの画面に残っています。いまの内容を見て、もう一度保存してください。"
    )
    field = "revision"


class RulesNotNewer(Refused):
    """A version that there is not, or one that is not newer than the project's. `version`: the project's."""

    code = "subsidy_rules_not_newer"
    number = "E-7592"
    text = N_("この事業は、もう第%(version)s版の規則で計算しています。何も変わっていません。画面を開き直してください。")
