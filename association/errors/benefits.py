"""給付: the list that a town hands in, and what can be done with it."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


class BenefitFileMissing(Invalid):
    """No file, or one without a line."""

    field: ClassVar[str] = "file"
    code = "benefit_file_missing"
    number = "E-6601"
    text = N_("名簿のファイルが選ばれていないか、空です。ファイルを選んで、もう一度押してください。")


class BenefitFileTooLarge(Invalid):
    """`lines`: how many a list may have."""

    field: ClassVar[str] = "file"
    code = "benefit_file_too_large"
    number = "E-6602"
    text = N_("名簿が大きすぎます。1つの名簿は%(lines)s行、12MBまでです。分けて取り込んでください。")


class BenefitFileUnreadable(Invalid):
    """Neither UTF-8 nor Shift_JIS, or no CSV. `line`: where it breaks."""

    field: ClassVar[str] = "file"
    code = "benefit_file_unreadable"
    number = "E-6603"
    text = N_("%(line)s行目が読めません。UTF-8 か Shift_JIS の CSV で保存し直してください。何も取り込んでいません。")


class BenefitColumnsMissing(Invalid):
    """No column of numbers and amounts was found."""

    field: ClassVar[str] = "file"
    code = "benefit_columns_missing"
    number = "E-6604"
    text = N_("番号と金額の列が見つかりません。1行目に「番号」「金額」と書くか、1列目を番号、2列目を金額にしてください。")


class BenefitUnknown(NotFound):
    """No such benefit, or it was thrown away before anybody was asked."""

    code = "benefit_unknown"
    number = "E-6605"
    text = N_("この給付は見つかりません。一覧から選び直してください。")


class BenefitEmpty(Refused):
    """Nobody on the list can get anything."""

    code = "benefit_empty"
    number = "E-6606"
    text = N_("給付できる行がありません。エラーの行を直して、もう一度取り込んでください。何も記帳していません。")


class BenefitRepeated(Refused):
    """The same people and amounts under the same name. `benefit`: the number of the earlier one."""

    code = "benefit_repeated"
    number = "E-6607"
    text = N_(
        "同じ名前・同じ内容の給付が、もう申請されています（No.%(benefit)s）。二重の給付を防ぐため、申請していません。別の回の給付なら、名前を変えて取り込み直してください。"
    )


class BenefitStateWrong(Refused):
    """It was stopped, ended or decided meanwhile."""

    code = "benefit_state_wrong"
    number = "E-6608"
    text = N_("この給付の状態が、いま変わりました。ページを読み直して、今の状態を確かめてください。記帳済みの分はそのままです。")


class BenefitNotReturnable(Refused):
    """It was not given to this person, or is being taken back already."""

    code = "benefit_not_returnable"
    number = "E-6609"
    text = N_("この行は取り消せません。記帳されていないか、もう取消が申請されています。残高は変わっていません。")


class BenefitFailed(Refused):
    """A piece of it could not be done, for a reason that no page foresees (`__cause__`). `district`, `benefit`: their numbers."""

    code = "benefit_failed"
    number = "E-7840"
    text = N_(
        "この給付の処理の途中で、思いがけないことが起きました。止まるまでの分はそのままです。もう一度試しても止まるときは、システムの担当に、この番号と給付の番号を伝えてください。"
    )
