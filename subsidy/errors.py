"""Refusals of the group lead's desk. No money of the district moves here, and each sentence says what was kept."""

from __future__ import annotations

from base.errors import N_, Forbidden, Invalid, Later, NotFound, Refused


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


class FileLarge(Invalid):
    """`most`: in MB."""

    code = "subsidy_file_large"
    number = "E-7308"
    text = N_("ファイルが大きすぎます（%(most)s MBまで）。受け取っていません。写真なら小さくして、もう一度送ってください。")
    field = "file"


class FileKind(Invalid):
    """By its content it is no PDF, JPEG or PNG, whatever its name says."""

    code = "subsidy_file_kind"
    number = "E-7309"
    text = N_("中身が PDF、JPEG、PNG のどれでもありません。受け取っていません。名前でなく中身を見て確かめています。")
    field = "file"


class FileLocked(Invalid):
    """A PDF with a password or with rights."""

    code = "subsidy_file_locked"
    number = "E-7310"
    text = N_("パスワードや制限の付いた PDF です。事務局でも開けないので、受け取っていません。制限を外して、もう一度送ってください。")
    field = "file"


class FileBroken(Invalid):
    """It is cut off or cannot be read."""

    code = "subsidy_file_broken"
    number = "E-7311"
    text = N_("ファイルが途中で切れているか、開けません。受け取っていません。もう一度送ってください。")
    field = "file"


class FileNotOpenedYet(Later):
    """The computer was too busy to open it in time; of the file nothing is known."""

    code = "subsidy_file_not_opened_yet"
    number = "E-8230"
    text = N_(
        "いま混み合っていて、ファイルを確かめきれませんでした。受け取っていません。ファイルはこのままで、少し待って、もう一度送ってください。"
    )
    field = "file"


class PapersOver(Refused):
    """The time of this project's papers is over (S-93): what came in now would be closed for good within the hour."""

    code = "subsidy_papers_over"
    number = "E-8231"
    text = N_(
        "書類を残す期間が終わったので、この事業の書類はもう受け取れません。受け取っていません。まだ要るときは、代表事業者が「できごと」で残す日を延ばします。"
    )
    field = "file"


class FileMissing(Invalid):
    """Nothing was chosen, or it is empty."""

    code = "subsidy_file_missing"
    number = "E-7312"
    text = N_("ファイルを選んでください。まだ何も受け取っていません。")
    field = "file"


class FileSmall(Invalid):
    """A picture on which nobody can read the small print."""

    code = "subsidy_file_small"
    number = "E-7313"
    text = N_("写真が小さく、字が読めません。受け取っていません。近くから撮り直してください。")
    field = "file"


class LinkOver(NotFound):
    """The address is none, has ended, or its days are over."""

    code = "subsidy_link_over"
    number = "E-7314"
    text = N_(
        "このページは使えません。期限が切れたか、新しいものに替わりました。受け取った書類は残っています。代表事業者に連絡してください。"
    )


class PaperUnknown(NotFound):
    """No such file in this project."""

    code = "subsidy_paper_unknown"
    number = "E-7315"
    text = N_("この書類は見つかりません。一覧から開き直してください。")


class PaperForgotten(NotFound):
    """Its time is over, and its key was destroyed (S-93)."""

    code = "subsidy_paper_forgotten"
    number = "E-7940"
    text = N_("この書類は、残す期間が終わったので、開けなくなりました。届いた日時と指紋は残っています。")


class ShopTwice(Refused):
    """The shop is in the project already."""

    code = "subsidy_shop_twice"
    number = "E-7316"
    text = N_("このお店は、もうグループに入っています。何も変わっていません。")
    field = "merchant_id"


class PaperNotAsked(Refused):
    """The link does not ask for this kind of paper."""

    code = "subsidy_paper_not_asked"
    number = "E-7317"
    text = N_("この書類は頼まれていません。受け取っていません。代表事業者に連絡してください。")
    field = "kind"


class LineUnknown(NotFound):
    """No such cost line in this project."""

    code = "subsidy_line_unknown"
    number = "E-7318"
    text = N_("この経費の行は見つかりません。何も変わっていません。一覧から開き直してください。")


class LineChanged(Refused):
    """Somebody else saved this line after the form was opened. `name`: who, `when`."""

    code = "subsidy_line_changed"
    number = "E-7319"
    text = N_("%(name)sさんが %(when)sに先に保存しました。あなたの入力はこの画面に残っています。いまの行を見て、もう一度保存してください。")
    field = "revision"


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


class QuoteUnknown(NotFound):
    """No such quote of this line."""

    code = "subsidy_quote_unknown"
    number = "E-7380"
    text = N_("この見積りは見つかりません。何も変わっていません。開き直して、もう一度選んでください。")


class OrderTooEarly(Refused):
    """S-24: an order, a delivery or a payment before the grant decision. `decided`: its day, or a dash where there is none yet."""

    code = "subsidy_order_too_early"
    number = "E-7320"
    text = N_(
        "交付決定（%(decided)s）より前の発注・納品・支払は対象外です（規則 S-24）。保存していません。決定の翌日から発注してください。"
    )
    field = "ordered"


class LineDayWrong(Invalid):
    """A day that lies ahead. `latest`."""

    code = "subsidy_line_day_wrong"
    number = "E-7321"
    text = N_("日付は %(latest)sまでの、もう済んだ日にしてください。保存していません。")
    field = "ordered"


class CostListWrong(Invalid):
    """A list with wrong lines; each is told with its line. Nothing of it is kept."""

    code = "subsidy_cost_list_wrong"
    number = "E-7322"
    text = N_("読めない行があるので、1行も取り込んでいません。下の行を直して、もう一度送ってください。")
    field = "file"


class TableUnopened(Invalid):
    """A file that is no table at all, or more than is unpacked: nothing of it was looked at."""

    code = "subsidy_table_unopened"
    number = "E-8220"
    text = N_(
        "表として開けないか、大きすぎます。Excel（.xlsx）か CSV で、1,000行、2MBまでです。"
        "パスワードの付いたものは開けません。1行も取り込んでいません。"
    )
    field = "file"


class CostListUnreadable(Invalid):
    """`reason`: what is wrong with the file; `line`."""

    code = "subsidy_cost_list_unreadable"
    number = "E-7323"
    text = N_("経費の表として読めません（%(line)s行目）。見出しに「構成員」「品目」「金額」が要ります。1行も取り込んでいません。")
    field = "file"


class FiguresNoHours(Invalid):
    """S-84: nobody worked, so nothing can be divided by their hours."""

    code = "subsidy_figures_no_hours"
    number = "E-7350"
    text = N_(
        "従業員数か労働時間が0だと、生産性を計算できません（E_EFF_NO_HOURS、規則 S-84）。保存していません。"
        "一人でしているお店は、自分を1人と数えます。病気や災害で1年休んだときは、その理由も書いてください。"
    )
    field = "hours_per_employee"


class FiguresNotClosed(Invalid):
    """A reason for no hours beside hours: one of the two is a slip."""

    code = "subsidy_figures_not_closed"
    number = "E-7765"
    text = N_(
        "労働時間があるのに、休業の理由が書いてあります。保存していません。休業した年なら労働時間を0に、そうでなければ理由を消してください。"
    )
    field = "closed_because"


class FiguresChanged(Refused):
    """Somebody else saved these figures after the form was opened. `name`: who, `when`."""

    code = "subsidy_figures_changed"
    number = "E-7351"
    text = N_(
        "%(name)sさんが %(when)sに先に保存しました。あなたの入力はこの画面に残っています。いまの数字を見て、もう一度保存してください。"
    )
    field = "revision"


class FiguresFixed(Refused):
    """What was filed is not changed behind the office's back."""

    code = "subsidy_figures_fixed"
    number = "E-7352"
    text = N_("この年の数字は、もう提出に使いました（規則 S-84）。変えていません。直すときは、先に事務局に相談してください。")
    field = "sales"


class FiguresTooSoon(Refused):
    """The year is not over yet. `until`: its last day."""

    code = "subsidy_figures_too_soon"
    number = "E-7353"
    text = N_("この年の数字は、%(until)sが過ぎてから入れてください（規則 S-80）。保存していません。")
    field = "sales"


class LocalAboveSales(Invalid):
    """A part that is more than the whole. `local`, `sales`: yen."""

    code = "subsidy_local_above_sales"
    number = "E-7354"
    text = N_(
        "地域通貨の売上（%(local)s円）が、売上の全体（%(sales)s円）より多くなっています。保存していません。全体の額を確かめてください。"
    )
    field = "local_sales"


class PackIncomplete(Refused):
    """`missing`: how many pieces."""

    code = "subsidy_pack_incomplete"
    number = "E-7355"
    text = N_("足りないものが %(missing)s件あるので、まとめていません。画面の「足りないもの」を先にそろえてください。")


class PackageFailed(Refused):
    """The worker could not make it, three times; its log says why."""

    code = "subsidy_package_failed"
    number = "E-8232"
    text = N_("まとめを作れませんでした。書類は変わっていません。もう一度押してもだめなときは、この番号を運営団体に伝えてください。")


class FilingMoved(Refused):
    """Somebody changed the group between the printing of the papers and the noting of the filing: both are of one moment."""

    code = "subsidy_filing_moved"
    number = "E-8390"
    text = N_("出した紙の控えを残しているあいだに、ほかの人が内容を変えました。いまの内容を確かめて、もう一度書いてください。")


class FiguresNotAsked(Refused):
    """Of whoever is no member, or has left."""

    code = "subsidy_figures_not_asked"
    number = "E-7356"
    text = N_("この事業者は、効果報告の数字を出しません。保存していません。")
    field = "sales"


class FiguresUndecided(Refused):
    """Of a year after the project, before anything was decided: there is no such report yet."""

    code = "subsidy_figures_undecided"
    number = "E-8221"
    text = N_("交付決定の前は、基準の1年の数字だけを入れられます。保存していません。")
    field = "sales"


class RegistrationUnasked(Refused):
    """S-08: it is asked before quotes are."""

    code = "subsidy_registration_unasked"
    number = "E-7610"
    text = N_("先に、登録された事業者とツールかどうかを、この行で答えてください（規則 S-08）。見積りは保存していません。")
    field = "seller"


class ToolListUnreadable(Invalid):
    """`reason`: what is wrong with the file; `line`."""

    code = "subsidy_tool_list_unreadable"
    number = "E-7611"
    text = N_(
        "名簿として読めません（%(line)s行目）。見出しに「ツール」「ツールの番号」「品目」「IT提供事業者」が要ります。1行も取り込んでいません。"
    )
    field = "file"


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
