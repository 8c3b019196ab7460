"""銀行照合: files of the bank that cannot be read, and matches that do not hold."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class BankFileMissing(Invalid):
    """Nothing was sent, or a file without a line."""

    code = "bank_file_missing"
    number = "E-6510"
    text = N_("ファイルが空です。銀行からダウンロードした明細の CSV ファイルを選んでください。何も取り込んでいません。")
    field = "file"


class BankFileTooLarge(Invalid):
    """More bytes or more lines than are read at once."""

    code = "bank_file_too_large"
    number = "E-6511"
    text = N_("ファイルが大きすぎます（1MB、%(lines)s行まで）。期間を分けてダウンロードしてください。何も取り込んでいません。")
    field = "file"


class BankFileUnreadable(Invalid):
    """Neither UTF-8 nor Shift_JIS, or broken on the way. `line`: where it breaks, from 1."""

    code = "bank_file_unreadable"
    number = "E-6512"
    text = N_(
        "%(line)s行目の文字を読めません。UTF-8 か Shift_JIS の CSV ファイルを、開いて保存し直さずに選んでください。何も取り込んでいません。"
    )
    field = "file"


class BankFileNoTable(Invalid):
    """Not a table of columns. `line`: the first line that is none."""

    code = "bank_file_no_table"
    number = "E-6513"
    text = N_("%(line)s行目が、コンマで区切られた表になっていません。CSV ファイルかを確かめてください。何も取り込んでいません。")
    field = "file"


class BankColumnMissing(Invalid):
    """A line is shorter than the columns that were chosen. `line` and `column` from 1."""

    code = "bank_column_missing"
    number = "E-6514"
    text = N_("%(line)s行目に %(column)s列目（%(name)s）がありません。列の選び方と、ファイルを確かめてください。何も取り込んでいません。")


class BankDateUnreadable(Invalid):
    """What stands in the column of dates is none, or lies in the future."""

    code = "bank_date_unreadable"
    number = "E-6515"
    text = N_(
        "%(line)s行目・%(column)s列目（%(name)s）の「%(cell)s」を日付として読めません。"
        "列の選び方と、ファイルを確かめてください。何も取り込んでいません。"
    )


class BankAmountUnreadable(Invalid):
    """What stands in a column of amounts is none in whole yen."""

    code = "bank_amount_unreadable"
    number = "E-6516"
    text = N_(
        "%(line)s行目・%(column)s列目（%(name)s）の「%(cell)s」を金額として読めません。"
        "列の選び方と、ファイルを確かめてください。何も取り込んでいません。"
    )


class BankAmountMissing(Invalid):
    """Neither what came in nor what went out, or both."""

    code = "bank_amount_missing"
    number = "E-6517"
    text = N_(
        "%(line)s行目の金額が分かりません（%(column)s列目 %(name)s）。入金か出金のどちらか一方だけが要ります。何も取り込んでいません。"
    )


class BankAccountUnknown(NotFound):
    """No such account of a bank."""

    code = "bank_account_unknown"
    number = "E-6518"
    text = N_("この銀行口座は見つかりません。")


class BankDraftUnknown(NotFound):
    """The file was read in meanwhile, or another one was sent."""

    code = "bank_draft_unknown"
    number = "E-6519"
    text = N_("このファイルはもうありません。取り込みが済んだか、別のファイルが選ばれました。もう一度ファイルを選んでください。")


class MatchUneven(Refused):
    """What the bank moved is not what the book says. Yen, + came in."""

    code = "match_uneven"
    number = "E-6520"
    text = N_("銀行の明細の合計 %(bank)s円と、帳簿の合計 %(book)s円が違います。組み合わせは確定していません。選び直してください。")


class MatchTaken(Refused):
    """Somebody has matched one of them already."""

    code = "match_taken"
    number = "E-6521"
    text = N_("選んだものの中に、すでに組み合わせたものがあります。組み合わせは確定していません。一覧を開き直してください。")


class MatchItemUnknown(NotFound):
    """A line of the bank or an entry of the book's bank account that is not there."""

    code = "match_item_unknown"
    number = "E-6522"
    text = N_("選んだ明細か記帳が見つかりません。組み合わせは確定していません。一覧を開き直してください。")


class MatchUnknown(NotFound):
    """No such match, or it was undone."""

    code = "match_unknown"
    number = "E-6523"
    text = N_("この組み合わせは見つかりません。すでに外されているかもしれません。")


class MatchEmpty(Invalid):
    """Nothing was chosen, or only one thing."""

    code = "match_empty"
    number = "E-6524"
    text = N_("組み合わせるものを2つ以上選んでください。何も変わっていません。")


class BankLineProposed(Refused):
    """One of the lines waits in another proposal to be booked, or was booked and is in no match any more."""

    code = "bank_line_proposed"
    number = "E-6525"
    text = N_(
        "選んだ明細のなかに、すでに記帳を申請したものがあります。何も申請していません。「承認」でその申請を確かめるか、記帳済みの仕訳と組み合わせてください。"
    )


class BankRoleWrong(Invalid):
    """The account is none that a line of the bank may be booked on."""

    code = "bank_role_wrong"
    number = "E-6526"
    text = N_("記帳する勘定科目を選んでください。何も申請していません。")
