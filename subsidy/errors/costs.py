"""Refusals about cost lines, quotes, lists of costs and tools."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


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
